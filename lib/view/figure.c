/* SPDX-License-Identifier: MIT
 *
 * figure.c - one tensor as a labelled grid of tiles with its colour bar
 */
#include "view/figure.h"

#include "draw/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 3, LABEL = 18, BAR_WIDTH = 210, BAR_GAP = 6, BESIDE_GAP = 28, CLUSTER_GAP = 8 };

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* ---- layout ---------------------------------------------------------------------------------- */

/* How the tiles of a figure lie: one after another; or those of a group together, and as many
 * groups in a row as the height asks for. */
struct lay {
	bool flows;
	int count;       /* tiles, where they flow */
	int most, least; /* pixels of a tile's longer side, if there is the room */
};

static bool is_strip(const struct aq_tensor *t)
{
	return t->is_matrix && t->height == 1;
}

static struct lay lay_of(const struct aq_tensor *t)
{
	if (is_strip(t))
		return (struct lay){ true, t->width, 12, 4 };
	if (t->is_colour && t->groups == 1)
		return (struct lay){ true, 1, 128, 24 };
	if (t->is_colour || (t->maps == 1 && t->groups > 1))
		return (struct lay){ true, t->groups, 60, 16 };
	if (t->groups == 1)
		return (struct lay){ true, t->maps, 66, 24 };
	return (struct lay){ false, t->groups * t->maps, 44, 12 };
}

static int columns_at(const struct aq_figure *f, int width)
{
	const int pitch = f->tiles.width * f->tiles.zoom + GAP;
	const int columns = (width + GAP - 2) / pitch;
	return columns < 1 ? 1 : columns;
}

static int rows_at(const struct aq_figure *f)
{
	const int rows = (f->most_height + GAP - 2) / (f->tiles.height * f->tiles.zoom + GAP);
	return f->most_height <= 0 ? 1 << 20 : rows < 1 ? 1 : rows;
}

/* Groups that fit into a row. */
static int groups_at(const struct aq_figure *f, int width)
{
	const int pitch = f->tensor->maps * (f->tiles.width * f->tiles.zoom + GAP) + CLUSTER_GAP;
	return (width + GAP + CLUSTER_GAP - 2) / pitch;
}

static bool fits(const struct aq_figure *f, const struct lay *lay, int width)
{
	const int rows = rows_at(f);
	const int columns = lay->flows ? columns_at(f, width) : groups_at(f, width);
	const int count = lay->flows ? lay->count : f->tensor->groups;
	return columns > 0 && (count + columns - 1) / columns <= rows;
}

static void choose_zoom(struct aq_figure *f, const struct lay *lay, int width)
{
	const int h = f->tiles.height, w = f->tiles.width, side = h > w ? h : w;
	const int lowest = (lay->least + side - 1) / side;
	f->tiles.zoom = f->zoom;
	if (f->zoom)
		return;
	f->tiles.zoom = lay->most / side > lowest ? lay->most / side : lowest;
	while (f->tiles.zoom > lowest && !fits(f, lay, width))
		f->tiles.zoom--;
}

/* Columns for `count` tiles that flow into rows of at most `most`: the rows as even as can be. */
static int even_columns(int count, int most)
{
	const int rows = (count + most - 1) / most;
	return rows < 1 ? 1 : (count + rows - 1) / rows;
}

static void lay_tiles(struct aq_figure *f, int width)
{
	const struct aq_tensor *t = f->tensor;
	const struct lay lay = lay_of(t);
	f->tiles.height = is_strip(t) ? 1 : t->height;
	f->tiles.width = is_strip(t) ? 1 : t->width;
	choose_zoom(f, &lay, width);
	const int columns = columns_at(f, width), rows = rows_at(f);
	f->shown_groups = t->groups;
	f->shown_maps = t->maps;
	if (!lay.flows) {
		const int across = groups_at(f, width);
		const int down = (t->groups + rows - 1) / rows; /* groups a row, for this height */
		f->shown_maps = across > 0 ? t->maps : columns;
		f->tiles.cluster = f->shown_maps;
		f->tiles.columns = f->shown_maps * (across < 1 ? 1 : least(across, down));
		f->shown_groups = least(t->groups, rows * (f->tiles.columns / f->shown_maps));
		f->tiles.count = f->shown_groups * f->shown_maps;
		return;
	}
	const int64_t room = (int64_t)columns * rows;
	f->tiles.count = lay.count < room ? lay.count : (int)room;
	f->tiles.columns = even_columns(f->tiles.count, columns);
	if (is_strip(t) || (t->groups == 1 && !t->is_colour))
		f->shown_maps = f->tiles.count;
	else
		f->shown_groups = f->tiles.count;
}

/* A matrix is one tile, of as many rows and columns as there is room for. */
static void lay_matrix(struct aq_figure *f, int width)
{
	enum { MOST = 12 };
	const struct aq_tensor *t = f->tensor;
	const int height = f->most_height > 0 ? f->most_height : 1 << 20;
	int zoom = f->zoom ? f->zoom : MOST;
	while (!f->zoom && zoom > 1 && (t->width * zoom + 2 > width || t->height * zoom + 2 > height))
		zoom--;
	f->shown_groups = least(t->height, (height - 2) / zoom);
	f->shown_maps = least(t->width, (width - 2) / zoom);
	f->tiles.height = f->shown_groups = f->shown_groups < 1 ? 1 : f->shown_groups;
	f->tiles.width = f->shown_maps = f->shown_maps < 1 ? 1 : f->shown_maps;
	f->tiles.zoom = zoom;
	f->tiles.count = f->tiles.columns = 1;
}

/* ---- what is left out ------------------------------------------------------------------------ */

/* Numbers of outputs (rows of a matrix) and, in each, of inputs (columns) that there are. */
static int all_groups(const struct aq_tensor *t)
{
	return t->is_matrix ? t->height : t->groups;
}

static int all_maps(const struct aq_tensor *t)
{
	return t->is_matrix ? t->width : t->maps;
}

static bool is_cut(const struct aq_figure *f)
{
	return f->shown_groups < all_groups(f->tensor) || f->shown_maps < all_maps(f->tensor);
}

/* Numbers that lie together: of an input within an output's. */
static size_t piece(const struct aq_tensor *t)
{
	return t->is_matrix ? 1 : (size_t)t->height * (size_t)t->width;
}

void aq_figure_renew(struct aq_figure *f)
{
	const struct aq_tensor *t = f->tensor;
	const size_t row = (size_t)f->shown_maps * piece(t), whole = (size_t)all_maps(t) * piece(t);
	f->own = aq_range_of(t->at, aq_tensor_count(t));
	for (int g = 0; f->picked && g < f->shown_groups; g++)
		memcpy(f->picked + (size_t)g * row, t->at + (size_t)g * whole,
		       row * sizeof *f->picked);
}

static int pick(struct aq_figure *f)
{
	f->picked = malloc((size_t)f->shown_groups * (size_t)f->shown_maps * piece(f->tensor) *
			   sizeof *f->picked);
	if (!f->picked)
		return aq_fail(AQ_ENOMEM, "out of memory");
	f->tiles.at = f->picked;
	return AQ_OK;
}

int aq_figure_plan(struct aq_figure *f, int width)
{
	const struct aq_tensor *t = f->tensor;
	int rc = AQ_OK;
	f->own = aq_range_of(t->at, aq_tensor_count(t));
	f->tiles = (struct aq_tiles){ .at = t->at,
				      .channels = t->is_colour ? 3 : 1,
				      .gap = GAP,
				      .scale = f->scale };
	f->tiles.range = f->range.finite || f->range.odd ? f->range : f->own;
	if (t->is_matrix && !is_strip(t))
		lay_matrix(f, width);
	else
		lay_tiles(f, width);
	f->tiles.vol = t->is_colour || (t->is_matrix && !is_strip(t)) ? 1 : f->shown_maps;
	if (is_cut(f) && f->shown_maps < all_maps(t))
		AQ_TRY(pick(f));
	aq_figure_renew(f);
	aq_tiles_plan(&f->tiles);
	const struct aq_box size = aq_tiles_size(&f->tiles);
	f->width = width;
	f->bar_beside = is_strip(t) && size.h < AQ_SHADE_BAR_HEIGHT &&
			size.w + BESIDE_GAP + BAR_WIDTH <= width;
	f->wide = size.w + (f->bar_beside ? BESIDE_GAP + BAR_WIDTH : 0);
	f->height = LABEL + (f->bar_beside ? AQ_SHADE_BAR_HEIGHT
					   : size.h + BAR_GAP + AQ_SHADE_BAR_HEIGHT);
	if (is_cut(f))
		f->height += LABEL;
done:
	return rc;
}

/* ---- drawing --------------------------------------------------------------------------------- */

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

bool aq_figure_cut(const struct aq_figure *f, char text[128])
{
	const struct aq_tensor *t = f->tensor;
	const bool one = !t->is_matrix ? t->groups == 1 : t->height == 1;
	if (one)
		snprintf(text, 128, "first %d of %d %s shown", f->shown_maps, all_maps(t),
			 is_strip(t) ? "numbers" : "channels");
	else if (f->shown_maps == all_maps(t))
		snprintf(text, 128, "first %d of %d outputs shown", f->shown_groups,
			 all_groups(t));
	else
		snprintf(text, 128, "first %d of %d outputs, first %d of %d inputs shown",
			 f->shown_groups, all_groups(t), f->shown_maps, all_maps(t));
	return is_cut(f);
}

void aq_figure_draw(const struct aq_figure *f, struct aq_canvas *canvas, int x, int y)
{
	const struct aq_box size = aq_tiles_size(&f->tiles);
	char text[128];
	draw_label(f, canvas, x, y);
	y += LABEL;
	aq_tiles_draw(canvas, x, y, &f->tiles);
	if (f->bar_beside)
		aq_tiles_bar(canvas, x + size.w + BESIDE_GAP, y - 2, BAR_WIDTH, &f->tiles, NULL);
	y += f->bar_beside ? AQ_SHADE_BAR_HEIGHT : size.h;
	if (aq_figure_cut(f, text)) {
		aq_text_draw(canvas, x, y + 4, AQ_FACE_SMALL, AQ_LEFT, AQ_ACCENT, text);
		y += LABEL;
	}
	if (!f->bar_beside)
		aq_tiles_bar(canvas, x, y + BAR_GAP, least(BAR_WIDTH, f->width), &f->tiles, NULL);
}

void aq_figure_free(struct aq_figure *f)
{
	free(f->picked);
	f->picked = NULL;
}
