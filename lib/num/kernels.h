/* SPDX-License-Identifier: MIT
 *
 * kernels.h - the inner loops, once for each instruction set, chosen at run time
 *
 * Every *_kernel.c is compiled once for each set and gives its functions the set's name.  All sets
 * give the same bits (simd.h).  AQUATINT_ISA=plain|avx2|avx512 in the environment chooses; else the
 * widest one that the processor has.
 */
#ifndef AQ_NUM_KERNELS_H
#define AQ_NUM_KERNELS_H

#include "num/real.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A step makes the sum of a tile: numbers kept from steps before, and the taps first .. end-1 of
 *
 *	weight[o/4][t][o%4] * in[off[t]*n + j]
 *
 * It is kept, or with the bias it is row `row` of the outputs. */
enum { AQ_CONV_KEPT = 5, AQ_CONV_ADDED = 3 };
struct aq_conv_step {
	int first, end;
	int row, keep;         /* row: -1 if it is kept */
	int added[AQ_CONV_ADDED]; /* kept number k: k+1 to be added, -k-1 to be subtracted, 0: none */
};

/* Some rows of a convolution, all outputs of them; mostly one row, in one step. */
struct aq_conv_row {
	const aq_real *in;
	const int32_t *off;    /* of each tap, for n = 1 */
	int n, steps;
	const struct aq_conv_step *step;
	const aq_real *weight; /* [groups of 4 outputs][taps][4] */
	int taps, outputs;
	const aq_real *bias;   /* NULL: none */
	aq_real *out;
	size_t plane;          /* from one output to the next */
	int run, rows;         /* numbers of a row; rows, one behind the other */
};

/* Sums of rows, of each of `channels` maps: d[i] = a[i] + times * b[i], and of these
 *
 *	AQ_MIX_PLAIN   d[0]
 *	AQ_MIX_INPUT   d[1], d[0]-d[1], d[2]-d[1]
 *	AQ_MIX_OUTPUT  d[0]+d[1], d[0], d[1]
 */
enum aq_mix { AQ_MIX_PLAIN, AQ_MIX_INPUT, AQ_MIX_OUTPUT };
struct aq_conv_mix {
	enum aq_mix kind;
	int channels, run;
	struct {
		const aq_real *at;
		size_t step;   /* from one channel to the next */
	} a[3], b[3];
	aq_real times;
	aq_real *to;           /* nothing behind the run is written */
	size_t to_step, to_plane;
};

/* Gradients of the weights of up to 4 outputs, over rows and their runs:
 *
 *	to[o][at[t]] += sum over y, j of dout[o][y][j] * in[off[t]*n + y*pitch + j]
 *
 * Without `at` to[o][t], which is added to or not, with room for AQ_CONV_ROOM more.
 */
enum { AQ_CONV_ROOM = 4 };
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
	bool adds;
	size_t to_plane;
};

/* A product of matrices (dense_kernel.c), of `rows` by `columns`; AQ_SLACK elements behind a and b may be read:
 *
 *	c[r*c_row + j] = first[j] + sum over t of a[t*a_term + r] * b[t*b_term + j]
 */
struct aq_product {
	int rows, columns, terms;
	const aq_real *a, *b;
	size_t a_term, b_term;
	const aq_real *first;  /* NULL: zeros */
	aq_real *c;
	size_t c_row;
	bool adds;             /* to what is there */
};

enum { AQ_MOST_PARTS = 16 };

struct aq_pool_shape; /* pool.h */
struct aq_solve;      /* solve.h */
struct aq_stats_of;   /* stats.h */

/* All of them, name and arguments:
 *
 *	sum_planes     to[o] += sum of from[o][0 .. count-1], for each of `outputs`
 *	pool_max_...   winner: as many numbers as out, for the backward pass; buffer: pool.h
 *	mean_of_parts  of numbers first .. first+count-1 of some arrays, summed in a fixed tree
 *	gram_tile      sum[i][j] = sum over r < k of a[r][i] b[r][j], all 8 wide (gram.h)
 *	stats_...      stats.h; squares: of the distances from the mean
 *	crc_fold       CRC-32 of the first `done` bytes, a multiple of 64 and perhaps none, behind
 *	               `state` (not complemented): that of the 16 bytes `left` behind a state of 0
 *	adler          Adler-32 of the first `done` bytes, all but the last few, or none
 *	multiply_adds  as many as the processor can; tells their number
 */
// clang-format off
#define AQ_EACH_KERNEL(X, isa) \
	X(isa, conv_row, (const struct aq_conv_row *row)) \
	X(isa, conv_mix, (const struct aq_conv_mix *mix)) \
	X(isa, conv_sums, (const struct aq_conv_sums *sums)) \
	X(isa, product, (const struct aq_product *product)) \
	X(isa, sum_planes, (int outputs, size_t count, const aq_real *from, aq_real *to)) \
	X(isa, pool_max_forward, (const struct aq_pool_shape *p, int channels, const aq_real *in, \
				  aq_real *out, aq_real *winner, aq_real *buffer)) \
	X(isa, pool_max_backward, (const struct aq_pool_shape *p, int channels, \
				   const aq_real *dout, const aq_real *winner, aq_real *din, \
				   aq_real *buffer)) \
	X(isa, pool_mean_forward, (const struct aq_pool_shape *p, int channels, const aq_real *in, \
				   aq_real *out, aq_real *buffer)) \
	X(isa, pool_mean_backward, (const struct aq_pool_shape *p, int channels, \
				    const aq_real *dout, aq_real *din, aq_real *buffer)) \
	X(isa, relu_forward, (size_t count, const aq_real *in, aq_real *out)) \
	X(isa, relu_backward, (size_t count, const aq_real *out, const aq_real *dout, \
			       aq_real *din)) \
	X(isa, sigmoid_forward, (size_t count, const aq_real *in, aq_real *out)) \
	X(isa, sigmoid_backward, (size_t count, const aq_real *out, const aq_real *dout, \
				  aq_real *din)) \
	X(isa, tanh_forward, (size_t count, const aq_real *in, aq_real *out)) \
	X(isa, tanh_backward, (size_t count, const aq_real *out, const aq_real *dout, \
			       aq_real *din)) \
	X(isa, add_map, (size_t count, const aq_real *from, aq_real *to)) \
	X(isa, mean_of_parts, (int parts, const aq_real *const *part, size_t first, size_t count, \
			       aq_real divisor, aq_real *to)) \
	X(isa, solve_decay, (int count, aq_real l1, aq_real l2, const aq_real *grad, \
			     const aq_real *w, aq_real *to)) \
	X(isa, solve_square, (int count, const aq_real *g, double *square)) \
	X(isa, solve_update, (int rule, const struct aq_solve *now, int count, aq_real *g)) \
	X(isa, solve_add, (int count, const aq_real *u, aq_real *w)) \
	X(isa, gram_tile, (int k, const double *a, const double *b, double *sum)) \
	X(isa, stats_sums, (const struct aq_stats_of *of, double (*lane)[8])) \
	X(isa, stats_squares, (size_t count, const aq_real *v, double mean, double *lane)) \
	X(isa, crc_fold, (uint32_t state, const unsigned char *bytes, size_t count, \
			  unsigned char *left, size_t *done)) \
	X(isa, adler, (uint32_t *state, const unsigned char *bytes, size_t count, size_t *done)) \
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

/* Set number i of those this processor has, NULL behind the last: for tests and benchmarks. */
const struct aq_kernels *aq_kernels_of(int i);

/* Take other ones from now on; no computation may be under way. */
void aq_kernels_use(const struct aq_kernels *kernels);

#endif
