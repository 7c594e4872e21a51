/* SPDX-License-Identifier: MIT
 *
 * png.h - PNG files in and out; png.c alone sees libpng
 *
 * Reading turns every kind of PNG (1 to 16 bits, grey, palette, true colour, alpha, transparent
 * colours, interlaced) into 8 bits per channel: one channel where the file is grey, three
 * otherwise. 16-bit samples are scaled, alpha is composited over white, gamma and colour profiles
 * are not applied.
 *
 * Writing gives the same bytes for the same picture and texts with the same zlib: no time, no
 * software version; a palette where 256 colours are enough.
 */
#ifndef AQ_IO_PNG_H
#define AQ_IO_PNG_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Pixels [y][x][channel], rows dense; channels is 1 (grey) or 3 (red, green, blue). */
struct aq_picture {
	uint8_t *at;
	int width, height, channels;
};

/* Bytes of its pixels. */
size_t aq_picture_bytes(const struct aq_picture *picture);

/* Pixels of the given size, zeroed; AQ_ENOMEM with the story told. */
int aq_picture_new(struct aq_picture *picture, int width, int height, int channels) AQ_CHECKED;

/* Frees the pixels and zeroes the struct. */
void aq_picture_free(struct aq_picture *picture);

/* What a reader takes at most; checked before any pixel memory is allocated. */
struct aq_png_limits {
	uint32_t width, height;
	uint64_t pixels;
};
#define AQ_PNG_LIMITS ((struct aq_png_limits){ 16384, 16384, 64u << 20 })

/* One text of a PNG: tEXt where it is plain ASCII, iTXt (UTF-8) otherwise.  Keys have 1 to 79 ASCII
 * characters ("Title", "Description", "Software", or our own). */
struct aq_png_text {
	const char *key, *value;
};

/* Read a file, or `length` bytes that came from `name` (used in messages alone; may be
 * "tar:member"). `limits` may be NULL for AQ_PNG_LIMITS.  Broken, cut short or too large:
 * AQ_EDATA. */
int aq_png_read(const char *path, const struct aq_png_limits *limits,
		struct aq_picture *picture) AQ_CHECKED;
int aq_png_decode(const void *bytes, size_t length, const char *name,
		  const struct aq_png_limits *limits, struct aq_picture *picture) AQ_CHECKED;

/* The text under `key` in a PNG or APNG, malloc'd; *value is NULL where there is none. */
int aq_png_read_text(const char *path, const char *key, char **value) AQ_CHECKED;

/* Is this the beginning of a PNG (its eight-byte signature)? */
bool aq_png_is(const void *bytes, size_t length);

/* Write a file, published whole (see file.h); `keep` refuses to replace one. */
int aq_png_write(const char *path, bool keep, const struct aq_picture *picture,
		 const struct aq_png_text *texts, int count) AQ_CHECKED;

/* How hard to pack. */
enum aq_png_effort {
	AQ_PNG_SMALL, /* for pictures kept: tries several filters, and a palette */
	AQ_PNG_QUICK, /* for frames of a film: one filter, true colour always */
};

/* The bytes of the file in memory, malloc'd. */
int aq_png_encode(const struct aq_picture *picture, enum aq_png_effort effort,
		  const struct aq_png_text *texts, int count, uint8_t **bytes,
		  size_t *length) AQ_CHECKED;

#endif
