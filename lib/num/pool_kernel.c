/* SPDX-License-Identifier: MIT
 *
 * pool_kernel.c - the largest number or the mean of each window
 *
 * A row of the picture is one run of memory, all its columns and all n examples of each.  So a
 * window is joined in two steps of whole rows: its rows into one wide row, then that row with
 * itself moved by one column, two columns, ...; of the result every sx-th column is an output.
 * Work on columns that are not is cheaper than picking columns first.  Backward the same way round:
 * outputs are set sx columns apart, then sent to the cells of their windows, whole rows at a time.
 *
 *	wide row   | outside | column 0 .. in_x-1 | outside |
 *
 * Which cell of a window is largest is kept as its code v*fx + u, which grows in reading order: of
 * equals the smallest code wins.  Cells outside are -infinity with a code larger than all: they
 * never win.
 */
#include "num/pool.h"
#include "num/simd.h"

#include <math.h>

#define NEVER ((aq_index)1 << 30) /* and still room for a column above it */

typedef aq_index loose_mask
	__attribute__((vector_size(V * sizeof(aq_index)), aligned(sizeof(aq_index)), may_alias));
typedef aq_real quad
	__attribute__((vector_size(4 * sizeof(aq_real)), aligned(sizeof(aq_real)), may_alias));

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

/* One column, n numbers; up to a vector more is written behind it. */
INLINE void move(aq_real *to, const aq_real *from, int n)
{
	if (n <= 4)
		*(quad *)to = *(const quad *)from;
	else
		for (int k = 0; k < n; k += V)
			store(to + k, load(from + k));
}

/* Every sx-th column of `wide` is a column of `row`; behind the row up to a vector more is written.
 * */
static void pick_columns(const struct aq_pool_shape *p, const aq_real *wide, aq_real *row)
{
	const int n = p->n, step = p->sx * n;
	for (int x = 0; x < p->out_x; x++, row += n, wide += step)
		move(row, wide, n);
}

/* The columns of `row` become every sx-th column of `wide`; those between are `blank`. */
static void set_columns(const struct aq_pool_shape *p, const aq_real *row, vec blank, aq_real *wide)
{
	const int n = p->n, step = p->sx * n;
	for (int x = 0; x < p->out_x; x++, row += n, wide += step) {
		move(wide, row, n);
		for (int k = n; k < step; k += V)
			store(wide + k, blank);
	}
	for (int k = 0; k < (aq_pool_reach(p) - p->out_x * p->sx) * n; k += V)
		store(wide + k, blank);
}

/* `count` numbers, and up to a vector more. */
static void fill(aq_real *to, vec value, int count)
{
	for (int k = 0; k < count; k += V)
		store(to + k, value);
}

/* Two wide rows with fx columns before them, and a row of outputs. */
struct buffers {
	aq_real *row, *code, *share;
};

static struct buffers cut(const struct aq_pool_shape *p, aq_real *buffer)
{
	const size_t n = (size_t)p->n, before = (size_t)p->fx * n;
	const size_t wide = before + (size_t)aq_pool_reach(p) * n + AQ_SLACK;
	return (struct buffers){ buffer + before, buffer + wide + before, buffer + 2 * wide };
}

/* The rows of the window at output row y that lie inside: v0 .. v1-1. */
static void inside(const struct aq_pool_shape *p, int y, int *v0, int *v1)
{
	const int base = y * p->sy - p->top;
	*v0 = most(0, -base);
	*v1 = least(p->fy, p->in_y - base);
}

/* ---- the largest ----------------------------------------------------------------------------- */

INLINE mask_vec load_code(const aq_real *from)
{
	return *(const loose_mask *)from;
}

INLINE void store_code(aq_real *to, mask_vec code)
{
	*(loose_mask *)to = code;
}

INLINE mask_vec splat_code(int code)
{
	return (aq_index)code - (mask_vec){ 0 };
}

INLINE mask_vec pick(mask_vec mask, mask_vec a, mask_vec b)
{
	return (a & mask) | (b & ~mask);
}

/* Greater, or a NaN where there was none. */
INLINE mask_vec beats(vec x, vec best)
{
	return ~(x <= best) & (best == best);
}

/* Of rows v0 .. v1-1 of the windows: the largest of each column and lane, and its v*fx. */
static void join_rows(const struct aq_pool_shape *p, const aq_real *in, int v0, int v1,
		      const struct buffers *b)
{
	const int run = p->in_x * p->n, before = p->left * p->n, all = aq_pool_reach(p) * p->n;
	const vec outside = splat((aq_real)-INFINITY);
	fill(b->row, outside, before);
	fill(b->code, (vec)splat_code(NEVER), before);
	for (int j = 0; j < run; j += V) {
		vec best = load(in + j);
		mask_vec code = splat_code(v0 * p->fx);
		for (int v = v0 + 1; v < v1; v++) {
			const vec x = load(in + (size_t)(v - v0) * (size_t)run + j);
			const mask_vec wins = beats(x, best);
			best = choose(wins, x, best);
			code = pick(wins, splat_code(v * p->fx), code);
		}
		store(b->row + before + j, best);
		store_code(b->code + before + j, code);
	}
	fill(b->row + before + run, outside, all - before - run);
	fill(b->code + before + run, (vec)splat_code(NEVER), all - before - run);
}

/* Each column with the fx - 1 after it: in place, as what is read lies at or after what is written.
 * */
static void join_columns(const struct aq_pool_shape *p, const struct buffers *b)
{
	const int run = ((p->out_x - 1) * p->sx + 1) * p->n, n = p->n;
	for (int j = 0; j < run; j += V) {
		vec best = load(b->row + j);
		mask_vec code = load_code(b->code + j);
		for (int u = 1; u < p->fx; u++) {
			const vec x = load(b->row + j + u * n);
			const mask_vec other = load_code(b->code + j + u * n) + (aq_index)u;
			const mask_vec ties = (x == best) | ((x != x) & (best != best));
			const mask_vec wins = beats(x, best) | (ties & (other < code));
			best = choose(wins, x, best);
			code = pick(wins, other, code);
		}
		store(b->row + j, best);
		store_code(b->code + j, code);
	}
}

/* in [c][in_y][in_x][n]   out, winner [c][out_y][out_x][n]; winners are codes.  Rows are written in
 * order, each over what the one before wrote behind its end. */
void AQ_NAME(pool_max_forward)(const struct aq_pool_shape *p, int channels, const aq_real *in,
			       aq_real *out, aq_real *winner, aq_real *buffer)
{
	const struct buffers b = cut(p, buffer);
	const size_t in_row = (size_t)p->in_x * (size_t)p->n,
		     out_row = (size_t)p->out_x * (size_t)p->n;
	for (int c = 0; c < channels; c++, in += (size_t)p->in_y * in_row)
		for (int y = 0; y < p->out_y; y++, out += out_row, winner += out_row) {
			int v0, v1;
			inside(p, y, &v0, &v1);
			join_rows(p, in + (size_t)(y * p->sy - p->top + v0) * in_row, v0, v1, &b);
			join_columns(p, &b);
			pick_columns(p, b.row, out);
			pick_columns(p, b.code, winner);
		}
}

/* din row v of the windows += their delta where a cell of that row won; wide rows of delta and
 * codes. */
static void send_back(const struct aq_pool_shape *p, int v, const struct buffers *b, aq_real *din)
{
	const int run = p->in_x * p->n;
	const aq_real *delta = b->row + p->left * p->n, *code = b->code + p->left * p->n;
	for (int j = 0; j < run; j += V) {
		vec sum = load(din + j);
		for (int u = p->fx - 1; u >= 0; u--) {
			const mask_vec won =
				load_code(code + j - u * p->n) == splat_code(v * p->fx + u);
			sum += masked(load(delta + j - u * p->n), won);
		}
		if (run - j >= V)
			store(din + j, sum);
		else
			store_some(din + j, sum, run - j);
	}
}

void AQ_NAME(pool_max_backward)(const struct aq_pool_shape *p, int channels, const aq_real *dout,
				const aq_real *winner, aq_real *din, aq_real *buffer)
{
	const struct buffers b = cut(p, buffer);
	const size_t in_row = (size_t)p->in_x * (size_t)p->n,
		     out_row = (size_t)p->out_x * (size_t)p->n;
	const size_t before = (size_t)p->fx * (size_t)p->n;
	fill(b.code - before, (vec)splat_code(NEVER), (int)before);
	memset(din, 0, (size_t)channels * (size_t)p->in_y * in_row * sizeof *din);
	for (int c = 0; c < channels; c++, din += (size_t)p->in_y * in_row)
		for (int y = 0; y < p->out_y; y++, dout += out_row, winner += out_row) {
			int v0, v1;
			inside(p, y, &v0, &v1);
			set_columns(p, dout, splat(0), b.row);
			set_columns(p, winner, (vec)splat_code(NEVER), b.code);
			for (int v = v0; v < v1; v++)
				send_back(p, v, &b,
					  din + (size_t)(y * p->sy - p->top + v) * in_row);
		}
}

/* ---- the mean -------------------------------------------------------------------------------- */

/* share [out_x][n]: cells inside the picture of each window of output row y. */
static void count_cells(const struct aq_pool_shape *p, int y, aq_real *share)
{
	int v0, v1;
	inside(p, y, &v0, &v1);
	for (int x = 0; x < p->out_x; x++) {
		const int base = x * p->sx - p->left;
		const int cells = (v1 - v0) * (least(p->fx, p->in_x - base) - most(0, -base));
		for (int k = 0; k < p->n; k++)
			*share++ = (aq_real)cells;
	}
}

/* The sum of some rows becomes a wide row, that of each column with the fx - 1 after it in place.
 * */
static void add_cells(const struct aq_pool_shape *p, const aq_real *in, int rows, aq_real *wide)
{
	const int run = p->in_x * p->n, before = p->left * p->n, all = aq_pool_reach(p) * p->n;
	fill(wide, splat(0), before);
	for (int j = 0; j < run; j += V) {
		vec sum = load(in + j);
		for (int v = 1; v < rows; v++)
			sum += load(in + (size_t)v * (size_t)run + j);
		store(wide + before + j, sum);
	}
	fill(wide + before + run, splat(0), all - before - run);
	for (int j = 0; j < ((p->out_x - 1) * p->sx + 1) * p->n; j += V) {
		vec sum = load(wide + j);
		for (int u = 1; u < p->fx; u++)
			sum += load(wide + j + u * p->n);
		store(wide + j, sum);
	}
}

/* to = from / by, one row of outputs */
static void divide(const struct aq_pool_shape *p, const aq_real *from, const aq_real *by,
		   aq_real *to)
{
	const int run = p->out_x * p->n;
	for (int j = 0; j < run; j += V) {
		const vec x = load(from + j) / load(by + j);
		if (run - j >= V)
			store(to + j, x);
		else
			store_some(to + j, x, run - j);
	}
}

void AQ_NAME(pool_mean_forward)(const struct aq_pool_shape *p, int channels, const aq_real *in,
				aq_real *out, aq_real *buffer)
{
	const struct buffers b = cut(p, buffer);
	const size_t in_row = (size_t)p->in_x * (size_t)p->n,
		     out_row = (size_t)p->out_x * (size_t)p->n;
	for (int y = 0; y < p->out_y; y++) {
		int v0, v1;
		inside(p, y, &v0, &v1);
		count_cells(p, y, b.share);
		for (int c = 0; c < channels; c++) {
			const size_t row = (size_t)(c * p->in_y + y * p->sy - p->top + v0);
			add_cells(p, in + row * in_row, v1 - v0, b.row);
			pick_columns(p, b.row, b.code);
			divide(p, b.code, b.share, out + (size_t)(c * p->out_y + y) * out_row);
		}
	}
}

/* rows of din += the delta of all windows that a column belongs to; a wide row of deltas. */
static void spread_cells(const struct aq_pool_shape *p, int rows, const aq_real *wide, aq_real *din)
{
	const int run = p->in_x * p->n;
	const aq_real *delta = wide + p->left * p->n;
	for (int j = 0; j < run; j += V) {
		vec sum = load(delta + j);
		for (int u = 1; u < p->fx; u++)
			sum += load(delta + j - u * p->n);
		for (int v = 0; v < rows; v++) {
			aq_real *to = din + (size_t)v * (size_t)run + j;
			if (run - j >= V)
				store(to, load(to) + sum);
			else
				store_some(to, load(to) + sum, run - j);
		}
	}
}

void AQ_NAME(pool_mean_backward)(const struct aq_pool_shape *p, int channels, const aq_real *dout,
				 aq_real *din, aq_real *buffer)
{
	const struct buffers b = cut(p, buffer);
	const size_t in_row = (size_t)p->in_x * (size_t)p->n,
		     out_row = (size_t)p->out_x * (size_t)p->n;
	const size_t before = (size_t)p->fx * (size_t)p->n;
	fill(b.row - before, splat(0), (int)before);
	memset(din, 0, (size_t)channels * (size_t)p->in_y * in_row * sizeof *din);
	for (int y = 0; y < p->out_y; y++) {
		int v0, v1;
		inside(p, y, &v0, &v1);
		count_cells(p, y, b.share);
		for (int c = 0; c < channels; c++) {
			const size_t row = (size_t)(c * p->in_y + y * p->sy - p->top + v0);
			divide(p, dout + (size_t)(c * p->out_y + y) * out_row, b.share, b.code);
			set_columns(p, b.code, splat(0), b.row);
			spread_cells(p, v1 - v0, b.row, din + row * in_row);
		}
	}
}
