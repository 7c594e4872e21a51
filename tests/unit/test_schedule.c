/* SPDX-License-Identifier: MIT
 *
 * Learning rates over a run, against values worked out by hand.
 */
#include "nn/schedule.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check(const char *text, double lr, int64_t step, int64_t steps, int64_t epoch,
		  double want)
{
	struct aq_schedule s;
	if (aq_schedule_parse(&s, text, lr) < 0)
		fail_msg("%s", aq_story());
	const double got = aq_schedule_lr(&s, step, steps, epoch);
	if (!(fabs(got - want) <= 1e-15 + 1e-12 * fabs(want)))
		fail_msg("%s at step %lld, epoch %lld is %.17g, not %.17g", text, (long long)step,
			 (long long)epoch, got, want);
}

static void test_values(void **state)
{
	(void)state;
	check(NULL, 0.3, 5, 10, 1, 0.3);
	check("constant", 0.3, 5, 10, 1, 0.3);
	check("steps:100,0.5", 0.8, 99, 1000, 0, 0.8);
	check("steps:100,0.5", 0.8, 100, 1000, 0, 0.4);
	check("steps:100,0.5", 0.8, 399, 1000, 0, 0.1);
	check("exponential:0.9", 1, 0, 10, 0, 1);
	check("exponential:0.9", 1, 0, 10, 3, 0.729);
	check("cosine", 2, 0, 100, 0, 2);
	check("cosine", 2, 50, 100, 0, 1);
	check("cosine", 2, 100, 100, 0, 0);
	check("cosine:0.5", 2, 50, 100, 0, 1.25);
	check("cosine:0.5", 2, 100, 100, 0, 0.5);
	check("epochs:0.05x30,0.005x10,0.0005x5", 9, 0, 0, 0, 0.05);
	check("epochs:0.05x30,0.005x10,0.0005x5", 9, 0, 0, 29, 0.05);
	check("epochs:0.05x30,0.005x10,0.0005x5", 9, 0, 0, 30, 0.005);
	check("epochs:0.05x30,0.005x10,0.0005x5", 9, 0, 0, 40, 0.0005);
	check("epochs:0.05x30,0.005x10,0.0005x5", 9, 0, 0, 400, 0.0005);
	check("epochs:0x1000,0.2", 9, 0, 0, 999, 0);
	check("epochs:0x1000,0.2", 9, 0, 0, 1000, 0.2);
	check("epochs:0.1,0.2", 9, 0, 0, 0, 0.1);
	check("epochs:0.1,0.2", 9, 0, 0, 1, 0.2);
}

static void test_bad(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"",
		"linear",
		"constant:1",
		"steps",
		"steps:",
		"steps:0,0.5",
		"steps:10",
		"steps:10,",
		"steps:10,0.5,3",
		"steps:10,-1",
		"steps:10,nan",
		"exponential",
		"exponential:x",
		"cosine:",
		"cosine:1:2",
		"epochs",
		"epochs:",
		"epochs:0.1x",
		"epochs:0.1x0",
		"epochs:0.1x3,",
		"epochs:0.1 x3",
		"epochs:inf",
		"steps:99999999999999999999,1",
	};
	struct aq_schedule s;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (aq_schedule_parse(&s, bad[i], 1) != AQ_EUSAGE)
			fail_msg("'%s' was accepted", bad[i]);
	assert_int_equal(aq_schedule_parse(&s, "cosin", 1), AQ_EUSAGE);
	assert_non_null(strstr(aq_story(), "did you mean 'cosine'?"));
	char many[1024] = "epochs:1";
	for (int i = 0; i < AQ_MOST_RATES; i++)
		strcat(many, ",1");
	assert_int_equal(aq_schedule_parse(&s, many, 1), AQ_EUSAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_bad),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
