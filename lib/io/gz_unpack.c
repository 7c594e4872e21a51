/* SPDX-License-Identifier: MIT
 *
 * gz_unpack.c - the way back from what gz_pack.h and HDF5's filters shuffle and deflate made
 */
#include "io/gz_unpack.h"

#include <stdint.h>
#include <string.h>
#include <zlib.h>

int aq_inflate(const void *packed, size_t size, void *to, size_t bytes)
{
	uLongf got = (uLongf)bytes;
	uLong used = (uLong)size;
	const int code = uncompress2(to, &got, packed, &used);
	if (code == Z_MEM_ERROR)
		return aq_fail(AQ_ENOMEM, "out of memory unpacking");
	return code == Z_OK && got == bytes && used == size ? AQ_OK : aq_fail(AQ_EDATA, "packed data is damaged");
}

void aq_unshuffle(const void *planes, size_t count, size_t width, void *elements)
{
	const unsigned char *restrict from = planes;
	unsigned char *restrict to = elements;
	if (width == 4) {
		/* as whole words, which the compiler does many at a time */
		const unsigned char *a = from, *b = a + count, *c = b + count, *d = c + count;
		for (size_t i = 0; i < count; i++) {
			const uint32_t word = (uint32_t)a[i] | (uint32_t)b[i] << 8 |
					      (uint32_t)c[i] << 16 | (uint32_t)d[i] << 24;
			memcpy(to + 4 * i, &word, sizeof word);
		}
		return;
	}
	for (size_t k = 0; k < width; k++, from += count)
		for (size_t i = 0; i < count; i++)
			to[i * width + k] = from[i];
}
