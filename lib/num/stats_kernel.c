/* SPDX-License-Identifier: MIT
 *
 * stats_kernel.c - the sums behind the statistics of a gradient, in one pass over what they are of
 *
 * Without fused operations, as everywhere; the products of two floats are exact in double anyway.
 */
#include "num/simd.h"
#include "num/stats.h"

enum { LANES = AQ_STATS_LANES };

typedef double wide __attribute__((vector_size(LANES * sizeof(double))));
typedef int64_t wide_mask __attribute__((vector_size(LANES * sizeof(int64_t))));
typedef aq_real narrow
	__attribute__((vector_size(LANES * sizeof(aq_real)), aligned(sizeof(aq_real)), may_alias));

INLINE wide widened(const aq_real *from)
{
	return __builtin_convertvector(*(const narrow *)from, wide);
}

INLINE wide chosen(wide_mask mask, wide a, wide b)
{
	return (wide)(((wide_mask)a & mask) | ((wide_mask)b & ~mask));
}

struct sums {
	wide sum, abs, least, largest, grad2, previous2, both, update2, weight2;
	wide_mask zeros;
};

INLINE void add(struct sums *s, wide g, wide p, wide u, wide w)
{
	const wide_mask sign = INT64_MIN - (wide_mask){ 0 };
	s->sum += g;
	s->abs += (wide)((wide_mask)g & ~sign);
	s->zeros -= g == 0;
	s->least = chosen(g < s->least, g, s->least);
	s->largest = chosen(g > s->largest, g, s->largest);
	s->grad2 += g * g;
	s->previous2 += p * p;
	s->both += g * p;
	s->update2 += u * u;
	s->weight2 += w * w;
}

/* The elements behind the last full vector: lanes behind them get what changes no sum. */
INLINE wide rest(const aq_real *from, size_t count, aq_real pad)
{
	aq_real lanes[LANES];
	for (size_t k = 0; k < LANES; k++)
		lanes[k] = k < count ? from[k] : pad;
	return widened(lanes);
}

void AQ_NAME(stats_sums)(const struct aq_stats_of *of, double (*lane)[LANES])
{
	const wide first = (double)of->grad[0] - (wide){ 0 };
	struct sums s = { .least = first, .largest = first };
	size_t i = 0;
	for (; i + LANES <= of->count; i += LANES)
		add(&s, widened(of->grad + i), widened(of->previous + i), widened(of->update + i),
		    widened(of->weight + i));
	const size_t left = of->count - i;
	if (left > 0) {
		const struct sums before = s;
		wide_mask in;
		for (int k = 0; k < LANES; k++)
			in[k] = k < (int)left ? -1 : 0;
		add(&s, rest(of->grad + i, left, 0), rest(of->previous + i, left, 0), rest(of->update + i, left, 0),
		    rest(of->weight + i, left, 0));
		s.zeros = (s.zeros & in) | (before.zeros & ~in);
		s.least = chosen(in, s.least, before.least);
		s.largest = chosen(in, s.largest, before.largest);
	}
	const wide zeros = __builtin_convertvector(s.zeros, wide);
	const wide *const from[AQ_SUMS] = {
		[AQ_SUM] = &s.sum, [AQ_SUM_ABS] = &s.abs, [AQ_SUM_ZEROS] = &zeros, [AQ_LEAST] = &s.least,
		[AQ_LARGEST] = &s.largest, [AQ_GRAD2] = &s.grad2, [AQ_PREVIOUS2] = &s.previous2,
		[AQ_GRAD_PREVIOUS] = &s.both, [AQ_UPDATE2] = &s.update2, [AQ_WEIGHT2] = &s.weight2,
	};
	for (int k = 0; k < AQ_SUMS; k++)
		memcpy(lane[k], from[k], sizeof(wide));
}

void AQ_NAME(stats_squares)(size_t count, const aq_real *v, double mean, double *lane)
{
	wide sum = { 0 };
	size_t i = 0;
	for (; i + LANES <= count; i += LANES) {
		const wide d = widened(v + i) - mean;
		sum += d * d;
	}
	memcpy(lane, &sum, sizeof sum);
	for (int k = 0; i < count; i++, k++) {
		const double d = (double)v[i] - mean;
		lane[k] += d * d;
	}
}
