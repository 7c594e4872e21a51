/* SPDX-License-Identifier: MIT
 *
 * test_difference.c - finite differences of pictures
 */
#include "look/difference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { HEIGHT = 5, WIDTH = 7, PLANES = 2, CELLS = HEIGHT * WIDTH };

/* v = a x + b y + c, other factors in each plane; all exact in binary. */
static void ramp(float *v, float a, float b)
{
	for (int p = 0; p < PLANES; p++)
		for (int y = 0; y < HEIGHT; y++)
			for (int x = 0; x < WIDTH; x++)
				v[p * CELLS + y * WIDTH + x] =
					(float)(p + 1) * (a * (float)x + b * (float)y) - 3;
}

/* The slope of a ramp is the same in every pixel, the border included. */
static void ramps_are_constant(void **state)
{
	(void)state;
	float in[PLANES * CELLS], out[PLANES * CELLS];
	ramp(in, 0.75f, -1);
	for (int p = 0; p < PLANES; p++)
		for (int i = 0; i < CELLS; i++) {
			const float k = (float)(p + 1);
			aq_difference(AQ_VIEW_DX, out, in, PLANES, HEIGHT, WIDTH);
			assert_true(out[p * CELLS + i] == 0.75f * k);
			aq_difference(AQ_VIEW_DY, out, in, PLANES, HEIGHT, WIDTH);
			assert_true(out[p * CELLS + i] == -k);
			aq_difference(AQ_VIEW_MAG, out, in, PLANES, HEIGHT, WIDTH);
			assert_true(out[p * CELLS + i] == 1.25f * k);
		}
}

static void plain_is_a_copy(void **state)
{
	(void)state;
	float in[PLANES * CELLS], out[PLANES * CELLS];
	ramp(in, 0.1f, 0.7f);
	aq_difference(AQ_VIEW_PLAIN, out, in, PLANES, HEIGHT, WIDTH);
	assert_memory_equal(in, out, sizeof in);
}

/* numpy.gradient([1, 4, 9, 2]) */
static void central_inside_one_sided_at_the_border(void **state)
{
	(void)state;
	static const float in[] = { 1, 4, 9, 2 }, wanted[] = { 3, 4, -1, -7 };
	float across[4], down[4];
	aq_difference(AQ_VIEW_DX, across, in, 1, 1, 4);
	aq_difference(AQ_VIEW_DY, down, in, 1, 4, 1);
	for (int i = 0; i < 4; i++) {
		assert_true(across[i] == wanted[i]);
		assert_true(down[i] == wanted[i]);
	}
}

/* A single pixel in a direction has nothing to differ from. */
static void thin_pictures(void **state)
{
	(void)state;
	static const float in[] = { 5, -2, 7 };
	float out[3];
	aq_difference(AQ_VIEW_DY, out, in, 1, 1, 3);
	for (int i = 0; i < 3; i++)
		assert_true(out[i] == 0);
	for (int view = AQ_VIEW_DX; view <= AQ_VIEW_MAG; view++) {
		aq_difference((enum aq_view)view, out, in, 3, 1, 1);
		for (int i = 0; i < 3; i++)
			assert_true(out[i] == 0);
	}
}

/* What is not a number stays visible, and only where it is used. */
static void odd_numbers_stay_odd(void **state)
{
	(void)state;
	const float in[] = { 1, 2, NAN, 4, 5, 6 };
	float out[6];
	aq_difference(AQ_VIEW_DX, out, in, 1, 1, 6);
	assert_true(out[0] == 1);
	assert_true(isnan(out[1]) && isnan(out[3]));
	assert_true(out[5] == 1);
}

static void every_view_has_a_word_and_a_caption(void **state)
{
	(void)state;
	for (int view = AQ_VIEW_PLAIN; view <= AQ_VIEW_MAG; view++) {
		assert_non_null(aq_view_words[view]);
		assert_int_equal(*aq_view_caption((enum aq_view)view) != 0, view != AQ_VIEW_PLAIN);
	}
	assert_null(aq_view_words[AQ_VIEW_MAG + 1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ramps_are_constant),
		cmocka_unit_test(plain_is_a_copy),
		cmocka_unit_test(central_inside_one_sided_at_the_border),
		cmocka_unit_test(thin_pictures),
		cmocka_unit_test(odd_numbers_stay_odd),
		cmocka_unit_test(every_view_has_a_word_and_a_caption),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
