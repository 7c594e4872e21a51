/* SPDX-License-Identifier: MIT
 *
 * conv_few.c - convolutions of stride 1 with fewer multiplications: a few rows of outputs at a time
 *
 * Two rows of outputs, z and z+1, from a filter of three rows g take six products of a filter row
 * and a row of the input z; Winograd ("Arithmetic Complexity of Computations", 1980) needs four:
 *
 *	p0 = g0 (z0 - z2)                     p2 = (g0 - g1 + g2)/2 (z2 - z1)
 *	p1 = (g0 + g1 + g2)/2 (z1 + z2)       p3 = g2 (z3 - z1)
 *	row 0 = p1 + p2 + p0                  row 1 = p1 - p2 + p3
 *
 * where a product stands for what it stands for in conv.c: all taps (channel, column) of a filter
 * row on a whole row.  So the sums of rows, the *planes*, are rows like any others, conv_mix makes
 * them, and the steps of conv_row add the products up, each beginning with the sums it needs.
 *
 * With five rows, filter row 2A+B meets input row 2(a+A) + (b+B): each product above, of a and A,
 * is itself one of filter rows w0 and w1 (B) with input rows d0, d1, d2 (b+B), for two rows of
 * outputs:
 *
 *	q1 = (w0 + w1) d1     q0 = w0 (d0 - d1)     q2 = w1 (d2 - d1)
 *	row 0 = q1 + q0       row 1 = q1 + q2
 *
 * in three products instead of four; in p3, w1 would be filter row 5, which is not there, and two
 * are enough.  So a *band* of four rows takes 11 products instead of 20.
 *
 * Backward to the input is the same with the filters turned round.  The gradient of the weights is
 * the sum transposed: planes of the input by planes of dout, each by conv_sums over all bands.
 *
 * All coefficients are 0, 1, -1 and 1/2.  Schemes of still fewer products have larger ones, and
 * make three times the error of the direct sum.  This one stays below twice that error
 * (tests/unit/test_conv.c), as each of its numbers is a shorter sum.
 */
#include "num/conv_few.h"

#include <stdbool.h>

/* The products p1, p2, p0, p3: rows z[a] + times*z[b] of the input, and those of dout whose
 * transpose they are. */
static const struct pair {
	int a, b;
	aq_real times;
} of_input[AQ_FEW_GROUPS] = { { 1, 2, 1 }, { 2, 1, -1 }, { 0, 2, -1 }, { 3, 1, -1 } },
  of_output[AQ_FEW_GROUPS] = { { 0, 1, 1 }, { 0, 1, -1 }, { 0, 0, 0 }, { 1, 0, 0 } };

static const struct aq_few schemes[] = {
	// clang-format off
	{ 3, 2, 4, 1, 1, {
		{ .row = -1, .keep = 0 },
		{ .row = -1, .keep = 1 },
		{ .row = 0, .added = { 1, 2 } },
		{ .row = 1, .added = { 1, -2 } },
	} },
	{ 5, 4, 11, 3, 2, {
		{ .row = -1, .keep = 0 },
		{ .row = -1, .keep = 1, .added = { 1 } },
		{ .row = -1, .keep = 2, .added = { 1 } },
		{ .row = -1, .keep = 0 },
		{ .row = -1, .keep = 3, .added = { 1 } },
		{ .row = -1, .keep = 4, .added = { 1 } },
		{ .row = -1, .keep = 0 },
		{ .row = 0, .added = { 1, 2, 4 } },
		{ .row = 1, .added = { 1, 3, 5 } },
		{ .row = 2, .added = { 2, -4 } },
		{ .row = 3, .added = { 3, -5 } },
	} },
	// clang-format on
};

const struct aq_few *aq_few_of(int rows)
{
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (schemes[i].rows == rows)
			return &schemes[i];
	return NULL;
}

/* The planes of group g, of the rows from y on. */
void aq_few_planes(const struct aq_few *few, int g, enum aq_mix kind,
		   const struct aq_few_maps *maps, int y, aq_real *to, size_t to_step,
		   size_t to_plane)
{
	const int inner = few->inner;
	const struct pair *pair = kind == AQ_MIX_INPUT ? &of_input[g] : &of_output[g];
	const bool plain = inner == 1 || g == 3;
	struct aq_conv_mix mix = {
		.kind = plain ? AQ_MIX_PLAIN : kind,
		.times = pair->times,
		.channels = maps->channels,
		.run = maps->run,
		.to = to,
		.to_step = to_step,
		.to_plane = to_plane,
	};
	for (int i = 0; i < 3; i++) {
		const int a = y + inner * pair->a + i, b = y + inner * pair->b + i;
		const size_t step = (size_t)maps->rows * (size_t)maps->run;
		mix.a[i].at = mix.b[i].at = maps->zeros;
		if (a >= 0 && a < maps->rows) {
			mix.a[i].at = maps->at + (size_t)a * (size_t)maps->run;
			mix.a[i].step = step;
		}
		if (b >= 0 && b < maps->rows && pair->times != 0) {
			mix.b[i].at = maps->at + (size_t)b * (size_t)maps->run;
			mix.b[i].step = step;
		}
	}
	aq_kernels()->conv_mix(&mix);
	if (plain && inner == 2) {
		mix.a[0] = mix.a[1];
		mix.b[0] = mix.b[1];
		mix.to += to_plane;
		aq_kernels()->conv_mix(&mix);
	}
}
