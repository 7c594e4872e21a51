/* SPDX-License-Identifier: MIT
 *
 * plot.c - a plot: title, legend, axes, grid, bands, curves
 */
#include "draw/plot.h"

#include "draw/plot_layout.h"
#include "draw/text.h"

#include <math.h>
#include <stdio.h>

enum {
	TICK = 4,
	MINOR = 2,
	LABEL_GAP = 4,  /* between a tick and its label */
	RIGHT = 14,     /* the last label of x reaches past the axis */
	TOP = 6,
	LEGEND_GAP = 16,
};

/* All that is known before the first pixel. */
struct layout {
	struct aq_box inner, title, legend;
	struct aq_axis x, y;
	struct aq_ticks x_ticks, y_ticks;
	bool empty;
};

/* ---- ranges ---------------------------------------------------------------------------------- */

static void include(double *min, double *max, double value, bool log)
{
	if (!isfinite(value) || (log && value <= 0))
		return;
	*min = isnan(*min) ? value : fmin(*min, value);
	*max = isnan(*max) ? value : fmax(*max, value);
}

static void find_x(const struct aq_plot *plot, double *min, double *max)
{
	*min = *max = NAN;
	for (int k = 0; k < plot->curve_count; k++) {
		const struct aq_curve *curve = &plot->curves[k];
		for (size_t i = 0; curve->x && i < curve->count; i++)
			include(min, max, curve->x[i], plot->log_x);
		if (!curve->x && curve->count > 0) {
			include(min, max, plot->log_x ? 1 : 0, plot->log_x);
			include(min, max, (double)(curve->count - 1), plot->log_x);
		}
	}
}

static void find_y(const struct aq_plot *plot, double *min, double *max)
{
	*min = *max = NAN;
	for (int k = 0; k < plot->curve_count; k++) {
		const struct aq_curve *curve = &plot->curves[k];
		const float *sets[] = { curve->y, curve->low, curve->high };
		for (size_t s = 0; s < sizeof sets / sizeof *sets; s++)
			for (size_t i = 0; sets[s] && i < curve->count; i++)
				include(min, max, sets[s][i], plot->log_y);
	}
	if (plot->y_least != 0 || plot->y_most != 0) {
		include(min, max, plot->y_least, plot->log_y);
		include(min, max, plot->y_most, plot->log_y);
	}
}

/* A range that can be divided by, whatever was asked for. */
static void repair(double *min, double *max, bool log)
{
	if (isfinite(*min) && isfinite(*max) && *max > *min && (!log || *min > 0))
		return;
	if (isnan(*min) || isnan(*max))
		*min = *max = log ? 1 : 0;
	aq_axis_round(min, max, log);
}

static void find_ranges(struct layout *l, const struct aq_plot *plot)
{
	l->x.log = plot->log_x;
	l->y.log = plot->log_y;
	find_x(plot, &l->x.min, &l->x.max);
	find_y(plot, &l->y.min, &l->y.max);
	l->empty = isnan(l->x.min) || isnan(l->y.min);
	if (plot->fixed_x) {
		l->x.min = plot->x_min;
		l->x.max = plot->x_max;
	}
	if (plot->fixed_y) {
		l->y.min = plot->y_min;
		l->y.max = plot->y_max;
	} else {
		aq_axis_round(&l->y.min, &l->y.max, plot->log_y);
	}
	repair(&l->x.min, &l->x.max, plot->log_x);
	repair(&l->y.min, &l->y.max, plot->log_y);
}

/* ---- layout ---------------------------------------------------------------------------------- */

/* A power of ten (or 2, 5 times one): 0.01 .. 10000, written with its exponent beyond. */
static char *log_label(char *text, double value)
{
	const double power = floor(log10(value) + 1e-9);
	if (power > -3 && power < 5)
		return aq_number(text, value, 2);
	snprintf(text, AQ_NUMBER_ROOM, "%.0fe%s%.0f", value / pow(10, power), power < 0 ? "−" : "",
		 fabs(power));
	return text;
}

static char *x_label(char *text, const struct layout *l, const struct aq_plot *plot, double value)
{
	return plot->counts ? aq_number_count(text, value) :
	       l->x_ticks.step > 0 ? aq_number_tick(text, value, l->x_ticks.step) :
				     log_label(text, value);
}

static char *y_label(char *text, const struct layout *l, double value)
{
	return l->y_ticks.step > 0 ? aq_number_tick(text, value, l->y_ticks.step) :
				     log_label(text, value);
}

/* Ticks that lie on the axis; rounding at the limits of numbers may have put some elsewhere. */
static struct aq_ticks make_ticks(const struct aq_axis *axis, int wanted)
{
	struct aq_ticks ticks = axis->log ? aq_ticks_log(axis->min, axis->max, wanted) :
					    aq_ticks_linear(axis->min, axis->max, wanted);
	const double low = fmin(axis->from, axis->to) - 0.6,
		     high = fmax(axis->from, axis->to) + 0.6;
	int kept = 0;
	for (int i = 0; i < ticks.count; i++) {
		const double at = aq_axis_pixel(axis, ticks.at[i]);
		if (at >= low && at <= high)
			ticks.at[kept++] = ticks.at[i];
	}
	ticks.count = kept;
	return ticks;
}

static int widest_y(const struct layout *l)
{
	int most = 0;
	char text[AQ_NUMBER_ROOM];
	for (int i = 0; i < l->y_ticks.count; i++) {
		const int width = aq_text_width(AQ_FACE_SMALL, y_label(text, l, l->y_ticks.at[i]));
		most = width > most ? width : most;
	}
	return most;
}

/* As many ticks along x as there is room for their labels. */
static void find_x_ticks(struct layout *l, const struct aq_plot *plot)
{
	char text[AQ_NUMBER_ROOM];
	for (int wanted = l->inner.w / 60 + 1; wanted > 0; wanted--) {
		l->x_ticks = make_ticks(&l->x, wanted);
		bool fits = true;
		double end = -1e9;
		for (int i = 0; i < l->x_ticks.count && fits; i++) {
			const double at = aq_axis_pixel(&l->x, l->x_ticks.at[i]);
			const int width = aq_text_width(AQ_FACE_SMALL,
							x_label(text, l, plot, l->x_ticks.at[i]));
			fits = at - width / 2.0 > end + 12;
			end = at + width / 2.0;
		}
		if (fits)
			return;
	}
}

static int legend_width(const struct aq_plot *plot)
{
	int width = 0;
	for (int i = 0; i < plot->curve_count; i++)
		if (plot->curves[i].name)
			width += aq_legend_draw(NULL, 0, 0, &plot->curves[i].name, NULL, 1) +
				 LEGEND_GAP;
	return width > 0 ? width - LEGEND_GAP : 0;
}

/* Title at the left and legend at the right of one line, or below each other. */
static void place_head(struct layout *l, struct aq_box *rest, const struct aq_plot *plot)
{
	const int keys = legend_width(plot), line = aq_text_line(AQ_FACE_BOLD);
	const int words = plot->title ? aq_text_width(AQ_FACE_BOLD, plot->title) : 0;
	if (!plot->title && keys == 0)
		return;
	l->title = aq_box_cut_top(rest, line, TOP);
	l->legend = l->title;
	if (words > 0 && keys > 0 && words + LEGEND_GAP + keys > l->title.w - RIGHT)
		l->legend = aq_box_cut_top(rest, line, TOP);
}

static struct layout make_layout(struct aq_box box, const struct aq_plot *plot)
{
	struct layout l = { 0 };
	const int line = aq_text_line(AQ_FACE_SMALL);
	find_ranges(&l, plot);
	place_head(&l, &box, plot);
	if (plot->y_name)
		aq_box_cut_left(&box, line, 2);
	if (plot->x_name)
		aq_box_cut_bottom(&box, line, 1);
	aq_box_cut_bottom(&box, TICK + line, 0);
	aq_box_cut_right(&box, RIGHT, 0);
	if (!plot->title && legend_width(plot) == 0)
		aq_box_cut_top(&box, TOP, 0);
	box.h = box.h < 8 ? 8 : box.h;
	l.y.from = box.y + box.h - 0.5;
	l.y.to = box.y + 0.5;
	l.y_ticks = make_ticks(&l.y, box.h / 34 > 2 ? box.h / 34 : 2);
	const int labels = widest_y(&l);
	aq_box_cut_left(&box, (labels > plot->left ? labels : plot->left) + TICK + LABEL_GAP, 0);
	box.w = box.w < 8 ? 8 : box.w;
	l.x.from = box.x + 0.5;
	l.x.to = box.x + box.w - 0.5;
	l.inner = box;
	find_x_ticks(&l, plot);
	return l;
}

struct aq_box aq_plot_inner(struct aq_box box, const struct aq_plot *plot)
{
	return make_layout(box, plot).inner;
}

/* ---- parts ----------------------------------------------------------------------------------- */

static void put_grid(struct aq_canvas *canvas, const struct layout *l)
{
	const struct aq_box in = l->inner;
	for (int i = 0; i < l->x_ticks.count; i++)
		aq_canvas_down(canvas, (int)aq_axis_pixel(&l->x, l->x_ticks.at[i]), in.y, in.h,
			       AQ_RULE);
	for (int i = 0; i < l->y_ticks.count; i++)
		aq_canvas_across(canvas, in.x, (int)aq_axis_pixel(&l->y, l->y_ticks.at[i]), in.w,
				 l->y_ticks.at[i] == 0 && l->y.min < 0 ? AQ_FRAME : AQ_RULE);
}

/* Short ticks at 2 .. 9 times each power of ten, where they stay apart. */
static void put_minor(struct aq_canvas *canvas, const struct layout *l, const struct aq_axis *axis,
		      bool across)
{
	if (!axis->log || log10(axis->max / axis->min) * 25 > fabs(axis->to - axis->from))
		return;
	for (double ten = pow(10, floor(log10(axis->min))); ten > 0 && ten < axis->max; ten *= 10)
		for (int k = 2; k < 10; k++) {
			const double at = aq_axis_pixel(axis, k * ten);
			if (k * ten < axis->min || k * ten > axis->max)
				continue;
			if (across)
				aq_canvas_down(canvas, (int)at, l->inner.y + l->inner.h, MINOR,
					       AQ_FRAME);
			else
				aq_canvas_across(canvas, l->inner.x - MINOR, (int)at, MINOR,
						 AQ_FRAME);
		}
}

static void put_axes(struct aq_canvas *canvas, const struct layout *l, const struct aq_plot *plot)
{
	const struct aq_box in = l->inner;
	const int bottom = in.y + in.h, line = aq_text_line(AQ_FACE_SMALL);
	char text[AQ_NUMBER_ROOM];
	aq_canvas_down(canvas, in.x - 1, in.y, in.h + 1, AQ_FRAME);
	aq_canvas_across(canvas, in.x - 1, bottom, in.w + 1, AQ_FRAME);
	put_minor(canvas, l, &l->x, true);
	put_minor(canvas, l, &l->y, false);
	for (int i = 0; i < l->x_ticks.count; i++) {
		const int x = (int)aq_axis_pixel(&l->x, l->x_ticks.at[i]);
		aq_canvas_down(canvas, x, bottom, TICK, AQ_FRAME);
		aq_text_draw(canvas, x, bottom + TICK - 1, AQ_FACE_SMALL, AQ_CENTRE, AQ_SOFT,
			     x_label(text, l, plot, l->x_ticks.at[i]));
	}
	for (int i = 0; i < l->y_ticks.count; i++) {
		const int y = (int)aq_axis_pixel(&l->y, l->y_ticks.at[i]);
		aq_canvas_across(canvas, in.x - TICK, y, TICK, AQ_FRAME);
		aq_text_draw(canvas, in.x - TICK - LABEL_GAP, y - line / 2, AQ_FACE_SMALL, AQ_RIGHT,
			     AQ_SOFT, y_label(text, l, l->y_ticks.at[i]));
	}
}

/* The pixels of a band, empty where it is out of sight. */
static struct aq_box band_box(const struct layout *l, const struct aq_band *band)
{
	double top = aq_axis_pixel(&l->y, band->high), bottom = aq_axis_pixel(&l->y, band->low);
	top = isnan(top) ? l->inner.y : fmax(top, l->inner.y);
	bottom = isnan(bottom) ? l->inner.y + l->inner.h : fmin(bottom, l->inner.y + l->inner.h);
	if (bottom < top)
		return (struct aq_box){ 0 };
	const int y = (int)top, h = (int)bottom - y;
	return (struct aq_box){ l->inner.x, y, l->inner.w, h > 0 ? h : 1 };
}

static void put_bands(struct aq_canvas *canvas, const struct layout *l, const struct aq_plot *plot)
{
	for (int i = 0; i < plot->band_count; i++)
		aq_canvas_wash(canvas, band_box(l, &plot->bands[i]), plot->bands[i].colour, 34);
}

/* Their names, over the curves, each on a strip that lets curves shine through faintly. */
static void put_band_names(struct aq_canvas *canvas, const struct layout *l,
			   const struct aq_plot *plot)
{
	for (int i = 0; i < plot->band_count; i++) {
		const struct aq_band *band = &plot->bands[i];
		const struct aq_box box = band_box(l, band);
		if (!band->name || box.h < 1)
			continue;
		const int width = aq_text_width(AQ_FACE_SMALL, band->name);
		const struct aq_box strip = { box.x + 4, box.y + 2, width + 6,
					      aq_text_line(AQ_FACE_SMALL) };
		aq_canvas_wash(canvas, strip, aq_mix(AQ_PAPER, band->colour, 0.12), 215);
		aq_text_in(canvas, strip, AQ_FACE_SMALL, AQ_CENTRE,
			   aq_mix(band->colour, AQ_INK, 0.4), band->name);
	}
}

/* A dashed line at the step that the page is about. */
static void put_mark(struct aq_canvas *canvas, const struct layout *l, double at)
{
	const double x = aq_axis_pixel(&l->x, at);
	if (isnan(x) || x < l->inner.x || x >= l->inner.x + l->inner.w)
		return;
	for (int y = l->inner.y; y < l->inner.y + l->inner.h; y++)
		if ((y - l->inner.y) % 6 < 4)
			aq_canvas_dot(canvas, (int)x, y, AQ_SOFT);
}

static void put_legend(struct aq_canvas *canvas, const struct layout *l, const struct aq_plot *plot)
{
	const int width = legend_width(plot), right = l->inner.x + l->inner.w;
	const int y = l->legend.y + (l->legend.h - aq_text_line(AQ_FACE_SMALL)) / 2;
	int x = right - width > l->legend.x ? right - width : l->legend.x;
	for (int i = 0; i < plot->curve_count; i++) {
		const struct aq_curve *curve = &plot->curves[i];
		if (!curve->name)
			continue;
		const struct aq_rgb colour = curve->pale ? aq_mix(AQ_PAPER, curve->colour, 0.4) :
							   curve->colour;
		x += aq_legend_draw(canvas, x, y, &curve->name, &colour, 1) + LEGEND_GAP;
	}
}

static void put_curves(struct aq_canvas *canvas, const struct layout *l, const struct aq_plot *plot)
{
	/* half a line's width may stand out, so that what runs along an edge is whole */
	const struct aq_box former = aq_canvas_clip(canvas, aq_box_inset(l->inner, -2));
	for (int pale = 1; pale >= 0; pale--)
		for (int i = 0; i < plot->curve_count; i++)
			if (plot->curves[i].pale == (pale == 1))
				aq_curve_draw(canvas, &plot->curves[i], &l->x, &l->y);
	aq_canvas_unclip(canvas, former);
}

void aq_plot_draw(struct aq_canvas *canvas, struct aq_box box, const struct aq_plot *plot)
{
	const struct layout l = make_layout(box, plot);
	const int line = aq_text_line(AQ_FACE_SMALL);
	const struct aq_box former = aq_canvas_clip(canvas, box);
	put_grid(canvas, &l);
	put_bands(canvas, &l, plot);
	if (plot->marked)
		put_mark(canvas, &l, plot->mark);
	put_curves(canvas, &l, plot);
	put_band_names(canvas, &l, plot);
	put_axes(canvas, &l, plot);
	put_legend(canvas, &l, plot);
	if (plot->title)
		aq_text_in(canvas, l.title, AQ_FACE_BOLD, AQ_LEFT, AQ_INK, plot->title);
	if (plot->x_name)
		aq_text_draw(canvas, l.inner.x + l.inner.w / 2, box.y + box.h - line, AQ_FACE_SMALL,
			     AQ_CENTRE, AQ_SOFT, plot->x_name);
	if (plot->y_name)
		aq_text_up(canvas, box.x, l.inner.y + l.inner.h / 2, AQ_FACE_SMALL, AQ_SOFT,
			   plot->y_name);
	if (l.empty)
		aq_text_in(canvas, l.inner, AQ_FACE_TEXT, AQ_CENTRE, AQ_SOFT, "no values");
	aq_canvas_unclip(canvas, former);
}

void aq_plot_mark(struct aq_canvas *canvas, struct aq_box box, const struct aq_plot *plot)
{
	const struct layout l = make_layout(box, plot);
	put_mark(canvas, &l, plot->mark);
}
