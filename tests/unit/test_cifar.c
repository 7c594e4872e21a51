/* SPDX-License-Identifier: MIT
 *
 * test_cifar.c - CIFAR has no header: its records and labels must give it away
 */
#include "io/cifar.h"

#include "base/rng.h"
#include "story.h"

enum { ROOM = AQ_CIFAR_WINDOW };

/* Pixels of all values. */
static void noise(uint8_t *bytes)
{
	for (uint32_t i = 0; i < ROOM; i++)
		bytes[i] = (uint8_t)aq_rng_word(1, AQ_STREAM_SYNTH, 0, 0, i);
}

static int kind_of(const uint8_t *bytes, size_t length, uint64_t size)
{
	const struct aq_cifar *kind = aq_cifar_is(bytes, length, size);
	return kind ? kind->classes : 0;
}

static void told_by_labels(void **state)
{
	(void)state;
	static uint8_t bytes[ROOM];
	noise(bytes);
	assert_int_equal(kind_of(bytes, ROOM, UINT64_MAX), 0);
	for (int i = 0; i < 19; i++)
		bytes[i * 3073] = (uint8_t)(i % 10);
	assert_int_equal(kind_of(bytes, ROOM, UINT64_MAX), 10);
	noise(bytes);
	for (int i = 0; i < 20; i++) {
		bytes[i * 3074] = (uint8_t)(i % 20);
		bytes[i * 3074 + 1] = (uint8_t)(99 - i);
	}
	assert_int_equal(kind_of(bytes, ROOM, UINT64_MAX), 100);
}

static void one_record_needs_its_size(void **state)
{
	(void)state;
	static uint8_t bytes[ROOM];
	noise(bytes);
	bytes[0] = 3;
	assert_int_equal(kind_of(bytes, 3073, 3073), 10);
	bytes[1] = 100; /* coarse 3, but no such fine one */
	assert_int_equal(kind_of(bytes, 3074, 3074), 0);
	assert_int_equal(kind_of(bytes, 3073, UINT64_MAX), 0);
	assert_int_equal(kind_of(bytes, 3072, 3072), 0);
	assert_int_equal(kind_of(bytes, 0, 0), 0);
}

static void labels_are_checked(void **state)
{
	(void)state;
	static uint8_t bytes[ROOM];
	int label;
	const struct aq_cifar *ten = aq_cifar_is(bytes, 3073, 3073);
	const struct aq_cifar *hundred = aq_cifar_is(bytes, 3074, 3074);
	assert_non_null(ten);
	assert_non_null(hundred);
	bytes[0] = 9;
	bytes[1] = 99;
	ok(aq_cifar_label(ten, bytes, "f", 0, &label));
	assert_int_equal(label, 9);
	ok(aq_cifar_label(hundred, bytes, "f", 0, &label));
	assert_int_equal(label, 99);
	bytes[0] = 20;
	bad(aq_cifar_label(ten, bytes, "f", 7, &label), AQ_EDATA, "f: picture 7 has the label 20");
	bad(aq_cifar_label(hundred, bytes, "f", 7, &label), AQ_EDATA, "coarse label 20");
	bytes[0] = 0;
	bytes[1] = 100;
	bad(aq_cifar_label(hundred, bytes, "f", 7, &label), AQ_EDATA, "label 100, outside 0 .. 99");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(told_by_labels),
		cmocka_unit_test(one_record_needs_its_size),
		cmocka_unit_test(labels_are_checked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
