/* SPDX-License-Identifier: MIT
 *
 * diff.c - the first step and tensor at which two runs part
 */
#include "run/diff.h"

#include "base/log.h"
#include "run/compare.h"
#include "run/window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what the runs were told ----------------------------------------------------------------- */

static int compare_options(const struct aq_run *a, const struct aq_run *b, struct aq_str *words)
{
	struct aq_str left = { 0 }, right = { 0 };
	int rc = AQ_OK;
	for (const struct aq_opt *opt = aq_train_opts(); opt->name && rc == AQ_OK; opt++) {
		if (opt->aside)
			continue;
		left.length = right.length = 0;
		aq_opt_print(opt, &a->args, &left);
		aq_opt_print(opt, &b->args, &right);
		if ((rc = aq_str_check(&left)) < 0 || (rc = aq_str_check(&right)) < 0)
			break;
		if (left.length != right.length ||
		    (left.length && memcmp(left.at, right.at, left.length) != 0))
			aq_str_add(words, "option %s: %.*s and %.*s\n", opt->name, (int)left.length,
				   aq_str_text(&left), (int)right.length, aq_str_text(&right));
	}
	aq_str_free(&left);
	aq_str_free(&right);
	return rc;
}

/* Parameter tensors of the same names and shapes: what makes two runs comparable. */
static bool same_params(const struct aq_net *a, const struct aq_net *b)
{
	if (a->params != b->params || a->count != b->count)
		return false;
	for (int i = 0; i < a->params; i++)
		if (strcmp(a->owner[i]->name, b->owner[i]->name) != 0 ||
		    strcmp(a->param[i]->name, b->param[i]->name) != 0 ||
		    a->param[i]->rank != b->param[i]->rank ||
		    memcmp(a->param[i]->dim, b->param[i]->dim, sizeof a->param[i]->dim) != 0)
			return false;
	return true;
}

static int compare_heads(const struct aq_run *a, const struct aq_run *b, struct aq_str *words)
{
	int rc;
	if (strcmp(a->net_text, b->net_text) != 0)
		aq_str_add(words, "the networks differ\n");
	if (a->data_digest != b->data_digest)
		aq_str_add(words, "the data sets differ: digest %08x and %08x\n", a->data_digest,
			   b->data_digest);
	if (a->init_digest != b->init_digest)
		aq_str_add(words, "the files of --init differ: digest %08x and %08x\n",
			   a->init_digest, b->init_digest);
	AQ_TRY(compare_options(a, b, words));
	if (a->done != b->done)
		aq_str_add(words, "steps: %lld and %lld\n", (long long)a->done, (long long)b->done);
	rc = aq_str_check(words);
done:
	return rc;
}

/* ---- the first step at which the records differ ---------------------------------------------- */

/* The first of rows 0 .. rows-1 of two columns that differ, or -1. */
static int first_row(struct aq_run *a, struct aq_run *b, const struct aq_column *left,
		     const struct aq_column *right, uint64_t rows, int64_t *found)
{
	struct aq_row_window l = { 0 }, r = { 0 };
	int rc;
	*found = -1;
	AQ_TRY(aq_row_window_open(&l, a, left));
	AQ_TRY(aq_row_window_open(&r, b, right));
	for (uint64_t row = 0; row < rows && *found < 0; row++) {
		const void *x, *y;
		AQ_TRY(aq_row_window_at(&l, row, &x));
		AQ_TRY(aq_row_window_at(&r, row, &y));
		if (memcmp(x, y, l.width) != 0)
			*found = (int64_t)row;
	}
done:
	aq_row_window_close(&l);
	aq_row_window_close(&r);
	return rc;
}

/* In this order: checksums are cheap; recorded weights, of before their step, name what a checksum
 * of after it only tells of. */
enum pass { CHECKSUMS, WEIGHTS, ALL_ELSE, PASSES };

static enum pass pass_of(const struct aq_column *column)
{
	return column->what == AQ_CRC ? CHECKSUMS : column->what == AQ_WEIGHTS ? WEIGHTS : ALL_ELSE;
}

/* Over all columns of one kind, steps before *step. */
static int scan(struct aq_run *a, struct aq_run *b, enum pass pass, int64_t *step,
		const struct aq_column **column)
{
	int64_t end = pass == WEIGHTS && *column ? *step + 1 : *step;
	int rc = AQ_OK;
	for (int i = 0; i < a->record.columns; i++) {
		const struct aq_column *left = &a->record.column[i];
		const struct aq_column *right = aq_run_find(b, left->name);
		int64_t row;
		if (pass_of(left) != pass || !right || right->every != left->every ||
		    right->bits != left->bits)
			continue;
		AQ_TRY(first_row(a, b, left, right, aq_column_rows(left, (uint64_t)end), &row));
		if (row >= 0) {
			*step = end = row * (int64_t)left->every;
			*column = left;
		}
		aq_progress("columns compared", (uint64_t)i + 1, (uint64_t)a->record.columns);
	}
done:
	return rc;
}

/* The recorded numbers that differ in row `step` of a column. */
static int print_row(struct aq_run *a, struct aq_run *b, const struct aq_column *column,
		     int64_t step, struct aq_str *to)
{
	const struct aq_column *other = aq_run_find(b, column->name);
	const uint64_t row = (uint64_t)step / column->every;
	struct aq_row_window l = { 0 }, r = { 0 };
	const void *x, *y;
	int rc;
	AQ_TRY(aq_row_window_open(&l, a, column));
	AQ_TRY(aq_row_window_open(&r, b, other));
	AQ_TRY(aq_row_window_at(&l, row, &x));
	AQ_TRY(aq_row_window_at(&r, row, &y));
	aq_compare_print(&column->shape, aq_compare(&column->shape, 1, x, y), x, y, to);
	rc = aq_str_check(to);
done:
	aq_row_window_close(&l);
	aq_row_window_close(&r);
	return rc;
}

/* ---- that step from its beginning ------------------------------------------------------------ */

/* Tell where two flat arrays differ first, if they do. */
static int compare_flat(const struct aq_net *net, const char *what, int64_t step, const aq_real *a,
			const aq_real *b)
{
	for (int i = 0; i < net->params; i++) {
		const struct aq_param *param = net->param[i];
		struct aq_h5_shape shape = { .type = AQ_F32,
					     .rank = 1 + param->rank,
					     .dim = { 1 } };
		for (int d = 0; d < param->rank; d++)
			shape.dim[1 + d] = (uint64_t)param->dim[d];
		const int64_t at = aq_compare(&shape, 1, a + param->offset, b + param->offset);
		if (at < 0)
			continue;
		struct aq_str text = { 0 };
		aq_compare_print(&shape, at, a + param->offset, b + param->offset, &text);
		aq_fail(AQ_EDIFFER, "step %lld is the first that differs, in %s: %s/%s%s",
			(long long)step, what, net->owner[i]->name, param->name,
			aq_str_text(&text));
		aq_str_free(&text);
		return AQ_EDIFFER;
	}
	return AQ_OK;
}

/* The weights and the solver's arrays that both trainers have now. */
static int compare_states(const struct aq_trainer *x, const struct aq_trainer *y, int64_t step)
{
	const int slots = aq_solver_slots(x->solver);
	int rc;
	AQ_TRY(compare_flat(x->net, "the weights before it", step, x->weights, y->weights));
	for (int s = 0; s < slots && slots == aq_solver_slots(y->solver); s++)
		AQ_TRY(compare_flat(x->net, aq_solver_slot_name(x->solver, s), step,
				    aq_solver_slot(x->solver, s), aq_solver_slot(y->solver, s)));
done:
	return rc;
}

/* The first checkpoint that both have, at `step` or before it, and that differs: a change may be
 * rounded away before any row shows it.  AQ_EDIFFER with the place told. */
static int compare_checkpoints(struct aq_replay *a, struct aq_replay *b, int64_t step)
{
	struct aq_str story = { 0 };
	int64_t left, right;
	int rc = AQ_OK;
	for (int64_t at = step; at >= 0; at = left == right  ? left - 1
					      : left < right ? left
							     : right) {
		AQ_TRY(aq_run_checkpoint(a->run, at, &left));
		AQ_TRY(aq_run_checkpoint(b->run, at, &right));
		if (left != right)
			continue;
		a->placed = b->placed = false;
		AQ_TRY(aq_run_state(a->run, left, a->trainer, NULL));
		AQ_TRY(aq_run_state(b->run, right, b->trainer, NULL));
		if (compare_states(a->trainer, b->trainer, left) < 0) {
			story.length = 0;
			aq_str_add(&story, "%s", aq_story());
		}
	}
	AQ_TRY(aq_str_check(&story));
	if (story.length)
		rc = aq_fail(AQ_EDIFFER, "%s", aq_str_text(&story));
done:
	aq_str_free(&story);
	return rc;
}

/* Both trainers stand before `step`: which number differs first? */
static int look_into(struct aq_replay *a, struct aq_replay *b, int64_t step)
{
	const struct aq_net *net = a->run->net;
	const struct aq_trainer *x = a->trainer, *y = b->trainer;
	int rc;
	AQ_TRY(compare_states(x, y, step));
	AQ_TRY(aq_replay_step(a));
	AQ_TRY(aq_replay_step(b));
	AQ_TRY(compare_flat(net, "grad", step, x->grad, y->grad));
	AQ_TRY(compare_flat(net, "reg_grad", step, x->stages.reg_grad, y->stages.reg_grad));
	AQ_TRY(compare_flat(net, "clip_grad", step, x->stages.clip_grad, y->stages.clip_grad));
	AQ_TRY(compare_flat(net, "update", step, x->stages.update, y->stages.update));
	AQ_TRY(compare_flat(net, "the weights after it", step, x->weights, y->weights));
done:
	return rc;
}

/* Can the trainer get to `step`: with its data, from a checkpoint that is there, or from gradients?
 */
static int reach(struct aq_replay *replay, int64_t step)
{
	const int rc = aq_replay_seek(replay, step);
	return rc == AQ_EUSAGE ? 1 : rc;
}

/* Row `step` of a column is the first that differs: look into the step, or say what was recorded.
 */
static int tell(struct aq_replay *a, struct aq_replay *b, int64_t step,
		const struct aq_column *column)
{
	struct aq_str numbers = { 0 };
	int rc;
	const int left = reach(a, step), right = left == AQ_OK ? reach(b, step) : 1;
	if (left < 0 || right < 0)
		return left < 0 ? left : right;
	rc = left || right ? AQ_EUSAGE : look_into(a, b, step);
	if (rc != AQ_OK && rc != AQ_EUSAGE)
		return rc;
	/* Equal when computed from equal checkpoints: a state between them was not what it should
	 * be. */
	const char *hint =
		rc == AQ_OK ? "computed again, both are equal there: one of them was changed "
			      "between two checkpoints, and aquatint-snapshot verify tells which"
			    : "give --data to see the values";
	AQ_TRY(print_row(a->run, b->run, column, step, &numbers));
	rc = aq_fail(AQ_EDIFFER, "step %lld is the first that differs, in %s%s; %s",
		     (long long)step, column->name, aq_str_text(&numbers), hint);
done:
	aq_str_free(&numbers);
	return rc;
}

int aq_diff(struct aq_replay *a, struct aq_replay *b, struct aq_str *words)
{
	const struct aq_column *column = NULL;
	int64_t step = a->run->done < b->run->done ? a->run->done : b->run->done;
	int rc;
	AQ_TRY(compare_heads(a->run, b->run, words));
	if (!same_params(a->run->net, b->run->net))
		return aq_fail(AQ_EDIFFER,
			       "the networks have other parameters: there is nothing to compare");
	for (int pass = 0; pass < PASSES; pass++)
		AQ_TRY(scan(a->run, b->run, (enum pass)pass, &step, &column));
	AQ_TRY(compare_checkpoints(a, b, step));
	if (column)
		return tell(a, b, step, column);
	rc = words->length ? aq_fail(AQ_EDIFFER, "all that both have recorded is equal, but they "
						 "were not told the same")
			   : AQ_OK;
done:
	return rc;
}
