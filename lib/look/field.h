/* SPDX-License-Identifier: MIT
 *
 * field.h - which cells of its input, and which pixels of the picture, a cell of a layer sees
 */
#ifndef AQ_LOOK_FIELD_H
#define AQ_LOOK_FIELD_H

#include "nn/net.h"

/* How a layer goes over its input: output cell (y, x) reads the rows y*sy - top .. + fy-1 and the
 * columns x*sx - left .. + fx-1.  Layers that work cell by cell have a window of 1x1; one that sees
 * everything has its whole input. */
struct aq_window {
	int fy, fx, sy, sx, top, left;
	int bottom, right; /* zeros behind the last row and column */
};
struct aq_window aq_window_of(const struct aq_layer *layer);

/* Has it a window at all: convolutions, pooling, dense layers? */
bool aq_window_slides(const struct aq_layer *layer);

/* Rows top .. bottom and columns left .. right, all included; they may reach outside. */
struct aq_field {
	int64_t top, left, bottom, right;
};

/* The receptive field of cell (y, x) of a layer's output, in pixels of the network's input. */
struct aq_field aq_field_of(const struct aq_net *net, const struct aq_layer *layer, int y, int x);

#endif
