/* SPDX-License-Identifier: MIT
 *
 * sketch.c - what is drawn, kept as shapes and words
 *
 * Neighbouring fills of one colour become one path, and the strokes that are inked together one
 * group whose opacity counts once, as it does with pixels.
 */
#include "draw/sketch.h"

#include "base/str.h"
#include "draw/font.h"
#include "io/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Strokes of one width on their way into a path. */
struct path {
	struct aq_str at;
	double width, x, y; /* where it ends */
};

enum { PATHS = 8 };

struct aq_sketch {
	struct aq_str at;     /* all so far */
	struct aq_str fills;  /* the path of the fills at hand, all of this colour: */
	struct aq_rgb colour;
	uint8_t cover;
	struct path path[PATHS];
	struct aq_str inked;  /* paths whose ink is still to come */
	int clips;
	struct aq_canvas *pixels; /* the picture that fills go to, or NULL */
	struct aq_box place;
	bool broken;
};

struct aq_sketch *aq_sketch_new(void)
{
	return calloc(1, sizeof(struct aq_sketch));
}

void aq_sketch_free(struct aq_sketch *s)
{
	if (!s)
		return;
	for (int i = 0; i < PATHS; i++)
		aq_str_free(&s->path[i].at);
	aq_str_free(&s->at);
	aq_str_free(&s->fills);
	aq_str_free(&s->inked);
	aq_canvas_free(s->pixels);
	free(s);
}

/* ---- words of XML ---------------------------------------------------------------------------- */

/* A coordinate: hundredths of a pixel, without what says nothing. */
static void put_number(struct aq_str *to, double value)
{
	char text[64];
	snprintf(text, sizeof text, "%.2f", value);
	char *end = text + strlen(text);
	while (end[-1] == '0')
		*--end = '\0';
	if (end[-1] == '.')
		*--end = '\0';
	aq_str_add(to, "%s", strcmp(text, "-0") == 0 ? "0" : text);
}

/* May a letter stand in XML, and in so many bytes? */
static bool is_sound(uint32_t letter, long bytes)
{
	const bool is_half = letter >= 0xd800 && letter < 0xe000;
	const long least = letter < 0x80 ? 1 : letter < 0x800 ? 2 : letter < 0x10000 ? 3 : 4;
	return letter >= 0x20 && letter != 0x7f && !is_half && letter <= 0x10ffff &&
	       (letter < 0xfffd || letter > 0xffff) && bytes == least;
}

/* Any bytes as characters that XML allows. */
static void put_text(struct aq_str *to, const char *text, const char *end)
{
	while (text < end) {
		const char *from = text;
		const uint32_t letter = aq_utf8_next(&text);
		if (letter == '<')
			aq_str_add(to, "&lt;");
		else if (letter == '>')
			aq_str_add(to, "&gt;");
		else if (letter == '&')
			aq_str_add(to, "&amp;");
		else if (is_sound(letter, text - from))
			aq_str_bytes(to, from, (size_t)(text - from));
		else
			aq_str_add(to, "\xef\xbf\xbd");
	}
}

static void put_colour(struct aq_str *to, const char *what, struct aq_rgb colour, uint8_t cover)
{
	aq_str_add(to, " %s=\"#%02x%02x%02x\"", what, colour.r, colour.g, colour.b);
	if (cover < 255)
		aq_str_add(to, " %s=\"%.3f\"", strcmp(what, "fill") == 0 ? "fill-opacity" : "opacity",
			   cover / 255.0);
}

/* ---- fills ----------------------------------------------------------------------------------- */

static void end_fills(struct aq_sketch *s)
{
	if (s->fills.length == 0)
		return;
	aq_str_add(&s->at, "<path shape-rendering=\"crispEdges\"");
	put_colour(&s->at, "fill", s->colour, s->cover);
	aq_str_add(&s->at, " d=\"%s\"/>\n", s->fills.at);
	s->broken |= s->fills.broken;
	aq_str_free(&s->fills);
}

void aq_sketch_fill(struct aq_sketch *s, struct aq_box box, struct aq_rgb colour, uint8_t cover)
{
	if (box.w < 1 || box.h < 1)
		return;
	if (s->pixels) {
		box.x -= s->place.x;
		box.y -= s->place.y;
		aq_canvas_wash(s->pixels, box, colour, cover);
		return;
	}
	if (s->fills.length &&
	    (memcmp(&colour, &s->colour, sizeof colour) != 0 || cover != s->cover))
		end_fills(s);
	s->colour = colour;
	s->cover = cover;
	aq_str_add(&s->fills, "M%d %dh%dv%dh-%dz", box.x, box.y, box.w, box.h, box.w);
}

void aq_sketch_pixels(struct aq_sketch *s, struct aq_box box)
{
	end_fills(s);
	s->place = box;
	if (box.w < 1 || box.h < 1)
		return;
	s->broken |= aq_canvas_new(&s->pixels, box.w, box.h, AQ_PAPER) < 0;
}

void aq_sketch_pixels_end(struct aq_sketch *s)
{
	struct aq_canvas *pixels = s->pixels;
	s->pixels = NULL;
	if (pixels)
		aq_sketch_picture(s, s->place.x, s->place.y, &pixels->picture, 1);
	aq_canvas_free(pixels);
}

/* ---- strokes --------------------------------------------------------------------------------- */

static void end_path(struct aq_sketch *s, struct path *path)
{
	if (path->at.length == 0)
		return;
	aq_str_add(&s->inked, "<path stroke-width=\"");
	put_number(&s->inked, path->width);
	aq_str_add(&s->inked, "\" d=\"%s\"/>\n", path->at.at);
	s->broken |= path->at.broken;
	aq_str_free(&path->at);
}

/* The path of that width, or one that becomes it. */
static struct path *find_path(struct aq_sketch *s, double width)
{
	for (int i = 0; i < PATHS; i++)
		if (s->path[i].at.length == 0 || s->path[i].width == width)
			return &s->path[i];
	end_path(s, &s->path[0]);
	return &s->path[0];
}

void aq_sketch_stroke(struct aq_sketch *s, double x0, double y0, double x1, double y1, double width)
{
	struct path *path = find_path(s, width);
	struct aq_str *at = &path->at;
	if (at->length == 0 || path->x != x0 || path->y != y0) {
		aq_str_add(at, "M");
		put_number(at, x0);
		aq_str_add(at, " ");
		put_number(at, y0);
	}
	if (x0 == x1 && y0 == y1) {
		aq_str_add(at, "h0"); /* a dot, by its round ends */
	} else {
		aq_str_add(at, "L");
		put_number(at, x1);
		aq_str_add(at, " ");
		put_number(at, y1);
	}
	path->width = width;
	path->x = x1;
	path->y = y1;
}

void aq_sketch_ink(struct aq_sketch *s, struct aq_rgb colour, uint8_t cover)
{
	end_fills(s);
	for (int i = 0; i < PATHS; i++)
		end_path(s, &s->path[i]);
	if (s->inked.length == 0)
		return;
	aq_str_add(&s->at, "<g fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\"");
	put_colour(&s->at, "stroke", colour, cover);
	aq_str_add(&s->at, ">\n%s</g>\n", s->inked.at);
	s->broken |= s->inked.broken;
	aq_str_free(&s->inked);
}

/* ---- the rest -------------------------------------------------------------------------------- */

void aq_sketch_clip(struct aq_sketch *s, struct aq_box box)
{
	end_fills(s);
	aq_str_add(&s->at,
		   "<clipPath id=\"c%d\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>"
		   "</clipPath>\n<g clip-path=\"url(#c%d)\">\n",
		   s->clips, box.x, box.y, box.w, box.h, s->clips);
	s->clips++;
}

void aq_sketch_unclip(struct aq_sketch *s)
{
	end_fills(s);
	aq_str_add(&s->at, "</g>\n");
}

void aq_sketch_picture(struct aq_sketch *s, int x, int y, const struct aq_picture *picture, int zoom)
{
	uint8_t *bytes = NULL;
	size_t length;
	end_fills(s);
	if (aq_png_encode(picture, AQ_PNG_SMALL, NULL, 0, &bytes, &length) < 0) {
		s->broken = true;
		return;
	}
	aq_str_add(&s->at,
		   "<image x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		   "preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" "
		   "xlink:href=\"data:image/png;base64,",
		   x, y, picture->width * zoom, picture->height * zoom);
	aq_str_base64(&s->at, bytes, length);
	aq_str_add(&s->at, "\"/>\n");
	free(bytes);
}

void aq_sketch_words(struct aq_sketch *s, const struct aq_words *w)
{
	end_fills(s);
	aq_str_add(&s->at, "<text x=\"");
	put_number(&s->at, w->x);
	aq_str_add(&s->at, "\" y=\"");
	put_number(&s->at, w->y);
	aq_str_add(&s->at, "\" font-size=\"");
	put_number(&s->at, w->caps / 0.72); /* as high as ours, in Helvetica and its kin */
	aq_str_add(&s->at, "\" textLength=\"%d\" lengthAdjust=\"spacingAndGlyphs\"", w->width);
	if (w->bold)
		aq_str_add(&s->at, " font-weight=\"bold\"");
	if (w->up) {
		aq_str_add(&s->at, " transform=\"rotate(-90 ");
		put_number(&s->at, w->x);
		aq_str_add(&s->at, " ");
		put_number(&s->at, w->y);
		aq_str_add(&s->at, ")\"");
	}
	put_colour(&s->at, "fill", w->colour, 255);
	aq_str_add(&s->at, ">");
	put_text(&s->at, w->text, w->end);
	aq_str_add(&s->at, "</text>\n");
}

int aq_sketch_write(struct aq_sketch *s, const char *path, bool keep, int width, int height,
		    struct aq_rgb paper, const struct aq_png_text *texts, int count)
{
	struct aq_str all = { 0 };
	end_fills(s);
	aq_str_add(&all,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" "
		   "xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"%d\" height=\"%d\" "
		   "viewBox=\"0 0 %d %d\" xml:space=\"preserve\" "
		   "font-family=\"Helvetica, Arial, 'Liberation Sans', "
		   "'DejaVu Sans Condensed', sans-serif\">\n<desc>",
		   width, height, width, height);
	for (int i = 0; i < count; i++) {
		const char *value = texts[i].value;
		aq_str_add(&all, "%s%s: ", i ? "\n" : "", texts[i].key);
		put_text(&all, value, value + strlen(value));
	}
	aq_str_add(&all, "</desc>\n<rect width=\"%d\" height=\"%d\"", width, height);
	put_colour(&all, "fill", paper, 255);
	aq_str_add(&all, "/>\n");
	aq_str_bytes(&all, aq_str_text(&s->at), s->at.length);
	aq_str_add(&all, "</svg>\n");
	for (int i = 0; i < PATHS; i++)
		s->broken |= s->path[i].at.broken;
	s->broken |= s->at.broken || s->fills.broken || s->inked.broken || all.broken;
	int rc = s->broken
			 ? aq_fail(AQ_ENOMEM, "no memory for a drawing this long")
			 : aq_file_write(path, keep, all.at, all.length);
	aq_str_free(&all);
	return rc;
}
