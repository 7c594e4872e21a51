/* SPDX-License-Identifier: MIT
 *
 * page.h - a page that grows downwards, with one set of margins, type sizes and rules
 *
 *	aq_page_new(&page, 1000);
 *	aq_page_title(page, "digits.snap.h5", "step 1200 of 5000");
 *	aq_page_heading(page, "conv1", "16x3x5x5 + 16 = 1,216 weights");
 *	struct aq_box row = aq_page_take(page, 120);
 *	... draw into page->canvas within row ...
 *	aq_page_write(page, "out.png", false, texts, count);
 *
 * Memory that runs out breaks the page: what is drawn after that goes nowhere, and aq_page_write()
 * tells.
 */
#ifndef AQ_DRAW_PAGE_H
#define AQ_DRAW_PAGE_H

#include "base/err.h"
#include "draw/canvas.h"
#include "draw/text.h"
#include "io/png.h"

#include <stdbool.h>

/* The spaces of every page, in pixels. */
enum {
	AQ_PAGE_MARGIN = 28, /* around the page */
	AQ_PAGE_GAP = 12,    /* between parts that stand beside or below each other */
	AQ_PAGE_SECTION = 26 /* above a heading */
};

struct aq_page {
	struct aq_canvas *canvas; /* higher than what is used so far */
	int width;                /* of the contents, between the margins */
	int y;                    /* where the next part begins */
	bool broken;
};

/* A page whose contents are `width` pixels wide. */
int aq_page_new(struct aq_page **page, int width) AQ_CHECKED;
/* The same for a file of this name: a sketch where it ends in .svg. */
int aq_page_new_for(struct aq_page **page, int width, const char *path) AQ_CHECKED;
bool aq_page_is_svg(const char *path);
void aq_page_free(struct aq_page *page);

/* The next `height` pixels, as wide as the contents; and a space with nothing in it.  An empty box
 * once the page is broken. */
struct aq_box aq_page_take(struct aq_page *page, int height);
void aq_page_space(struct aq_page *page, int height);

/* The title, with a second line in soft colour (or NULL) below it. */
void aq_page_title(struct aq_page *page, const char *title, const char *below);

/* A rule, a bold heading, and beside it in soft colour (right-aligned) `aside`, or NULL. */
void aq_page_heading(struct aq_page *page, const char *heading, const char *aside);

/* A smaller heading without a rule. */
void aq_page_label(struct aq_page *page, const char *text);

/* A paragraph, broken into lines. */
void aq_page_text(struct aq_page *page, struct aq_rgb colour, const char *fmt, ...) AQ_PRINTF(3, 4);

void aq_page_rule(struct aq_page *page);

/* Cut to what is used, with the margin below. */
int aq_page_finish(struct aq_page *page) AQ_CHECKED;

/* Finish and write. */
int aq_page_write(struct aq_page *page, const char *path, bool keep,
		  const struct aq_png_text *texts, int count) AQ_CHECKED;

#endif
