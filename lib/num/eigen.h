/* SPDX-License-Identifier: MIT
 *
 * eigen.h - eigenvectors of a large symmetric matrix
 *
 * In double precision.  Threads share the work by parts of the result, never of a sum: their number
 * does not change a bit.
 */
#ifndef AQ_NUM_EIGEN_H
#define AQ_NUM_EIGEN_H

#include "base/err.h"
#include "base/threads.h"

/* a (n,n), symmetric, is destroyed.  values (n): all eigenvalues, the largest first.  vectors
 * (n,n): row i is the unit eigenvector of values[i], for i < *count: those whose value exceeds
 * `above` (give -INFINITY for all).
 *
 * Householder's reduction to a tridiagonal matrix, the implicit QL method on that (Wilkinson and
 * Reinsch, "Handbook for Automatic Computation II: Linear Algebra", 1971, contributions II/2 and
 * II/3), and the vectors wanted taken back.  AQ_EDATA where a number is not finite. */
int aq_eigen(struct aq_pool *pool, int n, double *a, double above, double *values, double *vectors,
	     int *count) AQ_CHECKED;

#endif
