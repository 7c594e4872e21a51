/* SPDX-License-Identifier: MIT
 *
 * conv.c - a convolution laid out so that its loops are the two of conv_kernel.c
 *
 * A *sweep* makes rows of outputs from rows of an input that has zeros left and right:
 *
 *	[channel][row] | zeros | column 0 .. | zeros |      each column n numbers, one an example
 *
 * The forward pass is one sweep from in to out.  The backward pass to the input is one sweep from
 * dout to din for each residue of a column of din by the stride sx (one, when sx is 1): columns of
 * the same residue are reached by the same taps.  With sx > 1 the forward input is kept residue by
 * residue for the same reason, so that neighbours in a run are sx columns apart.
 *
 * Above and below there are no zeros: the taps are ordered by filter row first, so that an output
 * row takes a slice of them, those that touch the picture.  (With sy > 1 a row of din takes the
 * filter rows of its residue by sy, and the taps are ordered by that residue before all.)
 *
 * A filter as large as the picture is a dense layer and is computed as one.
 */
#include "num/conv.h"

#include "num/conv_few.h"
#include "num/dense.h"
#include "num/kernels.h"

#include <stdbool.h>
#include <string.h>

/* Of the input of a sweep, or of din by residues: where columns are. */
struct strip {
	int before, columns, after; /* zeros, numbers, zeros */
	int width;                  /* of all three */
};

struct sweep {
	int outputs, taps;
	int residue;                /* of the columns of din it writes */
	int columns;                /* of the rows it writes */
	int32_t *off;               /* of each tap, for n = 1, from the row's base */
	uint32_t *from;             /* where its weight is: from[t] + output * step */
	size_t step;
	size_t packed_at;
	int a_row;                  /* taps of one filter row */
	int *first;                 /* first tap of each row residue */
};

struct aq_conv {
	struct aq_conv_shape s;
	struct aq_dense dense;
	bool is_dense;
	struct aq_conv_few *few;    /* not NULL: it does most of the work */
	struct strip in, dout;      /* strip of one residue; a row of the input has sx of them */
	bool in_packed, dout_packed;
	struct sweep forward, *data;
	size_t packed;
	size_t dout_at, row_at, scratch; /* places in the scratch, an example */
};

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

/* Quotient and residue towards minus infinity; b > 0. */
static int floor_div(int a, int b)
{
	return a >= 0 ? a / b : -((-a + b - 1) / b);
}

static int residue(int a, int b)
{
	return a - floor_div(a, b) * b;
}

/* ---- plan ------------------------------------------------------------------------------------ */

/* Strips of the forward input: column x of the padded picture, x = 0 .. , lies at x / sx of strip x
 * % sx. */
static struct strip input_strip(const struct aq_conv_shape *s)
{
	struct strip in = { .before = 0 };
	if (s->sx == 1) {
		in.before = s->left;
		in.columns = s->in_x;
		in.after = most(0, s->out_x - 1 + s->fx - s->left - s->in_x);
		in.width = in.before + in.columns + in.after;
	} else {
		in.width = s->out_x + (s->fx - 1) / s->sx;
	}
	return in;
}

/* Column x of din reads column (x + left - u) / sx of dout: q + reach for x = sx*q + r. */
static int reach(const struct aq_conv_shape *s, int r, int u)
{
	return (r + s->left - u) / s->sx; /* exact */
}

static bool reaches(const struct aq_conv_shape *s, int r, int u)
{
	return residue(r + s->left - u, s->sx) == 0;
}

static struct strip dout_strip(const struct aq_conv_shape *s)
{
	int lowest = 0, highest = s->out_x - 1;
	for (int r = 0; r < s->sx && r < s->in_x; r++)
		for (int u = 0; u < s->fx; u++)
			if (reaches(s, r, u)) {
				const int last = (s->in_x - 1 - r) / s->sx;
				lowest = least(lowest, reach(s, r, u));
				highest = most(highest, last + reach(s, r, u));
			}
	return (struct strip){
		.before = -lowest,
		.columns = s->out_x,
		.after = highest - (s->out_x - 1),
		.width = highest - lowest + 1,
	};
}

static int take_taps(struct sweep *sweep, int residues, struct aq_arena *mem)
{
	const size_t taps = sweep->taps > 0 ? (size_t)sweep->taps : 1;
	sweep->off = aq_arena_take(mem, taps, sizeof *sweep->off);
	sweep->from = aq_arena_take(mem, taps, sizeof *sweep->from);
	sweep->first = aq_arena_take(mem, (size_t)residues + 1, sizeof *sweep->first);
	return sweep->off && sweep->from && sweep->first ? AQ_OK : AQ_ENOMEM;
}

static uint32_t weight_at(const struct aq_conv_shape *s, int o, int i, int v, int u)
{
	return ((uint32_t)(o * s->in_c + i) * (uint32_t)s->fy + (uint32_t)v) * (uint32_t)s->fx +
	       (uint32_t)u;
}

/* Taps (v, i, u) of the forward sweep. */
static int plan_forward(struct aq_conv *conv, struct aq_arena *mem)
{
	const struct aq_conv_shape *s = &conv->s;
	struct sweep *sweep = &conv->forward;
	sweep->outputs = s->out_c;
	sweep->columns = s->out_x;
	sweep->a_row = s->in_c * s->fx;
	sweep->taps = sweep->a_row * s->fy;
	sweep->step = (size_t)sweep->taps;
	int rc, t = 0;
	AQ_TRY(take_taps(sweep, 1, mem));
	const int row = s->sx * conv->in.width; /* of the strips */
	for (int v = 0; v < s->fy; v++)
		for (int i = 0; i < s->in_c; i++)
			for (int u = 0; u < s->fx; u++, t++) {
				sweep->off[t] = (i * s->in_y + v) * row +
						u % s->sx * conv->in.width + u / s->sx;
				sweep->from[t] = weight_at(s, 0, i, v, u);
			}
	sweep->first[1] = t;
done:
	return rc;
}

/* Taps (residue of v, v, o, u) of the sweep that writes columns of residue r. */
static int plan_data(struct aq_conv *conv, struct sweep *sweep, int r, struct aq_arena *mem)
{
	const struct aq_conv_shape *s = &conv->s;
	int columns_hit = 0;
	for (int u = 0; u < s->fx; u++)
		columns_hit += reaches(s, r, u);
	sweep->outputs = s->in_c;
	sweep->residue = r;
	sweep->columns = s->in_x > r ? (s->in_x - 1 - r) / s->sx + 1 : 0;
	sweep->a_row = s->out_c * columns_hit;
	sweep->taps = sweep->a_row * s->fy;
	sweep->step = (size_t)s->fy * (size_t)s->fx;
	int rc, t = 0;
	AQ_TRY(take_taps(sweep, s->sy, mem));
	for (int rest = 0; rest < s->sy; rest++) {
		sweep->first[rest] = t;
		for (int v = rest; v < s->fy; v += s->sy)
			for (int o = 0; o < s->out_c; o++)
				for (int u = 0; u < s->fx; u++) {
					if (!reaches(s, r, u))
						continue;
					sweep->off[t] =
						(o * s->out_y - v / s->sy) * conv->dout.width +
						conv->dout.before + reach(s, r, u);
					sweep->from[t++] = weight_at(s, o, 0, v, u);
				}
	}
	sweep->first[s->sy] = t;
done:
	return rc;
}

static size_t packed_size(const struct sweep *sweep)
{
	return (size_t)((sweep->outputs + 3) / 4) * (size_t)sweep->taps * 4;
}

static int plan_sweeps(struct aq_conv *conv, bool few, struct aq_arena *mem)
{
	const struct aq_conv_shape *s = &conv->s;
	if (few && aq_conv_few_fits(s)) {
		const int rc = aq_conv_few_plan(&conv->few, s, mem);
		if (rc < 0)
			return rc;
	}
	conv->in = input_strip(s);
	conv->dout = dout_strip(s);
	conv->in_packed = s->sx > 1 || conv->in.width > s->in_x;
	conv->dout_packed = conv->dout.width > s->out_x;
	/* Offsets are 32 bits wide and count columns of one example. */
	const size_t in_size = (size_t)s->in_c * (size_t)s->in_y * (size_t)(s->sx * conv->in.width);
	const size_t dout_size = (size_t)s->out_c * (size_t)s->out_y * (size_t)conv->dout.width;
	const size_t row_size = (size_t)s->in_c * (size_t)(s->in_x / s->sx + 1);
	if (in_size > 1u << 30 || dout_size > 1u << 30)
		return aq_fail(AQ_EDATA, "with its padding the map has more than 2^30 numbers");
	int rc;
	AQ_TRY(plan_forward(conv, mem));
	conv->packed = packed_size(&conv->forward);
	conv->data = aq_arena_take(mem, (size_t)s->sx, sizeof *conv->data);
	if (!conv->data)
		return AQ_ENOMEM;
	for (int r = 0; r < s->sx; r++) {
		AQ_TRY(plan_data(conv, &conv->data[r], r, mem));
		conv->data[r].packed_at = conv->packed;
		conv->packed += packed_size(&conv->data[r]);
	}
	conv->dout_at = conv->in_packed ? in_size : 0;
	conv->row_at = conv->dout_at + (conv->dout_packed ? dout_size : 0);
	conv->scratch = conv->row_at + (s->sx > 1 ? row_size : 0);
done:
	return rc;
}

static int plan(struct aq_conv **out, const struct aq_conv_shape *shape, bool few,
		struct aq_arena *mem)
{
	*out = NULL;
	struct aq_conv *conv = aq_arena_take(mem, 1, sizeof *conv);
	if (!conv)
		return AQ_ENOMEM;
	const struct aq_conv_shape *s = &conv->s;
	conv->s = *shape;
	conv->is_dense = s->out_y == 1 && s->out_x == 1 && s->top == 0 && s->left == 0 &&
			 s->fy == s->in_y && s->fx == s->in_x;
	conv->dense = (struct aq_dense){ s->in_c * s->in_y * s->in_x, s->out_c, 0 };
	int rc = AQ_OK;
	if (!conv->is_dense)
		AQ_TRY(plan_sweeps(conv, few, mem));
	*out = conv;
done:
	return rc;
}

int aq_conv_plan(struct aq_conv **conv, const struct aq_conv_shape *shape, struct aq_arena *mem)
{
	return plan(conv, shape, true, mem);
}

int aq_conv_plan_direct(struct aq_conv **conv, const struct aq_conv_shape *shape,
			struct aq_arena *mem)
{
	return plan(conv, shape, false, mem);
}

size_t aq_conv_packed(const struct aq_conv *conv)
{
	if (conv->few)
		return aq_conv_few_packed(conv->few);
	return conv->is_dense ? aq_dense_packed(&conv->dense) : conv->packed;
}

size_t aq_conv_scratch(const struct aq_conv *conv)
{
	const size_t few = conv->few ? aq_conv_few_scratch(conv->few) : 0;
	const size_t own = conv->is_dense ? aq_dense_scratch(&conv->dense) : conv->scratch;
	return few > own ? few : own;
}

size_t aq_conv_scratch_fixed(const struct aq_conv *conv)
{
	return conv->few ? aq_conv_few_scratch_fixed(conv->few) : 3 * AQ_SLACK;
}

/* ---- pack ------------------------------------------------------------------------------------ */

/* packed [group of 4 outputs][tap][4], zeros for outputs that do not exist */
static void pack_sweep(const struct sweep *sweep, const aq_real *weight, aq_real *packed)
{
	aq_real *to = packed + sweep->packed_at;
	for (int o = 0; o < sweep->outputs; o += 4) {
		const aq_real *from = weight + (size_t)o * sweep->step;
		const int live = least(4, sweep->outputs - o);
		for (int t = 0; t < sweep->taps; t++, to += 4)
			for (int k = 0; k < 4; k++)
				to[k] = k < live ? from[sweep->from[t] + (size_t)k * sweep->step]
						 : 0;
	}
}

void aq_conv_pack(const struct aq_conv *conv, const aq_real *weight, aq_real *packed)
{
	if (conv->is_dense) {
		aq_dense_pack(&conv->dense, weight, packed);
		return;
	}
	if (conv->few) {
		aq_conv_few_pack(conv->few, weight, packed);
		return;
	}
	pack_sweep(&conv->forward, weight, packed);
	for (int r = 0; r < conv->s.sx; r++)
		pack_sweep(&conv->data[r], weight, packed);
}

/* Rows of `columns` columns get their zeros: from [rows][columns][n] to [rows][width][n]. */
static void pack_rows(const struct strip *strip, size_t rows, int n, const aq_real *from,
		      aq_real *to)
{
	const size_t before = (size_t)(strip->before * n), run = (size_t)(strip->columns * n);
	const size_t after = (size_t)(strip->after * n), width = (size_t)(strip->width * n);
	for (size_t row = 0; row < rows; row++, from += run, to += width) {
		memset(to, 0, before * sizeof *to);
		memcpy(to + before, from, run * sizeof *to);
		memset(to + before + run, 0, after * sizeof *to);
	}
}

/* The same with the columns sorted by their residue: [rows][residue][width][n]. */
static void pack_residues(const struct aq_conv *conv, int n, const aq_real *in, aq_real *to)
{
	const struct aq_conv_shape *s = &conv->s;
	const size_t rows = (size_t)s->in_c * (size_t)s->in_y, column = (size_t)n;
	for (size_t row = 0; row < rows; row++, in += (size_t)s->in_x * column)
		for (int r = 0; r < s->sx; r++)
			for (int q = 0; q < conv->in.width; q++, to += column) {
				const int x = q * s->sx + r - s->left;
				if (x >= 0 && x < s->in_x)
					memcpy(to, in + (size_t)x * column, column * sizeof *to);
				else
					memset(to, 0, column * sizeof *to);
			}
}

/* ---- run ------------------------------------------------------------------------------------- */

void aq_conv_forward(const struct aq_conv *conv, int n, const aq_real *in, const aq_real *packed,
		     const aq_real *bias, aq_real *scratch, aq_real *out)
{
	const struct aq_conv_shape *s = &conv->s;
	const struct sweep *sweep = &conv->forward;
	const struct aq_kernels *kernels = aq_kernels();
	if (conv->is_dense) {
		aq_dense_forward(&conv->dense, n, in, packed, bias, out);
		return;
	}
	if (conv->few) {
		aq_conv_few_forward(conv->few, n, in, packed, bias, scratch, out);
		return;
	}
	if (s->sx > 1)
		pack_residues(conv, n, in, scratch);
	else if (conv->in_packed)
		pack_rows(&conv->in, (size_t)s->in_c * (size_t)s->in_y, n, in, scratch);
	const ptrdiff_t pitch = (ptrdiff_t)s->sx * conv->in.width * n;
	struct aq_conv_step step = { .row = 0 };
	struct aq_conv_row row = {
		.off = sweep->off, .n = n, .step = &step, .steps = 1,
		.weight = packed + sweep->packed_at, .taps = sweep->taps, .rows = 1,
		.outputs = sweep->outputs, .bias = bias, .run = s->out_x * n,
		.plane = (size_t)s->out_y * (size_t)s->out_x * (size_t)n,
	};
	for (int y = 0; y < s->out_y; y++) {
		const int base = y * s->sy - s->top;
		step.first = sweep->a_row * least(most(0, -base), s->fy);
		step.end = most(step.first, sweep->a_row * least(s->fy, s->in_y - base));
		row.in = (conv->in_packed ? scratch : in) + base * pitch;
		row.out = out + (size_t)y * (size_t)row.run;
		kernels->conv_row(&row);
	}
}

void aq_conv_weights(const struct aq_conv *conv, int n, const aq_real *in, const aq_real *dout,
		     aq_real *scratch, aq_real *dweight, aq_real *dbias)
{
	const struct aq_conv_shape *s = &conv->s;
	const struct sweep *sweep = &conv->forward;
	const struct aq_kernels *kernels = aq_kernels();
	if (conv->is_dense) {
		aq_dense_weights(&conv->dense, n, in, dout, scratch, dweight, dbias);
		return;
	}
	if (conv->few && aq_conv_few_pays(conv->few, n)) {
		aq_conv_few_weights(conv->few, n, in, dout, scratch, dweight, dbias);
		return;
	}
	if (conv->few && conv->in_packed) /* which left nothing in the scratch */
		pack_rows(&conv->in, (size_t)s->in_c * (size_t)s->in_y, n, in, scratch);
	const size_t pitch = (size_t)s->sx * (size_t)conv->in.width * (size_t)n;
	struct aq_conv_sums sums = {
		.off = sweep->off, .n = n, .pitch = pitch * (size_t)s->sy, .run = s->out_x * n,
		.plane = (size_t)s->out_y * (size_t)s->out_x * (size_t)n,
		.at = sweep->from, .to_plane = sweep->step,
	};
	kernels->sum_planes(s->out_c, sums.plane, dout, dbias);
	for (int v = 0; v < s->fy; v++) {
		/* the output rows that this filter row touches the picture from */
		const int y0 = most(0, -floor_div(v - s->top, s->sy));
		const int y1 = least(s->out_y, floor_div(s->in_y - 1 + s->top - v, s->sy) + 1);
		const ptrdiff_t base = (ptrdiff_t)(y0 * s->sy - s->top) * (ptrdiff_t)pitch;
		if (y1 <= y0)
			continue;
		sums.first = v * sweep->a_row;
		sums.end = sums.first + sweep->a_row;
		sums.rows = y1 - y0;
		sums.in = (conv->in_packed ? scratch : in) + base;
		for (int o = 0; o < s->out_c; o += 4) {
			sums.outputs = least(4, s->out_c - o);
			sums.dout = dout + (size_t)o * sums.plane + (size_t)y0 * (size_t)sums.run;
			sums.to = dweight + (size_t)o * sums.to_plane;
			kernels->conv_sums(&sums);
		}
	}
}

/* Columns of one residue into their places in a row of din, all channels. */
static void spread(const struct aq_conv_shape *s, const struct sweep *sweep, int n,
		   const aq_real *from, aq_real *din)
{
	const size_t column = (size_t)n, plane = (size_t)s->in_y * (size_t)s->in_x * column;
	for (int i = 0; i < s->in_c; i++)
		for (int q = 0; q < sweep->columns; q++, from += column)
			memcpy(din + (size_t)i * plane +
				       (size_t)(q * s->sx + sweep->residue) * column,
			       from, column * sizeof *din);
}

static void sweep_to_input(const struct aq_conv *conv, const struct sweep *sweep, int n,
			   const aq_real *dout, const aq_real *packed, aq_real *buffer,
			   aq_real *din)
{
	const struct aq_conv_shape *s = &conv->s;
	const struct aq_kernels *kernels = aq_kernels();
	const ptrdiff_t pitch = (ptrdiff_t)conv->dout.width * n;
	const size_t plane = (size_t)s->in_y * (size_t)s->in_x * (size_t)n;
	struct aq_conv_step step = { .row = 0 };
	struct aq_conv_row row = {
		.off = sweep->off, .n = n, .step = &step, .steps = 1,
		.weight = packed + sweep->packed_at, .taps = sweep->taps, .rows = 1,
		.outputs = sweep->outputs, .run = sweep->columns * n,
	};
	row.plane = s->sx > 1 ? (size_t)row.run : plane;
	for (int y = 0; y < s->in_y; y++) {
		/* filter row rest + sy*i comes from row high - i of dout */
		const int rest = (y + s->top) % s->sy, high = (y + s->top) / s->sy;
		const int i0 = most(0, high - s->out_y + 1);
		aq_real *to = din + (size_t)y * (size_t)s->in_x * (size_t)n;
		step.first = least(sweep->first[rest] + i0 * sweep->a_row, sweep->first[rest + 1]);
		step.end = least(sweep->first[rest] + (high + 1) * sweep->a_row,
				sweep->first[rest + 1]);
		row.in = dout + high * pitch;
		row.out = s->sx > 1 ? buffer : to;
		kernels->conv_row(&row);
		if (s->sx > 1)
			spread(s, sweep, n, buffer, to);
	}
}

void aq_conv_data(const struct aq_conv *conv, int n, const aq_real *dout, const aq_real *packed,
		  const aq_real *weight, aq_real *scratch, aq_real *din)
{
	const struct aq_conv_shape *s = &conv->s;
	if (conv->is_dense) {
		aq_dense_data(&conv->dense, n, dout, weight, din);
		return;
	}
	if (conv->few) {
		aq_conv_few_data(conv->few, n, dout, packed, scratch, din);
		return;
	}
	aq_real *mine = scratch + conv->dout_at * (size_t)n + AQ_SLACK;
	aq_real *buffer = scratch + conv->row_at * (size_t)n + (size_t)2 * AQ_SLACK;
	if (conv->dout_packed)
		pack_rows(&conv->dout, (size_t)s->out_c * (size_t)s->out_y, n, dout, mine);
	for (int r = 0; r < s->sx; r++)
		sweep_to_input(conv, &conv->data[r], n, conv->dout_packed ? mine : dout, packed,
			       buffer, din);
}
