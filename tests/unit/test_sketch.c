/* SPDX-License-Identifier: MIT
 *
 * test_sketch.c - SVG: sound XML whatever the words, shapes where the pixels would be
 */
#include "base/str.h"
#include "draw/heat.h"
#include "draw/page.h"
#include "draw/plot.h"
#include "story.h"

#include <math.h>

#define FILE_NAME "sketch.svg"

static const struct aq_rgb red = { 200, 10, 20 };

static struct aq_canvas *make(void)
{
	struct aq_canvas *canvas;
	ok(aq_canvas_sketch(&canvas, 60, 40, AQ_PAPER));
	return canvas;
}

static char *write_it(struct aq_canvas *canvas, const struct aq_png_text *texts, int count)
{
	char *bytes;
	size_t length;
	ok(aq_canvas_write(canvas, FILE_NAME, false, texts, count));
	aq_canvas_free(canvas);
	ok(aq_file_read(FILE_NAME, 1 << 24, &bytes, &length));
	return bytes;
}

static int count(const char *text, const char *what)
{
	int n = 0;
	for (; (text = strstr(text, what)); text++)
		n++;
	return n;
}

/* Every element is closed in its turn, quotes are paired, entities known, bytes are UTF-8. */
static void is_sound(const char *at)
{
	char open[32][16];
	int depth = 0;
	while (*at) {
		assert_true((unsigned char)*at >= 0x20 || *at == '\n');
		if (*at == '&')
			assert_true(!strncmp(at, "&lt;", 4) || !strncmp(at, "&gt;", 4) ||
				    !strncmp(at, "&amp;", 5));
		if (*at++ != '<')
			continue;
		const bool closes = *at == '/';
		at += closes;
		const size_t name = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
		assert_in_range(name, 1, 15);
		if (closes) {
			assert_true(depth > 0 && strlen(open[--depth]) == name);
			assert_memory_equal(open[depth], at, name);
		} else {
			assert_true(depth < 32);
			snprintf(open[depth++], sizeof open[0], "%.*s", (int)name, at);
		}
		for (at += name; *at != '>'; at++) {
			assert_true(*at && *at != '<');
			if (*at == '"')
				at += 1 + strcspn(at + 1, "\"");
			if (at[0] == '/' && at[1] == '>')
				depth--;
		}
		at++;
	}
	assert_int_equal(depth, 0);
}

static void any_words_are_sound(void **state)
{
	static const char nasty[] = "a<b>&\"'\x01\x1b]\xc3\xa9\xff\xc0\x80\xe0\x81\x81\xed\xa0\x80"
				    "\xef\xbf\xbf\xf0\x9f\x98\x80\xf4\x90\x80\x80\xe2\x82";
	const struct aq_png_text text = { "Source", nasty };
	(void)state;
	struct aq_canvas *canvas = make();
	aq_text_draw(canvas, 3, 5, AQ_FACE_TEXT, AQ_LEFT, AQ_INK, nasty);
	aq_text_up(canvas, 3, 5, AQ_FACE_BOLD, AQ_INK, nasty);
	char *svg = write_it(canvas, &text, 1);
	is_sound(svg);
	/* good characters stay, the others are U+FFFD */
	assert_int_equal(count(svg, "a&lt;b&gt;&amp;\"'\xef\xbf\xbd\xef\xbf\xbd]\xc3\xa9\xef\xbf\xbd"),
			 3);
	assert_int_equal(count(svg, "\xf0\x9f\x98\x80"), 3);
	assert_int_equal(count(svg, "\xff") + count(svg, "\xc0") + count(svg, "\xe0\x81") +
				 count(svg, "\xed\xa0") + count(svg, "\xf4"),
			 0);
	free(svg);
}

static void shapes_are_where_pixels_would_be(void **state)
{
	(void)state;
	struct aq_canvas *canvas = make();
	aq_canvas_fill(canvas, (struct aq_box){ 50, 10, 100, 5 }, red);
	aq_canvas_fill(canvas, (struct aq_box){ 70, 10, 100, 5 }, red); /* outside */
	aq_canvas_dot(canvas, 1, 2, red);
	aq_canvas_wash(canvas, (struct aq_box){ 4, 5, 6, 7 }, red, 51);
	aq_canvas_stroke(canvas, 1, 2, 3.5, 4.25, 1.5);
	aq_canvas_stroke(canvas, 3.5, 4.25, -0.001, 8, 1.5);
	aq_canvas_disc(canvas, 9, 9, 2.5);
	aq_canvas_ink(canvas, AQ_INK, 102);
	char *svg = write_it(canvas, NULL, 0);
	is_sound(svg);
	assert_int_equal(count(svg, "fill=\"#c80a14\" d=\"M50 10h10v5h-10zM1 2h1v1h-1z\""), 1);
	assert_int_equal(count(svg, "fill=\"#c80a14\" fill-opacity=\"0.200\" d=\"M4 5h6v7h-6z\""),
			 1);
	assert_int_equal(count(svg, "stroke=\"#26282c\" opacity=\"0.400\""), 1);
	assert_int_equal(count(svg, "stroke-width=\"1.5\" d=\"M1 2L3.5 4.25L0 8\""), 1);
	assert_int_equal(count(svg, "stroke-width=\"5\" d=\"M9 9h0\""), 1);
	free(svg);
}

/* A plot and a heat map: a picture inside for the map, words for every word. */
static void a_page_of_both_kinds(void **state)
{
	static const float y[] = { 3, 1, 2, NAN, 0.5f }, mean[] = { 1, 2, NAN, 4 };
	static const char *const names[] = { "a & b", "<c>" };
	const struct aq_curve curve = { .name = "<curve>", .y = y, .low = y, .high = y, .count = 5,
					.dots = true };
	const struct aq_plot plot = { .title = "title", .y_name = "upwards", .curves = &curve,
				      .curve_count = 1 };
	const struct aq_heat heat = { .rows = 2, .columns = 2, .mean = mean, .low = mean,
				      .high = mean, .names = names, .x_max = 2,
				      .scale = { .map = AQ_MAP_HEAT, .low = 0, .high = 4 } };
	struct aq_page *page;
	char *svg;
	size_t length;
	(void)state;
	ok(aq_page_new_for(&page, 300, "x.svg"));
	aq_plot_draw(page->canvas, aq_page_take(page, 200), &plot);
	const struct aq_box box = aq_page_take(page, aq_heat_height(&heat));
	aq_heat_draw(page->canvas, box.x + 60, box.y, 60, 10, &heat);
	ok(aq_page_write(page, FILE_NAME, false, NULL, 0));
	const int height = page->canvas->picture.height;
	aq_page_free(page);
	ok(aq_file_read(FILE_NAME, 1 << 24, &svg, &length));
	is_sound(svg);
	char size[64];
	snprintf(size, sizeof size, "width=\"356\" height=\"%d\" viewBox", height);
	assert_int_equal(count(svg, size), 1);
	assert_int_equal(count(svg, "<image "), 1);
	assert_int_equal(count(svg, ">&lt;curve&gt;</text>"), 1);
	assert_int_equal(count(svg, ">a &amp; b</text>"), 1);
	assert_int_equal(count(svg, "rotate(-90 "), 1);
	/* the signature of PNG in base64 */
	assert_int_equal(count(svg, "base64,iVBORw0KGgo"), 1);
	free(svg);
	ok(aq_page_new_for(&page, 300, "x.png"));
	assert_null(page->canvas->sketch);
	aq_page_free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_words_are_sound),
		cmocka_unit_test(shapes_are_where_pixels_would_be),
		cmocka_unit_test(a_page_of_both_kinds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
