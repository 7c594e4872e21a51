/* SPDX-License-Identifier: MIT
 *
 * heat.h - a heat map over steps: one row a series, one column a pixel
 *
 * A column may stand for many steps.  Then a row shows three numbers of each column: its mean in
 * the middle, the greatest along its upper edge and the least along its lower one, so that a single
 * odd step among a thousand is seen.
 */
#ifndef AQ_DRAW_HEAT_H
#define AQ_DRAW_HEAT_H

#include "draw/canvas.h"
#include "draw/plot.h"

#include <stdbool.h>

/* ---- from values to colours ------------------------------------------------------------------ */

struct aq_heat_scale {
	enum aq_map map;
	bool upper;	       /* the upper half of the map alone */
	bool log;	       /* low > 0; what is 0 or less has the colour of `low` */
	double low, high;      /* the values at both ends; what lies beyond has the ends' colours */
	double mark[2];	       /* a stretch marked on the bar; both 0: none */
	const char *mark_name; /* what is said of it, or NULL */
	bool gaps;	       /* NaN is nothing to draw, instead of AQ_ODD */
};

struct aq_rgb aq_heat_colour(const struct aq_heat_scale *scale, float value);

/* A colour bar of AQ_HEAT_BAR_HEIGHT pixels: the mark above it, ticks below. */
enum { AQ_HEAT_BAR_HEIGHT = 38 };
void aq_heat_bar(struct aq_canvas *canvas, int x, int y, int width,
		 const struct aq_heat_scale *scale);

/* ---- the map --------------------------------------------------------------------------------- */

struct aq_heat {
	int rows, columns;
	const float *mean, *low, *high; /* [rows][columns]; NaN in all three: nothing is known */
	const char *const *names;	/* [rows], at the left */
	const char *const *notes;	/* [rows], at the right, or NULL */
	const char *notes_name;		/* above them, or NULL */
	struct aq_heat_scale scale;
	double x_min, x_max; /* the axis below */
	bool log_x;
	const char *x_name; /* below it, or NULL */
};

/* Pixels of one row (and of the gap behind it), chosen for the number of rows; of the whole with
 * its axis. */
int aq_heat_row(int rows);
int aq_heat_height(const struct aq_heat *heat);

/* The columns begin at (x, y); names stand in `left` pixels left of it, notes in `right` pixels
 * right of the columns. */
void aq_heat_draw(struct aq_canvas *canvas, int x, int y, int left, int right,
		  const struct aq_heat *heat);

#endif
