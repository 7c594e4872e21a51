/* SPDX-License-Identifier: MIT
 *
 * plot.h - curves over steps: axes, ticks, envelopes, legends
 *
 * Where several points fall into one pixel column the column is drawn from their least to their
 * greatest: an extreme is never dropped, whatever the number of points.  NaN and infinities are
 * gaps.
 */
#ifndef AQ_DRAW_PLOT_H
#define AQ_DRAW_PLOT_H

#include "draw/canvas.h"

#include <stdbool.h>
#include <stddef.h>

/* ---- axes ------------------------------------------------------------------------------------ */

enum { AQ_TICKS = 24 };

/* Ticks at multiples of 1, 2 or 5 times a power of ten within [min, max] (linear); at powers of ten
 * and, where there are few, their multiples by 2 and 5 (log).  About `wanted` of them; `step` is
 * the distance of linear ones. */
struct aq_ticks {
	double at[AQ_TICKS];
	int count;
	double step;
	bool log;
};
struct aq_ticks aq_ticks_linear(double min, double max, int wanted);
struct aq_ticks aq_ticks_log(double min, double max, int wanted);

/* Widen [min, max] so that it holds something to look at: a margin, never empty.  A
 * log range with nothing positive becomes [0.1, 1]. */
void aq_axis_round(double *min, double *max, bool log);

/* ---- plots ----------------------------------------------------------------------------------- */

struct aq_curve {
	const char *name;        /* in the legend; NULL: not there */
	const double *x;         /* [count], or NULL: 0, 1, 2, ... */
	const float *y;          /* [count] */
	const float *low, *high; /* [count] envelope drawn pale behind the curve, or NULL */
	size_t count;
	struct aq_rgb colour;
	double width;            /* of the line; 0: 1.5 pixels */
	bool dots;               /* a dot at every point; points alone always have one */
	bool pale;               /* drawn light: raw values behind a smoothed curve */
};

/* A stretch of y marked on the plot ("update / weight about 1e-3"). */
struct aq_band {
	double low, high;
	const char *name; /* or NULL */
	struct aq_rgb colour;
};

struct aq_plot {
	const char *title, *x_name, *y_name; /* or NULL */
	bool log_x, log_y;
	bool counts;              /* x in steps: 500, 1k, 1.5M */
	bool fixed_x, fixed_y;    /* the ranges below hold, instead of those of the curves */
	double x_min, x_max, y_min, y_max;
	int left;                 /* pixels that the labels of y have at least: plots below each
				   * other that agree in it have their axes below each other */
	double y_least, y_most;   /* a range that is found includes these (both 0: no wish) */
	const struct aq_curve *curves;
	int curve_count;
	const struct aq_band *bands;
	int band_count;
	double mark;              /* a vertical line at this x (with `marked`) */
	bool marked;
};

/* Draw within `box`, axes, labels and legend included. */
void aq_plot_draw(struct aq_canvas *canvas, struct aq_box box, const struct aq_plot *plot);

/* The mark alone, over a plot that was drawn without it. */
void aq_plot_mark(struct aq_canvas *canvas, struct aq_box box, const struct aq_plot *plot);

/* The inner box (where curves are) that aq_plot_draw() uses; for what is drawn on the same axis. */
struct aq_box aq_plot_inner(struct aq_box box, const struct aq_plot *plot);

/* A running mean of y over `window` points around each, so that it lags behind nothing, NaN passed over: out [count].
 * At the beginning, where a training changes fastest, it goes over fewer, as many on either side; at the end over
 * those that are there. */
void aq_plot_smooth(float *out, const float *y, size_t count, double window);

/* Where neighbours of an envelope do not overlap, both reach halfway to the other, as a line through them would: single
 * steps make an unbroken band, too. */
void aq_plot_reach(float *low, float *high, size_t count);

/* ---- small parts ----------------------------------------------------------------------------- */

/* A horizontal bar: `share` 0 .. 1 of `box` in `colour`, the rest washed. */
void aq_bar_draw(struct aq_canvas *canvas, struct aq_box box, double share, struct aq_rgb colour);

/* A row of colour keys and names from (x, y); returns its width.  Without a canvas it is only
 * measured. */
int aq_legend_draw(struct aq_canvas *canvas, int x, int y, const char *const *names,
		   const struct aq_rgb *colours, int count);

#endif
