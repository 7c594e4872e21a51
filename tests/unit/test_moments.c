/* SPDX-License-Identifier: MIT
 *
 * test_moments.c - mean, deviation and extremes in portions are those of the whole
 */
#include "look/moments.h"
#include "story.h"

#include <math.h>

static void of_a_few_numbers(void **state)
{
	static const float v[] = { 2, 4, 4, 4, 5, 5, 7, 9 };
	struct aq_moments m = { 0 };
	(void)state;
	assert_true(aq_moments_std(&m) == 0);
	aq_moments_add(&m, v, 8);
	assert_true(m.count == 8 && m.odd == 0 && m.mean == 5 && aq_moments_std(&m) == 2);
	assert_true(m.min == 2 && m.max == 9);
}

static void portions_are_joined(void **state)
{
	enum { COUNT = 1000 };
	float v[COUNT];
	(void)state;
	for (int i = 0; i < COUNT; i++) /* small differences of large numbers */
		v[i] = 100000 + (float)(i * 7919 % COUNT) / 64;
	for (size_t part = 1; part <= COUNT; part = part * 3 + 1) {
		struct aq_moments m = { 0 };
		for (size_t i = 0; i < COUNT; i += part)
			aq_moments_add(&m, v + i, i + part < COUNT ? part : COUNT - i);
		/* i / 64 for i = 0 .. 999 in some order */
		assert_int_equal(m.count, COUNT);
		assert_true(fabs(m.mean - (100000 + 999 / 128.0)) < 1e-9);
		assert_true(fabs(aq_moments_std(&m) - sqrt((1e6 - 1) / 12) / 64) < 1e-9);
		assert_true(m.min == 100000 && m.max == 100000 + 999 / 64.0f);
	}
}

static void what_is_not_finite_is_counted_apart(void **state)
{
	static const float v[] = { NAN, -3, INFINITY, -1, -INFINITY };
	struct aq_moments m = { 0 };
	(void)state;
	aq_moments_add(&m, v, 1);
	aq_moments_add(&m, v, 0);
	assert_true(m.count == 0 && m.odd == 1);
	aq_moments_add(&m, v + 1, 4);
	assert_true(m.count == 2 && m.odd == 3 && m.mean == -2 && aq_moments_std(&m) == 1);
	assert_true(m.min == -3 && m.max == -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_a_few_numbers),
		cmocka_unit_test(portions_are_joined),
		cmocka_unit_test(what_is_not_finite_is_counted_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
