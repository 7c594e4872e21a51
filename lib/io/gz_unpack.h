/* SPDX-License-Identifier: MIT
 *
 * gz_unpack.h - the way back from what gz_pack.h and HDF5's filters shuffle and deflate made
 */
#ifndef AQ_IO_GZ_UNPACK_H
#define AQ_IO_GZ_UNPACK_H

#include "base/err.h"

#include <stddef.h>

/* One zlib stream of `size` bytes that holds exactly `bytes` bytes and nothing behind it, whose own
 * checksum is right; AQ_EDATA otherwise. */
int aq_inflate(const void *packed, size_t size, void *to, size_t bytes) AQ_CHECKED;

/* Planes of first bytes, second bytes, ... become elements of `width` bytes. */
void aq_unshuffle(const void *planes, size_t count, size_t width, void *elements);

#endif
