/* SPDX-License-Identifier: MIT
 *
 * test_page.c - a page with one of everything looks as it did; pages grow, and say when they cannot
 *
 * tests/golden/page.png is compared by its pixels.  UPDATE=1 in the environment writes it anew:
 * look at it.
 */
#include "draw/page.h"
#include "draw/plot.h"
#include "draw/tile.h"
#include "io/file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ok(expr) assert_ok(expr, __LINE__)

static void assert_ok(int rc, int line)
{
	if (rc < 0)
		fail_msg("line %d: %d: %s", line, rc, aq_story());
}

/* Numbers that look like the filters of a trained first layer, the same everywhere. */
static void make_filters(float *w, int count, int side)
{
	for (int k = 0; k < count; k++)
		for (int i = 0; i < side * side; i++) {
			const float u = (float)(i % side - side / 2),
				    v = (float)(i / side - side / 2);
			const float wave =
				(float)((k * 7 % 5) - 2) * u + (float)(k % 3) * v + (float)k;
			const float phase = wave - 4 * floorf(wave / 4) - 2;
			w[k * side * side + i] = phase / (4 + u * u + v * v);
		}
}

static void put_tiles(struct aq_page *page, struct aq_tiles tiles, const char *what)
{
	aq_tiles_plan(&tiles);
	const struct aq_box box = aq_page_take(page, aq_tiles_size(&tiles).h);
	aq_tiles_draw(page->canvas, box.x, box.y, &tiles);
	aq_page_space(page, AQ_PAGE_GAP);
	const struct aq_box bar = aq_page_take(page, AQ_SHADE_BAR_HEIGHT);
	aq_tiles_bar(page->canvas, bar.x, bar.y, 280, &tiles, what);
	aq_page_space(page, AQ_PAGE_GAP);
}

static void put_plots(struct aq_page *page)
{
	enum { N = 3000 };
	static float loss[N], smooth[N], ratio[N];
	for (int i = 0; i < N; i++) {
		loss[i] = 2.0f / (1 + (float)i / 400) + 0.3f + (float)(i * 7919 % 101 - 50) / 400;
		ratio[i] = 1 / (float)(200 + i);
	}
	aq_plot_smooth(smooth, loss, N, 100);
	const struct aq_curve curves[] = {
		{ .name = "batch", .y = loss, .count = N, .colour = aq_hue(0), .pale = true },
		{ .name = "mean of 100", .y = smooth, .count = N, .colour = aq_hue(0) },
	};
	const struct aq_curve falling = { .y = ratio, .count = N, .colour = aq_hue(1) };
	const struct aq_band band = { 5e-4, 2e-3, "about 1e−3", AQ_GOOD };
	const struct aq_box row = aq_page_take(page, 190);
	aq_plot_draw(page->canvas, aq_box_column(row, 0, 2, 20), &(struct aq_plot){
		.title = "Loss", .x_name = "step", .y_name = "cross-entropy", .counts = true,
		.curves = curves, .curve_count = 2, .marked = true, .mark = 1200 });
	aq_plot_draw(page->canvas, aq_box_column(row, 1, 2, 20), &(struct aq_plot){
		.title = "Update / weight", .x_name = "step", .log_y = true, .counts = true,
		.curves = &falling, .curve_count = 1, .bands = &band, .band_count = 1 });
}

static struct aq_page *make_page(void)
{
	static float w[16 * 25];
	static const char *const names[] = {"0", "1", "2",  "3",  "4",	"5",  "6",  "7",
					    "8", "9", "10", "11", "12", "13", "14", "15"};
	struct aq_page *page;
	make_filters(w, 16, 5);
	for (int i = 0; i < 25; i++)
		w[6 * 25 + i] = 0;
	w[9 * 25 + 12] = NAN;
	ok(aq_page_new(&page, 620));
	aq_page_title(page, "digits.snap.h5",
		      "step 1,200 of 3,000 · batch 32 · grad is the mean over the batch");
	aq_page_heading(page, "conv1", "16×1×5×5 + 16 = 416 weights");
	aq_page_label(page, "weight gradients");
	put_tiles(page,
		  (struct aq_tiles){.at = w,
				    .count = 16,
				    .channels = 1,
				    .height = 5,
				    .width = 5,
				    .zoom = 6,
				    .scale = AQ_SCALE_SYM,
				    .captions = names},
		  "grad");
	put_tiles(page,
		  (struct aq_tiles){.at = w,
				    .count = 16,
				    .channels = 1,
				    .height = 5,
				    .width = 5,
				    .zoom = 6,
				    .scale = AQ_SCALE_CONVNETJS,
				    .vol = 4,
				    .cluster = 4},
		  "grad");
	aq_page_heading(page, "curves", NULL);
	put_plots(page);
	aq_page_space(page, AQ_PAGE_GAP);
	aq_page_text(page, AQ_SOFT,
		     "drawn by %s, so that whoever changes how things look sees what else "
		     "changes with it, and takes the new look on purpose.",
		     "test_page.c");
	ok(aq_page_finish(page));
	return page;
}

/* The path of tests/golden/NAME from wherever the test runs below the source tree. */
static const char *golden(const char *name)
{
	static char path[200];
	snprintf(path, sizeof path, "tests/golden");
	for (int up = 0; up < 8 && !aq_file_is_folder(path); up++) {
		memmove(path + 3, path, strlen(path) + 1);
		memcpy(path, "../", 3);
	}
	const size_t length = strlen(path);
	snprintf(path + length, sizeof path - length, "/%s", name);
	return path;
}

static void a_page_looks_as_it_did(void **state)
{
	struct aq_page *page = make_page();
	const struct aq_picture *now = &page->canvas->picture;
	struct aq_picture before;
	(void)state;
	ok(aq_png_write("page.png", false, now, NULL, 0));
	if (getenv("UPDATE"))
		ok(aq_png_write(golden("page.png"), false, now, NULL, 0));
	ok(aq_png_read(golden("page.png"), NULL, &before));
	assert_int_equal(before.width, now->width);
	assert_int_equal(before.height, now->height);
	size_t far = 0;
	/* the last bit of a logarithm may differ from one C library to the next */
	for (size_t i = 0; i < aq_picture_bytes(now); i++)
		far += abs(now->at[i] - before.at[i]) > 3;
	if (far > 30)
		fail_msg("%zu samples of %s differ from page.png here; look at both, then UPDATE=1",
			 far, golden("page.png"));
	aq_picture_free(&before);
	aq_page_free(page);
}

static void the_same_page_has_the_same_bytes(void **state)
{
	char *bytes[2];
	size_t length[2];
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct aq_page *page = make_page();
		const struct aq_png_text text = { "Description", "a page" };
		ok(aq_png_write("same.png", false, &page->canvas->picture, &text, 1));
		ok(aq_file_read("same.png", 1 << 24, &bytes[i], &length[i]));
		aq_page_free(page);
	}
	assert_int_equal(length[0], length[1]);
	assert_memory_equal(bytes[0], bytes[1], length[0]);
	free(bytes[0]);
	free(bytes[1]);
	unlink("same.png");
}

static void pages_grow(void **state)
{
	struct aq_page *page;
	struct aq_picture picture;
	(void)state;
	ok(aq_page_new(&page, 50));
	for (int i = 0; i < 300; i++) {
		const struct aq_box box = aq_page_take(page, 30);
		assert_int_equal(box.y, AQ_PAGE_MARGIN + 30 * i);
		aq_canvas_fill(page->canvas, box, aq_hue(i % AQ_HUES));
	}
	ok(aq_page_write(page, "long.png", false, NULL, 0));
	ok(aq_png_read("long.png", NULL, &picture));
	assert_int_equal(picture.width, 50 + 2 * AQ_PAGE_MARGIN);
	assert_int_equal(picture.height, 9000 + 2 * AQ_PAGE_MARGIN);
	for (int i = 0; i < 300; i++) {
		const uint8_t *p =
			picture.at +
			((AQ_PAGE_MARGIN + 30 * i + 29) * picture.width + AQ_PAGE_MARGIN) * 3;
		assert_int_equal(p[0], aq_hue(i % AQ_HUES).r);
	}
	aq_picture_free(&picture);
	aq_page_free(page);
	unlink("long.png");
}

static void a_page_too_long_says_so_at_the_end(void **state)
{
	struct aq_page *page;
	(void)state;
	ok(aq_page_new(&page, 900));
	assert_int_equal(aq_page_take(page, 1 << 30).h, 0);
	aq_page_heading(page, "drawn nowhere", "without harm");
	assert_true(aq_page_write(page, "never.png", false, NULL, 0) < 0);
	assert_false(aq_file_exists("never.png"));
	aq_page_free(page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_looks_as_it_did),
		cmocka_unit_test(the_same_page_has_the_same_bytes),
		cmocka_unit_test(pages_grow),
		cmocka_unit_test(a_page_too_long_says_so_at_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
