/* SPDX-License-Identifier: MIT
 *
 * The statistics of a gradient equal their definitions, for every instruction set with the same bits; so do
 * the checksums made by vectors, which must be zlib's.
 */
#include "num/stats.h"

#include "base/rng.h"
#include "io/gz.h"
#include "num/kernels.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { COUNT = 1000 };

static aq_real grad[COUNT], previous[COUNT], update[COUNT], weight[COUNT];

static void numbers(void)
{
	for (uint32_t i = 0; i < COUNT; i++) {
		grad[i] = (aq_real)(aq_rng_normal(5, 1, 0, 0, i) + 0.3);
		previous[i] = (aq_real)aq_rng_normal(5, 2, 0, 0, i);
		update[i] = (aq_real)(1e-3 * aq_rng_normal(5, 3, 0, 0, i));
		weight[i] = (aq_real)aq_rng_normal(5, 4, 0, 0, i);
		if (i % 5 == 3)
			grad[i] = i % 2 ? 0 : (aq_real)-0.0;
	}
}

static struct aq_stats of_first(size_t count)
{
	const struct aq_stats_part part =
		aq_stats_of_part(&(struct aq_stats_of){ count, grad, previous, update, weight });
	return aq_stats_join(&part, 1);
}

static void near(double got, long double want)
{
	if (fabsl(got - want) > 1e-13L * (1 + fabsl(want)))
		fail_msg("%.17g is not %.17Lg", got, want);
}

static struct aq_stats in_parts(size_t count, size_t size)
{
	struct aq_stats_part part[COUNT];
	int parts = 0;
	for (size_t i = 0; i < count; i += size)
		part[parts++] = aq_stats_of_part(&(struct aq_stats_of){ count - i < size ? count - i : size, grad + i,
									previous + i, update + i, weight + i });
	return aq_stats_join(part, parts);
}

static void check(struct aq_stats s, size_t count)
{
	long double sum = 0, l1 = 0, l2 = 0, squares = 0, p2 = 0, both = 0, u2 = 0, w2 = 0, n = (long double)count;
	double least = (double)grad[0], largest = least;
	int zeros = 0;
	for (size_t i = 0; i < count; i++) {
		const long double g = grad[i], p = previous[i], u = update[i], w = weight[i];
		sum += g;
		l1 += fabsl(g);
		l2 += g * g;
		p2 += p * p;
		both += g * p;
		u2 += u * u;
		w2 += w * w;
		zeros += g == 0;
		least = fmin(least, (double)g);
		largest = fmax(largest, (double)g);
	}
	for (size_t i = 0; i < count; i++)
		squares += (grad[i] - sum / n) * (grad[i] - sum / n);
	near(s.mean, sum / n);
	near(s.std, sqrtl(squares / n));
	near(s.l1, l1);
	near(s.l2, sqrtl(l2));
	near(s.zeros, zeros / n);
	near(s.update_ratio, sqrtl(u2) / sqrtl(w2));
	if (l2 > 0)
		near(s.cosine, both / sqrtl(l2) / sqrtl(p2));
	else
		assert_true(isnan(s.cosine));
	assert_true(s.min == least && s.max == largest);
}

static void test_definition(void **state)
{
	(void)state;
	numbers();
	for (size_t count = 1; count <= 70; count++)
		check(of_first(count), count);
	check(of_first(COUNT), COUNT);
	/* a tensor of one number has no deviation, to the bit */
	assert_true(of_first(1).std == 0);
}

/* However a tensor is cut; a mean far from 0 must not spoil the deviation. */
static void test_parts(void **state)
{
	(void)state;
	numbers();
	for (size_t size = 1; size < COUNT; size += size / 2 + 1)
		check(in_parts(COUNT, size), COUNT);
	for (int i = 0; i < COUNT; i++)
		grad[i] += 1000;
	check(in_parts(COUNT, 7), COUNT);
	const struct aq_stats none = aq_stats_join(NULL, 0);
	assert_true(none.l2 == 0 && none.std == 0);
}

static void test_not_finite(void **state)
{
	(void)state;
	numbers();
	previous[3] = NAN;
	struct aq_stats s = of_first(50);
	assert_true(isnan(s.cosine) && !isnan(s.std) && !isnan(s.min));
	grad[49] = NAN;
	s = of_first(50);
	assert_true(isnan(s.min) && isnan(s.max) && isnan(s.mean) && isnan(s.std) && isnan(s.l1) && isnan(s.l2));
	assert_true(!isnan(s.zeros) && !isnan(s.update_ratio));
}

static void test_isa(void **state)
{
	(void)state;
	numbers();
	const struct aq_kernels *mine = aq_kernels();
	for (size_t count = 1; count < 40; count++) {
		aq_kernels_use(aq_kernels_of(0));
		const struct aq_stats first = of_first(count);
		for (int i = 1; aq_kernels_of(i); i++) {
			aq_kernels_use(aq_kernels_of(i));
			const struct aq_stats s = of_first(count);
			assert_memory_equal(&s, &first, sizeof s);
		}
	}
	aq_kernels_use(mine);
}

/* RFC 1952, 8 and RFC 1950, 9: a bit and a byte at a time. */
static uint32_t crc_of(const unsigned char *bytes, size_t count)
{
	uint32_t crc = 0xffffffff;
	for (size_t i = 0; i < count; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
	}
	return ~crc;
}

static uint32_t adler_of(const unsigned char *bytes, size_t count)
{
	uint32_t a = 1, b = 0;
	for (size_t i = 0; i < count; i++) {
		a = (a + bytes[i]) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

static void test_checksums(void **state)
{
	(void)state;
	enum { MOST = 20000 };
	unsigned char *bytes = malloc(MOST);
	assert_non_null(bytes);
	const struct aq_kernels *mine = aq_kernels();
	for (int i = 0; aq_kernels_of(i); i++) {
		aq_kernels_use(aq_kernels_of(i));
		for (size_t count = 0; count <= MOST; count += count < 300 ? 1 : 977) {
			for (size_t k = 0; k < MOST; k++)
				bytes[k] = i == 1 ? 255 : (unsigned char)(k * k / 7 + count);
			const size_t cut = count / 3;
			const uint32_t crc = crc_of(bytes, count), adler = adler_of(bytes, count);
			assert_int_equal(aq_crc(0, bytes, count), crc);
			assert_int_equal(aq_crc(aq_crc(0, bytes, cut), bytes + cut, count - cut), crc);
			assert_int_equal(aq_adler(1, bytes, count), adler);
			assert_int_equal(aq_adler(aq_adler(1, bytes, cut), bytes + cut, count - cut), adler);
		}
	}
	aq_kernels_use(mine);
	assert_int_equal(aq_crc(0, "123456789", 9), 0xcbf43926);
	assert_int_equal(aq_adler(1, "Wikipedia", 9), 0x11e60398);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_definition),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_not_finite),
		cmocka_unit_test(test_isa),
		cmocka_unit_test(test_checksums),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
