/* SPDX-License-Identifier: MIT
 *
 * mutate.c - HDF5 files damaged on purpose
 */
#include "mutate.h"

#include "base/rng.h"

#include <stdlib.h>
#include <string.h>

const char *const mutation_names[MUTATIONS] = { "bits",	 "bytes", "block",  "field", "splice",
						"swap",	 "cut",	  "longer", "run",   "forged" };

/* ---- checksums ------------------------------------------------------------------------------- */

static uint32_t turn(uint32_t x, int k)
{
	return x << k | x >> (32 - k);
}

/* Bob Jenkins' lookup3 (public domain), which HDF5 guards its metadata with. */
static uint32_t lookup3(const unsigned char *bytes, size_t length)
{
	uint32_t a = 0xdeadbeef + (uint32_t)length, b = a, c = a;
	unsigned char last[12] = { 0 };
	uint32_t word[3];
	if (length == 0)
		return c;
	for (; length > 12; bytes += 12, length -= 12) {
		memcpy(word, bytes, 12);
		a += word[0], b += word[1], c += word[2];
		a -= c, a ^= turn(c, 4), c += b;
		b -= a, b ^= turn(a, 6), a += c;
		c -= b, c ^= turn(b, 8), b += a;
		a -= c, a ^= turn(c, 16), c += b;
		b -= a, b ^= turn(a, 19), a += c;
		c -= b, c ^= turn(b, 4), b += a;
	}
	memcpy(last, bytes, length);
	memcpy(word, last, 12);
	a += word[0], b += word[1], c += word[2];
	c ^= b, c -= turn(b, 14);
	a ^= c, a -= turn(c, 11);
	b ^= a, b -= turn(a, 25);
	c ^= b, c -= turn(b, 16);
	a ^= c, a -= turn(c, 4);
	b ^= a, b -= turn(a, 14);
	c ^= b, c -= turn(b, 24);
	return c;
}

static uint32_t sum_of(unsigned char *bytes, const struct block *block)
{
	uint32_t kept;
	if (!block->in_the_midst)
		return lookup3(bytes + block->at, block->length);
	memcpy(&kept, bytes + block->sum, sizeof kept);
	memset(bytes + block->sum, 0, sizeof kept);
	const uint32_t sum = lookup3(bytes + block->at, block->length);
	memcpy(bytes + block->sum, &kept, sizeof kept);
	return sum;
}

static bool holds(unsigned char *bytes, size_t length, const struct block *block)
{
	uint32_t stored;
	const size_t end = block->at + block->length;
	if (end > length || block->sum + sizeof stored > length)
		return false;
	memcpy(&stored, bytes + block->sum, sizeof stored);
	return stored == sum_of(bytes, block);
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static void add(struct patient *p, struct block block)
{
	p->block = realloc(p->block, (size_t)(p->blocks + 1) * sizeof block);
	if (!p->block)
		abort();
	p->block[p->blocks++] = block;
}

/* The length of a block is not known here: the one at which its checksum holds is it. */
static bool find_sum(struct patient *p, size_t at, const char *signature, struct block *block)
{
	enum { LONGEST = 1200 };
	if (memcmp(signature, "FHDB", 4) == 0) {
		for (size_t offset = 2; offset <= 8; offset++) {
			for (size_t length = 512; length <= 65536; length *= 2) {
				*block = (struct block){ at, length, at + 13 + offset, true };
				if (holds(p->bytes, p->length, block))
					return true;
			}
		}
		return false;
	}
	for (size_t length = 8; length < LONGEST; length++) {
		*block = (struct block){ at, length, at + length, false };
		if (holds(p->bytes, p->length, block))
			return true;
	}
	return false;
}

static const char signatures[][5] = { "OHDR", "OCHK", "FRHP", "FHDB", "FHIB", "BTHD", "BTIN",
				      "BTLF", "TREE", "SNOD", "HEAP", "GCOL", "FSHD", "FSSE" };

static const char *signature_at(const struct patient *p, size_t at)
{
	for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
		if (memcmp(p->bytes + at, signatures[i], 4) == 0)
			return signatures[i];
	return NULL;
}

void patient_look(struct patient *p)
{
	struct block block = { 0, 44, 44, false }; /* the superblock of version 2 and 3 */
	if (holds(p->bytes, p->length, &block))
		add(p, block);
	for (int sealed = 1; sealed >= 0; sealed--) {
		for (size_t at = 0; at + 512 < p->length; at++) {
			const char *signature = signature_at(p, at);
			if (!signature)
				continue;
			const bool found = find_sum(p, at, signature, &block);
			if (!found)
				block = (struct block){ .at = at, .length = 128 };
			if (found == sealed)
				add(p, block);
		}
		if (sealed)
			p->sealed = p->blocks;
	}
}

/* ---- damage ---------------------------------------------------------------------------------- */

/* Random numbers of one file, in order. */
struct dice {
	uint64_t seed, index;
	uint32_t at;
};

static uint32_t below(struct dice *dice, size_t most)
{
	const uint32_t word = aq_rng_word(dice->seed, AQ_STREAM_SYNTH, dice->index, 77, dice->at++);
	return most ? word % (uint32_t)most : 0;
}

/* A place, in half of the cases near the front, where the roots of the structure are. */
static size_t place(struct dice *dice, size_t length)
{
	return below(dice, below(dice, 2) && length > 4096 ? 4096 : length);
}

static void set_field(struct dice *dice, unsigned char *at, size_t room, size_t length)
{
	static const uint64_t extremes[] = { 0,	     1,		 2,	     7,		  0x7f,
					     0xff,   0x7fff,	 0xffff,     0x7fffffff,  0x80000000,
					     0xffffffff, INT64_MAX, (uint64_t)INT64_MIN, UINT64_MAX };
	enum { KNOWN = sizeof extremes / sizeof *extremes };
	const uint32_t which = below(dice, KNOWN + 3);
	const size_t width = (size_t)2 << below(dice, 3);
	const uint64_t value = which < KNOWN ? extremes[which]
			       : which == KNOWN ? length
			       : which == KNOWN + 1 ? length - below(dice, 64)
						    : below(dice, length);
	memcpy(at, &value, width < room ? width : room);
}

static void hurt_block(struct dice *dice, const struct block *block, unsigned char *to, size_t length)
{
	const uint32_t hits = 1 + below(dice, 3);
	for (uint32_t i = 0; i < hits; i++) {
		const size_t at = block->at + below(dice, block->length);
		if (at >= length)
			continue;
		if (below(dice, 2))
			set_field(dice, to + at, block->at + block->length < length
						 ? block->at + block->length - at : length - at, length);
		else
			to[at] = (unsigned char)below(dice, 256);
	}
}

static void mutate_block(struct dice *dice, const struct patient *p, unsigned char *to, bool forged)
{
	const int most = forged ? p->sealed : p->blocks;
	if (most == 0)
		return;
	const struct block *block = &p->block[below(dice, (size_t)most)];
	hurt_block(dice, block, to, p->length);
	if (forged) {
		const uint32_t sum = sum_of(to, block);
		memcpy(to + block->sum, &sum, sizeof sum);
	}
}

static void swap(unsigned char *to, size_t a, size_t b, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		const unsigned char was = to[a + i];
		to[a + i] = to[b + i];
		to[b + i] = was;
	}
}

/* Pieces are of 1 to 4096 bytes, half of them on a multiple of their size. */
static void mutate_pieces(struct dice *dice, enum mutation kind, unsigned char *to, size_t length)
{
	const size_t size = (size_t)1 << below(dice, 13);
	if (2 * size > length)
		return;
	size_t a = place(dice, length - size), b = place(dice, length - size);
	if (below(dice, 2)) {
		a -= a % size;
		b -= b % size;
	}
	if (kind == MUTATE_SPLICE)
		memmove(to + a, to + b, size);
	else if (kind == MUTATE_RUN)
		memset(to + a, below(dice, 2) ? 0xff : 0, size);
	else if (a + size <= b || b + size <= a)
		swap(to, a, b, size);
}

enum mutation patient_mutate(const struct patient *p, uint64_t seed, uint64_t index,
			     unsigned char *to, size_t *out)
{
	struct dice dice = { seed, index, 0 };
	/* malice is tried three times as often as each kind of accident */
	const uint32_t which = below(&dice, MUTATIONS + 2);
	const enum mutation kind = which < MUTATIONS ? (enum mutation)which : MUTATE_FORGED;
	const size_t length = p->length;
	const uint32_t hits = 1 + below(&dice, 4);
	memcpy(to, p->bytes, length);
	*out = length;
	switch (kind) {
	case MUTATE_BITS:
		for (uint32_t i = 0; i < hits; i++)
			to[place(&dice, length)] ^= (unsigned char)(1 << below(&dice, 8));
		break;
	case MUTATE_BYTES:
		for (uint32_t i = 0; i < hits; i++)
			to[place(&dice, length)] = (unsigned char)below(&dice, 256);
		break;
	case MUTATE_FIELD:
		for (uint32_t i = 0; i < hits; i++)
			set_field(&dice, to + place(&dice, length - 8), 8, length);
		break;
	case MUTATE_BLOCK:
	case MUTATE_FORGED:
		mutate_block(&dice, p, to, kind == MUTATE_FORGED);
		break;
	case MUTATE_SPLICE:
	case MUTATE_SWAP:
	case MUTATE_RUN:
		mutate_pieces(&dice, kind, to, length);
		break;
	case MUTATE_CUT:
		*out = below(&dice, length);
		break;
	case MUTATE_LONGER:
		*out += 1 + below(&dice, length);
		memcpy(to + length, p->bytes, *out - length);
		break;
	case MUTATIONS:
		break;
	}
	return kind;
}
