/* SPDX-License-Identifier: MIT
 *
 * kernels.h - the inner loops, once for each instruction set, chosen at run time
 *
 * Every *_kernel.c is compiled once for each set and gives its functions the set's name.  All sets give
 * the same bits (simd.h).  AQUATINT_ISA=plain|avx2|avx512 in the environment chooses; else the widest one
 * that the processor has.
 */
#ifndef AQ_NUM_KERNELS_H
#define AQ_NUM_KERNELS_H

#include "num/real.h"

#include <stddef.h>
#include <stdint.h>

/* One row of a convolution, all outputs of it:
 *
 *	out[o][j] = bias[o] + sum over t = first .. end-1 of weight[o/4][t][o%4] * in[off[t]*n + j]
 */
struct aq_conv_row {
	const aq_real *in;
	const int32_t *off;    /* of each tap, for n = 1 */
	int n, first, end;
	const aq_real *weight; /* [groups of 4 outputs][taps][4] */
	int taps, outputs;
	const aq_real *bias;   /* NULL: none */
	aq_real *out;
	size_t plane;          /* from one output to the next */
	int run;               /* numbers of the row */
};

/* Gradients of the weights of up to 4 outputs, over rows and their runs:
 *
 *	to[o][at[t]] += sum over y, j of dout[o][y][j] * in[off[t]*n + y*pitch + j]
 */
struct aq_conv_sums {
	const aq_real *in;
	const int32_t *off;
	int n, first, end;     /* taps */
	size_t pitch;          /* from one row to the next, in `in` */
	const aq_real *dout;   /* rows of one output lie one behind the other */
	size_t plane;
	int outputs, rows, run;
	aq_real *to;
	const uint32_t *at;
	size_t to_plane;
};

/* A dense layer: in [inputs][n], out [units][n]. */
struct aq_dense {
	int inputs, units, n;
};

/* All of them, name and arguments:
 *
 *	dense_forward  packed [units / 16][inputs][16]
 *	dense_data     weight [units][inputs]
 *	dense_weights  turned: the input as [n][pitch]; dweight is added to
 *	sum_planes     to[o] += sum of from[o][0 .. count-1], for each of `outputs`
 *	multiply_adds  as many as the processor can; tells their number
 */
// clang-format off
#define AQ_EACH_KERNEL(X, isa)                                                                      \
	X(isa, conv_row, (const struct aq_conv_row *row))                                           \
	X(isa, conv_sums, (const struct aq_conv_sums *sums))                                        \
	X(isa, dense_forward, (const struct aq_dense *d, const aq_real *in, const aq_real *packed,  \
			       const aq_real *bias, aq_real *out))                                  \
	X(isa, dense_data, (const struct aq_dense *d, const aq_real *dout, const aq_real *weight,   \
			    aq_real *din))                                                          \
	X(isa, dense_weights, (const struct aq_dense *d, const aq_real *turned, size_t pitch,       \
			       const aq_real *dout, aq_real *dweight))                              \
	X(isa, sum_planes, (int outputs, size_t count, const aq_real *from, aq_real *to))           \
	X(isa, multiply_adds, (int64_t rounds, double *operations, aq_real *sum))
// clang-format on

#define AQ_KERNEL_MEMBER(isa, name, arguments) void (*name) arguments;
#define AQ_KERNEL_PASTE(name, isa)             aq_##name##_##isa
#define AQ_KERNEL_NAME(name, isa)              AQ_KERNEL_PASTE(name, isa)
#define AQ_KERNEL_DECLARE(isa, name, arguments) void AQ_KERNEL_NAME(name, isa) arguments;

struct aq_kernels {
	const char *name;
	AQ_EACH_KERNEL(AQ_KERNEL_MEMBER, )
};

/* The ones in use. */
const struct aq_kernels *aq_kernels(void);

/* Those of set number i that this processor has, or NULL behind the last: for tests and benchmarks. */
const struct aq_kernels *aq_kernels_of(int i);

/* Take other ones from now on; no computation may be under way. */
void aq_kernels_use(const struct aq_kernels *kernels);

#endif
