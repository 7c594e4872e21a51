/* SPDX-License-Identifier: MIT
 *
 * test_apng.c - a film's frames are what was put in, plain viewers see the first, damage is
 * found */
#include "base/rng.h"
#include "io/apng.h"
#include "io/file.h"

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

enum { W = 23, H = 17, FRAMES = 9 };

static uint8_t frames[FRAMES][H * W * 3];

/* All new, unchanged, one pixel, a corner, a stripe, ... */
static void make_frames(void)
{
	static const int boxes[FRAMES][4] = {
		{0, 0, W, H}, {0, 0, 0, 0}, {4, 3, 1, 1}, {W - 2, H - 3, 2, 3}, {0, 8, W, 1},
		{7, 0, 1, H}, {0, 0, 1, 1}, {0, 0, W, H}, {2, 2, 9, 9},
	};
	memset(frames[0], 0, sizeof frames[0]);
	for (int f = 0; f < FRAMES; f++) {
		if (f > 0)
			memcpy(frames[f], frames[f - 1], sizeof frames[f]);
		const int *b = boxes[f];
		for (int y = b[1]; y < b[1] + b[3]; y++)
			for (int x = b[0]; x < b[0] + b[2]; x++)
				for (int c = 0; c < 3; c++) {
					uint8_t *at = &frames[f][(y * W + x) * 3 + c];
					*at = (uint8_t)(*at + 1 + (aq_rng_word(1, 1, (uint64_t)f, (uint32_t)(y * W + x),
									 (uint32_t)c) >> 25));
				}
	}
}

static void write_film(const char *path)
{
	const struct aq_png_text text = { "Description", "grad of conv1" };
	struct aq_apng *film;
	make_frames();
	unlink(path);
	ok(aq_apng_begin(&film, path, false, W, H, 3, &text, 1));
	for (int f = 0; f < FRAMES; f++)
		ok(aq_apng_frame(film, &(struct aq_picture){frames[f], W, H, 3}, (uint16_t)(f + 1),
				 10));
	assert_int_equal(aq_apng_frames(film), FRAMES);
	ok(aq_apng_hold(film, 5, 2));
	assert_false(aq_file_exists(path));
	ok(aq_apng_publish(film));
	assert_true(aq_file_exists(path));
}

/* How many frames of the file are those put in, before an error or the end. */
static int read_film(const char *path, int *rc)
{
	struct aq_apng_player *player;
	struct aq_apng_info info;
	const struct aq_picture *frame;
	double seconds;
	int count = 0;
	*rc = aq_apng_open(&player, path, &info);
	if (*rc < 0)
		return 0;
	while ((*rc = aq_apng_next(player, &frame, &seconds)) == AQ_OK && frame) {
		if (count == FRAMES ||
		    memcmp(frame->at, frames[count], sizeof frames[count]) != 0) {
			count = -1;
			break;
		}
		count++;
	}
	aq_apng_close(player);
	return count;
}

/* A whole file; freed by the caller. */
static char *slurp(const char *path, size_t *length)
{
	char *bytes;
	ok(aq_file_read(path, 1 << 20, &bytes, length));
	return bytes;
}

static void frames_come_back(void **state)
{
	struct aq_apng_player *player;
	struct aq_apng_info info;
	const struct aq_picture *frame;
	double seconds;
	int rc;
	(void)state;
	write_film("film.png");
	assert_int_equal(read_film("film.png", &rc), FRAMES);
	assert_int_equal(rc, AQ_OK);
	ok(aq_apng_open(&player, "film.png", &info));
	assert_int_equal(info.width, W);
	assert_int_equal(info.height, H);
	assert_int_equal(info.frames, FRAMES);
	assert_int_equal(info.loops, 3);
	for (int f = 0; f < FRAMES; f++) {
		ok(aq_apng_next(player, &frame, &seconds));
		assert_true(seconds == (f == FRAMES - 1 ? 2.5 : (f + 1) / 10.0));
	}
	ok(aq_apng_next(player, &frame, &seconds));
	assert_null(frame);
	aq_apng_close(player);
}

static void a_plain_viewer_sees_the_first_frame(void **state)
{
	struct aq_picture picture;
	char *text;
	(void)state;
	write_film("film.png");
	ok(aq_png_read("film.png", NULL, &picture));
	assert_int_equal(picture.width, W);
	assert_memory_equal(picture.at, frames[0], sizeof frames[0]);
	aq_picture_free(&picture);
	ok(aq_png_read_text("film.png", "Description", &text));
	assert_string_equal(text, "grad of conv1");
	free(text);
}

static void the_same_film_has_the_same_bytes(void **state)
{
	size_t a_length, b_length;
	(void)state;
	write_film("film.png");
	write_film("again.png");
	char *a = slurp("film.png", &a_length), *b = slurp("again.png", &b_length);
	assert_int_equal(a_length, b_length);
	assert_memory_equal(a, b, a_length);
	free(a);
	free(b);
	unlink("again.png");
}

/* What does not change costs nothing: a still of 200 frames is hardly larger than one. */
static void only_changes_are_stored(void **state)
{
	struct aq_apng *film;
	char *bytes;
	size_t length;
	(void)state;
	make_frames();
	ok(aq_apng_begin(&film, "still.png", false, W, H, 0, NULL, 0));
	for (int f = 0; f < 200; f++)
		ok(aq_apng_frame(film, &(struct aq_picture){ frames[0], W, H, 3 }, 1, 10));
	ok(aq_apng_publish(film));
	ok(aq_file_read("still.png", 1 << 20, &bytes, &length));
	assert_in_range(length, W * H * 3, W * H * 3 + 200 * 90);
	free(bytes);
	unlink("still.png");
}

/* Without the care of aq_file_write(), whose syncing takes a while. */
static void spill(const char *path, const char *bytes, size_t length)
{
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static void damage_is_found(void **state)
{
	char *bytes;
	size_t length;
	int rc;
	(void)state;
	write_film("film.png");
	ok(aq_file_read("film.png", 1 << 20, &bytes, &length));
	for (size_t n = 0; n < length; n += 1 + n / 64) {
		spill("cut.png", bytes, n);
		read_film("cut.png", &rc);
		assert_int_equal(rc, AQ_EDATA);
	}
	for (size_t i = 0; i < length; i += 1 + i / 64) {
		bytes[i] ^= 0x10;
		spill("cut.png", bytes, length);
		read_film("cut.png", &rc);
		assert_int_equal(rc, AQ_EDATA);
		bytes[i] ^= 0x10;
	}
	free(bytes);
	unlink("cut.png");
	unlink("film.png");
}

static void nothing_is_left_of_what_was_given_up(void **state)
{
	struct aq_apng *film;
	(void)state;
	make_frames();
	ok(aq_apng_begin(&film, "never.png", false, W, H, 0, NULL, 0));
	ok(aq_apng_frame(film, &(struct aq_picture){ frames[0], W, H, 3 }, 1, 10));
	assert_true(aq_file_exists("never.png.tmp"));
	aq_apng_drop(film);
	assert_false(aq_file_exists("never.png.tmp"));
	assert_false(aq_file_exists("never.png"));
	ok(aq_apng_begin(&film, "never.png", false, W, H, 0, NULL, 0));
	assert_int_equal(aq_apng_frame(film, &(struct aq_picture){frames[0], H, W, 3}, 1, 10),
			 AQ_EBUG);
	assert_int_equal(aq_apng_publish(film), AQ_EBUG); /* without a frame */
	assert_false(aq_file_exists("never.png.tmp"));
	assert_int_equal(aq_apng_begin(&film, "no/folder/x.png", false, W, H, 0, NULL, 0),
			 AQ_ECREATE);
	assert_null(film);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_come_back),
		cmocka_unit_test(a_plain_viewer_sees_the_first_frame),
		cmocka_unit_test(the_same_film_has_the_same_bytes),
		cmocka_unit_test(only_changes_are_stored),
		cmocka_unit_test(damage_is_found),
		cmocka_unit_test(nothing_is_left_of_what_was_given_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
