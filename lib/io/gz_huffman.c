/* SPDX-License-Identifier: MIT
 *
 * gz_huffman.c - bytes coded by their frequency alone, as a part of a deflate stream (RFC 1951, 3.2.7)
 *
 * Codes have at most 12 bits, so that four of them and the seven bits left from before fit into one
 * 64-bit word, which is then written at once.
 */
#include "io/gz_huffman.h"

#include <stdint.h>
#include <string.h>

enum {
	LITERALS = 257,   /* the bytes, and the end of the block */
	SYMBOLS = LITERALS + 1, /* and one distance, which is never used */
	LENGTHS = 19,     /* symbols that the lengths of codes are written in */
	MOST_BITS = 12, MOST_LENGTH_BITS = 7,
	STATIC_COST = 1024, /* head of a block, generously */
};

/* ---- codes ----------------------------------------------------------------------------------------- */

struct codes {
	uint8_t bits[SYMBOLS];
	uint16_t code[SYMBOLS]; /* first bit lowest, as deflate sends them */
	uint32_t both[256];     /* code << 8 | bits, of a byte: one look for the two */
};

struct node {
	uint32_t weight;
	int16_t left, right; /* right < 0: a leaf, and left is its symbol */
};

/* Leaves in order of weight, of equal ones the lower symbol first: insertion is enough for so few. */
static int sort_leaves(const uint32_t *count, int symbols, struct node *leaf)
{
	int n = 0;
	for (int s = 0; s < symbols; s++) {
		if (count[s] == 0)
			continue;
		int at = n++;
		for (; at > 0 && leaf[at - 1].weight > count[s]; at--)
			leaf[at] = leaf[at - 1];
		leaf[at] = (struct node){ count[s], (int16_t)s, -1 };
	}
	return n;
}

/* Huffman's tree over n >= 2 leaves by two queues, leaves and joined nodes; returns the greatest depth. */
static int grow_tree(struct node *node, int n, uint8_t *bits)
{
	uint8_t depth[2 * SYMBOLS] = { 0 };
	int leaf = 0, joined = n, deepest = 0;
	for (int next = n; next < 2 * n - 1; next++) {
		int pick[2];
		for (int k = 0; k < 2; k++)
			pick[k] = leaf < n && (joined == next || node[leaf].weight <= node[joined].weight) ? leaf++ :
												   joined++;
		node[next] = (struct node){ node[pick[0]].weight + node[pick[1]].weight, (int16_t)pick[0],
					    (int16_t)pick[1] };
	}
	for (int i = 2 * n - 2; i >= 0; i--) {
		if (node[i].right < 0) {
			bits[node[i].left] = depth[i];
			deepest = depth[i] > deepest ? depth[i] : deepest;
		} else {
			depth[node[i].left] = depth[node[i].right] = (uint8_t)(depth[i] + 1);
		}
	}
	return deepest;
}

/* Lengths of codes for symbols that occur `count` times, none above `most`: counts are evened out until the
 * tree is flat enough, which costs a trace of the best size and is rare. */
static void find_lengths(uint32_t *count, int symbols, int most, uint8_t *bits)
{
	struct node node[2 * SYMBOLS];
	for (;;) {
		memset(bits, 0, (size_t)symbols);
		const int n = sort_leaves(count, symbols, node);
		if (n < 2) { /* a code wants one bit at least */
			bits[n ? node[0].left : 0] = 1;
			return;
		}
		if (grow_tree(node, n, bits) <= most)
			return;
		for (int s = 0; s < symbols; s++)
			count[s] = count[s] ? count[s] / 2 + 1 : 0;
	}
}

/* Canonical codes of these lengths (3.2.2), turned round. */
static void find_codes(const uint8_t *bits, int symbols, uint16_t *code)
{
	uint32_t of_length[16] = { 0 }, next[16] = { 0 };
	for (int s = 0; s < symbols; s++)
		of_length[bits[s]]++;
	of_length[0] = 0;
	for (int b = 1; b < 16; b++)
		next[b] = (next[b - 1] + of_length[b - 1]) << 1;
	for (int s = 0; s < symbols; s++) {
		uint32_t c = bits[s] ? next[bits[s]]++ : 0, turned = 0;
		for (int b = 0; b < bits[s]; b++, c >>= 1)
			turned = turned << 1 | (c & 1);
		code[s] = (uint16_t)turned;
	}
}

/* ---- bits ------------------------------------------------------------------------------------------ */

struct bits {
	unsigned char *at;
	uint64_t word;
	unsigned held;
};

static void put(struct bits *to, uint64_t value, unsigned count)
{
	to->word |= value << to->held;
	to->held += count;
}

/* Write the whole bytes that are held; eight are stored, however many count (little end first). */
static void flush(struct bits *to)
{
	memcpy(to->at, &to->word, sizeof to->word);
	to->at += to->held / 8;
	to->word = to->held >= 64 ? 0 : to->word >> (to->held & ~7u);
	to->held &= 7;
}

/* ---- the head of a block --------------------------------------------------------------------------- */

/* The lengths of all codes as symbols of the length alphabet: 0-15 a length, 17 and 18 runs of zeros
 * (runs of equal lengths, 16, are left out: the head is a thousandth of the block). */
static int run_lengths(const uint8_t *bits, uint8_t *symbol, uint8_t *extra)
{
	int n = 0;
	for (int i = 0; i < SYMBOLS;) {
		int zeros = 0;
		while (i + zeros < SYMBOLS && bits[i + zeros] == 0 && zeros < 138)
			zeros++;
		if (zeros >= 3) {
			symbol[n] = zeros > 10 ? 18 : 17;
			extra[n++] = (uint8_t)(zeros > 10 ? zeros - 11 : zeros - 3);
			i += zeros;
		} else {
			symbol[n] = bits[i++];
			extra[n++] = 0;
		}
	}
	return n;
}

static void put_head(struct bits *to, const uint8_t *bits)
{
	static const uint8_t order[LENGTHS] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
	uint8_t symbol[SYMBOLS], extra[SYMBOLS], length_bits[LENGTHS];
	uint16_t code[LENGTHS];
	uint32_t count[LENGTHS] = { 0 };
	const int n = run_lengths(bits, symbol, extra);
	for (int i = 0; i < n; i++)
		count[symbol[i]]++;
	find_lengths(count, LENGTHS, MOST_LENGTH_BITS, length_bits);
	find_codes(length_bits, LENGTHS, code);

	put(to, 4, 3);  /* not the last block; dynamic codes */
	put(to, 0, 5);  /* 257 literals */
	put(to, 0, 5);  /* 1 distance */
	put(to, LENGTHS - 4, 4);
	for (int i = 0; i < LENGTHS; i++) {
		put(to, length_bits[order[i]], 3);
		flush(to);
	}
	for (int i = 0; i < n; i++) {
		put(to, code[symbol[i]], length_bits[symbol[i]]);
		put(to, extra[i], symbol[i] == 17 ? 3 : symbol[i] == 18 ? 7 : 0);
		flush(to);
	}
}

/* ---- a block ---------------------------------------------------------------------------------------- */

/* Four tables, so that equal neighbours do not wait for each other. */
static void count_bytes(const unsigned char *bytes, size_t length, uint32_t *count)
{
	uint32_t part[4][256] = { { 0 } };
	size_t i = 0;
	for (; i + 4 <= length; i += 4)
		for (int k = 0; k < 4; k++)
			part[k][bytes[i + (size_t)k]]++;
	for (; i < length; i++)
		part[0][bytes[i]]++;
	for (int b = 0; b < 256; b++)
		count[b] = part[0][b] + part[1][b] + part[2][b] + part[3][b];
}

static void put_bytes(struct bits *out, const struct codes *codes, const unsigned char *bytes, size_t length)
{
	const uint32_t *both = codes->both;
	struct bits here = *out, *to = &here; /* nobody else sees it: it stays in registers */
	size_t i = 0;
	for (; i + 4 <= length; i += 4) {
		const uint64_t a = both[bytes[i]], b = both[bytes[i + 1]], c = both[bytes[i + 2]],
			       d = both[bytes[i + 3]];
		/* two pairs side by side, then all four */
		const unsigned ab = (unsigned)(a + b) & 0xff, cd = (unsigned)(c + d) & 0xff;
		const uint64_t first = (a >> 8) | (b >> 8) << (a & 0xff), second = (c >> 8) | (d >> 8) << (c & 0xff);
		put(to, first | second << ab, ab + cd);
		flush(to);
	}
	for (; i < length; i++) {
		put(to, codes->code[bytes[i]], codes->bits[bytes[i]]);
		flush(to);
	}
	*out = here;
}

size_t aq_huffman_bound(size_t count)
{
	return count + count / 2 + STATIC_COST; /* no code has more than 12 bits */
}

size_t aq_huffman_code(unsigned char *out, const unsigned char *bytes, size_t length)
{
	static const unsigned char empty[] = { 0x00, 0x00, 0xff, 0xff };
	struct codes codes;
	uint32_t count[LITERALS];
	struct bits to = { .at = out };
	count_bytes(bytes, length, count);
	count[256] = 1;
	find_lengths(count, LITERALS, MOST_BITS, codes.bits);
	codes.bits[LITERALS] = 1; /* the distance */
	find_codes(codes.bits, LITERALS, codes.code);
	for (int b = 0; b < 256; b++)
		codes.both[b] = (uint32_t)codes.code[b] << 8 | codes.bits[b];

	put_head(&to, codes.bits);
	put_bytes(&to, &codes, bytes, length);
	put(&to, codes.code[256], codes.bits[256]);
	put(&to, 0, 3); /* a stored block, not the last */
	flush(&to);
	put(&to, 0, (8 - to.held) & 7);
	flush(&to);
	memcpy(to.at, empty, sizeof empty);
	return (size_t)(to.at + sizeof empty - out);
}
