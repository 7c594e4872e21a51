/* SPDX-License-Identifier: MIT
 *
 * pool.h - sizes of a pooling layer and of what its kernels (pool_*) need
 */
#ifndef AQ_NUM_POOL_H
#define AQ_NUM_POOL_H

#include "num/real.h"

#include <stddef.h>

struct aq_pool_shape {
	int in_y, in_x, out_y, out_x;
	int fy, fx, sy, sx, top, left; /* window, stride, padding above and to the left */
	int n;                         /* examples */
};

/* Columns that windows may reach, those outside the picture included. */
static inline int aq_pool_reach(const struct aq_pool_shape *p)
{
	const int pictured = p->left + p->in_x, reached = p->out_x * p->sx + p->fx;
	return pictured > reached ? pictured : reached;
}

/* Elements of the kernels' buffer, for each example; and once. */
static inline size_t aq_pool_buffer(const struct aq_pool_shape *p)
{
	return 2 * ((size_t)aq_pool_reach(p) + (size_t)p->fx) + (size_t)p->out_x;
}

enum { AQ_POOL_BUFFER_FIXED = 3 * AQ_SLACK };

#endif
