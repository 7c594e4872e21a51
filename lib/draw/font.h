/* SPDX-License-Identifier: MIT
 *
 * font.h - faces drawn as text, so that one sees and mends them in the source; for text.c alone
 *
 * A band is a few glyphs side by side, parted by blanks: '#' is ink, '.' is none.
 */
#ifndef AQ_DRAW_FONT_H
#define AQ_DRAW_FONT_H

#include <stdint.h>

enum { AQ_FONT_ROWS = 13 };

struct aq_band_art {
	const char *letters; /* UTF-8, one a glyph */
	const char *rows[AQ_FONT_ROWS];
};

struct aq_font {
	const struct aq_band_art *bands;
	int count;
	int rows;  /* of a glyph */
	int base;  /* rows above the base line */
	int caps;  /* height of capitals and digits */
	int line;  /* height of a line box */
	int above; /* pixels of the line box above row 0: capitals stand in its middle */
	int blank; /* width of a blank */
};

extern const struct aq_font aq_font_text, aq_font_small;

/* Where a glyph stands in its band. */
struct aq_glyph {
	const struct aq_band_art *band; /* NULL: not there */
	int from, width;
};

/* The code point at *text, which moves behind it; a broken sequence gives U+FFFD and moves by
 * one. */
uint32_t aq_utf8_next(const char **text);

struct aq_glyph aq_font_glyph(const struct aq_font *font, uint32_t letter);

/* Is there ink at column u, row v of the glyph?  No outside of it. */
int aq_glyph_ink(const struct aq_font *font, const struct aq_glyph *glyph, int u, int v);

#endif
