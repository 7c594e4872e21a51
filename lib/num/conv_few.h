/* SPDX-License-Identifier: MIT
 *
 * conv_few.h - schemes of fewer multiplications for a few rows of outputs at a time; for conv.c
 */
#ifndef AQ_NUM_CONV_FEW_H
#define AQ_NUM_CONV_FEW_H

#include "num/kernels.h"

enum { AQ_FEW_GROUPS = 4, AQ_FEW_PLANES = 11, AQ_FEW_ROWS = 5 };

/* How `high` rows of outputs come from a filter of `rows` rows: by products with `planes`, sums of
 * rows, which come in groups.  All groups but the last one have a_group of them. */
struct aq_few {
	int rows, high, planes, a_group;
	int inner;				 /* rows of a z, or of a g */
	struct aq_conv_step step[AQ_FEW_PLANES]; /* without their taps */
};

/* NULL: there is none for so many rows. */
const struct aq_few *aq_few_of(int rows);

static inline int aq_few_planes_of(const int inner)
{
	return inner == 1 ? 4 : 11;
}

/* One column of four filters, row by row, becomes what its planes are multiplied with. */
static inline void aq_few_weights(const int inner, const aq_four row[AQ_FEW_ROWS],
				  aq_four plane[AQ_FEW_PLANES])
{
	aq_four group[AQ_FEW_GROUPS][2] = { 0 };
	for (int b = 0; b < inner; b++) {
		const aq_four none = { 0 }, g0 = row[b], g1 = row[inner + b];
		const aq_four g2 = b ? none : row[2 * inner];
		const aq_four outside = (g0 + g2) / 2, inside = g1 / 2;
		group[0][b] = outside + inside;
		group[1][b] = outside - inside;
		group[2][b] = g0;
		group[3][b] = g2;
	}
	for (int g = 0; g < AQ_FEW_GROUPS; g++, plane += inner == 1 ? 1 : 3) {
		if (inner == 1 || g == 3) {
			plane[0] = group[g][0];
			plane[inner - 1] = group[g][0];
			continue;
		}
		plane[0] = group[g][0] + group[g][1];
		plane[1] = group[g][0];
		plane[2] = group[g][1];
	}
}

/* The transpose: sums of products with planes become sums of filter rows. */
static inline void aq_few_sums(const int inner, const aq_four plane[AQ_FEW_PLANES],
			       aq_four row[AQ_FEW_ROWS])
{
	aq_four group[AQ_FEW_GROUPS][2] = { 0 };
	for (int g = 0; g < AQ_FEW_GROUPS; g++, plane += inner == 1 ? 1 : 3) {
		group[g][0] = plane[0];
		if (inner == 2)
			group[g][0] += plane[1];
		if (inner == 2 && g < 3)
			group[g][1] = plane[0] + plane[2];
	}
	for (int b = 0; b < inner; b++) {
		const aq_four sum = (group[0][b] + group[1][b]) / 2;
		row[b] = group[2][b] + sum;
		row[inner + b] = (group[0][b] - group[1][b]) / 2;
		if (b == 0)
			row[2 * inner] = group[3][b] + sum;
	}
}

/* Maps [channels][rows][run], whose rows before the first and behind the last are zeros. */
struct aq_few_maps {
	const aq_real *at, *zeros;
	int channels, rows, run;
};

/* The planes of a group, of input or dout (kind), from row y on. */
void aq_few_planes(const struct aq_few *few, int group, enum aq_mix kind,
		   const struct aq_few_maps *maps, int y, aq_real *to, size_t to_step,
		   size_t to_plane);

#endif
