/* SPDX-License-Identifier: MIT
 *
 * dense_kernel.c - the inner loop of a layer whose outputs see every input: a product of matrices
 *
 * The lanes are columns, of which there are many: weights, not examples.  A tile of rows by two
 * vectors stays in registers while the terms pass; it is as high as a block has examples, so that
 * each vector of b, which is mostly weights, is loaded once for all of them.  Every number is a sum
 * of its own in the order of the terms, whatever the tile and the width of a vector.
 */
#include "num/simd.h"

/* Rows of a tile: rows that do not exist are computed from what lies behind, and not stored. */
enum {
	TALL = REGISTERS == 32 ? 10 : 5,
	MIDDLE = REGISTERS == 32 ? 8 : 4,
	LOW = REGISTERS == 32 ? 4 : 2,
	WIDE = 2, /* vectors */
};


/* A row of a tile, of which `columns` numbers are of the result.  What is added to nothing is added
 * to zero, so that it makes no difference whether there was nothing or zeros. */
static void put(const struct aq_product *p, const aq_real sum[WIDE * V], int columns, aq_real *to)
{
	for (; columns >= V; columns -= V, sum += V, to += V)
		store(to, load(sum) + (p->adds ? load(to) : (vec){ 0 }));
	for (int j = 0; j < columns; j++)
		to[j] = sum[j] + (p->adds ? to[j] : 0);
}

/* R rows from row r on by K vectors from column j on. */
INLINE void tile(const struct aq_product *p, int r, int j, const int R, const int K)
{
	const int columns = p->columns - j < K * V ? p->columns - j : K * V;
	const aq_real *a = p->a + r, *b = p->b + j;
	aq_real sum[TALL][WIDE * V], first[WIDE * V] = { 0 };
	vec acc[TALL * WIDE];
	if (p->first)
		memcpy(first, p->first + j, (size_t)columns * sizeof *first);
	UNROLL for (int i = 0; i < R * K; i++)
		acc[i] = load(first + i % K * V);
	for (int t = 0; t < p->terms; t++, a += p->a_term, b += p->b_term) {
		vec x[WIDE];
		UNROLL for (int k = 0; k < K; k++) {
			x[k] = load(b + k * V);
			KEEP(x[k]);
		}
		UNROLL for (int i = 0; i < R; i++) {
			const vec times = splat(a[i]);
			UNROLL for (int k = 0; k < K; k++)
				acc[i * K + k] = fused(times, x[k], acc[i * K + k]);
		}
	}
	UNROLL for (int i = 0; i < R * K; i++)
		store(sum[i / K] + i % K * V, acc[i]);
	for (int i = 0; i < R && i < p->rows - r; i++)
		put(p, sum[i], columns, p->c + (size_t)(r + i) * p->c_row + j);
}

/* All rows of K vectors: whole tiles, and the lowest one that holds the rest. */
INLINE void rows(const struct aq_product *p, int j, const int K)
{
	int r = 0;
	for (; p->rows - r > MIDDLE; r += TALL)
		tile(p, r, j, TALL, K);
	if (p->rows - r > LOW)
		tile(p, r, j, MIDDLE, K);
	else if (p->rows > r)
		tile(p, r, j, LOW, K);
}

void AQ_NAME(product)(const struct aq_product *p)
{
	int j = 0;
	for (; p->columns - j > V; j += WIDE * V)
		rows(p, j, WIDE);
	if (p->columns > j)
		rows(p, j, 1);
}
