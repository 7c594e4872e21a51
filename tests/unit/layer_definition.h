/* SPDX-License-Identifier: MIT
 *
 * layer_definition.h - what the layers are: their formulas as straight loops in double, and their
 * gradients
 *
 * Written from the formulas alone, with nothing of the library's in it.  Beside every number stands
 * its *size*, the sum of the magnitudes of its terms: rounding errors are to be measured by it.
 *
 *	maps   [example][channel][y][x]          weight  [out][in][v][u]
 */
#ifndef AQ_TESTS_LAYER_DEFINITION_H
#define AQ_TESTS_LAYER_DEFINITION_H

#include "layer_cases.h"

#include <math.h>

enum { DEFINED_INPUTS = 8 };

struct tensor {
	size_t count;
	double *value, *size;
};

struct definition {
	const int *at; /* of the case */
	int n;
	int depth[DEFINED_INPUTS]; /* channels of each input */
	int oc, oy, ox;		   /* sizes of the output */
	/* given; kept: factors of dropout */
	const double *in[DEFINED_INPUTS], *dout, *weight, *bias, *kept;
	/* wanted: zero at first */
	struct tensor out, din[DEFINED_INPUTS], dweight, dbias;
};

static inline void add_term(struct tensor *t, size_t at, double term)
{
	t->value[at] += term;
	t->size[at] += fabs(term);
}

static inline size_t cell(int k, int c, int y, int x, int cs, int ys, int xs)
{
	return (((size_t)k * (size_t)cs + (size_t)c) * (size_t)ys + (size_t)y) * (size_t)xs +
	       (size_t)x;
}

/* out = bias + sum of weight * in over the window; zeros outside the picture.  One output cell. */
static inline void define_conv_cell(struct definition *d, int k, int o, int y, int x)
{
	const int *at = d->at;
	const size_t to = cell(k, o, y, x, d->oc, d->oy, d->ox);
	add_term(&d->out, to, d->bias[o]);
	add_term(&d->dbias, (size_t)o, d->dout[to]);
	for (int i = 0; i < at[C]; i++)
		for (int v = 0; v < at[FY]; v++)
			for (int u = 0; u < at[FX]; u++) {
				const int iy = y * at[SY] - at[TOP] + v,
					  ix = x * at[SX] - at[LEFT] + u;
				if (iy < 0 || iy >= at[Y] || ix < 0 || ix >= at[X])
					continue;
				const size_t from = cell(k, i, iy, ix, at[C], at[Y], at[X]);
				const size_t w = cell(o, i, v, u, at[C], at[FY], at[FX]);
				add_term(&d->out, to, d->weight[w] * d->in[0][from]);
				add_term(&d->din[0], from, d->weight[w] * d->dout[to]);
				add_term(&d->dweight, w, d->in[0][from] * d->dout[to]);
			}
}

/* out = bias + sum of weight * in over everything. */
static inline void define_dense_cell(struct definition *d, int k, int o, int y, int x)
{
	(void)y;
	(void)x;
	const size_t width = (size_t)(d->at[C] * d->at[Y] * d->at[X]);
	const size_t to = (size_t)(k * d->oc + o);
	add_term(&d->out, to, d->bias[o]);
	add_term(&d->dbias, (size_t)o, d->dout[to]);
	for (size_t i = 0; i < width; i++) {
		const size_t from = (size_t)k * width + i, w = (size_t)o * width + i;
		add_term(&d->out, to, d->weight[w] * d->in[0][from]);
		add_term(&d->din[0], from, d->weight[w] * d->dout[to]);
		add_term(&d->dweight, w, d->in[0][from] * d->dout[to]);
	}
}

/* The largest or the mean of the cells of the window that lie in the picture. */
static inline void define_pool_cell(struct definition *d, int k, int o, int y, int x)
{
	const int *at = d->at;
	const size_t to = cell(k, o, y, x, d->oc, d->oy, d->ox);
	size_t seen[64], most = 0;
	int cells = 0;
	for (int v = 0; v < at[FY]; v++)
		for (int u = 0; u < at[FX]; u++) {
			const int iy = y * at[SY] - at[TOP] + v, ix = x * at[SX] - at[LEFT] + u;
			if (iy < 0 || iy >= at[Y] || ix < 0 || ix >= at[X])
				continue;
			const size_t from = cell(k, o, iy, ix, at[C], at[Y], at[X]);
			if (cells == 0 || d->in[0][from] > d->in[0][most])
				most = from;
			seen[cells++] = from;
		}
	for (int i = 0; i < cells && at[KIND] == AVGPOOL; i++) {
		add_term(&d->out, to, d->in[0][seen[i]] / cells);
		add_term(&d->din[0], seen[i], d->dout[to] / cells);
	}
	if (at[KIND] == MAXPOOL) {
		add_term(&d->out, to, d->in[0][most]);
		add_term(&d->din[0], most, d->dout[to]);
	}
}

/* A function of one number; the sizes of its derivative are those of the formula in terms of the
 * output. */
static inline void define_number(struct definition *d, int k, int o, int y, int x)
{
	const size_t i = cell(k, o, y, x, d->oc, d->oy, d->ox);
	const double in = d->in[0][i], dout = d->dout[i];
	const double bell = 1 / (1 + exp(-in)), hyper = tanh(in);
	switch (d->at[KIND]) {
	case RELU:
		add_term(&d->out, i, in > 0 ? in : 0);
		add_term(&d->din[0], i, in > 0 ? dout : 0);
		break;
	case SIGMOID:
		add_term(&d->out, i, bell);
		add_term(&d->din[0], i, bell * dout);
		add_term(&d->din[0], i, -bell * bell * dout);
		break;
	case TANH:
		add_term(&d->out, i, hyper);
		add_term(&d->din[0], i, dout);
		add_term(&d->din[0], i, -hyper * hyper * dout);
		break;
	default: /* DROPOUT */
		add_term(&d->out, i, d->kept[i] * in);
		add_term(&d->din[0], i, d->kept[i] * dout);
	}
}

/* The sum of all inputs, or the channels of all of them. */
static inline void define_join(struct definition *d, int k, int o, int y, int x)
{
	const size_t to = cell(k, o, y, x, d->oc, d->oy, d->ox);
	for (int j = 0, first = 0; j < d->at[INPUTS]; first += d->depth[j++]) {
		const int c = d->at[KIND] == ADD ? o : o - first;
		if (c < 0 || c >= d->depth[j])
			continue;
		const size_t from = cell(k, c, y, x, d->depth[j], d->oy, d->ox);
		add_term(&d->out, to, d->in[j][from]);
		add_term(&d->din[j], from, d->dout[to]);
	}
}

/* Sizes of the output: what fits, rounded down. */
static inline void define_shape(struct definition *d)
{
	const int *at = d->at;
	const bool window = at[KIND] == CONV || at[KIND] == MAXPOOL || at[KIND] == AVGPOOL;
	int channels = 0;
	for (int j = 0; j < at[INPUTS]; j++)
		channels += d->depth[j];
	d->oc = at[KIND] == CONV || at[KIND] == DENSE ? at[OUT]
		: at[KIND] == CONCAT		      ? channels
						      : at[C];
	d->oy = at[KIND] == DENSE ? 1 : at[Y];
	d->ox = at[KIND] == DENSE ? 1 : at[X];
	if (window) {
		d->oy = (at[Y] + at[TOP] + at[BOTTOM] - at[FY]) / at[SY] + 1;
		d->ox = (at[X] + at[LEFT] + at[RIGHT] - at[FX]) / at[SX] + 1;
	}
}

static inline void define(struct definition *d)
{
	void (*const each[])(struct definition *, int, int, int, int) = {
		[CONV] = define_conv_cell,    [DENSE] = define_dense_cell,
		[MAXPOOL] = define_pool_cell, [AVGPOOL] = define_pool_cell,
		[RELU] = define_number,	      [SIGMOID] = define_number,
		[TANH] = define_number,	      [DROPOUT] = define_number,
		[ADD] = define_join,	      [CONCAT] = define_join,
	};
	for (int k = 0; k < d->n; k++)
		for (int o = 0; o < d->oc; o++)
			for (int y = 0; y < d->oy; y++)
				for (int x = 0; x < d->ox; x++)
					each[d->at[KIND]](d, k, o, y, x);
}

#endif
