/* SPDX-License-Identifier: MIT
 *
 * gz_huffman.h - bytes coded by their frequency alone, as a part of a deflate stream
 *
 * What zlib does under Z_HUFFMAN_ONLY, several times as fast: no window is kept and no match looked for,
 * each byte costs a look into a table.
 */
#ifndef AQ_IO_GZ_HUFFMAN_H
#define AQ_IO_GZ_HUFFMAN_H

#include <stddef.h>

/* Bytes that coding `count` bytes may take at the most. */
size_t aq_huffman_bound(size_t count);

/* Write `bytes` to `out` as a block with dynamic codes that is not the last one, and an empty stored block
 * that ends it at a whole byte; returns how many bytes that took. */
size_t aq_huffman_code(unsigned char *out, const unsigned char *bytes, size_t count);

#endif
