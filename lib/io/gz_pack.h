/* SPDX-License-Identifier: MIT
 *
 * gz_pack.h - chunks of numbers packed as HDF5's filters shuffle and deflate read them, but faster
 *
 * The bytes of the elements are sorted into planes, all first bytes, all second bytes, and so on (HDF5's
 * shuffle), and the planes become one zlib stream.  The mantissa of a gradient is noise that no packer
 * shortens: such planes are stored as they are; the plane of the exponents is coded by the frequency of
 * its bytes alone (Huffman), planes with long runs also by runs.  Which is which is told by a count of
 * their bytes.  So packing costs what a quarter of the data costs, and any zlib unpacks it.
 */
#ifndef AQ_IO_GZ_PACK_H
#define AQ_IO_GZ_PACK_H

#include "base/err.h"

#include <stddef.h>

struct aq_packer;

/* A packer with memory for chunks up to `most` bytes; reused from chunk to chunk. */
int aq_packer_new(struct aq_packer **packer, size_t most) AQ_CHECKED;
void aq_packer_free(struct aq_packer *packer);

/* Pack `count` elements of `width` bytes (all of them at most `most`); *packed is the packer's own memory,
 * valid until the next call.  The same elements give the same bytes. */
int aq_packer_pack(struct aq_packer *packer, const void *elements, size_t count, size_t width,
		   const void **packed, size_t *size) AQ_CHECKED;

#endif
