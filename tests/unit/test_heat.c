/* SPDX-License-Identifier: MIT
 *
 * test_heat.c - colours follow values, and one odd step among many is seen
 */
#include "draw/heat.h"

#include "story.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool same(struct aq_rgb a, struct aq_rgb b)
{
	return a.r == b.r && a.g == b.g && a.b == b.b;
}

static struct aq_rgb at(const struct aq_canvas *canvas, int x, int y)
{
	const uint8_t *p = canvas->picture.at + (y * canvas->picture.width + x) * 3;
	return (struct aq_rgb){ p[0], p[1], p[2] };
}

static void greater_values_are_lighter(void **state)
{
	const struct aq_heat_scale scales[] = {
		{ .map = AQ_MAP_HEAT, .low = -2, .high = 3 },
		{ .map = AQ_MAP_HEAT, .log = true, .low = 1e-4, .high = 10 },
	};
	(void)state;
	for (int s = 0; s < 2; s++) {
		double before = -1;
		for (double v = scales[s].low; v <= scales[s].high; v += 0.003) {
			const double now = aq_lightness(aq_heat_colour(&scales[s], (float)v));
			assert_true(now >= before - 0.01);
			before = fmax(now, before);
		}
		assert_true(same(aq_heat_colour(&scales[s], (float)scales[s].low),
				 aq_map_colour(AQ_MAP_HEAT, 0)));
		assert_true(same(aq_heat_colour(&scales[s], 1e30f), aq_map_colour(AQ_MAP_HEAT, 1)));
		assert_true(
			same(aq_heat_colour(&scales[s], -1e30f), aq_map_colour(AQ_MAP_HEAT, 0)));
	}
	/* decades have even steps: 1e-4 .. 10 has 5, its middle is between 1e-2 and 1e-1 */
	assert_true(
		same(aq_heat_colour(&scales[1], 0.0316227766f), aq_map_colour(AQ_MAP_HEAT, 0.5)));
	assert_true(same(aq_heat_colour(&scales[1], 0), aq_map_colour(AQ_MAP_HEAT, 0)));
}

static void what_is_no_number_is_odd_or_a_gap(void **state)
{
	struct aq_heat_scale scale = { .map = AQ_MAP_SIGNED, .low = -1, .high = 1 };
	(void)state;
	assert_true(same(aq_heat_colour(&scale, NAN), AQ_ODD));
	assert_true(same(aq_heat_colour(&scale, INFINITY), AQ_ODD));
	assert_true(same(aq_heat_colour(&scale, 0), AQ_PAPER));
	scale.gaps = true;
	assert_true(same(aq_heat_colour(&scale, NAN), AQ_RULE));
	assert_true(same(aq_heat_colour(&scale, -INFINITY), AQ_ODD));
}

static void extremes_stand_at_the_edges(void **state)
{
	enum { COLUMNS = 50, ROWS = 2 };
	float mean[ROWS * COLUMNS], low[ROWS * COLUMNS], high[ROWS * COLUMNS];
	const char *const names[] = { "one", "two" };
	struct aq_canvas *canvas;
	(void)state;
	for (int i = 0; i < ROWS * COLUMNS; i++)
		mean[i] = low[i] = high[i] = 0;
	high[COLUMNS + 20] = 1; /* one step of the second row went up, another down */
	low[COLUMNS + 20] = -1;
	const struct aq_heat heat = { .rows = ROWS,
				      .columns = COLUMNS,
				      .mean = mean,
				      .low = low,
				      .high = high,
				      .names = names,
				      .scale = { .map = AQ_MAP_SIGNED, .low = -1, .high = 1 },
				      .x_max = 1e6 };
	ok(aq_canvas_new(&canvas, 200, 200, AQ_PAPER));
	aq_heat_draw(canvas, 60, 10, 60, 0, &heat);
	const int row = aq_heat_row(ROWS), top = 10 + row;
	assert_true(same(at(canvas, 80, top), aq_map_colour(AQ_MAP_SIGNED, 1)));
	assert_true(same(at(canvas, 80, top + row / 2), aq_map_colour(AQ_MAP_SIGNED, 0.5)));
	assert_true(same(at(canvas, 80, top + row - 3), aq_map_colour(AQ_MAP_SIGNED, 0)));
	assert_true(same(at(canvas, 81, top), AQ_PAPER));
	assert_true(same(at(canvas, 80, 10), AQ_PAPER));
	aq_canvas_free(canvas);
}

static void any_number_of_rows_has_room(void **state)
{
	(void)state;
	for (int rows = 1; rows <= 1000; rows++) {
		const int height = rows * aq_heat_row(rows);
		assert_true(aq_heat_row(rows) >= 3);
		assert_true(height <= 3000);
		/* names stand beside all of up to 70 rows */
		if (rows <= 70)
			assert_true(aq_heat_row(rows) >= 12);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(greater_values_are_lighter),
		cmocka_unit_test(what_is_no_number_is_odd_or_a_gap),
		cmocka_unit_test(extremes_stand_at_the_edges),
		cmocka_unit_test(any_number_of_rows_has_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
