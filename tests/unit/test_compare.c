/* SPDX-License-Identifier: MIT
 *
 * Bits are compared, not numbers, and the place where two arrays part is told by its indices.
 */
#include "run/compare.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* dim[0] is the rows of all; a row is [2][3][4] */
static const struct aq_h5_shape box = { .type = AQ_F32, .rank = 4, .dim = { 9, 2, 3, 4 } };

static void said(const struct aq_h5_shape *shape, int64_t at, const void *a, const void *b,
		 const char *want)
{
	struct aq_str text = { 0 };
	aq_compare_print(shape, at, a, b, &text);
	assert_int_equal(aq_str_check(&text), 0);
	assert_string_equal(aq_str_text(&text), want);
	aq_str_free(&text);
}

static void test_every_place(void **state)
{
	(void)state;
	float a[2 * 24], b[2 * 24];
	for (int i = 0; i < 48; i++)
		a[i] = b[i] = (float)i;
	assert_int_equal(aq_compare(&box, 2, a, b), -1);
	for (int i = 0; i < 48; i++) {
		b[i] = -a[i]; /* of 0, too: another sign is another number */
		b[47] = 1000;
		assert_int_equal(aq_compare(&box, 2, a, b), i);
		/* what lies behind the rows is not looked at */
		assert_int_equal(aq_compare(&box, 1, a, b), i < 24 ? i : -1);
		b[i] = a[i];
		b[47] = a[47];
	}
	assert_int_equal(aq_compare(&box, 0, a, b + 1), -1);
}

static void test_bits_not_numbers(void **state)
{
	(void)state;
	static const struct aq_h5_shape one = { .type = AQ_F32, .rank = 1, .dim = { 1 } };
	const float zero = 0, minus = -0.0f, nan = NAN, other = -NAN;
	assert_int_equal(aq_compare(&one, 1, &nan, &nan), -1);
	assert_int_equal(aq_compare(&one, 1, &nan, &other), 0);
	assert_int_equal(aq_compare(&one, 1, &zero, &minus), 0);
	said(&one, 0, &zero, &minus, ": 0 (bits 00000000) and -0 (bits 80000000)");
}

static void test_words(void **state)
{
	(void)state;
	float a[24] = { 0 }, b[24] = { 0 };
	a[17] = 0.1f; /* 1 * 12 + 1 * 4 + 1 */
	b[17] = nextafterf(0.1f, 1);
	said(&box, 17, a, b,
	     "[1,1,1]: 0.100000001 (bits 3dcccccd) and 0.100000009 (bits 3dccccce)");
	said(&box, 23, a, b, "[1,2,3]: 0 (bits 00000000) and 0 (bits 00000000)");

	const uint32_t crc[] = { 0x1234, 0xfedcba98 };
	const struct aq_h5_shape words = AQ_SHAPE1(AQ_U32, 1);
	said(&words, 0, &crc[0], &crc[1], ": 00001234 and fedcba98");
	const uint64_t step[] = { 1, UINT64_MAX };
	const struct aq_h5_shape wide = AQ_SHAPE1(AQ_U64, 1);
	said(&wide, 0, &step[0], &step[1], ": 1 and 18446744073709551615");
	const uint8_t split[] = { 1, 255 };
	const struct aq_h5_shape bytes = AQ_SHAPE1(AQ_U8, 1);
	said(&bytes, 0, &split[0], &split[1], ": 1 and 255");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_place),
		cmocka_unit_test(test_bits_not_numbers),
		cmocka_unit_test(test_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
