/* SPDX-License-Identifier: MIT
 *
 * conv_private.h - what conv_plan.c plans, and conv.c and conv_split.c run
 */
#ifndef AQ_NUM_CONV_PRIVATE_H
#define AQ_NUM_CONV_PRIVATE_H

#include "num/conv.h"
#include "num/conv_few.h"
#include "num/kernels.h"

#include <stdbool.h>

enum { AT_ONCE = 64 }; /* columns whose planes are made at once, for the gradient of the weights */

struct sweep {
	int inputs, in_y, in_x, outputs, out_y, out_x;
	int top, left;              /* row y takes the filter to rows y-top ..; columns too */
	int before, width;          /* zeros left, and numbers of a row with all its zeros */
	int32_t *off;               /* of taps (filter row or plane, input, column) */
	struct aq_conv_step step[AQ_FEW_PLANES];
	size_t packed_at;
	ptrdiff_t base, output, input, v, u; /* where weights are */
};

struct aq_conv {
	struct aq_conv_shape s, whole; /* of stride 1; as it was asked for */
	int phase_y, phase_x;       /* how many, */
	int first_y, first_x;       /* and the zeros left out before them */
	int32_t *phase_at;          /* each weight of a filter among those of its phases */
	bool is_split;
	const struct aq_few *few;   /* NULL: direct */
	int planes;                 /* or filter rows */
	struct sweep forward, data;
	int bands, at_once;         /* of out; how many of them the planes are made of at once */
	int32_t *off, *off_rest;    /* of taps (input, column) of so many, of the last ones */
	int32_t *off_direct;        /* and of taps (row, input, column) of the input with its zeros, */
	uint32_t *at;               /* which belong here in the weights */
};

/* Phases (conv_split.c): make conv->s the convolution over those of conv->whole; bring a map to them, or
 * back, and filters, which are added when they come back. */
int aq_conv_split(struct aq_conv *conv, struct aq_arena *mem) AQ_CHECKED;
void aq_conv_split_map(const struct aq_conv *conv, int n, const aq_real *whole, aq_real *phase,
		       aq_real *back);
void aq_conv_split_weights(const struct aq_conv *conv, const aq_real *whole, aq_real *phase,
			   aq_real *back);

static inline int least(int a, int b)
{
	return a < b ? a : b;
}

static inline int most(int a, int b)
{
	return a > b ? a : b;
}

static inline size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static inline int taps_of(const struct aq_conv *conv, const struct sweep *w)
{
	return conv->planes * w->inputs * conv->s.fx;
}

static inline size_t weights_size(const struct aq_conv *conv)
{
	const struct aq_conv_shape *s = &conv->s;
	return (size_t)s->out_c * (size_t)s->in_c * (size_t)s->fy * (size_t)s->fx;
}

/* Of one example: the input split into phases. */
static inline size_t split_size(const struct aq_conv *conv)
{
	const struct aq_conv_shape *s = &conv->s;
	return conv->is_split ? (size_t)s->in_c * (size_t)s->in_y * (size_t)s->in_x : 0;
}

static inline size_t zeros_size(const struct aq_conv *conv)
{
	return (size_t)most(conv->s.in_x, conv->s.out_x);
}

/* The planes of a group made at once, of the input and of four outputs of dout. */
static inline size_t turned_size(const struct aq_conv *conv)
{
	return conv->few ? (size_t)(conv->few->a_group * conv->at_once * conv->s.in_c) *
				   (size_t)conv->forward.width
			 : 0;
}

static inline size_t joined_size(const struct aq_conv *conv)
{
	return conv->few ? (size_t)(conv->few->a_group * conv->at_once * 4 * conv->s.out_x) : 0;
}

/* Sums of one output and plane. */
static inline size_t sums_row(const struct aq_conv *conv)
{
	return (size_t)conv->s.in_c * (size_t)conv->s.fx + AQ_CONV_ROOM;
}

#endif
