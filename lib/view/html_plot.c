/* SPDX-License-Identifier: MIT
 *
 * html_plot.c - curves over steps as a part of a page
 */
#include "view/html_plot.h"

#include "draw/text.h"
#include "view/html.h"

#include <math.h>

enum { SIDE = 1000 }; /* units of the drawing, stretched to what room there is */

/* A range of values along 0 .. SIDE. */
struct range {
	double min, max;
};

static double place(struct range r, double value)
{
	const double t = (value - r.min) / (r.max - r.min) * SIDE;
	return t < -SIDE ? -SIDE : t > 2 * SIDE ? 2 * SIDE : t;
}

static void include(struct range *r, double value)
{
	if (!isfinite(value))
		return;
	r->min = isnan(r->min) ? value : fmin(r->min, value);
	r->max = isnan(r->max) ? value : fmax(r->max, value);
}

static struct range range_of_y(const struct aq_plot *plot)
{
	struct range r = { NAN, NAN };
	for (int k = 0; k < plot->curve_count; k++) {
		const struct aq_curve *c = &plot->curves[k];
		for (size_t i = 0; i < c->count; i++) {
			include(&r, (double)c->y[i]);
			include(&r, c->low ? (double)c->low[i] : NAN);
			include(&r, c->high ? (double)c->high[i] : NAN);
		}
	}
	if (plot->y_least != 0 || plot->y_most != 0) {
		include(&r, plot->y_least);
		include(&r, plot->y_most);
	}
	aq_axis_round(&r.min, &r.max, false);
	return r;
}

/* The page has a class for each hue. */
static int hue_of(struct aq_rgb colour)
{
	for (int i = 0; i < AQ_HUES; i++) {
		const struct aq_rgb hue = aq_hue(i);
		if (hue.r == colour.r && hue.g == colour.g && hue.b == colour.b)
			return i;
	}
	return 0;
}

static const char *pale(const struct aq_curve *c)
{
	return c->pale ? " pale" : "";
}

/* ---- lines ----------------------------------------------------------------------------------- */

static double x_of(const struct aq_curve *c, size_t i)
{
	return c->x ? c->x[i] : (double)i;
}

static void point(struct aq_str *to, char how, double u, double v)
{
	aq_str_add(to, "%c%.1f %.1f", how, u, SIDE - v);
}

static void put_line(struct aq_str *to, const struct aq_curve *c, struct range x, struct range y)
{
	bool on = false;
	aq_str_add(to, "<path class=\"line hue%d%s\" d=\"", hue_of(c->colour), pale(c));
	for (size_t i = 0; i < c->count; i++) {
		const bool there = isfinite(c->y[i]);
		if (there)
			point(to, on ? 'L' : 'M', place(x, x_of(c, i)), place(y, (double)c->y[i]));
		on = there;
	}
	aq_str_add(to, "\"/>\n");
}

/* A dot is a line of no length with round ends: a drawing that is stretched keeps it round. */
static void put_dots(struct aq_str *to, const struct aq_curve *c, struct range x, struct range y)
{
	aq_str_add(to, "<path class=\"dots hue%d%s\" d=\"", hue_of(c->colour), pale(c));
	for (size_t i = 0; i < c->count; i++)
		if (isfinite(c->y[i])) {
			point(to, 'M', place(x, x_of(c, i)), place(y, (double)c->y[i]));
			aq_str_add(to, "h0");
		}
	aq_str_add(to, "\"/>\n");
}

/* There along the greatest, back along the least. */
static void put_band(struct aq_str *to, const struct aq_curve *c, struct range x, struct range y)
{
	bool on = false;
	aq_str_add(to, "<path class=\"band hue%d\" d=\"", hue_of(c->colour));
	for (size_t i = 0; i < c->count; i++)
		if (isfinite(c->high[i])) {
			point(to, on ? 'L' : 'M', place(x, x_of(c, i)), place(y, (double)c->high[i]));
			on = true;
		}
	for (size_t i = c->count; on && i-- > 0;)
		if (isfinite(c->low[i]))
			point(to, 'L', place(x, x_of(c, i)), place(y, (double)c->low[i]));
	aq_str_add(to, "%s\"/>\n", on ? "Z" : "");
}

static void put_grid(struct aq_str *to, const struct aq_ticks *ticks, struct range y)
{
	aq_str_add(to, "<path class=\"grid\" d=\"");
	for (int i = 0; i < ticks->count; i++)
		aq_str_add(to, "M0 %.1fH%d", SIDE - place(y, ticks->at[i]), SIDE);
	aq_str_add(to, "\"/>\n");
}

/* ---- words ----------------------------------------------------------------------------------- */

static void put_numbers(struct aq_str *to, struct range y, const struct aq_ticks *up)
{
	char text[AQ_NUMBER_ROOM];
	for (int i = 0; i < up->count; i++)
		aq_str_add(to, "<span class=\"up\" style=\"top:%.2f%%\">%s</span>\n",
			   100 - place(y, up->at[i]) / SIDE * 100, aq_number_tick(text, up->at[i], up->step));
}

/* Every second number is marked: a narrow page leaves it out. */
void aq_html_steps(struct aq_str *to, double from, double until)
{
	const struct range x = { from, until > from ? until : from + 1 };
	const struct aq_ticks ticks = aq_ticks_linear(x.min, x.max, 10);
	char text[AQ_NUMBER_ROOM];
	for (int i = 0; i < ticks.count; i++)
		aq_str_add(to, "<span class=\"across%s\" style=\"left:%.2f%%\">%s</span>\n",
			   i % 2 ? " odd" : "", place(x, ticks.at[i]) / SIDE * 100,
			   aq_number_count(text, ticks.at[i]));
}

static void put_legend(struct aq_str *to, const struct aq_plot *plot)
{
	aq_str_add(to, "<p class=\"legend\">");
	for (int k = 0; k < plot->curve_count; k++)
		if (plot->curves[k].name) {
			const struct aq_curve *c = &plot->curves[k];
			aq_str_add(to, "<span class=\"key hue%d%s\">", hue_of(c->colour), pale(c));
			aq_html_text(to, c->name);
			aq_str_add(to, "</span>");
		}
	aq_str_add(to, "</p>\n");
}

void aq_html_plot(struct aq_str *to, const struct aq_plot *plot, int height)
{
	const struct range x = { plot->x_min, plot->x_max > plot->x_min ? plot->x_max : plot->x_min + 1 };
	const struct range y = range_of_y(plot);
	const struct aq_ticks up = aq_ticks_linear(y.min, y.max, height / 40);
	put_legend(to, plot);
	aq_str_add(to,
		   "<div class=\"plot\" style=\"height:%dpx\" data-from=\"%.17g\" data-to=\"%.17g\">\n"
		   "<svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"",
		   height, x.min, x.max, SIDE, SIDE);
	aq_html_text(to, plot->title ? plot->title : "");
	aq_str_add(to, "\">\n");
	put_grid(to, &up, y);
	for (int k = 0; k < plot->curve_count; k++) {
		const struct aq_curve *c = &plot->curves[k];
		if (c->low && c->high)
			put_band(to, c, x, y);
		put_line(to, c, x, y);
		if (c->dots || c->count == 1)
			put_dots(to, c, x, y);
	}
	aq_str_add(to, "</svg>\n");
	put_numbers(to, y, &up);
	aq_html_steps(to, x.min, x.max);
	aq_str_add(to, "</div>\n");
}
