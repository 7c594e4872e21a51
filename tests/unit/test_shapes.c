/* SPDX-License-Identifier: MIT
 *
 * test_shapes.c - drawn pictures: the same everywhere, balanced, and not to be told by colour
 */
#include "data/shapes.h"

#include "io/gz.h"
#include "story.h"

enum { PIXELS = 3 * AQ_SHAPE_SIDE * AQ_SHAPE_SIDE };

static void the_same_everywhere(void **state)
{
	(void)state;
	uint8_t pixels[PIXELS];
	uint32_t crc = 0;
	for (uint32_t i = 0; i < 40; i++) {
		const int label = aq_shape_draw(1, 0, i, pixels);
		crc = aq_crc(crc, &label, sizeof label);
		crc = aq_crc(crc, pixels, sizeof pixels);
	}
	/* a change of the drawing changes this: on purpose only */
	assert_int_equal(crc, 0x9ce6b2d8);
}

static void seed_split_and_index_matter(void **state)
{
	(void)state;
	uint8_t a[PIXELS], b[PIXELS];
	aq_shape_draw(1, 0, 5, a);
	aq_shape_draw(2, 0, 5, b);
	assert_memory_not_equal(a, b, PIXELS);
	aq_shape_draw(1, 2, 5, b);
	assert_memory_not_equal(a, b, PIXELS);
	aq_shape_draw(1, 0, 6, b);
	assert_memory_not_equal(a, b, PIXELS);
	aq_shape_draw(1, 0, 5, b);
	assert_memory_equal(a, b, PIXELS);
}

static void every_ten_hold_all_classes(void **state)
{
	(void)state;
	uint8_t pixels[PIXELS];
	for (uint32_t i = 0; i < 100; i += 10) {
		int seen = 0;
		for (uint32_t k = 0; k < 10; k++)
			seen |= 1 << aq_shape_draw(3, 0, i + k, pixels);
		assert_int_equal(seen, (1 << AQ_SHAPE_CLASSES) - 1);
	}
	assert_non_null(aq_shape_names[AQ_SHAPE_CLASSES - 1]);
	assert_null(aq_shape_names[AQ_SHAPE_CLASSES]);
}

/* The mean colour of a class lies near that of all: a classifier of mean colours would fail. */
static void colour_does_not_tell(void **state)
{
	(void)state;
	enum { EACH = 150, AREA = AQ_SHAPE_SIDE * AQ_SHAPE_SIDE };
	uint8_t pixels[PIXELS];
	double sum[AQ_SHAPE_CLASSES][3] = { { 0 } }, all[3] = { 0 };
	for (uint32_t i = 0; i < EACH * AQ_SHAPE_CLASSES; i++) {
		const int label = aq_shape_draw(1, 0, i, pixels);
		for (int p = 0; p < PIXELS; p++) {
			sum[label][p / AREA] += pixels[p] / (double)AREA / EACH;
			all[p / AREA] += pixels[p] / (double)AREA / EACH / AQ_SHAPE_CLASSES;
		}
	}
	for (int label = 0; label < AQ_SHAPE_CLASSES; label++)
		for (int c = 0; c < 3; c++)
			/* the deviation of a picture's mean is about 60, that of a class's mean
			 * 5 */
			assert_true(sum[label][c] > all[c] - 20 && sum[label][c] < all[c] + 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_everywhere),
		cmocka_unit_test(seed_split_and_index_matter),
		cmocka_unit_test(every_ten_hold_all_classes),
		cmocka_unit_test(colour_does_not_tell),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
