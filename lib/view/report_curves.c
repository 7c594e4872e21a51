/* SPDX-License-Identifier: MIT
 *
 * report_curves.c - the curves of a report
 */
#include "view/report_private.h"

#include "view/html_plot.h"

#include <stdio.h>

enum { LOSS = 300, LOW = 170 };

static void plot(struct aq_str *to, const struct aq_report *r, const char *head, const char *words,
		 struct aq_plot plot, int height)
{
	aq_str_add(to, "<figure class=\"curves\">\n<figcaption><b>%s</b> %s</figcaption>\n", head, words);
	plot.title = head;
	plot.fixed_x = true;
	plot.x_max = (double)r->run->done;
	aq_html_plot(to, &plot, height);
	aq_str_add(to, "</figure>\n");
}

static struct aq_curve dots(const struct aq_marks *score, int split, const float *y, const char *name)
{
	return (struct aq_curve){ .name = name,
				  .x = score->x,
				  .y = y,
				  .count = score->count,
				  .colour = aq_hue(split),
				  .dots = true };
}

static struct aq_curve line(const struct aq_trace *t, const float *y, const char *name)
{
	return (struct aq_curve){ .name = name, .x = t->x, .y = y, .count = t->bands, .colour = aq_hue(0) };
}

static void put_loss(struct aq_str *to, const struct aq_report *r)
{
	struct aq_curve curves[AQ_SPLITS] = { line(&r->course.trace, r->course.trace.loss.smooth, "training batches") };
	char mean[96], words[256];
	int n = 1;
	const bool bare = aq_trace_is_bare(&r->course.trace);
	curves[0].low = bare ? NULL : r->course.trace.low;
	curves[0].high = bare ? NULL : r->course.trace.high;
	for (int s = AQ_VAL; s < AQ_SPLITS; s++)
		if (r->course.split[s].count)
			curves[n++] = dots(&r->course.split[s], s, r->course.split[s].loss,
					   aq_split_name((enum aq_split)s));
	aq_trace_words(&r->course.trace, false, mean);
	snprintf(words, sizeof words, "cross-entropy over the steps. The line is %s%s; dots are evaluations.", mean,
		 bare ? "" : ", the pale band reaches from the least to the greatest");
	plot(to, r, "Loss", words, (struct aq_plot){ .curves = curves, .curve_count = n }, LOSS);
}

/* Those of the best five guesses are pale. */
static void put_error(struct aq_str *to, const struct aq_report *r)
{
	static const char *const names[] = { "training batches", "val", "test" };
	static const char *const five[] = { "training batches, top-5", "val, top-5", "test, top-5" };
	const struct aq_trace *t = &r->course.trace;
	const bool many = r->run->net->classes > 5;
	struct aq_curve curves[2 * AQ_SPLITS];
	int n = 0;
	if (t->error.smooth)
		curves[n++] = line(t, t->error.smooth, names[AQ_TRAIN]);
	for (int s = AQ_VAL; s < AQ_SPLITS; s++)
		if (r->course.split[s].count)
			curves[n++] = dots(&r->course.split[s], s, r->course.split[s].error, names[s]);
	const int first = n;
	if (many && t->top5.smooth)
		curves[n++] = line(t, t->top5.smooth, five[AQ_TRAIN]);
	for (int s = AQ_VAL; s < AQ_SPLITS && many; s++)
		if (r->course.split[s].count)
			curves[n++] = dots(&r->course.split[s], s, r->course.split[s].top5, five[s]);
	for (int i = first; i < n; i++)
		curves[i].pale = true;
	if (n > 0)
		plot(to, r, "Error",
		     many ? "share of pictures not classified right; pale: not among the best five guesses."
			  : "share of pictures not classified right.",
		     (struct aq_plot){ .curves = curves, .curve_count = n, .y_least = 0, .y_most = 0.02 }, LOW);
}

int aq_report_curves(struct aq_report *r, struct aq_str *to)
{
	const struct aq_trace *t = &r->course.trace;
	const struct aq_curve rate = { .x = t->x, .y = t->lr, .count = t->bands, .colour = aq_hue(0) };
	aq_course_csv_head(&r->csv);
	aq_course_csv(&r->course, &r->csv);
	put_loss(to, r);
	aq_str_add(to, "<div class=\"pair\">\n");
	put_error(to, r);
	plot(to, r, "Learning rate", "as the schedule sets it.",
	     (struct aq_plot){ .curves = &rate, .curve_count = 1, .y_least = 0, .y_most = 1e-12 }, LOW);
	aq_str_add(to, "</div>\n");
	return AQ_OK;
}
