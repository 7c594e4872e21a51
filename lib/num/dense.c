/* SPDX-License-Identifier: MIT
 *
 * dense.c - a layer whose outputs see every input, laid out for the loop of dense_kernel.c
 *
 * The kernel's rows are examples (or units), its columns weights; maps have the example fastest.  So
 * numbers are turned on their way in or out, which costs little beside the products.
 */
#include "num/dense.h"

#include "num/kernels.h"

enum { LANES = 16, STRIP = 32 }; /* units that lie side by side in the packed weights */

static size_t rounded(int count)
{
	return ((size_t)count + LANES - 1) / LANES * LANES;
}

/* A strip is as wide as a tile is at most, so that what a tile reads lies together. */
static int strip_of(const struct aq_dense *d)
{
	return d->units > LANES ? STRIP : LANES;
}

int aq_dense_strips(const struct aq_dense *d)
{
	return (d->units + strip_of(d) - 1) / strip_of(d);
}

size_t aq_dense_packed(const struct aq_dense *d)
{
	return (size_t)aq_dense_strips(d) * (size_t)strip_of(d) * (size_t)d->inputs;
}

/* An odd number of vectors: rows whose distance is a power of two would push each other out of the
 * first cache. */
size_t aq_dense_row(const struct aq_dense *d)
{
	return (rounded(d->inputs) + rounded(d->units)) | LANES;
}

/* ---- turning --------------------------------------------------------------------------------- */

/* Four rows of four. */
static void turn_four(const aq_real *from, size_t from_row, aq_real *to, size_t to_row)
{
#define ROW(i)               (*(const aq_four *)(from + (i) * from_row))
#define PICK(a, b, ...)      __builtin_shufflevector(a, b, __VA_ARGS__)
#define PUT(i, a, b, ...)    *(aq_four *)(to + (i) * to_row) = PICK(a, b, __VA_ARGS__)
	const aq_four low01 = PICK(ROW(0), ROW(1), 0, 4, 1, 5), high01 = PICK(ROW(0), ROW(1), 2, 6, 3, 7);
	const aq_four low23 = PICK(ROW(2), ROW(3), 0, 4, 1, 5), high23 = PICK(ROW(2), ROW(3), 2, 6, 3, 7);
	PUT(0, low01, low23, 0, 1, 4, 5);
	PUT(1, low01, low23, 2, 3, 6, 7);
	PUT(2, high01, high23, 0, 1, 4, 5);
	PUT(3, high01, high23, 2, 3, 6, 7);
#undef ROW
#undef PICK
#undef PUT
}

/* to[c][r] = from[r][c].  Squares of four; the last ones may lie over those before. */
static void turn(size_t rows, size_t columns, const aq_real *from, size_t from_row, aq_real *to,
		 size_t to_row)
{
	if (rows < 4 || columns < 4) {
		for (size_t r = 0; r < rows; r++)
			for (size_t c = 0; c < columns; c++)
				to[c * to_row + r] = from[r * from_row + c];
		return;
	}
	for (size_t r = 0; r < rows; r += 4) {
		const size_t r0 = r + 4 > rows ? rows - 4 : r;
		const aq_real *row = from + r0 * from_row;
		for (size_t c = 0; c < columns; c += 4) {
			const size_t c0 = c + 4 > columns ? columns - 4 : c;
			turn_four(row + c0, from_row, to + c0 * to_row + r0, to_row);
		}
	}
}

/* weight [units][inputs] to packed [units / strip][inputs][strip]; what is packed for units that do
 * not exist is never looked at. */
void aq_dense_pack(const struct aq_dense *d, int strip, const aq_real *weight, aq_real *packed)
{
	const int wide = strip_of(d), first = strip * wide;
	const int live = d->units - first < wide ? d->units - first : wide;
	const size_t inputs = (size_t)d->inputs, at = (size_t)first * inputs;
	turn((size_t)live, inputs, weight + at, inputs, packed + at, (size_t)wide);
}

void aq_dense_turn(const struct aq_dense *d, int n, const aq_real *in, const aq_real *dout,
		   aq_real *turned)
{
	const size_t examples = (size_t)n, row = aq_dense_row(d);
	turn((size_t)d->inputs, examples, in, examples, turned, row);
	turn((size_t)d->units, examples, dout, examples, turned + rounded(d->inputs), row);
}

/* ---- the three products ---------------------------------------------------------------------- */

void aq_dense_forward(const struct aq_dense *d, int n, const aq_real *in, const aq_real *packed,
		      const aq_real *bias, aq_real *scratch, aq_real *out)
{
	const int strip = strip_of(d);
	struct aq_product product = {
		.rows = n, .terms = d->inputs, .a = in, .a_term = (size_t)n,
		.b = packed, .b_term = (size_t)strip, .first = bias,
		.c = scratch, .c_row = aq_dense_row(d),
	};
	for (int u = 0; u < d->units; u += strip) {
		product.columns = d->units - u < strip ? d->units - u : strip;
		aq_kernels()->product(&product);
		product.b += (size_t)strip * (size_t)d->inputs;
		product.first += strip;
		product.c += strip;
	}
	turn((size_t)n, (size_t)d->units, scratch, product.c_row, out, (size_t)n);
}

void aq_dense_data(const struct aq_dense *d, int n, const aq_real *dout, const aq_real *weight,
		   aq_real *scratch, aq_real *din)
{
	const struct aq_product product = {
		.rows = n, .columns = d->inputs, .terms = d->units,
		.a = dout, .a_term = (size_t)n, .b = weight, .b_term = (size_t)d->inputs,
		.c = scratch, .c_row = aq_dense_row(d),
	};
	aq_kernels()->product(&product);
	turn((size_t)n, (size_t)d->inputs, scratch, product.c_row, din, (size_t)n);
}

void aq_dense_weights(const struct aq_dense *d, int n, const aq_real *turned, int first, int count,
		      bool adds, aq_real *dweight, aq_real *dbias)
{
	static const aq_real ones[LANES] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
	const aq_real *dout = turned + rounded(d->inputs) + first;
	struct aq_product product = {
		.rows = count, .columns = d->inputs, .terms = n,
		.a = dout, .a_term = aq_dense_row(d), .b = turned, .b_term = aq_dense_row(d),
		.c = dweight + (size_t)first * (size_t)d->inputs, .c_row = (size_t)d->inputs,
		.adds = adds,
	};
	aq_kernels()->product(&product);
	product.rows = 1;
	product.columns = count;
	product.a = ones;
	product.a_term = 0;
	product.b = dout;
	product.c = dbias + first;
	aq_kernels()->product(&product);
}
