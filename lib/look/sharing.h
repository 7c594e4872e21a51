/* SPDX-License-Identifier: MIT
 *
 * sharing.h - the terms that one weight's gradient is the sum of
 *
 * A filter is used at every place of its input, so the gradient of one of its weights is a sum over
 * places: what the weight read there times the gradient of the loss with respect to what the filter
 * put out there,
 *
 *	example_grad[o][i][v][u] = sum over y, x of
 *	                           delta[o][y][x] * in[i][y*sy - top + v][x*sx - left + u]
 *
 * with zeros outside.  A weight of a dense layer is used once an example; its sum has one term.
 */
#ifndef AQ_LOOK_SHARING_H
#define AQ_LOOK_SHARING_H

#include "nn/net.h"

/* One weight: [out, in, y, x] of a convolution; of a dense layer [out, in], y and x are 0. */
struct aq_place {
	const struct aq_layer *layer;
	int out, in, y, x;
	size_t index; /* in the weight tensor */
};

/* "conv1[3,0,2,1]": cut the layer's name off into name[room]; the numbers stay in *rest.
 * AQ_EUSAGE where it is not of this form. */
int aq_place_name(const char *text, char *name, size_t room, const char **rest) AQ_CHECKED;

/* Read the numbers; AQ_EUSAGE where the layer has no such weight. */
int aq_place_parse(struct aq_place *place, const struct aq_layer *layer,
		   const char *numbers) AQ_CHECKED;

/* The terms of one example, as a map of *height x *width places. */
void aq_sharing_size(const struct aq_place *place, int *height, int *width);

/* `seen` what the weight read at each place, `terms` that times delta; input is the map the layer
 * reads and delta that of its output, all [c][y][x].  Returns the sum of the terms; products are
 * exact in double, rounded once in `terms`. */
double aq_sharing_terms(const struct aq_place *place, const float *input, const float *delta,
			float *seen, float *terms);

/* How far the sum of the same numbers in float, in any order, may lie from it: n rounding errors of
 * partial sums, none of which is larger than the sum of the sizes. */
double aq_sharing_slack(const float *terms, size_t count);

/* The places of the `count` greatest terms (with `up`), or of the least ones, in order; places
 * whose term is not above (below) 0 are left out.  Returns how many there are. */
int aq_sharing_extremes(const float *terms, size_t places, bool up, int count, size_t *place);

#endif
