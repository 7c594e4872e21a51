/* SPDX-License-Identifier: MIT
 *
 * compare.c - two arrays, bit by bit, and where they part
 */
#include "run/compare.h"

#include <string.h>

static uint64_t row_count(const struct aq_h5_shape *shape)
{
	struct aq_h5_shape row = *shape;
	row.dim[0] = 1;
	return aq_h5_count(&row);
}

int64_t aq_compare(const struct aq_h5_shape *shape, uint64_t rows, const void *a, const void *b)
{
	const size_t width = aq_h5_width(shape);
	const uint64_t count = rows * row_count(shape);
	if (memcmp(a, b, count * width) == 0)
		return -1;
	const char *left = a, *right = b;
	uint64_t i = 0;
	while (memcmp(left + i * width, right + i * width, width) == 0)
		i++;
	return (int64_t)i;
}

/* One element as a number and as its bits. */
static void print_element(const struct aq_h5_shape *shape, const void *at, struct aq_str *to)
{
	float real;
	uint32_t word;
	uint64_t wide;
	if (shape->type == AQ_F32) {
		memcpy(&real, at, sizeof real);
		memcpy(&word, at, sizeof word);
		aq_str_add(to, "%.9g (bits %08x)", (double)real, word);
	} else if (aq_h5_width(shape) == sizeof word) {
		memcpy(&word, at, sizeof word);
		aq_str_add(to, "%08x", word);
	} else if (aq_h5_width(shape) == sizeof wide) {
		memcpy(&wide, at, sizeof wide);
		aq_str_add(to, "%llu", (unsigned long long)wide);
	} else {
		aq_str_add(to, "%u", *(const unsigned char *)at);
	}
}

void aq_compare_print(const struct aq_h5_shape *shape, int64_t at, const void *a, const void *b,
		      struct aq_str *to)
{
	const size_t width = aq_h5_width(shape), offset = (size_t)at * width;
	uint64_t index[AQ_RANK], rest = (uint64_t)at;
	for (int d = shape->rank - 1; d > 0; d--) {
		index[d] = rest % shape->dim[d];
		rest /= shape->dim[d];
	}
	for (int d = 1; d < shape->rank; d++)
		aq_str_add(to, "%s%llu%s", d == 1 ? "[" : ",", (unsigned long long)index[d],
			   d == shape->rank - 1 ? "]" : "");
	aq_str_add(to, ": ");
	print_element(shape, (const char *)a + offset, to);
	aq_str_add(to, " and ");
	print_element(shape, (const char *)b + offset, to);
}
