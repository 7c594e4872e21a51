/* SPDX-License-Identifier: MIT
 *
 * report_curves.c - the curves of a report
 */
#include "view/report_private.h"

#include "view/html_plot.h"

#include <stdlib.h>

enum { LOSS = 300, LOW = 170 };

/* The evaluations of one split, as curves. */
struct score {
	double *x;
	float *loss, *error;
	size_t count;
};

static int take(const struct aq_evals *evals, int split, struct score *score)
{
	const size_t room = (size_t)evals->count + 1;
	*score = (struct score){ malloc(room * sizeof *score->x), malloc(room * sizeof *score->loss),
				 malloc(room * sizeof *score->error), 0 };
	if (!score->x || !score->loss || !score->error)
		return aq_fail(AQ_ENOMEM, "out of memory");
	for (uint64_t i = 0; i < evals->count; i++) {
		if (evals->split[i] != split)
			continue;
		score->x[score->count] = (double)evals->step[i];
		score->loss[score->count] = evals->loss[i];
		score->error[score->count++] = evals->error[i];
	}
	return AQ_OK;
}

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

static void put_loss(struct aq_str *to, const struct aq_report *r, const struct score *score)
{
	struct aq_curve curves[1 + AQ_SPLITS] = { { .name = "training batches",
						    .x = r->trace.x,
						    .y = r->trace.smooth,
						    .low = r->trace.low,
						    .high = r->trace.high,
						    .count = r->trace.bands,
						    .colour = aq_hue(0) } };
	int n = 1;
	for (int s = AQ_VAL; s < AQ_SPLITS; s++)
		if (score[s].count)
			curves[n++] = (struct aq_curve){ .name = aq_split_name((enum aq_split)s),
							 .x = score[s].x,
							 .y = score[s].loss,
							 .count = score[s].count,
							 .colour = aq_hue(s),
							 .dots = true };
	plot(to, r, "Loss",
	     "cross-entropy over the steps. The line is a running mean, the pale band reaches from the "
	     "least to the greatest; dots are evaluations.",
	     (struct aq_plot){ .curves = curves, .curve_count = n }, LOSS);
}

static void put_error(struct aq_str *to, const struct aq_report *r, const struct score *score)
{
	struct aq_curve curves[AQ_SPLITS];
	int n = 0;
	for (int s = AQ_VAL; s < AQ_SPLITS; s++)
		if (score[s].count)
			curves[n++] = (struct aq_curve){ .name = aq_split_name((enum aq_split)s),
							 .x = score[s].x,
							 .y = score[s].error,
							 .count = score[s].count,
							 .colour = aq_hue(s),
							 .dots = true };
	if (n > 0)
		plot(to, r, "Error", "share of the pictures that are not classified right.",
		     (struct aq_plot){
			     .curves = curves, .curve_count = n, .y_least = 0, .y_most = 0.02 },
		     LOW);
}

int aq_report_curves(struct aq_report *r, struct aq_str *to)
{
	struct score score[AQ_SPLITS] = { 0 };
	const struct aq_curve rate = {
		.x = r->trace.x, .y = r->trace.lr, .count = r->trace.bands, .colour = aq_hue(0)
	};
	int rc = AQ_OK;
	for (int s = 0; s < AQ_SPLITS; s++)
		AQ_TRY(take(&r->evals, s, &score[s]));
	put_loss(to, r, score);
	aq_str_add(to, "<div class=\"pair\">\n");
	put_error(to, r, score);
	plot(to, r, "Learning rate", "as the schedule sets it.",
	     (struct aq_plot){ .curves = &rate, .curve_count = 1, .y_least = 0, .y_most = 1e-12 }, LOW);
	aq_str_add(to, "</div>\n");
done:
	for (int s = 0; s < AQ_SPLITS; s++) {
		free(score[s].x);
		free(score[s].loss);
		free(score[s].error);
	}
	return rc;
}
