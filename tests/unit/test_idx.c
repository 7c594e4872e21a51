/* SPDX-License-Identifier: MIT
 *
 * test_idx.c - headers and items of IDX files (what is refused: tests/malformed/prep-idx-*)
 */
#include "io/idx.h"

#include "story.h"

static struct aq_gz *open_bytes(const void *bytes, size_t length)
{
	struct aq_gz *gz;
	put_file("idx.bin", bytes, length);
	ok(aq_gz_open(&gz, "idx.bin"));
	return gz;
}

static void pictures_and_labels(void **state)
{
	(void)state;
	static const uint8_t pictures[] = { 0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0,
					    1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6 };
	static const uint8_t labels[] = { 0, 0, 8, 1, 0, 0, 0, 2, 7, 9 };
	struct aq_idx idx;
	uint8_t item[3];
	struct aq_gz *gz = open_bytes(pictures, sizeof pictures);
	ok(aq_idx_header(gz, &idx));
	assert_int_equal(idx.rank, 3);
	assert_int_equal(idx.dim[0], 2);
	assert_int_equal(idx.item, 3);
	ok(aq_idx_items(gz, &idx, 0, 1, item));
	ok(aq_idx_items(gz, &idx, 1, 1, item));
	assert_memory_equal(item, pictures + 19, 3);
	ok(aq_idx_end(gz, &idx));
	aq_gz_close(gz);
	gz = open_bytes(labels, sizeof labels);
	ok(aq_idx_header(gz, &idx));
	assert_int_equal(idx.rank, 1);
	assert_int_equal(idx.item, 1);
	ok(aq_idx_items(gz, &idx, 0, 2, item));
	assert_int_equal(item[1], 9);
	aq_gz_close(gz);
}

static void colour_has_four_dimensions(void **state)
{
	(void)state;
	static const uint8_t bytes[] = { 0, 0, 8, 4, 0, 0,  0, 1, 0, 0,
					 0, 3, 0, 0, 0, 32, 0, 0, 0, 16 };
	struct aq_idx idx;
	struct aq_gz *gz = open_bytes(bytes, sizeof bytes);
	ok(aq_idx_header(gz, &idx));
	assert_int_equal(idx.item, 3 * 32 * 16);
	aq_gz_close(gz);
}

static void missing_items_are_counted(void **state)
{
	(void)state;
	static const uint8_t bytes[] = { 0, 0, 8, 1, 0, 0, 0, 9, 1, 2, 3 };
	struct aq_idx idx;
	uint8_t item[9];
	struct aq_gz *gz = open_bytes(bytes, sizeof bytes);
	ok(aq_idx_header(gz, &idx));
	bad(aq_idx_items(gz, &idx, 0, 9, item), AQ_EDATA, "item 3 of 9 is missing");
	aq_gz_close(gz);
}

static void told_by_content(void **state)
{
	(void)state;
	assert_true(aq_idx_is((const uint8_t *)"\0\0\10\3", 4));
	assert_true(aq_idx_is((const uint8_t *)"\0\0\15\1", 4)); /* floats: refused later */
	assert_false(aq_idx_is((const uint8_t *)"\0\0\7\3", 4));
	assert_false(aq_idx_is((const uint8_t *)"\0\1\10\3", 4));
	assert_false(aq_idx_is((const uint8_t *)"\0\0\10\0", 4));
	assert_false(aq_idx_is((const uint8_t *)"\0\0\10", 3));
}

static void ranks_that_mean_nothing(void **state)
{
	(void)state;
	static const uint8_t bytes[] = { 0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 1, 5 };
	struct aq_idx idx;
	struct aq_gz *gz = open_bytes(bytes, sizeof bytes);
	bad(aq_idx_header(gz, &idx), AQ_EDATA, "has 2 dimensions");
	aq_gz_close(gz);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures_and_labels),
		cmocka_unit_test(colour_has_four_dimensions),
		cmocka_unit_test(missing_items_are_counted),
		cmocka_unit_test(told_by_content),
		cmocka_unit_test(ranks_that_mean_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
