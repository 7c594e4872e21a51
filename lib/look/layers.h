/* SPDX-License-Identifier: MIT
 *
 * layers.h - a network as a table: how each layer goes over its input, what of the picture one of
 * its cells sees, and what it takes to keep
 *
 * Rows first, then columns, wherever there are two.  Offsets count pixels from 0 at the first one;
 * MatConvNet's vl_simplenn_display, which has the same columns, counts from 1.
 */
#ifndef AQ_LOOK_LAYERS_H
#define AQ_LOOK_LAYERS_H

#include "look/field.h"

struct aq_layer_row {
	const struct aq_layer *layer;
	bool slides;             /* has a window: convolutions, pooling, dense layers */
	struct aq_window window; /* how it goes over its input: size, stride, padding */
	int64_t field[2];        /* pixels of the picture that one cell sees */
	int64_t step[2];         /* pixels from the field of one cell to that of the next */
	double offset[2];        /* the pixel in the middle of the first cell's field */
	size_t params;           /* numbers to learn */
	uint64_t data_bytes;     /* of one example's map, */
	uint64_t param_bytes;    /* of the parameters, as files hold them: 4 bytes a number */
};

struct aq_layer_row aq_layer_row_of(const struct aq_net *net, const struct aq_layer *layer);

/* The sums of the last three over all layers; `layer` is NULL. */
struct aq_layer_row aq_layer_row_total(const struct aq_net *net);

/* "5x3", or "5" where both are the same. */
enum { AQ_LAYER_WORD = 64 };
const char *aq_layer_pair(char word[AQ_LAYER_WORD], int64_t y, int64_t x);
/* "2", or "0,1,0,1": top, bottom, left, right. */
const char *aq_layer_pad(char word[AQ_LAYER_WORD], const struct aq_window *window);

#endif
