/* SPDX-License-Identifier: MIT
 *
 * heat.c - a heat map over steps
 */
#include "draw/heat.h"

#include "draw/plot_layout.h"
#include "draw/text.h"

#include <math.h>
#include <stdio.h>

enum {
	TALL = 26,   /* a row, where there are few */
	ALL = 300,   /* rows together, where there are more */
	MOST = 1000, /* and where there are very many */
	TICK = 4,
	BESIDE = 8, /* between the map and its names */
	BAR = 10,
	MARK = 5,	/* the bracket over a bar */
	TICK_ROOM = 62, /* pixels that a tick and its label want */
};

/* ---- colours --------------------------------------------------------------------------------- */

/* Where a finite value lies on the scale, 0 .. 1. */
static double place(const struct aq_heat_scale *s, double value)
{
	if (s->log && value <= s->low)
		return 0;
	const double t = s->log ? log(value / s->low) / log(s->high / s->low)
				: (value - s->low) / (s->high - s->low);
	return t < 0 ? 0 : t > 1 ? 1 : t;
}

static struct aq_rgb colour_at(const struct aq_heat_scale *s, double t)
{
	return aq_map_colour(s->map, s->upper ? 0.5 + t / 2 : t);
}

struct aq_rgb aq_heat_colour(const struct aq_heat_scale *s, float value)
{
	if (isfinite(value))
		return colour_at(s, place(s, (double)value));
	return s->gaps && isnan(value) ? AQ_RULE : AQ_ODD;
}

/* ---- the bar --------------------------------------------------------------------------------- */

static char *power_label(char *text, double value)
{
	const double power = floor(log10(value) + 1e-9);
	if (power >= -2 && power < 4)
		return aq_number(text, value, 2);
	snprintf(text, AQ_NUMBER_ROOM, "%.0fe%s%.0f", value / pow(10, power), power < 0 ? "−" : "",
		 fabs(power));
	return text;
}

static void put_mark(struct aq_canvas *canvas, struct aq_box bar, const struct aq_heat_scale *s)
{
	const int from = bar.x + (int)(place(s, s->mark[0]) * (bar.w - 1) + 0.5);
	const int to = bar.x + (int)(place(s, s->mark[1]) * (bar.w - 1) + 0.5);
	const int top = bar.y - MARK + 1;
	aq_canvas_across(canvas, from, top, to - from + 1, AQ_INK);
	aq_canvas_down(canvas, from, top, MARK, AQ_INK);
	aq_canvas_down(canvas, to, top, MARK, AQ_INK);
	if (s->mark_name)
		aq_text_draw(canvas, (from + to) / 2, top - aq_text_line(AQ_FACE_SMALL),
			     AQ_FACE_SMALL, AQ_CENTRE, AQ_INK, s->mark_name);
}

void aq_heat_bar(struct aq_canvas *canvas, int x, int y, int width, const struct aq_heat_scale *s)
{
	const int line = aq_text_line(AQ_FACE_SMALL);
	const struct aq_box bar = { x, y + AQ_HEAT_BAR_HEIGHT - line - TICK - BAR, width, BAR };
	const struct aq_ticks ticks = s->log ? aq_ticks_log(s->low, s->high, width / 42)
					     : aq_ticks_linear(s->low, s->high, width / 50);
	char text[AQ_NUMBER_ROOM];
	aq_canvas_pixels(canvas, bar);
	for (int u = 0; u < width; u++)
		aq_canvas_down(canvas, x + u, bar.y, BAR,
			       colour_at(s, width > 1 ? (double)u / (width - 1) : 0));
	aq_canvas_pixels_end(canvas);
	aq_canvas_frame(canvas, bar, AQ_FRAME);
	for (int i = 0; i < ticks.count; i++) {
		const int at = x + (int)(place(s, ticks.at[i]) * (width - 1) + 0.5);
		aq_canvas_down(canvas, at, bar.y + BAR, TICK - 1, AQ_SOFT);
		aq_text_draw(canvas, at, bar.y + BAR + TICK - 1, AQ_FACE_SMALL, AQ_CENTRE, AQ_SOFT,
			     s->log ? power_label(text, ticks.at[i])
				    : aq_number_tick(text, ticks.at[i], ticks.step));
	}
	if (s->mark[0] != 0 || s->mark[1] != 0)
		put_mark(canvas, bar, s);
}

/* ---- the map --------------------------------------------------------------------------------- */

int aq_heat_row(int rows)
{
	const int line = aq_text_line(AQ_FACE_SMALL);
	int height = rows > 0 ? ALL / rows : TALL;
	height = height > TALL ? TALL : height < line ? line : height;
	if (rows * height > MOST)
		height = MOST / rows < 3 ? 3 : MOST / rows;
	return height;
}

int aq_heat_height(const struct aq_heat *heat)
{
	const int line = aq_text_line(AQ_FACE_SMALL);
	return heat->rows * aq_heat_row(heat->rows) + TICK + line + (heat->x_name ? line : 0);
}

/* One row: the mean, and where a column stands for several steps their extremes at its edges. */
static void put_row(struct aq_canvas *canvas, int x, int y, int height, const struct aq_heat *h,
		    int row)
{
	const size_t start = (size_t)row * (size_t)h->columns;
	const int edge = height >= 12 ? height / 6 : 1;
	for (int u = 0; u < h->columns; u++) {
		const size_t i = start + (size_t)u;
		aq_canvas_down(canvas, x + u, y, height, aq_heat_colour(&h->scale, h->mean[i]));
		if (h->low[i] == h->high[i] || height < 3)
			continue;
		aq_canvas_down(canvas, x + u, y, edge, aq_heat_colour(&h->scale, h->high[i]));
		aq_canvas_down(canvas, x + u, y + height - edge, edge,
			       aq_heat_colour(&h->scale, h->low[i]));
	}
}

static void put_axis(struct aq_canvas *canvas, int x, int y, const struct aq_heat *h)
{
	const struct aq_axis axis = { h->x_min, h->x_max, h->log_x, x + 0.5, x + h->columns - 0.5 };
	const int wanted = h->columns / TICK_ROOM;
	const struct aq_ticks ticks = h->log_x ? aq_ticks_log(h->x_min, h->x_max, wanted)
					       : aq_ticks_linear(h->x_min, h->x_max, wanted);
	const int line = aq_text_line(AQ_FACE_SMALL);
	char text[AQ_NUMBER_ROOM];
	aq_canvas_across(canvas, x, y, h->columns, AQ_FRAME);
	for (int i = 0; i < ticks.count; i++) {
		const double at = aq_axis_pixel(&axis, ticks.at[i]);
		if (!(at >= x && at <= x + h->columns))
			continue;
		aq_canvas_down(canvas, (int)at, y, TICK, AQ_FRAME);
		aq_text_draw(canvas, (int)at, y + TICK - 1, AQ_FACE_SMALL, AQ_CENTRE, AQ_SOFT,
			     aq_number_count(text, ticks.at[i]));
	}
	if (h->x_name)
		aq_text_draw(canvas, x + h->columns / 2, y + TICK + line - 1, AQ_FACE_SMALL,
			     AQ_CENTRE, AQ_SOFT, h->x_name);
}

void aq_heat_draw(struct aq_canvas *canvas, int x, int y, int left, int right,
		  const struct aq_heat *h)
{
	const int pitch = aq_heat_row(h->rows), line = aq_text_line(AQ_FACE_SMALL);
	const int gap = pitch >= 20 ? 2 : pitch >= 5 ? 1 : 0;
	const int every = (line + pitch - 1) / pitch; /* rows a name, where rows are lower */
	const struct aq_box frame = { x - 1, y - 1, h->columns + 2, h->rows * pitch - gap + 2 };
	aq_canvas_pixels(canvas, frame);
	aq_canvas_fill(canvas, frame, AQ_RULE);
	for (int row = 0; row < h->rows; row++)
		put_row(canvas, x, y + row * pitch, pitch - gap, h, row);
	aq_canvas_pixels_end(canvas);
	for (int row = 0; row < h->rows; row++) {
		const int top = y + row * pitch;
		if (row % every)
			continue;
		const int middle = top + (pitch - gap - line + 1) / 2;
		aq_text_in(canvas, (struct aq_box){ x - left, middle, left - BESIDE, line },
			   AQ_FACE_SMALL, AQ_RIGHT, AQ_INK, h->names[row]);
		if (h->notes)
			aq_text_in(canvas,
				   (struct aq_box){ x + h->columns + BESIDE, middle, right - BESIDE,
						    line },
				   AQ_FACE_SMALL, AQ_LEFT, AQ_SOFT, h->notes[row]);
	}
	put_axis(canvas, x, y + h->rows * pitch, h);
	if (h->notes && h->notes_name)
		aq_text_in(canvas,
			   (struct aq_box){ x + h->columns + BESIDE, y - line - 1, right - BESIDE,
					    line },
			   AQ_FACE_SMALL, AQ_LEFT, AQ_SOFT, h->notes_name);
}
