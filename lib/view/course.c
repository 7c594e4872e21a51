/* SPDX-License-Identifier: MIT
 *
 * course.c - what curves show of one run
 */
#include "view/course.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void aq_course_free(struct aq_course *s)
{
	aq_trace_free(&s->trace);
	aq_evals_free(&s->evals);
	for (int k = 0; k < AQ_SPLITS; k++) {
		free(s->split[k].x);
		free(s->split[k].loss);
		free(s->split[k].error);
		free(s->split[k].top5);
		s->split[k] = (struct aq_marks){ 0 };
	}
}

static int part_evals(struct aq_course *s)
{
	const size_t room = (size_t)s->evals.count + 1;
	for (int k = 0; k < AQ_SPLITS; k++) {
		struct aq_marks *one = &s->split[k];
		*one = (struct aq_marks){ malloc(room * sizeof *one->x),
					   malloc(room * sizeof *one->loss),
					   malloc(room * sizeof *one->error),
					   malloc(room * sizeof *one->top5), 0 };
		if (!one->x || !one->loss || !one->error || !one->top5)
			return aq_fail(AQ_ENOMEM, "out of memory");
	}
	for (uint64_t i = 0; i < s->evals.count; i++) {
		struct aq_marks *one = &s->split[s->evals.split[i]];
		one->x[one->count] = (double)s->evals.step[i];
		one->loss[one->count] = s->evals.loss[i];
		one->error[one->count] = s->evals.error[i];
		one->top5[one->count++] = s->evals.top5[i];
	}
	return AQ_OK;
}

int aq_course_read(struct aq_course *s, struct aq_run *run, double smooth, bool log)
{
	int rc;
	*s = (struct aq_course){ .steps = run->done };
	snprintf(s->name, sizeof s->name, "%s", aq_path_name(run->path));
	char *end = strstr(s->name, ".run.h5");
	if (end && end > s->name)
		*end = '\0';
	AQ_TRY(aq_trace_read_log(&s->trace, run, smooth, log));
	AQ_TRY(aq_run_evals(run, 0, run->done, &s->evals));
	AQ_TRY(part_evals(s));
done:
	if (rc < 0)
		aq_course_free(s);
	return rc;
}

/* ---- as a table ------------------------------------------------------------------------------ */

void aq_course_csv_head(struct aq_str *to)
{
	aq_str_add(to, "run,what,of,first_step,last_step,value,min,max,smooth\n");
}

static void put_start(const struct aq_course *s, const char *what, const char *of,
		      unsigned long long first, unsigned long long last, struct aq_str *to)
{
	aq_str_csv(to, s->name);
	aq_str_add(to, ",%s,%s,%llu,%llu,", what, of, first, last);
}

static void put_traced(const struct aq_course *s, const char *what, const struct aq_traced *traced,
		       size_t b, struct aq_str *to)
{
	if (!traced->mean)
		return;
	put_start(s, what, "batches", s->trace.start[b], s->trace.start[b + 1] - 1, to);
	aq_str_add(to, "%.9g,%.9g,%.9g,%.9g\n", (double)traced->mean[b], (double)traced->least[b],
		   (double)traced->most[b], (double)traced->smooth[b]);
}

void aq_course_csv(const struct aq_course *s, struct aq_str *to)
{
	const struct aq_trace *t = &s->trace;
	for (size_t b = 0; b < t->bands; b++) {
		put_traced(s, "loss", &t->loss, b, to);
		put_traced(s, "error", &t->error, b, to);
		put_traced(s, "top5_error", &t->top5, b, to);
		put_start(s, "lr", "", t->start[b], t->start[b + 1] - 1, to);
		aq_str_add(to, "%.9g,,,\n", (double)t->lr[b]);
	}
	for (int k = 0; k < AQ_SPLITS; k++)
		for (size_t i = 0; i < s->split[k].count; i++) {
			const struct aq_marks *one = &s->split[k];
			const float values[] = { one->loss[i], one->error[i], one->top5[i] };
			static const char *const words[] = { "loss", "error", "top5_error" };
			const unsigned long long step = (unsigned long long)one->x[i];
			for (int w = 0; w < 3; w++) {
				put_start(s, words[w], aq_split_name((enum aq_split)k), step, step,
					  to);
				aq_str_add(to, "%.9g,,,\n", (double)values[w]);
			}
		}
}
