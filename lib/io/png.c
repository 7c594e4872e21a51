/* SPDX-License-Identifier: MIT
 *
 * png.c - PNG files in, through libpng
 */
#include "io/png.h"

#include "io/file.h"
#include "io/png_fault.h"

#include <limits.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MOST_FILE = 1 << 28,     /* no PNG we read is larger */
	MOST_CHUNK = 1 << 23,    /* an unpacked text or profile; the rest of its file is not read */
	DEFLATE_RATIO = 1040,    /* deflate cannot pack better than 1032 to 1 */
};

/* ---- pictures -------------------------------------------------------------------------------- */

size_t aq_picture_bytes(const struct aq_picture *picture)
{
	return (size_t)picture->width * (size_t)picture->height * (size_t)picture->channels;
}

int aq_picture_new(struct aq_picture *picture, int width, int height, int channels)
{
	*picture = (struct aq_picture){ NULL, width, height, channels };
	picture->at = calloc(aq_picture_bytes(picture) + 1, 1);
	return picture->at ? AQ_OK : aq_fail(AQ_ENOMEM, "no memory for a picture of %dx%d pixels",
					     width, height);
}

void aq_picture_free(struct aq_picture *picture)
{
	free(picture->at);
	*picture = (struct aq_picture){ 0 };
}

bool aq_png_is(const void *bytes, size_t length)
{
	return length >= 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0;
}

/* ---- libpng's errors ------------------------------------------------------------------------- */

_Noreturn void aq_png_error(struct png_struct_def *png, const char *message)
{
	struct aq_png_fault *fault = png_get_error_ptr(png);
	snprintf(fault->why, sizeof fault->why, "%s", message);
	longjmp(fault->back, 1);
}

void aq_png_warning(struct png_struct_def *png, const char *message)
{
	(void)png;
	(void)message;
}

/* ---- reading --------------------------------------------------------------------------------- */

struct reader {
	struct aq_png_fault fault;
	png_structp png;
	png_infop info;
	const uint8_t *bytes;
	size_t length, at;
	uint32_t width, height;
	size_t raw_row;    /* bytes of a row as stored */
	int channels;      /* as libpng hands them out: 1 to 4, alpha included */
	uint8_t *pixels;   /* [height][width][channels] */
	png_bytep *rows;
};

static void read_bytes(png_structp png, png_bytep to, size_t length)
{
	struct reader *reader = png_get_io_ptr(png);
	if (length > reader->length - reader->at)
		png_error(png, "the file is cut short");
	memcpy(to, reader->bytes + reader->at, length);
	reader->at += length;
}

/* libpng's tables, nothing read yet.  The limits are set wide of ours, which have the better
 * words. */
static int begin_reading(struct reader *reader)
{
	reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader->fault, aq_png_error,
					     aq_png_warning);
	reader->info = reader->png ? png_create_info_struct(reader->png) : NULL;
	if (!reader->info)
		return aq_fail(AQ_ENOMEM, "out of memory");
	png_set_read_fn(reader->png, reader, read_bytes);
	png_set_user_limits(reader->png, INT_MAX, INT_MAX);
	png_set_chunk_malloc_max(reader->png, MOST_CHUNK);
	png_set_chunk_cache_max(reader->png, 256);
	png_set_crc_action(reader->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
	return AQ_OK;
}

/* Up to the first pixel; nothing that depends on the picture's size is taken yet. */
static int read_head(struct reader *reader)
{
	if (setjmp(reader->fault.back))
		return -1;
	png_read_info(reader->png, reader->info);
	reader->raw_row = png_get_rowbytes(reader->png, reader->info);
	reader->width = png_get_image_width(reader->png, reader->info);
	reader->height = png_get_image_height(reader->png, reader->info);
	return 0;
}

/* Have all kinds of samples turned into 8 bits; libpng takes its row buffers here. */
static int start_rows(struct reader *reader)
{
	if (setjmp(reader->fault.back))
		return -1;
	png_set_expand(reader->png);
	png_set_scale_16(reader->png);
	png_set_interlace_handling(reader->png);
	png_read_update_info(reader->png, reader->info);
	reader->channels = png_get_channels(reader->png, reader->info);
	return 0;
}

static int read_pixels(struct reader *reader)
{
	if (setjmp(reader->fault.back))
		return -1;
	png_read_image(reader->png, reader->rows);
	png_read_end(reader->png, NULL);
	return 0;
}

static int check_size(const struct reader *reader, const char *name,
		      const struct aq_png_limits *limits)
{
	const uint64_t pixels = (uint64_t)reader->width * reader->height;
	if (reader->width > limits->width || reader->height > limits->height ||
	    pixels > limits->pixels)
		return aq_fail(AQ_EDATA,
			       "%s is a picture of %ux%u pixels; at most %ux%u and %llu in all "
			       "are read; scale it down first",
			       name, reader->width, reader->height, limits->width, limits->height,
			       (unsigned long long)limits->pixels);
	if ((uint64_t)reader->raw_row * reader->height > (uint64_t)reader->length * DEFLATE_RATIO)
		return aq_fail(AQ_EDATA,
			       "%s says it is a picture of %ux%u pixels, more than its %zu bytes "
			       "can hold; the file is cut short or forged",
			       name, reader->width, reader->height, reader->length);
	return AQ_OK;
}

/* One sample with coverage a = 0 .. 255 over white, rounded. */
static uint8_t over_white(unsigned sample, unsigned a)
{
	return (uint8_t)((sample * a + 255 * (255 - a) + 127) / 255);
}

/* Take the alpha channel out, in place: the result runs behind what is read. */
static void flatten(const struct reader *reader, struct aq_picture *picture)
{
	const int from = reader->channels, to = from <= 2 ? 1 : 3;
	const size_t count = (size_t)reader->width * reader->height;
	*picture = (struct aq_picture){ reader->pixels, (int)reader->width, (int)reader->height,
					to };
	if (from == to)
		return;
	const uint8_t *in = reader->pixels;
	uint8_t *out = picture->at;
	for (size_t i = 0; i < count; i++, in += from, out += to) {
		const unsigned alpha = in[to];
		for (int c = 0; c < to; c++)
			out[c] = over_white(in[c], alpha);
	}
}

static int decode(struct reader *reader, const char *name, const struct aq_png_limits *limits)
{
	int rc = begin_reading(reader);
	if (rc < 0)
		return rc;
	if (read_head(reader) < 0)
		goto broken;
	if ((rc = check_size(reader, name, limits)) < 0)
		return rc;
	if (start_rows(reader) < 0)
		goto broken;
	const size_t row = (size_t)reader->width * (size_t)reader->channels;
	reader->pixels = calloc(reader->height, row);
	reader->rows = calloc(reader->height, sizeof *reader->rows);
	if (!reader->pixels || !reader->rows)
		return aq_fail(AQ_ENOMEM, "no memory for the %ux%u pixels of %s", reader->width,
			       reader->height, name);
	for (size_t y = 0; y < reader->height; y++)
		reader->rows[y] = reader->pixels + y * row;
	if (read_pixels(reader) < 0)
		goto broken;
	return AQ_OK;
broken:
	return aq_fail(AQ_EDATA,
		       "%s is a broken PNG (at byte %zu of %zu: %s); fetch or make it again", name,
		       reader->at, reader->length, reader->fault.why);
}

int aq_png_decode(const void *bytes, size_t length, const char *name,
		  const struct aq_png_limits *limits, struct aq_picture *picture)
{
	*picture = (struct aq_picture){ 0 };
	if (!aq_png_is(bytes, length))
		return aq_fail(AQ_EDATA, "%s is not a PNG: it does not begin as one", name);
	const struct aq_png_limits usual = AQ_PNG_LIMITS;
	struct reader reader = { .bytes = bytes, .length = length };
	const int rc = decode(&reader, name, limits ? limits : &usual);
	if (rc == AQ_OK) {
		flatten(&reader, picture);
		reader.pixels = NULL;
	}
	png_destroy_read_struct(&reader.png, &reader.info, NULL);
	free(reader.pixels);
	free(reader.rows);
	return rc;
}

int aq_png_read(const char *path, const struct aq_png_limits *limits, struct aq_picture *picture)
{
	char *bytes;
	size_t length;
	*picture = (struct aq_picture){ 0 };
	int rc = aq_file_read(path, MOST_FILE, &bytes, &length);
	if (rc < 0)
		return rc;
	rc = aq_png_decode(bytes, length, path, limits, picture);
	free(bytes);
	return rc;
}

static int find_text(struct reader *reader, const char *key, const char **value)
{
	if (setjmp(reader->fault.back))
		return -1;
	png_textp texts = NULL;
	png_read_info(reader->png, reader->info);
	const int count = png_get_text(reader->png, reader->info, &texts, NULL);
	for (int i = count - 1; i >= 0; i--)
		if (strcmp(texts[i].key, key) == 0)
			*value = texts[i].text;
	return 0;
}

int aq_png_read_text(const char *path, const char *key, char **value)
{
	char *bytes;
	const char *found = NULL;
	size_t length;
	*value = NULL;
	int rc = aq_file_read(path, MOST_FILE, &bytes, &length);
	if (rc < 0)
		return rc;
	struct reader reader = { .bytes = (const uint8_t *)bytes, .length = length };
	if (!aq_png_is(bytes, length))
		rc = aq_fail(AQ_EDATA, "%s is not a PNG: it does not begin as one", path);
	else if ((rc = begin_reading(&reader)) == AQ_OK && find_text(&reader, key, &found) < 0)
		rc = aq_fail(AQ_EDATA, "%s is a broken PNG (%s)", path, reader.fault.why);
	else if (rc == AQ_OK && found && !(*value = strdup(found)))
		rc = aq_fail(AQ_ENOMEM, "out of memory");
	png_destroy_read_struct(&reader.png, &reader.info, NULL);
	free(bytes);
	return rc;
}
