/* SPDX-License-Identifier: MIT
 *
 * html_plot.h - curves over steps as a part of a page
 *
 * Lines are vectors that stretch with the page, words are text that does not; colours are the
 * page's own (--hue0 ...), so that it may be light or dark.
 */
#ifndef AQ_VIEW_HTML_PLOT_H
#define AQ_VIEW_HTML_PLOT_H

#include "base/str.h"
#include "draw/plot.h"

/* `plot` as aq_plot_draw() takes it, with linear axes and a fixed range of x, which are steps; `height` in pixels.
 * The legend is its curves' names. */
void aq_html_plot(struct aq_str *to, const struct aq_plot *plot, int height);

/* The axis of steps below a plot or a heat map: the numbers between both. */
void aq_html_steps(struct aq_str *to, double from, double until);

#endif
