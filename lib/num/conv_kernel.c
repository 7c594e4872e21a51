/* SPDX-License-Identifier: MIT
 *
 * conv_kernel.c - the two inner loops of convolution
 *
 * Why they are fast:
 *
 *  - The example is the fastest index, and a row of the picture, all its columns and all examples
 *    of the block, is one run of memory.  A step to the neighbouring column is a step of n numbers,
 *    so a tap of the filter is the whole row at another offset: no gathering, no edge cases (the
 *    input was copied with zeros left and right), lanes full whatever the number of channels.
 *  - A tile of outputs stays in registers while all taps pass.  For the row kernel the tile is 4
 *    outputs (or 8, 12, 16) by as many vectors as fit; each input vector and each weight that is
 *    loaded serves a whole side of the tile, so that multiply-adds, not loads, are what the loop
 *    waits for.
 *  - Where the taps are is a table of offsets.  Stride, padding, filter size and direction
 *    (forward, or backward to the input) differ in the table alone, so one loop serves all.
 *  - The order of a sum is the order of the taps in the row kernel; in the sums kernel each of 16
 *    lanes takes every 16th number of a row, and the lanes meet in a fixed tree.  Neither depends
 *    on the width of a vector or on the tile.
 */
#include "num/simd.h"

#include <stdbool.h>

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Tiles of 4*G outputs by K vectors: the widest, and how many groups of 4 fit beside 2 and 1
 * vectors. */
enum {
	WIDE = REGISTERS == 32 ? 4 : 3,
	GROUPS_2 = REGISTERS == 32 ? 2 : 1,
	GROUPS_1 = REGISTERS == 32 ? 4 : 3,
	MOST_TILE = 4 * WIDE, /* vectors */
};

/* The sum of one step, of 4*G outputs from output 4*group on and K vectors from j on.
 *	weight [group][taps][4]   in at off[t]*n + j */
INLINE void add_taps(const struct aq_conv_row *r, const struct aq_conv_step *step, int group, int j,
		     vec acc[MOST_TILE], const int G, const int K)
{
	const size_t next = (size_t)r->taps * 4; /* from one group's weights to the next */
	const aq_real *weight = r->weight + (size_t)group * next + (size_t)step->first * 4;
	const aq_real *in = r->in + j;
	const ptrdiff_t n = r->n;

	for (int t = step->first; t < step->end; t++, weight += 4) {
		const aq_real *at = in + r->off[t] * n;
		vec x[WIDE];
		UNROLL for (int k = 0; k < K; k++) {
			x[k] = load(at + k * V);
			KEEP(x[k]);
		}
		UNROLL for (int g = 0; g < G; g++)
			UNROLL for (int i = 0; i < 4; i++) {
				const vec w = splat(weight[(size_t)g * next + (size_t)i]);
				UNROLL for (int k = 0; k < K; k++)
					acc[(4 * g + i) * K + k] =
						fused(w, x[k], acc[(4 * g + i) * K + k]);
			}
	}
}

/* A vector of which `left` numbers are of the run. */
INLINE void put_some(aq_real *to, vec x, int left)
{
	if (left >= V)
		store(to, x);
	else if (left > 0)
		store_some(to, x, left);
}

INLINE void put(const struct aq_conv_row *r, int row, int group, int j, const vec acc[MOST_TILE],
		const int G, const int K)
{
	UNROLL for (int i = 0; i < 4 * G; i++) {
		if (4 * group + i >= r->outputs)
			break;
		aq_real *to = r->out + (size_t)(4 * group + i) * r->plane +
			      (size_t)(row * r->run + j);
		UNROLL for (int k = 0; k < K; k++)
			put_some(to + k * V, acc[i * K + k], r->run - j - k * V);
	}
}

INLINE void tile(const struct aq_conv_row *r, int group, int j, const int G, const int K)
{
	vec kept[AQ_CONV_KEPT][MOST_TILE];
	for (const struct aq_conv_step *step = r->step; step < r->step + r->steps; step++) {
		vec acc[MOST_TILE];
		if (step->row >= r->rows)
			continue;
		UNROLL for (int i = 0; i < 4 * G; i++) {
			const bool biased = r->bias && step->row >= 0;
			const vec bias = splat(biased ? r->bias[4 * group + i] : 0);
			UNROLL for (int k = 0; k < K; k++)
				acc[i * K + k] = bias;
		}
		add_taps(r, step, group, j, acc, G, K);
		for (int a = 0; a < AQ_CONV_ADDED && step->added[a]; a++) {
			const int which = step->added[a];
			if (which > 0)
				UNROLL for (int i = 0; i < 4 * G * K; i++)
					acc[i] += kept[which - 1][i];
			else
				UNROLL for (int i = 0; i < 4 * G * K; i++)
					acc[i] -= kept[-which - 1][i];
		}
		if (step->row >= 0)
			put(r, step->row, group, j, acc, G, K);
		else
			UNROLL for (int i = 0; i < 4 * G * K; i++)
				kept[step->keep][i] = acc[i];
	}
}

/* Groups g .. groups-1 by K vectors, G groups at a time; the rest is left. */
#define COLUMN(G, K)                                                                             \
	static int column_##G##_##K(const struct aq_conv_row *r, int g, int groups, int j)       \
	{                                                                                        \
		for (; G <= groups - g; g += G)                                                  \
			tile(r, g, j, G, K);                                                     \
		return g;                                                                        \
	}
COLUMN(1, WIDE)
COLUMN(GROUPS_2, 2)
COLUMN(1, 2)
COLUMN(GROUPS_1, 1)
COLUMN(2, 1)
COLUMN(1, 1)

void AQ_NAME(conv_row)(const struct aq_conv_row *r)
{
	const int groups = (r->outputs + 3) / 4;
	int j = 0;
	for (; r->run - j >= WIDE * V; j += WIDE * V)
		column_1_WIDE(r, 0, groups, j);
	for (; r->run - j > V; j += 2 * V)
		column_1_2(r, column_GROUPS_2_2(r, 0, groups, j), groups, j);
	if (r->run > j) {
		/* one group more than whole tiles would make a slow tile: share evenly */
		int g = column_GROUPS_1_1(r, 0, groups % GROUPS_1 == 1 ? groups - 2 : groups, j);
		g = column_2_1(r, g, groups, j);
		column_1_1(r, g, groups, j);
	}
}

/* ---- sums of rows ---------------------------------------------------------------------------- */

/* One vector, which may be cut. */
INLINE void mix(const struct aq_conv_mix *m, size_t channel, int j, const enum aq_mix kind)
{
	const int terms = kind == AQ_MIX_PLAIN ? 1 : kind == AQ_MIX_INPUT ? 3 : 2;
	const vec times = splat(m->times);
	aq_real *to = m->to + channel * m->to_step + j;
	vec d[3] = { { 0 } };
	for (int i = 0; i < terms; i++)
		d[i] = fused(times, load(m->b[i].at + channel * m->b[i].step + j),
			     load(m->a[i].at + channel * m->a[i].step + j));
	if (kind == AQ_MIX_PLAIN) {
		put_some(to, d[0], m->run - j);
	} else if (kind == AQ_MIX_INPUT) {
		put_some(to, d[1], m->run - j);
		put_some(to + m->to_plane, d[0] - d[1], m->run - j);
		put_some(to + 2 * m->to_plane, d[2] - d[1], m->run - j);
	} else {
		put_some(to, d[0] + d[1], m->run - j);
		put_some(to + m->to_plane, d[0], m->run - j);
		put_some(to + 2 * m->to_plane, d[1], m->run - j);
	}
}

#define MIX(kind)                                                                   \
	for (size_t channel = 0; channel < (size_t)m->channels; channel++)          \
		for (int j = 0; j < m->run; j += V)                                 \
			mix(m, channel, j, kind)

void AQ_NAME(conv_mix)(const struct aq_conv_mix *m)
{
	if (m->kind == AQ_MIX_PLAIN)
		MIX(AQ_MIX_PLAIN);
	else if (m->kind == AQ_MIX_INPUT)
		MIX(AQ_MIX_INPUT);
	else
		MIX(AQ_MIX_OUTPUT);
}

/* ---- sums ------------------------------------------------------------------------------------ */

/* A tile: outputs by taps.  Few outputs, as each is a stream of memory; the taps of one filter row
 * share theirs. */
enum {
	OUTPUTS = REGISTERS == 32 ? 4 : 2,
	TAPS = REGISTERS == 32 ? 4 : 5,
	SUMS = (OUTPUTS * TAPS + V - 1) / V * V,
};

INLINE void add_products(vec acc[OUTPUTS * TAPS], const aq_real *const d[OUTPUTS],
			 const aq_real *const x[TAPS], size_t j, mask_vec mask, const bool some)
{
	vec dv[OUTPUTS];
	UNROLL for (int o = 0; o < OUTPUTS; o++) {
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
		UNROLL for (int o = 0; o < OUTPUTS; o++)
			acc[o * TAPS + t] = fused(dv[o], xv, acc[o * TAPS + t]);
	}
}

/* Logical lanes part*V .. part*V+V-1 of all sums of a tile. */
INLINE void sum_part(const struct aq_conv_sums *s, const aq_real *const dout[OUTPUTS],
		     const aq_real *const in[TAPS], int part, vec sums[PARTS][SUMS])
{
	vec acc[OUTPUTS * TAPS];
	const int whole = s->run / LOGICAL * LOGICAL;
	const mask_vec mask = first_lanes(s->run - whole - part * V);
	UNROLL for (int i = 0; i < OUTPUTS * TAPS; i++)
		acc[i] = (vec){ 0 };
	for (int y = 0; y < s->rows; y++) {
		const aq_real *d[OUTPUTS], *x[TAPS];
		UNROLL for (int o = 0; o < OUTPUTS; o++)
			d[o] = dout[o] + (size_t)y * (size_t)s->run + part * V;
		UNROLL for (int t = 0; t < TAPS; t++)
			x[t] = in[t] + (size_t)y * s->pitch + part * V;
		for (int j = 0; j < whole; j += LOGICAL)
			add_products(acc, d, x, (size_t)j, mask, false);
		if (s->run - whole > part * V)
			add_products(acc, d, x, (size_t)whole, mask, true);
	}
	UNROLL for (int i = 0; i < OUTPUTS * TAPS; i++)
		sums[part][i] = acc[i];
}

/* The tree of one tile: over parts, then over the lanes of a vector. */
INLINE void finish(vec sums[PARTS][SUMS], aq_real total[SUMS])
{
	UNROLL for (int first = 0; first < SUMS; first += V) {
		vec x[V];
		UNROLL for (int gap = PARTS / 2; gap > 0; gap /= 2)
			UNROLL for (int p = 0; p < gap; p++)
				UNROLL for (int i = 0; i < V; i++)
					sums[p][first + i] += sums[p + gap][first + i];
		UNROLL for (int i = 0; i < V; i++)
			x[i] = sums[0][first + i];
		store(total + first, folded_all(x));
	}
}

/* The sums of taps t0 .. t0+taps-1; without a table there is room for those of a whole tile. */
INLINE void hand_over(const struct aq_conv_sums *s, int t0, int taps, const aq_real *total,
		      aq_real *to)
{
	aq_real sum[TAPS];
	if (s->at) {
		for (int t = 0; t < taps; t++)
			to[s->at[t0 + t]] += total[t];
		return;
	}
	memcpy(sum, total, sizeof sum);
	if (s->adds)
		UNROLL for (int t = 0; t < TAPS; t++)
			sum[t] += to[t0 + t];
	memcpy(to + t0, sum, sizeof sum);
}

void AQ_NAME(conv_sums)(const struct aq_conv_sums *s)
{
	vec sums[PARTS][SUMS] = { { { 0 } } };
	aq_real total[SUMS];
	for (int o0 = 0; o0 < s->outputs; o0 += OUTPUTS) {
		/* outputs and taps that do not exist repeat the last one */
		const int outputs = least(OUTPUTS, s->outputs - o0);
		const aq_real *dout[OUTPUTS], *in[TAPS];
		for (int o = 0; o < OUTPUTS; o++)
			dout[o] = s->dout + (size_t)(o0 + least(o, outputs - 1)) * s->plane;
		for (int t0 = s->first; t0 < s->end; t0 += TAPS) {
			const int taps = least(TAPS, s->end - t0);
			for (int t = 0; t < TAPS; t++)
				in[t] = s->in + (ptrdiff_t)s->off[t0 + least(t, taps - 1)] * s->n;
			for (int part = 0; part < PARTS; part++)
				sum_part(s, dout, in, part, sums);
			finish(sums, total);
			aq_real *to = s->to + (size_t)o0 * s->to_plane;
			for (int o = 0; o < outputs; o++, to += s->to_plane)
				hand_over(s, t0, taps, total + o * TAPS, to);
		}
	}
}

/* s[0] of the tree over 16 lanes. */
INLINE aq_real tree(aq_real *s)
{
	UNROLL for (int gap = LOGICAL / 2; gap > 0; gap /= 2)
		UNROLL for (int i = 0; i < gap; i++)
			s[i] += s[i + gap];
	return s[0];
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
