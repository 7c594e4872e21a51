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

/* Columns of one residue by the stride: all that windows reach, and all of the picture. */
static inline int aq_pool_strip(const struct aq_pool_shape *p)
{
	const int reached = p->out_x + (p->fx - 1) / p->sx, pictured = (p->in_x - 1 + p->left) / p->sx + 1;
	return reached > pictured ? reached : pictured;
}

/* Elements of the kernels' buffer, for each example; and once. */
static inline size_t aq_pool_buffer(const struct aq_pool_shape *p)
{
	return 2 * (size_t)p->in_x + 2 * (size_t)p->sx * (size_t)aq_pool_strip(p) + (size_t)p->out_x;
}

enum { AQ_POOL_BUFFER_FIXED = 5 * AQ_SLACK };

#endif
