/* SPDX-License-Identifier: MIT
 *
 * test_view_figure.c - tensors of all sizes find their place, and what does not is told
 */
#include "view/figure.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Numbers 0, 1, 2, ...: one sees which of them lies where. */
static struct aq_tensor tensor(int groups, int maps, int height, int width, bool colour,
			       bool matrix)
{
	struct aq_tensor t = { NULL, groups, maps, height, width, colour, matrix };
	const size_t count = aq_tensor_count(&t);
	t.at = malloc(count * sizeof *t.at);
	assert_non_null(t.at);
	for (size_t i = 0; i < count; i++)
		t.at[i] = (float)i;
	return t;
}

static int ink_outside(const struct aq_canvas *canvas, struct aq_box box)
{
	const struct aq_picture *p = &canvas->picture;
	int ink = 0;
	for (int y = 0; y < p->height; y++)
		for (int x = 0; x < p->width; x++) {
			const uint8_t *at = p->at + ((size_t)y * (size_t)p->width + (size_t)x) * 3;
			const bool inside = x >= box.x && x < box.x + box.w && y >= box.y &&
					    y < box.y + box.h;
			ink += !inside && (at[0] != 255 || at[1] != 255 || at[2] != 255);
		}
	return ink;
}

static const struct {
	int groups, maps, height, width;
	bool colour, matrix;
	int shown_groups, shown_maps; /* of a panel's column: 602 wide, 270 high */
} cases[] = {
	{ 16, 3, 5, 5, true, false, 16, 3 },
	{ 1, 3, 32, 32, true, false, 1, 3 },
	{ 20, 16, 5, 5, false, false, 20, 16 },
	{ 64, 64, 3, 3, false, false, 18, 40 },
	{ 1, 64, 32, 32, false, false, 1, 64 },
	{ 1, 1, 28, 28, false, false, 1, 1 },
	{ 10, 20, 4, 4, false, false, 10, 20 },
	{ 256, 1, 5, 5, false, false, 256, 1 },
	{ 1, 1, 1, 10, false, true, 1, 10 },
	{ 1, 1, 1, 5000, false, true, 1, 3268 },
	{ 1, 1, 500, 800, false, true, 268, 600 },
	{ 1, 1, 10, 500, false, true, 10, 500 },
	{ 1, 1, 1, 1, false, true, 1, 1 },
};
enum { CASES = sizeof cases / sizeof *cases };

/* Nothing is drawn outside of the box that was planned, and all tiles lie within it. */
static void everything_stays_in_its_box(void **state)
{
	(void)state;
	for (int i = 0; i < CASES; i++)
		for (int height = 0; height <= 270; height += 270) {
			struct aq_tensor t = tensor(cases[i].groups, cases[i].maps, cases[i].height,
						    cases[i].width, cases[i].colour, cases[i].matrix);
			struct aq_figure f = { .label = "weights", .tensor = &t,
					       .most_height = height, .scale = AQ_SCALE_SYM };
			struct aq_canvas *canvas;
			assert_int_equal(aq_figure_plan(&f, 602), 0);
			assert_int_equal(f.width, 602);
			assert_int_equal(aq_canvas_new(&canvas, 642, f.height + 40, AQ_PAPER), 0);
			aq_figure_draw(&f, canvas, 20, 20);
			assert_int_equal(ink_outside(canvas, (struct aq_box){ 20, 20, 602, f.height }),
					 0);
			if (height)
				assert_true(aq_tiles_size(&f.tiles).h <= height);
			aq_canvas_free(canvas);
			aq_figure_free(&f);
			aq_tensor_free(&t);
		}
}

static void as_much_is_shown_as_there_is_room_for(void **state)
{
	(void)state;
	for (int i = 0; i < CASES; i++) {
		struct aq_tensor t = tensor(cases[i].groups, cases[i].maps, cases[i].height,
					    cases[i].width, cases[i].colour, cases[i].matrix);
		struct aq_figure f = { .tensor = &t, .most_height = 270 };
		assert_int_equal(aq_figure_plan(&f, 602), 0);
		if (f.shown_groups != cases[i].shown_groups || f.shown_maps != cases[i].shown_maps)
			fail_msg("case %d: %d, %d are shown", i, f.shown_groups, f.shown_maps);
		aq_figure_free(&f);
		aq_tensor_free(&t);
	}
}

/* What is left out is left out at the end; every number lies where it belongs. */
static void what_is_shown_are_the_first_ones(void **state)
{
	struct aq_tensor t = tensor(64, 64, 3, 3, false, false);
	struct aq_figure f = { .tensor = &t, .most_height = 270 };
	(void)state;
	assert_int_equal(aq_figure_plan(&f, 602), 0);
	for (int k = 0; k < f.tiles.count; k++) {
		const int group = k / f.shown_maps, map = k % f.shown_maps;
		for (int i = 0; i < 9; i++)
			assert_true(f.tiles.at[k * 9 + i] == t.at[(group * 64 + map) * 9 + i]);
	}
	aq_figure_free(&f);
	aq_tensor_free(&t);
	t = tensor(1, 1, 500, 800, false, true);
	f = (struct aq_figure){ .tensor = &t, .most_height = 270 };
	assert_int_equal(aq_figure_plan(&f, 602), 0);
	for (int y = 0; y < f.shown_groups; y++)
		for (int x = 0; x < f.shown_maps; x++)
			assert_true(f.tiles.at[y * f.shown_maps + x] == t.at[y * 800 + x]);
	aq_figure_free(&f);
	aq_tensor_free(&t);
}

/* The range is of all numbers, those left out included; the next frame's numbers are drawn. */
static void renewed_with_other_numbers(void **state)
{
	struct aq_tensor t = tensor(64, 64, 3, 3, false, false);
	struct aq_figure f = { .tensor = &t, .most_height = 270 };
	(void)state;
	assert_int_equal(aq_figure_plan(&f, 602), 0);
	assert_true(f.own.max == 64 * 64 * 9 - 1);
	for (size_t i = 0; i < aq_tensor_count(&t); i++)
		t.at[i] = -(float)i;
	aq_figure_renew(&f);
	assert_true(f.own.min == -(64 * 64 * 9 - 1) && f.own.max == 0);
	assert_true(f.tiles.at[10] == -10);
	assert_true(f.tiles.at[(size_t)f.shown_maps * 9] == -64 * 9);
	aq_figure_free(&f);
	aq_tensor_free(&t);
}

static double brightness(const struct aq_canvas *canvas, struct aq_box box)
{
	const uint8_t *at = canvas->picture.at +
			    ((size_t)box.y * (size_t)canvas->picture.width + (size_t)box.x) * 3;
	return aq_lightness((struct aq_rgb){ at[0], at[1], at[2] });
}

/* Under the grey scales a greater number is a lighter pixel; the ends of the bar's scale are the
 * least and the greatest number. */
static void colours_follow_the_numbers(void **state)
{
	static const enum aq_scale scales[] = { AQ_SCALE_MINMAX, AQ_SCALE_LAYER, AQ_SCALE_GLOBAL,
						AQ_SCALE_CONVNETJS };
	(void)state;
	for (size_t s = 0; s < sizeof scales / sizeof *scales; s++) {
		struct aq_tensor t = tensor(1, 1, 1, 9, false, true);
		t.is_matrix = false; /* one picture of nine numbers */
		struct aq_figure f = { .tensor = &t, .scale = scales[s], .zoom = 8 };
		struct aq_canvas *canvas;
		double before = -1;
		assert_int_equal(aq_figure_plan(&f, 300), 0);
		assert_int_equal(aq_canvas_new(&canvas, 300, f.height, AQ_PAPER), 0);
		aq_tiles_draw(canvas, 0, 0, &f.tiles);
		const struct aq_box place = aq_tiles_place(&f.tiles, 0);
		for (int i = 0; i < 9; i++) {
			const double now = brightness(canvas, (struct aq_box){ place.x + 8 * i + 3,
									       place.y + 3, 1, 1 });
			assert_true(now > before);
			before = now;
		}
		const struct aq_shade shade = aq_tiles_shade(&f.tiles, 0);
		assert_true(shade.low == 0 && shade.high == 8);
		aq_canvas_free(canvas);
		aq_figure_free(&f);
		aq_tensor_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_stays_in_its_box),
		cmocka_unit_test(as_much_is_shown_as_there_is_room_for),
		cmocka_unit_test(what_is_shown_are_the_first_ones),
		cmocka_unit_test(renewed_with_other_numbers),
		cmocka_unit_test(colours_follow_the_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
