/* SPDX-License-Identifier: MIT
 *
 * test_plot.c - ticks are nice, extremes survive a million points, any series can be
 * drawn */
#include "draw/plot.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct aq_rgb blue = { 20, 60, 160 };

static struct aq_canvas *make(int width, int height)
{
	struct aq_canvas *canvas;
	if (aq_canvas_new(&canvas, width, height, AQ_PAPER) < 0)
		fail_msg("%s", aq_story());
	return canvas;
}

/* Clearly of the curve's colour, not of the grid's or the axes' grey. */
static bool drawn(const struct aq_canvas *canvas, int x, int y)
{
	const uint8_t *p = canvas->picture.at + (y * canvas->picture.width + x) * 3;
	return p[2] - p[0] > 60;
}

/* First and last row of column x that belong to the curve; false where there is none. */
static bool extent(const struct aq_canvas *canvas, struct aq_box in, int x, int *top, int *bottom)
{
	*top = -1;
	for (int y = in.y - 2; y < in.y + in.h + 2; y++)
		if (drawn(canvas, x, y)) {
			*bottom = y;
			if (*top < 0)
				*top = y;
		}
	return *top >= 0;
}

/* 1, 2 or 5 times a power of ten? */
static bool nice(double step)
{
	const double mantissa = step / pow(10, floor(log10(step) + 1e-9));
	return fabs(mantissa - 1) < 1e-6 || fabs(mantissa - 2) < 1e-6 || fabs(mantissa - 5) < 1e-6;
}

static void linear_ticks_are_nice(void **state)
{
	static const double spans[][2] = {{0, 1},	  {-3, 7},	   {0.123, 0.124},
					  {1e9, 1e9 + 5}, {-1e-12, 3e-12}, {0, 50000},
					  {-7e20, -1e20}, {2, 2.5}};
	(void)state;
	for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
		for (int wanted = 1; wanted < 15; wanted++) {
			const double min = spans[i][0], max = spans[i][1];
			const struct aq_ticks ticks = aq_ticks_linear(min, max, wanted);
			assert_true(nice(ticks.step));
			assert_true(ticks.count >= (wanted < 3 ? 0 : wanted / 3));
			assert_true(ticks.count <= wanted + 1);
			for (int k = 0; k < ticks.count; k++) {
				const double at = ticks.at[k];
				assert_true(at >= min - ticks.step * 1e-6 &&
					    at <= max + ticks.step * 1e-6);
				const double multiple = at / ticks.step;
				assert_true(fabs(multiple - round(multiple)) <
					    1e-5 * fmax(1, fabs(multiple)));
				if (k > 0)
					assert_true(fabs(at - ticks.at[k - 1] - ticks.step) <
						    ticks.step * 1e-5 + fabs(at) * 1e-15);
			}
		}
	assert_int_equal(aq_ticks_linear(1, 1, 5).count, 0);
	assert_int_equal(aq_ticks_linear(NAN, 1, 5).count, 0);
	assert_int_equal(aq_ticks_linear(-INFINITY, 1, 5).count, 0);
	/* exactly what one would write */
	const struct aq_ticks ticks = aq_ticks_linear(0, 0.35, 4);
	assert_true(ticks.at[0] == 0 && ticks.at[1] == 0.1 && ticks.at[2] == 0.2 &&
		    ticks.at[3] == 0.3);
}

static void log_ticks_are_nice(void **state)
{
	static const double spans[][2] = {{1, 1000},  {1e-9, 1e-3}, {3, 4000},	 {1e-30, 1e30},
					  {0.2, 0.9}, {5, 60},	    {1e-3, 1e-2}};
	(void)state;
	for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
		for (int wanted = 3; wanted < 12; wanted++) {
			const struct aq_ticks ticks =
				aq_ticks_log(spans[i][0], spans[i][1], wanted);
			assert_in_range(ticks.count, 2, wanted + 1);
			for (int k = 0; k < ticks.count; k++) {
				assert_true(ticks.at[k] >= spans[i][0] * 0.999999);
				assert_true(ticks.at[k] <= spans[i][1] * 1.000001);
				assert_true(k == 0 || ticks.at[k] > ticks.at[k - 1]);
				if (!(ticks.step > 0))
					assert_true(nice(ticks.at[k]));
			}
		}
	assert_int_equal(aq_ticks_log(0, 1, 5).count, 0);
	assert_int_equal(aq_ticks_log(-1, 1, 5).count, 0);
}

static void axes_hold_something(void **state)
{
	static const double spans[][2] = {{0, 0},   {5, 5},  {-2, -2},	 {0, 3},
					  {2.9, 3}, {-1, 4}, {NAN, NAN}, {1, INFINITY}};
	(void)state;
	for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
		for (int log = 0; log < 2; log++) {
			double min = spans[i][0], max = spans[i][1];
			aq_axis_round(&min, &max, log);
			assert_true(isfinite(min) && isfinite(max) && max > min &&
				    (!log || min > 0));
			if (isfinite(spans[i][1]) && !log)
				assert_true(min <= spans[i][0] && max >= spans[i][1]);
		}
}

/* One value of a million sticks out, upwards or downwards: it is seen, where it is, as high as it
 * is. */
static void an_extreme_is_never_dropped(void **state)
{
	enum { N = 1000000 };
	static float y[N];
	static double x[N];
	static const int where[] = { 0, 1, 12345, 499999, 777777, N - 2, N - 1 };
	(void)state;
	for (int i = 0; i < N; i++) {
		x[i] = 3.0 * i;
		y[i] = (float)sin(i * 0.001) * 0.2f;
	}
	struct aq_canvas *canvas = make(500, 200);
	for (size_t k = 0; k < sizeof where / sizeof *where; k++) {
		const int i = where[k];
		const float before = y[i];
		y[i] = k % 2 ? -2 : 2;
		const struct aq_curve curve = { .x = x, .y = y, .count = N, .colour = blue };
		const struct aq_plot plot = { .curves = &curve, .curve_count = 1, .fixed_y = true,
					      .y_min = -2, .y_max = 2 };
		const struct aq_box box = { 0, 0, 500, 200 }, in = aq_plot_inner(box, &plot);
		aq_canvas_clear(canvas);
		aq_plot_draw(canvas, box, &plot);
		const int column = in.x + (int)((double)i / (N - 1) * (in.w - 1) + 0.5);
		int reached = 0;
		for (int dx = -1; dx <= 1; dx++)
			for (int dy = 0; dy < 2; dy++)
				reached += drawn(canvas, column + dx,
						 k % 2 ? in.y + in.h - 1 - dy : in.y + dy);
		if (reached == 0)
			fail_msg("the extreme at %d is not seen", i);
		y[i] = before;
	}
	aq_canvas_free(canvas);
}

/* A few points: the curve passes through each. */
static void points_are_where_they_belong(void **state)
{
	const double x[] = { 1, 10, 100, 1000, 10000 };
	const float y[] = { 1e-1f, 1e-3f, 1e-2f, 1e-4f, 1 };
	(void)state;
	struct aq_canvas *canvas = make(400, 300);
	const struct aq_curve curve = { .x = x, .y = y, .count = 5, .colour = blue, .width = 2 };
	const struct aq_plot plot = {.title = "t",
				     .x_name = "x",
				     .y_name = "y",
				     .curves = &curve,
				     .curve_count = 1,
				     .log_x = true,
				     .log_y = true,
				     .fixed_y = true,
				     .y_min = 1e-4,
				     .y_max = 1};
	const struct aq_box box = { 10, 5, 380, 280 }, in = aq_plot_inner(box, &plot);
	aq_plot_draw(canvas, box, &plot);
	for (int i = 0; i < 5; i++) {
		const int px = in.x + (int)(i / 4.0 * (in.w - 1) + 0.5);
		const int py = in.y + in.h - 1 - (int)((log10(y[i]) + 4) / 4 * (in.h - 1) + 0.5);
		bool near = false;
		for (int dy = -1; dy <= 1; dy++)
			for (int dx = -1; dx <= 1; dx++)
				near |= drawn(canvas, px + dx, py + dy);
		assert_true(near);
	}
	aq_canvas_free(canvas);
}

static void gaps_stay_empty(void **state)
{
	enum { N = 301 };
	static float y[N];
	(void)state;
	for (int i = 0; i < N; i++)
		y[i] = i >= 100 && i <= 200 ? (i % 2 ? NAN : INFINITY) : 0.5f;
	y[150] = 0.5f; /* a point alone */
	struct aq_canvas *canvas = make(400, 200);
	const struct aq_curve curve = { .y = y, .count = N, .colour = blue };
	const struct aq_plot plot = { .curves = &curve, .curve_count = 1 };
	const struct aq_box box = { 0, 0, 400, 200 }, in = aq_plot_inner(box, &plot);
	aq_plot_draw(canvas, box, &plot);
	int top, bottom;
	for (int x = in.x + 2; x < in.x + in.w - 2; x++) {
		const double i = (double)(x - in.x) / (in.w - 1) * (N - 1);
		const bool got = extent(canvas, in, x, &top, &bottom);
		if (i < 97 || i > 203 || fabs(i - 150) < 0.5)
			assert_true(got && bottom - top <= 4);
		else if (i > 103 && i < 197 && fabs(i - 150) > 5)
			assert_false(got);
	}
	aq_canvas_free(canvas);
}

/* What a run may hand in; nothing may go outside of the box, whatever it is. */
static void any_series_can_be_drawn(void **state)
{
	static const float series[][6] = {
		{1},
		{0, 0, 0, 0, 0, 0},
		{-3, -3, -3, -3, -3, -3},
		{NAN, NAN, NAN, NAN, NAN, NAN},
		{FLT_MAX, -FLT_MAX, FLT_MAX, 0, 1, 2},
		{FLT_MIN, FLT_MIN / 4, 0, 0, 0, 0},
		{INFINITY, 1, -INFINITY, 2, NAN, 3},
		{-1e30f, 1e-30f, 5, 5, 5, 1e30f},
		{1e9f, 1e9f, 1e9f + 64, 1e9f, 1e9f, 1e9f},
	};
	static const double steps[] = { 7, 7, 7, 1e18, 3, -5 };
	const struct aq_band band = { 1e-4, 1e-2, "band", AQ_GOOD };
	(void)state;
	struct aq_canvas *canvas = make(300, 200);
	const struct aq_box box = { 40, 30, 200, 140 };
	for (size_t s = 0; s < sizeof series / sizeof *series; s++)
		for (int way = 0; way < 64; way++) {
			struct aq_curve curve = {.y = series[s],
						 .count = s == 0 ? 1 : 6,
						 .colour = blue,
						 .name = "name",
						 .dots = way & 1,
						 .x = way & 2 ? steps : NULL};
			if (way & 16) {
				curve.low = series[s];
				curve.high = series[(s + 1) % 9];
			}
			const struct aq_plot plot = {.title = "title",
						     .curves = &curve,
						     .curve_count = way == 5 ? 0 : 1,
						     .log_x = way & 4,
						     .log_y = way & 8,
						     .counts = way & 2,
						     .bands = &band,
						     .band_count = 1,
						     .fixed_y = way & 32,
						     .y_min = -1,
						     .y_max = way & 1 ? -1 : 1,
						     .marked = true,
						     .mark = 3,
						     .x_name = "step",
						     .y_name = "loss"};
			aq_canvas_clear(canvas);
			aq_plot_draw(canvas, box, &plot);
			for (int y = 0; y < 200; y++)
				for (int x = 0; x < 300; x++)
					if (x < box.x || y < box.y || x >= box.x + box.w ||
					    y >= box.y + box.h)
						assert_int_equal(
							canvas->picture.at[(y * 300 + x) * 3], 255);
		}
	/* a box too small for anything */
	const struct aq_curve curve = {.y = series[1], .count = 6, .colour = blue, .name = "name"};
	for (int size = 0; size < 60; size += 3)
		aq_plot_draw(canvas, (struct aq_box){ 9, 9, size, 60 - size },
			     &(struct aq_plot){ .curves = &curve, .curve_count = 1, .title = "t" });
	aq_canvas_free(canvas);
}

static void envelopes_cover_low_to_high(void **state)
{
	enum { N = 5000 };
	static float low[N], high[N];
	(void)state;
	for (int i = 0; i < N; i++) {
		low[i] = -1;
		high[i] = 1;
	}
	high[2500] = 3;
	struct aq_canvas *canvas = make(300, 200);
	const struct aq_curve curve = {.low = low, .high = high, .count = N, .colour = {0, 0, 0}};
	const struct aq_plot plot = {
		.curves = &curve, .curve_count = 1, .fixed_y = true, .y_min = -4, .y_max = 4};
	const struct aq_box box = { 0, 0, 300, 200 }, in = aq_plot_inner(box, &plot);
	aq_plot_draw(canvas, box, &plot);
	const int peak = in.x + (int)(0.5 + 2500.0 / (N - 1) * (in.w - 1));
	int highest = in.h, column = 0;
	for (int x = in.x + 1; x < in.x + in.w - 1; x++)
		for (int y = in.y; y < in.y + in.h; y++) {
			const uint8_t *p = canvas->picture.at + (y * 300 + x) * 3;
			const double value = 4 - 8.0 * (y - in.y) / (in.h - 1);
			if (fabs(value) < 0.9)
				assert_true(p[0] < 215); /* washed, once */
			if (fabs(value) > 1.1 && abs(x - peak) > 1)
				assert_true(p[0] > 215);
			if (fabs(value) < 0.9 && fabs(value) > 0.1) /* the line of zero is darker */
				assert_true(p[0] > 150);
			if (p[0] < 215 && y - in.y < highest) {
				highest = y - in.y;
				column = x;
			}
		}
	assert_in_range(column, peak - 1, peak + 1);
	assert_in_range(highest, (in.h - 1) / 8 - 1, (in.h - 1) / 8 + 1);
	aq_canvas_free(canvas);
}

static void a_mean_runs_without_bias(void **state)
{
	float y[100], out[100];
	(void)state;
	for (int i = 0; i < 100; i++)
		y[i] = 5;
	y[10] = NAN;
	aq_plot_smooth(out, y, 100, 20);
	for (int i = 0; i < 100; i++)
		assert_true(i == 10 ? isnan(out[i]) : fabsf(out[i] - 5) < 1e-5f);
	for (int i = 0; i < 100; i++)
		y[i] = (float)(i % 2);
	aq_plot_smooth(out, y, 100, 30);
	assert_true(fabsf(out[99] - 0.5f) < 0.05f && out[0] == 0);
	aq_plot_smooth(out, y, 100, 1);
	assert_memory_equal(out, y, sizeof y);
	/* it does not lag: what rises evenly is its own mean, but for the end, where nothing follows */
	for (int i = 0; i < 100; i++)
		y[i] = (float)i;
	aq_plot_smooth(out, y, 100, 21);
	for (int i = 0; i < 90; i++)
		assert_true(out[i] == y[i]);
	assert_true(out[99] == 94);
}

static void the_same_plot_has_the_same_pixels(void **state)
{
	const float y[] = { 1, 3, 2, 5, 4 };
	(void)state;
	const struct aq_curve curve = {
		.y = y, .count = 5, .colour = blue, .name = "loss", .dots = true};
	const struct aq_plot plot = { .title = "Loss", .curves = &curve, .curve_count = 1 };
	struct aq_canvas *a = make(300, 200), *b = make(300, 200);
	aq_plot_draw(a, (struct aq_box){ 0, 0, 300, 200 }, &plot);
	aq_plot_draw(b, (struct aq_box){ 0, 0, 300, 200 }, &plot);
	assert_memory_equal(a->picture.at, b->picture.at, aq_picture_bytes(&a->picture));
	aq_canvas_free(a);
	aq_canvas_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(linear_ticks_are_nice),
		cmocka_unit_test(log_ticks_are_nice),
		cmocka_unit_test(axes_hold_something),
		cmocka_unit_test(an_extreme_is_never_dropped),
		cmocka_unit_test(points_are_where_they_belong),
		cmocka_unit_test(gaps_stay_empty),
		cmocka_unit_test(any_series_can_be_drawn),
		cmocka_unit_test(envelopes_cover_low_to_high),
		cmocka_unit_test(a_mean_runs_without_bias),
		cmocka_unit_test(the_same_plot_has_the_same_pixels),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
