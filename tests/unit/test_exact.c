/* SPDX-License-Identifier: MIT
 *
 * Own functions against those of the C library, over their ranges and at their ends.
 */
#include "base/exact.h"
#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static double units(double got, double want)
{
	const double unit = ldexp(1, (fabs(want) < 0x1p-1022 ? -1022 : ilogb(want)) - 52);
	return fabs(got - want) / unit;
}

static double number(uint32_t i, double low, double high)
{
	return low + (high - low) * (aq_rng_word(1, 1, 0, 0, i) * 0x1p-32);
}

static void test_ranges(void **state)
{
	(void)state;
	double worst = 0;
	for (uint32_t i = 0; i < 200000; i++) {
		const double x = number(i, -745, 709.5), y = number(i, -1, 1), c = number(i, -2, 2);
		worst = fmax(worst, units(aq_exp(x), exp(x)));
		worst = fmax(worst, units(aq_exp(y), exp(y)));
		worst = fmax(worst, units(aq_ln(exp(x)), log(exp(x))));
		worst = fmax(worst, units(aq_ln(1 + 0.3 * y), log(1 + 0.3 * y)));
		assert_true(fabs(aq_cos_pi(c) - cos(3.141592653589793238 * c)) <
			    3e-16 * (1 + fabs(c)));
	}
	assert_true(worst <= 2); /* the library's own error is part of it */
}

static void test_ends(void **state)
{
	(void)state;
	assert_true(aq_exp(0) == 1 && aq_ln(1) == 0 && aq_cos_pi(0) == 1);
	assert_true(aq_cos_pi(1) == -1 && aq_cos_pi(0.5) == 0 && aq_cos_pi(2) == 1);
	assert_true(aq_exp(710) == INFINITY && aq_exp(INFINITY) == INFINITY &&
		    aq_exp(-INFINITY) == 0);
	assert_true(aq_ln(0) == -INFINITY && aq_ln(INFINITY) == INFINITY && isnan(aq_ln(-1)));
	assert_true(isnan(aq_exp(NAN)) && isnan(aq_ln(NAN)));
	assert_true(units(aq_ln(0x1p-1074), log(0x1p-1074)) <= 1);
	assert_true(aq_power(2, 10) == 1024 && aq_power(0.5, 0) == 1 && aq_power(3, 1) == 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
