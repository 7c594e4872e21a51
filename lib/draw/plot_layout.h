/* SPDX-License-Identifier: MIT
 *
 * plot_layout.h - where the parts of a plot are, and how values become pixels; for the files
 * of draw alone */
#ifndef AQ_DRAW_PLOT_LAYOUT_H
#define AQ_DRAW_PLOT_LAYOUT_H

#include "draw/plot.h"

#include <math.h>

/* A range of values along a range of pixels. */
struct aq_axis {
	double min, max;
	bool log;
	double from, to; /* the pixels, as real coordinates; to < from upwards */
};

/* NaN where the value cannot be shown: not finite, or not positive on a log axis. */
static inline double aq_axis_pixel(const struct aq_axis *axis, double value)
{
	if (!isfinite(value) || (axis->log && value <= 0))
		return NAN;
	const double t = axis->log ? log(value / axis->min) / log(axis->max / axis->min) :
				     (value - axis->min) / (axis->max - axis->min);
	return axis->from + t * (axis->to - axis->from);
}

/* Draw one curve within the canvas's clip. */
void aq_curve_draw(struct aq_canvas *canvas, const struct aq_curve *curve, const struct aq_axis *x,
		   const struct aq_axis *y);

#endif
