/* SPDX-License-Identifier: MIT
 *
 * stroke.c - smooth lines and discs
 *
 * The coverage of a pixel is taken from the distance of its middle to the line's axis: 1 up to half
 * the width less half a pixel, 0 from half a pixel further on, straight in between.  The strokes of
 * one path gather in the canvas's `ink`, the greatest coverage winning, so that joints and
 * crossings are no darker than the rest.
 */
#include "draw/canvas.h"

#include "draw/sketch.h"

#include <math.h>
#include <string.h>

static double clamp(double v, double low, double high)
{
	return v < low ? low : v > high ? high : v;
}

/* Add to `inked` what a stroke will touch, and return it, within the clip. */
static struct aq_box reserve(struct aq_canvas *canvas, double left, double top, double right,
			     double bottom)
{
	const double far = 1 << 28; /* keeps what lies far outside within an int */
	const int x = (int)floor(clamp(left, -far, far)), y = (int)floor(clamp(top, -far, far));
	const int x1 = (int)ceil(clamp(right, -far, far)), y1 = (int)ceil(clamp(bottom, -far, far));
	const struct aq_box box = aq_box_meet((struct aq_box){x, y, x1 - x, y1 - y}, canvas->clip);
	struct aq_box *all = &canvas->inked;
	if (box.w < 1 || box.h < 1)
		return box;
	if (all->w < 1 || all->h < 1) {
		*all = box;
		return box;
	}
	const int ax = all->x < box.x ? all->x : box.x, ay = all->y < box.y ? all->y : box.y;
	const int ar = all->x + all->w > box.x + box.w ? all->x + all->w : box.x + box.w;
	const int ab = all->y + all->h > box.y + box.h ? all->y + all->h : box.y + box.h;
	*all = (struct aq_box){ ax, ay, ar - ax, ab - ay };
	return box;
}

/* A line thinner than a pixel is as wide as one, and fainter. */
static void cover(uint8_t *ink, double distance, double half)
{
	const double wide = half < 0.5 ? 0.5 : half, strength = half < 0.5 ? 2 * half : 1;
	const double share = clamp(wide + 0.5 - distance, 0, 1) * strength;
	const uint8_t level = (uint8_t)(share * 255 + 0.5);
	if (level > *ink)
		*ink = level;
}

/* The columns [*x0, *x1) of row y that the stroke can reach; only these are looked at, so that a
 * long thin line costs its length rather than its box. */
static void narrow(const struct aq_box *box, double y, const double from[2], const double to[2],
		   double reach, int *x0, int *x1)
{
	const double dx = to[0] - from[0], dy = to[1] - from[1];
	*x0 = box->x;
	*x1 = box->x + box->w;
	if (fabs(dy) < 1e-9)
		return;
	/* where the axis passes the band y +- reach; round ends add `reach` on both sides */
	const double t0 = clamp((y - reach - from[1]) / dy, 0, 1);
	const double t1 = clamp((y + reach - from[1]) / dy, 0, 1);
	const double a = from[0] + t0 * dx, b = from[0] + t1 * dx;
	const double left = floor((a < b ? a : b) - reach - 1),
		     right = ceil((a > b ? a : b) + reach + 1);
	if (left > *x0)
		*x0 = left < *x1 ? (int)left : *x1;
	if (right < *x1)
		*x1 = right > *x0 ? (int)right : *x0;
}

void aq_canvas_stroke(struct aq_canvas *canvas, double x0, double y0, double x1, double y1,
		      double width)
{
	const double half = width / 2, reach = half + 1;
	if (!isfinite(x0 + y0 + x1 + y1))
		return;
	if (canvas->sketch) {
		aq_sketch_stroke(canvas->sketch, x0, y0, x1, y1, width);
		return;
	}
	const struct aq_box box = reserve(canvas, fmin(x0, x1) - reach, fmin(y0, y1) - reach,
					  fmax(x0, x1) + reach, fmax(y0, y1) + reach);
	const double dx = x1 - x0, dy = y1 - y0, square = dx * dx + dy * dy;
	const double from[2] = { x0, y0 }, to[2] = { x1, y1 };
	for (int y = box.y; y < box.y + box.h; y++) {
		uint8_t *row = canvas->ink + (size_t)y * (size_t)canvas->picture.width;
		int first, end;
		narrow(&box, y + 0.5, from, to, reach, &first, &end);
		for (int x = first; x < end; x++) {
			const double px = x + 0.5 - x0, py = y + 0.5 - y0;
			const double t = square > 0 ? clamp((px * dx + py * dy) / square, 0, 1) : 0;
			const double ex = px - t * dx, ey = py - t * dy;
			cover(row + x, sqrt(ex * ex + ey * ey), half);
		}
	}
}

void aq_canvas_disc(struct aq_canvas *canvas, double x, double y, double radius)
{
	aq_canvas_stroke(canvas, x, y, x, y, 2 * radius);
}

void aq_canvas_ink(struct aq_canvas *canvas, struct aq_rgb colour, uint8_t strength)
{
	const struct aq_box box = canvas->inked;
	if (canvas->sketch)
		aq_sketch_ink(canvas->sketch, colour, strength);
	for (int y = box.y; y < box.y + box.h; y++) {
		uint8_t *row = canvas->ink + (size_t)y * (size_t)canvas->picture.width;
		for (int x = box.x; x < box.x + box.w; x++)
			if (row[x])
				aq_canvas_blend(canvas, x, y, colour,
						(uint8_t)((row[x] * strength + 127) / 255));
		memset(row + box.x, 0, (size_t)box.w);
	}
	canvas->inked = (struct aq_box){ 0 };
}
