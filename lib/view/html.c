/* SPDX-License-Identifier: MIT
 *
 * html.c - the text of a page of its own
 */
#include "view/html.h"

#include <stdlib.h>
#include <string.h>

const char *aq_html_part(const char *name)
{
	for (const struct aq_html_part *part = aq_html_parts; part->name; part++)
		if (strcmp(part->name, name) == 0)
			return part->text;
	return "";
}

void aq_html_text(struct aq_str *to, const char *text)
{
	for (const char *at = text; *at; at++)
		switch (*at) {
		case '&':
			aq_str_add(to, "&amp;");
			break;
		case '<':
			aq_str_add(to, "&lt;");
			break;
		case '>':
			aq_str_add(to, "&gt;");
			break;
		case '"':
			aq_str_add(to, "&quot;");
			break;
		default:
			aq_str_bytes(to, at, 1);
		}
}

int aq_html_picture(struct aq_str *to, const struct aq_picture *picture)
{
	uint8_t *bytes = NULL;
	size_t length;
	int rc;
	AQ_TRY(aq_png_encode(picture, AQ_PNG_SMALL, NULL, 0, &bytes, &length));
	aq_str_add(to, "data:image/png;base64,");
	aq_str_base64(to, bytes, length);
done:
	free(bytes);
	return rc;
}

void aq_html_colour(struct aq_str *to, struct aq_rgb colour)
{
	aq_str_add(to, "#%02x%02x%02x", colour.r, colour.g, colour.b);
}
