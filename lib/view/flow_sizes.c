/* SPDX-License-Identifier: MIT
 *
 * flow_sizes.c - how large the numbers of each layer are, step after step
 */
#include "view/flow_sizes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BAR = 300,
	WIDE = 4, /* pixels of a histogram; twice as many where only a part of the steps is read */
	DECADES = 6,
	GAP = 3, /* between strips */
	TICK = 4,
};

/* Numbers read of one page's history: a third of a second, and histograms that look like those of all. */
#define BUDGET ((uint64_t)1 << 24)

/* Pixels of a strip, and of a class within it. */
static void strip_of(int rows, int *height, int *class_height)
{
	*height = rows <= 4 ? 72 : rows <= 10 ? 48 : rows <= 24 ? 30 : 14;
	*class_height = *height >= 72 ? 3 : *height >= 30 ? 2 : 1;
}

static const struct aq_column *column_of(const struct aq_flow_maps *maps, int r, enum aq_what what)
{
	/* the row's statistics know its parameter */
	return aq_run_column(maps->run, what, maps->columns[r]->param_index, 0);
}

bool aq_flow_sizes_there(const struct aq_flow_maps *maps, enum aq_what what)
{
	for (int r = 0; r < maps->rows; r++)
		if (what == AQ_GRAD || column_of(maps, r, what))
			return true;
	return false;
}

/* ---- reading --------------------------------------------------------------------------------- */

enum { OF_MIN, OF_MAX, OF_L1, OF_L2, STATS };

/* Mean size, root of the mean square and greatest of each row and bin, out of the statistics. */
static int read_stats(struct aq_flow_sizes *s)
{
	static const enum aq_stat stats[STATS] = { AQ_STAT_MIN, AQ_STAT_MAX, AQ_STAT_L1,
						   AQ_STAT_L2 };
	const struct aq_flow_maps *maps = s->maps;
	const size_t rows = (size_t)maps->rows, bins = (size_t)maps->bins.count;
	const struct aq_column **columns = calloc(STATS * rows, sizeof *columns);
	int rc = columns ? AQ_OK : aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(rc);
	for (size_t i = 0; i < STATS * rows; i++)
		columns[i] = aq_run_column(maps->run, AQ_STATS,
					   maps->columns[i % rows]->param_index,
					   (int)stats[i / rows]);
	AQ_TRY(aq_bins_read(&maps->bins, maps->run, columns, (int)(STATS * rows), &s->binned));
	s->numbers = malloc(3 * rows * bins * sizeof *s->numbers);
	if (!s->numbers)
		AQ_TRY(aq_fail(AQ_ENOMEM, "out of memory"));
	for (size_t r = 0; r < rows; r++) {
		const double count = (double)maps->columns[r]->param->count;
		float *mean = s->numbers + 3 * r * bins, *root = mean + bins, *most = root + bins;
		for (size_t b = 0; b < bins; b++) {
			const struct aq_binned *n = &s->binned;
			mean[b] = (float)((double)n->mean[(OF_L1 * rows + r) * bins + b] / count);
			root[b] = (float)((double)n->mean[(OF_L2 * rows + r) * bins + b] /
					  sqrt(count));
			most[b] = fmaxf(-n->low[(OF_MIN * rows + r) * bins + b],
					n->high[(OF_MAX * rows + r) * bins + b]);
			s->high = most[b] > s->high ? (double)most[b] : s->high;
		}
		s->mean[r] = mean;
		s->root[r] = root;
		s->most[r] = most;
	}
done:
	free(columns);
	return rc;
}

/* The greatest of the first and the last row of every column. */
static int find_high(struct aq_flow_sizes *s)
{
	int rc = AQ_OK;
	for (int r = 0; r < s->maps->rows; r++) {
		const struct aq_column *column = column_of(s->maps, r, s->what);
		const uint64_t rows = column ? aq_run_rows(s->maps->run, column) : 0;
		const size_t count = column ? column->param->count : 0;
		float *row = rows ? malloc(count * sizeof *row) : NULL;
		for (uint64_t i = 0; row && i < 2 && rc == AQ_OK; i++) {
			rc = aq_run_read(s->maps->run, column, i * (rows - 1), 1, row);
			for (size_t k = 0; rc == AQ_OK && k < count; k++)
				if (isfinite(row[k]))
					s->high = fmax(s->high, fabs((double)row[k]));
		}
		free(row);
		AQ_TRY(rc);
	}
done:
	return rc;
}

/* As many histograms as can be read in time. */
static int make_bins(struct aq_flow_sizes *s)
{
	uint64_t numbers = 0;
	for (int r = 0; r < s->maps->rows; r++) {
		const struct aq_column *column = column_of(s->maps, r, s->what);
		if (column)
			numbers += column->param->count * aq_run_rows(s->maps->run, column);
	}
	const int pixels = s->maps->bins.pixels / (numbers <= BUDGET ? WIDE : 2 * WIDE);
	return aq_bins_new(&s->bins, s->maps->bins.steps, pixels > 0 ? pixels : 1,
			   s->maps->bins.log);
}

int aq_flow_sizes_read(struct aq_flow_sizes *s, const struct aq_flow_maps *maps, enum aq_what what)
{
	const size_t rows = (size_t)maps->rows;
	int height, class_height, rc;
	*s = (struct aq_flow_sizes){ .what = what, .maps = maps };
	s->spread = calloc(rows, sizeof *s->spread);
	s->mean = calloc(rows, sizeof *s->mean);
	s->root = calloc(rows, sizeof *s->root);
	s->most = calloc(rows, sizeof *s->most);
	if (!s->spread || !s->mean || !s->root || !s->most)
		return aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(what == AQ_GRAD ? read_stats(s) : find_high(s));
	s->high = s->high > 1e-30 ? pow(10, ceil(log10(s->high) - 1e-6)) : 1;
	s->low = s->high * pow(10, -DECADES);
	strip_of(maps->rows, &height, &class_height);
	AQ_TRY(make_bins(s));
	for (int r = 0; r < maps->rows; r++) {
		const struct aq_column *column = column_of(maps, r, what);
		s->spread[r].classes = height / class_height;
		s->spread[r].low = s->low;
		s->spread[r].high = s->high;
		if (column)
			AQ_TRY(aq_spread_read(&s->spread[r], &s->bins, maps->run, column,
					      BUDGET / rows));
	}
done:
	return rc;
}

void aq_flow_sizes_free(struct aq_flow_sizes *s)
{
	for (int r = 0; s->spread && r < s->maps->rows; r++)
		aq_spread_free(&s->spread[r]);
	free(s->spread);
	free(s->mean);
	free(s->root);
	free(s->most);
	free(s->numbers);
	aq_binned_free(&s->binned);
	aq_bins_free(&s->bins);
	*s = (struct aq_flow_sizes){ 0 };
}

/* ---- drawing --------------------------------------------------------------------------------- */

/* The scale ends at the greatest share, or a little above. */
static struct aq_heat_scale scale_of(const struct aq_flow_sizes *s)
{
	struct aq_heat_scale scale = { .map = AQ_MAP_SIGNED, .upper = true, .high = 0.2 };
	for (int r = 0; r < s->maps->rows; r++) {
		const struct aq_spread *spread = &s->spread[r];
		const size_t cells = (size_t)s->bins.count * (size_t)spread->classes;
		for (size_t i = 0; spread->share && i < cells; i++)
			while ((double)spread->share[i] > scale.high && scale.high < 1)
				scale.high = scale.high < 0.4 ? 0.5 : 1;
	}
	return scale;
}

/* Rows from the upper edge of a strip; sizes beyond its ends are at them. */
static int level(const struct aq_flow_sizes *s, int height, double size)
{
	const double t = log(fmax(size, s->low) / s->low) / log(s->high / s->low);
	return (int)fmin(fmax((1 - t) * height, 0), height - 1);
}

static void put_histogram(const struct aq_flow_sizes *s, struct aq_canvas *canvas, struct aq_box box,
			  int r, const struct aq_heat_scale *scale)
{
	const struct aq_spread *spread = &s->spread[r];
	const int high = box.h / spread->classes;
	for (int u = 0; u < box.w; u++) {
		const int b = s->bins.of_pixel[u * s->bins.pixels / box.w];
		const float *share = spread->share + (size_t)b * (size_t)spread->classes;
		for (int k = 0; k < spread->classes; k++)
			if (share[k] > 0)
				aq_canvas_down(canvas, box.x + u, box.y + box.h - (k + 1) * high,
					       high, aq_heat_colour(scale, share[k]));
	}
}

/* The mean size to the greatest, and the root of the mean square between them. */
static void put_stats(const struct aq_flow_sizes *s, struct aq_canvas *canvas, struct aq_box box,
		      int r)
{
	for (int u = 0; u < box.w; u++) {
		const int b = s->maps->bins.of_pixel[u];
		if (!(s->most[r][b] > 0))
			continue;
		const int top = level(s, box.h, (double)s->most[r][b]),
			  bottom = level(s, box.h, (double)s->mean[r][b]);
		aq_canvas_down(canvas, box.x + u, box.y + top, bottom - top + 1,
			       aq_mix(AQ_PAPER, AQ_ACCENT, 0.25));
		aq_canvas_dot(canvas, box.x + u,
			      box.y + level(s, box.h, (double)s->root[r][b]), AQ_ACCENT);
	}
}

static void put_strip(const struct aq_flow_sizes *s, struct aq_canvas *canvas, struct aq_box box,
		      int r, const struct aq_heat_scale *scale)
{
	aq_canvas_pixels(canvas, box);
	aq_canvas_fill(canvas, box, AQ_PAPER);
	for (int d = 1; d < DECADES && box.h >= 30; d++)
		aq_canvas_across(canvas, box.x, box.y + box.h * d / DECADES, box.w, AQ_RULE);
	if (s->spread[r].share)
		put_histogram(s, canvas, box, r, scale);
	else if (s->most[r])
		put_stats(s, canvas, box, r);
	for (int u = 0; s->spread[r].share && s->most[r] && u < box.w; u++) {
		const float most = s->most[r][s->maps->bins.of_pixel[u]];
		if (most > 0)
			aq_canvas_dot(canvas, box.x + u, box.y + level(s, box.h, (double)most),
				      AQ_INK);
	}
	aq_canvas_pixels_end(canvas);
}

static void put_labels(const struct aq_flow_sizes *s, struct aq_canvas *canvas, struct aq_box box,
		       int left, int right, int r)
{
	const int line = aq_text_line(AQ_FACE_SMALL);
	char text[AQ_NUMBER_ROOM];
	aq_text_in(canvas,
		   (struct aq_box){ box.x - left, box.y + (box.h - line) / 2, left - 8, line },
		   AQ_FACE_SMALL, AQ_RIGHT, AQ_INK, s->maps->names[r]);
	if (box.h < 2 * line)
		return;
	aq_text_in(canvas, (struct aq_box){ box.x + box.w + 8, box.y, right - 8, line },
		   AQ_FACE_SMALL, AQ_LEFT, AQ_SOFT, aq_number(text, s->high, 1));
	aq_text_in(canvas,
		   (struct aq_box){ box.x + box.w + 8, box.y + box.h - line, right - 8, line },
		   AQ_FACE_SMALL, AQ_LEFT, AQ_SOFT, aq_number(text, s->low, 1));
}

/* What is drawn, of how many of the steps. */
static void say_words(const struct aq_flow_sizes *s, char text[640])
{
	char low[AQ_NUMBER_ROOM], high[AQ_NUMBER_ROOM];
	uint64_t read = 0, rows = 0;
	bool any = false, all = true;
	for (int r = 0; r < s->maps->rows; r++) {
		read += s->spread[r].read;
		rows += s->spread[r].rows;
		any |= s->spread[r].share != NULL;
		all &= s->spread[r].share != NULL;
	}
	snprintf(text, 640, "A strip reaches from %s below to %s above, by powers of ten.%s%s%s",
		 aq_number(low, s->low, 1), aq_number(high, s->high, 1),
		 any ? " Red: the share of the numbers, zeros left out, that are so large." : "",
		 any && s->most[0] ? " Dark: the greatest." : "",
		 all || s->what != AQ_GRAD ? ""
		 : any ? " Blue, where only statistics were recorded: from the mean to the greatest, "
			 "dark at the root of the mean square."
		       : " From the mean to the greatest, dark at the root of the mean square.");
	if (read < rows)
		snprintf(text + strlen(text), 640 - strlen(text),
			 " The shares are those of %.2g %% of the steps.",
			 100 * (double)read / (double)rows);
}

static void put_axis(const struct aq_flow_sizes *s, struct aq_canvas *canvas, int x, int y)
{
	/* a heat map without rows is its axis */
	const bool log = s->maps->bins.log;
	const struct aq_heat heat = { .columns = s->maps->bins.pixels,
				      .x_min = log ? 1 : 0,
				      .x_max = (double)s->maps->bins.steps + (log ? 1 : 0),
				      .log_x = log,
				      .x_name = log ? "step, counted from 1" : "step",
				      .scale = { .high = 1 } };
	aq_heat_draw(canvas, x, y, 0, 0, &heat);
}

void aq_flow_sizes_draw(const struct aq_flow_sizes *s, struct aq_page *page, int left, int right)
{
	const struct aq_heat_scale scale = scale_of(s);
	const int wide = s->maps->bins.pixels, line = aq_text_line(AQ_FACE_BOLD);
	const int width = wide - BAR - 2 * AQ_PAGE_GAP;
	char words[640];
	int height, class_height;
	say_words(s, words);
	strip_of(s->maps->rows, &height, &class_height);
	const int flow = aq_text_flow(NULL, 0, 0, width, AQ_FACE_TEXT, AQ_SOFT, words);
	const int head = line + flow > AQ_HEAT_BAR_HEIGHT ? line + flow : AQ_HEAT_BAR_HEIGHT;
	aq_page_space(page, AQ_PAGE_SECTION);
	const struct aq_box top = aq_page_take(page, head);
	aq_page_space(page, 8);
	const struct aq_box box =
		aq_page_take(page, s->maps->rows * (height + GAP) + TICK +
					   2 * aq_text_line(AQ_FACE_SMALL));
	if (box.h == 0)
		return;
	const int x = box.x + left;
	aq_text_draw(page->canvas, x, top.y, AQ_FACE_BOLD, AQ_LEFT, AQ_INK,
		     s->what == AQ_GRAD ? "sizes of the gradient's numbers" : "sizes of the weights");
	aq_text_flow(page->canvas, x, top.y + line, width, AQ_FACE_TEXT, AQ_SOFT, words);
	if (s->spread[0].share)
		aq_heat_bar(page->canvas, x + wide - BAR, top.y + head - AQ_HEAT_BAR_HEIGHT, BAR,
			    &scale);
	for (int r = 0; r < s->maps->rows; r++) {
		const struct aq_box strip = { x, box.y + r * (height + GAP), wide, height };
		aq_canvas_frame(page->canvas, aq_box_inset(strip, -1), AQ_RULE);
		put_strip(s, page->canvas, strip, r, &scale);
		put_labels(s, page->canvas, strip, left, right, r);
	}
	put_axis(s, page->canvas, x, box.y + s->maps->rows * (height + GAP));
}

/* ---- as a table ------------------------------------------------------------------------------ */

static void put_line(const struct aq_flow_sizes *s, const struct aq_bins *bins, const char *what,
		     int r, int b, float value, struct aq_str *to)
{
	aq_str_add(to, "%s_%s,%s,%llu,%llu,%.9g,,,\n", aq_what_names[s->what], what,
		   s->maps->names[r], (unsigned long long)bins->start[b],
		   (unsigned long long)bins->start[b + 1] - 1, (double)value);
}

static void put_shares(const struct aq_flow_sizes *s, int r, struct aq_str *to)
{
	const struct aq_spread *spread = &s->spread[r];
	for (int b = 0; spread->share && b < s->bins.count; b++)
		for (int k = 0; k < spread->classes; k++) {
			const float share = spread->share[b * spread->classes + k];
			char what[64];
			snprintf(what, sizeof what, "from_%.4g", aq_spread_edge(spread, k));
			if (share > 0)
				put_line(s, &s->bins, what, r, b, share, to);
		}
}

void aq_flow_sizes_csv(const struct aq_flow_sizes *s, struct aq_str *to)
{
	const struct aq_bins *bins = &s->maps->bins;
	for (int r = 0; r < s->maps->rows; r++) {
		put_shares(s, r, to);
		for (int b = 0; s->most[r] && b < bins->count; b++) {
			put_line(s, bins, "mean_size", r, b, s->mean[r][b], to);
			put_line(s, bins, "root_mean_square", r, b, s->root[r][b], to);
			put_line(s, bins, "greatest", r, b, s->most[r][b], to);
		}
	}
}
