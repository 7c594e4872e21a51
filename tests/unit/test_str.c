/* SPDX-License-Identifier: MIT
 *
 * Strings that grow, texts for JSON, the nearest word.
 */
#include "base/str.h"

#include "story.h"

static void test_growing(void **state)
{
	(void)state;
	struct aq_str str = { 0 };
	assert_string_equal(aq_str_text(&str), "");
	for (int i = 0; i < 1000; i++)
		aq_str_add(&str, "%d,", i);
	aq_str_bytes(&str, "a\0b", 3);
	ok(aq_str_check(&str));
	assert_int_equal(str.length, 10 * 2 + 90 * 3 + 900 * 4 + 3);
	assert_memory_equal(str.at, "0,1,2,", 6);
	assert_memory_equal(str.at + str.length - 7, "999,a\0b", 8);
	aq_str_free(&str);
	assert_null(str.at);
	assert_int_equal(str.length, 0);
}

static void test_one_check_instead_of_many(void **state)
{
	(void)state;
	struct aq_str str = { .broken = true };
	aq_str_add(&str, "nothing %s", "happens");
	aq_str_json(&str, "nothing");
	bad(aq_str_check(&str), AQ_ENOMEM, "out of memory");
	assert_string_equal(aq_str_text(&str), "");
	aq_str_free(&str);
}

static void json(const char *text, const char *expected)
{
	struct aq_str str = { 0 };
	aq_str_json(&str, text);
	assert_string_equal(aq_str_text(&str), expected);
	aq_str_free(&str);
}

static void test_json(void **state)
{
	(void)state;
	json("", "\"\"");
	json("a \"b\" \\ c/d", "\"a \\\"b\\\" \\\\ c/d\"");
	json("\n\t\x01", "\"\\u000a\\u0009\\u0001\"");
	json("Zürich \xe2\x82\xac \xf0\x9f\x98\x80", "\"Zürich \xe2\x82\xac \xf0\x9f\x98\x80\"");
	/* Latin-1, a sequence cut short, an overlong slash, a surrogate, beyond U+10FFFF */
	json("a\xfc" "b", "\"a\\ufffdb\"");
	json("\xe2\x82", "\"\\ufffd\\ufffd\"");
	json("\xc0\xaf", "\"\\ufffd\\ufffd\"");
	json("\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"");
	json("\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"");
}

static void test_nearest_word(void **state)
{
	(void)state;
	static const char *const words[] = { "conv", "dense", "maxpool", "avgpool", "relu", NULL };
	assert_string_equal(aq_near("covn", words), "conv");
	assert_string_equal(aq_near("dens", words), "dense");
	assert_string_equal(aq_near("mxpool", words), "maxpool");
	assert_string_equal(aq_near("rellu", words), "relu");
	assert_string_equal(aq_near("relu", words), "relu");
	assert_null(aq_near("attention", words));
	assert_null(aq_near("x", words));
	assert_null(aq_near("", words));
	char long_word[5000];
	memset(long_word, 'c', sizeof long_word - 1);
	long_word[sizeof long_word - 1] = '\0';
	assert_null(aq_near(long_word, words));
	static const char *const none[] = { NULL };
	assert_null(aq_near("conv", none));
}

static void test_path_name(void **state)
{
	(void)state;
	assert_string_equal(aq_path_name("a/b/c.h5"), "c.h5");
	assert_string_equal(aq_path_name("c.h5"), "c.h5");
	assert_string_equal(aq_path_name("/c.h5"), "c.h5");
	assert_string_equal(aq_path_name("a/"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_growing),
		cmocka_unit_test(test_one_check_instead_of_many),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_nearest_word),
		cmocka_unit_test(test_path_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
