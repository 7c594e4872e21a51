/* SPDX-License-Identifier: MIT
 *
 * tile.h - arrays of numbers as grids of small pictures
 *
 * One function turns a value into a pixel: aq_shade_pixel().  What it depends on is a struct
 * aq_shade, made from a scale and the range of a group of values; the colour bar is drawn from the
 * same struct: the scale shown is the scale used.
 */
#ifndef AQ_DRAW_TILE_H
#define AQ_DRAW_TILE_H

#include "draw/canvas.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- ranges ---------------------------------------------------------------------------------- */

/* Least and greatest of the finite values, and how many there are of each sort.  {0} is the range
 * of nothing. */
struct aq_range {
	float min, max;
	uint64_t finite, odd; /* odd: NaN or infinite */
};

struct aq_range aq_range_of(const float *values, size_t count);
struct aq_range aq_range_join(struct aq_range a, struct aq_range b);
/* Are all its values the same (or none finite)?  Such a picture shows nothing, and says so. */
bool aq_range_is_flat(struct aq_range range);

/* ---- from values to pixels ------------------------------------------------------------------- */

enum aq_scale {
	AQ_SCALE_SYM,       /* colours diverging about 0, +-max|v| of the group */
	AQ_SCALE_MINMAX,    /* each tile from its own min to its own max, grey */
	AQ_SCALE_LAYER,     /* min to max of the layer, grey */
	AQ_SCALE_GLOBAL,    /* min to max of the whole network or run, grey */
	AQ_SCALE_CONVNETJS, /* floor((v - min) / (max - min) * 255) over a Vol; flat: black */
};
extern const char *const aq_scale_words[]; /* "sym", ... ended by NULL: for an AQ_CHOICE row */

struct aq_shade {
	enum aq_scale scale;
	enum aq_map map;  /* of one-channel pixels */
	float low, high;  /* the values at both ends of the map */
	bool is_colour;   /* values are red, green and blue: the bar shows each from low to high */
};

/* How values of a group with this range are drawn.  sym: low = -high = -max(|min|, |max|). */
struct aq_shade aq_shade_of(enum aq_scale scale, struct aq_range range);

/* The pixel of one value; NaN and infinities are AQ_ODD.  A flat shade (low = high) gives the
 * middle of its map, black with convnetjs. */
struct aq_rgb aq_shade_pixel(const struct aq_shade *shade, float value);

/* The pixel of three values as red, green, blue; all share the shade's range, whose map is
 * linear. */
struct aq_rgb aq_shade_colour(const struct aq_shade *shade, float r, float g, float b);

/* ---- grids ----------------------------------------------------------------------------------- */

struct aq_tiles {
	const float *at;  /* [count][channels][height][width] */
	int count, channels, height, width; /* channels 1, or 3: red, green, blue */
	int columns;      /* tiles a row; 0: as many as fit into `fit` pixels */
	int fit;          /* pixels a row may take; 0: no limit */
	int zoom;         /* pixels a value; 0: tiles of about 48 pixels, zoom 16 at most */
	int gap;          /* pixels between tiles, frames included; 0: 4 */
	int vol;          /* tiles that form one Vol (convnetjs) or one group (`grouped`); 0: all */
	int cluster;      /* a wider gap after every so many columns; 0: never */
	enum aq_scale scale;
	struct aq_range range; /* of the group (sym, layer, global); {0}: of all tiles given here */
	bool grouped;     /* sym by vol, instead of over `range` */
	int map;          /* 1 + an enum aq_map for one channel; 0: the scale's own */
	const char *const *captions; /* one a tile, below it, or NULL; NULL members are left out */
	const char *const *rows;     /* one a row, at the left, or NULL */
};

/* Fill in what was 0; returns the shade that all tiles share (meaningless with one range a
 * tile). */
struct aq_shade aq_tiles_plan(struct aq_tiles *tiles);

/* The size of the grid (x = y = 0).  After aq_tiles_plan(). */
struct aq_box aq_tiles_size(const struct aq_tiles *tiles);

/* The box of one tile's pixels, relative to the grid's corner; its frame is one pixel around it. */
struct aq_box aq_tiles_place(const struct aq_tiles *tiles, int index);

/* The shade in use for one tile. */
struct aq_shade aq_tiles_shade(const struct aq_tiles *tiles, int index);

/* Draw the grid with its corner at (x, y).  The frame of a constant tile is dashed, that of one
 * with NaN or infinities is AQ_ODD: no pixel of a tile means anything but its value. */
void aq_tiles_draw(struct aq_canvas *canvas, int x, int y, const struct aq_tiles *tiles);

/* ---- the scale in use ------------------------------------------------------------------------ */

/* The value at t = 0 .. 1 of the shade's map, as the bar prints it (text[AQ_NUMBER_ROOM] of
 * text.h). */
char *aq_shade_label(char *text, const struct aq_shade *shade, double t);

/* A colour bar with ticks below; above it at the left `what` ("grad", or NULL), at the right the
 * name of the scale.  With `each` ("each tile") the range is not one for all: the ends read "min"
 * and "max" instead of numbers. */
enum { AQ_SHADE_BAR_HEIGHT = 46 };
void aq_shade_bar(struct aq_canvas *canvas, int x, int y, int width, const struct aq_shade *shade,
		  const char *each, const char *what);

/* For these tiles: as above, `each` found from their scale. */
void aq_tiles_bar(struct aq_canvas *canvas, int x, int y, int width, const struct aq_tiles *tiles,
		  const char *what);

#endif
