/* SPDX-License-Identifier: MIT
 *
 * gram.h - products z'z, which covariances are made of
 */
#ifndef AQ_NUM_GRAM_H
#define AQ_NUM_GRAM_H

#include "base/err.h"
#include "base/threads.h"

/* c (d,d) += z' z of z (k,d), on and above the diagonal alone; a hundred rows at a time are best.
 * Neither the number of threads nor the instruction set changes a bit. */
int aq_gram(struct aq_pool *pool, int k, int d, const double *z, double *c) AQ_CHECKED;

/* When all has been added: what lies below the diagonal, from above it. */
void aq_gram_mirror(struct aq_pool *pool, int d, double *c);

#endif
