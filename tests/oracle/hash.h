/* SPDX-License-Identifier: MIT
 *
 * hash.h - numbers that C, JavaScript and Python compute alike, so that oracles need not store
 * their inputs
 *
 *	hash(x)       x ^= x >> 16, x *= 0x7feb352d, x ^= x >> 15, x *= 0x846ca68b,
 *	              x ^= x >> 16, all modulo 2^32
 *	value(s, i)   (hash(s * 0x9e3779b1 + i) >> 8) / 2^23 - 1
 *
 * The mixing function is "lowbias32" of Chris Wellons, hash-prospector (public domain).  A value is
 * one of 2^24 equally spaced numbers in [-1, 1), exact in single precision.  `s` says what the
 * numbers are for.
 */
#ifndef AQ_TESTS_HASH_H
#define AQ_TESTS_HASH_H

#include <stdint.h>

static inline uint32_t oracle_hash(uint32_t x)
{
	x ^= x >> 16;
	x *= 0x7feb352du;
	x ^= x >> 15;
	x *= 0x846ca68bu;
	x ^= x >> 16;
	return x;
}

static inline double oracle_value(uint32_t s, uint32_t i)
{
	return (double)(oracle_hash(s * 0x9e3779b1u + i) >> 8) / 8388608 - 1;
}

#endif
