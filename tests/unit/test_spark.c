/* SPDX-License-Identifier: MIT
 *
 * test_spark.c - a small curve lies where its values are, beside the band it is read against
 */
#include "draw/spark.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 60, HEIGHT = 40 };

static const struct aq_rgb ink = { 200, 0, 0 };

static struct aq_rgb pixel(const struct aq_canvas *canvas, int x, int y)
{
	const uint8_t *at = canvas->picture.at + ((size_t)y * WIDTH + (size_t)x) * 3;
	return (struct aq_rgb){ at[0], at[1], at[2] };
}

static bool is(struct aq_rgb a, struct aq_rgb b)
{
	return a.r == b.r && a.g == b.g && a.b == b.b;
}

static void higher_values_lie_higher(void **state)
{
	const struct aq_box box = { 3, 5, 50, 30 };
	const struct aq_spark spark = { .y_max = 2 };
	int before = box.y + box.h;
	(void)state;
	for (double y = 0; y <= 2; y += 0.25) {
		const int row = aq_spark_row(box, &spark, y);
		assert_true(row < before);
		assert_true(row > box.y && row < box.y + box.h - 1);
		before = row;
	}
	/* what lies beyond is at the end, within the frame */
	assert_int_equal(aq_spark_row(box, &spark, 99), aq_spark_row(box, &spark, 2));
	assert_int_equal(aq_spark_row(box, &spark, -99), aq_spark_row(box, &spark, 0));
}

/* A steady curve is one row of ink; a gap has none; the band is washed from end to end. */
static void it_is_drawn_where_it_is(void **state)
{
	const struct aq_box box = { 0, 0, WIDTH, HEIGHT };
	const double x[] = { 0, 1, 2, 3, 4 };
	const float steady[] = { 0.5f, 0.5f, NAN, 0.5f, 0.5f };
	const struct aq_spark spark = { .x = x,
					.y = steady,
					.count = 5,
					.x_max = 4,
					.y_max = 1,
					.band_low = 0.7,
					.level = 0.8,
					.band_high = 0.9,
					.colour = ink };
	struct aq_canvas *canvas;
	(void)state;
	assert_int_equal(aq_canvas_new(&canvas, WIDTH, HEIGHT, AQ_PAPER), AQ_OK);
	aq_spark_draw(canvas, box, &spark);
	const int row = aq_spark_row(box, &spark, 0.5);
	assert_true(pixel(canvas, WIDTH / 8, row).b < 128);
	assert_true(pixel(canvas, WIDTH * 7 / 8, row).b < 128);
	assert_true(is(pixel(canvas, WIDTH / 2, row), AQ_PAPER));
	for (int y = 1; y < HEIGHT - 1; y++) {
		const bool in_band = y >= aq_spark_row(box, &spark, 0.9) &&
				     y <= aq_spark_row(box, &spark, 0.7);
		assert_int_equal(in_band, !is(pixel(canvas, WIDTH / 2, y), AQ_PAPER));
	}
	assert_true(is(pixel(canvas, 2, aq_spark_row(box, &spark, 0.8)), AQ_SOFT));
	aq_canvas_free(canvas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(higher_values_lie_higher),
		cmocka_unit_test(it_is_drawn_where_it_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
