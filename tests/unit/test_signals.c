/* SPDX-License-Identifier: MIT
 *
 * A first request to stop is remembered, a second one ends the program; a request to save is told
 * once.
 */
#include "base/signals.h"

#include "story.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_stop(void **state)
{
	(void)state;
	static const int stops[] = { SIGTERM, SIGINT, SIGXCPU };
	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
		aq_signals_watch();
		assert_int_equal(aq_signals_stop(), 0);
		raise(stops[i]);
		assert_int_equal(aq_signals_stop(), stops[i]);
		assert_int_equal(aq_signals_stop(), stops[i]);
	}
	aq_signals_watch();
	assert_int_equal(aq_signals_stop(), 0);
}

static void test_save(void **state)
{
	(void)state;
	aq_signals_watch();
	assert_false(aq_signals_save());
	raise(SIGUSR1);
	assert_int_equal(aq_signals_stop(), 0);
	assert_true(aq_signals_save());
	assert_false(aq_signals_save());
}

static void test_a_second_request_ends_at_once(void **state)
{
	(void)state;
	fflush(NULL);
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		aq_signals_watch();
		raise(SIGTERM);
		raise(SIGINT);
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 128 + SIGINT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_save),
		cmocka_unit_test(test_a_second_request_ends_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
