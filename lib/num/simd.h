/* SPDX-License-Identifier: MIT
 *
 * simd.h - vectors of numbers, as wide as the instruction set has them; for *_kernel.c files alone
 *
 * The vector types are those of GCC and Clang.  A sum that runs along lanes is only the same
 * everywhere if it is cut in the same way everywhere: such sums have LOGICAL lanes, of which a
 * vector holds V. fused() rounds once on every machine.
 */
#ifndef AQ_NUM_SIMD_H
#define AQ_NUM_SIMD_H

#include "num/kernels.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

/* The names of one instruction set: AQ_NAME(conv_row) is aq_conv_row_avx2. */
#ifndef AQ_ISA
#define AQ_ISA plain
#endif
#define AQ_NAME(name) AQ_KERNEL_NAME(name, AQ_ISA)
AQ_EACH_KERNEL(AQ_KERNEL_DECLARE, AQ_ISA)

enum { LOGICAL = 16 };

#if defined(AQ_DOUBLE)
enum { V = 2, REGISTERS = 16 };
#elif defined(__AVX512F__)
enum { V = 16, REGISTERS = 32 };
#elif defined(__AVX2__)
enum { V = 8, REGISTERS = 16 };
#else
enum { V = 4, REGISTERS = 16 };
#endif

enum { PARTS = LOGICAL / V }; /* vectors that make the logical lanes */

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 32")

typedef aq_real vec __attribute__((vector_size(V * sizeof(aq_real))));
typedef aq_real loose_vec
	__attribute__((vector_size(V * sizeof(aq_real)), aligned(sizeof(aq_real)), may_alias));
typedef aq_index mask_vec __attribute__((vector_size(V * sizeof(aq_index))));

INLINE vec load(const aq_real *from)
{
	return *(const loose_vec *)from;
}

INLINE void store(aq_real *to, vec x)
{
	*(loose_vec *)to = x;
}

/* The first `count` lanes, of V. */
INLINE void store_some(aq_real *to, vec x, int count)
{
	aq_real lanes[V];
	store(lanes, x);
	for (int i = 0; i < count; i++)
		to[i] = lanes[i];
}

/* The first `count` lanes, of V; zeros behind. */
INLINE vec load_some(const aq_real *from, int count)
{
	aq_real lanes[V] = { 0 };
	for (int i = 0; i < count; i++)
		lanes[i] = from[i];
	return load(lanes);
}

INLINE vec splat(aq_real x)
{
	return x - (vec){ 0 };
}

/* All bits of the first `count` lanes. */
INLINE mask_vec first_lanes(int count)
{
	mask_vec lane;
	UNROLL for (int i = 0; i < V; i++)
		lane[i] = i;
	return lane < (aq_index)count - (mask_vec){ 0 };
}

INLINE vec masked(vec x, mask_vec mask)
{
	return (vec)((mask_vec)x & mask);
}

/* mask ? a : b */
INLINE vec choose(mask_vec mask, vec a, vec b)
{
	return (vec)(((mask_vec)a & mask) | ((mask_vec)b & ~mask));
}

/* GCC would load `x` again for every use of it; this tells it that x lives in a register. */
#if defined(__x86_64__) && defined(__AVX512F__)
#define KEEP(x) __asm__("" : "+v"(x))
#elif defined(__x86_64__)
#define KEEP(x) __asm__("" : "+x"(x))
#else
#define KEEP(x) (void)0
#endif

/* Of each instruction set:
 *
 *	fused(a, b, c)       a * b + c, rounded once
 *	root(x)              rounded correctly
 *	folded(a, b, gap)    lane i plus lane i + gap in each run of 2*gap lanes, of a, then of b
 */
#if defined(AQ_DOUBLE)
INLINE vec fused(vec a, vec b, vec c)
{
	return a * b + c; /* double serves checks; its bits are promised to nobody */
}

INLINE vec root(vec x)
{
	UNROLL for (int i = 0; i < V; i++)
		x[i] = __builtin_sqrt(x[i]);
	return x;
}

#define FOLDS(FOLD) FOLD(1, (0, 2), (1, 3))

#elif defined(__AVX512F__)
INLINE vec fused(vec a, vec b, vec c)
{
	return (vec)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
}

INLINE vec root(vec x)
{
	return (vec)_mm512_sqrt_ps((__m512)x);
}

// clang-format off
#define FOLDS(FOLD) \
	FOLD(8, (0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), \
		(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)) \
	FOLD(4, (0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27), \
		(4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31)) \
	FOLD(2, (0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29), \
		(2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31)) \
	FOLD(1, (0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30), \
		(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31))
// clang-format on

#elif defined(__AVX2__)
INLINE vec fused(vec a, vec b, vec c)
{
	return (vec)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
}

INLINE vec root(vec x)
{
	return (vec)_mm256_sqrt_ps((__m256)x);
}

#define FOLDS(FOLD)                                                              \
	FOLD(4, (0, 1, 2, 3, 8, 9, 10, 11), (4, 5, 6, 7, 12, 13, 14, 15))        \
	FOLD(2, (0, 1, 4, 5, 8, 9, 12, 13), (2, 3, 6, 7, 10, 11, 14, 15))        \
	FOLD(1, (0, 2, 4, 6, 8, 10, 12, 14), (1, 3, 5, 7, 9, 11, 13, 15))

#else
#define FOLDS(FOLD) FOLD(2, (0, 1, 4, 5), (2, 3, 6, 7)) FOLD(1, (0, 2, 4, 6), (1, 3, 5, 7))

INLINE vec root(vec x)
{
	UNROLL for (int i = 0; i < V; i++)
		x[i] = __builtin_sqrtf(x[i]);
	return x;
}

#if defined(__aarch64__)
INLINE vec fused(vec a, vec b, vec c)
{
	return (vec)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
}
#elif defined(__FP_FAST_FMAF)
INLINE vec fused(vec a, vec b, vec c)
{
	UNROLL for (int i = 0; i < V; i++)
		c[i] = __builtin_fmaf(a[i], b[i], c[i]);
	return c;
}
#else
/* Without the instruction: the product is exact in double, the sum is rounded to odd there (Boldo
 * and Melquiond, "Emulation of FMA and correctly rounded sums", 2008), so that rounding it to float
 * is the only rounding.  A sum rounded to odd has its last bit set whenever it is not exact. */
INLINE vec fused(vec a, vec b, vec c)
{
	typedef double wide __attribute__((vector_size(V * sizeof(double))));
	typedef int64_t bits __attribute__((vector_size(V * sizeof(double))));
	const wide p = __builtin_convertvector(a, wide) * __builtin_convertvector(b, wide);
	const wide d = __builtin_convertvector(c, wide);
	const wide s = p + d, v = s - p;
	const wide error = (p - (s - v)) + (d - v);
	const bits inexact = (error > 0) | (error < 0);
	const bits even = ((bits)s & 1) - 1;
	/* Both neighbours of an even sum are odd: the one that the error points to is the rounding.
	 * */
	const bits away = ~((error > 0) ^ (s > 0));
	const bits move = (away & 2) - 1;
	return __builtin_convertvector((wide)((bits)s + (inexact & even & move)), vec);
}
#endif
#endif

#define FOLD_CASE(gap, low, high)                                              \
	case gap:                                                              \
		return FOLD_PICK low + FOLD_PICK high;
#define FOLD_PICK(...) __builtin_shufflevector(a, b, __VA_ARGS__)

INLINE vec folded(vec a, vec b, const int gap)
{
	switch (gap) {
		FOLDS(FOLD_CASE)
	default:
		return a;
	}
}

/* The sums of V vectors, each over its lanes by the tree of halves: sum i in lane i. */
INLINE vec folded_all(vec x[V])
{
	UNROLL for (int gap = V / 2; gap > 0; gap /= 2)
		UNROLL for (int i = 0; i < gap; i++)
			x[i] = folded(x[2 * i], x[2 * i + 1], gap);
	return x[0];
}

#endif
