/* SPDX-License-Identifier: MIT
 *
 * html.h - the text of a page of its own: everything it shows is inside
 */
#ifndef AQ_VIEW_HTML_H
#define AQ_VIEW_HTML_H

#include "base/str.h"
#include "draw/canvas.h"

/* The files of lib/view/report, built in: page.html, style.css, report.js; ended by NULL. */
struct aq_html_part {
	const char *name, *text;
};
extern const struct aq_html_part aq_html_parts[];
const char *aq_html_part(const char *name); /* "" where there is none */

/* Text as it is read, between tags or within quotes. */
void aq_html_text(struct aq_str *to, const char *text);

/* A picture as the address of an <img>: data:image/png;base64,... */
int aq_html_picture(struct aq_str *to, const struct aq_picture *picture) AQ_CHECKED;

/* #rrggbb */
void aq_html_colour(struct aq_str *to, struct aq_rgb colour);

#endif
