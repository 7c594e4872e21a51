/* SPDX-License-Identifier: MIT
 *
 * test_view_html.c - texts, bytes and curves as parts of a page
 */
#include "view/html.h"
#include "view/html_plot.h"

#include "story.h"

#include <math.h>

static void text_is_read_as_it_is(void **state)
{
	struct aq_str to = { 0 };
	(void)state;
	aq_html_text(&to, "a<b> & \"c\" λ×");
	assert_string_equal(aq_str_text(&to), "a&lt;b&gt; &amp; &quot;c&quot; λ×");
	aq_str_free(&to);
}

/* The examples of RFC 4648, and bytes above 127. */
static void bytes_as_base64(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		const char *text;
	} cases[] = {
		{ "", 0, "" },		     { "f", 1, "Zg==" },     { "fo", 2, "Zm8=" },
		{ "foo", 3, "Zm9v" },	     { "foob", 4, "Zm9vYg==" }, { "fooba", 5, "Zm9vYmE=" },
		{ "foobar", 6, "Zm9vYmFy" }, { "\xff\xfe\x00", 3, "//4A" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct aq_str to = { 0 };
		aq_str_base64(&to, cases[i].bytes, cases[i].length);
		assert_string_equal(aq_str_text(&to), cases[i].text);
		aq_str_free(&to);
	}
}

static void parts_are_built_in(void **state)
{
	(void)state;
	assert_non_null(strstr(aq_html_part("page.html"), "<!DOCTYPE html>"));
	assert_non_null(strstr(aq_html_part("report.js"), "(?=(\\d{3})+$)")); /* backslashes survive */
	assert_non_null(strstr(aq_html_part("style.css"), "prefers-color-scheme: dark"));
	assert_string_equal(aq_html_part("nothing"), "");
}

/* A line from corner to corner of the fixed ranges, broken where there is no number. */
static void curves_are_placed_and_broken(void **state)
{
	const double x[] = { 0, 25, 50, 75, 100 };
	const float y[] = { 0, 1, NAN, 3, 4 };
	const struct aq_curve curve = { .name = "a & b", .x = x, .y = y, .count = 5, .colour = aq_hue(2) };
	const struct aq_plot plot = { .fixed_x = true, .x_max = 100, .curves = &curve, .curve_count = 1 };
	struct aq_str to = { 0 };
	(void)state;
	aq_html_plot(&to, &plot, 300);
	const char *line = strstr(aq_str_text(&to), "<path class=\"line hue2\" d=\"");
	assert_non_null(line);
	/* y reaches from 0 to 4 and a little more */
	assert_non_null(strstr(line, "M0.0 1000.0L250.0 "));
	assert_non_null(strstr(line, "M750.0 "));
	assert_null(strstr(line, "500.0 "));
	assert_non_null(strstr(aq_str_text(&to), "a &amp; b"));
	assert_non_null(strstr(aq_str_text(&to), "style=\"left:100.00%\">100<"));
	aq_str_free(&to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_read_as_it_is),
		cmocka_unit_test(bytes_as_base64),
		cmocka_unit_test(parts_are_built_in),
		cmocka_unit_test(curves_are_placed_and_broken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
