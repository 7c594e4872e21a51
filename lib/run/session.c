/* SPDX-License-Identifier: MIT
 *
 * session.c - a training from its options to its sealed run
 */
#include "run/session.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/signals.h"
#include "io/file.h"
#include "io/provenance.h"
#include "run/courier.h"
#include "run/params.h"
#include "run/runfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct session {
	const struct aq_train_args *args;
	const struct aq_session_ear *ear;
	struct aq_pool *pool;
	char *net_text;
	struct aq_net *net;
	struct aq_dataset *data;
	struct aq_trainer *trainer;
	struct aq_record record;
	struct aq_rows *rows;
	struct aq_arena *mem;
	char *folder;
	struct aq_courier *courier;
	uint32_t init_digest;
	double scoring; /* seconds */
	int64_t examples;
};

/* ---- planning -------------------------------------------------------------------------------------- */

static int read_net(struct session *s)
{
	enum { MOST = 1 << 20 };
	size_t length;
	int rc;
	AQ_TRY(aq_file_read(s->args->net, MOST, &s->net_text, &length));
	if (strlen(s->net_text) != length)
		return aq_fail(AQ_EDATA, "%s is not a text file", s->args->net);
	AQ_TRY(aq_net_parse(&s->net, s->net_text, s->args->net));
done:
	return rc;
}

/* Start from the weights of a file; solver state in it is not used: this is a new training. */
static int load_init(struct session *s)
{
	struct aq_h5 *file = NULL;
	int rc;
	AQ_TRY(aq_h5_open(&file, s->args->init, "aquatint-weights"));
	AQ_TRY(aq_params_read(file, "/weights", s->net, s->trainer->weights));
	AQ_TRY(aq_h5_digest(file, &s->init_digest));
	aq_trainer_ready(s->trainer);
done:
	aq_h5_close(file);
	return rc < 0 ? aq_while(rc, "cannot start from --init %s", s->args->init) : rc;
}

static int check_outputs(struct session *s)
{
	const struct aq_train_args *args = s->args;
	const char *const inputs[] = { args->net, args->data, args->init };
	int rc = AQ_OK;
	if (!args->out)
		return aq_fail(AQ_EUSAGE, "--out is missing: name the run to write, X.run.h5");
	for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
		AQ_TRY(aq_file_apart(args->out, inputs[i]));
	if (args->resume && args->force)
		return aq_fail(AQ_EUSAGE, "give --resume or --force, not both");
	char *temporary;
	AQ_TRY(aq_file_begin(&temporary, NULL, args->out, args->no_clobber));
	free(temporary);
	if (!(s->folder = aq_parts_folder(args->out)))
		return AQ_ENOMEM;
	if (aq_file_exists(s->folder) && !args->resume && !args->force)
		rc = aq_fail(AQ_ECREATE, "%s is there: an earlier run did not finish; --resume takes it up, "
			     "--force throws it away", s->folder);
done:
	return rc;
}

static int plan(struct session *s)
{
	int rc;
	AQ_TRY(check_outputs(s));
	AQ_TRY(read_net(s));
	AQ_TRY(aq_pool_new(&s->pool, s->args->threads));
	AQ_TRY(aq_dataset_open(&s->data, s->args->data, s->pool));
	if (!(s->mem = aq_arena_new()))
		return AQ_ENOMEM;
	AQ_TRY(aq_record_plan(&s->record, &s->args->record, s->net, s->mem));
	AQ_TRY(aq_trainer_new(&s->trainer, s->args, s->net, s->data, s->pool, aq_rows_wants(&s->record)));
	AQ_TRY(aq_rows_new(&s->rows, &s->record, s->trainer));
	if (s->args->profile)
		AQ_TRY(aq_engine_watch(s->trainer->engine));
	if (s->args->init)
		AQ_TRY(load_init(s));
done:
	return rc < 0 ? aq_while(rc, "cannot train %s on %s", s->args->net, s->args->data) : rc;
}

/* A run that is taken up keeps what it was begun with. */
static int fit_record(struct session *s)
{
	char index[AQ_PATH_MOST];
	struct aq_h5 *file = NULL;
	int rc;
	snprintf(index, sizeof index, "%s/run.h5", s->folder);
	if (!s->args->resume || !aq_file_exists(index))
		return AQ_OK;
	AQ_TRY(aq_h5_open(&file, index, "aquatint-run"));
	rc = aq_runfile_fit(file, &s->record);
done:
	aq_h5_close(file);
	return rc < 0 ? aq_while(rc, "cannot take up %s", s->folder) : rc;
}

static int begin(struct session *s, const char *program, const char *arguments)
{
	const struct aq_making making = {
		.args = s->args, .net = s->net, .data = s->data, .record = &s->record, .trainer = s->trainer,
		.rows = s->rows, .program = program, .arguments = arguments, .init_digest = s->init_digest,
	};
	int rc = AQ_OK;
	if (s->args->force)
		AQ_TRY(aq_parts_discard(s->folder));
	AQ_TRY(fit_record(s));
	AQ_TRY(aq_courier_new(&s->courier, &making, s->folder, s->args->resume));
done:
	return rc;
}

/* ---- running --------------------------------------------------------------------------------------- */

static int evaluate(struct session *s)
{
	int rc = AQ_OK;
	const double began = aq_seconds();
	for (int split = AQ_VAL; split < AQ_SPLITS; split++) {
		if (s->data->split[split].count == 0)
			continue;
		const struct aq_score score = aq_trainer_score(s->trainer, (enum aq_split)split);
		AQ_TRY(aq_courier_eval(s->courier, (enum aq_split)split, score));
		if (s->ear->scored)
			s->ear->scored(s->trainer, (enum aq_split)split, score);
	}
	s->scoring += aq_seconds() - began;
done:
	return rc;
}

static int diverged(struct session *s)
{
	const long long step = s->trainer->step;
	const char *culprit = aq_trainer_culprit(s->trainer);
	const int rc = aq_courier_stop(s->courier);
	return rc < 0 ? rc : aq_fail(AQ_EDIVERGED, "the training diverged: the loss of step %lld is not finite; the "
				     "first layer with such numbers is %s.  The state before it is kept in %s; "
				     "look at it, or try a smaller --lr or a --clip", step, culprit, s->folder);
}

static int stopped(struct session *s)
{
	const int rc = aq_courier_stop(s->courier);
	return rc < 0 ? rc : aq_fail(AQ_ESTOPPED, "stopped by a signal after %lld of %lld steps; everything is "
				     "in %s, --resume goes on", (long long)s->trainer->step,
				     (long long)s->trainer->steps, s->folder);
}

static int take_steps(struct session *s, const struct aq_making *making)
{
	struct aq_trainer *t = s->trainer;
	int rc = AQ_OK;
	while (t->step < t->steps) {
		s->examples += aq_feed_count(&t->feed, (uint64_t)t->step);
		if (!aq_trainer_step(t))
			return diverged(s);
		AQ_TRY(aq_courier_step(s->courier));
		if (aq_runfile_eval_due(making, t->step))
			AQ_TRY(evaluate(s));
		AQ_TRY(aq_courier_turn(s->courier));
		aq_progress("steps", (uint64_t)t->step, (uint64_t)t->steps);
		if (t->step < t->steps && aq_signals_stop())
			return stopped(s);
		if (aq_signals_save())
			AQ_TRY(aq_courier_save(s->courier));
	}
done:
	return rc;
}

/* Where the time of the steps went; `elapsed` seconds. */
static int tell_profile(struct session *s, double elapsed, int64_t steps)
{
	const struct aq_courier_spent spent = aq_courier_spent(s->courier);
	const struct aq_profile_rest rest = { elapsed, spent.rows, spent.handing, s->scoring };
	struct aq_profile *profile = NULL;
	int rc = AQ_OK;
	if (!s->args->profile || !s->ear->profiled || steps == 0)
		return AQ_OK;
	AQ_TRY(aq_profile_new(&profile, s->trainer, steps, s->examples, &rest));
	s->ear->profiled(profile);
done:
	aq_profile_free(profile);
	return rc;
}

/* What the memory was for.  The ring of the record is touched as far as writing fell behind; the rest is that of
 * the program and of HDF5. */
static void tell_memory(const struct session *s)
{
	const double mebi = 1 << 20;
	const struct aq_trainer *t = s->trainer;
	const size_t weights = aq_engine_weight_bytes(t->engine) + aq_solver_bytes(t->solver) + aq_arena_used(t->mem);
	aq_log(AQ_DEBUG, "at most %.1f MiB were resident: data set %.1f, maps of the layers %.1f, weights, gradients "
	       "and solver %.1f, record up to %.1f, programs and libraries the rest", (double)aq_memory_peak() / mebi,
	       (double)aq_dataset_bytes(s->data) / mebi, (double)aq_engine_map_bytes(t->engine) / mebi,
	       (double)weights / mebi, (double)AQ_COURIER_ROOM / mebi);
}

static void end(struct session *s)
{
	aq_courier_free(s->courier);
	aq_rows_free(s->rows);
	aq_trainer_free(s->trainer);
	aq_dataset_free(s->data);
	aq_net_free(s->net);
	aq_pool_free(s->pool);
	aq_arena_free(s->mem);
	free(s->net_text);
	free(s->folder);
}

int aq_session_train(const struct aq_train_args *args, const char *program, const char *arguments,
		     const struct aq_session_ear *ear)
{
	struct session s = { .args = args, .ear = ear };
	int rc;
	aq_signals_watch();
	AQ_TRY(plan(&s));
	AQ_TRY(begin(&s, program, arguments));
	if (ear->began)
		ear->began(s.trainer);
	const struct aq_making making = { .args = args, .data = s.data, .trainer = s.trainer };
	const double start = aq_seconds();
	const int64_t from = s.trainer->step;
	rc = take_steps(&s, &making);
	const double stepped = aq_seconds();
	if (rc == AQ_OK)
		rc = aq_courier_seal(s.courier, args->out);
	if (rc == AQ_EIO || rc == AQ_ECREATE)
		aq_while(rc, "the segments finished so far are in %s: with the cause below mended, --resume goes "
			 "on from them", s.folder);
	AQ_TRY(rc);
	if (ear->ended)
		ear->ended(s.trainer, aq_seconds() - start, s.trainer->step - from);
	tell_memory(&s);
	AQ_TRY(tell_profile(&s, stepped - start, s.trainer->step - from));
done:
	end(&s);
	return rc;
}
