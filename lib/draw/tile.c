/* SPDX-License-Identifier: MIT
 *
 * tile.c - arrays of numbers as grids of small pictures
 */
#include "draw/tile.h"

#include "draw/text.h"

#include <stdlib.h>

enum {
	SIDE = 48,      /* a tile is about this large unless told */
	MOST_ZOOM = 16,
	GAP = 4,
	FRAME = 1,
	CLUSTER_GAP = 8, /* more between clusters of columns */
	LABEL_GAP = 6,
};

static size_t tile_values(const struct aq_tiles *tiles)
{
	return (size_t)tiles->channels * (size_t)tiles->height * (size_t)tiles->width;
}

/* ---- layout ---------------------------------------------------------------------------------- */

static int rows_of(const struct aq_tiles *tiles)
{
	return (tiles->count + tiles->columns - 1) / tiles->columns;
}

static int step_x(const struct aq_tiles *tiles)
{
	return tiles->width * tiles->zoom + tiles->gap;
}

static int step_y(const struct aq_tiles *tiles)
{
	return tiles->height * tiles->zoom + tiles->gap +
	       (tiles->captions ? aq_text_line(AQ_FACE_SMALL) : 0);
}

/* Room for the names of rows, at the left. */
static int label_width(const struct aq_tiles *tiles)
{
	int most = 0;
	for (int i = 0; tiles->rows && i < rows_of(tiles); i++) {
		const int width = tiles->rows[i] ? aq_text_width(AQ_FACE_SMALL, tiles->rows[i]) : 0;
		if (width > most)
			most = width;
	}
	return most > 0 ? most + LABEL_GAP : 0;
}

/* The left end of a column's pixels, without labels. */
static int column_x(const struct aq_tiles *tiles, int column)
{
	return FRAME + column * step_x(tiles) +
	       (tiles->cluster > 0 ? column / tiles->cluster * CLUSTER_GAP : 0);
}

static int columns_that_fit(const struct aq_tiles *tiles)
{
	if (tiles->fit <= 0)
		return tiles->count;
	int columns = 1;
	while (columns < tiles->count &&
	       column_x(tiles, columns) + tiles->width * tiles->zoom + FRAME <= tiles->fit)
		columns++;
	/* whole clusters, where at least one fits */
	return tiles->cluster > 0 && columns > tiles->cluster && columns < tiles->count ?
		columns / tiles->cluster * tiles->cluster : columns;
}

struct aq_shade aq_tiles_plan(struct aq_tiles *tiles)
{
	const int side = tiles->height > tiles->width ? tiles->height : tiles->width;
	if (tiles->zoom <= 0) {
		tiles->zoom = (SIDE + side / 2) / side;
		if (tiles->zoom < 1)
			tiles->zoom = 1;
		if (tiles->zoom > MOST_ZOOM)
			tiles->zoom = MOST_ZOOM;
	}
	if (tiles->gap <= 0)
		tiles->gap = GAP;
	if (tiles->vol <= 0)
		tiles->vol = tiles->count > 0 ? tiles->count : 1;
	if (tiles->columns <= 0)
		tiles->columns = columns_that_fit(tiles);
	if (tiles->columns <= 0)
		tiles->columns = 1;
	if (tiles->range.finite == 0 && tiles->range.odd == 0)
		tiles->range = aq_range_of(tiles->at, tile_values(tiles) * (size_t)tiles->count);
	return aq_tiles_shade(tiles, -1);
}

struct aq_box aq_tiles_size(const struct aq_tiles *tiles)
{
	const int columns = tiles->count < tiles->columns ? tiles->count : tiles->columns;
	if (columns < 1)
		return (struct aq_box){ 0 };
	return (struct aq_box){
		0,
		0,
		label_width(tiles) + column_x(tiles, columns - 1) + tiles->width * tiles->zoom +
			FRAME,
		rows_of(tiles) * step_y(tiles) - tiles->gap + 2 * FRAME,
	};
}

struct aq_box aq_tiles_place(const struct aq_tiles *tiles, int index)
{
	return (struct aq_box){ label_width(tiles) + column_x(tiles, index % tiles->columns),
				FRAME + index / tiles->columns * step_y(tiles),
				tiles->width * tiles->zoom, tiles->height * tiles->zoom };
}

/* ---- scales ---------------------------------------------------------------------------------- */

/* How many tiles in a row share a range; 0: all, and with others that are not here. */
static int shared_by(const struct aq_tiles *tiles)
{
	switch (tiles->scale) {
	case AQ_SCALE_SYM:
		return tiles->grouped ? tiles->vol : 0;
	case AQ_SCALE_MINMAX:
		return 1;
	case AQ_SCALE_CONVNETJS:
		return tiles->vol;
	default:
		return 0;
	}
}

struct aq_shade aq_tiles_shade(const struct aq_tiles *tiles, int index)
{
	const int group = index < 0 ? 0 : shared_by(tiles);
	struct aq_range range = tiles->range;
	if (group > 0) {
		const int first = index / group * group;
		const int count = first + group > tiles->count ? tiles->count - first : group;
		range = aq_range_of(tiles->at + (size_t)first * tile_values(tiles),
				    (size_t)count * tile_values(tiles));
	}
	struct aq_shade shade = aq_shade_of(tiles->scale, range);
	if (tiles->map > 0)
		shade.map = (enum aq_map)(tiles->map - 1);
	return shade;
}

/* ---- drawing --------------------------------------------------------------------------------- */

/* values [channels][height][width] into box, every value zoom x zoom pixels. */
static void put_values(struct aq_canvas *canvas, struct aq_box box, const struct aq_tiles *tiles,
		       const struct aq_shade *shade, const float *values)
{
	const int zoom = tiles->zoom, width = tiles->width;
	const size_t plane = (size_t)tiles->height * (size_t)width;
	for (int y = 0; y < tiles->height; y++)
		for (int x = 0; x < width; x++) {
			const float *v = values + (size_t)y * (size_t)width + (size_t)x;
			const struct aq_box at = { box.x + x * zoom, box.y + y * zoom, zoom, zoom };
			const struct aq_rgb colour = tiles->channels == 3 ?
				aq_shade_colour(shade, v[0], v[plane], v[2 * plane]) :
				aq_shade_pixel(shade, v[0]);
			const struct aq_rgb odd = AQ_ODD;
			if (zoom >= 4 && colour.r == odd.r && colour.g == odd.g &&
			    colour.b == odd.b)
				aq_canvas_odd(canvas, at);
			else
				aq_canvas_fill(canvas, at, colour);
		}
}

/* Three pixels on, two off: nothing varies within. */
static void put_dashes(struct aq_canvas *canvas, struct aq_box box)
{
	for (int i = 0; i < box.w; i++)
		if (i % 5 < 3) {
			aq_canvas_dot(canvas, box.x + i, box.y, AQ_SOFT);
			aq_canvas_dot(canvas, box.x + i, box.y + box.h - 1, AQ_SOFT);
		}
	for (int i = 0; i < box.h; i++)
		if (i % 5 < 3) {
			aq_canvas_dot(canvas, box.x, box.y + i, AQ_SOFT);
			aq_canvas_dot(canvas, box.x + box.w - 1, box.y + i, AQ_SOFT);
		}
}

static void put_tile(struct aq_canvas *canvas, int x, int y, const struct aq_tiles *tiles,
		     int index, const struct aq_shade *shade)
{
	const float *values = tiles->at + (size_t)index * tile_values(tiles);
	const struct aq_range range = aq_range_of(values, tile_values(tiles));
	struct aq_box box = aq_tiles_place(tiles, index);
	box.x += x;
	box.y += y;
	const struct aq_box frame = aq_box_inset(box, -FRAME);
	put_values(canvas, box, tiles, shade, values);
	if (range.odd > 0)
		aq_canvas_frame(canvas, frame, AQ_ODD);
	else if (aq_range_is_flat(range) && tile_values(tiles) > 1)
		put_dashes(canvas, frame);
	else
		aq_canvas_frame(canvas, frame, AQ_FRAME);
}

static void put_caption(struct aq_canvas *canvas, int x, int y, const struct aq_tiles *tiles,
			int index)
{
	struct aq_box box = aq_box_inset(aq_tiles_place(tiles, index), -FRAME);
	box.x += x;
	box.y += y + box.h - 1;
	box.w += tiles->gap - 2;
	box.h = aq_text_line(AQ_FACE_SMALL);
	if (tiles->captions[index])
		aq_text_in(canvas, box, AQ_FACE_SMALL, AQ_LEFT, AQ_SOFT, tiles->captions[index]);
}

void aq_tiles_draw(struct aq_canvas *canvas, int x, int y, const struct aq_tiles *tiles)
{
	const int group = shared_by(tiles);
	const struct aq_box size = aq_tiles_size(tiles);
	struct aq_shade shade = aq_tiles_shade(tiles, -1);
	aq_canvas_pixels(canvas, (struct aq_box){ x, y, size.w, size.h });
	for (int i = 0; i < tiles->count; i++) {
		if (group > 0 && i % group == 0)
			shade = aq_tiles_shade(tiles, i);
		put_tile(canvas, x, y, tiles, i, &shade);
	}
	aq_canvas_pixels_end(canvas);
	for (int i = 0; tiles->captions && i < tiles->count; i++)
		put_caption(canvas, x, y, tiles, i);
	for (int i = 0; tiles->rows && i < rows_of(tiles); i++) {
		const struct aq_box at = aq_tiles_place(tiles, i * tiles->columns);
		const struct aq_box label = { x, y + at.y, label_width(tiles) - LABEL_GAP, at.h };
		if (tiles->rows[i])
			aq_text_in(canvas, label, AQ_FACE_SMALL, AQ_RIGHT, AQ_SOFT, tiles->rows[i]);
	}
}

void aq_tiles_bar(struct aq_canvas *canvas, int x, int y, int width, const struct aq_tiles *tiles,
		  const char *what)
{
	const int group = shared_by(tiles);
	struct aq_shade shade = aq_tiles_shade(tiles, tiles->count > 0 ? 0 : -1);
	shade.is_colour = tiles->channels == 3;
	const bool one = group == 0 || group >= tiles->count;
	aq_shade_bar(canvas, x, y, width, &shade,
		     one ? NULL : group == 1 ? "each tile its own" : "each group its own", what);
}
