/* SPDX-License-Identifier: MIT
 *
 * apng.c - animated PNG, written frame by frame
 *
 * Every frame's rectangle is packed as a PNG in memory; its compressed data is then wrapped anew:
 * as IDAT in the first frame, as fdAT with a sequence number in the others.  The number of frames
 * is not known at the beginning; acTL is overwritten at the end.
 */
#include "io/apng.h"

#include "io/apng_chunk.h"
#include "io/file.h"
#include "io/gz.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { REPLACE = 0, KEEP = 0 }; /* blend and dispose: a frame's pixels stand until overwritten */

struct aq_apng {
	FILE *file;
	char *path, *temporary;
	int claim; /* that holds the temporary */
	uint32_t frames, loops, sequence;
	long actl_at, fctl_at;    /* where acTL and the last fcTL are in the file */
	uint8_t fctl[AQ_FCTL];    /* the last one */
	struct aq_picture before; /* the frame before */
	struct aq_picture part;   /* room for a changed rectangle */
};

static int write_failed(const struct aq_apng *film)
{
	return aq_fail(AQ_EIO, "cannot write %s: %s", film->path, strerror(errno));
}

static int put(struct aq_apng *film, const void *bytes, size_t length)
{
	return length == 0 || fwrite(bytes, 1, length, film->file) == length ? AQ_OK
									     : write_failed(film);
}

/* A chunk whose contents come in two parts (the sequence number before fdAT's data). */
static int put_chunk(struct aq_apng *film, const char *name, const void *first, size_t first_length,
		     const void *second, size_t second_length)
{
	uint8_t head[8], tail[4];
	int rc;
	aq_put32(head, (uint32_t)(first_length + second_length));
	memcpy(head + 4, name, 4);
	uint32_t crc = aq_crc(0, head + 4, 4);
	if (first_length > 0) /* zlib takes NULL as the wish to start anew */
		crc = aq_crc(crc, first, first_length);
	if (second_length > 0)
		crc = aq_crc(crc, second, second_length);
	aq_put32(tail, crc);
	AQ_TRY(put(film, head, sizeof head));
	AQ_TRY(put(film, first, first_length));
	AQ_TRY(put(film, second, second_length));
	AQ_TRY(put(film, tail, sizeof tail));
done:
	return rc;
}

static int put_actl(struct aq_apng *film)
{
	uint8_t actl[AQ_ACTL];
	aq_put32(actl, film->frames);
	aq_put32(actl + 4, film->loops);
	return put_chunk(film, "acTL", actl, sizeof actl, NULL, 0);
}

/* Signature, IHDR and texts: what stands before the pixels of any PNG of this size. */
static int put_head(struct aq_apng *film, const struct aq_png_text *texts, int count)
{
	uint8_t *png = NULL;
	size_t length = 0, at = AQ_PNG_SIGNATURE;
	int rc;
	AQ_TRY(aq_png_encode(&film->before, AQ_PNG_QUICK, texts, count, &png, &length));
	while (at + AQ_CHUNK_FRAME <= length && !aq_chunk_is(png + at, "IDAT"))
		at += AQ_CHUNK_FRAME + aq_get32(png + at);
	AQ_TRY(put(film, png, at));
	film->actl_at = (long)at;
	AQ_TRY(put_actl(film));
done:
	free(png);
	return rc;
}

int aq_apng_begin(struct aq_apng **out, const char *path, bool keep, int width, int height,
		  uint32_t loops, const struct aq_png_text *texts, int count)
{
	int rc;
	*out = NULL;
	struct aq_apng *film = calloc(1, sizeof *film);
	if (!film || !(film->path = strdup(path))) {
		free(film);
		return aq_fail(AQ_ENOMEM, "out of memory");
	}
	film->loops = loops;
	AQ_TRY(aq_picture_new(&film->before, width, height, 3));
	AQ_TRY(aq_picture_new(&film->part, width, height, 3));
	AQ_TRY(aq_file_begin(&film->temporary, &film->claim, path, keep));
	film->file = fopen(film->temporary, "wbe");
	if (!film->file) {
		rc = aq_fail(AQ_ECREATE, "cannot create %s: %s", path, strerror(errno));
		goto done;
	}
	aq_file_pending(film->temporary);
	AQ_TRY(put_head(film, texts, count));
	*out = film;
done:
	if (rc < 0)
		aq_apng_drop(film);
	return rc;
}

/* The smallest rectangle that holds all differences; one pixel where there are none, because a
 * frame may not be empty.  Where it begins and how large it is: x, y, part->width, part->height. */
static void find_change(const struct aq_picture *a, const struct aq_picture *b, int *x, int *y,
			struct aq_picture *part)
{
	const size_t row = (size_t)a->width * 3;
	int top = 0, bottom = a->height - 1, left = a->width, right = -1;
	while (top < bottom &&
	       memcmp(a->at + (size_t)top * row, b->at + (size_t)top * row, row) == 0)
		top++;
	while (bottom > top &&
	       memcmp(a->at + (size_t)bottom * row, b->at + (size_t)bottom * row, row) == 0)
		bottom--;
	for (int v = top; v <= bottom; v++) {
		const uint8_t *p = a->at + (size_t)v * row, *q = b->at + (size_t)v * row;
		for (int u = 0; u < left; u++)
			if (memcmp(p + 3 * u, q + 3 * u, 3) != 0)
				left = u;
		for (int u = a->width - 1; u > right; u--)
			if (memcmp(p + 3 * u, q + 3 * u, 3) != 0)
				right = u;
	}
	if (right < 0)
		left = right = 0;
	*x = left;
	*y = top;
	part->width = right - left + 1;
	part->height = bottom - top + 1;
}

static void copy_part(struct aq_picture *part, const struct aq_picture *frame, int x, int y)
{
	const size_t row = (size_t)part->width * 3;
	for (int v = 0; v < part->height; v++)
		memcpy(part->at + (size_t)v * row,
		       frame->at + ((size_t)(y + v) * (size_t)frame->width + (size_t)x) * 3, row);
}

static int put_fctl(struct aq_apng *film, int x, int y, uint16_t num, uint16_t den)
{
	aq_put32(film->fctl, film->sequence++);
	aq_put32(film->fctl + 4, (uint32_t)film->part.width);
	aq_put32(film->fctl + 8, (uint32_t)film->part.height);
	aq_put32(film->fctl + 12, (uint32_t)x);
	aq_put32(film->fctl + 16, (uint32_t)y);
	aq_put16(film->fctl + 20, num);
	aq_put16(film->fctl + 22, den);
	film->fctl[24] = KEEP;
	film->fctl[25] = REPLACE;
	film->fctl_at = ftell(film->file);
	return film->fctl_at < 0 ? write_failed(film) :
				   put_chunk(film, "fcTL", film->fctl, AQ_FCTL, NULL, 0);
}

/* The compressed pixels of `part`, as IDAT or fdAT. */
static int put_pixels(struct aq_apng *film)
{
	uint8_t *png = NULL, number[4];
	size_t length = 0;
	int rc;
	AQ_TRY(aq_png_encode(&film->part, AQ_PNG_QUICK, NULL, 0, &png, &length));
	for (size_t at = AQ_PNG_SIGNATURE; at + AQ_CHUNK_FRAME <= length;) {
		const uint32_t size = aq_get32(png + at);
		if (aq_chunk_is(png + at, "IDAT") && film->frames == 0) {
			AQ_TRY(put_chunk(film, "IDAT", png + at + 8, size, NULL, 0));
		} else if (aq_chunk_is(png + at, "IDAT")) {
			aq_put32(number, film->sequence++);
			AQ_TRY(put_chunk(film, "fdAT", number, sizeof number, png + at + 8, size));
		}
		at += AQ_CHUNK_FRAME + size;
	}
done:
	free(png);
	return rc;
}

int aq_apng_frame(struct aq_apng *film, const struct aq_picture *frame, uint16_t num, uint16_t den)
{
	int x = 0, y = 0, rc;
	if (frame->width != film->before.width || frame->height != film->before.height ||
	    frame->channels != 3)
		return aq_fail(AQ_EBUG, "a frame of %dx%d in a film of %dx%d", frame->width,
			       frame->height, film->before.width, film->before.height);
	film->part.width = frame->width;
	film->part.height = frame->height;
	if (film->frames > 0)
		find_change(frame, &film->before, &x, &y, &film->part);
	copy_part(&film->part, frame, x, y);
	AQ_TRY(put_fctl(film, x, y, num, den));
	AQ_TRY(put_pixels(film));
	memcpy(film->before.at, frame->at, aq_picture_bytes(frame));
	film->frames++;
done:
	return rc;
}

int aq_apng_hold(struct aq_apng *film, uint16_t num, uint16_t den)
{
	int rc;
	if (film->frames == 0)
		return AQ_OK;
	aq_put16(film->fctl + 20, num);
	aq_put16(film->fctl + 22, den);
	if (fseek(film->file, film->fctl_at, SEEK_SET) != 0)
		return write_failed(film);
	AQ_TRY(put_chunk(film, "fcTL", film->fctl, AQ_FCTL, NULL, 0));
	if (fseek(film->file, 0, SEEK_END) != 0)
		rc = write_failed(film);
done:
	return rc;
}

uint32_t aq_apng_frames(const struct aq_apng *film)
{
	return film->frames;
}

int aq_apng_publish(struct aq_apng *film)
{
	int rc;
	if (film->frames == 0) {
		rc = aq_fail(AQ_EBUG, "a film without a frame");
		goto done;
	}
	AQ_TRY(put_chunk(film, "IEND", NULL, 0, NULL, 0));
	if (fseek(film->file, film->actl_at, SEEK_SET) != 0) {
		rc = write_failed(film);
		goto done;
	}
	AQ_TRY(put_actl(film));
	FILE *file = film->file;
	film->file = NULL;
	if (fclose(file) != 0) {
		rc = write_failed(film);
		goto done;
	}
	AQ_TRY(aq_file_publish(film->temporary, film->path));
	close(film->claim);
	free(film->temporary);
	film->temporary = NULL;
done:
	aq_apng_drop(film);
	return rc;
}

void aq_apng_drop(struct aq_apng *film)
{
	if (!film)
		return;
	if (film->file)
		fclose(film->file);
	if (film->temporary) {
		unlink(film->temporary);
		close(film->claim);
	}
	aq_file_pending(NULL);
	aq_picture_free(&film->before);
	aq_picture_free(&film->part);
	free(film->temporary);
	free(film->path);
	free(film);
}
