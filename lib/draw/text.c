/* SPDX-License-Identifier: MIT
 *
 * text.c - words on a canvas
 *
 * Small and body text is drawn pixel by pixel.  Bold is the same drawn twice, one column
 * apart.  The title takes the pixels of the body face as joints of a skeleton and draws smooth
 * strokes from each to its neighbours, twice as large.
 */
#include "draw/text.h"

#include "draw/font.h"
#include "draw/sketch.h"

#include <string.h>

enum { TITLE_ZOOM = 2 };

/* How a face is made of a font. */
static const struct face {
	const struct aq_font *font;
	int zoom, extra; /* extra: additional width of a glyph */
} faces[AQ_FACES] = {
	[AQ_FACE_SMALL] = { &aq_font_small, 1, 0 },
	[AQ_FACE_TEXT] = { &aq_font_text, 1, 0 },
	[AQ_FACE_BOLD] = { &aq_font_text, 1, 1 },
	[AQ_FACE_TITLE] = { &aq_font_text, TITLE_ZOOM, 0 },
};

int aq_text_line(enum aq_face face)
{
	return faces[face].font->line * faces[face].zoom;
}

int aq_text_base(enum aq_face face)
{
	const struct aq_font *font = faces[face].font;
	return (font->above + font->base) * faces[face].zoom;
}

int aq_text_caps(enum aq_face face)
{
	return faces[face].font->caps * faces[face].zoom;
}

/* ---- glyphs ---------------------------------------------------------------------------------- */

/* Where the next glyph goes: its line box's corner, and whether the text reads upwards. */
struct pen {
	struct aq_canvas *canvas; /* NULL: only measure */
	const struct face *face;
	enum aq_face which;
	struct aq_rgb colour;
	int x, y;
	bool up;
};

static void put_pixel(const struct pen *pen, int u, int v)
{
	if (pen->up)
		aq_canvas_dot(pen->canvas, pen->x + v, pen->y - u, pen->colour);
	else
		aq_canvas_dot(pen->canvas, pen->x + u, pen->y + v, pen->colour);
}

/* A stroke between the middles of two pixels of the font, enlarged. */
static void put_stroke(const struct pen *pen, double u0, double v0, double u1, double v1)
{
	const double zoom = pen->face->zoom, half = zoom / 2;
	const double x0 = u0 * zoom + half, y0 = v0 * zoom + half;
	const double x1 = u1 * zoom + half, y1 = v1 * zoom + half;
	if (pen->up)
		aq_canvas_stroke(pen->canvas, pen->x + y0, pen->y + 1 - x0, pen->x + y1,
				 pen->y + 1 - x1, zoom * 1.05);
	else
		aq_canvas_stroke(pen->canvas, pen->x + x0, pen->y + y0, pen->x + x1, pen->y + y1,
				 zoom * 1.05);
}

/* Strokes to the right, down, and along both diagonals where no corner lies between. */
static void join_pixel(const struct pen *pen, const struct aq_glyph *glyph, int u, int v)
{
	const struct aq_font *font = pen->face->font;
	const double y = v + font->above;
	const int right = aq_glyph_ink(font, glyph, u + 1, v),
		  left = aq_glyph_ink(font, glyph, u - 1, v);
	const int down = aq_glyph_ink(font, glyph, u, v + 1);
	put_stroke(pen, u, y, u + right, y);
	if (down)
		put_stroke(pen, u, y, u, y + 1);
	if (!right && !down && aq_glyph_ink(font, glyph, u + 1, v + 1))
		put_stroke(pen, u, y, u + 1, y + 1);
	if (!left && !down && aq_glyph_ink(font, glyph, u - 1, v + 1))
		put_stroke(pen, u, y, u - 1, y + 1);
}

static void put_glyph(const struct pen *pen, const struct aq_glyph *glyph)
{
	const struct aq_font *font = pen->face->font;
	for (int v = 0; v < font->rows; v++)
		for (int u = 0; u < glyph->width; u++) {
			if (!aq_glyph_ink(font, glyph, u, v))
				continue;
			if (pen->which == AQ_FACE_TITLE) {
				join_pixel(pen, glyph, u, v);
				continue;
			}
			put_pixel(pen, u, v + font->above);
			/* a gap of one pixel is kept: without, the middle of a w is a bar */
			if (pen->face->extra && !aq_glyph_ink(font, glyph, u + 2, v))
				put_pixel(pen, u + 1, v + font->above);
		}
}

/* What no face has: an empty box as wide as a digit. */
static void put_unknown(const struct pen *pen, int width)
{
	const struct aq_font *font = pen->face->font;
	const int top = font->above + font->base - font->caps,
		  bottom = font->above + font->base - 1;
	for (int v = top; v <= bottom; v++)
		for (int u = 0; u < width; u++)
			if (pen->which == AQ_FACE_TITLE && u < width - 1 &&
			    (v == top || v == bottom))
				put_stroke(pen, u, v, u + 1, v);
			else if (pen->which == AQ_FACE_TITLE && v < bottom &&
				 (u == 0 || u == width - 1))
				put_stroke(pen, u, v, u, v + 1);
			else if (pen->which != AQ_FACE_TITLE &&
				 (v == top || v == bottom || u == 0 || u == width - 1))
				put_pixel(pen, u, v);
}

/* Draw one letter and move on; returns how far. */
static int put_letter(struct pen *pen, uint32_t letter)
{
	const struct face *face = pen->face;
	const struct aq_font *font = face->font;
	int advance = font->blank;
	if (letter != ' ') {
		const struct aq_glyph glyph = aq_font_glyph(font, letter);
		const int width = glyph.band ? glyph.width : font->caps * 2 / 3;
		if (pen->canvas && glyph.band)
			put_glyph(pen, &glyph);
		else if (pen->canvas)
			put_unknown(pen, width);
		advance = width + face->extra + 1;
	}
	advance *= face->zoom;
	if (pen->up)
		pen->y -= advance;
	else
		pen->x += advance;
	return advance;
}

/* The same in a sketch: as words. */
static void put_words(const struct pen *pen, const char *text, const char *end, int width)
{
	const int base = aq_text_base(pen->which);
	const struct aq_words words = { .text = text,
					.end = end,
					.x = pen->up ? pen->x + base : pen->x,
					.y = pen->up ? pen->y + 1 : pen->y + base,
					.width = width,
					.caps = aq_text_caps(pen->which),
					.bold = pen->which == AQ_FACE_BOLD,
					.up = pen->up,
					.colour = pen->colour };
	if (width > 0)
		aq_sketch_words(pen->canvas->sketch, &words);
}

static int measure(enum aq_face face, const char *text, const char *end);

/* Draw or measure the text up to `end`; the space behind the last glyph does not count. */
static int put_run(struct pen pen, const char *text, const char *end)
{
	int width = 0;
	if (pen.canvas && pen.canvas->sketch) {
		width = measure(pen.which, text, end);
		put_words(&pen, text, end, width);
		return width;
	}
	bool blank = true;
	while (text < end) {
		const uint32_t letter = aq_utf8_next(&text);
		blank = letter == ' ';
		width += put_letter(&pen, letter);
	}
	if (pen.canvas && pen.which == AQ_FACE_TITLE)
		aq_canvas_ink(pen.canvas, pen.colour, 255);
	return width > 0 && !blank ? width - faces[pen.which].zoom : width;
}

static struct pen make_pen(struct aq_canvas *canvas, enum aq_face face, struct aq_rgb colour)
{
	return (struct pen){
		.canvas = canvas, .face = &faces[face], .which = face, .colour = colour};
}

static int measure(enum aq_face face, const char *text, const char *end)
{
	return put_run(make_pen(NULL, face, AQ_INK), text, end);
}

/* ---- lines ----------------------------------------------------------------------------------- */

int aq_text_width(enum aq_face face, const char *text)
{
	return measure(face, text, text + strlen(text));
}

int aq_text_draw(struct aq_canvas *canvas, int x, int y, enum aq_face face, enum aq_align align,
		 struct aq_rgb colour, const char *text)
{
	const int width = aq_text_width(face, text);
	struct pen pen = make_pen(canvas, face, colour);
	pen.x = align == AQ_LEFT ? x : align == AQ_CENTRE ? x - width / 2 : x - width;
	pen.y = y;
	return put_run(pen, text, text + strlen(text));
}

void aq_text_up(struct aq_canvas *canvas, int x, int y, enum aq_face face, struct aq_rgb colour,
		const char *text)
{
	struct pen pen = make_pen(canvas, face, colour);
	pen.up = true;
	pen.x = x;
	pen.y = y + aq_text_width(face, text) / 2;
	put_run(pen, text, text + strlen(text));
}

void aq_text_in(struct aq_canvas *canvas, struct aq_box box, enum aq_face face, enum aq_align align,
		struct aq_rgb colour, const char *text)
{
	static const char dots[] = "…";
	const char *end = text + strlen(text);
	int width = measure(face, text, end);
	const bool cut = width > box.w;
	const int tail = cut ? aq_text_width(face, dots) + faces[face].zoom : 0;
	while (cut && end > text && width + tail > box.w) {
		do
			end--;
		while (end > text && (*end & 0xc0) == 0x80);
		width = measure(face, text, end);
	}
	struct pen pen = make_pen(canvas, face, colour);
	const int spare = box.w - width - tail;
	pen.x = box.x + (align == AQ_LEFT ? 0 : align == AQ_CENTRE ? spare / 2 : spare);
	pen.y = box.y + (box.h - aq_text_line(face)) / 2;
	put_run(pen, text, end);
	pen.x += width + faces[face].zoom;
	if (cut && tail <= box.w)
		put_run(pen, dots, dots + strlen(dots));
}

/* ---- paragraphs ------------------------------------------------------------------------------ */

/* The end of the line that begins at `text`: as many words as fit, at least one. */
static const char *line_end(const char *text, int width, enum aq_face face)
{
	const char *end = text + strcspn(text, " \n");
	while (*end == ' ') {
		const char *next = end + strspn(end, " ");
		next += strcspn(next, " \n");
		if (measure(face, text, next) > width)
			break;
		end = next;
	}
	return end;
}

int aq_text_flow(struct aq_canvas *canvas, int x, int y, int width, enum aq_face face,
		 struct aq_rgb colour, const char *text)
{
	struct pen pen = make_pen(canvas, face, colour);
	pen.x = x;
	pen.y = y;
	while (*text) {
		const char *end = line_end(text, width, face);
		if (canvas)
			put_run(pen, text, end);
		pen.y += aq_text_line(face);
		text = end + strspn(end, " ");
		if (*text == '\n')
			text++;
	}
	return pen.y - y;
}
