/* SPDX-License-Identifier: MIT
 *
 * apng_chunk.h - the chunks of a PNG as bytes; for apng*.c alone
 *
 * A chunk is its length, a name of four letters, that many bytes, and the CRC-32 of name and bytes;
 * all numbers stand with their high byte first.
 */
#ifndef AQ_IO_APNG_CHUNK_H
#define AQ_IO_APNG_CHUNK_H

#include <stdint.h>
#include <string.h>

enum {
	AQ_CHUNK_FRAME = 12, /* length, name and CRC */
	AQ_PNG_SIGNATURE = 8,
	AQ_ACTL = 8,         /* bytes of acTL: frames, loops */
	AQ_FCTL = 26,        /* of fcTL: sequence, w, h, x, y, delay num, den, dispose, blend */
	AQ_IHDR = 13,
};

static inline void aq_put32(uint8_t *to, uint32_t value)
{
	to[0] = (uint8_t)(value >> 24);
	to[1] = (uint8_t)(value >> 16);
	to[2] = (uint8_t)(value >> 8);
	to[3] = (uint8_t)value;
}

static inline void aq_put16(uint8_t *to, uint16_t value)
{
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
}

static inline uint32_t aq_get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline uint16_t aq_get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline int aq_chunk_is(const uint8_t *chunk, const char *name)
{
	return memcmp(chunk + 4, name, 4) == 0;
}

#endif
