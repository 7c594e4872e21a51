/* SPDX-License-Identifier: MIT
 *
 * shade.c - from values to pixels, and the bar that says how
 */
#include "draw/text.h"
#include "draw/tile.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const aq_scale_words[] = { "sym", "minmax", "layer", "global", "convnetjs", NULL };

/* ---- ranges ---------------------------------------------------------------------------------- */

struct aq_range aq_range_of(const float *values, size_t count)
{
	struct aq_range range = { 0 };
	for (size_t i = 0; i < count; i++) {
		const float v = values[i];
		if (!isfinite(v)) {
			range.odd++;
			continue;
		}
		if (range.finite == 0 || v < range.min)
			range.min = v;
		if (range.finite == 0 || v > range.max)
			range.max = v;
		range.finite++;
	}
	return range;
}

struct aq_range aq_range_join(struct aq_range a, struct aq_range b)
{
	struct aq_range both = a.finite ? a : b;
	if (a.finite && b.finite) {
		both.min = fminf(a.min, b.min);
		both.max = fmaxf(a.max, b.max);
	}
	both.finite = a.finite + b.finite;
	both.odd = a.odd + b.odd;
	return both;
}

bool aq_range_is_flat(struct aq_range range)
{
	return range.finite == 0 || range.min == range.max;
}

/* ---- pixels ---------------------------------------------------------------------------------- */

struct aq_shade aq_shade_of(enum aq_scale scale, struct aq_range range)
{
	const float most = fmaxf(fabsf(range.min), fabsf(range.max));
	return scale == AQ_SCALE_SYM ?
		(struct aq_shade){ scale, AQ_MAP_SIGNED, -most, most, false } :
		(struct aq_shade){ scale, AQ_MAP_GREY, range.min, range.max, false };
}

/* Where a finite value lies between both ends: 0 .. 1, and the middle of a flat shade. */
static double place(const struct aq_shade *shade, float value)
{
	const double span = (double)shade->high - shade->low;
	const double t = span > 0 ? ((double)value - shade->low) / span : 0.5;
	return t < 0 ? 0 : t > 1 ? 1 : t;
}

/* Math.floor((v - min) / (max - min) * 255) as the ConvNetJS page draws it; 0 / 0 becomes black
 * there. */
static uint8_t convnetjs(const struct aq_shade *shade, float value)
{
	return shade->high > shade->low ? (uint8_t)floor(place(shade, value) * 255) : 0;
}

static uint8_t level(const struct aq_shade *shade, float value)
{
	return shade->scale == AQ_SCALE_CONVNETJS ? convnetjs(shade, value) :
						    (uint8_t)(place(shade, value) * 255 + 0.5);
}

struct aq_rgb aq_shade_pixel(const struct aq_shade *shade, float value)
{
	if (!isfinite(value))
		return AQ_ODD;
	if (shade->scale == AQ_SCALE_CONVNETJS) {
		const uint8_t grey = convnetjs(shade, value);
		return (struct aq_rgb){ grey, grey, grey };
	}
	return aq_map_colour(shade->map, place(shade, value));
}

struct aq_rgb aq_shade_colour(const struct aq_shade *shade, float r, float g, float b)
{
	if (!isfinite(r) || !isfinite(g) || !isfinite(b))
		return AQ_ODD;
	return (struct aq_rgb){ level(shade, r), level(shade, g), level(shade, b) };
}

/* ---- the bar --------------------------------------------------------------------------------- */

enum { BAR = 10, BAR_COLOURS = 15, TICK = 3 };

char *aq_shade_label(char *text, const struct aq_shade *shade, double t)
{
	return aq_number(text, shade->low + t * ((double)shade->high - shade->low), 3);
}

/* One tick at t, its text kept within the bar. */
static void put_tick(struct aq_canvas *canvas, struct aq_box bar, double t, const char *text)
{
	const int at = bar.x + (int)(t * (bar.w - 1) + 0.5),
		  half = aq_text_width(AQ_FACE_SMALL, text) / 2;
	const int left = at - half < bar.x ? bar.x :
			 at + half > bar.x + bar.w ? bar.x + bar.w - 2 * half : at - half;
	aq_canvas_down(canvas, at, bar.y + bar.h, TICK, AQ_SOFT);
	aq_text_draw(canvas, left, bar.y + bar.h + TICK, AQ_FACE_SMALL, AQ_LEFT, AQ_SOFT, text);
}

/* Both ends, the middle or 0, and quarters where there is room. */
static void put_numbers(struct aq_canvas *canvas, struct aq_box bar, const struct aq_shade *shade)
{
	static const double quarters[] = { 0, 1, 0.5, 0.25, 0.75 };
	const double span = (double)shade->high - shade->low,
		     zero = span > 0 ? -shade->low / span : 0;
	char text[AQ_NUMBER_ROOM];
	if (!(span > 0)) {
		put_tick(canvas, bar, 0.5, aq_shade_label(text, shade, 0));
		return;
	}
	const int count = bar.w >= 260 ? 5 : bar.w >= 130 ? 3 : 2;
	const bool off_centre = zero > 0 && zero < 1 && fabs(zero - 0.5) > 1e-6;
	for (int i = 0; i < count; i++)
		if (i < 2 || !off_centre)
			put_tick(canvas, bar, quarters[i],
				 aq_shade_label(text, shade, quarters[i]));
	if (off_centre && zero * bar.w > 45 && (1 - zero) * bar.w > 45)
		put_tick(canvas, bar, zero, "0");
}

static void put_words(struct aq_canvas *canvas, struct aq_box bar, const struct aq_shade *shade)
{
	const bool sym = shade->scale == AQ_SCALE_SYM;
	put_tick(canvas, bar, 0, sym ? "−max|v|" : "min");
	put_tick(canvas, bar, 1, sym ? "max|v|" : "max");
	if (sym && bar.w >= 130)
		put_tick(canvas, bar, 0.5, "0");
}

/* Three strips, red, green and blue, each from its low to its high value while the other two are 0, or as
 * near to it as the shade goes. */
static void put_colours(struct aq_canvas *canvas, struct aq_box bar, const struct aq_shade *shade)
{
	const float rest = fminf(fmaxf(0, shade->low), shade->high);
	for (int u = 0; u < bar.w; u++)
		for (int c = 0; c < 3; c++) {
			const float t = bar.w > 1 ? (float)u / (float)(bar.w - 1) : 0;
			const float v = shade->low + t * (shade->high - shade->low);
			const int top = bar.h * c / 3, end = bar.h * (c + 1) / 3;
			aq_canvas_down(canvas, bar.x + u, bar.y + top, end - top,
				       aq_shade_colour(shade, c == 0 ? v : rest, c == 1 ? v : rest,
						       c == 2 ? v : rest));
		}
}

void aq_shade_bar(struct aq_canvas *canvas, int x, int y, int width, const struct aq_shade *shade,
		  const char *each, const char *what)
{
	const int line = aq_text_line(AQ_FACE_SMALL);
	struct aq_box head = { x, y, width, line };
	const struct aq_box bar = { x, y + line + 1, width, shade->is_colour ? BAR_COLOURS : BAR };
	char scale[64];
	snprintf(scale, sizeof scale, "%s%s%s", aq_scale_words[shade->scale], each ? ", " : "",
		 each ? each : "");
	if (what) {
		const int taken = aq_text_width(AQ_FACE_SMALL, what);
		aq_text_in(canvas, aq_box_cut_left(&head, taken < width ? taken : width, 8),
			   AQ_FACE_SMALL, AQ_LEFT, AQ_INK, what);
	}
	aq_text_in(canvas, head, AQ_FACE_SMALL, what ? AQ_RIGHT : AQ_LEFT, AQ_SOFT, scale);
	/* drawn by the function that draws values, from a shade of 0 .. 1 */
	const struct aq_shade unit = { shade->scale, shade->map, 0, shade->high > shade->low, false };
	if (shade->is_colour)
		put_colours(canvas, bar, shade);
	for (int u = 0; u < bar.w && !shade->is_colour; u++) {
		const float t = bar.w > 1 ? (float)u / (float)(bar.w - 1) : 0;
		const struct aq_rgb colour = each || unit.high > 0 ?
			aq_shade_pixel(&(struct aq_shade){ unit.scale, unit.map, 0, 1, false }, t) :
			aq_shade_pixel(&unit, 0);
		aq_canvas_down(canvas, bar.x + u, bar.y, bar.h, colour);
	}
	aq_canvas_frame(canvas, bar, AQ_FRAME);
	if (each)
		put_words(canvas, bar, shade);
	else
		put_numbers(canvas, bar, shade);
}
