/* SPDX-License-Identifier: MIT
 *
 * difference.h - a tensor seen as pictures, and the finite differences of those pictures
 *
 * One of two things people mean by "gradient of a filter" (the other is the gradient of the loss):
 *how the picture of its weights changes from pixel to pixel.  Made for drawing; nothing is trained
 *with it.
 *
 * Inside, differences are central; at the border, one-sided to the neighbour that is there:
 *
 *	dx[0] = v[1] - v[0]     dx[x] = (v[x+1] - v[x-1]) / 2     dx[X-1] = v[X-1] - v[X-2]
 *
 * the same downwards for dy, and mag = sqrt(dx^2 + dy^2).  So the unit is "per pixel" everywhere,
 *the difference of a ramp is the same number in every pixel, and a picture keeps its size.  A
 *picture one pixel wide has dx = 0, one pixel high dy = 0.  This is what numpy.gradient computes.
 */
#ifndef AQ_LOOK_DIFFERENCE_H
#define AQ_LOOK_DIFFERENCE_H

#include <stddef.h>

enum aq_view {
	AQ_VIEW_PLAIN, /* the values themselves */
	AQ_VIEW_DX,
	AQ_VIEW_DY,
	AQ_VIEW_MAG,
};
extern const char
	*const aq_view_words[]; /* "plain", "dx", "dy", "mag", NULL: for an AQ_CHOICE row */

/* What the view is, for a caption: "finite difference along x, per pixel"; "" for plain. */
const char *aq_view_caption(enum aq_view view);

/* `out` and `in` are planes [count][height][width] and must not overlap. */
void aq_difference(enum aq_view view, float *out, const float *in, size_t count, int height,
		   int width);

#endif
