/* SPDX-License-Identifier: MIT
 *
 * pool_kernel.c - the largest number or the mean of each window
 *
 * A row of the picture is one run of memory, all its columns and all n examples of each; so rows of a
 * window are joined first, whole rows at a time.  Then the columns are dealt into strips by their residue
 * by the stride,
 *
 *	columns   0 1 2 3 4 5 ...     strip 0   0 2 4 ...
 *	(sx = 2)                      strip 1   1 3 5 ...
 *
 * so that column u of all windows is again one run: strip u % sx from u / sx on.  Backward the same way
 * round: into strips, which are woven into a row.
 *
 * Which cell of a window is largest is kept as its code v*fx + u, which grows in reading order: of equals
 * the smallest code wins.  Padding is -infinity with the largest code of all: it never wins.
 */
#include "num/pool.h"
#include "num/simd.h"

#include <math.h>

#define NEVER ((aq_index)1 << 30) /* and still room for a column above it */

typedef aq_index loose_mask __attribute__((vector_size(V * sizeof(aq_index)), aligned(sizeof(aq_index)), may_alias));
typedef aq_real quad __attribute__((vector_size(4 * sizeof(aq_real)), aligned(sizeof(aq_real)), may_alias));

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

/* Row [in_x][n] to strips [sx][width][n]; cells outside the picture get `blank`. */
static void deal(const struct aq_pool_shape *p, const aq_real *row, aq_real blank, aq_real *strips)
{
	const int n = p->n, width = aq_pool_strip(p);
	for (int r = 0; r < p->sx; r++) {
		aq_real *to = strips + (size_t)r * (size_t)width * (size_t)n;
		for (int q = 0, x = r - p->left; q < width; q++, x += p->sx, to += n) {
			if (x >= 0 && x < p->in_x)
				move(to, row + (size_t)x * (size_t)n, n);
			else
				for (int k = 0; k < n; k++)
					to[k] = blank;
		}
	}
}

/* And back. */
static void weave(const struct aq_pool_shape *p, const aq_real *strips, aq_real *row)
{
	const int n = p->n, width = aq_pool_strip(p);
	int r = p->left % p->sx, q = p->left / p->sx;
	for (int x = 0; x < p->in_x; x++, row += n) {
		move(row, strips + ((size_t)r * (size_t)width + (size_t)q) * (size_t)n, n);
		if (++r == p->sx) {
			r = 0;
			q++;
		}
	}
}

/* Where column u of the first window begins in the strips. */
static size_t tap_at(const struct aq_pool_shape *p, int u)
{
	return ((size_t)(u % p->sx) * (size_t)aq_pool_strip(p) + (size_t)(u / p->sx)) * (size_t)p->n;
}

/* The scratch of one row: two rows, two sets of strips, and one output row. */
struct buffers {
	aq_real *row, *code, *strips, *code_strips, *share;
};

static struct buffers cut(const struct aq_pool_shape *p, aq_real *buffer)
{
	const size_t n = (size_t)p->n, row = (size_t)p->in_x * n + AQ_SLACK;
	const size_t strips = (size_t)p->sx * (size_t)aq_pool_strip(p) * n + AQ_SLACK;
	struct buffers b = { .row = buffer };
	b.code = b.row + row;
	b.strips = b.code + row;
	b.code_strips = b.strips + strips;
	b.share = b.code_strips + strips;
	return b;
}

/* The rows of the window at output row y that lie inside: v0 .. v1-1. */
static void inside(const struct aq_pool_shape *p, int y, int *v0, int *v1)
{
	const int base = y * p->sy - p->top;
	*v0 = most(0, -base);
	*v1 = least(p->fy, p->in_y - base);
}

/* ---- the largest ------------------------------------------------------------------------------ */

INLINE mask_vec load_code(const aq_real *from)
{
	return *(const loose_mask *)from;
}

INLINE void store_code(aq_real *to, mask_vec code)
{
	*(loose_mask *)to = code;
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
static void join_rows(const struct aq_pool_shape *p, const aq_real *in, int v0, int v1, const struct buffers *b)
{
	const int run = p->in_x * p->n;
	for (int j = 0; j < run; j += V) {
		vec best = load(in + j);
		mask_vec code = (aq_index)(v0 * p->fx) - (mask_vec){ 0 };
		for (int v = v0 + 1; v < v1; v++) {
			const vec x = load(in + (size_t)(v - v0) * (size_t)run + j);
			const mask_vec wins = beats(x, best);
			best = choose(wins, x, best);
			code = pick(wins, (aq_index)(v * p->fx) - (mask_vec){ 0 }, code);
		}
		store(b->row + j, best);
		store_code(b->code + j, code);
	}
}

static void join_columns(const struct aq_pool_shape *p, const struct buffers *b, aq_real *out, aq_real *winner)
{
	const int run = p->out_x * p->n;
	for (int j = 0; j < run; j += V) {
		vec best = load(b->strips + tap_at(p, 0) + j);
		mask_vec code = load_code(b->code_strips + tap_at(p, 0) + j);
		for (int u = 1; u < p->fx; u++) {
			const vec x = load(b->strips + tap_at(p, u) + j);
			const mask_vec other = load_code(b->code_strips + tap_at(p, u) + j) + (aq_index)u;
			const mask_vec ties = (x == best) | ((x != x) & (best != best));
			const mask_vec wins = beats(x, best) | (ties & (other < code));
			best = choose(wins, x, best);
			code = pick(wins, other, code);
		}
		if (run - j >= V) {
			store(out + j, best);
			store_code(winner + j, code);
		} else {
			store_some(out + j, best, run - j);
			store_some(winner + j, (vec)code, run - j);
		}
	}
}

/* in [c][in_y][in_x][n]   out, winner [c][out_y][out_x][n]; winners are aq_index */
void AQ_NAME(pool_max_forward)(const struct aq_pool_shape *p, int channels, const aq_real *in, aq_real *out,
			       aq_real *winner, aq_real *buffer)
{
	const struct buffers b = cut(p, buffer);
	const size_t in_row = (size_t)p->in_x * (size_t)p->n, out_row = (size_t)p->out_x * (size_t)p->n;
	const aq_index never = NEVER;
	aq_real never_bits;
	memcpy(&never_bits, &never, sizeof never);
	for (int c = 0; c < channels; c++, in += (size_t)p->in_y * in_row)
		for (int y = 0; y < p->out_y; y++, out += out_row, winner += out_row) {
			int v0, v1;
			inside(p, y, &v0, &v1);
			join_rows(p, in + (size_t)(y * p->sy - p->top + v0) * in_row, v0, v1, &b);
			deal(p, b.row, (aq_real)-INFINITY, b.strips);
			deal(p, b.code, never_bits, b.code_strips);
			join_columns(p, &b, out, winner);
		}
}

/* strips += dout where cell (v, u) of the window won, for all u; later windows of a column last. */
static void send_back(const struct aq_pool_shape *p, int v, const aq_real *dout, const aq_real *winner,
		      aq_real *strips)
{
	const int run = p->out_x * p->n;
	for (int u = p->fx - 1; u >= 0; u--) {
		aq_real *to = strips + tap_at(p, u);
		const mask_vec code = (aq_index)(v * p->fx + u) - (mask_vec){ 0 };
		for (int j = 0; j < run; j += V) {
			mask_vec won = load_code(winner + j) == code;
			if (run - j < V)
				won &= first_lanes(run - j);
			store(to + j, load(to + j) + masked(load(dout + j), won));
		}
	}
}

/* The output rows whose windows hold input row y: first .. last. */
static void holders(const struct aq_pool_shape *p, int y, int *first, int *last)
{
	const int lowest = y + p->top - p->fy + 1;
	*first = lowest <= 0 ? 0 : (lowest + p->sy - 1) / p->sy;
	*last = least(p->out_y - 1, (y + p->top) / p->sy);
}

void AQ_NAME(pool_max_backward)(const struct aq_pool_shape *p, int channels, const aq_real *dout,
				const aq_real *winner, aq_real *din, aq_real *buffer)
{
	const struct buffers b = cut(p, buffer);
	const size_t in_row = (size_t)p->in_x * (size_t)p->n, out_row = (size_t)p->out_x * (size_t)p->n;
	const size_t strips = (size_t)p->sx * (size_t)aq_pool_strip(p) * (size_t)p->n;
	const size_t plane = (size_t)p->out_y * out_row;
	for (int c = 0; c < channels; c++, dout += plane, winner += plane)
		for (int y = 0; y < p->in_y; y++, din += in_row) {
			int first, last;
			holders(p, y, &first, &last);
			memset(b.strips, 0, strips * sizeof *b.strips);
			for (int o = first; o <= last; o++)
				send_back(p, y + p->top - o * p->sy, dout + (size_t)o * out_row,
					  winner + (size_t)o * out_row, b.strips);
			weave(p, b.strips, din);
		}
}

/* ---- the mean --------------------------------------------------------------------------------- */

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

static void add_rows(const struct aq_pool_shape *p, const aq_real *in, int rows, aq_real *row)
{
	const int run = p->in_x * p->n;
	for (int j = 0; j < run; j += V) {
		vec sum = load(in + j);
		for (int v = 1; v < rows; v++)
			sum += load(in + (size_t)v * (size_t)run + j);
		store(row + j, sum);
	}
}

static void add_columns(const struct aq_pool_shape *p, const struct buffers *b, aq_real *out)
{
	const int run = p->out_x * p->n;
	for (int j = 0; j < run; j += V) {
		vec sum = load(b->strips + tap_at(p, 0) + j);
		for (int u = 1; u < p->fx; u++)
			sum += load(b->strips + tap_at(p, u) + j);
		sum /= load(b->share + j);
		if (run - j >= V)
			store(out + j, sum);
		else
			store_some(out + j, sum, run - j);
	}
}

void AQ_NAME(pool_mean_forward)(const struct aq_pool_shape *p, int channels, const aq_real *in, aq_real *out,
				aq_real *buffer)
{
	const struct buffers b = cut(p, buffer);
	const size_t in_row = (size_t)p->in_x * (size_t)p->n, out_row = (size_t)p->out_x * (size_t)p->n;
	for (int y = 0; y < p->out_y; y++) {
		int v0, v1;
		inside(p, y, &v0, &v1);
		count_cells(p, y, b.share);
		for (int c = 0; c < channels; c++) {
			const size_t row = (size_t)(c * p->in_y + y * p->sy - p->top + v0);
			add_rows(p, in + row * in_row, v1 - v0, b.row);
			deal(p, b.row, 0, b.strips);
			add_columns(p, &b, out + (size_t)(c * p->out_y + y) * out_row);
		}
	}
}

/* strips += dout / cells for all u. */
static void spread_columns(const struct aq_pool_shape *p, const aq_real *dout, const struct buffers *b)
{
	const int run = p->out_x * p->n;
	for (int u = p->fx - 1; u >= 0; u--) {
		aq_real *to = b->strips + tap_at(p, u);
		for (int j = 0; j < run; j += V) {
			vec part = load(dout + j) / load(b->share + j);
			if (run - j < V)
				part = masked(part, first_lanes(run - j));
			store(to + j, load(to + j) + part);
		}
	}
}

void AQ_NAME(pool_mean_backward)(const struct aq_pool_shape *p, int channels, const aq_real *dout, aq_real *din,
				 aq_real *buffer)
{
	const struct buffers b = cut(p, buffer);
	const size_t in_row = (size_t)p->in_x * (size_t)p->n, out_row = (size_t)p->out_x * (size_t)p->n;
	const size_t strips = (size_t)p->sx * (size_t)aq_pool_strip(p) * (size_t)p->n;
	memset(din, 0, (size_t)channels * (size_t)p->in_y * in_row * sizeof *din);
	for (int y = 0; y < p->out_y; y++) {
		int v0, v1;
		inside(p, y, &v0, &v1);
		count_cells(p, y, b.share);
		for (int c = 0; c < channels; c++) {
			memset(b.strips, 0, strips * sizeof *b.strips);
			spread_columns(p, dout + (size_t)(c * p->out_y + y) * out_row, &b);
			weave(p, b.strips, b.row);
			aq_real *to = din + (size_t)(c * p->in_y + y * p->sy - p->top + v0) * in_row;
			for (int v = v0; v < v1; v++, to += in_row)
				for (size_t j = 0; j < in_row; j++)
					to[j] += b.row[j];
		}
	}
}
