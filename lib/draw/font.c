/* SPDX-License-Identifier: MIT
 *
 * font.c - glyphs found in the bands of a face
 */
#include "draw/font.h"

#include <string.h>

uint32_t aq_utf8_next(const char **text)
{
	const unsigned char *s = (const unsigned char *)*text;
	const int more = s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 1 : s[0] < 0xf0 ? 2 : s[0] < 0xf5 ? 3 : 0;
	uint32_t letter = more ? s[0] & (0x3fu >> more) : s[0];
	for (int i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80) {
			*text += 1;
			return 0xfffd;
		}
		letter = letter << 6 | (s[i] & 0x3fu);
	}
	*text += more + 1;
	return more == 0 && s[0] >= 0x80 ? 0xfffd : letter;
}

/* The columns of the index-th glyph: from the blank before it to the blank behind. */
static struct aq_glyph place(const struct aq_band_art *band, int index)
{
	const char *row = band->rows[0], *at = row;
	while (index-- > 0)
		at = strchr(at, ' ') + 1;
	return (struct aq_glyph){ band, (int)(at - row), (int)strcspn(at, " ") };
}

struct aq_glyph aq_font_glyph(const struct aq_font *font, uint32_t letter)
{
	for (int i = 0; i < font->count; i++) {
		const char *at = font->bands[i].letters;
		for (int index = 0; *at; index++)
			if (aq_utf8_next(&at) == letter)
				return place(&font->bands[i], index);
	}
	return (struct aq_glyph){ 0 };
}

int aq_glyph_ink(const struct aq_font *font, const struct aq_glyph *glyph, int u, int v)
{
	return u >= 0 && v >= 0 && u < glyph->width && v < font->rows &&
	       glyph->band->rows[v][glyph->from + u] == '#';
}
