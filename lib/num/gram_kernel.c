/* SPDX-License-Identifier: MIT
 *
 * gram_kernel.c - the inner loop of products z'z, compiled for each instruction set
 *
 * z lies in strips of eight columns [k][8], so that both factors of a tile are read in order.  A
 * tile of the result stays in registers while the k rows pass by.  Each sum is made in the order of
 * the rows and without fused operations: all instruction sets give the same bits.
 */
#include "num/simd.h"

enum { N = 8, DOWN = 4 };

void AQ_NAME(gram_tile)(int k, const double *a, const double *b, double *sum)
{
	for (int top = 0; top < N; top += DOWN) {
		double part[DOWN][N] = { { 0 } };
		for (int r = 0; r < k; r++)
			for (int i = 0; i < DOWN; i++)
				for (int j = 0; j < N; j++)
					part[i][j] += a[r * N + top + i] * b[r * N + j];
		for (int i = 0; i < DOWN; i++)
			for (int j = 0; j < N; j++)
				sum[(top + i) * N + j] = part[i][j];
	}
}
