/* SPDX-License-Identifier: MIT
 *
 * verify.c - compute steps of a run again and compare everything recorded of them, bit by bit
 */
#include "run/verify.h"

#include "base/clock.h"
#include "base/log.h"
#include "run/compare.h"
#include "run/runfile.h"
#include "run/window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct verifying {
	struct aq_replay *replay;
	struct aq_row_window *window; /* one for each column */
	struct aq_evals evals;
	uint64_t next_eval;
	struct aq_arena *mem;
	aq_real *weights, *slots; /* a recorded state, flat */
	struct aq_verified *verified;
};

int aq_steps_parse(const struct aq_run *run, const char *text, int64_t *first, int64_t *end)
{
	*first = 0;
	*end = run->done;
	if (!text)
		return AQ_OK;
	char *rest;
	const char *colon = strchr(text, ':');
	if (!colon)
		return aq_fail(AQ_EUSAGE,
			       "--steps %s: it is A:B, the steps from A up to but not including B",
			       text);
	if (colon != text) {
		*first = strtoll(text, &rest, 10);
		if (rest != colon)
			return aq_fail(AQ_EUSAGE, "--steps %s: A of A:B is not a number", text);
	}
	if (colon[1]) {
		*end = strtoll(colon + 1, &rest, 10);
		if (*rest)
			return aq_fail(AQ_EUSAGE, "--steps %s: B of A:B is not a number", text);
	}
	if (*first < 0 || *end > run->done || *first > *end)
		return aq_fail(AQ_EUSAGE, "--steps %s: %s has the steps 0:%lld", text, run->path,
			       (long long)run->done);
	return AQ_OK;
}

static int differs(int64_t step, const char *name, const struct aq_h5_shape *shape, int64_t at,
		   const void *then, const void *now)
{
	struct aq_str text = { 0 };
	aq_compare_print(shape, at, then, now, &text);
	const int rc = aq_fail(AQ_EDIFFER, "step %lld differs in %s%s (recorded, computed)",
			       (long long)step, name, aq_str_text(&text));
	aq_str_free(&text);
	return rc;
}

/* The rows of the step just taken. */
static int compare_rows(struct verifying *v)
{
	const struct aq_record *record = &v->replay->run->record;
	const uint64_t step = (uint64_t)v->replay->trainer->step - 1;
	int rc = AQ_OK;
	for (int i = 0; i < record->columns; i++) {
		const struct aq_column *column = &record->column[i];
		const void *then;
		if (!aq_rows_due(v->replay->rows, column))
			continue;
		AQ_TRY(aq_row_window_at(&v->window[i], step / column->every, &then));
		const void *now = aq_rows_at(v->replay->rows, column);
		const int64_t at = aq_compare(&column->shape, 1, then, now);
		if (at >= 0)
			return differs((int64_t)step, column->name, &column->shape, at, then, now);
		v->verified->rows++;
	}
done:
	return rc;
}

static int compare_flat(const struct aq_trainer *t, const char *what, const aq_real *then,
			const aq_real *now)
{
	for (int i = 0; i < t->net->params; i++) {
		const struct aq_param *param = t->net->param[i];
		struct aq_h5_shape shape = { .type = AQ_F32,
					     .rank = 1 + param->rank,
					     .dim = { 1 } };
		for (int d = 0; d < param->rank; d++)
			shape.dim[1 + d] = (uint64_t)param->dim[d];
		const int64_t at = aq_compare(&shape, 1, then + param->offset, now + param->offset);
		char name[512];
		snprintf(name, sizeof name, "/checkpoint/%lld/%s/%s/%s", (long long)t->step, what,
			 t->net->owner[i]->name, param->name);
		if (at >= 0)
			return differs(t->step, name, &shape, at, then + param->offset,
				       now + param->offset);
	}
	return AQ_OK;
}

/* The checkpoint before the next step, where there is one: kept aside, read, compared, put back. */
static int compare_state(struct verifying *v)
{
	struct aq_trainer *t = v->replay->trainer;
	const size_t count = t->net->count;
	const int slots = aq_solver_slots(t->solver);
	int64_t found;
	int rc;
	AQ_TRY(aq_run_checkpoint(v->replay->run, t->step, &found));
	if (found != t->step)
		return AQ_OK;
	memcpy(v->weights, t->weights, count * sizeof *v->weights);
	for (int s = 0; s < slots; s++)
		memcpy(v->slots + (size_t)s * count, aq_solver_slot(t->solver, s),
		       count * sizeof *v->slots);
	AQ_TRY(aq_run_state(v->replay->run, found, t, NULL));
	rc = compare_flat(t, "weights", t->weights, v->weights);
	for (int s = 0; s < slots && rc == AQ_OK; s++) {
		char what[128];
		snprintf(what, sizeof what, "solver/%s", aq_solver_slot_name(t->solver, s));
		rc = compare_flat(t, what, aq_solver_slot(t->solver, s),
				  v->slots + (size_t)s * count);
	}
	v->verified->states++;
done:
	return rc;
}

/* The evaluations after the step just taken. */
static int compare_evals(struct verifying *v)
{
	struct aq_trainer *t = v->replay->trainer;
	static const struct aq_h5_shape number = { .type = AQ_F32, .rank = 1, .dim = { 1 } };
	for (; v->next_eval < v->evals.count && v->evals.step[v->next_eval] <= (uint64_t)t->step;
	     v->next_eval++) {
		const uint64_t e = v->next_eval;
		if (v->evals.step[e] < (uint64_t)t->step)
			continue;
		const struct aq_score score = aq_trainer_score(t, (enum aq_split)v->evals.split[e]);
		const float now[] = { (float)score.loss, (float)score.error, (float)score.top5 };
		const float then[] = { v->evals.loss[e], v->evals.error[e], v->evals.top5[e] };
		for (int k = 0; k < 3; k++)
			if (aq_compare(&number, 1, &then[k], &now[k]) >= 0)
				return differs(t->step,
					       k == 0	? "/eval/loss"
					       : k == 1 ? "/eval/error"
							: "/eval/top5",
					       &number, 0, &then[k], &now[k]);
		v->verified->evals++;
	}
	return AQ_OK;
}

static int open_windows(struct verifying *v)
{
	struct aq_run *run = v->replay->run;
	const size_t count = v->replay->trainer->net->count;
	int rc = AQ_OK;
	if (!(v->mem = aq_arena_new()))
		return AQ_ENOMEM;
	v->window = aq_arena_take(v->mem, (size_t)run->record.columns, sizeof *v->window);
	v->weights = aq_arena_take(v->mem, count, sizeof *v->weights);
	v->slots = aq_arena_take(v->mem, count, AQ_MOST_SLOTS * sizeof *v->slots);
	if (!v->window || !v->weights || !v->slots)
		return AQ_ENOMEM;
	for (int i = 0; i < run->record.columns; i++)
		AQ_TRY(aq_row_window_open(&v->window[i], run, &run->record.column[i]));
done:
	return rc;
}

static int compare_all(struct verifying *v, int64_t first, int64_t end)
{
	struct aq_trainer *t = v->replay->trainer;
	int rc = AQ_OK;
	while (t->step < end) {
		AQ_TRY(aq_replay_step(v->replay));
		AQ_TRY(compare_rows(v));
		AQ_TRY(compare_evals(v));
		AQ_TRY(compare_state(v));
		aq_progress("steps verified", (uint64_t)(t->step - first), (uint64_t)(end - first));
	}
done:
	return rc;
}

int aq_verify(struct aq_replay *replay, const char *steps, struct aq_verified *verified)
{
	struct verifying v = { .replay = replay, .verified = verified };
	const double start = aq_seconds();
	int64_t first, end, from;
	int rc;
	*verified = (struct aq_verified){ 0 };
	AQ_TRY(aq_steps_parse(replay->run, steps, &first, &end));
	AQ_TRY(aq_run_checkpoint(replay->run, first, &from));
	verified->first = first;
	verified->last = end - 1;
	verified->replayed = (uint64_t)(first - from);
	aq_log(AQ_INFO,
	       "computing %lld steps of %d examples again, %lld of them to get from the checkpoint "
	       "of "
	       "step %lld to step %lld",
	       (long long)(end - from), replay->trainer->feed.batch, (long long)(first - from),
	       (long long)from, (long long)first);
	AQ_TRY(open_windows(&v));
	AQ_TRY(aq_run_evals(replay->run, first + 1, end, &v.evals));
	AQ_TRY(aq_replay_seek(replay, first));
	AQ_TRY(compare_all(&v, first, end));
done:
	verified->seconds = aq_seconds() - start;
	for (int i = 0; v.window && i < replay->run->record.columns; i++)
		aq_row_window_close(&v.window[i]);
	aq_evals_free(&v.evals);
	aq_arena_free(v.mem);
	return rc;
}
