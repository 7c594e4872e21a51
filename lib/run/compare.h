/* SPDX-License-Identifier: MIT
 *
 * compare.h - two arrays, bit by bit, and where they part
 */
#ifndef AQ_RUN_COMPARE_H
#define AQ_RUN_COMPARE_H

#include "base/str.h"
#include "io/h5.h"

/* The first element whose bits differ, or -1.  `shape` gives the type and, from dimension 1 on, the
 * extents of one row; `rows` rows are compared. */
int64_t aq_compare(const struct aq_h5_shape *shape, uint64_t rows, const void *a, const void *b);

/* Add "[3,0,2,1]: 0.0123 (3c497...) and 0.0124 (...)" for the element at flat index `at` within one
 * row. */
void aq_compare_print(const struct aq_h5_shape *shape, int64_t at, const void *a, const void *b,
		      struct aq_str *to);

#endif
