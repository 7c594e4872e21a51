/* SPDX-License-Identifier: MIT
 *
 * test_font.c - every glyph is there and like no other; lines are where and as wide as they
 * say */
#include "draw/font.h"
#include "draw/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Printable ASCII but the blank, and what text.h promises. */
static const char wanted[] =
	"!\"#$%&'()*+,-./"
	"0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
	"−×·±≤≥≈°µ…–—←↑→↓∞ΔΣ√∂αβγδεηλσ²³⁻";

static const struct aq_font *const fonts[] = { &aq_font_text, &aq_font_small };

static void bands_are_straight(void **state)
{
	(void)state;
	for (int f = 0; f < 2; f++)
		for (int b = 0; b < fonts[f]->count; b++) {
			const struct aq_band_art *band = &fonts[f]->bands[b];
			for (int v = 1; v < fonts[f]->rows; v++)
				for (size_t u = 0; u <= strlen(band->rows[0]); u++)
					if ((band->rows[0][u] == ' ') !=
						    (band->rows[v][u] == ' ') ||
					    (band->rows[0][u] == '\0') !=
						    (band->rows[v][u] == '\0'))
						fail_msg("font %d, band %d, row %d is crooked", f,
							 b, v);
		}
}

static bool alike(const struct aq_font *font, const struct aq_glyph *a, const struct aq_glyph *b)
{
	if (a->width != b->width)
		return false;
	for (int v = 0; v < font->rows; v++)
		for (int u = 0; u < a->width; u++)
			if (aq_glyph_ink(font, a, u, v) != aq_glyph_ink(font, b, u, v))
				return false;
	return true;
}

static int ink(const struct aq_font *font, const struct aq_glyph *glyph)
{
	int count = 0;
	for (int v = 0; v < font->rows; v++)
		for (int u = 0; u < glyph->width; u++)
			count += aq_glyph_ink(font, glyph, u, v);
	return count;
}

/* A look at the outer columns: none is empty, or letters would stand at uneven distances. */
static bool tight(const struct aq_font *font, const struct aq_glyph *glyph)
{
	int left = 0, right = 0;
	for (int v = 0; v < font->rows; v++) {
		left += aq_glyph_ink(font, glyph, 0, v);
		right += aq_glyph_ink(font, glyph, glyph->width - 1, v);
	}
	return left > 0 && right > 0;
}

static void glyphs_are_there_and_distinct(void **state)
{
	(void)state;
	for (int f = 0; f < 2; f++) {
		struct aq_glyph seen[200];
		int count = 0;
		for (const char *at = wanted; *at;) {
			const char *from = at;
			const uint32_t letter = aq_utf8_next(&at);
			const struct aq_glyph glyph = aq_font_glyph(fonts[f], letter);
			const bool digit = letter >= '0' && letter <= '9';
			if (!glyph.band || ink(fonts[f], &glyph) == 0)
				fail_msg("font %d has no %.*s", f, (int)(at - from), from);
			if (!digit && !tight(fonts[f], &glyph))
				fail_msg("font %d: %.*s has an empty side", f, (int)(at - from),
					 from);
			for (int i = 0; i < count; i++)
				if (alike(fonts[f], &glyph, &seen[i]))
					fail_msg("font %d: %.*s looks like number %d", f,
						 (int)(at - from), from, i);
			seen[count++] = glyph;
		}
		assert_int_equal(count, 94 + 32);
		assert_null(aq_font_glyph(fonts[f], 0x4e2d).band);
	}
}

static void digits_are_as_wide_and_as_high_as_each_other(void **state)
{
	(void)state;
	for (int f = 0; f < 2; f++)
		for (uint32_t d = '0'; d <= '9'; d++) {
			const struct aq_glyph glyph = aq_font_glyph(fonts[f], d);
			const int top = fonts[f]->base - fonts[f]->caps;
			int first = 0, last = 0;
			assert_int_equal(glyph.width, aq_font_glyph(fonts[f], '0').width);
			for (int u = 0; u < glyph.width; u++) {
				first += aq_glyph_ink(fonts[f], &glyph, u, top);
				last += aq_glyph_ink(fonts[f], &glyph, u, fonts[f]->base - 1);
			}
			assert_true(first > 0 && last > 0);
		}
}

static void broken_text_is_survived(void **state)
{
	const char *at = "\xc3";
	(void)state;
	assert_int_equal(aq_utf8_next(&at), 0xfffd);
	assert_int_equal(*at, '\0');
	at = "\x80x";
	assert_int_equal(aq_utf8_next(&at), 0xfffd);
	assert_int_equal(aq_utf8_next(&at), 'x');
	at = "\xf0\x9f\x92\x96";
	assert_int_equal(aq_utf8_next(&at), 0x1f496);
	assert_true(aq_text_width(AQ_FACE_TEXT, "\xe2\x88") > 0);
}

/* The smallest box around everything that is not paper. */
static struct aq_box inked(const struct aq_canvas *canvas)
{
	int left = 1 << 20, top = 1 << 20, right = -1, bottom = -1;
	for (int y = 0; y < canvas->picture.height; y++)
		for (int x = 0; x < canvas->picture.width; x++) {
			const uint8_t *p = canvas->picture.at + (y * canvas->picture.width + x) * 3;
			/* what smoothing leaves at the rim of a stroke does not count */
			if (p[0] > 200)
				continue;
			left = x < left ? x : left;
			right = x > right ? x : right;
			top = y < top ? y : top;
			bottom = y > bottom ? y : bottom;
		}
	return (struct aq_box){ left, top, right - left + 1, bottom - top + 1 };
}

static void lines_are_where_they_say(void **state)
{
	struct aq_canvas *canvas;
	(void)state;
	assert_int_equal(aq_canvas_new(&canvas, 400, 100, AQ_PAPER), AQ_OK);
	for (int f = 0; f < AQ_FACES; f++) {
		const enum aq_face face = (enum aq_face)f;
		const char *text = "Hxn0H";
		const int width = aq_text_width(face, text), line = aq_text_line(face);
		for (int a = 0; a < 3; a++) {
			const enum aq_align align = (enum aq_align)a;
			aq_canvas_clear(canvas);
			assert_int_equal(aq_text_draw(canvas, 200, 30, face, align, AQ_INK, text),
					 width);
			const struct aq_box box = inked(canvas);
			assert_int_equal(box.w, width);
			assert_int_equal(box.h, aq_text_caps(face));
			assert_int_equal(box.x, 200 - (align == AQ_LEFT ? 0 : align == AQ_CENTRE ?
						       width / 2 : width));
			assert_int_equal(box.y + box.h, 30 + aq_text_base(face));
			/* capitals stand in the middle of the line */
			assert_int_equal(2 * (box.y - 30) + box.h, line);
		}
		aq_canvas_clear(canvas);
		aq_text_up(canvas, 100, 50, face, AQ_INK, text);
		assert_int_equal(inked(canvas).h, width);
		assert_int_equal(inked(canvas).w, aq_text_caps(face));
		assert_in_range(inked(canvas).y, 50 - width / 2 - 1, 50 - width / 2 + 1);
	}
	aq_canvas_free(canvas);
}

static void what_is_too_wide_is_cut(void **state)
{
	struct aq_canvas *canvas;
	(void)state;
	assert_int_equal(aq_canvas_new(&canvas, 400, 60, AQ_PAPER), AQ_OK);
	for (int f = 0; f < AQ_FACES; f++)
		for (int width = 40; width < 120; width += 7)
			for (int a = 0; a < 3; a++) {
				const enum aq_face face = (enum aq_face)f;
				const enum aq_align align = (enum aq_align)a;
				const struct aq_box box = { 150, 10, width, 40 };
				aq_canvas_clear(canvas);
				aq_text_in(canvas, box, face, align, AQ_INK,
					   "a name that has no end → ∞");
				const struct aq_box got = inked(canvas);
				assert_true(got.x >= box.x && got.x + got.w <= box.x + box.w);
				assert_true(got.w > width / 3);
			}
	aq_canvas_free(canvas);
}

static void paragraphs_are_broken_at_blanks(void **state)
{
	const char *text =
		"Every number that moved every weight, at any step of any run.\nExactly.";
	const int line = aq_text_line(AQ_FACE_TEXT);
	(void)state;
	assert_int_equal(aq_text_flow(NULL, 0, 0, 2000, AQ_FACE_TEXT, AQ_INK, text), 2 * line);
	const int narrow = aq_text_flow(NULL, 0, 0, 150, AQ_FACE_TEXT, AQ_INK, text);
	assert_true(narrow >= 4 * line && narrow <= 6 * line);
	/* a word that does not fit stands alone */
	assert_int_equal(aq_text_flow(NULL, 0, 0, 3, AQ_FACE_TEXT, AQ_INK, "two words"), 2 * line);
	assert_int_equal(aq_text_flow(NULL, 0, 0, 100, AQ_FACE_TEXT, AQ_INK, ""), 0);
}

static void numbers_are_short(void **state)
{
	static const struct { double value; int digits; const char *text;
	} cases[] = {
		{0, 3, "0"},
		{1, 3, "1"},
		{-1.5, 3, "−1.5"},
		{0.0123, 3, "0.0123"},
		{1.2e-5, 3, "1.2e−5"},
		{0.00123456, 3, "0.00123"},
		{0.000123456, 3, "1.23e−4"},
		{12345, 3, "12300"},
		{123456, 2, "120000"},
		{1234567, 3, "1.23e6"},
		{999.96, 4, "1000"},
		{0.99996, 4, "1"},
		{0.1 + 0.2, 6, "0.3"},
		{1e300, 3, "1e300"},
		{-4.9e-324, 2, "−4.9e−324"},
		{NAN, 3, "NaN"},
		{INFINITY, 3, "∞"},
		{-INFINITY, 3, "−∞"},
		{100, 1, "100"},
		{99999.5, 3, "100000"},
	};
	char text[AQ_NUMBER_ROOM];
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(aq_number(text, cases[i].value, cases[i].digits),
				    cases[i].text);
	assert_string_equal(aq_number_tick(text, 0.5, 0.25), "0.50");
	assert_string_equal(aq_number_tick(text, 2, 0.5), "2.0");
	assert_string_equal(aq_number_tick(text, -20, 10), "−20");
	assert_string_equal(aq_number_tick(text, 1e-18, 0.1), "0");
	assert_string_equal(aq_number_tick(text, 4e-6, 2e-6), "4e−6");
	assert_string_equal(aq_number_tick(text, 1.5e7, 5e6), "1.5e7");
	assert_string_equal(aq_number_count(text, 950), "950");
	assert_string_equal(aq_number_count(text, 1500), "1.5k");
	assert_string_equal(aq_number_count(text, 20000), "20k");
	assert_string_equal(aq_number_count(text, 1250000), "1.25M");
	assert_string_equal(aq_number_count(text, 0), "0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bands_are_straight),
		cmocka_unit_test(glyphs_are_there_and_distinct),
		cmocka_unit_test(digits_are_as_wide_and_as_high_as_each_other),
		cmocka_unit_test(broken_text_is_survived),
		cmocka_unit_test(lines_are_where_they_say),
		cmocka_unit_test(what_is_too_wide_is_cut),
		cmocka_unit_test(paragraphs_are_broken_at_blanks),
		cmocka_unit_test(numbers_are_short),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
