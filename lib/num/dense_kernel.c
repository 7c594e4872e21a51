/* SPDX-License-Identifier: MIT
 *
 * dense_kernel.c - the three inner loops of a layer whose outputs see every input
 *
 * A block has few examples and a dense layer has many weights, so here the lanes are weights: 16
 * units in the forward pass, 16 inputs in the backward ones.  Each output is still one sum over its
 * inputs in order, as in conv_kernel.c, so the number of examples in a block changes nothing.
 */
#include "num/simd.h"

enum { MOST_EXAMPLES = 8 };

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* Units of V lanes by K examples: out[unit][n] = bias + sum over i of packed[i][lane] * in[i][n].
 * */
INLINE void forward_tile(const struct aq_dense *d, const aq_real *in, const aq_real *packed,
			 vec bias, int k0, int unit, aq_real *out, const int K)
{
	vec acc[MOST_EXAMPLES];
	aq_real lanes[V];
	UNROLL for (int k = 0; k < K; k++)
		acc[k] = bias;
	in += k0;
	for (int i = 0; i < d->inputs; i++, in += d->n, packed += LOGICAL) {
		vec w = load(packed);
		KEEP(w);
		UNROLL for (int k = 0; k < K; k++)
			acc[k] = fused(w, splat(in[k]), acc[k]);
	}
	const int units = least(V, d->units - unit), examples = least(K, d->n - k0);
	for (int k = 0; k < examples; k++) {
		store(lanes, acc[k]);
		for (int u = 0; u < units; u++)
			out[(size_t)(unit + u) * (size_t)d->n + (size_t)(k0 + k)] = lanes[u];
	}
}

void AQ_NAME(dense_forward)(const struct aq_dense *d, const aq_real *in, const aq_real *packed,
			    const aq_real *bias, aq_real *out)
{
	for (int unit = 0; unit < d->units; unit += V) {
		const aq_real *from = packed +
				      (size_t)(unit / LOGICAL) * (size_t)d->inputs * LOGICAL +
				      unit % LOGICAL;
		aq_real first[V] = { 0 };
		for (int u = 0; u < V && unit + u < d->units; u++)
			first[u] = bias[unit + u];
		int k = 0;
		for (; d->n - k > MOST_EXAMPLES / 2; k += MOST_EXAMPLES)
			forward_tile(d, in, from, load(first), k, unit, out, MOST_EXAMPLES);
		for (; d->n - k > 0; k += MOST_EXAMPLES / 2)
			forward_tile(d, in, from, load(first), k, unit, out, MOST_EXAMPLES / 2);
	}
}

/* V inputs by K examples: din[input][n] = sum over u of weight[u][input] * dout[u][n]. */
INLINE void data_tile(const struct aq_dense *d, const aq_real *dout, const aq_real *weight, int k0,
		      int input, aq_real *din, const int K)
{
	vec acc[MOST_EXAMPLES];
	aq_real lanes[V];
	UNROLL for (int k = 0; k < K; k++)
		acc[k] = (vec){ 0 };
	dout += k0;
	weight += input;
	for (int u = 0; u < d->units; u++, dout += d->n, weight += d->inputs) {
		vec w = load(weight);
		KEEP(w);
		UNROLL for (int k = 0; k < K; k++)
			acc[k] = fused(w, splat(dout[k]), acc[k]);
	}
	const int inputs = least(V, d->inputs - input), examples = least(K, d->n - k0);
	for (int k = 0; k < examples; k++) {
		store(lanes, acc[k]);
		for (int i = 0; i < inputs; i++)
			din[(size_t)(input + i) * (size_t)d->n + (size_t)(k0 + k)] = lanes[i];
	}
}

void AQ_NAME(dense_data)(const struct aq_dense *d, const aq_real *dout, const aq_real *weight,
			 aq_real *din)
{
	for (int input = 0; input < d->inputs; input += V) {
		int k = 0;
		for (; d->n - k > MOST_EXAMPLES / 2; k += MOST_EXAMPLES)
			data_tile(d, dout, weight, k, input, din, MOST_EXAMPLES);
		for (; d->n - k > 0; k += MOST_EXAMPLES / 2)
			data_tile(d, dout, weight, k, input, din, MOST_EXAMPLES / 2);
	}
}

enum { UNITS = 4, WIDE = REGISTERS == 32 ? 4 : 2 };

/* 4 units by WIDE vectors of inputs: dweight[u][input] += sum over k of dout[u][k] *
 * turned[k][input]. */
static void weights_tile(const struct aq_dense *d, const aq_real *turned, size_t pitch,
			 const aq_real *dout, int unit, int input, aq_real *dweight)
{
	vec acc[UNITS][WIDE];
	const aq_real *from[UNITS];
	UNROLL for (int u = 0; u < UNITS; u++) {
		from[u] = dout + (size_t)least(unit + u, d->units - 1) * (size_t)d->n;
		UNROLL for (int w = 0; w < WIDE; w++)
			acc[u][w] = (vec){ 0 };
	}
	turned += input;
	for (int k = 0; k < d->n; k++, turned += pitch) {
		vec x[WIDE];
		UNROLL for (int w = 0; w < WIDE; w++) {
			x[w] = load(turned + w * V);
			KEEP(x[w]);
		}
		UNROLL for (int u = 0; u < UNITS; u++)
			UNROLL for (int w = 0; w < WIDE; w++)
				acc[u][w] = fused(splat(from[u][k]), x[w], acc[u][w]);
	}
	UNROLL for (int u = 0; u < UNITS; u++) {
		if (unit + u >= d->units)
			break;
		aq_real *to = dweight + (size_t)(unit + u) * (size_t)d->inputs + input;
		UNROLL for (int w = 0; w < WIDE; w++) {
			const int left = d->inputs - input - w * V;
			const vec sum = left > 0 ? load(to + w * V) + acc[u][w] : acc[u][w];
			if (left >= V)
				store(to + w * V, sum);
			else if (left > 0)
				store_some(to + w * V, sum, left);
		}
	}
}

void AQ_NAME(dense_weights)(const struct aq_dense *d, const aq_real *turned, size_t pitch,
			    const aq_real *dout, aq_real *dweight)
{
	for (int unit = 0; unit < d->units; unit += UNITS)
		for (int input = 0; input < d->inputs; input += WIDE * V)
			weights_tile(d, turned, pitch, dout, unit, input, dweight);
}
