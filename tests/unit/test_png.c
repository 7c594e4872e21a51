/* SPDX-License-Identifier: MIT
 *
 * test_png.c - every kind of PNG is read rightly, every broken one refused, writing is exact
 *
 * The files read are put together here, byte by byte, with stored (unpacked) deflate blocks:
 * neither libpng nor our writer takes part in making them.
 */
#include "base/rng.h"
#include "io/file.h"
#include "io/gz.h"
#include "io/png.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define ok(expr) assert_ok(expr, __LINE__)

static void assert_ok(int rc, int line)
{
	if (rc < 0)
		fail_msg("line %d: %d: %s", line, rc, aq_story());
}

static void bad(int rc, int code, const char *words)
{
	assert_int_equal(rc, code);
	if (!strstr(aq_story(), words))
		fail_msg("'%s' is not in: %s", words, aq_story());
}

/* ---- a PNG by hand --------------------------------------------------------------------------- */

enum { GREY = 0, COLOUR = 2, PALETTE = 3, GREY_ALPHA = 4, COLOUR_ALPHA = 6 };

struct bytes {
	uint8_t at[1 << 16];
	size_t length;
};

static void add(struct bytes *to, const void *from, size_t length)
{
	assert_true(to->length + length <= sizeof to->at);
	memcpy(to->at + to->length, from, length);
	to->length += length;
}

static void add32(struct bytes *to, uint32_t v)
{
	add(to, (uint8_t[]){(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v},
	    4);
}

static void add_chunk(struct bytes *to, const char *name, const void *body, size_t length)
{
	add32(to, (uint32_t)length);
	const size_t from = to->length;
	add(to, name, 4);
	if (length > 0)
		add(to, body, length);
	add32(to, aq_crc(0, to->at + from, length + 4));
}

static uint32_t adler(const struct bytes *bytes)
{
	uint32_t a = 1, b = 0;
	for (size_t i = 0; i < bytes->length; i++) {
		a = (a + bytes->at[i]) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

/* What a test picture is; samples[y][x][channel] hold `depth` bits each. */
struct kind {
	int type, depth, interlaced, width, height;
	bool transparent; /* a tRNS chunk */
};

enum { MOST = 24 };
static uint16_t samples[MOST][MOST][4];
static uint8_t palette[256][3], alphas[256];

static int channels_of(int type)
{
	return type == COLOUR ? 3 : type == GREY_ALPHA ? 2 : type == COLOUR_ALPHA ? 4 : 1;
}

/* The rows of one pass: pixels x0, x0+dx, ... of rows y0, y0+dy, ... */
static void add_pass(struct bytes *raw, const struct kind *kind, int x0, int y0, int dx, int dy)
{
	if (x0 >= kind->width)
		return;
	for (int y = y0; y < kind->height; y += dy) {
		unsigned pending = 0, bits = 0;
		add(raw, "", 1); /* filter: none */
		for (int x = x0; x < kind->width; x += dx)
			for (int c = 0; c < channels_of(kind->type); c++) {
				const unsigned v = samples[y][x][c];
				if (kind->depth == 16) {
					add(raw, (uint8_t[]){ (uint8_t)(v >> 8), (uint8_t)v }, 2);
					continue;
				}
				pending = pending << kind->depth | v;
				bits += (unsigned)kind->depth;
				if (bits == 8) {
					add(raw, (uint8_t[]){ (uint8_t)pending }, 1);
					pending = bits = 0;
				}
			}
		if (bits > 0)
			add(raw, (uint8_t[]){ (uint8_t)(pending << (8 - bits)) }, 1);
	}
}

static void add_raw(struct bytes *raw, const struct kind *kind)
{
	static const int passes[7][4] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
					 {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
	if (!kind->interlaced)
		add_pass(raw, kind, 0, 0, 1, 1);
	for (int p = 0; kind->interlaced && p < 7; p++)
		add_pass(raw, kind, passes[p][0], passes[p][1], passes[p][2], passes[p][3]);
}

static void add_header(struct bytes *png, uint32_t width, uint32_t height, int depth, int type,
		       int interlaced)
{
	struct bytes head = { .length = 0 };
	add(png, "\x89PNG\r\n\x1a\n", 8);
	add32(&head, width);
	add32(&head, height);
	add(&head, (uint8_t[]){ (uint8_t)depth, (uint8_t)type, 0, 0, (uint8_t)interlaced }, 5);
	add_chunk(png, "IHDR", head.at, head.length);
}

/* tRNS: the first pixel's samples for grey and colour, an alpha for each entry of a palette. */
static void add_transparency(struct bytes *png, const struct kind *kind)
{
	struct bytes body = { .length = 0 };
	if (kind->type == PALETTE)
		add(&body, alphas, (size_t)1 << kind->depth);
	for (int c = 0; kind->type != PALETTE && c < channels_of(kind->type); c++)
		add(&body, (uint8_t[]){(uint8_t)(samples[0][0][c] >> 8), (uint8_t)samples[0][0][c]},
		    2);
	add_chunk(png, "tRNS", body.at, body.length);
}

static void make_png(struct bytes *png, const struct kind *kind)
{
	static struct bytes raw, body;
	raw.length = body.length = png->length = 0;
	add_header(png, (uint32_t)kind->width, (uint32_t)kind->height, kind->depth, kind->type,
		   kind->interlaced);
	if (kind->type == PALETTE)
		add_chunk(png, "PLTE", palette, (size_t)3 << kind->depth);
	if (kind->transparent)
		add_transparency(png, kind);
	add_raw(&raw, kind);
	assert_true(raw.length < 65536);
	const unsigned n = (unsigned)raw.length;
	add(&body, (uint8_t[]){ 0x78, 1, 1, (uint8_t)n, (uint8_t)(n >> 8), (uint8_t)~n,
				(uint8_t)(~n >> 8) }, 7);
	add(&body, raw.at, raw.length);
	add32(&body, adler(&raw));
	add_chunk(png, "IDAT", body.at, body.length);
	add_chunk(png, "IEND", NULL, 0);
}

static void fill_samples(const struct kind *kind, uint32_t seed)
{
	uint32_t n = 0;
	for (int y = 0; y < MOST; y++)
		for (int x = 0; x < MOST; x++)
			for (int c = 0; c < 4; c++)
				samples[y][x][c] = (uint16_t)(aq_rng_word(seed, 1, 0, 0, n++) >>
							      (32 - kind->depth));
	for (int i = 0; i < 256; i++) {
		for (int c = 0; c < 3; c++)
			palette[i][c] = (uint8_t)(aq_rng_word(seed, 2, 0, 0, n++) >> 24);
		alphas[i] = (uint8_t)(aq_rng_word(seed, 3, 0, 0, n++) >> 24);
	}
}

/* A sample of `depth` bits as 0 .. 255, to the nearest. */
static unsigned to_byte(const struct kind *kind, unsigned sample)
{
	const unsigned most = (1u << kind->depth) - 1;
	return (sample * 255 * 2 + most) / (2 * most);
}

static void expected(const struct kind *kind, int x, int y, uint8_t out[3])
{
	const uint16_t *s = samples[y][x];
	const int colours = kind->type == COLOUR || kind->type == COLOUR_ALPHA ? 3 : 1;
	unsigned alpha = 255;
	if (kind->type == GREY_ALPHA || kind->type == COLOUR_ALPHA)
		alpha = to_byte(kind, s[colours]);
	else if (kind->transparent && kind->type == PALETTE)
		alpha = alphas[s[0]];
	else if (kind->transparent)
		alpha = memcmp(s, samples[0][0], sizeof *s * (size_t)colours) == 0 ? 0 : 255;
	for (int c = 0; c < 3; c++) {
		const unsigned v = kind->type == PALETTE ? palette[s[0]][c] :
							   to_byte(kind, s[colours == 3 ? c : 0]);
		out[c] = (uint8_t)((v * alpha + 255 * (255 - alpha) + 127) / 255);
	}
}

static void check_kind(const struct kind *kind)
{
	static struct bytes png;
	struct aq_picture picture;
	uint8_t want[3];
	fill_samples(kind, (uint32_t)(kind->type * 100 + kind->depth + kind->width));
	make_png(&png, kind);
	ok(aq_png_decode(png.at, png.length, "by hand", NULL, &picture));
	const bool grey = kind->type == GREY || kind->type == GREY_ALPHA;
	assert_int_equal(picture.width, kind->width);
	assert_int_equal(picture.height, kind->height);
	assert_int_equal(picture.channels, grey ? 1 : 3);
	for (int y = 0; y < kind->height; y++)
		for (int x = 0; x < kind->width; x++) {
			const uint8_t *got = picture.at +
					     (size_t)((y * kind->width + x) * picture.channels);
			expected(kind, x, y, want);
			if (memcmp(got, want, (size_t)picture.channels) != 0)
				fail_msg("type %d depth %d interlaced %d transparent %d at %d,%d: "
					 "%d not %d",
					 kind->type, kind->depth, kind->interlaced,
					 kind->transparent, x, y, got[0], want[0]);
		}
	aq_picture_free(&picture);
}

static void every_kind_is_read(void **state)
{
	static const struct { int type, depth; } kinds[] = {
		{ GREY, 1 }, { GREY, 2 }, { GREY, 4 }, { GREY, 8 }, { GREY, 16 },
		{ COLOUR, 8 }, { COLOUR, 16 }, { PALETTE, 1 }, { PALETTE, 2 }, { PALETTE, 4 },
		{ PALETTE, 8 }, { GREY_ALPHA, 8 }, { GREY_ALPHA, 16 }, { COLOUR_ALPHA, 8 },
		{ COLOUR_ALPHA, 16 },
	};
	static const int sizes[][2] = { { 1, 1 }, { 3, 2 }, { 8, 8 }, { 13, 9 }, { 5, 17 } };
	(void)state;
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
			for (int more = 0; more < 4; more++) {
				const bool has_alpha = kinds[k].type >= GREY_ALPHA;
				if ((more & 2) && has_alpha)
					continue;
				check_kind(&(struct kind){ kinds[k].type, kinds[k].depth, more & 1,
							   sizes[s][0], sizes[s][1], more & 2 });
			}
}

/* ---- refusals -------------------------------------------------------------------------------- */

static void bombs_are_refused_before_memory_is_taken(void **state)
{
	static struct bytes png;
	struct aq_picture picture;
	(void)state;
	static const uint32_t sizes[][2] = {
		{0x7fffffff, 0x7fffffff}, {100000, 100000}, {1, 100000}, {16385, 1}, {16384, 8192},
	};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		png.length = 0;
		add_header(&png, sizes[i][0], sizes[i][1], 8, COLOUR, 0);
		add_chunk(&png, "IDAT", "\x78\x01", 2);
		bad(aq_png_decode(png.at, png.length, "bomb.png", NULL, &picture), AQ_EDATA,
		    "bomb.png");
		assert_null(picture.at);
	}
	/* within the limits, but a file this short cannot hold it */
	png.length = 0;
	add_header(&png, 8000, 8000, 16, COLOUR_ALPHA, 0);
	add_chunk(&png, "IDAT", "\x78\x01", 2);
	bad(aq_png_decode(png.at, png.length, "bomb.png", NULL, &picture), AQ_EDATA, "can hold");
	/* limits of the caller */
	check_kind(&(struct kind){ COLOUR, 8, 0, 9, 5, false });
	make_png(&png, &(struct kind){ COLOUR, 8, 0, 9, 5, false });
	const struct aq_png_limits narrow = { 8, 8, 64 }, few = { 16, 16, 44 }, just = { 9, 5, 45 };
	bad(aq_png_decode(png.at, png.length, "x", &narrow, &picture), AQ_EDATA, "8x8");
	bad(aq_png_decode(png.at, png.length, "x", &few, &picture), AQ_EDATA, "44");
	ok(aq_png_decode(png.at, png.length, "x", &just, &picture));
	aq_picture_free(&picture);
	png.length = 0;
	add_header(&png, 0, 4, 8, COLOUR, 0);
	bad(aq_png_decode(png.at, png.length, "empty.png", NULL, &picture), AQ_EDATA, "empty.png");
}

/* Two pictures equal, sizes included? */
static bool same(const struct aq_picture *a, const struct aq_picture *b)
{
	return a->width == b->width && a->height == b->height && a->channels == b->channels &&
	       memcmp(a->at, b->at, aq_picture_bytes(a)) == 0;
}

/* A copy that ends where the memory ends, so that the sanitizer sees reading past it. */
static int decode_part(const uint8_t *bytes, size_t length, struct aq_picture *picture)
{
	uint8_t *copy = malloc(length + (length == 0));
	assert_non_null(copy);
	memcpy(copy, bytes, length);
	const int rc = aq_png_decode(copy, length, "part.png", NULL, picture);
	free(copy);
	return rc;
}

static void damage_everywhere(const struct kind *kind)
{
	static struct bytes png;
	struct aq_picture whole, picture;
	fill_samples(kind, 7);
	make_png(&png, kind);
	ok(aq_png_decode(png.at, png.length, "whole.png", NULL, &whole));
	for (size_t n = 0; n < png.length; n++) {
		bad(decode_part(png.at, n, &picture), AQ_EDATA, "part.png");
		assert_null(picture.at);
	}
	for (size_t i = 0; i < png.length; i++)
		for (int bit = 0; bit < 8; bit++) {
			png.at[i] ^= (uint8_t)(1 << bit);
			if (decode_part(png.at, png.length, &picture) == AQ_OK)
				assert_true(same(&picture, &whole));
			else
				assert_null(picture.at);
			aq_picture_free(&picture);
			png.at[i] ^= (uint8_t)(1 << bit);
		}
	aq_picture_free(&whole);
}

static void cut_short_or_flipped_is_refused(void **state)
{
	(void)state;
	damage_everywhere(&(struct kind){ COLOUR, 8, 0, 3, 2, false });
	damage_everywhere(&(struct kind){ PALETTE, 2, 1, 5, 4, true });
	damage_everywhere(&(struct kind){ GREY_ALPHA, 16, 1, 2, 3, false });
}

static void files_that_are_none(void **state)
{
	struct aq_picture picture;
	(void)state;
	bad(aq_png_read("no-such.png", NULL, &picture), AQ_ENOINPUT, "no-such.png");
	ok(aq_file_write("text.png", false, "GIF89a, says the file", 21));
	bad(aq_png_read("text.png", NULL, &picture), AQ_EDATA, "text.png is not a PNG");
	unlink("text.png");
	bad(aq_png_read(".", NULL, &picture), AQ_ENOINPUT, ".");
}

/* ---- writing --------------------------------------------------------------------------------- */

/* A picture of `colours` different colours, each at least once. */
static struct aq_picture make_picture(int width, int height, int channels, unsigned colours)
{
	struct aq_picture picture;
	ok(aq_picture_new(&picture, width, height, channels));
	for (size_t i = 0; i < (size_t)width * (size_t)height; i++) {
		const unsigned n = (unsigned)i < colours ? (unsigned)i :
				   aq_below(aq_rng_word(1, 1, 0, 0, (uint32_t)i), colours);
		for (int c = 0; c < channels; c++)
			picture.at[i * (size_t)channels + (size_t)c] = (uint8_t)(c == 2 ? n >> 8 :
									  n * (c == 1 ? 37 : 1));
	}
	return picture;
}

static size_t round_trip(int channels, unsigned colours, enum aq_png_effort effort, int *type)
{
	struct aq_picture picture = make_picture(40, 30, channels, colours), back;
	uint8_t *bytes, *again;
	size_t length, length_again;
	ok(aq_png_encode(&picture, effort, NULL, 0, &bytes, &length));
	ok(aq_png_encode(&picture, effort, NULL, 0, &again, &length_again));
	assert_int_equal(length, length_again);
	assert_memory_equal(bytes, again, length);
	ok(aq_png_decode(bytes, length, "written", NULL, &back));
	assert_true(same(&picture, &back));
	*type = bytes[25];
	aq_picture_free(&picture);
	aq_picture_free(&back);
	free(bytes);
	free(again);
	return length;
}

static void what_is_written_is_read_back(void **state)
{
	static const unsigned colours[] = { 1, 2, 3, 4, 5, 16, 17, 255, 256, 257, 1000 };
	int type;
	(void)state;
	for (size_t i = 0; i < sizeof colours / sizeof *colours; i++) {
		const size_t small = round_trip(3, colours[i], AQ_PNG_SMALL, &type);
		assert_int_equal(type, colours[i] <= 256 ? PALETTE : COLOUR);
		const size_t quick = round_trip(3, colours[i], AQ_PNG_QUICK, &type);
		assert_int_equal(type, COLOUR);
		/* of many colours a lazy search may by chance be the better one */
		assert_true(small <= quick || (colours[i] > 256 && small < quick + quick / 4));
	}
	round_trip(1, 200, AQ_PNG_SMALL, &type);
	assert_int_equal(type, GREY);
}

static void a_file_is_published_with_its_texts(void **state)
{
	const struct aq_png_text texts[] = { { "Description", "grad of conv1, step 12" },
					     { "aquatint:scale", "±0.0123 → both ends" },
					     { "Empty", "" } };
	struct aq_picture picture = make_picture(9, 7, 3, 300), back;
	char *value;
	(void)state;
	unlink("made.png");
	ok(aq_png_write("made.png", true, &picture, texts, 3));
	assert_false(aq_file_exists("made.png.tmp"));
	ok(aq_png_read("made.png", NULL, &back));
	assert_true(same(&picture, &back));
	for (int i = 0; i < 3; i++) {
		ok(aq_png_read_text("made.png", texts[i].key, &value));
		assert_string_equal(value, texts[i].value);
		free(value);
	}
	ok(aq_png_read_text("made.png", "Nothing", &value));
	assert_null(value);
	bad(aq_png_write("made.png", true, &picture, NULL, 0), AQ_ECREATE, "made.png");
	ok(aq_png_write("made.png", false, &picture, NULL, 0));
	ok(aq_png_read_text("made.png", "Description", &value));
	assert_null(value);
	bad(aq_png_write("no/such/folder.png", false, &picture, NULL, 0), AQ_ECREATE, "no/such");
	unlink("made.png");
	aq_picture_free(&picture);
	aq_picture_free(&back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_is_read),
		cmocka_unit_test(bombs_are_refused_before_memory_is_taken),
		cmocka_unit_test(cut_short_or_flipped_is_refused),
		cmocka_unit_test(files_that_are_none),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(a_file_is_published_with_its_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
