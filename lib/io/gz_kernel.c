/* SPDX-License-Identifier: MIT
 *
 * gz_kernel.c - checksums of bytes by vectors; what is left at the ends is zlib's
 *
 * The CRC is folded: 16 bytes times x^n modulo the polynomial, by multiplications without carry, stand for
 * what they are worth n bits further on.  V. Gopal et al., "Fast CRC Computation for Generic Polynomials
 * Using PCLMULQDQ Instruction", Intel 2009; the constants are those of its page 22.
 */
#include "num/simd.h"

#if defined(__PCLMUL__)
enum { BLOCK = 64 };

INLINE __m128i folded_on(__m128i x, __m128i constants, __m128i next)
{
	const __m128i low = _mm_clmulepi64_si128(x, constants, 0x00);
	const __m128i high = _mm_clmulepi64_si128(x, constants, 0x11);
	return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

INLINE __m128i bytes_at(const unsigned char *from)
{
	return _mm_loadu_si128((const __m128i *)(const void *)from);
}

static size_t fold(uint32_t state, const unsigned char *bytes, size_t count, unsigned char *left)
{
	const __m128i by_four = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
	const __m128i by_one = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
	__m128i x[4];
	size_t i = BLOCK;
	if (count < BLOCK)
		return 0;
	for (int k = 0; k < 4; k++)
		x[k] = bytes_at(bytes + 16 * k);
	x[0] = _mm_xor_si128(x[0], _mm_cvtsi32_si128((int)state));
	for (; i + BLOCK <= count; i += BLOCK)
		for (int k = 0; k < 4; k++)
			x[k] = folded_on(x[k], by_four, bytes_at(bytes + i + 16 * (size_t)k));
	for (int k = 1; k < 4; k++)
		x[k] = folded_on(x[k - 1], by_one, x[k]);
	_mm_storeu_si128((__m128i *)(void *)left, x[3]);
	return i;
}
#else
static size_t fold(uint32_t state, const unsigned char *bytes, size_t count, unsigned char *left)
{
	(void)state;
	(void)bytes;
	(void)count;
	(void)left;
	return 0;
}
#endif

void AQ_NAME(crc_fold)(uint32_t state, const unsigned char *bytes, size_t count, unsigned char *left, size_t *done)
{
	*done = fold(state, bytes, count, left);
}

/* a = 1 + sum of bytes, b = sum of all values of a (RFC 1950, 8.2), both modulo 65521.  A byte with n bytes
 * behind it in its row is in b n + 1 times, and once more for each byte of the rows behind. */
#if defined(__AVX2__)
enum { ROW = 32, ROUND = 1024 /* rows before a lane could overflow: 8 * 255 * 1024^2 / 2 < 2^32 */ };

INLINE uint64_t sum_of(__m256i x)
{
	uint32_t lane[8];
	uint64_t sum = 0;
	_mm256_storeu_si256((__m256i *)(void *)lane, x);
	for (int k = 0; k < 8; k++)
		sum += lane[k];
	return sum;
}

static size_t add_rows(uint64_t *a, uint64_t *b, const unsigned char *bytes, size_t count)
{
	const size_t rows = count / ROW < ROUND ? count / ROW : ROUND;
	const __m256i zero = _mm256_setzero_si256(), one = _mm256_set1_epi16(1);
	const __m256i times = _mm256_setr_epi8(32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16,
					       15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
	__m256i sum = zero, before = zero, within = zero;
	for (size_t r = 0; r < rows; r++) {
		const __m256i row = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + r * ROW));
		before = _mm256_add_epi32(before, sum);
		sum = _mm256_add_epi32(sum, _mm256_sad_epu8(row, zero));
		within = _mm256_add_epi32(within, _mm256_madd_epi16(_mm256_maddubs_epi16(row, times), one));
	}
	*b += rows * ROW * *a + ROW * sum_of(before) + sum_of(within);
	*a += sum_of(sum);
	return rows * ROW;
}
#else
static size_t add_rows(uint64_t *a, uint64_t *b, const unsigned char *bytes, size_t count)
{
	(void)a;
	(void)b;
	(void)bytes;
	(void)count;
	return 0;
}
#endif

void AQ_NAME(adler)(uint32_t *state, const unsigned char *bytes, size_t count, size_t *done)
{
	const uint32_t modulus = 65521;
	uint64_t a = *state & 0xffff, b = *state >> 16;
	*done = 0;
	for (size_t more; (more = add_rows(&a, &b, bytes + *done, count - *done)) > 0; *done += more) {
		a %= modulus;
		b %= modulus;
	}
	*state = (uint32_t)(b << 16 | a);
}
