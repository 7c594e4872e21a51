/* SPDX-License-Identifier: MIT
 *
 * shown.h - one example of a snap: its picture, its class, and what the network says of it
 */
#ifndef AQ_VIEW_SHOWN_H
#define AQ_VIEW_SHOWN_H

#include "draw/canvas.h"
#include "view/tensor.h"

struct aq_shown {
	int64_t label, index; /* index: which of its split */
	char *split;
	double loss;
	float *probability; /* [outputs] */
	int outputs;
	uint8_t *image; /* [c][y][x] */
	int c, y, x;
	char **classes;
	int n_classes;
};

/* AQ_EUSAGE when the snap has no such example.  To be freed either way. */
int aq_shown_read(struct aq_shown *shown, const struct aq_gallery *snap,
		  int64_t example) AQ_CHECKED;
void aq_shown_free(struct aq_shown *shown);

/* The name of a class, "?" where there is none. */
const char *aq_shown_class(const struct aq_shown *shown, int64_t label);

/* The picture as it is stored, as large as fits into `side` pixels, but at least 1 pixel a pixel. */
int aq_shown_picture(const struct aq_shown *shown, struct aq_canvas *canvas, int x, int y,
		     int side) AQ_CHECKED;

/* The `most` likeliest classes as bars, a row of AQ_SHOWN_ROW pixels each, the right one green; it is
 * the last of them where it would not be among them. */
enum { AQ_SHOWN_ROW = 18 };
int aq_shown_predictions(const struct aq_shown *shown, struct aq_canvas *canvas, struct aq_box box,
			 int most) AQ_CHECKED;

#endif
