/* SPDX-License-Identifier: MIT
 *
 * sketch.h - what is drawn, kept as shapes and words instead of pixels: SVG
 *
 * A canvas made with aq_canvas_sketch() hands everything on to one of these, so that whatever draws
 * on a canvas draws SVG as well, in the same places.  Words stay words: they are set in the
 * reader's own font and fitted to the width of ours.  Memory that runs out shows when the file is
 * written.
 */
#ifndef AQ_DRAW_SKETCH_H
#define AQ_DRAW_SKETCH_H

#include "draw/canvas.h"

struct aq_sketch;

struct aq_sketch *aq_sketch_new(void); /* NULL without memory */
void aq_sketch_free(struct aq_sketch *sketch);

/* As the functions of canvas.h; boxes are within the clip already. */
void aq_sketch_fill(struct aq_sketch *sketch, struct aq_box box, struct aq_rgb colour,
		    uint8_t cover);
void aq_sketch_stroke(struct aq_sketch *sketch, double x0, double y0, double x1, double y1,
		      double width);
void aq_sketch_ink(struct aq_sketch *sketch, struct aq_rgb colour, uint8_t cover);
void aq_sketch_clip(struct aq_sketch *sketch, struct aq_box box);
void aq_sketch_unclip(struct aq_sketch *sketch);
void aq_sketch_picture(struct aq_sketch *sketch, int x, int y, const struct aq_picture *picture,
		       int zoom);

/* From here to the end fills are pixels of one picture that covers `box`. */
void aq_sketch_pixels(struct aq_sketch *sketch, struct aq_box box);
void aq_sketch_pixels_end(struct aq_sketch *sketch);

/* One line of words. */
struct aq_words {
	const char *text, *end;
	double x, y;       /* the left end of its base line */
	int width, caps;   /* pixels it takes; height of capitals */
	bool bold, up;     /* up: it reads upwards, y being its lower end */
	struct aq_rgb colour;
};
void aq_sketch_words(struct aq_sketch *sketch, const struct aq_words *words);

/* The whole as a file, on paper of this size. */
int aq_sketch_write(struct aq_sketch *sketch, const char *path, bool keep, int width, int height,
		    struct aq_rgb paper, const struct aq_png_text *texts, int count) AQ_CHECKED;

#endif
