/* SPDX-License-Identifier: MIT
 *
 * Chunks packed by planes: any inflater gives the planes back, and noise costs next to nothing.
 */
#include "io/gz_huffman.h"
#include "io/gz_pack.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

static uint32_t seed = 1;

static uint32_t word(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	return seed ^= seed << 5;
}

/* Unpack with zlib, put the planes together again and compare; returns the packed size. */
static size_t round_trip(struct aq_packer *packer, const void *elements, size_t count, size_t width)
{
	const void *packed;
	size_t size;
	const size_t bytes = count * width;
	assert_int_equal(aq_packer_pack(packer, elements, count, width, &packed, &size), AQ_OK);
	unsigned char *planes = malloc(bytes + 1), *back = malloc(bytes + 1);
	uLongf length = bytes + 1;
	assert_int_equal(uncompress(planes, &length, packed, size), Z_OK);
	assert_int_equal(length, bytes);
	for (size_t b = 0; b < width; b++)
		for (size_t i = 0; i < count; i++)
			back[i * width + b] = planes[b * count + i];
	assert_memory_equal(back, elements, bytes);
	free(planes);
	free(back);
	return size;
}

static void every_size_comes_back(void **state)
{
	(void)state;
	struct aq_packer *packer;
	enum { MOST = 200000 };
	uint64_t *data = malloc(MOST);
	assert_int_equal(aq_packer_new(&packer, MOST), AQ_OK);
	for (size_t i = 0; i < MOST / 8; i++)
		data[i] = (uint64_t)word() << 32 | word();
	for (size_t width = 1; width <= 8; width *= 2) {
		for (size_t count = 0; count < 70; count++)
			round_trip(packer, data, count, width);
		round_trip(packer, data, MOST / width, width);
	}
	free(data);
	aq_packer_free(packer);
}

/* Distributions that lead to each way of coding: noise, one value, two values, runs, steep frequencies. */
static void every_distribution_comes_back(void **state)
{
	(void)state;
	struct aq_packer *packer;
	enum { COUNT = 50000 };
	uint32_t *data = malloc(COUNT * sizeof *data);
	assert_int_equal(aq_packer_new(&packer, COUNT * sizeof *data), AQ_OK);
	for (int kind = 0; kind < 6; kind++) {
		for (size_t i = 0; i < COUNT; i++) {
			const uint32_t w = word(), zeros = w ? (uint32_t)__builtin_ctz(w) : 32;
			data[i] = kind == 0 ? w : kind == 1 ? 0x7fc00000 : kind == 2 ? (w & 1) * 0x01010101u :
				  kind == 3 ? (uint32_t)(i % 1000 < 10) << 24 : kind == 4 ? zeros * 0x01010101u :
					      (zeros < 4 ? w & 0x1f1f1f1f : zeros * 0x07070707u);
		}
		const size_t size = round_trip(packer, data, COUNT, sizeof *data);
		assert_true(size <= COUNT * sizeof *data + 64);
		if (kind == 1 || kind == 3)
			assert_true(size < COUNT / 10);
	}
	free(data);
	aq_packer_free(packer);
}

/* Fibonacci counts grow the deepest of trees: codes must still keep their limit. */
static void deep_trees_are_flattened(void **state)
{
	(void)state;
	enum { DEPTH = 24 };
	size_t total = 0, a = 1, b = 1, at = 0;
	unsigned char *bytes = malloc(200000), *out = malloc(aq_huffman_bound(200000) + 16);
	for (int s = 0; s < DEPTH; s++) {
		for (size_t i = 0; i < a; i++)
			bytes[at++] = (unsigned char)s;
		total += a;
		const size_t next = a + b;
		a = b;
		b = next;
	}
	const size_t size = aq_huffman_code(out, bytes, total);
	static const unsigned char last[] = { 0x01, 0x00, 0x00, 0xff, 0xff };
	memcpy(out + size, last, sizeof last);
	unsigned char *back = malloc(total);
	z_stream z = { .next_in = out, .avail_in = (unsigned)(size + sizeof last), .next_out = back,
		       .avail_out = (unsigned)total };
	assert_int_equal(inflateInit2(&z, -15), Z_OK);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.total_out, total);
	assert_memory_equal(back, bytes, total);
	inflateEnd(&z);
	free(back);
	free(bytes);
	free(out);
}

/* Normal numbers, as gradients are: the bound that storage promises. */
static void gradients_shrink(void **state)
{
	(void)state;
	enum { COUNT = 1 << 16 };
	struct aq_packer *packer;
	float *data = malloc(COUNT * sizeof *data);
	assert_int_equal(aq_packer_new(&packer, COUNT * sizeof *data), AQ_OK);
	for (size_t i = 0; i < COUNT; i++) {
		const double u = (word() + 1.0) / 4294967297.0, v = word() / 4294967296.0;
		data[i] = (float)(1e-3 * sqrt(-2 * log(u)) * cos(6.283185307179586 * v));
	}
	const size_t size = round_trip(packer, data, COUNT, sizeof *data);
	assert_true((double)size < 0.86 * COUNT * sizeof *data);
	free(data);
	aq_packer_free(packer);
}

static void too_much_is_refused(void **state)
{
	(void)state;
	struct aq_packer *packer;
	const void *packed;
	size_t size;
	const char data[32] = { 0 };
	assert_int_equal(aq_packer_new(&packer, 16), AQ_OK);
	assert_int_equal(aq_packer_pack(packer, data, 8, 4, &packed, &size), AQ_EBUG);
	aq_packer_free(packer);
	aq_packer_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_size_comes_back),
		cmocka_unit_test(every_distribution_comes_back),
		cmocka_unit_test(deep_trees_are_flattened),
		cmocka_unit_test(gradients_shrink),
		cmocka_unit_test(too_much_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
