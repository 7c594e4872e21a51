/* SPDX-License-Identifier: MIT
 *
 * plot_curve.c - one curve, reduced to pixel columns without losing an extreme
 *
 * Points are taken in order and gathered as long as they fall into the same pixel column.  A column
 * of one point is a joint of a smooth line; a column of many is a stroke from their least to their
 * greatest, entered where the first is and left where the last is.  Nothing is stored.
 */
#include "draw/plot_layout.h"

enum { PALE = 84, SHADE = 46 };

/* What one pixel column holds. */
struct column {
	int at;             /* the column; meaningless while count is 0 */
	long count;
	double x;           /* of its first point, in pixels */
	double first, last; /* in pixels, as below */
	double top, bottom;
};

static double x_of(const struct aq_curve *curve, size_t i)
{
	return curve->x ? curve->x[i] : (double)i;
}

static void gather(struct column *column, int at, double x, double y)
{
	if (column->count == 0)
		*column = (struct column){ at, 0, x, y, y, y, y };
	column->count++;
	column->last = y;
	column->top = fmin(column->top, y);
	column->bottom = fmax(column->bottom, y);
}

/* Add a column to the path.  `before` is the column before it (count 0: a gap). */
static void put_column(struct aq_canvas *canvas, const struct column *before,
		       const struct column *column, double width, bool alone)
{
	const double x = column->count > 1 ? column->at + 0.5 : column->x;
	if (before->count > 0) {
		const double x0 = before->count > 1 ? before->at + 0.5 : before->x;
		aq_canvas_stroke(canvas, x0, before->last, x, column->first, width);
	}
	if (column->count > 1 && column->bottom > column->top)
		aq_canvas_stroke(canvas, x, column->top, x, column->bottom, width < 1 ? width : 1);
	if (alone && before->count == 0)
		aq_canvas_disc(canvas, x, column->last, width < 2 ? 2 : width);
}

static void put_line(struct aq_canvas *canvas, const struct aq_curve *curve,
		     const struct aq_axis *x, const struct aq_axis *y)
{
	const double width = curve->width > 0 ? curve->width : 1.5;
	struct column before = { 0 }, column = { 0 };
	for (size_t i = 0; i < curve->count; i++) {
		const double px = aq_axis_pixel(x, x_of(curve, i)),
			     py = aq_axis_pixel(y, curve->y[i]);
		const bool gap = isnan(px) || isnan(py) || fabs(px) > 1e8;
		const int at = gap ? 0 : (int)floor(px);
		if (column.count > 0 && (gap || at != column.at)) {
			put_column(canvas, &before, &column, width, gap);
			before = column;
			column.count = 0;
		}
		if (gap)
			before.count = 0;
		else
			gather(&column, at, px, py);
	}
	if (column.count > 0)
		put_column(canvas, &before, &column, width, true);
}

static void put_dots(struct aq_canvas *canvas, const struct aq_curve *curve,
		     const struct aq_axis *x, const struct aq_axis *y)
{
	for (size_t i = 0; i < curve->count; i++) {
		const double px = aq_axis_pixel(x, x_of(curve, i)),
			     py = aq_axis_pixel(y, curve->y[i]);
		if (!isnan(px) && !isnan(py))
			aq_canvas_disc(canvas, px, py, 2.5);
	}
}

/* The envelope of one column: pixels from top to bottom, washed. */
static void put_slice(struct aq_canvas *canvas, int at, double top, double bottom,
		      struct aq_rgb colour)
{
	const struct aq_box clip = canvas->clip;
	top = fmax(top, clip.y);
	bottom = fmin(bottom, clip.y + clip.h);
	if (bottom < top)
		return;
	const int y = (int)floor(top), end = (int)ceil(bottom);
	aq_canvas_wash(canvas, (struct aq_box){ at, y, 1, end > y ? end - y : 1 }, colour, SHADE);
}

/* From behind the column before up to this one, the envelope going straight in between. */
static void put_slices(struct aq_canvas *canvas, const struct column *before,
		       const struct column *column, struct aq_rgb colour)
{
	if (before->count > 0 && column->at > before->at + 1) {
		const struct aq_box clip = canvas->clip;
		const int from = before->at + 1 > clip.x ? before->at + 1 : clip.x;
		const int to = column->at < clip.x + clip.w ? column->at : clip.x + clip.w;
		for (int at = from; at < to; at++) {
			const double t = (double)(at - before->at) / (column->at - before->at);
			put_slice(canvas, at, before->top + t * (column->top - before->top),
				  before->bottom + t * (column->bottom - before->bottom), colour);
		}
	}
	put_slice(canvas, column->at, column->top, column->bottom, colour);
}

/* Low and high of all points of a column, as `bottom` and `top`. */
static void put_envelope(struct aq_canvas *canvas, const struct aq_curve *curve,
			 const struct aq_axis *x, const struct aq_axis *y)
{
	struct column before = { 0 }, column = { 0 };
	for (size_t i = 0; i < curve->count; i++) {
		const double px = aq_axis_pixel(x, x_of(curve, i));
		const double high = aq_axis_pixel(y, curve->high[i]);
		double low = aq_axis_pixel(y, curve->low[i]);
		if (isnan(low) && y->log && curve->low[i] <= 0)
			low = fmax(y->from, y->to); /* down to the axis */
		const bool gap = isnan(px) || isnan(high) || isnan(low) || fabs(px) > 1e8;
		const int at = gap ? 0 : (int)floor(px);
		if (column.count > 0 && (gap || at != column.at)) {
			put_slices(canvas, &before, &column, curve->colour);
			before = column;
			column.count = 0;
		}
		if (gap) {
			before.count = 0;
			continue;
		}
		gather(&column, at, px, high);
		gather(&column, at, px, low);
	}
	if (column.count > 0)
		put_slices(canvas, &before, &column, curve->colour);
}

void aq_curve_draw(struct aq_canvas *canvas, const struct aq_curve *curve, const struct aq_axis *x,
		   const struct aq_axis *y)
{
	if (curve->low && curve->high)
		put_envelope(canvas, curve, x, y);
	if (!curve->y)
		return;
	put_line(canvas, curve, x, y);
	if (curve->dots)
		put_dots(canvas, curve, x, y);
	aq_canvas_ink(canvas, curve->colour, curve->pale ? PALE : 255);
}
