/* SPDX-License-Identifier: MIT
 *
 * test_tile.c - colours follow values, the scale printed is the scale used, nothing hides
 */
#include "../oracle/convnetjs_pixels.h"
#include "draw/text.h"
#include "draw/tile.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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

static void ranges_leave_out_what_is_not_finite(void **state)
{
	const float values[] = { NAN, 3, -INFINITY, -2, INFINITY, 1 };
	(void)state;
	struct aq_range range = aq_range_of(values, 6);
	assert_true(range.min == -2 && range.max == 3 && range.finite == 3 && range.odd == 3);
	range = aq_range_join(range, aq_range_of((const float[]){ 7, -1 }, 2));
	assert_true(range.min == -2 && range.max == 7 && range.finite == 5 && range.odd == 3);
	range = aq_range_join((struct aq_range){ 0 }, aq_range_of((const float[]){ 5, NAN }, 2));
	assert_true(range.min == 5 && range.max == 5 && range.odd == 1);
	assert_true(aq_range_is_flat(range));
	assert_true(aq_range_is_flat(aq_range_of(values, 1)));
}

static void colours_are_monotone_in_values(void **state)
{
	static const struct aq_range ranges[] = {{-2, 1, 9, 0},
						 {0.25f, 0.5f, 9, 0},
						 {-1e-30f, 3e-31f, 9, 0},
						 {-FLT_MAX, FLT_MAX, 9, 0}};
	(void)state;
	for (int scale = 0; scale < 5; scale++)
		for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++) {
			const struct aq_shade shade = aq_shade_of((enum aq_scale)scale, ranges[r]);
			/* sym: darkest at both ends, so the order within each sign is looked at */
			double before = scale == AQ_SCALE_SYM ? -1 : -0.01;
			for (int i = 0; i <= 200; i++) {
				const double t = i / 200.0;
				const float v = (float)((1 - t) * shade.low + t * shade.high);
				const struct aq_rgb colour = aq_shade_pixel(&shade, v);
				const double light = aq_lightness(colour);
				const double order =
					scale == AQ_SCALE_SYM && t > 0.5 ? 2 - light : light;
				if (order < before - 0.004)
					fail_msg("scale %d, range %zu, at %g", scale, r, t);
				before = order;
			}
		}
}

static void zero_and_ends_have_their_colours(void **state)
{
	(void)state;
	const struct aq_range range = { -0.5f, 0.25f, 9, 0 };
	struct aq_shade shade = aq_shade_of(AQ_SCALE_SYM, range);
	assert_true(shade.low == -0.5f && shade.high == 0.5f);
	assert_true(is(aq_shade_pixel(&shade, 0), AQ_PAPER));
	assert_true(is(aq_shade_pixel(&shade, -0.5f), aq_map_colour(AQ_MAP_SIGNED, 0)));
	assert_true(is(aq_shade_pixel(&shade, 0.5f), aq_map_colour(AQ_MAP_SIGNED, 1)));
	assert_true(is(aq_shade_pixel(&shade, 0.25f), aq_map_colour(AQ_MAP_SIGNED, 0.75)));
	const struct aq_rgb colour = aq_shade_colour(&shade, -0.5f, 0, 0.5f);
	assert_true(is(colour, (struct aq_rgb){ 0, 128, 255 }));
	shade = aq_shade_of(AQ_SCALE_LAYER, range);
	assert_int_equal(aq_shade_pixel(&shade, -0.5f).r, 0);
	assert_int_equal(aq_shade_pixel(&shade, 0.25f).r, 255);
	assert_int_equal(aq_shade_pixel(&shade, -9).r, 0); /* beyond a range given from outside */
	/* flat: the middle */
	shade = aq_shade_of(AQ_SCALE_MINMAX, (struct aq_range){ 3, 3, 9, 0 });
	assert_int_equal(aq_shade_pixel(&shade, 3).r, 128);
	shade = aq_shade_of(AQ_SCALE_SYM, (struct aq_range){ 0, 0, 9, 0 });
	assert_true(is(aq_shade_pixel(&shade, 0), AQ_PAPER));
}

/* The formula of draw_activations() in ConvNetJS's cifar10 demo, in doubles as JavaScript has
 * them. */
static void convnetjs_is_its_formula(void **state)
{
	enum { N = 500 };
	float values[N];
	(void)state;
	for (int i = 0; i < N; i++)
		values[i] = (float)(sin(i * 12.9898) * 0.37);
	const struct aq_shade shade = aq_shade_of(AQ_SCALE_CONVNETJS, aq_range_of(values, N));
	double min = values[0], max = values[0];
	for (int i = 0; i < N; i++) {
		min = values[i] < min ? values[i] : min;
		max = values[i] > max ? values[i] : max;
	}
	for (int i = 0; i < N; i++) {
		const int wanted = (int)floor((values[i] - min) / (max - min) * 255);
		const struct aq_rgb grey = aq_shade_pixel(&shade, values[i]);
		assert_true(grey.r == wanted && grey.g == wanted && grey.b == wanted);
		const struct aq_rgb colour =
			aq_shade_colour(&shade, values[i], values[0], values[i]);
		assert_true(colour.r == wanted && colour.b == wanted);
	}
	/* a constant Vol divides by zero and is black there */
	const struct aq_shade flat = aq_shade_of(AQ_SCALE_CONVNETJS, (struct aq_range){2, 2, 9, 0});
	assert_true(is(aq_shade_pixel(&flat, 2), (struct aq_rgb){ 0, 0, 0 }));
	assert_true(is(aq_shade_colour(&flat, 2, 2, 2), (struct aq_rgb){ 0, 0, 0 }));
}

/* Tiles of one Vol, each number `ZOOM` pixels wide and high as on the page, against the bytes of its
 * canvases. */
static void same_canvases(const float *values, const unsigned char *bytes, int sx, int sy,
			  int depth, bool is_colour)
{
	enum { ZOOM = 2 };
	struct aq_tiles tiles = { .at = values, .count = is_colour ? 1 : depth,
				  .channels = is_colour ? 3 : 1, .height = sy, .width = sx,
				  .zoom = ZOOM, .vol = is_colour ? 1 : depth,
				  .scale = AQ_SCALE_CONVNETJS };
	aq_tiles_plan(&tiles);
	const struct aq_box size = aq_tiles_size(&tiles);
	struct aq_canvas *canvas = make(size.w + 10, size.h + 10);
	aq_tiles_draw(canvas, 5, 5, &tiles);
	for (int i = 0; i < depth * sy * sx; i++) {
		const int plane = sx * sy, c = i / plane, y = i % plane / sx, x = i % sx;
		const struct aq_box box = aq_tiles_place(&tiles, is_colour ? 0 : c);
		for (int k = 0; k < ZOOM * ZOOM; k++) {
			const struct aq_rgb got = at(canvas, 5 + box.x + x * ZOOM + k % ZOOM,
						     5 + box.y + y * ZOOM + k / ZOOM);
			if (is_colour)
				assert_int_equal(c == 0 ? got.r : c == 1 ? got.g : got.b, bytes[i]);
			else
				assert_true(is(got, (struct aq_rgb){ bytes[i], bytes[i], bytes[i] }));
		}
	}
	aq_canvas_free(canvas);
}

/* What tests/oracle/convnetjs_pixels.js wrote down: activations, gradients and filters of a
 * network. */
static void convnetjs_panels_to_the_pixel(void **state)
{
	const size_t count = sizeof pixels_vols / sizeof *pixels_vols;
	size_t first = 0;
	(void)state;
	for (size_t v = 0; v < count; v++) {
		const int sx = pixels_vols[v].sx, sy = pixels_vols[v].sy, depth = pixels_vols[v].depth;
		const size_t n = (size_t)(sx * sy * depth);
		float *values = malloc(n * sizeof *values);
		assert_non_null(values);
		for (size_t i = 0; i < n; i++)
			values[i] = (float)pixels_values[first + i];
		same_canvases(values, pixels_bytes + first, sx, sy, depth, pixels_vols[v].is_colour);
		free(values);
		first += n;
	}
	assert_int_equal(first, sizeof pixels_bytes);
}

static void what_is_not_finite_is_seen(void **state)
{
	(void)state;
	for (int scale = 0; scale < 5; scale++) {
		const struct aq_shade shade = aq_shade_of((enum aq_scale)scale, (struct aq_range){ -1, 1, 9, 2 });
		assert_true(is(aq_shade_pixel(&shade, NAN), AQ_ODD));
		assert_true(is(aq_shade_pixel(&shade, -INFINITY), AQ_ODD));
		assert_true(is(aq_shade_colour(&shade, 0, INFINITY, 0), AQ_ODD));
	}
	float values[12] = { 0, 1, 2, NAN, 5, 5, 5, 5, 1, 2, 3, 4 };
	struct aq_canvas *canvas = make(200, 60);
	struct aq_tiles tiles = { .at = values, .count = 3, .channels = 1, .height = 2, .width = 2,
				  .zoom = 8, .scale = AQ_SCALE_LAYER };
	aq_tiles_plan(&tiles);
	aq_tiles_draw(canvas, 0, 0, &tiles);
	const struct aq_box odd = aq_tiles_place(&tiles, 0), flat = aq_tiles_place(&tiles, 1),
			    usual = aq_tiles_place(&tiles, 2);
	assert_true(is(at(canvas, odd.x - 1, odd.y - 1), AQ_ODD));
	assert_true(is(at(canvas, odd.x + 8, odd.y + 8), AQ_ODD)); /* the NaN, hatched */
	assert_true(is(at(canvas, odd.x + 11, odd.y + 8), AQ_ODD_TOO));
	int gaps = 0;
	for (int x = -1; x <= flat.w; x++)
		gaps += is(at(canvas, flat.x + x, flat.y - 1), AQ_PAPER);
	assert_true(gaps > 4); /* dashed */
	for (int x = -1; x <= usual.w; x++)
		assert_true(is(at(canvas, usual.x + x, usual.y - 1), AQ_FRAME));
	aq_canvas_free(canvas);
}

/* Every pixel of every tile is the colour of its value, under each scale, and tiles do not
 * overlap. */
static void check_grid(struct aq_tiles tiles)
{
	struct aq_canvas *canvas = make(700, 700);
	aq_tiles_plan(&tiles);
	const struct aq_box size = aq_tiles_size(&tiles);
	const int x0 = 13, y0 = 21;
	aq_tiles_draw(canvas, x0, y0, &tiles);
	const int plane = tiles.height * tiles.width;
	for (int i = 0; i < tiles.count; i++) {
		const struct aq_shade shade = aq_tiles_shade(&tiles, i);
		const struct aq_box box = aq_tiles_place(&tiles, i);
		const float *v = tiles.at + i * tiles.channels * plane;
		assert_true(box.x >= 1 && box.x + box.w < size.w && box.y >= 1 &&
			    box.y + box.h < size.h);
		for (int y = 0; y < box.h; y++)
			for (int x = 0; x < box.w; x++) {
				const int k = y / tiles.zoom * tiles.width + x / tiles.zoom;
				const struct aq_rgb wanted =
					tiles.channels == 1
						? aq_shade_pixel(&shade, v[k])
						: aq_shade_colour(&shade, v[k], v[plane + k],
								  v[2 * plane + k]);
				if (!is(at(canvas, x0 + box.x + x, y0 + box.y + y), wanted))
					fail_msg("scale %d, tile %d, %d,%d", tiles.scale, i, x, y);
			}
	}
	/* nothing outside of the size promised */
	for (int y = 0; y < 700; y++)
		for (int x = 0; x < 700; x++)
			if (x < x0 || y < y0 || x >= x0 + size.w || y >= y0 + size.h)
				assert_true(is(at(canvas, x, y), AQ_PAPER));
	aq_canvas_free(canvas);
}

static void grids_show_all_values(void **state)
{
	enum { N = 12 * 3 * 4 * 5 };
	static float values[N];
	static const char *const rows[] = { "out 0", "out 1", NULL, "out 3", "out 4", "out 5" };
	(void)state;
	for (int i = 0; i < N; i++)
		values[i] = (float)(cos(i * 78.233) * exp(i * 0.01 - 3));
	for (int scale = 0; scale < 5; scale++) {
		check_grid((struct aq_tiles){ .at = values, .count = 12, .channels = 3, .height = 4,
					      .width = 5, .scale = (enum aq_scale)scale, .fit = 300 });
		check_grid((struct aq_tiles){.at = values,
					     .count = 36,
					     .channels = 1,
					     .height = 5,
					     .width = 4,
					     .scale = (enum aq_scale)scale,
					     .columns = 9,
					     .cluster = 3,
					     .zoom = 3,
					     .vol = 9,
					     .grouped = true,
					     .rows = rows});
		check_grid((struct aq_tiles){ .at = values, .count = 7, .channels = 1, .height = 1,
					      .width = 1, .scale = (enum aq_scale)scale, .map = 1 + AQ_MAP_HEAT });
	}
}

static void groups_share_a_range(void **state)
{
	const float values[] = { 0, 1, -4, 2, 8, 8, 9, 3 }; /* four tiles of two values */
	(void)state;
	struct aq_tiles tiles = { .at = values, .count = 4, .channels = 1, .height = 1, .width = 2,
				  .vol = 2, .scale = AQ_SCALE_CONVNETJS };
	aq_tiles_plan(&tiles);
	assert_true(aq_tiles_shade(&tiles, 0).low == -4 && aq_tiles_shade(&tiles, 1).high == 2);
	assert_true(aq_tiles_shade(&tiles, 2).low == 3 && aq_tiles_shade(&tiles, 3).high == 9);
	tiles.scale = AQ_SCALE_SYM;
	assert_true(aq_tiles_shade(&tiles, 0).high == 9);
	tiles.grouped = true;
	assert_true(aq_tiles_shade(&tiles, 0).high == 4);
	tiles.scale = AQ_SCALE_MINMAX;
	assert_true(aq_tiles_shade(&tiles, 2).low == 8 && aq_tiles_shade(&tiles, 2).high == 8);
	tiles.scale = AQ_SCALE_GLOBAL;
	tiles.range = (struct aq_range){ -100, 50, 1000, 0 };
	assert_true(aq_tiles_shade(&tiles, 3).low == -100 && aq_tiles_shade(&tiles, 3).high == 50);
}

/* Along the bar every pixel is the colour of the value at its place, and the labels are those
 * values. */
static void the_scale_printed_is_the_scale_used(void **state)
{
	static const struct aq_range ranges[] = { { -0.0123f, 0.01f, 9, 0 }, { 2, 7, 9, 0 } };
	enum { WIDTH = 301 };
	char text[AQ_NUMBER_ROOM];
	(void)state;
	for (int scale = 0; scale < 5; scale++)
		for (int r = 0; r < 2; r++) {
			struct aq_canvas *canvas = make(WIDTH + 40, 60);
			const struct aq_shade shade = aq_shade_of((enum aq_scale)scale, ranges[r]);
			aq_shade_bar(canvas, 20, 5, WIDTH, &shade, NULL, "grad");
			const int y = 5 + aq_text_line(AQ_FACE_SMALL) + 5;
			for (int x = 1; x < WIDTH - 1; x++) {
				const double t = (double)x / (WIDTH - 1);
				const float v = (float)((1 - t) * shade.low + t * shade.high);
				const struct aq_rgb got = at(canvas, 20 + x, y);
				const struct aq_rgb wanted = aq_shade_pixel(&shade, v);
				assert_in_range(abs(got.r - wanted.r) + abs(got.g - wanted.g) +
						abs(got.b - wanted.b), 0, 3);
			}
			const double low = atof(aq_shade_label(text, &shade, 1));
			assert_true(fabs(low - shade.high) <= fabs(shade.high) * 0.005);
			aq_canvas_free(canvas);
		}
}

static void plans_are_sensible(void **state)
{
	static float values[96 * 32 * 32];
	(void)state;
	struct aq_tiles tiles = { .at = values, .count = 96, .channels = 1, .height = 5, .width = 5,
				  .fit = 800 };
	aq_tiles_plan(&tiles);
	assert_int_equal(tiles.zoom, 10);
	assert_true(aq_tiles_size(&tiles).w <= 800);
	tiles = (struct aq_tiles){
		.at = values, .count = 96, .channels = 1, .height = 32, .width = 32, .fit = 10};
	aq_tiles_plan(&tiles);
	assert_int_equal(tiles.columns, 1);
	tiles = (struct aq_tiles){.at = values, .count = 0, .channels = 1, .height = 2, .width = 2};
	aq_tiles_plan(&tiles);
	assert_int_equal(aq_tiles_size(&tiles).w, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges_leave_out_what_is_not_finite),
		cmocka_unit_test(colours_are_monotone_in_values),
		cmocka_unit_test(zero_and_ends_have_their_colours),
		cmocka_unit_test(convnetjs_is_its_formula),
		cmocka_unit_test(convnetjs_panels_to_the_pixel),
		cmocka_unit_test(what_is_not_finite_is_seen),
		cmocka_unit_test(grids_show_all_values),
		cmocka_unit_test(groups_share_a_range),
		cmocka_unit_test(the_scale_printed_is_the_scale_used),
		cmocka_unit_test(plans_are_sensible),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
