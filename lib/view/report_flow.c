/* SPDX-License-Identifier: MIT
 *
 * report_flow.c - all layers over all steps, as a part of a report
 */
#include "view/report_private.h"

#include "draw/text.h"
#include "view/flow_maps.h"
#include "view/html_plot.h"

#include <math.h>
#include <stdlib.h>

enum { COLUMNS = 800, FEWER = 240, MANY = 100, EDGE = 1, MIDDLE = 4, STOPS = 16 };

/* ---- the scale ------------------------------------------------------------------------------- */

static double value_at(const struct aq_heat_scale *s, double t)
{
	return s->log ? s->low * pow(s->high / s->low, t) : s->low + t * (s->high - s->low);
}

static double place(const struct aq_heat_scale *s, double value)
{
	return s->log ? log(value / s->low) / log(s->high / s->low)
		      : (value - s->low) / (s->high - s->low);
}

static void put_scale(struct aq_str *to, const struct aq_heat_scale *s)
{
	const struct aq_ticks ticks =
		s->log ? aq_ticks_log(s->low, s->high, 5) : aq_ticks_linear(s->low, s->high, 5);
	char text[AQ_NUMBER_ROOM];
	aq_str_add(to, "<div class=\"ruler\"><i style=\"background:linear-gradient(to right");
	for (int i = 0; i <= STOPS; i++) {
		aq_str_add(to, ",");
		aq_html_colour(to, aq_heat_colour(s, (float)value_at(s, (double)i / STOPS)));
	}
	aq_str_add(to, ")\"></i>");
	if (s->mark_name)
		aq_str_add(to, "<b style=\"left:%.2f%%;width:%.2f%%\">%s</b>", 100 * place(s, s->mark[0]),
			   100 * (place(s, s->mark[1]) - place(s, s->mark[0])), s->mark_name);
	for (int i = 0; i < ticks.count; i++)
		aq_str_add(to, "<span style=\"left:%.2f%%\">%s</span>", 100 * place(s, ticks.at[i]),
			   aq_number(text, ticks.at[i], 2));
	aq_str_add(to, "</div>\n");
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void paint(struct aq_picture *picture, int x, int y, struct aq_rgb colour)
{
	uint8_t *at = picture->at + 3 * ((size_t)y * (size_t)picture->width + (size_t)x);
	at[0] = colour.r;
	at[1] = colour.g;
	at[2] = colour.b;
}

/* The greatest above, the mean, the least below; stretched to a row's height by the page. */
static int put_strip(struct aq_str *to, const struct aq_flow_maps *maps, int m, int r,
		     const struct aq_heat_scale *scale, float *line)
{
	const int columns = maps->bins.pixels;
	float *const mean = line, *const low = line + columns, *const high = low + columns;
	struct aq_picture picture;
	int rc = aq_picture_new(&picture, columns, 2 * EDGE + MIDDLE, 3);
	if (rc < 0)
		return rc;
	aq_flow_spread(maps, m, r, scale->gaps, mean, low, high);
	for (int u = 0; u < columns; u++)
		for (int v = 0; v < picture.height; v++) {
			const float one = low[u] == high[u] ? mean[u]
					  : v < EDGE	    ? high[u]
					  : v < EDGE + MIDDLE ? mean[u]
							      : low[u];
			paint(&picture, u, v, aq_heat_colour(scale, one));
		}
	aq_str_add(to, "<img alt=\"");
	aq_html_text(to, maps->names[r]);
	aq_str_add(to, ", %s\" src=\"", aq_flow_map[m].title);
	rc = aq_html_picture(to, &picture);
	aq_str_add(to, "\"/>");
	aq_picture_free(&picture);
	return rc;
}

static int put_row(struct aq_str *to, const struct aq_flow_maps *maps, int m, int r,
		   const struct aq_heat_scale *scale, float *line)
{
	char text[AQ_NUMBER_ROOM];
	int rc;
	aq_str_add(to, "<div><span class=\"name\">");
	aq_html_text(to, maps->names[r]);
	aq_str_add(to, "</span>");
	AQ_TRY(put_strip(to, maps, m, r, scale, line));
	const float last = line[maps->bins.pixels - 1];
	aq_str_add(to, "<span class=\"note\">%s</span></div>\n",
		   isnan(last) ? "none" : aq_number(text, (double)last, 2));
done:
	return rc;
}

static int put_map(struct aq_str *to, const struct aq_flow_maps *maps, int m, float *line)
{
	const struct aq_heat_scale scale = aq_flow_scale(maps, m);
	const double steps = (double)maps->bins.steps;
	const int height = maps->rows <= 12 ? 24 : maps->rows <= 30 ? 16 : 12;
	int rc = AQ_OK;
	aq_str_add(to, "<figure class=\"flow\">\n<figcaption><p><b>%s</b> %s</p>\n", aq_flow_map[m].title,
		   aq_flow_map[m].words);
	put_scale(to, &scale);
	aq_str_add(to,
		   "</figcaption>\n<div class=\"heat\" style=\"--row:%dpx\" data-from=\"0\" data-to=\"%.0f\">\n",
		   height, steps);
	for (int r = 0; r < maps->rows; r++)
		AQ_TRY(put_row(to, maps, m, r, &scale, line));
	aq_html_steps(to, 0, steps);
	aq_str_add(to, "</div>\n</figure>\n");
done:
	return rc;
}

static void put_table(struct aq_report *r, const struct aq_flow_maps *maps)
{
	const struct aq_binned *b = &maps->binned;
	for (int m = 0; m < AQ_FLOW_MAPS; m++)
		for (int row = 0; row < maps->rows; row++)
			for (int k = 0; k < maps->bins.count; k++) {
				const size_t i = aq_flow_at(maps, m, row, k);
				aq_report_line(r, aq_stat_names[aq_flow_map[m].stat], maps->names[row],
					       maps->bins.start[k], maps->bins.start[k + 1] - 1,
					       (double)b->mean[i], (double)b->low[i], (double)b->high[i]);
			}
}

int aq_report_flow(struct aq_report *r, struct aq_str *to)
{
	struct aq_flow_maps maps = { 0 };
	float *line = NULL;
	int rows, rc;
	AQ_TRY(aq_flow_rows(r->run, "weight", &rows));
	if (rows == 0) {
		aq_str_add(to, "<p class=\"aside\">The run kept no statistics: train with --record stats.</p>\n");
		return AQ_OK;
	}
	AQ_TRY(aq_flow_read(&maps, r->run, "weight", rows > MANY ? FEWER : COLUMNS, false));
	line = malloc(3 * (size_t)maps.bins.pixels * sizeof *line);
	if (!line)
		rc = aq_fail(AQ_ENOMEM, "out of memory");
	for (int m = 0; m < AQ_FLOW_MAPS && rc == AQ_OK; m++)
		rc = put_map(to, &maps, m, line);
	put_table(r, &maps);
done:
	free(line);
	aq_flow_free(&maps);
	return rc;
}
