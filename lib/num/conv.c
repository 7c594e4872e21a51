/* SPDX-License-Identifier: MIT
 *
 * conv.c - a convolution laid out so that its loops are those of conv_kernel.c
 *
 * A *sweep* makes rows of outputs from rows of an input that has zeros left and right:
 *
 *	[channel][row] | zeros | column 0 .. | zeros |      each column n numbers, one an example
 *
 * The forward pass is a sweep from in to out; the backward pass to the input is one from dout to
 * din, with the filters turned round.  Above and below there are no zeros: the taps are ordered by
 * filter row first, so that an output row takes a slice of them, those that touch the picture.
 * Where a scheme of fewer products fits (conv_few.c), the rows are *planes*, sums of rows of the
 * input, and a sweep makes a band of a few rows at a time.
 *
 * With strides the input is split into phases, over which the stride is 1 (conv_split.c).
 */
#include "num/conv_private.h"

#include <string.h>

/* ---- pack ------------------------------------------------------------------------------------ */

/* Four numbers, one of each filter. */
#define FOUR(filter, at) ((aq_four){ (filter)[0][at], (filter)[1][at], (filter)[2][at], (filter)[3][at] })

/* One column of four filters: its rows, or its planes.  `inner` is that of the scheme of fewer
 * products (conv_few.h), 0 if there is none; as it is constant wherever these are inlined, the
 * compiler makes loops without questions of each. */
static inline void pack_column(const struct aq_conv *conv, const struct sweep *w,
			       const aq_real *const filter[4], ptrdiff_t at, aq_real *to,
			       size_t a_plane, const int inner)
{
	aq_four row[AQ_FEW_ROWS], plane[AQ_FEW_PLANES];
	if (inner == 0) {
		for (int v = 0; v < conv->s.fy; v++)
			*(aq_four *)(to + (size_t)v * a_plane) = FOUR(filter, at + v * w->v);
		return;
	}
	for (int v = 0; v < 2 * inner + 1; v++)
		row[v] = FOUR(filter, at + v * w->v);
	aq_few_weights(inner, row, plane);
	for (int p = 0; p < aq_few_planes_of(inner); p++)
		*(aq_four *)(to + (size_t)p * a_plane) = plane[p];
}

/* packed [group of 4 outputs][filter row or plane][input][column][4]; outputs that do not exist are
 * like the last one */
static inline void pack_sweep(const struct aq_conv *conv, const struct sweep *w,
			      const aq_real *weight, aq_real *packed, const int inner)
{
	const int fx = conv->s.fx;
	const size_t a_plane = (size_t)(w->inputs * fx * 4);
	aq_real *to = packed + w->packed_at;
	for (int o = 0; o < w->outputs; o += 4) {
		const aq_real *filter[4];
		for (int k = 0; k < 4; k++)
			filter[k] = weight + w->base + least(o + k, w->outputs - 1) * w->output;
		for (int i = 0; i < w->inputs; i++)
			for (int u = 0; u < fx; u++, to += 4)
				pack_column(conv, w, filter, i * w->input + u * w->u, to, a_plane,
					    inner);
		to += (size_t)(conv->planes - 1) * a_plane;
	}
}

static void pack_way(const struct aq_conv *conv, const struct sweep *w, const aq_real *weight,
		     aq_real *packed)
{
	switch (conv->few ? conv->few->inner : 0) {
	case 0:
		pack_sweep(conv, w, weight, packed, 0);
		break;
	case 1:
		pack_sweep(conv, w, weight, packed, 1);
		break;
	default:
		pack_sweep(conv, w, weight, packed, 2);
	}
}

void aq_conv_pack(const struct aq_conv *conv, const aq_real *weight, aq_real *packed)
{
	if (conv->is_split) {
		aq_real *phases = packed + aq_conv_packed(conv) - weights_size(conv);
		aq_conv_split_weights(conv, weight, phases, NULL);
		weight = phases;
	}
	pack_way(conv, &conv->forward, weight, packed);
	pack_way(conv, &conv->data, weight, packed);
}

/* Zeros left and right of rows. */
static void clear_sides(const struct sweep *w, size_t rows, int n, aq_real *row)
{
	const size_t before = (size_t)(w->before * n), run = (size_t)(w->in_x * n);
	const size_t width = (size_t)(w->width * n);
	for (size_t i = 0; i < rows && width > run; i++, row += width) {
		memset(row, 0, before * sizeof *row);
		memset(row + before + run, 0, (width - before - run) * sizeof *row);
	}
}

/* The input of a sweep with its zeros, from [rows][in_x][n] to [rows][width][n]. */
static const aq_real *with_zeros(const struct sweep *w, int n, const aq_real *in, aq_real *to)
{
	const size_t rows = (size_t)w->inputs * (size_t)w->in_y, run = (size_t)(w->in_x * n);
	const size_t width = (size_t)(w->width * n);
	if (width == run)
		return in;
	clear_sides(w, rows, n, to);
	for (size_t i = 0; i < rows; i++)
		memcpy(to + i * width + w->before * n, in + i * run, run * sizeof *to);
	return to;
}

/* ---- run ------------------------------------------------------------------------------------- */

static void sweep_direct(const struct aq_conv *conv, const struct sweep *w, int n,
			 const aq_real *in, const struct aq_conv_row *like, aq_real *out)
{
	const int fy = conv->s.fy, a_row = w->inputs * conv->s.fx;
	struct aq_conv_step step = { .row = 0 };
	struct aq_conv_row row = *like;
	row.step = &step;
	row.steps = row.rows = 1;
	for (int y = 0; y < w->out_y; y++) {
		const int base = y - w->top;
		step.first = a_row * least(most(0, -base), fy);
		step.end = most(step.first, a_row * least(fy, w->in_y - base));
		row.in = in + (ptrdiff_t)base * w->width * n;
		row.out = out + (size_t)y * (size_t)row.run;
		aq_kernels()->conv_row(&row);
	}
}

/* Planes of `count` bands from row y on: [plane of the group][channel][band][pitch]. */
static void make_bands(const struct aq_conv *conv, int g, enum aq_mix kind,
		       const struct aq_few_maps *maps, int y, int count, aq_real *to, size_t pitch)
{
	const size_t step = (size_t)count * pitch;
	for (int q = 0; q < count; q++, y += conv->few->high, to += pitch)
		aq_few_planes(conv->few, g, kind, maps, y, to, step,
			      (size_t)maps->channels * step);
}

static void sweep_few(const struct aq_conv *conv, const struct sweep *w, int n, const aq_real *in,
		      struct aq_conv_row *row, aq_real *scratch, aq_real *out)
{
	const struct aq_few *few = conv->few;
	const size_t zeros = zeros_size(conv) * (size_t)n;
	const size_t width = (size_t)w->width * (size_t)n, plane = (size_t)w->inputs * width;
	const struct aq_few_maps maps = { in, scratch, w->inputs, w->in_y, w->in_x * n };
	aq_real *planes = scratch + zeros;
	memset(scratch, 0, zeros * sizeof *scratch);
	clear_sides(w, (size_t)(few->planes * w->inputs), n, planes);
	row->in = planes;
	row->step = w->step;
	row->steps = few->planes;
	for (int y = 0; y < w->out_y; y += few->high) {
		aq_real *to = planes + w->before * n;
		for (int g = 0; g < AQ_FEW_GROUPS; g++, to += (size_t)few->a_group * plane)
			make_bands(conv, g, AQ_MIX_INPUT, &maps, y - w->top, 1, to, width);
		row->out = out + (size_t)y * (size_t)row->run;
		row->rows = least(few->high, w->out_y - y);
		aq_kernels()->conv_row(row);
	}
}

static void run_sweep(const struct aq_conv *conv, const struct sweep *w, int n, const aq_real *in,
		      const aq_real *packed, const aq_real *bias, aq_real *scratch, aq_real *out)
{
	struct aq_conv_row row = {
		.off = w->off, .n = n, .weight = packed + w->packed_at, .taps = taps_of(conv, w),
		.outputs = w->outputs, .bias = bias, .run = w->out_x * n,
		.plane = (size_t)w->out_y * (size_t)w->out_x * (size_t)n,
	};
	if (conv->few)
		sweep_few(conv, w, n, in, &row, scratch, out);
	else
		sweep_direct(conv, w, n, with_zeros(w, n, in, scratch), &row, out);
}

void aq_conv_forward(const struct aq_conv *conv, int n, const aq_real *in, const aq_real *packed,
		     const aq_real *bias, aq_real *scratch, aq_real *out)
{
	if (conv->is_split)
		aq_conv_split_map(conv, n, in, scratch, NULL);
	run_sweep(conv, &conv->forward, n, conv->is_split ? scratch : in, packed, bias,
		  scratch + 2 * split_size(conv) * (size_t)n, out);
}

void aq_conv_data(const struct aq_conv *conv, int n, const aq_real *dout, const aq_real *packed,
		  aq_real *scratch, aq_real *din)
{
	aq_real *phases = scratch + split_size(conv) * (size_t)n;
	run_sweep(conv, &conv->data, n, dout, packed, NULL,
		  scratch + 2 * split_size(conv) * (size_t)n, conv->is_split ? phases : din);
	if (conv->is_split)
		aq_conv_split_map(conv, n, NULL, phases, din);
}

/* ---- the gradient of the weights ------------------------------------------------------------- */

/* Filter rows that touch the picture from the same rows of out are one run of taps. */
static void sums_direct(const struct aq_conv *conv, int n, const aq_real *in, const aq_real *dout,
			aq_real *dweight)
{
	const struct aq_conv_shape *s = &conv->s;
	const size_t pitch = (size_t)conv->forward.width * (size_t)n;
	const int a_row = s->in_c * s->fx;
	struct aq_conv_sums sums = {
		.off = conv->off_direct, .n = n, .pitch = pitch, .run = s->out_x * n,
		.plane = (size_t)(s->out_y * s->out_x) * (size_t)n,
		.at = conv->at, .to_plane = (size_t)(a_row * s->fy),
	};
	const bool all = s->top == 0 && s->out_y + s->fy - 1 <= s->in_y;
	for (int v = 0; v < s->fy; v += all ? s->fy : 1) {
		const int y0 = most(0, s->top - v), y1 = least(s->out_y, s->in_y + s->top - v);
		sums.first = v * a_row;
		sums.end = all ? s->fy * a_row : sums.first + a_row;
		sums.rows = y1 - y0;
		sums.in = in + (ptrdiff_t)(y0 - s->top) * (ptrdiff_t)pitch;
		for (int o = 0; o < s->out_c && y1 > y0; o += 4) {
			sums.outputs = least(4, s->out_c - o);
			sums.dout = dout + (size_t)o * sums.plane + (size_t)y0 * (size_t)sums.run;
			sums.to = dweight + (size_t)o * sums.to_plane;
			aq_kernels()->conv_sums(&sums);
		}
	}
}

/* dweight [output][input][row][column] += what the sums [plane][output][input][column] say of it */
static inline void add_sums(const struct aq_conv *conv, const aq_real *sums, aq_real *dweight,
			    const int inner)
{
	const struct aq_conv_shape *s = &conv->s;
	const size_t a_row = sums_row(conv), a_plane = (size_t)s->out_c * a_row;
	const int fx = s->fx, taps = s->in_c * fx;
	for (int o = 0; o < s->out_c; o++, sums += a_row)
		for (int t = 0, u = 0; t < taps; t += 4) {
			aq_four plane[AQ_FEW_PLANES], row[AQ_FEW_ROWS];
			for (int p = 0; p < aq_few_planes_of(inner); p++)
				plane[p] = *(const aq_four *)(sums + (size_t)p * a_plane + t);
			aq_few_sums(inner, plane, row);
			for (int k = 0; k < 4 && t + k < taps; k++) {
				for (int v = 0; v < 2 * inner + 1; v++)
					dweight[v * fx + u] += row[v][k];
				if (++u == fx) {
					u = 0;
					dweight += (2 * inner + 1) * fx;
				}
			}
		}
}

/* Group after group of planes of a few bands, and of these four outputs at a time, so that what is
 * made is used while it is near. */
static void sums_few(const struct aq_conv *conv, int n, const aq_real *in, const aq_real *dout,
		     aq_real *scratch, aq_real *dweight)
{
	const struct aq_conv_shape *s = &conv->s;
	const struct aq_few *few = conv->few;
	const size_t zeros = zeros_size(conv) * (size_t)n, run = (size_t)(s->out_x * n);
	const struct aq_few_maps ins = { in, scratch, s->in_c, s->in_y, s->in_x * n };
	struct aq_few_maps douts = { dout, scratch, 0, s->out_y, s->out_x * n };
	aq_real *turned = scratch + zeros;
	aq_real *joined = turned + turned_size(conv) * (size_t)n + AQ_SLACK;
	aq_real *sum = joined + joined_size(conv) * (size_t)n + AQ_SLACK;
	struct aq_conv_sums sums = {
		.n = n, .end = s->in_c * s->fx, .pitch = (size_t)(conv->forward.width * n),
		.run = s->out_x * n, .to_plane = sums_row(conv),
	};
	memset(scratch, 0, zeros * sizeof *scratch);
	for (int i = 0; i < conv->bands * AQ_FEW_GROUPS; i++) {
		const int g = i % AQ_FEW_GROUPS, q = i / AQ_FEW_GROUPS * conv->at_once;
		if (q >= conv->bands)
			break;
		sums.adds = q > 0;
		sums.rows = least(conv->at_once, conv->bands - q);
		sums.off = sums.rows == conv->at_once ? conv->off : conv->off_rest;
		sums.plane = (size_t)sums.rows * run;
		if (g == 0)
			clear_sides(&conv->forward,
				    (size_t)(few->a_group * s->in_c * sums.rows), n, turned);
		make_bands(conv, g, AQ_MIX_INPUT, &ins, q * few->high - s->top, sums.rows,
			   turned + s->left * n, sums.pitch);
		for (int o = 0; o < s->out_c; o += 4) {
			sums.outputs = douts.channels = least(4, s->out_c - o);
			douts.at = dout + (size_t)(o * s->out_y) * run;
			make_bands(conv, g, AQ_MIX_OUTPUT, &douts, q * few->high, sums.rows,
				   joined, run);
			sums.to = sum + (size_t)(g * few->a_group * s->out_c + o) * sums.to_plane;
			sums.in = turned;
			sums.dout = joined;
			for (int p = g * few->a_group;
			     p < least(few->planes, (g + 1) * few->a_group); p++) {
				aq_kernels()->conv_sums(&sums);
				sums.in += (size_t)(s->in_c * sums.rows) * sums.pitch;
				sums.dout += (size_t)sums.outputs * sums.plane;
				sums.to += (size_t)s->out_c * sums.to_plane;
			}
		}
	}
	if (few->inner == 1)
		add_sums(conv, sum, dweight, 1);
	else
		add_sums(conv, sum, dweight, 2);
}

/* Are there enough numbers for fewer products to be faster, and as exact? */
static bool few_pays(const struct aq_conv *conv, int n)
{
	return conv->few && conv->bands * conv->s.out_x * n >= 128;
}

void aq_conv_weights(const struct aq_conv *conv, int n, const aq_real *in, const aq_real *dout,
		     aq_real *scratch, aq_real *dweight, aq_real *dbias)
{
	const struct aq_conv_shape *s = &conv->s;
	aq_real *mine = scratch + 2 * split_size(conv) * (size_t)n, *to = dweight;
	if (conv->is_split) {
		in = scratch; /* where the forward pass left it */
		to = scratch + aq_conv_scratch(conv) * (size_t)n + aq_conv_scratch_fixed(conv) -
		     weights_size(conv);
		memset(to, 0, weights_size(conv) * sizeof *to);
	}
	aq_kernels()->sum_planes(s->out_c, (size_t)(s->out_y * s->out_x * n), dout, dbias);
	if (few_pays(conv, n))
		sums_few(conv, n, in, dout, mine, to);
	else
		sums_direct(conv, n, with_zeros(&conv->forward, n, in, mine), dout, to);
	if (conv->is_split)
		aq_conv_split_weights(conv, NULL, to, dweight);
}
