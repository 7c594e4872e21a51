/* SPDX-License-Identifier: MIT
 *
 * conv_kernel.c - the two inner loops of convolution
 *
 * Why they are fast:
 *
 *  - The example is the fastest index, and a row of the picture, all its columns and all examples of the
 *    block, is one run of memory.  A step to the neighbouring column is a step of n numbers, so a tap of
 *    the filter is the whole row at another offset: no gathering, no edge cases (the input was copied
 *    with zeros left and right), lanes full whatever the number of channels.
 *  - A tile of outputs stays in registers while all taps pass.  For the row kernel the tile is 4 outputs
 *    (or 8, 12, 16) by as many vectors as fit; each input vector and each weight that is loaded serves
 *    a whole side of the tile, so that multiply-adds, not loads, are what the loop waits for.
 *  - Where the taps are is a table of offsets.  Stride, padding, filter size and direction (forward, or
 *    backward to the input) differ in the table alone, so one loop serves all.
 *  - The order of a sum is the order of the taps in the row kernel; in the sums kernel each of 16 lanes
 *    takes every 16th number of a row, and the lanes meet in a fixed tree.  Neither depends on the width
 *    of a vector or on the tile.
 */
#include "num/simd.h"

#include <stdbool.h>

/* ---- rows ------------------------------------------------------------------------------------- */

enum { WIDE = REGISTERS == 32 ? 4 : 2, MOST_WIDE = 4, MOST_GROUPS = 4 };

/* 4*G outputs from output 4*group on by K vectors from j on; the last vector may end beyond the run.
 *	out [outputs][plane]   weight [group][taps][4]   in at off[t]*n + j */
INLINE void tile(const struct aq_conv_row *r, int group, int j, const int G, const int K)
{
	vec acc[4 * MOST_GROUPS][MOST_WIDE];
	const size_t next = (size_t)r->taps * 4; /* from one group's weights to the next */
	const aq_real *weight = r->weight + (size_t)group * next + (size_t)r->first * 4;
	const aq_real *in = r->in + j;
	const ptrdiff_t n = r->n;

	UNROLL for (int i = 0; i < 4 * G; i++) {
		const vec bias = splat(r->bias ? r->bias[4 * group + i] : 0);
		UNROLL for (int k = 0; k < K; k++)
			acc[i][k] = bias;
	}
	for (int t = r->first; t < r->end; t++, weight += 4) {
		const aq_real *at = in + r->off[t] * n;
		vec x[MOST_WIDE];
		UNROLL for (int k = 0; k < K; k++) {
			x[k] = load(at + k * V);
			KEEP(x[k]);
		}
		UNROLL for (int g = 0; g < G; g++)
			UNROLL for (int i = 0; i < 4; i++) {
				const vec w = splat(weight[(size_t)g * next + (size_t)i]);
				UNROLL for (int k = 0; k < K; k++)
					acc[4 * g + i][k] = fused(w, x[k], acc[4 * g + i][k]);
			}
	}
	const int left = r->run - j;
	UNROLL for (int i = 0; i < 4 * G; i++) {
		if (4 * group + i >= r->outputs)
			break;
		aq_real *to = r->out + (size_t)(4 * group + i) * r->plane + j;
		UNROLL for (int k = 0; k < K; k++) {
			if (left >= (k + 1) * V)
				store(to + k * V, acc[i][k]);
			else if (left > k * V)
				store_some(to + k * V, acc[i][k], left - k * V);
		}
	}
}

#define TILE(G, K)                                                             \
	static void tile_##G##_##K(const struct aq_conv_row *r, int group, int j) \
	{                                                                      \
		tile(r, group, j, G, K);                                       \
	}
TILE(1, 1)
TILE(2, 1)
TILE(3, 1)
TILE(4, 1)
TILE(1, 2)
TILE(2, 2)
TILE(1, 4)

/* A column of tiles: K vectors, all outputs, in tiles of MOST groups and a rest. */
static void column_1(const struct aq_conv_row *r, int groups, int j)
{
	int g = 0;
	for (; groups - g >= 4 && groups - g != 5; g += 4)
		tile_4_1(r, g, j);
	for (; groups - g >= 3; g += 3)
		tile_3_1(r, g, j);
	for (; groups - g >= 2; g += 2)
		tile_2_1(r, g, j);
	if (groups > g)
		tile_1_1(r, g, j);
}

static void column_2(const struct aq_conv_row *r, int groups, int j)
{
	int g = 0;
	for (; groups - g >= 2; g += 2)
		tile_2_2(r, g, j);
	if (groups > g)
		tile_1_2(r, g, j);
}

void AQ_NAME(conv_row)(const struct aq_conv_row *r)
{
	const int groups = (r->outputs + 3) / 4;
	int j = 0;
	for (; WIDE == 4 && r->run - j >= 4 * V; j += 4 * V)
		for (int g = 0; g < groups; g++)
			tile_1_4(r, g, j);
	for (; r->run - j > V; j += 2 * V)
		column_2(r, groups, j);
	if (r->run > j)
		column_1(r, groups, j);
}

/* ---- sums ------------------------------------------------------------------------------------- */

/* A tile of the sums kernel: 4 outputs by this many taps. */
enum { TAPS = REGISTERS == 32 ? 5 : 2 };

/* s[0] of the tree over 16 lanes. */
INLINE aq_real tree(aq_real *s)
{
	UNROLL for (int gap = LOGICAL / 2; gap > 0; gap /= 2)
		UNROLL for (int i = 0; i < gap; i++)
			s[i] += s[i + gap];
	return s[0];
}

INLINE void add_products(vec acc[4][TAPS], const aq_real *const d[4], const aq_real *const x[TAPS],
			 size_t j, mask_vec mask, const bool some)
{
	vec dv[4];
	UNROLL for (int o = 0; o < 4; o++) {
		dv[o] = load(d[o] + j);
		if (some)
			dv[o] = masked(dv[o], mask);
		KEEP(dv[o]);
	}
	UNROLL for (int t = 0; t < TAPS; t++) {
		vec xv = load(x[t] + j);
		if (some)
			xv = masked(xv, mask);
		KEEP(xv);
		UNROLL for (int o = 0; o < 4; o++)
			acc[o][t] = fused(dv[o], xv, acc[o][t]);
	}
}

/* Logical lanes part*V .. part*V+V-1 of the tile of taps t .. t+TAPS-1: sums [4][TAPS][LOGICAL]. */
INLINE void sum_part(const struct aq_conv_sums *s, const aq_real *dout[4], const aq_real *in[TAPS], int part,
		     aq_real sums[4][TAPS][LOGICAL])
{
	vec acc[4][TAPS];
	const int whole = s->run / LOGICAL * LOGICAL;
	const mask_vec mask = first_lanes(s->run - whole - part * V);
	UNROLL for (int o = 0; o < 4; o++)
		UNROLL for (int t = 0; t < TAPS; t++)
			acc[o][t] = (vec){ 0 };
	for (int y = 0; y < s->rows; y++) {
		const aq_real *d[4], *x[TAPS];
		UNROLL for (int o = 0; o < 4; o++)
			d[o] = dout[o] + (size_t)y * (size_t)s->run + part * V;
		UNROLL for (int t = 0; t < TAPS; t++)
			x[t] = in[t] + (size_t)y * s->pitch + part * V;
		for (int j = 0; j < whole; j += LOGICAL)
			add_products(acc, d, x, (size_t)j, mask, false);
		if (s->run - whole > part * V)
			add_products(acc, d, x, (size_t)whole, mask, true);
	}
	UNROLL for (int o = 0; o < 4; o++)
		UNROLL for (int t = 0; t < TAPS; t++)
			store(sums[o][t] + part * V, acc[o][t]);
}

void AQ_NAME(conv_sums)(const struct aq_conv_sums *s)
{
	const aq_real *dout[4], *in[TAPS];
	for (int o = 0; o < 4; o++) /* outputs that do not exist repeat the last one */
		dout[o] = s->dout + (size_t)(o < s->outputs ? o : s->outputs - 1) * s->plane;
	for (int t0 = s->first; t0 < s->end; t0 += TAPS) {
		const int taps = s->end - t0 < TAPS ? s->end - t0 : TAPS;
		for (int t = 0; t < TAPS; t++)
			in[t] = s->in + (ptrdiff_t)s->off[t0 + (t < taps ? t : taps - 1)] * s->n;
		aq_real sums[4][TAPS][LOGICAL];
		for (int part = 0; part < PARTS; part++)
			sum_part(s, dout, in, part, sums);
		for (int o = 0; o < s->outputs; o++)
			for (int t = 0; t < taps; t++)
				s->to[(size_t)o * s->to_plane + s->at[t0 + t]] += tree(sums[o][t]);
	}
}

void AQ_NAME(sum_planes)(int outputs, size_t count, const aq_real *from, aq_real *to)
{
	for (int o = 0; o < outputs; o++, from += count) {
		vec acc[PARTS] = { { 0 } };
		aq_real sums[LOGICAL];
		const size_t whole = count / LOGICAL * LOGICAL;
		for (size_t j = 0; j < whole; j += LOGICAL)
			UNROLL for (int p = 0; p < PARTS; p++)
				acc[p] += load(from + j + p * V);
		UNROLL for (int p = 0; p < PARTS; p++)
			store(sums + p * V, acc[p]);
		for (size_t j = whole; j < count; j++)
			sums[j - whole] += from[j];
		to[o] += tree(sums);
	}
}
