/* SPDX-License-Identifier: MIT
 *
 * rng.c - randomness without state
 */
#include "base/rng.h"

#include "base/exact.h"

#include <math.h>

void aq_philox(const uint32_t counter[4], uint64_t key, uint32_t out[4])
{
	uint32_t a = counter[0], b = counter[1], c = counter[2], d = counter[3];
	uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
	for (int round = 0; round < 10; round++) {
		const uint64_t p = 0xD2511F53ull * a, q = 0xCD9E8D57ull * c;
		a = (uint32_t)(q >> 32) ^ b ^ k0;
		b = (uint32_t)q;
		c = (uint32_t)(p >> 32) ^ d ^ k1;
		d = (uint32_t)p;
		k0 += 0x9E3779B9u;
		k1 += 0xBB67AE85u;
	}
	out[0] = a;
	out[1] = b;
	out[2] = c;
	out[3] = d;
}

void aq_rng_quad(uint64_t seed, uint32_t stream, uint64_t step, uint32_t example, uint32_t quad,
		 uint32_t out[4])
{
	const uint32_t counter[4] = { quad, example, (uint32_t)step,
				      (uint32_t)(step >> 32) << 16 | (stream & 0xffff) };
	aq_philox(counter, seed, out);
}

uint32_t aq_rng_word(uint64_t seed, uint32_t stream, uint64_t step, uint32_t example,
		     uint32_t element)
{
	uint32_t out[4];
	aq_rng_quad(seed, stream, step, example, element / 4, out);
	return out[element % 4];
}

float aq_unit(uint32_t word)
{
	return (float)(word >> 8) * 0x1p-24f;
}

uint32_t aq_below(uint32_t word, uint32_t n)
{
	return (uint32_t)((uint64_t)word * n >> 32);
}

double aq_rng_normal(uint64_t seed, uint32_t stream, uint64_t step, uint32_t example,
		     uint32_t element)
{
	/* Two words make one number: elements 2k and 2k+1 share a quad. */
	uint32_t out[4];
	aq_rng_quad(seed, stream, step, example, element / 2, out);
	const uint32_t *pair = out + element % 2 * 2;
	const double u = (pair[0] + 0.5) * 0x1p-32, v = pair[1] * 0x1p-32;
	return sqrt(-2 * aq_ln(u)) * aq_cos_pi(2 * v);
}

uint64_t aq_shuffled(uint64_t seed, uint64_t epoch, uint64_t n, uint64_t i)
{
	unsigned half = 1;
	while (half < 31 && (uint64_t)1 << 2 * half < n)
		half++;
	const uint32_t mask = (uint32_t)((1ull << half) - 1);
	do {
		uint32_t left = (uint32_t)(i >> half), right = (uint32_t)i & mask;
		for (uint32_t round = 0; round < 6; round++) {
			uint32_t out[4];
			aq_rng_quad(seed, AQ_STREAM_SHUFFLE, epoch, right, round, out);
			const uint32_t next = (left ^ out[0]) & mask;
			left = right;
			right = next;
		}
		i = (uint64_t)left << half | right;
	} while (i >= n);
	return i;
}
