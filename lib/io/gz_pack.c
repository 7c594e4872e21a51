/* SPDX-License-Identifier: MIT
 *
 * gz_pack.c - chunks of numbers packed as HDF5's filters shuffle and deflate read them, but faster
 *
 *	78 01                                    zlib stream (RFC 1950)
 *	00 LEN NLEN bytes ...                    planes of noise: stored blocks of 65,535 bytes (RFC 1951, 3.2.4)
 *	deflate blocks                           other planes, flushed to a whole byte
 *	01 00 00 ff ff                           an empty last block
 *	adler32
 */
#include "io/gz_pack.h"

#include "io/gz.h"
#include "io/gz_huffman.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
	STORED_MOST = 65535, STORED_HEAD = 5,
	SAMPLE = 5,      /* every so many bytes are counted, and more seldom where there are many */
	SAMPLES = 4096,
	NOISE = 16,      /* stored if less than 1/NOISE of a plane would be saved */
	RUNS = 2,        /* coded by runs if one makes up more than 1/RUNS: zlib is quick on such alone */
	ENDS = 64,       /* head, last block, checksum, flushes */
};

struct aq_packer {
	z_stream stream;
	size_t most, room;
	unsigned char *planes, *out;
};

int aq_packer_new(struct aq_packer **out, size_t most)
{
	*out = NULL;
	struct aq_packer *p = calloc(1, sizeof *p);
	if (!p)
		return aq_fail(AQ_ENOMEM, "out of memory");
	p->most = most;
	/* A plane that does not get shorter is stored; the bound is for the one being tried. */
	p->room = most + aq_huffman_bound(most) + (most / STORED_MOST + 16) * STORED_HEAD + 16 * ENDS;
	p->planes = malloc(most ? most : 1);
	p->out = malloc(p->room);
	if (!p->planes || !p->out ||
	    deflateInit2(&p->stream, 1, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL - 1, Z_RLE) != Z_OK) {
		free(p->planes);
		free(p->out);
		free(p);
		return aq_fail(AQ_ENOMEM, "out of memory");
	}
	*out = p;
	return AQ_OK;
}

void aq_packer_free(struct aq_packer *p)
{
	if (!p)
		return;
	deflateEnd(&p->stream);
	free(p->planes);
	free(p->out);
	free(p);
}

/* planes[b][i] = byte b of element i */
static void shuffle(unsigned char *planes, const unsigned char *elements, size_t count, size_t width)
{
	if (width == 4) { /* the usual one, in a form that compilers turn into vectors */
		unsigned char *p0 = planes, *p1 = p0 + count, *p2 = p1 + count, *p3 = p2 + count;
		for (size_t i = 0; i < count; i++) {
			uint32_t word;
			memcpy(&word, elements + 4 * i, sizeof word);
			p0[i] = (unsigned char)word;
			p1[i] = (unsigned char)(word >> 8);
			p2[i] = (unsigned char)(word >> 16);
			p3[i] = (unsigned char)(word >> 24);
		}
		return;
	}
	for (size_t b = 0; b < width; b++)
		for (size_t i = 0; i < count; i++)
			planes[b * count + i] = elements[i * width + b];
}

/* 256 log2(n), by straight lines between the powers of two; in whole numbers, the same on every machine. */
static uint64_t log_of(uint64_t n)
{
	const int power = 63 - __builtin_clzll(n);
	return 256 * (uint64_t)power + ((n << 8) >> power) - 256;
}

/* What a sample tells of a plane: the code for each of its bytes would be how much shorter than the byte, in
 * 256ths of a bit; how many are the most frequent one. */
struct guess {
	int64_t saved;
	size_t sampled, most;
};

static struct guess look_at(const unsigned char *plane, size_t count)
{
	/* a sample looks less random than what it is of, by this many bits: 255 / (2 ln 2) (Miller, 1955) */
	enum { BIAS = 184 };
	uint32_t seen[256] = { 0 };
	struct guess guess = { 0 };
	const size_t step = count > SAMPLE * SAMPLES ? count / SAMPLES | 1 : SAMPLE;
	uint64_t sum = 0;
	for (size_t i = 0; i < count; i += step)
		seen[plane[i]]++;
	for (int b = 0; b < 256; b++) {
		if (seen[b] == 0)
			continue;
		guess.most = seen[b] > guess.most ? seen[b] : guess.most;
		guess.sampled += seen[b];
		sum += seen[b] * log_of(seen[b]);
	}
	if (guess.sampled == 0)
		return guess;
	const uint64_t n = guess.sampled, entropy = n * log_of(n) - sum;
	guess.saved = (int64_t)(256 * 8) - (int64_t)((entropy + 256 * BIAS) / n);
	return guess;
}

static size_t store(unsigned char *out, const unsigned char *plane, size_t count)
{
	unsigned char *at = out;
	while (count > 0) {
		const size_t part = count < STORED_MOST ? count : STORED_MOST;
		const unsigned low = part & 0xff, high = part >> 8 & 0xff;
		const unsigned char head[STORED_HEAD] = { 0, (unsigned char)low, (unsigned char)high,
							  (unsigned char)~low, (unsigned char)~high };
		memcpy(at, head, sizeof head);
		memcpy(at + sizeof head, plane, part);
		at += sizeof head + part;
		plane += part;
		count -= part;
	}
	return (size_t)(at - out);
}

/* Deflate one plane by its runs, ended at a whole byte; 0 if zlib fails, which it has no reason to. */
static size_t code_runs(struct aq_packer *p, unsigned char *out, size_t room, unsigned char *plane, size_t count)
{
	z_stream *z = &p->stream;
	if (deflateReset(z) != Z_OK)
		return 0;
	z->next_in = plane;
	z->avail_in = (unsigned)count;
	z->next_out = out;
	z->avail_out = (unsigned)room;
	if (deflate(z, Z_SYNC_FLUSH) != Z_OK || z->avail_in > 0 || z->avail_out == 0)
		return 0;
	return (size_t)(z->next_out - out);
}

int aq_packer_pack(struct aq_packer *p, const void *elements, size_t count, size_t width, const void **packed,
		   size_t *size)
{
	static const unsigned char head[] = { 0x78, 0x01 }, last[] = { 0x01, 0x00, 0x00, 0xff, 0xff };
	const size_t bytes = count * width;
	unsigned char *at = p->out;
	if (bytes > p->most || bytes > UINT32_MAX)
		return aq_fail(AQ_EBUG, "a chunk of %zu bytes is to be packed, %zu were planned", bytes, p->most);
	shuffle(p->planes, elements, count, width);
	memcpy(at, head, sizeof head);
	at += sizeof head;
	for (size_t b = 0; b < width && count > 0; b++) {
		unsigned char *plane = p->planes + b * count;
		size_t length = 0;
		const struct guess guess = look_at(plane, count);
		if (guess.saved > 256 * 8 / NOISE)
			length = guess.most * RUNS > guess.sampled ?
				 code_runs(p, at, p->room - (size_t)(at - p->out) - ENDS, plane, count) :
				 aq_huffman_code(at, plane, count);
		if (length == 0 || length > count + count / STORED_MOST * STORED_HEAD + STORED_HEAD)
			length = store(at, plane, count);
		at += length;
	}
	memcpy(at, last, sizeof last);
	at += sizeof last;
	const uint32_t sum = aq_adler(1, p->planes, bytes);
	for (int shift = 24; shift >= 0; shift -= 8)
		*at++ = (unsigned char)(sum >> shift);
	*packed = p->out;
	*size = (size_t)(at - p->out);
	return AQ_OK;
}
