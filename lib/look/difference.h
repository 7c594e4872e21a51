/* SPDX-License-Identifier: MIT
 *
 * difference.h - the finite difference of a tensor's picture, along x and along y
 *
 *	dx(y, x) = (v(y, x+1) - v(y, x-1)) / 2     inside
 *	           v(y, 1) - v(y, 0)               at the left edge, and likewise at the right
 *	mag      = sqrt(dx^2 + dy^2)
 *
 * It tells how a picture changes from one pixel to the next, and nothing of how the loss changes with a
 * weight: this is not the gradient of training.  A picture one pixel wide has dx = 0.
 */
#ifndef AQ_LOOK_DIFFERENCE_H
#define AQ_LOOK_DIFFERENCE_H

enum aq_view { AQ_VIEW_PLAIN, AQ_VIEW_DX, AQ_VIEW_DY, AQ_VIEW_MAG };
extern const char *const aq_view_words[]; /* "plain", "dx", "dy", "mag", ended by NULL */

/* One picture in [y][x] -> out [y][x]; `out` must not be `in`. */
void aq_difference(enum aq_view view, int height, int width, const float *in, float *out);

#endif
