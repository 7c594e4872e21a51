/* SPDX-License-Identifier: MIT
 *
 * test_colour.c - maps are monotone, zero is white, what is not a number looks like nothing
 * else */
#include "draw/colour.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { STEPS = 1000 };

static int distance(struct aq_rgb a, struct aq_rgb b)
{
	const int r = abs(a.r - b.r), g = abs(a.g - b.g), m = abs(a.b - b.b);
	return r + g + m;
}

static double lightness(enum aq_map map, int i)
{
	return aq_lightness(aq_map_colour(map, (double)i / STEPS));
}

/* Lightness never goes the other way by more than the rounding of samples does. */
static void monotone(enum aq_map map, int from, int to, int sign)
{
	for (int i = from; i < to; i++)
		if (sign * (lightness(map, i + 1) - lightness(map, i)) < -0.003)
			fail_msg("map %d is not monotone at %d", map, i);
	assert_true(sign * (lightness(map, to) - lightness(map, from)) > 0.25);
}

static void lightness_is_monotone(void **state)
{
	(void)state;
	monotone(AQ_MAP_SIGNED, 0, STEPS / 2, 1);
	monotone(AQ_MAP_SIGNED, STEPS / 2, STEPS, -1);
	monotone(AQ_MAP_SIGNED_GREY, 0, STEPS / 2, -1);
	monotone(AQ_MAP_SIGNED_GREY, STEPS / 2, STEPS, 1);
	monotone(AQ_MAP_HEAT, 0, STEPS, 1);
	monotone(AQ_MAP_GREY, 0, STEPS, 1);
}

/* Equal steps of value look about equally large: no band, no plateau. */
static void steps_are_even(void **state)
{
	(void)state;
	for (int i = 0; i < 16; i++) {
		const double signed_step = fabs(lightness(AQ_MAP_SIGNED, (i + 1) * STEPS / 16) -
						lightness(AQ_MAP_SIGNED, i * STEPS / 16));
		const double heat_step = lightness(AQ_MAP_HEAT, (i + 1) * STEPS / 16) -
					 lightness(AQ_MAP_HEAT, i * STEPS / 16);
		assert_true(signed_step > 0.06 && signed_step < 0.10);
		assert_true(heat_step > 0.04 && heat_step < 0.065);
	}
}

static void zero_is_white_or_grey(void **state)
{
	(void)state;
	assert_int_equal(distance(aq_map_colour(AQ_MAP_SIGNED, 0.5), AQ_PAPER), 0);
	const struct aq_rgb grey = aq_map_colour(AQ_MAP_SIGNED_GREY, 0.5);
	assert_true(grey.r == grey.g && grey.g == grey.b && grey.r > 100 && grey.r < 160);
	/* both signs are as strong, and of opposite hue: one is blue, the other is not */
	for (int i = 1; i <= STEPS / 2; i++) {
		const struct aq_rgb below = aq_map_colour(AQ_MAP_SIGNED, 0.5 - (double)i / STEPS);
		const struct aq_rgb above = aq_map_colour(AQ_MAP_SIGNED, 0.5 + (double)i / STEPS);
		assert_true(below.b > below.r || i < 4);
		assert_true(above.r > above.b || i < 4);
		assert_true(fabs(aq_lightness(below) - aq_lightness(above)) < 0.04);
	}
}

static void maps_are_clamped(void **state)
{
	(void)state;
	for (int m = 0; m < AQ_MAPS; m++) {
		assert_int_equal(distance(aq_map_colour((enum aq_map)m, -3), aq_map_colour((enum aq_map)m, 0)), 0);
		assert_int_equal(distance(aq_map_colour((enum aq_map)m, INFINITY), aq_map_colour((enum aq_map)m, 1)), 0);
		assert_int_equal(distance(aq_map_colour((enum aq_map)m, NAN), AQ_ODD), 0);
	}
	assert_int_equal(aq_map_colour(AQ_MAP_GREY, 127.0 / 255).g, 127);
}

static void not_a_number_is_in_no_map(void **state)
{
	(void)state;
	for (int m = 0; m < AQ_MAPS; m++)
		for (int i = 0; i <= STEPS; i++) {
			const struct aq_rgb colour = aq_map_colour((enum aq_map)m, (double)i / STEPS);
			assert_true(distance(colour, AQ_ODD) > 150);
			assert_true(distance(colour, AQ_ODD_TOO) > 150);
		}
	for (int i = 0; i < 2 * AQ_HUES; i++) {
		assert_true(distance(aq_hue(i), AQ_ODD) > 100);
		assert_true(distance(aq_hue(i), AQ_ODD_TOO) > 100);
	}
}

static double light(uint8_t sample)
{
	const double v = sample / 255.0;
	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* Distance in OKLab as someone sees it whose vision is `m`, applied to linear red, green, blue
 * (Machado, Oliveira, Fernandes 2009, severity 1). */
static double seen(struct aq_rgb a, struct aq_rgb b, const double m[3][3])
{
	double lab[2][3];
	for (int k = 0; k < 2; k++) {
		const struct aq_rgb c = k ? b : a;
		const double in[3] = { light(c.r), light(c.g), light(c.b) };
		double v[3];
		for (int i = 0; i < 3; i++)
			v[i] = m[i][0] * in[0] + m[i][1] * in[1] + m[i][2] * in[2];
		const double x =
			cbrt(0.4122214708 * v[0] + 0.5363325363 * v[1] + 0.0514459929 * v[2]);
		const double y =
			cbrt(0.2119034982 * v[0] + 0.6806995451 * v[1] + 0.1073969566 * v[2]);
		const double z =
			cbrt(0.0883024619 * v[0] + 0.2817188376 * v[1] + 0.6299787005 * v[2]);
		lab[k][0] = 0.2104542553 * x + 0.7936177850 * y - 0.0040720468 * z;
		lab[k][1] = 1.9779984951 * x - 2.4285922050 * y + 0.4505937099 * z;
		lab[k][2] = 0.0259040371 * x + 0.7827717662 * y - 0.8086757660 * z;
	}
	return sqrt(pow(lab[0][0] - lab[1][0], 2) + pow(lab[0][1] - lab[1][1], 2) +
		    pow(lab[0][2] - lab[1][2], 2));
}

static void hues_are_told_apart(void **state)
{
	static const double visions[4][3][3] = {
		{ { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
		{ { 0.152286, 1.052583, -0.204868 }, { 0.114503, 0.786281, 0.099216 },
		  { -0.003882, -0.048116, 1.051998 } },
		{ { 0.367322, 0.860646, -0.227968 }, { 0.280085, 0.672501, 0.047413 },
		  { -0.011820, 0.042940, 0.968881 } },
		{ { 1.255528, -0.076749, -0.178779 }, { -0.078411, 0.930809, 0.147602 },
		  { 0.004733, 0.691367, 0.303900 } },
	};
	(void)state;
	for (int v = 0; v < 4; v++)
		for (int i = 0; i < AQ_HUES; i++) {
			assert_true(aq_lightness(aq_hue(i)) < 0.82); /* on white */
			for (int k = 0; k < i; k++)
				if (seen(aq_hue(i), aq_hue(k), visions[v]) < 0.04)
					fail_msg("hues %d and %d are alike to vision %d", i, k, v);
		}
}

/* Directions differ by hue, not by lightness; opposite ones differ most; weak ones are white. */
static void a_wheel_is_equally_light(void **state)
{
	(void)state;
	double least = 2, most = 0;
	for (int i = 0; i < 360; i++) {
		const struct aq_rgb colour = aq_wheel(i / 360.0, 1);
		least = fmin(least, aq_lightness(colour));
		most = fmax(most, aq_lightness(colour));
		assert_true(distance(colour, aq_wheel((i + 180) / 360.0, 1)) >
			    distance(colour, aq_wheel((i + 20) / 360.0, 1)));
		assert_int_equal(distance(colour, aq_wheel(i / 360.0 - 1, 1)), 0);
		assert_int_equal(distance(aq_wheel(i / 360.0, 0), AQ_PAPER), 0);
		assert_true(aq_lightness(aq_wheel(i / 360.0, 0.5)) > aq_lightness(colour) + 0.05);
	}
	assert_true(most - least < 0.02);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lightness_is_monotone), cmocka_unit_test(steps_are_even),
		cmocka_unit_test(zero_is_white_or_grey), cmocka_unit_test(maps_are_clamped),
		cmocka_unit_test(not_a_number_is_in_no_map), cmocka_unit_test(hues_are_told_apart),
		cmocka_unit_test(a_wheel_is_equally_light),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
