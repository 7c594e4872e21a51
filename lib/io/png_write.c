/* SPDX-License-Identifier: MIT
 *
 * png_write.c - PNG files out: the same bytes for the same picture
 */
#include "io/png.h"

#include "io/file.h"
#include "io/png_fault.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct writer {
	struct aq_png_fault fault;
	png_structp png;
	png_infop info;
	const struct aq_picture *picture;
	const uint8_t *indexed;   /* [height][width] indices into the palette, or NULL */
	png_color palette[256];
	int colours;
	png_text *texts;
	int count;
	int filters, level;
	uint8_t *bytes;
	size_t length, room;
};

static void write_bytes(png_structp png, png_bytep from, size_t length)
{
	struct writer *writer = png_get_io_ptr(png);
	if (length > writer->room - writer->length) {
		size_t room = writer->room ? writer->room : 1 << 14;
		while (room - writer->length < length)
			room *= 2;
		uint8_t *more = realloc(writer->bytes, room);
		if (!more)
			png_error(png, "out of memory");
		writer->bytes = more;
		writer->room = room;
	}
	memcpy(writer->bytes + writer->length, from, length);
	writer->length += length;
}

static void flush_nothing(png_structp png)
{
	(void)png;
}

/* Samples of 1, 2 or 4 bits are packed by libpng. */
static int index_depth(int colours)
{
	return colours <= 2 ? 1 : colours <= 4 ? 2 : colours <= 16 ? 4 : 8;
}

static int write_all(struct writer *writer)
{
	if (setjmp(writer->fault.back))
		return -1;
	const struct aq_picture *picture = writer->picture;
	const int kind = writer->indexed ? PNG_COLOR_TYPE_PALETTE :
			 picture->channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB;
	const int depth = writer->indexed ? index_depth(writer->colours) : 8;
	png_set_write_fn(writer->png, writer, write_bytes, flush_nothing);
	png_set_IHDR(writer->png, writer->info, (png_uint_32)picture->width,
		     (png_uint_32)picture->height, depth, kind, PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	if (writer->indexed)
		png_set_PLTE(writer->png, writer->info, writer->palette, writer->colours);
	if (writer->count > 0)
		png_set_text(writer->png, writer->info, writer->texts, writer->count);
	png_set_filter(writer->png, PNG_FILTER_TYPE_BASE, writer->filters);
	png_set_compression_level(writer->png, writer->level);
	png_set_compression_buffer_size(writer->png, 1 << 16);
	png_write_info(writer->png, writer->info);
	png_set_packing(writer->png);
	const size_t stride =
		(size_t)picture->width * (size_t)(writer->indexed ? 1 : picture->channels);
	const uint8_t *at = writer->indexed ? writer->indexed : picture->at;
	for (int y = 0; y < picture->height; y++)
		png_write_row(writer->png, at + (size_t)y * stride);
	png_write_end(writer->png, writer->info);
	return 0;
}

/* Encode once with the writer's settings into fresh bytes. */
static int encode_once(struct writer *writer)
{
	writer->bytes = NULL;
	writer->length = writer->room = 0;
	writer->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer->fault, aq_png_error,
					      aq_png_warning);
	writer->info = writer->png ? png_create_info_struct(writer->png) : NULL;
	int rc = AQ_OK;
	if (!writer->info)
		rc = aq_fail(AQ_ENOMEM, "out of memory");
	else if (write_all(writer) < 0)
		/* "too many text chunks" is what it says when it finds no memory for them */
		rc = aq_fail(strstr(writer->fault.why, "memory") || strstr(writer->fault.why, "too many") ? AQ_ENOMEM
													  : AQ_EBUG,
			     "cannot make a PNG: %s", writer->fault.why);
	png_destroy_write_struct(&writer->png, &writer->info);
	if (rc < 0) {
		free(writer->bytes);
		writer->bytes = NULL;
	}
	return rc;
}

/* The colours of a picture in order of appearance, found through an open hash table. */
struct census {
	uint32_t colour[256];
	int count;
	int16_t slot[1024]; /* index + 1; 0 is free */
};

/* The index of a colour, a new one where it is not known yet; -1 when there are 256 others. */
static int census_index(struct census *census, uint32_t colour)
{
	uint32_t at = (colour * 2654435761u) >> 22;
	for (; census->slot[at]; at = (at + 1) & 1023)
		if (census->colour[census->slot[at] - 1] == colour)
			return census->slot[at] - 1;
	if (census->count == 256)
		return -1;
	census->colour[census->count] = colour;
	census->slot[at] = (int16_t)++census->count;
	return census->count - 1;
}

/* The picture as indices into the writer's palette (malloc'd), or NULL where it has more than 256
 * colours, is grey, or memory is short: true colour then does as well. */
static uint8_t *make_indexed(struct writer *writer)
{
	const struct aq_picture *picture = writer->picture;
	const size_t count = (size_t)picture->width * (size_t)picture->height;
	struct census census = { .count = 0 };
	uint8_t *out = picture->channels == 3 ? malloc(count) : NULL;
	if (!out)
		return NULL;
	const uint8_t *p = picture->at;
	for (size_t i = 0; i < count; i++, p += 3) {
		const int index =
			census_index(&census, (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2]);
		if (index < 0) {
			free(out);
			return NULL;
		}
		out[i] = (uint8_t)index;
	}
	for (int i = 0; i < census.count; i++)
		writer->palette[i] = (png_color){ (png_byte)(census.colour[i] >> 16),
						  (png_byte)(census.colour[i] >> 8),
						  (png_byte)census.colour[i] };
	writer->colours = census.count;
	return out;
}

/* Encode with each filter in turn and keep the shortest: enlarged tiles like Up, text and lines
 * None.  Large pictures are pages with much paper: None is the shortest there, and not asking takes
 * a quarter of the time. */
static int encode_best(struct writer *writer)
{
	enum { LARGE = 1 << 21 };
	static const int filters[] = { PNG_FILTER_NONE, PNG_FILTER_UP, PNG_ALL_FILTERS };
	const int64_t pixels = (int64_t)writer->picture->width * writer->picture->height;
	const int tries = pixels > LARGE ? 1 : writer->indexed ? 2 : 3;
	uint8_t *best = NULL;
	size_t best_length = 0;
	writer->level = 7; /* 9 takes five times as long to save a tenth */
	for (int i = 0; i < tries; i++) {
		writer->filters = filters[i];
		const int rc = encode_once(writer);
		if (rc < 0) {
			free(best);
			return rc;
		}
		if (!best || writer->length < best_length) {
			free(best);
			best = writer->bytes;
			best_length = writer->length;
		} else {
			free(writer->bytes);
		}
	}
	writer->bytes = best;
	writer->length = best_length;
	return AQ_OK;
}

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x7f || ((unsigned char)*text < 0x20 && *text != '\n'))
			return false;
	return true;
}

/* libpng's form of the texts; it wants pointers to what it never changes. */
static png_text *make_texts(const struct aq_png_text *texts, int count)
{
	png_text *out = calloc((size_t)count + 1, sizeof *out);
	for (int i = 0; out && i < count; i++) {
		union {
			const char *from;
			char *to;
		} key = {texts[i].key}, value = {texts[i].value};
		const bool plain = is_plain(value.from);
		const size_t length = strlen(value.from);
		out[i] = (png_text){ .key = key.to, .text = value.to };
		out[i].compression = plain ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE;
		out[i].text_length = plain ? length : 0;
		out[i].itxt_length = plain ? 0 : length;
	}
	return out;
}

int aq_png_encode(const struct aq_picture *picture, enum aq_png_effort effort,
		  const struct aq_png_text *texts, int count, uint8_t **bytes, size_t *length)
{
	struct writer writer = { .picture = picture, .count = count };
	uint8_t *indexed = NULL;
	int rc;
	*bytes = NULL;
	*length = 0;
	writer.texts = make_texts(texts, count);
	if (!writer.texts)
		return aq_fail(AQ_ENOMEM, "out of memory");
	if (effort == AQ_PNG_SMALL) {
		writer.indexed = indexed = make_indexed(&writer);
		rc = encode_best(&writer);
	} else {
		writer.filters = PNG_FILTER_UP;
		writer.level = 3;
		rc = encode_once(&writer);
	}
	if (rc == AQ_OK) {
		*bytes = writer.bytes;
		*length = writer.length;
	}
	free(writer.texts);
	free(indexed);
	return rc;
}

int aq_png_write(const char *path, bool keep, const struct aq_picture *picture,
		 const struct aq_png_text *texts, int count)
{
	uint8_t *bytes;
	size_t length;
	int rc = aq_png_encode(picture, AQ_PNG_SMALL, texts, count, &bytes, &length);
	if (rc == AQ_OK)
		rc = aq_file_write(path, keep, bytes, length);
	free(bytes);
	return rc < 0 ? aq_while(rc, "while writing %s", path) : rc;
}
