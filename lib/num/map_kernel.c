/* SPDX-License-Identifier: MIT
 *
 * map_kernel.c - functions of each number of a map, and sums of maps
 *
 * Maps have AQ_SLACK numbers behind them that may be written, so most loops end on a full vector.
 */
#include "num/simd.h"

#include <math.h>

void AQ_NAME(relu_forward)(size_t count, const aq_real *in, aq_real *out)
{
	for (size_t i = 0; i < count; i += V) {
		const vec x = load(in + i);
		store(out + i, masked(x, ~(x < 0))); /* a NaN stays */
	}
}

void AQ_NAME(relu_backward)(size_t count, const aq_real *out, const aq_real *dout, aq_real *din)
{
	for (size_t i = 0; i < count; i += V)
		store(din + i, masked(load(dout + i), load(out + i) > 0));
}

#if defined(AQ_DOUBLE)
INLINE vec exponential(vec x)
{
	UNROLL for (int i = 0; i < V; i++)
		x[i] = exp(x[i]);
	return x;
}

INLINE vec hyperbolic(vec x)
{
	UNROLL for (int i = 0; i < V; i++)
		x[i] = tanh(x[i]);
	return x;
}
#else
/* e^x = 2^k e^r with |r| <= ln 2 / 2; a polynomial for e^r (coefficients of Cephes expf, Moshier).
 * x is held where the result is a normal number; a NaN stays.  Within 2 units in the last place. */
INLINE vec exponential(vec x)
{
	const vec whole = splat(12582912.0f); /* 1.5 * 2^23: adding it rounds to whole numbers */
	const mask_vec nan = x != x;
	vec y = choose(x > 88.0f, splat(88.0f), choose(x < -87.0f, splat(-87.0f), x));
	y = choose(nan, splat(0), y);
	const vec shifted = fused(y, splat(1.44269504088896341f), whole), k = shifted - whole;
	const mask_vec power = (mask_vec)shifted - (mask_vec)whole;
	vec r = fused(k, splat(-0.693359375f), y);
	r = fused(k, splat(2.12194440e-4f), r);
	vec p = splat(1.9875691500e-4f);
	p = fused(p, r, splat(1.3981999507e-3f));
	p = fused(p, r, splat(8.3334519073e-3f));
	p = fused(p, r, splat(4.1665795894e-2f));
	p = fused(p, r, splat(1.6666665459e-1f));
	p = fused(p, r, splat(5.0000001201e-1f));
	p = fused(p, r * r, r + 1.0f);
	return choose(nan, x, (vec)((mask_vec)p + (power << 23)));
}

/* x + x^3 P(x^2) near zero (Cephes tanhf), 1 - 2 / (e^2|x| + 1) elsewhere. */
INLINE vec hyperbolic(vec x)
{
	const vec size = choose(x < 0, -x, x), square = x * x;
	vec p = splat(-5.70498872745e-3f);
	p = fused(p, square, splat(2.06390887954e-2f));
	p = fused(p, square, splat(-5.37397155531e-2f));
	p = fused(p, square, splat(1.33314422036e-1f));
	p = fused(p, square, splat(-3.33332819422e-1f));
	const vec near = fused(p * square, x, x);
	vec far = 1.0f - 2.0f / (exponential(size + size) + 1.0f);
	far = choose(x < 0, -far, far);
	return choose(size < 0.625f, near, choose(x != x, x, far));
}
#endif

void AQ_NAME(sigmoid_forward)(size_t count, const aq_real *in, aq_real *out)
{
	for (size_t i = 0; i < count; i += V)
		store(out + i, 1 / (1 + exponential(-load(in + i))));
}

void AQ_NAME(sigmoid_backward)(size_t count, const aq_real *out, const aq_real *dout, aq_real *din)
{
	for (size_t i = 0; i < count; i += V) {
		const vec y = load(out + i);
		store(din + i, y * (1 - y) * load(dout + i));
	}
}

void AQ_NAME(tanh_forward)(size_t count, const aq_real *in, aq_real *out)
{
	for (size_t i = 0; i < count; i += V)
		store(out + i, hyperbolic(load(in + i)));
}

void AQ_NAME(tanh_backward)(size_t count, const aq_real *out, const aq_real *dout, aq_real *din)
{
	for (size_t i = 0; i < count; i += V) {
		const vec y = load(out + i);
		store(din + i, (1 - y * y) * load(dout + i));
	}
}

/* to += from, maps */
void AQ_NAME(add_map)(size_t count, const aq_real *from, aq_real *to)
{
	for (size_t i = 0; i < count; i += V)
		store(to + i, load(to + i) + load(from + i));
}

/* to = (((part 0 + part 1) + (part 2 + part 3)) + ...) / divisor; what is behind is left alone. */
void AQ_NAME(mean_of_parts)(int parts, const aq_real *const *part, size_t first, size_t count,
			    aq_real divisor, aq_real *to)
{
	for (size_t i = first; i < first + count; i += V) {
		const size_t left = first + count - i;
		vec sum[AQ_MOST_PARTS];
		for (int p = 0; p < parts; p++)
			sum[p] = left >= V ? load(part[p] + i) : load_some(part[p] + i, (int)left);
		for (int gap = 1; gap < parts; gap *= 2)
			for (int p = 0; p + gap < parts; p += 2 * gap)
				sum[p] += sum[p + gap];
		if (left >= V)
			store(to + i, sum[0] / divisor);
		else
			store_some(to + i, sum[0] / divisor, (int)left);
	}
}
