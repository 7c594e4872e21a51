/* SPDX-License-Identifier: MIT
 *
 * canvas.h - pixels one draws on
 *
 * x goes right, y goes down, both from 0.  The pixel (x, y) covers [x, x+1) x [y, y+1); where a
 * coordinate is a real number the middle of that pixel is (x + 0.5, y + 0.5).  Whatever lies
 * outside of the canvas or of its clip is not drawn; nothing here fails but making and
 * growing. */
#ifndef AQ_DRAW_CANVAS_H
#define AQ_DRAW_CANVAS_H

#include "base/err.h"
#include "draw/colour.h"
#include "io/png.h"

#include <stdint.h>

/* A rectangle of pixels; empty when w or h is not positive. */
struct aq_box {
	int x, y, w, h;
};

struct aq_box aq_box_meet(struct aq_box a, struct aq_box b);  /* what both cover */
struct aq_box aq_box_inset(struct aq_box box, int by);        /* smaller on all sides */
/* One of `count` equal columns, `gap` pixels apart. */
struct aq_box aq_box_column(struct aq_box box, int index, int count, int gap);

/* Cut `size` pixels off a side of `box`, and `gap` more that nobody gets; returns what was cut
 * off. */
struct aq_box aq_box_cut_left(struct aq_box *box, int size, int gap);
struct aq_box aq_box_cut_right(struct aq_box *box, int size, int gap);
struct aq_box aq_box_cut_top(struct aq_box *box, int size, int gap);
struct aq_box aq_box_cut_bottom(struct aq_box *box, int size, int gap);

struct aq_canvas {
	struct aq_picture picture; /* three channels; for aq_png_write() */
	struct aq_box clip;        /* set with aq_canvas_clip() */
	struct aq_rgb paper;
	uint8_t *ink;              /* coverage [y][x] of the path being drawn */
	struct aq_box inked;       /* where `ink` is not zero */
	struct aq_sketch *sketch;  /* shapes and words instead of pixels (sketch.h), or NULL */
};

/* A canvas filled with `paper`; AQ_ENOMEM, or AQ_EUSAGE above AQ_CANVAS_MOST pixels. */
enum { AQ_CANVAS_MOST = 1 << 28 };
int aq_canvas_new(struct aq_canvas **canvas, int width, int height, struct aq_rgb paper) AQ_CHECKED;
void aq_canvas_free(struct aq_canvas *canvas);

/* A canvas that keeps shapes, for SVG; it has no pixels.  aq_canvas_write() writes either kind. */
int aq_canvas_sketch(struct aq_canvas **canvas, int width, int height,
		     struct aq_rgb paper) AQ_CHECKED;
int aq_canvas_write(struct aq_canvas *canvas, const char *path, bool keep,
		    const struct aq_png_text *texts, int count) AQ_CHECKED;

/* What is filled from here to the end is one picture, even in a sketch: for maps of thousands of
 * cells. */
void aq_canvas_pixels(struct aq_canvas *canvas, struct aq_box box);
void aq_canvas_pixels_end(struct aq_canvas *canvas);

/* Make it higher (with paper) or lower; the clip becomes the whole. */
int aq_canvas_resize(struct aq_canvas *canvas, int height) AQ_CHECKED;

/* Narrow the clip to `box`; returns the former one to go back to with aq_canvas_unclip(). */
struct aq_box aq_canvas_clip(struct aq_canvas *canvas, struct aq_box box);
void aq_canvas_unclip(struct aq_canvas *canvas, struct aq_box former);

/* ---- crisp ----------------------------------------------------------------------------------- */

void aq_canvas_clear(struct aq_canvas *canvas);                      /* all paper again */
void aq_canvas_dot(struct aq_canvas *canvas, int x, int y, struct aq_rgb colour);
void aq_canvas_fill(struct aq_canvas *canvas, struct aq_box box, struct aq_rgb colour);
/* A frame one pixel wide: the outermost pixels of `box`. */
void aq_canvas_frame(struct aq_canvas *canvas, struct aq_box box, struct aq_rgb colour);
/* Lines one pixel wide of `length` pixels to the right, downwards. */
void aq_canvas_across(struct aq_canvas *canvas, int x, int y, int length, struct aq_rgb colour);
void aq_canvas_down(struct aq_canvas *canvas, int x, int y, int length, struct aq_rgb colour);
/* A line one pixel wide between two pixels, both drawn (Bresenham). */
void aq_canvas_line(struct aq_canvas *canvas, int x0, int y0, int x1, int y1, struct aq_rgb colour);
/* AQ_ODD hatched with AQ_ODD_TOO: "not a number". */
void aq_canvas_odd(struct aq_canvas *canvas, struct aq_box box);

/* ---- mixed with what is there ---------------------------------------------------------------- */

/* `cover` 0 .. 255 of `colour` over what is there. */
void aq_canvas_blend(struct aq_canvas *canvas, int x, int y, struct aq_rgb colour, uint8_t cover);
void aq_canvas_wash(struct aq_canvas *canvas, struct aq_box box, struct aq_rgb colour,
		    uint8_t cover);

/* A smooth path: strokes and discs gather as coverage (the greatest counts, so that joints do not
 * show), then ink() colours all of it at once.  Coordinates and widths in pixels, as real
 * numbers. */
void aq_canvas_stroke(struct aq_canvas *canvas, double x0, double y0, double x1, double y1,
		      double width);
void aq_canvas_disc(struct aq_canvas *canvas, double x, double y, double radius);
void aq_canvas_ink(struct aq_canvas *canvas, struct aq_rgb colour, uint8_t cover);

/* ---- pictures -------------------------------------------------------------------------------- */

/* Every pixel of `picture` (one or three channels) as a zoom x zoom square, the first at (x, y). */
void aq_canvas_blit(struct aq_canvas *canvas, int x, int y, const struct aq_picture *picture,
		    int zoom);

#endif
