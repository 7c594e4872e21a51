/* SPDX-License-Identifier: MIT
 *
 * Time goes forward, and is said as people say it.
 */
#include "base/clock.h"

#include "story.h"

#include <time.h>

static void test_forward(void **state)
{
	(void)state;
	const double start = aq_seconds();
	nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
	const double passed = aq_seconds() - start;
	assert_true(passed >= 0.005 && passed < 60);
}

/* Sleeping is elapsed time, not work. */
static void test_work(void **state)
{
	(void)state;
	const double start = aq_seconds(), worked = aq_thread_seconds();
	nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	assert_true(aq_thread_seconds() - worked < aq_seconds() - start - 0.01);
	while (aq_thread_seconds() < worked + 0.002)
		;
}

static void test_durations(void **state)
{
	(void)state;
	static const struct {
		double seconds;
		const char *text;
	} cases[] = {
		{ 0, "0.0 s" },		   { 0.44, "0.4 s" },	    { 9.94, "9.9 s" },
		{ 9.96, "10 s" },	   { 59.4, "59 s" },	    { 59.6, "1 min 00 s" },
		{ 185, "3 min 05 s" },	   { 3599.4, "59 min 59 s" }, { 3599.6, "1 h 00 min" },
		{ 7800, "2 h 10 min" },	   { 360000, "100 h 00 min" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[32];
		assert_ptr_equal(aq_duration(text, sizeof text, cases[i].seconds), text);
		assert_string_equal(text, cases[i].text);
	}
	char small[4] = "abc";
	aq_duration(small, sizeof small, 185);
	assert_string_equal(small, "3 m");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forward),
		cmocka_unit_test(test_work),
		cmocka_unit_test(test_durations),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
