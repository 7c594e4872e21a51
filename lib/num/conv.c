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
 * With strides the input is split into *phases*, every sy-th row and sx-th column of it, which are
 * channels like any others: over them the stride is 1.  The filter is split the same way; where a
 * phase has no filter row or column it is zero.
 */
#include "num/conv_private.h"

#include <string.h>

/* ---- phases ---------------------------------------------------------------------------------- */

/* A row of a map, NULL if there is none, and that of a phase, one way or the other. */
static void split_row(const struct aq_conv *conv, int n, int rx, const aq_real *whole,
		      aq_real *phase, aq_real *back)
{
	const struct aq_conv_shape *w = &conv->whole;
	const size_t size = (size_t)n * sizeof *whole;
	int x = conv->first_x * w->sx + rx - w->left;
	for (int k = 0; k < conv->s.in_x; k++, x += w->sx, phase += n) {
		const bool inside = (whole || back) && x >= 0 && x < w->in_x;
		if (inside && back)
			memcpy(back + (size_t)x * (size_t)n, phase, size);
		else if (inside)
			memcpy(phase, whole + (size_t)x * (size_t)n, size);
		else
			memset(phase, 0, size);
	}
}

/* A map and its phases [channel][row phase][column phase][row][column]. */
static void split_map(const struct aq_conv *conv, int n, const aq_real *whole, aq_real *phase,
		      aq_real *back)
{
	const struct aq_conv_shape *w = &conv->whole, *s = &conv->s;
	const size_t a_row = (size_t)(w->in_x * n), phase_row = (size_t)(s->in_x * n);
	if (back)
		memset(back, 0, (size_t)(w->in_c * w->in_y) * a_row * sizeof *back);
	for (int i = 0; i < w->in_c; i++)
		for (int r = 0; r < conv->phase_y * conv->phase_x; r++)
			for (int k = 0; k < s->in_y; k++, phase += phase_row) {
				const int y = (conv->first_y + k) * w->sy + r / conv->phase_x - w->top;
				const bool inside = y >= 0 && y < w->in_y;
				const size_t at = inside ? (size_t)(i * w->in_y + y) * a_row : 0;
				split_row(conv, n, r % conv->phase_x,
					  inside && whole ? whole + at : NULL, phase,
					  inside && back ? back + at : NULL);
			}
}

/* Filters and their phases, the same; back they are added. */
static void split_weights(const struct aq_conv *conv, const aq_real *whole, aq_real *phase,
			  aq_real *back)
{
	const struct aq_conv_shape *w = &conv->whole, *s = &conv->s;
	const ptrdiff_t filter = (ptrdiff_t)w->fy * w->fx;
	for (int f = 0; f < w->out_c * w->in_c; f++)
		for (int r = 0; r < conv->phase_y * conv->phase_x; r++)
			for (int k = 0; k < s->fy; k++) {
				const int v = k * w->sy + r / conv->phase_x;
				int u = r % conv->phase_x;
				for (int l = 0; l < s->fx; l++, u += w->sx, phase++) {
					const bool inside = v < w->fy && u < w->fx;
					const ptrdiff_t at = f * filter + v * w->fx + u;
					if (inside && back)
						back[at] += *phase;
					else if (!back)
						*phase = inside ? whole[at] : 0;
				}
			}
}

/* ---- pack ------------------------------------------------------------------------------------ */

/* packed [group of 4 outputs][filter row or plane][input][column][4], zeros for outputs that do not
 * exist */
static void pack_sweep(const struct aq_conv *conv, const struct sweep *w, const aq_real *weight,
		       aq_real *packed)
{
	const int fx = conv->s.fx, a_plane = w->inputs * fx * 4;
	aq_real *to = packed + w->packed_at;
	for (int o = 0; o < w->outputs; o += 4, to += conv->planes * a_plane) {
		const int live = least(4, w->outputs - o);
		for (int t = 0; t < w->inputs * fx; t++) {
			const aq_real *from = weight + w->base + o * w->output + t / fx * w->input +
					      t % fx * w->u;
			if (!conv->few) {
				for (int v = 0; v < conv->s.fy; v++)
					for (int k = 0; k < 4; k++)
						to[v * a_plane + 4 * t + k] =
							k < live ? from[v * w->v + k * w->output] : 0;
				continue;
			}
			aq_four row[AQ_FEW_ROWS] = { 0 }, plane[AQ_FEW_PLANES];
			for (int v = 0; v < conv->s.fy; v++)
				for (int k = 0; k < live; k++)
					row[v][k] = from[v * w->v + k * w->output];
			aq_few_weights(conv->few, row, plane);
			for (int p = 0; p < conv->planes; p++)
				*(aq_four *)(to + p * a_plane + 4 * t) = plane[p];
		}
	}
}

void aq_conv_pack(const struct aq_conv *conv, const aq_real *weight, aq_real *packed)
{
	if (conv->is_split) {
		aq_real *phases = packed + aq_conv_packed(conv) - weights_size(conv);
		split_weights(conv, weight, phases, NULL);
		weight = phases;
	}
	pack_sweep(conv, &conv->forward, weight, packed);
	pack_sweep(conv, &conv->data, weight, packed);
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
		split_map(conv, n, in, scratch, NULL);
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
		split_map(conv, n, NULL, phases, din);
}

/* ---- the gradient of the weights ------------------------------------------------------------- */

static void sums_direct(const struct aq_conv *conv, int n, const aq_real *in, const aq_real *dout,
			aq_real *dweight)
{
	const struct aq_conv_shape *s = &conv->s;
	const size_t pitch = (size_t)conv->forward.width * (size_t)n;
	struct aq_conv_sums sums = {
		.off = conv->off_direct, .n = n, .end = s->in_c * s->fx, .pitch = pitch,
		.run = s->out_x * n, .plane = (size_t)(s->out_y * s->out_x) * (size_t)n,
		.at = conv->at, .to_plane = (size_t)(s->in_c * s->fy * s->fx),
	};
	for (int v = 0; v < s->fy; v++) {
		/* the output rows that this filter row touches the picture from */
		const int y0 = most(0, s->top - v), y1 = least(s->out_y, s->in_y + s->top - v);
		sums.rows = y1 - y0;
		sums.in = in + (ptrdiff_t)(y0 - s->top + v) * (ptrdiff_t)pitch;
		for (int o = 0; o < s->out_c && y1 > y0; o += 4) {
			sums.outputs = least(4, s->out_c - o);
			sums.dout = dout + (size_t)o * sums.plane + (size_t)y0 * (size_t)sums.run;
			sums.to = dweight + (size_t)o * sums.to_plane + v * s->fx;
			aq_kernels()->conv_sums(&sums);
		}
	}
}

/* dweight [output][input][row][column] += what the sums [plane][output][input][column] say of it */
static void add_sums(const struct aq_conv *conv, const aq_real *sums, aq_real *dweight)
{
	const struct aq_conv_shape *s = &conv->s;
	const size_t a_row = sums_row(conv), a_plane = (size_t)s->out_c * a_row;
	for (int o = 0; o < s->out_c; o++, sums += a_row)
		for (int t = 0, u = 0; t < s->in_c * s->fx; t += 4) {
			aq_four plane[AQ_FEW_PLANES], row[AQ_FEW_ROWS];
			for (int p = 0; p < conv->planes; p++)
				plane[p] = *(const aq_four *)(sums + (size_t)p * a_plane + t);
			aq_few_sums(conv->few, plane, row);
			for (int k = 0; k < 4 && t + k < s->in_c * s->fx; k++) {
				for (int v = 0; v < s->fy; v++)
					dweight[v * s->fx + u] += row[v][k];
				if (++u == s->fx) {
					u = 0;
					dweight += s->fy * s->fx;
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
	add_sums(conv, sum, dweight);
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
		split_weights(conv, NULL, to, dweight);
}
