/* SPDX-License-Identifier: MIT
 *
 * test_canvas.c - boxes, clipping, crisp and smooth drawing
 */
#include "draw/canvas.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct aq_rgb red = { 200, 10, 20 };

static struct aq_canvas *make(int width, int height)
{
	struct aq_canvas *canvas;
	if (aq_canvas_new(&canvas, width, height, AQ_PAPER) < 0)
		fail_msg("%s", aq_story());
	return canvas;
}

static struct aq_rgb at(const struct aq_canvas *canvas, int x, int y)
{
	const uint8_t *p = canvas->picture.at + (y * canvas->picture.width + x) * 3;
	return (struct aq_rgb){ p[0], p[1], p[2] };
}

static bool is(struct aq_rgb a, struct aq_rgb b)
{
	return a.r == b.r && a.g == b.g && a.b == b.b;
}

static int count(const struct aq_canvas *canvas, struct aq_rgb colour)
{
	int n = 0;
	for (int y = 0; y < canvas->picture.height; y++)
		for (int x = 0; x < canvas->picture.width; x++)
			n += is(at(canvas, x, y), colour);
	return n;
}

static void boxes_are_cut_without_loss(void **state)
{
	(void)state;
	struct aq_box rest = { 10, 20, 100, 50 };
	const struct aq_box left = aq_box_cut_left(&rest, 30, 5),
			    right = aq_box_cut_right(&rest, 10, 5);
	const struct aq_box top = aq_box_cut_top(&rest, 8, 2),
			    bottom = aq_box_cut_bottom(&rest, 9, 1);
	assert_int_equal(left.x, 10);
	assert_int_equal(left.w, 30);
	assert_int_equal(right.x, 100);
	assert_int_equal(top.x, 45);
	assert_int_equal(top.w, 50);
	assert_int_equal(bottom.y, 61);
	assert_int_equal(rest.y, 30);
	assert_int_equal(rest.h, 30);
	/* columns tile the box: each begins a gap after the one before, the last ends at the end */
	const struct aq_box box = { 3, 0, 101, 7 };
	int end = box.x - 4;
	for (int i = 0; i < 6; i++) {
		const struct aq_box column = aq_box_column(box, i, 6, 4);
		assert_int_equal(column.x, end + 4);
		assert_in_range(column.w, 13, 14);
		end = column.x + column.w;
	}
	assert_int_equal(end, box.x + box.w);
}

static void nothing_is_drawn_outside(void **state)
{
	(void)state;
	struct aq_canvas *canvas = make(20, 10);
	const struct aq_box clip = { 5, 2, 6, 4 };
	const struct aq_box former = aq_canvas_clip(canvas, clip);
	aq_canvas_fill(canvas, (struct aq_box){ -100, -100, 1000, 1000 }, red);
	assert_int_equal(count(canvas, red), 24);
	aq_canvas_clear(canvas);
	aq_canvas_line(canvas, -50, -20, 60, 30, red);
	aq_canvas_stroke(canvas, -1e30, 4, 1e30, 5, 3);
	aq_canvas_stroke(canvas, NAN, 4, 3, 5, 3);
	aq_canvas_disc(canvas, 8, 4, 50);
	aq_canvas_ink(canvas, red, 255);
	for (int y = 0; y < 10; y++)
		for (int x = 0; x < 20; x++)
			if (x < 5 || x >= 11 || y < 2 || y >= 6)
				assert_true(is(at(canvas, x, y), AQ_PAPER));
	assert_int_equal(count(canvas, red), 24);
	aq_canvas_unclip(canvas, former);
	aq_canvas_dot(canvas, 19, 9, red);
	aq_canvas_dot(canvas, 20, 9, red);
	aq_canvas_dot(canvas, 0, -1, red);
	assert_int_equal(count(canvas, red), 25);
	aq_canvas_free(canvas);
}

static void crisp_lines_have_the_pixels_they_should(void **state)
{
	(void)state;
	struct aq_canvas *canvas = make(30, 30);
	aq_canvas_line(canvas, 2, 3, 12, 3, red);
	assert_int_equal(count(canvas, red), 11);
	aq_canvas_clear(canvas);
	aq_canvas_line(canvas, 20, 25, 3, 5, red); /* steep: one pixel a row, both ends there */
	assert_int_equal(count(canvas, red), 21);
	assert_true(is(at(canvas, 20, 25), red) && is(at(canvas, 3, 5), red));
	aq_canvas_clear(canvas);
	aq_canvas_frame(canvas, (struct aq_box){ 4, 5, 7, 6 }, red);
	assert_int_equal(count(canvas, red), 2 * 7 + 2 * 6 - 4);
	assert_true(is(at(canvas, 10, 10), red) && is(at(canvas, 5, 6), AQ_PAPER));
	aq_canvas_free(canvas);
}

static void smooth_lines_weigh_what_they_are_wide(void **state)
{
	static const double widths[] = { 0.6, 1, 1.5, 2, 3.3, 6 };
	(void)state;
	struct aq_canvas *canvas = make(100, 100);
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
		for (int turn = 0; turn < 8; turn++) {
			const double a = turn * 0.4, dx = 30 * cos(a), dy = 30 * sin(a);
			aq_canvas_clear(canvas);
			aq_canvas_stroke(canvas, 50 - dx, 50 - dy, 50 + dx, 50 + dy, widths[i]);
			aq_canvas_ink(canvas, (struct aq_rgb){ 0, 0, 0 }, 255);
			double ink = 0;
			for (int k = 0; k < 100 * 100; k++)
				ink += (255 - canvas->picture.at[3 * k]) / 255.0;
			/* length times width, and the two round ends */
			const double wanted = 60 * widths[i] + 3.14159 * widths[i] * widths[i] / 4;
			if (fabs(ink - wanted) > 0.07 * wanted + 1)
				fail_msg("width %g, turn %d: ink %g, not %g", widths[i], turn, ink,
					 wanted);
		}
	aq_canvas_free(canvas);
}

static void joints_are_no_darker(void **state)
{
	(void)state;
	struct aq_canvas *one = make(60, 30), *two = make(60, 30);
	aq_canvas_stroke(one, 5, 7, 55, 23, 1.4);
	aq_canvas_ink(one, red, 120);
	for (int i = 0; i < 10; i++) /* the same line in pieces, some of it twice */
		aq_canvas_stroke(two, 5 + 5 * i, 7 + 1.6 * i, i < 9 ? 15 + 5 * i : 55,
				 i < 9 ? 10.2 + 1.6 * i : 23, 1.4);
	aq_canvas_ink(two, red, 120);
	for (size_t i = 0; i < aq_picture_bytes(&one->picture); i++)
		assert_in_range(abs(one->picture.at[i] - two->picture.at[i]), 0, 2);
	/* the ink is used up */
	aq_canvas_clear(one);
	aq_canvas_ink(one, red, 255);
	assert_int_equal(count(one, AQ_PAPER), 60 * 30);
	aq_canvas_free(one);
	aq_canvas_free(two);
}

static void blending_is_exact_at_its_ends(void **state)
{
	(void)state;
	struct aq_canvas *canvas = make(3, 1);
	aq_canvas_blend(canvas, 0, 0, red, 0);
	aq_canvas_blend(canvas, 1, 0, red, 255);
	aq_canvas_blend(canvas, 2, 0, (struct aq_rgb){ 0, 0, 0 }, 128);
	assert_true(is(at(canvas, 0, 0), AQ_PAPER));
	assert_true(is(at(canvas, 1, 0), red));
	assert_true(is(at(canvas, 2, 0), (struct aq_rgb){ 127, 127, 127 }));
	aq_canvas_free(canvas);
}

static void pictures_are_enlarged_pixel_by_pixel(void **state)
{
	uint8_t grey[] = { 0, 50, 100, 150, 200, 250 }, colour[] = { 1, 2, 3, 4, 5, 6 };
	(void)state;
	struct aq_canvas *canvas = make(20, 20);
	aq_canvas_blit(canvas, 2, 3, &(struct aq_picture){ grey, 3, 2, 1 }, 4);
	for (int y = 0; y < 8; y++)
		for (int x = 0; x < 12; x++)
			assert_int_equal(at(canvas, 2 + x, 3 + y).g, grey[y / 4 * 3 + x / 4]);
	assert_int_equal(count(canvas, AQ_PAPER), 400 - 96);
	aq_canvas_blit(canvas, 19, 19, &(struct aq_picture){ colour, 2, 1, 3 }, 1);
	assert_true(is(at(canvas, 19, 19), (struct aq_rgb){ 1, 2, 3 }));
	aq_canvas_free(canvas);
}

static void it_grows_with_paper(void **state)
{
	(void)state;
	struct aq_canvas *canvas = make(8, 4);
	aq_canvas_fill(canvas, canvas->clip, red);
	assert_int_equal(aq_canvas_resize(canvas, 9), AQ_OK);
	assert_int_equal(count(canvas, red), 32);
	assert_int_equal(count(canvas, AQ_PAPER), 40);
	aq_canvas_fill(canvas, (struct aq_box){ 0, 8, 8, 1 }, red);
	assert_int_equal(aq_canvas_resize(canvas, 3), AQ_OK);
	assert_int_equal(count(canvas, red), 24);
	assert_int_equal(aq_canvas_resize(canvas, 1 << 30), AQ_EUSAGE);
	aq_canvas_free(canvas);
	assert_int_equal(aq_canvas_new(&canvas, 0, 5, AQ_PAPER), AQ_EUSAGE);
	assert_int_equal(aq_canvas_new(&canvas, 1 << 20, 1 << 20, AQ_PAPER), AQ_EUSAGE);
	assert_null(canvas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(boxes_are_cut_without_loss),
		cmocka_unit_test(nothing_is_drawn_outside),
		cmocka_unit_test(crisp_lines_have_the_pixels_they_should),
		cmocka_unit_test(smooth_lines_weigh_what_they_are_wide),
		cmocka_unit_test(joints_are_no_darker),
		cmocka_unit_test(blending_is_exact_at_its_ends),
		cmocka_unit_test(pictures_are_enlarged_pixel_by_pixel),
		cmocka_unit_test(it_grows_with_paper),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
