/* SPDX-License-Identifier: MIT
 *
 * conv.h - the convolution of a block of examples
 *
 *	out[o][y][x][n] = bias[o] + sum over i, v, u of
 *	                  weight[o][i][v][u] * in[i][y*sy - top + v][x*sx - left + u][n]
 *
 * with zeros outside the picture: cross-correlation, as all frameworks mean it.
 *
 * Filters of 3 or 5 rows, counted in strides, go the way of fewer products (conv_few.c).  Its error
 * is about that of the direct sum, at most twice, measured over all numbers of a map.  What differs:
 * it works on a few rows at once, so that a number which is not finite makes those rows of its
 * columns not finite, too, and not only the ones that the filter joins it with; finite numbers
 * beyond a quarter of the largest one may overflow; and a row of numbers far smaller than those
 * beside it has their absolute error.
 */
#ifndef AQ_NUM_CONV_H
#define AQ_NUM_CONV_H

#include "base/arena.h"
#include "num/real.h"

#include <stddef.h>

struct aq_conv_shape {
	int in_c, in_y, in_x;
	int out_c, out_y, out_x;
	int fy, fx, sy, sx;    /* filter, stride */
	int top, left;         /* padding; below and to the right it follows from the sizes */
};

struct aq_conv;

/* Work out the tables of a convolution; they live in `mem`.  The direct one never takes the way of
 * fewer products (conv_few.c): it is what that way is measured against. */
int aq_conv_plan(struct aq_conv **conv, const struct aq_conv_shape *shape,
		 struct aq_arena *mem) AQ_CHECKED;
int aq_conv_plan_direct(struct aq_conv **conv, const struct aq_conv_shape *shape,
			struct aq_arena *mem) AQ_CHECKED;

/* Elements: of the packed weights; of scratch for each example, and once. */
size_t aq_conv_packed(const struct aq_conv *conv);
size_t aq_conv_scratch(const struct aq_conv *conv);
size_t aq_conv_scratch_fixed(const struct aq_conv *conv);

/* Bring the weights into the order of the kernels. */
void aq_conv_pack(const struct aq_conv *conv, const aq_real *weight, aq_real *packed);

/* Of a block of n examples;  AQ_SLACK elements behind each map may be read.  The forward pass
 * leaves the input in `scratch` for the gradient of the weights.  dweight and dbias are added to.
 * */
void aq_conv_forward(const struct aq_conv *conv, int n, const aq_real *in, const aq_real *packed,
		     const aq_real *bias, aq_real *scratch, aq_real *out);
void aq_conv_weights(const struct aq_conv *conv, int n, const aq_real *in, const aq_real *dout,
		     aq_real *scratch, aq_real *dweight, aq_real *dbias);
void aq_conv_data(const struct aq_conv *conv, int n, const aq_real *dout, const aq_real *packed,
		  aq_real *scratch, aq_real *din);

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
