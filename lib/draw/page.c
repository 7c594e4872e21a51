/* SPDX-License-Identifier: MIT
 *
 * page.c - a page that grows downwards
 */
#include "draw/page.h"

#include "base/str.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST_HEIGHT = 512,
	TITLE_BELOW = 4,
	RULE_GAP = 5,
	HEAD_GAP = 8,
};

bool aq_page_is_svg(const char *path)
{
	const size_t length = strlen(path);
	return length > 4 && strcmp(path + length - 4, ".svg") == 0;
}

int aq_page_new(struct aq_page **page, int width)
{
	return aq_page_new_for(page, width, "");
}

int aq_page_new_for(struct aq_page **out, int width, const char *path)
{
	*out = NULL;
	struct aq_page *page = calloc(1, sizeof *page);
	if (!page)
		return aq_fail(AQ_ENOMEM, "out of memory");
	const int outer = width + 2 * AQ_PAGE_MARGIN;
	const int rc = aq_page_is_svg(path)
			       ? aq_canvas_sketch(&page->canvas, outer, FIRST_HEIGHT, AQ_PAPER)
			       : aq_canvas_new(&page->canvas, outer, FIRST_HEIGHT, AQ_PAPER);
	if (rc < 0) {
		free(page);
		return rc;
	}
	page->width = width;
	page->y = AQ_PAGE_MARGIN;
	*out = page;
	return AQ_OK;
}

void aq_page_free(struct aq_page *page)
{
	if (!page)
		return;
	aq_canvas_free(page->canvas);
	free(page);
}

/* Make room for `height` more pixels and a margin: half as high again, so that growing stays
 * cheap. */
static bool make_room(struct aq_page *page, int height)
{
	const int64_t needed = (int64_t)page->y + height + AQ_PAGE_MARGIN;
	const int now = page->canvas->picture.height;
	if (page->broken || needed <= now)
		return !page->broken;
	const int64_t most = AQ_CANVAS_MOST / page->canvas->picture.width;
	int64_t wanted = needed + now / 2;
	if (wanted > most)
		wanted = needed;
	if (wanted > INT32_MAX)
		wanted = INT32_MAX;
	page->broken = aq_canvas_resize(page->canvas, (int)wanted) < 0;
	return !page->broken;
}

struct aq_box aq_page_take(struct aq_page *page, int height)
{
	if (height < 0)
		height = 0;
	if (!make_room(page, height))
		return (struct aq_box){ 0 };
	const struct aq_box box = { AQ_PAGE_MARGIN, page->y, page->width, height };
	page->y += height;
	return box;
}

void aq_page_space(struct aq_page *page, int height)
{
	(void)aq_page_take(page, height);
}

void aq_page_rule(struct aq_page *page)
{
	aq_canvas_fill(page->canvas, aq_page_take(page, 1), AQ_RULE);
}

void aq_page_title(struct aq_page *page, const char *title, const char *below)
{
	const struct aq_box line = aq_page_take(page, aq_text_line(AQ_FACE_TITLE));
	aq_text_in(page->canvas, line, AQ_FACE_TITLE, AQ_LEFT, AQ_INK, title);
	if (below) {
		aq_page_space(page, TITLE_BELOW);
		aq_page_text(page, AQ_SOFT, "%s", below);
	}
	aq_page_space(page, AQ_PAGE_GAP);
}

void aq_page_heading(struct aq_page *page, const char *heading, const char *aside)
{
	aq_page_space(page, AQ_PAGE_SECTION - AQ_PAGE_GAP);
	aq_page_rule(page);
	aq_page_space(page, RULE_GAP);
	struct aq_box line = aq_page_take(page, aq_text_line(AQ_FACE_BOLD));
	const int width = aq_text_width(AQ_FACE_BOLD, heading);
	aq_text_in(page->canvas, aq_box_cut_left(&line, width, AQ_PAGE_GAP), AQ_FACE_BOLD, AQ_LEFT,
		   AQ_INK, heading);
	if (aside)
		aq_text_in(page->canvas, line, AQ_FACE_TEXT, AQ_RIGHT, AQ_SOFT, aside);
	aq_page_space(page, HEAD_GAP);
}

void aq_page_label(struct aq_page *page, const char *text)
{
	const struct aq_box line = aq_page_take(page, aq_text_line(AQ_FACE_TEXT));
	aq_text_in(page->canvas, line, AQ_FACE_TEXT, AQ_LEFT, AQ_SOFT, text);
	aq_page_space(page, HEAD_GAP / 2);
}

void aq_page_text(struct aq_page *page, struct aq_rgb colour, const char *fmt, ...)
{
	struct aq_str text = { 0 };
	va_list args;
	va_start(args, fmt);
	aq_str_addv(&text, fmt, args);
	va_end(args);
	if (aq_str_check(&text) < 0)
		page->broken = true;
	const int height = aq_text_flow(NULL, 0, 0, page->width, AQ_FACE_TEXT, colour,
					aq_str_text(&text));
	const struct aq_box box = aq_page_take(page, height);
	if (box.h > 0)
		aq_text_flow(page->canvas, box.x, box.y, box.w, AQ_FACE_TEXT, colour,
			     aq_str_text(&text));
	aq_str_free(&text);
}

int aq_page_finish(struct aq_page *page)
{
	if (page->broken) /* told where it happened, but other things may have failed since */
		return aq_fail(AQ_ENOMEM,
			       "no memory for a page this long; ask for fewer parts or less zoom");
	return aq_canvas_resize(page->canvas, page->y + AQ_PAGE_MARGIN);
}

int aq_page_write(struct aq_page *page, const char *path, bool keep,
		  const struct aq_png_text *texts, int count)
{
	const int rc = aq_page_finish(page);
	return rc < 0 ? aq_while(rc, "while drawing %s", path) :
			aq_canvas_write(page->canvas, path, keep, texts, count);
}
