/* SPDX-License-Identifier: MIT
 *
 * conv.h - the convolution of a block of examples
 *
 *	out[o][y][x][n] = bias[o] + sum over i, v, u of
 *	                  weight[o][i][v][u] * in[i][y*sy - top + v][x*sx - left + u][n]
 *
 * with zeros outside the picture: cross-correlation, as all frameworks mean it.
 */
#ifndef AQ_NUM_CONV_H
#define AQ_NUM_CONV_H

#include "num/real.h"

#include <stddef.h>

struct aq_conv_shape {
	int in_c, in_y, in_x;
	int out_c, out_y, out_x;
	int fy, fx, sy, sx;    /* filter, stride */
	int top, left;         /* padding; below and to the right it follows from the sizes */
};

/* The definition, slow and plain, summed in double; beside it the fast ones are tested. */
void aq_conv_ref_forward(const struct aq_conv_shape *s, int n, const aq_real *in,
			 const aq_real *weight, const aq_real *bias, aq_real *out);
/* din (written) from dout */
void aq_conv_ref_data(const struct aq_conv_shape *s, int n, const aq_real *dout,
		      const aq_real *weight, aq_real *din);
/* dweight, dbias (added to) from in and dout */
void aq_conv_ref_weights(const struct aq_conv_shape *s, int n, const aq_real *in,
			 const aq_real *dout, aq_real *dweight, aq_real *dbias);

#endif
