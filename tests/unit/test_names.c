/* SPDX-License-Identifier: MIT
 *
 * test_names.c - lists of class names, from texts and from the command line
 */
#include "data/names.h"

#include "story.h"

static void from_lines(void **state)
{
	(void)state;
	static const char text[] = "airplane\r\nankle boot \n\ncat\n\n";
	struct aq_names names = { 0 };
	ok(aq_names_add_lines(&names, "f", text, strlen(text)));
	assert_int_equal(names.count, 3);
	assert_string_equal(names.at[0], "airplane");
	assert_string_equal(names.at[1], "ankle boot");
	assert_int_equal(aq_names_find(&names, "cat"), 2);
	assert_int_equal(aq_names_find(&names, "ca"), -1);
	assert_null(aq_names_texts(&names)[3]);
	aq_names_free(&names);
	ok(aq_names_add_lines(&names, "f", "last", 4)); /* without an end of line */
	assert_string_equal(names.at[0], "last");
	aq_names_free(&names);
}

static void damaged_lines(void **state)
{
	(void)state;
	struct aq_names names = { 0 };
	bad(aq_names_add_lines(&names, "f", "cat\nd\1g\n", 8), AQ_EDATA, "f, line 2");
	aq_names_free(&names);
	bad(aq_names_add_lines(&names, "f", "cat\ndog\ncat\n", 12), AQ_EDATA, "'cat' twice");
	aq_names_free(&names);
}

static void from_words(void **state)
{
	(void)state;
	struct aq_names names = { 0 };
	ok(aq_names_add_words(&names, "cat,ankle boot,dog"));
	assert_int_equal(names.count, 3);
	assert_string_equal(names.at[1], "ankle boot");
	aq_names_free(&names);
	bad(aq_names_add_words(&names, "cat,,dog"), AQ_EUSAGE, "empty name");
	aq_names_free(&names);
	bad(aq_names_add_words(&names, ""), AQ_EUSAGE, "empty name");
	aq_names_free(&names);
	bad(aq_names_add_words(&names, "cat,dog,cat"), AQ_EUSAGE, "'cat' twice");
	aq_names_free(&names);
}

static void many_in_order(void **state)
{
	(void)state;
	struct aq_names names = { 0 };
	char text[16];
	for (int i = 999; i >= 0; i--) {
		snprintf(text, sizeof text, "%03d", i);
		ok(aq_names_add(&names, text, strlen(text)));
	}
	aq_names_sort(&names);
	assert_int_equal(aq_names_find(&names, "517"), 517);
	aq_names_free(&names);
	assert_null(aq_names_texts(&names)[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_lines),
		cmocka_unit_test(damaged_lines),
		cmocka_unit_test(from_words),
		cmocka_unit_test(many_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
