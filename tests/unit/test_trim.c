/* SPDX-License-Identifier: MIT
 *
 * test_trim.c - resizing, colour, borders and crops, on pictures small enough to know the answer
 */
#include "data/trim.h"

#include "data/resize.h"
#include "story.h"

static void the_same_size_is_the_same_picture(void **state)
{
	(void)state;
	const uint8_t from[2 * 2 * 3] = { 1, 200, 3, 40, 5, 255, 7, 8, 90, 0, 11, 12 };
	uint8_t to[sizeof from];
	ok(aq_resize(from, 2, 2, 3, to, 2, 3));
	assert_memory_equal(to, from, sizeof from);
}

static void plain_stays_plain(void **state)
{
	(void)state;
	uint8_t from[7 * 5], to[40 * 40];
	memset(from, 173, sizeof from);
	for (int h = 1; h <= 40; h += 3)
		for (int w = 1; w <= 40; w += 3) {
			ok(aq_resize(from, 1, 7, 5, to, h, w));
			for (int i = 0; i < h * w; i++)
				assert_int_equal(to[i], 173);
		}
}

/* Halving weighs 1 3 3 1; doubling 1 3 or 3 1. */
static void weights_of_a_triangle(void **state)
{
	(void)state;
	const uint8_t eight[8] = { 0, 0, 0, 80, 0, 0, 0, 0 }, two[2] = { 0, 100 };
	const uint8_t half[4] = { 0, 30, 10, 0 }, twice[4] = { 0, 25, 75, 100 };
	uint8_t to[4];
	ok(aq_resize(eight, 1, 1, 8, to, 1, 4));
	assert_memory_equal(to, half, 4);
	ok(aq_resize(eight, 1, 8, 1, to, 4, 1));
	assert_memory_equal(to, half, 4);
	ok(aq_resize(two, 1, 1, 2, to, 1, 4));
	assert_memory_equal(to, twice, 4);
}

static const uint8_t *apply(struct aq_trim *trim, const uint8_t *at, int c, int h, int w,
			    struct aq_planes *to)
{
	const struct aq_planes from = { at, c, h, w };
	ok(aq_trim_apply(trim, &from, to));
	return to->at;
}

static void gray_weighs_as_the_eye_does(void **state)
{
	(void)state;
	const uint8_t red[3] = { 255, 0, 0 }, green[3] = { 0, 255, 0 },
		      white[3] = { 255, 255, 255 };
	struct aq_trim trim = { .gray = true };
	struct aq_planes to;
	assert_int_equal(*apply(&trim, red, 3, 1, 1, &to), 76);
	assert_int_equal(*apply(&trim, green, 3, 1, 1, &to), 150);
	assert_int_equal(*apply(&trim, white, 3, 1, 1, &to), 255);
	assert_int_equal(to.channels, 1);
	aq_trim_free(&trim);
}

static void all_steps_in_order(void **state)
{
	(void)state;
	const uint8_t from[4] = { 10, 20, 30, 40 };
	const uint8_t padded[16] = { 0, 0, 0, 0, 0, 10, 20, 0, 0, 30, 40, 0, 0, 0, 0, 0 };
	struct aq_trim trim = { .pad = 1 };
	struct aq_planes to;
	assert_memory_equal(apply(&trim, from, 1, 2, 2, &to), padded, 16);
	assert_int_equal(to.height, 4);
	trim.crop[0] = 4;
	trim.crop[1] = 1; /* of a width of 4: column 1 is the middle, to the left */
	assert_memory_equal(apply(&trim, from, 1, 2, 2, &to), ((uint8_t[]){ 0, 10, 30, 0 }), 4);
	trim.rgb = true;
	assert_memory_equal(apply(&trim, from, 1, 2, 2, &to) + 8, ((uint8_t[]){ 0, 10, 30, 0 }), 4);
	assert_int_equal(to.channels, 3);
	trim.size[0] = trim.size[1] = 1; /* before pad and crop */
	trim.crop[0] = trim.crop[1] = 3;
	const uint8_t *at = apply(&trim, from, 1, 2, 2, &to);
	assert_memory_equal(at, ((uint8_t[]){ 0, 0, 0, 0, 25, 0, 0, 0, 0 }), 9);
	aq_trim_free(&trim);
}

static void contradictions(void **state)
{
	(void)state;
	const uint8_t from[4 * 4] = { 0 };
	struct aq_trim both = { .gray = true, .rgb = true };
	struct aq_trim wide = { .size = { 8, 8 }, .crop = { 8, 9 } };
	struct aq_trim late = { .crop = { 4, 5 } };
	struct aq_trim none = { 0 };
	const struct aq_planes four = { from, 1, 4, 4 }, huge = { from, 1, 1, AQ_SIDE_MOST + 1 };
	struct aq_planes to;
	bad(aq_trim_check(&both), AQ_EUSAGE, "exclude each other");
	bad(aq_trim_check(&wide), AQ_EUSAGE, "--crop 8x9 is larger");
	ok(aq_trim_check(&late));
	bad(aq_trim_apply(&late, &four, &to), AQ_EDATA,
	    "--crop 4x5 is larger than a picture of 4x4");
	bad(aq_trim_apply(&none, &huge, &to), AQ_EDATA, "shrink it with --size");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_size_is_the_same_picture),
		cmocka_unit_test(plain_stays_plain),
		cmocka_unit_test(weights_of_a_triangle),
		cmocka_unit_test(gray_weighs_as_the_eye_does),
		cmocka_unit_test(all_steps_in_order),
		cmocka_unit_test(contradictions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
