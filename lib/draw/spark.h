/* SPDX-License-Identifier: MIT
 *
 * spark.h - a curve in so little room that its axes are left out
 *
 * For many of them beside each other, all with the same ranges; the ends are said in words nearby.
 */
#ifndef AQ_DRAW_SPARK_H
#define AQ_DRAW_SPARK_H

#include "draw/canvas.h"

#include <stdbool.h>
#include <stddef.h>

struct aq_spark {
	const double *x; /* [count] rising */
	const float *y;	 /* [count]; what is not finite is a gap */
	size_t count;
	double x_min, x_max, y_min, y_max;
	bool log_x;
	double band_low, band_high; /* a stretch of y that is washed, and a dashed line in it */
	double level;
	struct aq_rgb colour;
};

/* With a frame around it, and a dot at the last point. */
void aq_spark_draw(struct aq_canvas *canvas, struct aq_box box, const struct aq_spark *spark);

/* The row of pixels within the box where y lies; what is beyond the range is at its end. */
int aq_spark_row(struct aq_box box, const struct aq_spark *spark, double y);

#endif
