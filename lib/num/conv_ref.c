/* SPDX-License-Identifier: MIT
 *
 * conv_ref.c - what a convolution is, said as plainly as it can be
 *
 *	in   [in_c][in_y][in_x][n]      weight [out_c][in_c][fy][fx]
 *	out  [out_c][out_y][out_x][n]   bias   [out_c]
 */
#include "num/conv.h"

#include <stdbool.h>

/* Everything that touches: one output cell, one filter cell, one input cell. */
struct touch {
	int o, y, x, i, v, u;
};

static size_t in_at(const struct aq_conv_shape *s, const struct touch *t, int n)
{
	const int y = t->y * s->sy - s->top + t->v, x = t->x * s->sx - s->left + t->u;
	return (((size_t)t->i * (size_t)s->in_y + (size_t)y) * (size_t)s->in_x + (size_t)x) *
	       (size_t)n;
}

static size_t out_at(const struct aq_conv_shape *s, const struct touch *t, int n)
{
	return (((size_t)t->o * (size_t)s->out_y + (size_t)t->y) * (size_t)s->out_x +
		(size_t)t->x) *
	       (size_t)n;
}

static size_t weight_at(const struct aq_conv_shape *s, const struct touch *t)
{
	return (((size_t)t->o * (size_t)s->in_c + (size_t)t->i) * (size_t)s->fy + (size_t)t->v) *
		       (size_t)s->fx +
	       (size_t)t->u;
}

static bool inside(const struct aq_conv_shape *s, const struct touch *t)
{
	const int y = t->y * s->sy - s->top + t->v, x = t->x * s->sx - s->left + t->u;
	return y >= 0 && y < s->in_y && x >= 0 && x < s->in_x;
}

/* Loops over the cells of the output, and over the filter for one of them or for one input cell. */
#define EACH_OUT(s, t)                                  \
	for ((t).o = 0; (t).o < (s)->out_c; (t).o++)    \
	for ((t).y = 0; (t).y < (s)->out_y; (t).y++)    \
	for ((t).x = 0; (t).x < (s)->out_x; (t).x++)
#define EACH_TAP(s, t)                                  \
	for ((t).i = 0; (t).i < (s)->in_c; (t).i++)     \
	for ((t).v = 0; (t).v < (s)->fy; (t).v++)       \
	for ((t).u = 0; (t).u < (s)->fx; (t).u++)

void aq_conv_ref_forward(const struct aq_conv_shape *s, int n, const aq_real *in,
			 const aq_real *weight, const aq_real *bias, aq_real *out)
{
	for (int k = 0; k < n; k++) {
		struct touch t;
		EACH_OUT (s, t) {
			double sum = (double)bias[t.o];
			EACH_TAP (s, t)
				if (inside(s, &t))
					sum += (double)weight[weight_at(s, &t)] *
					       (double)in[in_at(s, &t, n) + (size_t)k];
			out[out_at(s, &t, n) + (size_t)k] = (aq_real)sum;
		}
	}
}

/* The output cell that input cell (y, x) reaches through filter cell (v, u), if there is one. */
static bool reached(const struct aq_conv_shape *s, int y, int x, struct touch *t)
{
	const int sy = y + s->top - t->v, sx = x + s->left - t->u;
	if (sy < 0 || sx < 0 || sy % s->sy || sx % s->sx)
		return false;
	t->y = sy / s->sy;
	t->x = sx / s->sx;
	return t->y < s->out_y && t->x < s->out_x;
}

static double sum_to_input(const struct aq_conv_shape *s, int n, const aq_real *dout,
			   const aq_real *weight, int i, int y, int x)
{
	double sum = 0;
	struct touch t = { .i = i };
	for (t.v = 0; t.v < s->fy; t.v++)
		for (t.o = 0; t.o < s->out_c; t.o++)
			for (t.u = 0; t.u < s->fx; t.u++)
				if (reached(s, y, x, &t))
					sum += (double)weight[weight_at(s, &t)] *
					       (double)dout[out_at(s, &t, n)];
	return sum;
}

void aq_conv_ref_data(const struct aq_conv_shape *s, int n, const aq_real *dout,
		      const aq_real *weight, aq_real *din)
{
	for (int k = 0; k < n; k++) {
		aq_real *to = din + k;
		for (int i = 0; i < s->in_c; i++)
			for (int y = 0; y < s->in_y; y++)
				for (int x = 0; x < s->in_x; x++, to += n)
					*to = (aq_real)sum_to_input(s, n, dout + k, weight, i, y,
								    x);
	}
}

void aq_conv_ref_weights(const struct aq_conv_shape *s, int n, const aq_real *in,
			 const aq_real *dout, aq_real *dweight, aq_real *dbias)
{
	struct touch t;
	for (t.o = 0; t.o < s->out_c; t.o++) {
		const size_t cells = (size_t)s->out_y * (size_t)s->out_x * (size_t)n;
		double sum = 0;
		for (size_t j = 0; j < cells; j++)
			sum += (double)dout[(size_t)t.o * cells + j];
		dbias[t.o] += (aq_real)sum;
		EACH_TAP (s, t) {
			sum = 0;
			for (t.y = 0; t.y < s->out_y; t.y++)
				for (t.x = 0; t.x < s->out_x; t.x++)
					for (int k = 0; k < n && inside(s, &t); k++)
						sum += (double)in[in_at(s, &t, n) + (size_t)k] *
						       (double)dout[out_at(s, &t, n) + (size_t)k];
			dweight[weight_at(s, &t)] += (aq_real)sum;
		}
	}
}
