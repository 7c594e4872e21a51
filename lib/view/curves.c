/* SPDX-License-Identifier: MIT
 *
 * curves.c - loss, error and learning rate of one or several runs over their steps
 *
 * Of one run the colours are those of its splits, and what it has stands in one plot.  Several runs
 * have a colour each, named once at the top, and a plot for every kind of curve.
 */
#include "view/curves.h"

#include "draw/page.h"
#include "draw/plot.h"
#include "io/file.h"
#include "view/course.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	WIDTH = 1000,
	MOST_RUNS = 10,
	LOSS = 330,
	ERROR = 260,
	PAIR = 230,
	RATE = 150,
	LEFT = 30,     /* room of the labels of y */
	BANDED = 2,    /* runs whose least and greatest can be told apart */
	KEY_GAP = 16,
	KEY_LINE = 20,
};

struct sheet {
	const struct aq_curves_args *args;
	struct aq_page *page;
	struct aq_course course[MOST_RUNS];
	int runs;
	double last;
};

/* ---- the plots ------------------------------------------------------------------------------- */

enum what { LOSS_OF, ERROR_OF, TOP5_OF };

static const float *values_of(const struct aq_marks *marks, enum what what)
{
	return what == LOSS_OF ? marks->loss : what == ERROR_OF ? marks->error : marks->top5;
}

/* The running mean over the batches, or NULL. */
static const float *line_of(const struct aq_trace *t, enum what what)
{
	return what == LOSS_OF ? t->loss.smooth : what == ERROR_OF ? t->error.smooth : t->top5.smooth;
}

/* Has any run numbers of that kind, other than nothing but 0 as the top 5 of five classes?  Those of the training
 * are those of its batches. */
static bool has(const struct sheet *s, int split, enum what what)
{
	for (int r = 0; r < s->runs; r++) {
		const struct aq_marks *marks = &s->course[r].split[split];
		if (split == AQ_TRAIN && line_of(&s->course[r].trace, what))
			return true;
		for (size_t i = 0; split != AQ_TRAIN && i < marks->count; i++)
			if (what != TOP5_OF || marks->top5[i] > 0)
				return true;
	}
	return false;
}

/* An error is that of a few examples, here none and there half of them: a band of it would say nothing. */
static struct aq_curve batches(const struct sheet *s, int r, enum what what)
{
	const struct aq_trace *t = &s->course[r].trace;
	const bool band = s->runs <= BANDED && what == LOSS_OF && !aq_trace_is_bare(t);
	return (struct aq_curve){ .x = t->x,
				  .y = line_of(t, what),
				  .low = band ? t->low : NULL,
				  .high = band ? t->high : NULL,
				  .count = line_of(t, what) ? t->bands : 0,
				  .colour = aq_hue(r) };
}

static struct aq_curve evals(const struct sheet *s, int r, int split, enum what what)
{
	const struct aq_marks *marks = &s->course[r].split[split];
	return (struct aq_curve){ .x = marks->x,
				  .y = values_of(marks, what),
				  .count = marks->count,
				  .dots = true,
				  .colour = aq_hue(s->runs == 1 ? split : r) };
}

static void put_plot(const struct sheet *s, struct aq_box box, struct aq_plot plot)
{
	plot.x_name = s->args->log_steps ? "step, counted from 1" : "step";
	plot.counts = plot.fixed_x = true;
	plot.log_x = s->args->log_steps;
	plot.x_min = plot.log_x ? 1 : 0;
	plot.x_max = s->last;
	plot.left = LEFT;
	if (box.h > 0)
		aq_plot_draw(s->page->canvas, box, &plot);
}

/* A plot as wide as the page. */
static void put_row(const struct sheet *s, int height, struct aq_plot plot)
{
	put_plot(s, aq_page_take(s->page, height), plot);
	aq_page_space(s->page, AQ_PAGE_GAP);
}

/* Do runs begin with rates that one straight axis cannot show?  Adadelta's is 1, Adam's 0.001. */
static bool rates_differ(const struct sheet *s)
{
	float least = INFINITY, most = 0;
	for (int r = 0; r < s->runs; r++) {
		least = fminf(least, s->course[r].trace.lr[0]);
		most = fmaxf(most, s->course[r].trace.lr[0]);
	}
	return least > 0 && most > 30 * least;
}

static void put_rate(const struct sheet *s)
{
	const bool log = rates_differ(s);
	struct aq_curve curves[MOST_RUNS];
	for (int r = 0; r < s->runs; r++)
		curves[r] = (struct aq_curve){ .x = s->course[r].trace.x,
					       .y = s->course[r].trace.lr,
					       .count = s->course[r].trace.bands,
					       .colour = aq_hue(r) };
	put_row(s, RATE, (struct aq_plot){ .title = "learning rate",
					   .y_name = "rate",
					   .log_y = log,
					   .y_most = log ? 0 : 1e-12,
					   .curves = curves,
					   .curve_count = s->runs });
}

/* ---- one run --------------------------------------------------------------------------------- */

static struct aq_curve one_of(const struct sheet *s, int split, enum what what, const char *name)
{
	struct aq_curve curve = split == AQ_TRAIN ? batches(s, 0, what) : evals(s, 0, split, what);
	curve.name = name;
	if (what == TOP5_OF)
		curve.colour = aq_mix(AQ_PAPER, curve.colour, 0.5);
	return curve;
}

static void draw_one(const struct sheet *s)
{
	static const char *const top1[] = { "training batches", "val", "test" };
	static const char *const top5[] = { "training batches, top-5", "val, top-5", "test, top-5" };
	struct aq_curve curves[2 * AQ_SPLITS];
	int n = 0;
	for (int k = AQ_TRAIN; k < AQ_SPLITS; k++)
		if (has(s, k, LOSS_OF))
			curves[n++] = one_of(s, k, LOSS_OF, top1[k]);
	put_row(s, LOSS, (struct aq_plot){ .title = "loss",
					   .y_name = "cross-entropy",
					   .log_y = s->args->log,
					   .curves = curves,
					   .curve_count = n });
	n = 0;
	for (int what = ERROR_OF; what <= TOP5_OF; what++)
		for (int k = AQ_TRAIN; k < AQ_SPLITS; k++)
			if (has(s, k, (enum what)what))
				curves[n++] = one_of(s, k, (enum what)what,
						     what == ERROR_OF ? top1[k] : top5[k]);
	if (n > 0)
		put_row(s, ERROR, (struct aq_plot){ .title = "error",
						    .y_name = "share not classified right",
						    /* no error at all is the base line */
						    .y_least = 0,
						    .y_most = 0.02,
						    .curves = curves,
						    .curve_count = n });
}

/* ---- several runs ---------------------------------------------------------------------------- */

/* The colour of each run, and its last error of the test (or val) examples. */
static void draw_keys(const struct sheet *s)
{
	const struct aq_box all = aq_page_take(s->page, 0);
	int x = all.x, y = aq_page_take(s->page, KEY_LINE).y;
	for (int r = 0; r < s->runs; r++) {
		const struct aq_course *course = &s->course[r];
		const struct aq_marks *last = &course->split[AQ_TEST];
		char text[128];
		const char *const name = text;
		const struct aq_rgb colour = aq_hue(r);
		if (last->count == 0)
			last = &course->split[AQ_VAL];
		snprintf(text, sizeof text, "%s", course->name);
		if (last->count > 0)
			snprintf(text, sizeof text, "%s (%.1f %%)", course->name,
				 100 * (double)last->error[last->count - 1]);
		const int width = aq_legend_draw(NULL, 0, 0, &name, &colour, 1);
		if (x > all.x && x + width > all.x + all.w) {
			x = all.x;
			y = aq_page_take(s->page, KEY_LINE).y;
		}
		if (!s->page->broken)
			aq_legend_draw(s->page->canvas, x, y, &name, &colour, 1);
		x += width + KEY_GAP;
	}
	aq_page_space(s->page, AQ_PAGE_GAP);
}

/* The greatest error of all runs and splits, so that plots beside each other have one scale. */
static double greatest(const struct sheet *s, enum what what)
{
	float most = 0.02f;
	for (int r = 0; r < s->runs; r++)
		for (int k = AQ_TRAIN; k < AQ_SPLITS; k++) {
			const struct aq_curve c = k == AQ_TRAIN ? batches(s, r, what) : evals(s, r, k, what);
			for (size_t i = 0; i < c.count; i++)
				most = fmaxf(most, c.y[i]);
		}
	return (double)most;
}

/* One kind of number, the splits that have it beside each other; `from` AQ_TRAIN: the batches, too. */
static void draw_row(const struct sheet *s, enum what what, int from)
{
	static const char *const titles[AQ_SPLITS][3] = {
		[AQ_TRAIN] = { "", "training batches: error", "training batches: top-5 error" },
		[AQ_VAL] = { "val: loss", "val: error", "val: top-5 error" },
		[AQ_TEST] = { "test: loss", "test: error", "test: top-5 error" },
	};
	int count = 0, column = 0;
	for (int k = from; k < AQ_SPLITS; k++)
		count += has(s, k, what);
	if (count == 0)
		return;
	const struct aq_box row = aq_page_take(s->page, PAIR);
	for (int k = from; k < AQ_SPLITS; k++) {
		struct aq_curve curves[MOST_RUNS];
		if (!has(s, k, what))
			continue;
		for (int r = 0; r < s->runs; r++)
			curves[r] = k == AQ_TRAIN ? batches(s, r, what) : evals(s, r, k, what);
		struct aq_plot plot = { .title = titles[k][what],
					.y_name = what == LOSS_OF ? "cross-entropy"
								  : "share not right",
					.log_y = what == LOSS_OF && s->args->log,
					.curves = curves,
					.curve_count = s->runs };
		if (what != LOSS_OF)
			plot.y_most = greatest(s, what);
		put_plot(s, aq_box_column(row, column++, count, AQ_PAGE_GAP), plot);
	}
	aq_page_space(s->page, AQ_PAGE_GAP);
}

static void draw_many(const struct sheet *s)
{
	struct aq_curve curves[MOST_RUNS];
	draw_keys(s);
	for (int r = 0; r < s->runs; r++)
		curves[r] = batches(s, r, LOSS_OF);
	put_row(s, LOSS, (struct aq_plot){ .title = "training batches: loss",
					   .y_name = "cross-entropy",
					   .log_y = s->args->log,
					   .curves = curves,
					   .curve_count = s->runs });
	draw_row(s, LOSS_OF, AQ_VAL);
	draw_row(s, ERROR_OF, AQ_TRAIN);
	draw_row(s, TOP5_OF, AQ_TRAIN);
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* What is a line, a band, a dot. */
static void say_words(const struct sheet *s, char words[256])
{
	char line[96];
	aq_trace_words(&s->course[0].trace, s->args->log_steps, line);
	if (s->runs == 1)
		snprintf(words, 256, "the line of the batches is %s%s; dots are evaluations", line,
			 aq_trace_is_bare(&s->course[0].trace)
				 ? "" : ", the pale band reaches from the least to the greatest");
	else
		snprintf(words, 256, "the lines of the batches are running means over %s%s; dots are evaluations; "
			 "beside each name, the last error",
			 s->args->smooth > 0 ? "as many steps as asked for" : "a fiftieth of each run",
			 s->runs <= BANDED ? ", the pale bands the least and greatest" : "");
}

static void draw_all(const struct sheet *s)
{
	char title[128], words[256];
	if (s->runs == 1)
		snprintf(title, sizeof title, "Loss and error of %s", s->course[0].name);
	else
		snprintf(title, sizeof title, "Loss and error of %d runs", s->runs);
	say_words(s, words);
	aq_page_title(s->page, title, words);
	if (s->runs == 1)
		draw_one(s);
	else
		draw_many(s);
	put_rate(s);
}

/* Runs of one name in different folders are told apart by their paths. */
static void name_apart(struct sheet *s)
{
	bool twice[MOST_RUNS] = { false };
	for (int a = 0; a < s->runs; a++)
		for (int b = 0; b < s->runs; b++)
			twice[a] |= a != b && strcmp(s->course[a].name, s->course[b].name) == 0;
	for (int r = 0; r < s->runs; r++) {
		const char *path = s->args->runs->at[r];
		const size_t length = strlen(path), room = sizeof s->course[r].name - 1;
		if (twice[r])
			snprintf(s->course[r].name, room + 1, "%s",
				 path + (length > room ? length - room : 0));
	}
}

static int write_csv(const struct sheet *s)
{
	struct aq_str text = { 0 };
	aq_course_csv_head(&text);
	for (int r = 0; r < s->runs; r++)
		aq_course_csv(&s->course[r], &text);
	int rc = aq_str_check(&text);
	if (rc == AQ_OK)
		rc = aq_file_write(s->args->csv, false, text.at, text.length);
	aq_str_free(&text);
	return rc;
}

static int read_all(struct sheet *s, const struct aq_drawing *drawing, struct aq_credit *credit)
{
	struct aq_run *run = NULL;
	int rc = AQ_OK;
	for (; s->runs < s->args->runs->count; s->runs++) {
		AQ_TRY(aq_run_open(&run, s->args->runs->at[s->runs]));
		AQ_TRY(aq_course_read(&s->course[s->runs], run, s->args->smooth, s->args->log_steps));
		if (s->runs == 0)
			AQ_TRY(aq_credit_take(credit, run->file, drawing->program,
					      drawing->arguments));
		s->last = fmax(s->last, (double)run->done);
		aq_run_close(run);
		run = NULL;
	}
	name_apart(s);
done:
	aq_run_close(run);
	return rc;
}

int aq_curves_draw(const struct aq_curves_args *args, const struct aq_drawing *drawing)
{
	struct sheet sheet = { .args = args, .last = 1 };
	struct aq_credit credit = { 0 };
	int rc;
	if (args->runs->count > MOST_RUNS)
		return aq_fail(AQ_EUSAGE, "at most %d runs fit into one picture", MOST_RUNS);
	AQ_TRY(read_all(&sheet, drawing, &credit));
	if (args->csv)
		AQ_TRY(write_csv(&sheet));
	AQ_TRY(aq_page_new_for(&sheet.page, WIDTH, drawing->out));
	draw_all(&sheet);
	rc = aq_page_write(sheet.page, drawing->out, drawing->keep, credit.text, credit.count);
done:
	for (int r = 0; r < MOST_RUNS; r++)
		aq_course_free(&sheet.course[r]);
	aq_credit_free(&credit);
	aq_page_free(sheet.page);
	return rc < 0 ? aq_while(rc, "cannot draw the curves %s", drawing->out) : rc;
}
