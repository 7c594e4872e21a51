/* SPDX-License-Identifier: MIT
 *
 * apng_read.c - our own animated PNGs read back
 *
 * The structure of the whole file is checked when it is opened: every CRC, the order of chunks,
 * sequence numbers, rectangles.  A frame is decoded by wrapping its data as a PNG of its
 * own. */
#include "io/apng.h"

#include "io/apng_chunk.h"
#include "io/file.h"
#include "io/gz.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_FILE = 1 << 30 };

struct aq_apng_player {
	char *path;
	uint8_t *bytes;
	size_t length, at;         /* where the next frame's fcTL begins */
	struct aq_picture screen;
	uint8_t ihdr[AQ_IHDR];
};

/* What the check of the structure has met so far. */
struct walk {
	uint32_t sequence, frames, declared, loops;
	uint32_t width, height;
	bool animated, data; /* acTL seen; the present frame has data */
};

static int bad(const struct aq_apng_player *player, size_t at, const char *what)
{
	return aq_fail(AQ_EDATA, "%s, chunk at byte %zu: %s; make the film again", player->path, at,
		       what);
}

/* One fcTL: its number, its rectangle within the picture, and the way of showing that we write. */
static const char *check_fctl(struct walk *walk, const uint8_t *body, uint32_t size)
{
	if (size != AQ_FCTL)
		return "a frame header of the wrong length";
	const uint32_t w = aq_get32(body + 4), h = aq_get32(body + 8), x = aq_get32(body + 12),
		       y = aq_get32(body + 16);
	if (aq_get32(body) != walk->sequence++)
		return "frames out of sequence";
	if (w == 0 || h == 0 || w > walk->width || h > walk->height || x > walk->width - w ||
	    y > walk->height - h || (walk->frames == 0 && (w != walk->width || h != walk->height)))
		return "a frame outside of the picture";
	if (body[24] != 0 || body[25] != 0)
		return "a way of mixing frames that aquatint does not write";
	if (walk->frames > 0 && !walk->data)
		return "a frame without data";
	walk->frames++;
	walk->data = false;
	return NULL;
}

/* One chunk in its place; NULL, or what is wrong with it. */
static const char *check_chunk(struct walk *walk, const uint8_t *chunk, uint32_t size)
{
	const uint8_t *body = chunk + 8;
	if (aq_chunk_is(chunk, "acTL")) {
		if (size != AQ_ACTL || walk->animated || walk->frames > 0)
			return "acTL in the wrong place";
		walk->animated = true;
		walk->declared = aq_get32(body);
		walk->loops = aq_get32(body + 4);
	} else if (aq_chunk_is(chunk, "fcTL")) {
		return walk->animated ? check_fctl(walk, body, size) : "a frame before acTL";
	} else if (aq_chunk_is(chunk, "IDAT")) {
		if (walk->frames != 1)
			return "the first frame is not the picture itself";
		walk->data = true;
	} else if (aq_chunk_is(chunk, "fdAT")) {
		if (walk->frames < 2 || size < 4 || aq_get32(body) != walk->sequence++)
			return "frame data out of sequence";
		walk->data = true;
	} else if (aq_chunk_is(chunk, "IEND")) {
		if (walk->frames != walk->declared || walk->frames == 0 || !walk->data)
			return "another number of frames than declared";
	}
	return NULL;
}

/* The first chunk: the size of the picture, and the one kind of pixels we write. */
static int check_head(struct aq_apng_player *player, struct walk *walk)
{
	const uint8_t *chunk = player->bytes + AQ_PNG_SIGNATURE;
	if (!aq_png_is(player->bytes, player->length) ||
	    player->length < AQ_PNG_SIGNATURE + AQ_CHUNK_FRAME + AQ_IHDR ||
	    !aq_chunk_is(chunk, "IHDR") || aq_get32(chunk) != AQ_IHDR)
		return aq_fail(AQ_EDATA, "%s is not a PNG", player->path);
	memcpy(player->ihdr, chunk + 8, AQ_IHDR);
	walk->width = aq_get32(player->ihdr);
	walk->height = aq_get32(player->ihdr + 4);
	const struct aq_png_limits most = AQ_PNG_LIMITS;
	if (walk->width == 0 || walk->height == 0 || walk->width > most.width ||
	    walk->height > most.height || (uint64_t)walk->width * walk->height > most.pixels)
		return bad(player, AQ_PNG_SIGNATURE, "a picture of impossible size");
	if (player->ihdr[8] != 8 || player->ihdr[9] != 2 || player->ihdr[12] != 0)
		return bad(player, AQ_PNG_SIGNATURE, "not 8-bit true colour as aquatint writes it");
	return AQ_OK;
}

static int check_all(struct aq_apng_player *player, struct walk *walk)
{
	int rc = check_head(player, walk);
	size_t at = AQ_PNG_SIGNATURE;
	while (rc == AQ_OK) {
		const uint8_t *chunk = player->bytes + at;
		if (player->length - at < AQ_CHUNK_FRAME ||
		    aq_get32(chunk) > player->length - at - AQ_CHUNK_FRAME)
			return bad(player, at, "the file is cut short");
		const uint32_t size = aq_get32(chunk);
		if (aq_crc(0, chunk + 4, size + 4) != aq_get32(chunk + 8 + size))
			return bad(player, at, "its CRC does not hold");
		const char *why = check_chunk(walk, chunk, size);
		if (why)
			return bad(player, at, why);
		if (aq_chunk_is(chunk, "fcTL") && player->at == 0)
			player->at = at;
		at += AQ_CHUNK_FRAME + size;
		if (aq_chunk_is(chunk, "IEND"))
			return at == player->length ? AQ_OK
						    : bad(player, at, "bytes behind the end");
	}
	return rc;
}

int aq_apng_open(struct aq_apng_player **out, const char *path, struct aq_apng_info *info)
{
	char *bytes = NULL;
	struct walk walk = { 0 };
	int rc;
	*out = NULL;
	struct aq_apng_player *player = calloc(1, sizeof *player);
	if (!player || !(player->path = strdup(path))) {
		free(player);
		return aq_fail(AQ_ENOMEM, "out of memory");
	}
	AQ_TRY(aq_file_read(path, MOST_FILE, &bytes, &player->length));
	player->bytes = (uint8_t *)bytes;
	AQ_TRY(check_all(player, &walk));
	AQ_TRY(aq_picture_new(&player->screen, (int)walk.width, (int)walk.height, 3));
	*info = (struct aq_apng_info){ (int)walk.width, (int)walk.height, walk.frames, walk.loops };
	*out = player;
done:
	if (rc < 0)
		aq_apng_close(player);
	return rc;
}

/* Append a chunk to a PNG being put together; the CRC is made anew. */
static uint8_t *add_chunk(uint8_t *to, const char *name, const uint8_t *body, uint32_t size)
{
	aq_put32(to, size);
	memcpy(to + 4, name, 4);
	if (size > 0)
		memcpy(to + 8, body, size);
	aq_put32(to + 8 + size, aq_crc(0, to + 4, size + 4));
	return to + AQ_CHUNK_FRAME + size;
}

/* The data chunks from *at up to the next frame or the end, as a PNG of their own (malloc'd). */
static uint8_t *wrap_frame(struct aq_apng_player *player, const uint8_t *fctl, size_t *length)
{
	size_t end = player->at;
	while (!aq_chunk_is(player->bytes + end, "fcTL") &&
	       !aq_chunk_is(player->bytes + end, "IEND"))
		end += AQ_CHUNK_FRAME + aq_get32(player->bytes + end);
	uint8_t ihdr[AQ_IHDR];
	memcpy(ihdr, player->ihdr, AQ_IHDR);
	memcpy(ihdr, fctl + 4, 8);
	uint8_t *png = malloc(end - player->at + 2 * AQ_CHUNK_FRAME + AQ_IHDR + AQ_PNG_SIGNATURE);
	if (!png)
		return NULL;
	memcpy(png, player->bytes, AQ_PNG_SIGNATURE);
	uint8_t *to = add_chunk(png + AQ_PNG_SIGNATURE, "IHDR", ihdr, AQ_IHDR);
	for (; player->at < end;
	     player->at += AQ_CHUNK_FRAME + aq_get32(player->bytes + player->at)) {
		const uint8_t *chunk = player->bytes + player->at;
		const uint32_t size = aq_get32(chunk);
		if (aq_chunk_is(chunk, "IDAT"))
			to = add_chunk(to, "IDAT", chunk + 8, size);
		else if (aq_chunk_is(chunk, "fdAT"))
			to = add_chunk(to, "IDAT", chunk + 12, size - 4);
	}
	to = add_chunk(to, "IEND", NULL, 0);
	*length = (size_t)(to - png);
	return png;
}

int aq_apng_next(struct aq_apng_player *player, const struct aq_picture **frame, double *seconds)
{
	*frame = NULL;
	*seconds = 0;
	const uint8_t *chunk = player->bytes + player->at, *fctl = chunk + 8;
	if (aq_chunk_is(chunk, "IEND"))
		return AQ_OK;
	const uint32_t x = aq_get32(fctl + 12), y = aq_get32(fctl + 16);
	const uint16_t den = aq_get16(fctl + 22);
	struct aq_picture part = { 0 };
	size_t length = 0;
	player->at += AQ_CHUNK_FRAME + AQ_FCTL;
	uint8_t *png = wrap_frame(player, fctl, &length);
	if (!png)
		return aq_fail(AQ_ENOMEM, "out of memory");
	const int rc = aq_png_decode(png, length, player->path, NULL, &part);
	for (int v = 0; rc == AQ_OK && v < part.height; v++)
		memcpy(player->screen.at +
		       ((size_t)(y + (uint32_t)v) * (size_t)player->screen.width + x) * 3,
		       part.at + (size_t)v * (size_t)part.width * 3, (size_t)part.width * 3);
	*seconds = (double)aq_get16(fctl + 20) / (den ? den : 100); /* 0 means hundredths */
	if (rc == AQ_OK)
		*frame = &player->screen;
	aq_picture_free(&part);
	free(png);
	return rc;
}

void aq_apng_close(struct aq_apng_player *player)
{
	if (!player)
		return;
	aq_picture_free(&player->screen);
	free(player->bytes);
	free(player->path);
	free(player);
}
