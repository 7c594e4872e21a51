/* SPDX-License-Identifier: MIT
 *
 * curves.c - loss, error and learning rate of one or several runs over their steps
 */
#include "view/curves.h"

#include "draw/page.h"
#include "draw/plot.h"
#include "view/trace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 1000, MOST_RUNS = 10, LOSS_HEIGHT = 330, ERROR_HEIGHT = 260, RATE_HEIGHT = 150 };

/* What is drawn of one run. */
struct traces {
	char *name;
	struct aq_trace trace;
	struct aq_evals evals;
	double *eval_x[AQ_SPLITS];
	float *error[AQ_SPLITS], *loss[AQ_SPLITS];
	size_t eval_count[AQ_SPLITS];
};

static void free_traces(struct traces *t)
{
	free(t->name);
	aq_trace_free(&t->trace);
	aq_evals_free(&t->evals);
	for (int s = 0; s < AQ_SPLITS; s++) {
		free(t->eval_x[s]);
		free(t->error[s]);
		free(t->loss[s]);
	}
}

/* ---- reading --------------------------------------------------------------------------------- */

/* The evaluations of each split as curves of their own. */
static int part_evals(struct traces *t)
{
	for (int s = 0; s < AQ_SPLITS; s++) {
		const size_t room = (size_t)t->evals.count + 1;
		t->eval_x[s] = malloc(room * sizeof *t->eval_x[s]);
		t->error[s] = malloc(room * sizeof *t->error[s]);
		t->loss[s] = malloc(room * sizeof *t->loss[s]);
		if (!t->eval_x[s] || !t->error[s] || !t->loss[s])
			return aq_fail(AQ_ENOMEM, "out of memory");
	}
	for (uint64_t i = 0; i < t->evals.count; i++) {
		const int s = t->evals.split[i];
		const size_t at = t->eval_count[s]++;
		t->eval_x[s][at] = (double)t->evals.step[i];
		t->error[s][at] = t->evals.error[i];
		t->loss[s][at] = t->evals.loss[i];
	}
	return AQ_OK;
}

static int read_traces(const char *path, double smooth, struct traces *t, struct aq_run **run)
{
	int rc;
	AQ_TRY(aq_run_open(run, path));
	t->name = strdup(aq_path_name(path));
	if (!t->name)
		return aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(aq_trace_read(&t->trace, *run, smooth));
	AQ_TRY(aq_run_evals(*run, &t->evals));
	AQ_TRY(part_evals(t));
done:
	return rc;
}

/* ---- drawing --------------------------------------------------------------------------------- */

/* A run's name without its endings. */
static void short_name(const char *name, char text[64])
{
	snprintf(text, 64, "%s", name);
	char *end = strstr(text, ".run.h5");
	if (end)
		*end = '\0';
}

struct names {
	char text[4 * MOST_RUNS][96];
	int count;
};

static const char *name_of(struct names *names, const struct traces *t, int runs, const char *what)
{
	char run[64];
	char *text = names->text[names->count++];
	short_name(t->name, run);
	if (runs == 1)
		snprintf(text, 96, "%s", what);
	else
		snprintf(text, 96, "%s, %s", run, what);
	return text;
}

static void draw_loss(struct aq_page *page, const struct traces *t, int runs, bool log, double last)
{
	struct aq_curve curves[3 * MOST_RUNS];
	struct names names = { .count = 0 };
	int n = 0;
	for (int r = 0; r < runs; r++) {
		curves[n++] =
			(struct aq_curve){ .name = name_of(&names, &t[r], runs, "training batches"),
					   .x = t[r].trace.x,
					   .y = t[r].trace.smooth,
					   .low = t[r].trace.low,
					   .high = t[r].trace.high,
					   .count = t[r].trace.bands,
					   .colour = aq_hue(runs == 1 ? 0 : r) };
		for (int s = AQ_VAL; s < AQ_SPLITS; s++)
			if (t[r].eval_count[s] && n < 3 * MOST_RUNS)
				curves[n++] = (struct aq_curve){
					.name = name_of(&names, &t[r], runs,
							aq_split_name((enum aq_split)s)),
					.x = t[r].eval_x[s],
					.y = t[r].loss[s],
					.count = t[r].eval_count[s],
					.dots = true,
					.colour = aq_hue(runs == 1 ? s : r)
				};
	}
	const struct aq_plot plot = { .title = "loss",
				      .x_name = "step",
				      .y_name = "cross-entropy",
				      .counts = true,
				      .log_y = log,
				      .fixed_x = true,
				      .x_max = last,
				      .curves = curves,
				      .curve_count = n };
	const struct aq_box box = aq_page_take(page, LOSS_HEIGHT);
	if (box.h > 0)
		aq_plot_draw(page->canvas, box, &plot);
	aq_page_space(page, AQ_PAGE_GAP);
}

static void draw_error(struct aq_page *page, const struct traces *t, int runs, double last)
{
	struct aq_curve curves[2 * MOST_RUNS];
	struct names names = { .count = 0 };
	int n = 0;
	for (int r = 0; r < runs; r++)
		for (int s = AQ_VAL; s < AQ_SPLITS; s++)
			if (t[r].eval_count[s])
				curves[n++] = (struct aq_curve){
					.name = name_of(&names, &t[r], runs,
							aq_split_name((enum aq_split)s)),
					.x = t[r].eval_x[s],
					.y = t[r].error[s],
					.count = t[r].eval_count[s],
					.dots = true,
					.colour = aq_hue(runs == 1 ? s : r)
				};
	const struct aq_plot plot = { .title = "error",
				      .x_name = "step",
				      .y_name = "share not classified right",
				      .counts = true,
				      .y_least = 0,
				      .y_most = 0.02, /* no error at all is the base line */
				      .fixed_x = true,
				      .x_max = last,
				      .curves = curves,
				      .curve_count = n };
	if (n == 0)
		return;
	const struct aq_box box = aq_page_take(page, ERROR_HEIGHT);
	if (box.h > 0)
		aq_plot_draw(page->canvas, box, &plot);
	aq_page_space(page, AQ_PAGE_GAP);
}

static void draw_rate(struct aq_page *page, const struct traces *t, int runs, double last)
{
	struct aq_curve curves[MOST_RUNS];
	struct names names = { .count = 0 };
	for (int r = 0; r < runs; r++)
		curves[r] =
			(struct aq_curve){ .name = runs == 1 ? NULL
							     : name_of(&names, &t[r], runs, "rate"),
					   .x = t[r].trace.x,
					   .y = t[r].trace.lr,
					   .count = t[r].trace.bands,
					   .colour = aq_hue(r) };
	const struct aq_plot plot = { .title = "learning rate",
				      .x_name = "step",
				      .counts = true,
				      .fixed_x = true,
				      .x_max = last,
				      .y_least = 0,
				      .y_most = 1e-12,
				      .curves = curves,
				      .curve_count = runs };
	const struct aq_box box = aq_page_take(page, RATE_HEIGHT);
	if (box.h > 0)
		aq_plot_draw(page->canvas, box, &plot);
}

static void draw_all(struct aq_page *page, const struct aq_curves_args *args,
		     const struct traces *t, double last)
{
	const int runs = args->runs->count;
	char title[96], below[256], name[64];
	short_name(t[0].name, name);
	if (runs == 1)
		snprintf(title, sizeof title, "Loss and error of %s", name);
	else
		snprintf(title, sizeof title, "Loss and error of %d runs", runs);
	snprintf(below, sizeof below,
		 "the line is a running mean over the steps, the pale band their least and "
		 "greatest; "
		 "dots are evaluations");
	aq_page_title(page, title, below);
	draw_loss(page, t, runs, args->log, last);
	draw_error(page, t, runs, last);
	draw_rate(page, t, runs, last);
}

int aq_curves_draw(const struct aq_curves_args *args, const struct aq_drawing *drawing)
{
	struct traces traces[MOST_RUNS] = { 0 };
	struct aq_run *run = NULL;
	struct aq_page *page = NULL;
	struct aq_credit credit = { 0 };
	double last = 1;
	int rc;
	if (args->runs->count > MOST_RUNS)
		return aq_fail(AQ_EUSAGE, "at most %d runs fit into one picture", MOST_RUNS);
	for (int r = 0; r < args->runs->count; r++) {
		rc = read_traces(args->runs->at[r], args->smooth, &traces[r], &run);
		if (rc == AQ_OK && r == 0)
			rc = aq_credit_take(&credit, run->file, drawing->program,
					    drawing->arguments);
		if (rc == AQ_OK)
			last = fmax(last, (double)run->done);
		aq_run_close(run);
		run = NULL;
		AQ_TRY(rc);
	}
	AQ_TRY(aq_page_new_for(&page, WIDTH, drawing->out));
	draw_all(page, args, traces, last);
	rc = aq_page_write(page, drawing->out, drawing->keep, credit.text, credit.count);
done:
	for (int r = 0; r < MOST_RUNS; r++)
		free_traces(&traces[r]);
	aq_credit_free(&credit);
	aq_page_free(page);
	return rc < 0 ? aq_while(rc, "cannot draw the curves %s", drawing->out) : rc;
}
