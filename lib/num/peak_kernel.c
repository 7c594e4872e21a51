/* SPDX-License-Identifier: MIT
 *
 * peak_kernel.c - what the processor can do at best: multiply-adds between registers
 */
#include "num/simd.h"

enum { SUMS = REGISTERS == 32 ? 20 : 12 };

/* The sum is handed out, so that it must be made. */
void AQ_NAME(multiply_adds)(int64_t rounds, double *operations, aq_real *sum)
{
	vec acc[SUMS];
	const vec half = splat((aq_real)0.5), small = splat((aq_real)1e-3);
	UNROLL for (int i = 0; i < SUMS; i++)
		acc[i] = splat((aq_real)i);
	for (int64_t round = 0; round < rounds; round++)
		UNROLL for (int i = 0; i < SUMS; i++)
			acc[i] = fused(acc[i], half, small);
	*sum = 0;
	UNROLL for (int i = 0; i < SUMS; i++)
		*sum += acc[i][0];
	*operations = 2.0 * SUMS * V * (double)rounds;
}
