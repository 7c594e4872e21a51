/* SPDX-License-Identifier: MIT
 *
 * test_film.c - which steps become frames, and films as they are drawn
 */
#include "draw/film.h"
#include "io/apng.h"
#include "io/file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void rows_are_chosen_evenly_or_densely(void **state)
{
	static const uint64_t rows[] = { 1, 2, 3, 7, 100, 101, 12345, 1000000, (uint64_t)1 << 40 };
	static const size_t most[] = { 1, 2, 3, 10, 100, 500 };
	static uint64_t row[500];
	(void)state;
	for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
		for (size_t m = 0; m < sizeof most / sizeof *most; m++)
			for (int log = 0; log < 2; log++) {
				const size_t count = aq_film_rows(rows[r], most[m], log, row);
				const size_t all = rows[r] < most[m] ? (size_t)rows[r] : most[m];
				assert_int_equal(count, all);
				assert_true(row[count - 1] == rows[r] - 1);
				assert_true(count == 1 || row[0] == 0);
				for (size_t i = 1; i < count; i++)
					assert_true(row[i] > row[i - 1]);
			}
	aq_film_rows(1001, 11, false, row);
	for (size_t i = 0; i < 11; i++)
		assert_int_equal(row[i], 100 * i);
	aq_film_rows(1000000, 100, true, row);
	assert_true(row[50] < 20000); /* half of the frames show the first hundredth and a bit */
	assert_int_equal(aq_film_rows(0, 5, false, row), 0);
}

static void a_film_is_what_was_drawn(void **state)
{
	struct aq_film *film;
	struct aq_apng_player *player;
	struct aq_apng_info info;
	const struct aq_picture *frame;
	double seconds;
	(void)state;
	assert_int_equal(aq_film_begin(&film, "drawn.png", false, 60, 20, 8, NULL, 0), AQ_OK);
	for (int k = 0; k < 30; k++) {
		struct aq_canvas *canvas = aq_film_canvas(film);
		aq_canvas_clear(canvas);
		aq_film_strip(canvas, (struct aq_box){ 0, 15, 60, 3 }, k, 29);
		aq_canvas_fill(canvas, (struct aq_box){ 2 * k, 2, 1, 10 }, AQ_INK);
		assert_int_equal(aq_film_shoot(film), AQ_OK);
	}
	assert_int_equal(aq_film_finish(film, 2), AQ_OK);
	assert_int_equal(aq_apng_open(&player, "drawn.png", &info), AQ_OK);
	assert_int_equal(info.frames, 30);
	assert_int_equal(info.loops, 0);
	for (int k = 0; k < 30; k++) {
		assert_int_equal(aq_apng_next(player, &frame, &seconds), AQ_OK);
		assert_true(fabs(seconds - (k == 29 ? 2 : 0.125)) < 1e-9);
		for (int x = 0; x < 60; x++) {
			assert_int_equal(frame->at[(5 * 60 + x) * 3], x == 2 * k ? AQ_INK.r : 255);
			assert_int_equal(frame->at[(16 * 60 + x) * 3],
					 x < (int)(k / 29.0 * 60 + 0.5) ? AQ_ACCENT.r : AQ_RULE.r);
		}
	}
	aq_apng_close(player);
	unlink("drawn.png");
}

static void a_film_given_up_leaves_nothing(void **state)
{
	struct aq_film *film;
	(void)state;
	assert_int_equal(aq_film_begin(&film, "given-up.png", false, 6, 6, 8, NULL, 0), AQ_OK);
	assert_int_equal(aq_film_shoot(film), AQ_OK);
	aq_film_drop(film);
	assert_false(aq_file_exists("given-up.png"));
	assert_false(aq_file_exists("given-up.png.tmp"));
	assert_int_equal(aq_film_begin(&film, "x.png", false, 0, 6, 8, NULL, 0), AQ_EUSAGE);
	assert_int_equal(aq_film_begin(&film, "no/folder.png", false, 6, 6, 8, NULL, 0),
			 AQ_ECREATE);
	assert_null(film);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_chosen_evenly_or_densely),
		cmocka_unit_test(a_film_is_what_was_drawn),
		cmocka_unit_test(a_film_given_up_leaves_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
