/* SPDX-License-Identifier: MIT
 *
 * What is taken from an arena is zeroed, aligned, apart from all else; what cannot be had is told.
 */
#include "base/arena.h"

#include "story.h"

static void test_zeroed_aligned_apart(void **state)
{
	(void)state;
	enum { TAKES = 400 };
	static const size_t sizes[] = { 1, 63, 64, 65, 1000, 65535, 65536, 65537, 200000 };
	enum { SIZES = sizeof sizes / sizeof *sizes };
	unsigned char *at[TAKES];
	struct aq_arena *arena = aq_arena_new();
	assert_non_null(arena);
	for (int i = 0; i < TAKES; i++) {
		const size_t size = sizes[i % SIZES];
		at[i] = aq_arena_take(arena, size, 1);
		assert_non_null(at[i]);
		assert_int_equal((uintptr_t)at[i] % AQ_ALIGN, 0);
		for (size_t k = 0; k < size; k++)
			assert_int_equal(at[i][k], 0);
		memset(at[i], i % 255 + 1, size);
	}
	for (int i = 0; i < TAKES; i++)
		for (size_t k = 0; k < sizes[i % SIZES]; k++)
			assert_int_equal(at[i][k], i % 255 + 1);
	aq_arena_free(arena);
	aq_arena_free(NULL);
}

static void test_used_counts(void **state)
{
	(void)state;
	struct aq_arena *arena = aq_arena_new();
	assert_non_null(arena);
	assert_int_equal(aq_arena_used(arena), 0);
	assert_non_null(aq_arena_take(arena, 3, 8));
	assert_int_equal(aq_arena_used(arena), 64);
	assert_non_null(aq_arena_take(arena, 100, 1000));
	assert_int_equal(aq_arena_used(arena), 64 + (100000 + 63) / 64 * 64);
	aq_arena_free(arena);
}

static void test_texts(void **state)
{
	(void)state;
	struct aq_arena *arena = aq_arena_new();
	assert_non_null(arena);
	const char *copy = aq_arena_text(arena, "conv1 and more", 5);
	assert_string_equal(copy, "conv1");
	copy = aq_arena_text(arena, "", 0);
	assert_string_equal(copy, "");
	aq_arena_free(arena);
}

static void test_what_cannot_be_had(void **state)
{
	(void)state;
	struct aq_arena *arena = aq_arena_new();
	assert_non_null(arena);
	volatile size_t half = SIZE_MAX / 2, most = SIZE_MAX;
	assert_null(aq_arena_take(arena, half, 3));
	assert_non_null(strstr(aq_story(), "out of memory"));
	assert_null(aq_arena_take(arena, most, 1));
	assert_null(aq_arena_take(arena, half, 1));
	assert_non_null(aq_arena_take(arena, 0, 8)); /* nothing is something to point at */
	aq_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zeroed_aligned_apart),
		cmocka_unit_test(test_used_counts),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_what_cannot_be_had),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
