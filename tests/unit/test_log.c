/* SPDX-License-Identifier: MIT
 *
 * The library talks to whoever listens, and to nobody otherwise.
 */
#include "base/log.h"

#include "story.h"

static char heard[2048];
static enum aq_level heard_level;
static uint64_t heard_done;
static int lines;

static void line(enum aq_level level, const char *text)
{
	snprintf(heard, sizeof heard, "%s", text);
	heard_level = level;
	lines++;
}

static void progress(const char *what, uint64_t done, uint64_t total)
{
	snprintf(heard, sizeof heard, "%s of %d", what, (int)total);
	heard_done = done;
}

static void test_a_listener(void **state)
{
	(void)state;
	static const struct aq_listener ear = { line, progress };
	aq_log(AQ_WARN, "nobody hears this");
	aq_progress("steps", 1, 2);
	assert_int_equal(lines, 0);
	aq_listen(&ear);
	aq_log(AQ_DEBUG, "%s %d", "segment", 3);
	assert_string_equal(heard, "segment 3");
	assert_int_equal(heard_level, AQ_DEBUG);
	aq_progress("steps", 5, 9);
	assert_string_equal(heard, "steps of 9");
	assert_int_equal(heard_done, 5);
	aq_listen(NULL);
	aq_log(AQ_WARN, "nor this");
	assert_int_equal(lines, 1);
}

static void test_half_a_listener(void **state)
{
	(void)state;
	static const struct aq_listener deaf = { NULL, NULL };
	aq_listen(&deaf);
	aq_log(AQ_INFO, "no crash");
	aq_progress("steps", 1, 2);
	aq_listen(NULL);
}

static void test_a_long_line_is_cut(void **state)
{
	(void)state;
	static const struct aq_listener ear = { line, progress };
	char text[5000];
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	aq_listen(&ear);
	aq_log(AQ_INFO, "%s", text);
	assert_true(strlen(heard) > 500 && strlen(heard) < sizeof heard - 1);
	aq_listen(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_listener),
		cmocka_unit_test(test_half_a_listener),
		cmocka_unit_test(test_a_long_line_is_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
