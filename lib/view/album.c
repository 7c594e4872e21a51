/* SPDX-License-Identifier: MIT
 *
 * album.c - what every layer of a run holds at a few chosen steps
 *
 * One pass over the frames.  What was recorded is read, what was not is had by replay.
 */
#include "view/album_private.h"

#include "base/log.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_EXAMPLES = 8 };

/* ---- bytes ----------------------------------------------------------------------------------- */

void aq_exhibit_values(const struct aq_exhibit *e, size_t frame, float *to)
{
	const float low = e->low[frame], high = e->high[frame];
	const uint8_t *level = e->levels + frame * e->values;
	for (size_t i = 0; i < e->values; i++)
		to[i] = level[i] == AQ_LEVEL_ODD
				? NAN
				: (float)((double)low + ((double)high - (double)low) * level[i] / AQ_LEVELS);
}

static void keep_frame(struct aq_exhibit *e, size_t frame)
{
	uint8_t *level = e->levels + frame * e->values;
	aq_figure_renew(&e->figure);
	const struct aq_shade shade = aq_shade_of(e->figure.scale, e->figure.own);
	const double low = (double)shade.low, span = (double)shade.high - low;
	e->low[frame] = shade.low;
	e->high[frame] = shade.high;
	for (size_t i = 0; i < e->values; i++) {
		const double v = (double)e->figure.tiles.at[i];
		const double t = span > 0 ? (v - low) / span : 0.5;
		level[i] = isfinite(v) ? (uint8_t)(t * AQ_LEVELS + 0.5) : AQ_LEVEL_ODD;
	}
}

/* ---- examples -------------------------------------------------------------------------------- */

static int choose_examples(struct aq_album *r)
{
	const struct aq_dataset *data = r->stage->data;
	const enum aq_split usual = data->split[AQ_TEST].count ? AQ_TEST : AQ_TRAIN;
	const int64_t there = data->split[usual].count;
	int64_t first = 0, last = there > 1;
	int rc = AQ_OK;
	r->split = usual;
	if (r->args->examples)
		AQ_TRY(aq_dataset_range(data, r->args->examples, &r->split, &first, &last));
	if (last - first >= MOST_EXAMPLES)
		return aq_fail(AQ_EUSAGE, "--examples %s: at most %d find room on the page",
			       r->args->examples, MOST_EXAMPLES);
	r->onlookers = (int)(last - first + 1);
	r->onlooker = calloc((size_t)r->onlookers, sizeof *r->onlooker);
	if (!r->onlooker)
		return aq_fail(AQ_ENOMEM, "out of memory");
	const size_t room = r->frames * (size_t)data->classes;
	r->probability = malloc((size_t)r->onlookers * (size_t)data->classes * sizeof(float));
	if (!r->probability)
		return aq_fail(AQ_ENOMEM, "out of memory");
	for (int k = 0; k < r->onlookers; k++) {
		struct aq_onlooker *o = &r->onlooker[k];
		o->index = first + k;
		o->label = data->split[r->split].label[o->index];
		o->probability = calloc(room, sizeof *o->probability);
		if (!o->probability)
			return aq_fail(AQ_ENOMEM, "out of memory");
	}
done:
	return rc;
}

void aq_album_stage(struct aq_album *r)
{
	struct aq_trainer *t = r->stage->trainer;
	aq_real *const from = r->replay.trainer->weights;
	if (t == r->replay.trainer)
		return;
	memcpy(t->weights, from, t->net->count * sizeof *from);
	aq_trainer_ready(t);
}

/* The maps of every example with the weights of this frame. */
static void look(struct aq_album *r, size_t frame)
{
	struct aq_trainer *t = r->stage->trainer;
	const size_t classes = (size_t)t->net->classes;
	struct aq_feed feed = { .data = t->data,
				.split = r->split,
				.batch = r->onlookers,
				.first = r->onlooker[0].index };
	double loss[MOST_EXAMPLES];
	int32_t rank[MOST_EXAMPLES];
	aq_album_stage(r);
	for (int k = 0; k < r->onlookers; k++) {
		/* the engine writes the results of example k at their place in the batch */
		const struct aq_batch batch = { .count = r->onlookers,
						.fill = aq_feed_fill,
						.self = &feed,
						.loss = loss,
						.rank = rank,
						.probability = r->probability };
		aq_engine_open(t->engine, &batch, k);
		memcpy(r->onlooker[k].probability + frame * classes,
		       r->probability + (size_t)k * classes, classes * sizeof(float));
		for (int i = 0; i < r->exhibits; i++) {
			struct aq_exhibit *e = &r->exhibit[i];
			if (e->param || e->example != k)
				continue;
			memcpy(e->tensor.at,
			       e->of == AQ_OF_DELTA ? aq_engine_delta(t->engine, e->layer->index)
						    : aq_engine_out(t->engine, e->layer->index),
			       aq_tensor_count(&e->tensor) * sizeof(float));
			keep_frame(e, frame);
		}
	}
}

/* ---- frames ---------------------------------------------------------------------------------- */

static bool is_there(const struct aq_exhibit *e, uint64_t step)
{
	return e->column && step % e->column->every == 0;
}

static const aq_real *replayed(const struct aq_album *r, enum aq_of of)
{
	const struct aq_trainer *t = r->replay.trainer;
	return of == AQ_OF_WEIGHTS ? t->before : of == AQ_OF_GRAD ? t->grad : t->stages.update;
}

static int read_frame(struct aq_album *r, size_t frame)
{
	const uint64_t step = r->step[frame];
	bool replay = r->onlookers > 0;
	int rc = AQ_OK;
	for (int i = 0; i < r->exhibits; i++)
		replay |= r->exhibit[i].param && !is_there(&r->exhibit[i], step);
	if (replay) {
		AQ_TRY(aq_replay_seek(&r->replay, (int64_t)step));
		if (r->onlookers)
			look(r, frame);
		AQ_TRY(aq_replay_step(&r->replay));
	}
	for (int i = 0; i < r->exhibits; i++) {
		struct aq_exhibit *e = &r->exhibit[i];
		if (!e->param)
			continue;
		if (is_there(e, step))
			AQ_TRY(aq_run_read(r->replay.run, e->column, step / e->column->every, 1,
					   e->tensor.at));
		else
			memcpy(e->tensor.at, replayed(r, e->of) + e->param->offset,
			       e->param->count * sizeof(float));
		keep_frame(e, frame);
	}
done:
	return rc;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static int open_all(struct aq_album *r)
{
	const struct aq_album_args *a = r->args;
	const struct aq_wants wants = { .update = true, .before = true };
	int rc;
	AQ_TRY(aq_replay_open(&r->replay, a->run, NULL, a->threads, wants, false));
	if (a->data && r->replay.has_gradients) {
		/* recorded gradients lead through the steps, the data is looked at on the side */
		AQ_TRY(aq_replay_open(&r->second, a->run, a->data, a->threads,
				      (struct aq_wants){ 0 }, false));
		r->stage = &r->second;
	} else if (a->data) {
		aq_replay_close(&r->replay);
		AQ_TRY(aq_replay_open(&r->replay, a->run, a->data, a->threads, wants, false));
		r->stage = &r->replay;
	}
	if (r->replay.run->done == 0)
		return aq_fail(AQ_EUSAGE, "%s has no steps yet", a->run);
	r->steps_known = a->data || r->replay.has_gradients;
	r->frames = (size_t)a->frames;
	r->step = malloc(r->frames * sizeof *r->step);
	r->loss = malloc(r->frames * sizeof *r->loss);
	r->lr = malloc(r->frames * sizeof *r->lr);
	if (!r->step || !r->loss || !r->lr)
		return aq_fail(AQ_ENOMEM, "out of memory");
done:
	return rc;
}

static int reserve(struct aq_album *r)
{
	for (int i = 0; i < r->exhibits; i++) {
		struct aq_exhibit *e = &r->exhibit[i];
		e->levels = malloc(r->frames * e->values);
		e->low = malloc(r->frames * sizeof *e->low);
		e->high = malloc(r->frames * sizeof *e->high);
		if (!e->levels || !e->low || !e->high)
			return aq_fail(AQ_ENOMEM, "out of memory");
	}
	return AQ_OK;
}

static int read_head(struct aq_album *r)
{
	struct aq_run *run = r->replay.run;
	int rc = AQ_OK;
	for (size_t f = 0; f < r->frames; f++) {
		AQ_TRY(aq_run_read(run, aq_run_find(run, "/loss"), r->step[f], 1, &r->loss[f]));
		AQ_TRY(aq_run_read(run, aq_run_find(run, "/lr"), r->step[f], 1, &r->lr[f]));
	}
done:
	return rc;
}

int aq_album_fill(struct aq_album *r, const struct aq_album_args *args)
{
	int rc;
	*r = (struct aq_album){ .args = args };
	AQ_TRY(open_all(r));
	AQ_TRY(aq_album_params(r));
	if (r->stage) {
		AQ_TRY(choose_examples(r));
		AQ_TRY(aq_album_maps(r));
	}
	AQ_TRY(aq_album_plan(r));
	AQ_TRY(aq_album_steps(r));
	AQ_TRY(reserve(r));
	AQ_TRY(read_head(r));
	for (size_t f = 0; f < r->frames && r->exhibits > 0; f++) {
		AQ_TRY(read_frame(r, f));
		aq_progress("frames", f + 1, r->frames);
	}
done:
	if (rc < 0)
		aq_album_free(r);
	return rc;
}

void aq_album_free(struct aq_album *r)
{
	for (int i = 0; i < r->exhibits; i++) {
		struct aq_exhibit *e = &r->exhibit[i];
		aq_figure_free(&e->figure);
		aq_tensor_free(&e->tensor);
		free(e->levels);
		free(e->low);
		free(e->high);
	}
	for (int k = 0; r->onlooker && k < r->onlookers; k++)
		free(r->onlooker[k].probability);
	free(r->exhibit);
	free(r->onlooker);
	free(r->probability);
	free(r->step);
	free(r->loss);
	free(r->lr);
	aq_replay_close(&r->second);
	aq_replay_close(&r->replay);
	*r = (struct aq_album){ 0 };
}
