/* SPDX-License-Identifier: MIT
 *
 * smoothness_heap.c - every filter where its smoothness puts it, beside where noise lies
 */
#include "view/smoothness_private.h"

#include "draw/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	WIDTH = AQ_SMOOTHNESS_WIDTH,
	HEAP = 430, /* pixels that filters heaped up may be high */
	AXIS = 46,
};

struct spot {
	int filter, x, row; /* of pixels, of the heap */
	double value;
};

static int by_spot(const void *a, const void *b)
{
	const struct spot *x = a, *y = b;
	return x->value != y->value ? (x->value > y->value) - (x->value < y->value)
				    : x->filter - y->filter;
}

/* Those that would lie on each other are heaped up, each in the lowest row that is free.  Returns how
 * many can be drawn; *rows is how high the heap is. */
static int heap_up(const struct aq_smoothness *s, struct spot *spot, int pitch, int *rows)
{
	const struct aq_filters *f = &s->filters;
	int n = 0;
	*rows = 1;
	for (int i = 0; i < f->count; i++) {
		const double value = (double)aq_smoothness_value(s, AQ_HIGH, i, f->moments - 1);
		if (isfinite(value))
			spot[n++] = (struct spot){ .filter = i, .value = value };
	}
	qsort(spot, (size_t)n, sizeof *spot, by_spot);
	for (int i = 0; i < n; i++) {
		spot[i].x = (int)(spot[i].value / s->most_high * (WIDTH - pitch)) + pitch / 2;
		/* they come from left to right: only those before can be in the way */
		for (int j = i - 1; j >= 0 && spot[i].x - spot[j].x < pitch; j--)
			if (spot[j].row == spot[i].row) {
				spot[i].row++;
				j = i;
			}
		*rows = spot[i].row >= *rows ? spot[i].row + 1 : *rows;
	}
	return n;
}

static void draw_axis(const struct aq_smoothness *s, struct aq_canvas *canvas, struct aq_box box,
		      int pitch)
{
	const int line = aq_text_line(AQ_FACE_SMALL), bottom = box.y + box.h - AXIS;
	const struct aq_ticks ticks = aq_ticks_linear(0, s->most_high, 10);
	char text[AQ_NUMBER_ROOM];
	aq_canvas_across(canvas, box.x, bottom, box.w, AQ_FRAME);
	for (int i = 0; i < ticks.count; i++) {
		const int at = box.x + pitch / 2 +
			       (int)(ticks.at[i] / s->most_high * (box.w - pitch));
		aq_canvas_down(canvas, at, bottom, 4, AQ_FRAME);
		aq_text_draw(canvas, at, bottom + 5, AQ_FACE_SMALL, AQ_CENTRE, AQ_SOFT,
			     aq_number_tick(text, ticks.at[i], ticks.step));
	}
	aq_text_draw(canvas, box.x, bottom + 8 + line, AQ_FACE_TEXT, AQ_LEFT, AQ_INK,
		     "← smooth");
	aq_text_draw(canvas, box.x + box.w, bottom + 8 + line, AQ_FACE_TEXT, AQ_RIGHT, AQ_INK,
		     "noisy →");
	aq_text_draw(canvas, box.x + box.w / 2, bottom + 8 + line, AQ_FACE_TEXT, AQ_CENTRE, AQ_SOFT,
		     "high: share of energy in fine detail");
}

/* Its picture with its number below, or where that is many tiles its number alone. */
static void draw_spot(const struct aq_smoothness *s, struct aq_canvas *canvas, int x, int y,
		      int side, int filter, int number)
{
	char text[16];
	snprintf(text, sizeof text, "%d", filter);
	if (aq_filter_is_one_tile(&s->filters.shape)) {
		aq_filter_draw(canvas, (struct aq_box){ x - side / 2, y, side, side },
			       &s->filters.shape, aq_smoothness_filter(s, s->filters.last, filter));
		if (number)
			aq_text_draw(canvas, x, y + side, AQ_FACE_SMALL, AQ_CENTRE, AQ_SOFT, text);
		return;
	}
	aq_canvas_disc(canvas, x + 0.5, y + side / 2.0, side / 2.0 + 1);
	aq_canvas_ink(canvas, aq_mix(AQ_PAPER, aq_hue(0), 0.22), 255);
	aq_text_in(canvas, (struct aq_box){ x - side / 2, y, side + 2, side }, AQ_FACE_SMALL,
		   AQ_CENTRE, AQ_INK, text);
}

/* Draw the heap of pictures of `side` pixels. */
static void draw_spots(const struct aq_smoothness *s, struct aq_canvas *canvas, struct aq_box box,
		       const struct spot *spot, int count, int side, int number)
{
	const struct aq_filters *f = &s->filters;
	const int pitch = side + 6, high = pitch + number, head = aq_text_line(AQ_FACE_SMALL) + 4;
	const double scale = (WIDTH - pitch) / s->most_high;
	const int from = box.x + pitch / 2 + (int)(f->band.low.high * scale);
	const int to = box.x + pitch / 2 + (int)(f->band.high.high * scale);
	aq_canvas_fill(canvas, (struct aq_box){ from, box.y, to - from + 1, box.h - AXIS }, AQ_RULE);
	aq_text_in(canvas, (struct aq_box){ from - 60, box.y, to - from + 120, head },
		   AQ_FACE_SMALL, AQ_CENTRE, AQ_SOFT, "random filters");
	draw_axis(s, canvas, box, pitch);
	for (int i = 0; i < count; i++) {
		const int x = box.x + spot[i].x;
		const int y = box.y + box.h - AXIS - (spot[i].row + 1) * high;
		draw_spot(s, canvas, x, y, side, spot[i].filter, number);
	}
}

/* As large as they can be when all of them have room. */
int aq_smoothness_heap(const struct aq_smoothness *s, struct aq_page *page)
{
	static const int sides[] = { 52, 44, 36, 28, 20 };
	const size_t all = sizeof sides / sizeof *sides;
	const struct aq_filters *f = &s->filters;
	const int head = aq_text_line(AQ_FACE_SMALL) + 4;
	struct spot *spot = malloc((size_t)f->count * sizeof *spot);
	int rows, number = 0, count = 0, side = 0;
	if (!spot)
		return aq_fail(AQ_ENOMEM, "out of memory");
	for (size_t i = aq_filter_is_one_tile(&s->filters.shape) ? 0 : all - 1; i < all; i++) {
		side = sides[i];
		number = side >= 28 ? aq_text_line(AQ_FACE_SMALL) : 0;
		count = heap_up(s, spot, side + 6, &rows);
		if (rows * (side + 6 + number) <= HEAP)
			break;
	}
	const struct aq_box box =
		aq_page_take(page, head + rows * (side + 6 + number) + AXIS);
	if (box.h > 0)
		draw_spots(s, page->canvas, box, spot, count, side, number);
	free(spot);
	return AQ_OK;
}
