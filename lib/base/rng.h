/* SPDX-License-Identifier: MIT
 *
 * rng.h - randomness without state: every number is a function of what it is for
 *
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC'11)
 * turns a key and a counter into four random words.  The key is the seed, the counter names the
 * number wanted: which stream (what it is for), step, example and element.  So any number of a run
 * can be computed again at any time, by any thread, in any order.
 */
#ifndef AQ_BASE_RNG_H
#define AQ_BASE_RNG_H

#include <stdint.h>

/* What a number is for.  Layers use AQ_STREAM_LAYER + their index. */
enum aq_stream {
	AQ_STREAM_INIT = 1, /* initial weights: example = parameter tensor, element = weight */
	AQ_STREAM_SHUFFLE,  /* order of an epoch: step = epoch */
	AQ_STREAM_AUGMENT,  /* element = which decision */
	AQ_STREAM_SYNTH,    /* drawn data: example = picture, element = decision */
	AQ_STREAM_EMBED,    /* start of t-SNE */
	AQ_STREAM_NOISE,    /* random filters: example = filter, element = weight */
	AQ_STREAM_LAYER = 256,
};

/* The four words of one counter. */
void aq_philox(const uint32_t counter[4], uint64_t key, uint32_t out[4]);

/* One word; `step` below 2^48, `stream` below 2^16. */
uint32_t aq_rng_word(uint64_t seed, uint32_t stream, uint64_t step, uint32_t example,
		     uint32_t element);

/* The four words of elements 4*quad .. 4*quad+3. */
void aq_rng_quad(uint64_t seed, uint32_t stream, uint64_t step, uint32_t example, uint32_t quad,
		 uint32_t out[4]);

/* A word as a number in [0, 1), in steps of 2^-24 (exact in float). */
float aq_unit(uint32_t word);

/* A word as a whole number in [0, n). */
uint32_t aq_below(uint32_t word, uint32_t n);

/* A standard normal number (Box-Muller). */
double aq_rng_normal(uint64_t seed, uint32_t stream, uint64_t step, uint32_t example,
		     uint32_t element);

/* The i-th number of a random order of 0 .. n-1 (epoch `epoch` of `seed`), without a table: a
 * Feistel network over the next power of four, walked until it lands inside. */
uint64_t aq_shuffled(uint64_t seed, uint64_t epoch, uint64_t n, uint64_t i);

#endif
