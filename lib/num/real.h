/* SPDX-License-Identifier: MIT
 *
 * real.h - the number that networks are made of
 *
 * float, or double when built with -DAQ_DOUBLE: the second build of the same code serves the checks
 * of gradients against finite differences, whose rounding would drown in single precision.
 */
#ifndef AQ_NUM_REAL_H
#define AQ_NUM_REAL_H

#include <stdint.h>

#ifdef AQ_DOUBLE
typedef double aq_real;
typedef int64_t aq_index; /* a whole number of the same size, for vectors of both */
#else
typedef float aq_real;
typedef int32_t aq_index;
#endif

/* Four of them, wherever they lie. */
typedef aq_real aq_four
	__attribute__((vector_size(4 * sizeof(aq_real)), aligned(sizeof(aq_real)), may_alias));

/* Numbers behind the end of every map that kernels may read and write: their loops end on full
 * tiles. */
enum { AQ_SLACK = 64 };

#endif
