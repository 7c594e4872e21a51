/* SPDX-License-Identifier: MIT
 *
 * A story is told outermost line first, keeps its newest line however long it grows, and belongs
 * to the thread that failed.
 */
#include "base/err.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int inner(void)
{
	return aq_fail(AQ_EDATA, "%d is too many", 7);
}

static int outer(void)
{
	int rc, tidied = 0;
	AQ_TRY(AQ_OK);
	AQ_TRY(inner());
	fail_msg("AQ_TRY went on after a failure");
done:
	tidied++;
	assert_int_equal(tidied, 1);
	return aq_while(rc, "while counting %s", "sheep");
}

static void test_outermost_first(void **state)
{
	(void)state;
	assert_int_equal(outer(), AQ_EDATA);
	assert_string_equal(aq_story(), "while counting sheep\n  7 is too many");
	assert_int_equal(aq_fail(AQ_EIO, "new"), AQ_EIO);
	assert_string_equal(aq_story(), "new");
}

static void test_a_story_may_quote_itself(void **state)
{
	(void)state;
	(void)aq_fail(AQ_EUSAGE, "lr: 'x' is not a number");
	assert_int_equal(aq_fail(AQ_EDATA, "run.h5: %s", aq_story()), AQ_EDATA);
	assert_string_equal(aq_story(), "run.h5: lr: 'x' is not a number");
}

static void test_the_newest_line_is_kept(void **state)
{
	(void)state;
	char line[600];
	memset(line, 'a', sizeof line - 1);
	line[sizeof line - 1] = '\0';
	(void)aq_fail(AQ_EIO, "the cause");
	for (int i = 0; i < 20; i++) {
		assert_int_equal(aq_while(AQ_EIO, "%02d%s", i, line), AQ_EIO);
		const int newest = (aq_story()[0] - '0') * 10 + aq_story()[1] - '0';
		assert_int_equal(newest, i);
		assert_true(strlen(aq_story()) < 4096);
	}
}

static void *fail_elsewhere(void *before)
{
	*(int *)before = (int)strlen(aq_story());
	(void)aq_fail(AQ_ENOMEM, "the other thread's");
	return NULL;
}

static void test_each_thread_has_its_own(void **state)
{
	(void)state;
	pthread_t thread;
	int before = -1;
	(void)aq_fail(AQ_EIO, "mine");
	assert_int_equal(pthread_create(&thread, NULL, fail_elsewhere, &before), 0);
	pthread_join(thread, NULL);
	assert_int_equal(before, 0);
	assert_string_equal(aq_story(), "mine");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outermost_first),
		cmocka_unit_test(test_a_story_may_quote_itself),
		cmocka_unit_test(test_the_newest_line_is_kept),
		cmocka_unit_test(test_each_thread_has_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
