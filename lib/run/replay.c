/* SPDX-License-Identifier: MIT
 *
 * replay.c - a run's trainer at any of its steps
 */
#include "run/replay.h"

#include "base/log.h"

#include <stdlib.h>
#include <string.h>

static bool is_left_out(const struct aq_replay *replay, int param)
{
	return replay->only && replay->run->net->owner[param] != replay->only;
}

/* Is the gradient of every step in the record, to the last bit? */
static bool has_all_gradients(const struct aq_replay *replay)
{
	const struct aq_run *run = replay->run;
	for (int i = 0; i < run->net->params; i++) {
		const struct aq_column *column = aq_run_column(run, AQ_GRAD, i, 0);
		if (is_left_out(replay, i))
			continue;
		if (!column || column->every != 1 || column->bits < 23)
			return false;
	}
	return true;
}

static int open_trainer(struct aq_replay *replay, const char *data, int threads,
			struct aq_wants wants, bool rows)
{
	const struct aq_run *run = replay->run;
	int rc;
	AQ_TRY(aq_pool_new(&replay->pool, threads));
	if (data)
		AQ_TRY(aq_dataset_open(&replay->data, data, replay->pool));
	if (data && replay->data->digest != run->data_digest)
		return aq_fail(
			AQ_EDATA,
			"%s is not the data set of %s (digest %08x, wanted %08x); name the file it "
			"was trained on, or make that anew with the same aquatint-prep command",
			data, run->path, replay->data->digest, run->data_digest);
	if (rows) {
		const struct aq_wants more = aq_rows_wants(&run->record);
		wants.reg_grad |= more.reg_grad;
		wants.clip_grad |= more.clip_grad;
		wants.update |= more.update;
		wants.before |= more.before;
	}
	AQ_TRY(aq_trainer_new(&replay->trainer, &run->args, run->net, replay->data, replay->pool,
			      wants));
	replay->trainer->steps = run->steps;
	replay->trainer->epoch_steps = run->epoch_steps;
	if (rows)
		AQ_TRY(aq_rows_new(&replay->rows, &run->record, replay->trainer));
done:
	return rc;
}

int aq_replay_open(struct aq_replay *replay, const char *run, const char *data, int threads,
		   struct aq_wants wants, bool rows)
{
	int rc;
	*replay = (struct aq_replay){ 0 };
	AQ_TRY(aq_run_open(&replay->run, run));
	replay->has_gradients = has_all_gradients(replay);
	AQ_TRY(open_trainer(replay, data, threads, wants, rows));
done:
	if (rc < 0)
		aq_replay_close(replay);
	return rc;
}

void aq_replay_narrow(struct aq_replay *replay, const struct aq_layer *layer)
{
	if (replay->data || replay->run->args.solver.clip != 0)
		return;
	replay->only = layer;
	replay->has_gradients = has_all_gradients(replay);
}

void aq_replay_close(struct aq_replay *replay)
{
	for (int i = 0; replay->gradient && i < replay->run->net->params; i++)
		aq_row_window_close(&replay->gradient[i]);
	free(replay->gradient);
	aq_rows_free(replay->rows);
	aq_trainer_free(replay->trainer);
	aq_dataset_free(replay->data);
	aq_pool_free(replay->pool);
	aq_run_close(replay->run);
	*replay = (struct aq_replay){ 0 };
}

static int open_windows(struct aq_replay *replay)
{
	const int params = replay->run->net->params;
	int rc = AQ_OK;
	replay->gradient = calloc((size_t)params, sizeof *replay->gradient);
	if (!replay->gradient)
		return aq_fail(AQ_ENOMEM, "out of memory");
	for (int i = 0; i < params; i++)
		if (!is_left_out(replay, i))
			AQ_TRY(aq_row_window_open(&replay->gradient[i], replay->run,
					      aq_run_column(replay->run, AQ_GRAD, i, 0)));
done:
	return rc;
}

static int read_gradient(struct aq_replay *replay)
{
	struct aq_trainer *t = replay->trainer;
	int rc = AQ_OK;
	if (!replay->gradient)
		AQ_TRY(open_windows(replay));
	for (int i = 0; i < t->net->params; i++) {
		const void *row;
		if (is_left_out(replay, i))
			continue;
		AQ_TRY(aq_row_window_at(&replay->gradient[i], (uint64_t)t->step, &row));
		memcpy(t->grad + t->net->param[i]->offset, row, replay->gradient[i].width);
	}
done:
	return rc;
}

int aq_replay_step(struct aq_replay *replay)
{
	struct aq_trainer *t = replay->trainer;
	int rc;
	if (!replay->data && !replay->has_gradients)
		return aq_fail(AQ_EUSAGE,
			       "the gradients of %s were not all recorded: give --data, so that "
			       "they can be "
			       "computed again",
			       replay->run->path);
	if (!replay->data) {
		AQ_TRY(read_gradient(replay));
		aq_trainer_apply(t);
	} else if (!aq_trainer_step(t)) {
		return aq_fail(AQ_EDIVERGED,
			       "the loss of step %lld is not finite: there is nothing behind it",
			       (long long)t->step);
	}
	if (replay->rows)
		aq_rows_take(replay->rows);
	rc = AQ_OK;
done:
	return rc;
}

int aq_replay_seek(struct aq_replay *replay, int64_t step)
{
	struct aq_trainer *t = replay->trainer;
	int64_t from;
	int rc;
	AQ_TRY(aq_run_checkpoint(replay->run, step, &from));
	const bool nearer = replay->placed && t->step >= from && t->step <= step;
	if (nearer) {
		from = t->step;
	} else {
		replay->placed = false;
		AQ_TRY(aq_run_state(replay->run, from, t,
				    replay->rows ? aq_rows_previous(replay->rows) : NULL));
		replay->placed = true;
	}
	if (step > from && !replay->data && !replay->has_gradients)
		return aq_fail(AQ_EUSAGE,
			       "step %lld lies behind the checkpoint of step %lld, and the "
			       "gradients of the "
			       "steps between were not all recorded: give --data, so that they can "
			       "be computed "
			       "again",
			       (long long)step, (long long)from);
	/* What takes long says what it costs; what is read from the record does not take long. */
	if (step > from && !nearer)
		aq_log(replay->data ? AQ_INFO : AQ_DEBUG,
		       "replaying %lld steps of %d examples from the checkpoint of step %lld",
		       (long long)(step - from), t->feed.batch, (long long)from);
	while (t->step < step) {
		AQ_TRY(aq_replay_step(replay));
		aq_progress("steps replayed", (uint64_t)(t->step - from), (uint64_t)(step - from));
	}
done:
	return rc;
}
