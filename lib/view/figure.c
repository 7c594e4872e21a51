/* SPDX-License-Identifier: MIT
 *
 * figure.c - one tensor as a labelled grid of tiles with its colour bar
 */
#include "view/figure.h"

#include "draw/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	GAP = 3,
	LABEL = 18,
	BAR_WIDTH = 210,
	BAR_GAP = 6,
	MAP_SIZE = 66,
	FILTER_SIZE = 20,
	MOST_ZOOM = 12
};

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* Pixels a value: maps are drawn about MAP_SIZE high, filters about FILTER_SIZE, strips wider. */
static int choose_zoom(const struct aq_figure *f, int width)
{
	const struct aq_tensor *t = f->tensor;
	if (f->zoom)
		return f->zoom;
	const int fit = t->width ? (width - 2) / t->width : 1;
	if (t->is_matrix)
		return fit < 1 ? 1 : least(fit, MOST_ZOOM);
	const int aim = t->groups == 1 ? MAP_SIZE : t->is_colour ? 2 * FILTER_SIZE : FILTER_SIZE;
	const int zoom = (aim + t->height / 2) / t->height;
	return zoom < 1 ? 1 : least(least(zoom, MOST_ZOOM), fit < 1 ? 1 : fit);
}

/* Copy the groups and maps that are shown. */
static int pick(struct aq_figure *f)
{
	const struct aq_tensor *t = f->tensor;
	const size_t size = (size_t)t->height * (size_t)t->width;
	const size_t row = (size_t)f->shown_maps * size;
	f->picked = malloc((size_t)f->shown_groups * row * sizeof *f->picked);
	if (!f->picked)
		return aq_fail(AQ_ENOMEM, "out of memory");
	for (int g = 0; g < f->shown_groups; g++)
		memcpy(f->picked + (size_t)g * row, t->at + (size_t)g * (size_t)t->maps * size,
		       row * sizeof *f->picked);
	return AQ_OK;
}

/* Columns for `count` tiles that flow into rows of at most `most`: the rows as even as can be. */
static int even_columns(int count, int most)
{
	const int rows = (count + most - 1) / most;
	return rows < 1 ? 1 : (count + rows - 1) / rows;
}

/* How many tiles go beside and below each other. */
static void choose_shown(struct aq_figure *f, int width, int pitch)
{
	const struct aq_tensor *t = f->tensor;
	const int fit = pitch > 0 && width > pitch ? (width + GAP) / pitch : 1;
	const int columns = f->most_columns ? least(fit, f->most_columns) : fit;
	f->shown_groups = t->groups;
	f->shown_maps = t->maps;
	if (t->is_colour) {
		const int most = f->most_rows ? columns * f->most_rows : t->groups;
		f->shown_groups = least(t->groups, most);
		f->tiles.columns = even_columns(f->shown_groups, columns);
	} else if (t->groups == 1) { /* maps flow into rows */
		const int most = f->most_rows ? columns * f->most_rows : t->maps;
		f->shown_maps = least(t->maps, most);
		f->tiles.columns = even_columns(f->shown_maps, columns);
	} else if (t->maps == 1) { /* so do filters of one picture each */
		const int most = f->most_rows ? columns * f->most_rows : t->groups;
		f->shown_groups = least(t->groups, most);
		f->tiles.columns = even_columns(f->shown_groups, columns);
	} else { /* a row for each output */
		f->shown_groups = f->most_rows ? least(t->groups, f->most_rows) : t->groups;
		f->shown_maps = least(t->maps, columns);
		f->tiles.columns = f->shown_maps;
	}
}

int aq_figure_plan(struct aq_figure *f, int width)
{
	const struct aq_tensor *t = f->tensor;
	const int zoom = choose_zoom(f, width);
	int rc = AQ_OK;
	f->own = aq_range_of(t->at, aq_tensor_count(t));
	f->tiles =
		(struct aq_tiles){ .at = t->at,
				   .channels = t->is_colour ? 3 : 1,
				   .height = t->height,
				   .width = t->width,
				   .zoom = zoom,
				   .gap = GAP,
				   .scale = f->scale,
				   .range = f->range.finite || f->range.odd ? f->range : f->own };
	choose_shown(f, width, t->width * zoom + GAP);
	f->tiles.count = f->shown_groups * (t->is_colour ? 1 : f->shown_maps);
	f->tiles.vol = t->is_colour ? 1 : f->shown_maps;
	if (f->shown_maps < t->maps)
		AQ_TRY(pick(f));
	if (f->picked)
		f->tiles.at = f->picked;
	aq_tiles_plan(&f->tiles);
	const struct aq_box size = aq_tiles_size(&f->tiles);
	f->width = width;
	f->height = LABEL + size.h + BAR_GAP + AQ_SHADE_BAR_HEIGHT;
	if (f->shown_groups < t->groups || f->shown_maps < t->maps)
		f->height += LABEL;
done:
	return rc;
}

static void draw_label(const struct aq_figure *f, struct aq_canvas *canvas, int x, int y)
{
	char low[AQ_NUMBER_ROOM], high[AQ_NUMBER_ROOM], text[3 * AQ_NUMBER_ROOM];
	int at = x;
	if (f->label)
		at += aq_text_draw(canvas, at, y, AQ_FACE_BOLD, AQ_LEFT, AQ_INK, f->label) + 8;
	snprintf(text, sizeof text, "min %s   max %s", aq_number(low, (double)f->own.min, 3),
		 aq_number(high, (double)f->own.max, 3));
	if (f->own.finite == 0)
		snprintf(text, sizeof text, "no finite value");
	else if (f->own.odd)
		snprintf(text + strlen(text), sizeof text - strlen(text), "   %llu not finite",
			 (unsigned long long)f->own.odd);
	const int right = aq_text_width(AQ_FACE_SMALL, text);
	const int shift = (aq_text_line(AQ_FACE_TEXT) - aq_text_line(AQ_FACE_SMALL)) / 2;
	aq_text_draw(canvas, x + f->width, y + shift, AQ_FACE_SMALL, AQ_RIGHT, AQ_SOFT, text);
	if (f->note)
		aq_text_in(canvas,
			   (struct aq_box){ at, y + shift, x + f->width - right - 10 - at,
					    aq_text_line(AQ_FACE_SMALL) },
			   AQ_FACE_SMALL, AQ_LEFT, AQ_SOFT, f->note);
}

void aq_figure_draw(const struct aq_figure *f, struct aq_canvas *canvas, int x, int y)
{
	const struct aq_tensor *t = f->tensor;
	const struct aq_box size = aq_tiles_size(&f->tiles);
	draw_label(f, canvas, x, y);
	y += LABEL;
	aq_tiles_draw(canvas, x, y, &f->tiles);
	y += size.h;
	if (f->shown_groups < t->groups || f->shown_maps < t->maps) {
		char text[128];
		const bool flows = t->groups == 1;
		if (flows)
			snprintf(text, sizeof text, "%d of %d channels shown", f->shown_maps,
				 t->maps);
		else
			snprintf(text, sizeof text, "%d of %d outputs, %d of %d inputs shown",
				 f->shown_groups, t->groups, f->shown_maps, t->maps);
		aq_text_draw(canvas, x, y + 4, AQ_FACE_SMALL, AQ_LEFT, AQ_ACCENT, text);
		y += LABEL;
	}
	aq_tiles_bar(canvas, x, y + BAR_GAP, least(BAR_WIDTH, f->width), &f->tiles, NULL);
}

void aq_figure_free(struct aq_figure *f)
{
	free(f->picked);
	f->picked = NULL;
}
