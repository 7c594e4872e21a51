/* SPDX-License-Identifier: MIT
 *
 * Randomness without state: Philox gives the answers its authors published (Random123's
 * kat_vectors), the numbers made of it are spread as they should be, an epoch's order is an order.
 */
#include "base/rng.h"

#include "story.h"

#include <math.h>

static void test_known_answers(void **state)
{
	(void)state;
	static const struct {
		uint32_t counter[4];
		uint64_t key;
		uint32_t out[4];
	} cases[] = {
		{ { 0, 0, 0, 0 }, 0, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
		{ { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff }, 0xffffffffffffffff,
		  { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
		{ { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 }, 0x299f31d0a4093822,
		  { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint32_t out[4];
		aq_philox(cases[i].counter, cases[i].key, out);
		assert_memory_equal(out, cases[i].out, sizeof out);
	}
}

/* A word is one of its quad, and every coordinate of its name matters. */
static void test_words(void **state)
{
	(void)state;
	uint32_t quad[4];
	aq_rng_quad(7, AQ_STREAM_INIT, 1ull << 40, 5, 25, quad);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(aq_rng_word(7, AQ_STREAM_INIT, 1ull << 40, 5, 100 + i), quad[i]);
	const uint32_t one = aq_rng_word(7, 300, 9, 5, 100);
	assert_int_not_equal(one, aq_rng_word(8, 300, 9, 5, 100));
	assert_int_not_equal(one, aq_rng_word(7 + (1ull << 32), 300, 9, 5, 100));
	assert_int_not_equal(one, aq_rng_word(7, 301, 9, 5, 100));
	assert_int_not_equal(one, aq_rng_word(7, 300, 9 + (1ull << 32), 5, 100));
	assert_int_not_equal(one, aq_rng_word(7, 300, 9, 6, 100));
	assert_int_not_equal(one, aq_rng_word(7, 300, 9, 5, 101));
}

static void test_ranges(void **state)
{
	(void)state;
	assert_true(aq_unit(0) >= 0 && aq_unit(0) <= 0);
	assert_true(aq_unit(0xffffffff) < 1);
	assert_int_equal(aq_below(0xffffffff, 10), 9);
	assert_int_equal(aq_below(0, 10), 0);
	assert_int_equal(aq_below(0xffffffff, 1), 0);
	int seen[5] = { 0 };
	for (uint32_t i = 0; i < 5000; i++)
		seen[aq_below(aq_rng_word(1, 1, 0, 0, i), 5)]++;
	for (int k = 0; k < 5; k++)
		assert_in_range(seen[k], 880, 1120); /* five deviations from 1000 are 141 */
}

static void test_normal(void **state)
{
	(void)state;
	enum { N = 20000 };
	double sum[4] = { 0 }, neighbours = 0, before = 0;
	for (uint32_t i = 0; i < N; i++) {
		const double x = aq_rng_normal(3, AQ_STREAM_INIT, 0, 1, i);
		assert_true(isfinite(x));
		sum[0] += x;
		sum[1] += x * x;
		sum[2] += x * x * x;
		sum[3] += x * x * x * x;
		neighbours += x * before;
		before = x;
	}
	/* Moments 0, 1, 0, 3 with deviations sqrt(1, 2, 15, 96 / N); five of them. */
	assert_true(fabs(sum[0] / N) < 5 * sqrt(1.0 / N));
	assert_true(fabs(sum[1] / N - 1) < 5 * sqrt(2.0 / N));
	assert_true(fabs(sum[2] / N) < 5 * sqrt(15.0 / N));
	assert_true(fabs(sum[3] / N - 3) < 5 * sqrt(96.0 / N));
	assert_true(fabs(neighbours / N) < 5 * sqrt(1.0 / N));
}

static void test_an_order_of_all(void **state)
{
	(void)state;
	static const uint64_t sizes[] = { 1,  2,   3,	4,   5,	  7,   15,   16,   17,	 63,   64,
					  65, 100, 255, 256, 257, 999, 1024, 3750, 4096, 4097, 50000 };
	static unsigned char seen[50000];
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
		for (uint64_t epoch = 0; epoch < 3; epoch++) {
			memset(seen, 0, sizeof seen);
			for (uint64_t i = 0; i < sizes[s]; i++) {
				const uint64_t at = aq_shuffled(11, epoch, sizes[s], i);
				assert_true(at < sizes[s]);
				assert_int_equal(seen[at]++, 0);
			}
		}
}

/* Two epochs, two seeds: other orders; few numbers stay where they were. */
static void test_orders_differ(void **state)
{
	(void)state;
	int fixed = 0, same_epoch = 0, same_seed = 0;
	for (uint64_t i = 0; i < 1000; i++) {
		const uint64_t at = aq_shuffled(1, 0, 1000, i);
		fixed += at == i;
		same_epoch += at == aq_shuffled(1, 1, 1000, i);
		same_seed += at == aq_shuffled(2, 0, 1000, i);
	}
	assert_in_range(fixed, 0, 8);
	assert_in_range(same_epoch, 0, 8);
	assert_in_range(same_seed, 0, 8);
	uint64_t huge = 1ull << 40;
	assert_true(aq_shuffled(1, 0, huge, 12345) < huge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answers), cmocka_unit_test(test_words),
		cmocka_unit_test(test_ranges),	      cmocka_unit_test(test_normal),
		cmocka_unit_test(test_an_order_of_all), cmocka_unit_test(test_orders_differ),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
