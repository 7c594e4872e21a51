/* SPDX-License-Identifier: MIT
 *
 * spark.c - a curve in so little room that its axes are left out
 */
#include "draw/spark.h"

#include <math.h>

static const struct aq_rgb washed = { 0xe6, 0xe8, 0xeb };

static double clamped(double t)
{
	return t < 0 ? 0 : t > 1 ? 1 : t;
}

/* The middle of the first pixel within the frame is y_max, that of the last y_min. */
static double find_y(struct aq_box box, const struct aq_spark *s, double y)
{
	const double t = clamped((y - s->y_min) / (s->y_max - s->y_min));
	return box.y + 1.5 + (1 - t) * (box.h - 3);
}

static double find_x(struct aq_box box, const struct aq_spark *s, double x)
{
	const double from = s->log_x ? log(s->x_min) : s->x_min;
	const double to = s->log_x ? log(s->x_max) : s->x_max;
	const double at = s->log_x ? log(x) : x;
	return box.x + 1.5 + (to > from ? clamped((at - from) / (to - from)) : 0.5) * (box.w - 3);
}

int aq_spark_row(struct aq_box box, const struct aq_spark *spark, double y)
{
	return (int)floor(find_y(box, spark, y));
}

static void draw_reference(struct aq_canvas *canvas, struct aq_box box, const struct aq_spark *s)
{
	const int top = aq_spark_row(box, s, s->band_high), end = aq_spark_row(box, s, s->band_low);
	if (!(s->band_high > s->band_low))
		return;
	aq_canvas_fill(canvas, (struct aq_box){ box.x + 1, top, box.w - 2, end - top + 1 }, washed);
	for (int x = box.x + 1; x < box.x + box.w - 1; x++)
		if ((x - box.x) % 5 < 3)
			aq_canvas_dot(canvas, x, aq_spark_row(box, s, s->level), AQ_SOFT);
}

void aq_spark_draw(struct aq_canvas *canvas, struct aq_box box, const struct aq_spark *s)
{
	double last_x = NAN, last_y = NAN;
	draw_reference(canvas, box, s);
	aq_canvas_frame(canvas, box, AQ_FRAME);
	for (size_t i = 0; i < s->count; i++) {
		if (!isfinite(s->y[i])) {
			last_x = NAN;
			continue;
		}
		const double x = find_x(box, s, s->x[i]), y = find_y(box, s, (double)s->y[i]);
		if (isfinite(last_x))
			aq_canvas_stroke(canvas, last_x, last_y, x, y, 1.5);
		last_x = x;
		last_y = y;
	}
	if (isfinite(last_x))
		aq_canvas_disc(canvas, last_x, last_y, 2.4);
	aq_canvas_ink(canvas, s->colour, 255);
}
