/* SPDX-License-Identifier: MIT
 *
 * idx.h - the IDX files of MNIST and its relatives: a header, then bytes
 *
 * Layout after Y. LeCun, C. Cortes, C. Burges, "The MNIST database": two zero bytes, a type, a
 * rank, one big-endian 32-bit size a dimension, then the elements, last dimension fastest.
 */
#ifndef AQ_IO_IDX_H
#define AQ_IO_IDX_H

#include "base/err.h"
#include "io/gz.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AQ_IDX_RANK = 4 };

struct aq_idx {
	int rank;                   /* 1 labels [n], 3 pictures [n,y,x], 4 pictures [n,c,y,x] */
	uint32_t dim[AQ_IDX_RANK];
	size_t item;                /* bytes of one label or picture */
};

/* Do the first bytes of a file look like an IDX header? */
bool aq_idx_is(const uint8_t *bytes, size_t length);

/* Read and check the header at the start of `gz`: unsigned bytes, rank 1, 3 or 4, no dimension
 * empty, an item of at most 2^26 bytes, all items below 2^40. */
int aq_idx_header(struct aq_gz *gz, struct aq_idx *idx) AQ_CHECKED;

/* The next `count` items; AQ_EDATA with the item named where the file is cut short. */
int aq_idx_items(struct aq_gz *gz, const struct aq_idx *idx, uint64_t first, uint64_t count,
		 uint8_t *bytes) AQ_CHECKED;

/* Nothing may stand behind the last item. */
int aq_idx_end(struct aq_gz *gz, const struct aq_idx *idx) AQ_CHECKED;

#endif
