/* SPDX-License-Identifier: MIT
 *
 * trainer.c - a training that can take one step after another
 */
#include "run/trainer.h"

#include "base/clock.h"
#include "base/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SCORE_BATCH = 256 };

static int take_arrays(struct aq_trainer *t, struct aq_wants wants)
{
	const size_t most = t->args->batch > SCORE_BATCH ? (size_t)t->args->batch : SCORE_BATCH;
	struct {
		bool wanted;
		aq_real **at;
	} flat[] = {
		{ true, &t->grad },
		{ wants.before, &t->before },
		{ wants.reg_grad, &t->stages.reg_grad },
		{ wants.clip_grad, &t->stages.clip_grad },
		{ wants.update, &t->stages.update },
	};
	for (size_t i = 0; i < sizeof flat / sizeof *flat; i++)
		if (flat[i].wanted && !(*flat[i].at = aq_arena_take(t->mem, t->net->count, sizeof(aq_real))))
			return AQ_ENOMEM;
	t->example_loss = aq_arena_take(t->mem, most, sizeof *t->example_loss);
	t->rank = aq_arena_take(t->mem, most, sizeof *t->rank);
	return t->example_loss && t->rank ? AQ_OK : AQ_ENOMEM;
}

int aq_trainer_fits(const struct aq_net *net, const struct aq_dataset *data)
{
	if (net->input.c != data->c || net->input.y != data->y || net->input.x != data->x)
		return aq_fail(AQ_EDATA, "the network's input is %dx%dx%d, the pictures of %s are %dx%dx%d; "
			       "change the input line, or make the data anew with --size, --gray or --rgb",
			       net->input.c, net->input.y, net->input.x, data->path, data->c, data->y, data->x);
	if (net->classes < data->classes)
		return aq_fail(AQ_EDATA, "the network tells %d classes apart, %s has %d; give its last layer "
			       "%d outputs, or make the data anew with --classes", net->classes, data->path,
			       data->classes, data->classes);
	return AQ_OK;
}

static int plan_steps(struct aq_trainer *t)
{
	const struct aq_train_args *args = t->args;
	const int64_t epochs = args->epochs ? args->epochs : 1;
	t->epoch_steps = aq_feed_epoch_steps(&t->feed);
	if (args->steps && args->epochs)
		return aq_fail(AQ_EUSAGE, "give --steps or --epochs, not both");
	if (args->steps)
		t->steps = args->steps;
	else if (__builtin_mul_overflow(epochs, t->epoch_steps, &t->steps) || t->steps > AQ_MOST_STEPS)
		return aq_fail(AQ_EUSAGE, "--epochs %lld is too much", (long long)epochs);
	return AQ_OK;
}

static int plan(struct aq_trainer *t, struct aq_wants wants)
{
	const struct aq_train_args *args = t->args;
	int rc;
	t->feed = (struct aq_feed){ .data = t->data, .split = AQ_TRAIN, .shuffle = true,
				    .batch = (int)args->batch, .seed = (uint64_t)args->seed };
	AQ_TRY(aq_augment_parse(&t->feed.augment, args->augment));
	AQ_TRY(aq_schedule_parse(&t->schedule, args->lr_schedule, aq_solver_base_lr(&args->solver)));
	if (t->data) {
		AQ_TRY(aq_trainer_fits(t->net, t->data));
		AQ_TRY(plan_steps(t));
	}
	AQ_TRY(aq_engine_new(&t->engine, t->net, (int)args->batch, t->pool));
	AQ_TRY(aq_solver_new(&t->solver, t->net, &args->solver, t->pool));
	AQ_TRY(take_arrays(t, wants));
	t->weights = aq_engine_weights(t->engine);
	aq_net_init(t->net, (uint64_t)args->seed, t->weights);
	aq_trainer_ready(t);
done:
	return rc;
}

int aq_trainer_new(struct aq_trainer **out, const struct aq_train_args *args, const struct aq_net *net,
		   const struct aq_dataset *data, struct aq_pool *pool, struct aq_wants wants)
{
	*out = NULL;
	struct aq_trainer *t = calloc(1, sizeof *t);
	if (!t)
		return aq_fail(AQ_ENOMEM, "out of memory");
	t->args = args;
	t->net = net;
	t->data = data;
	t->pool = pool;
	t->mem = aq_arena_new();
	const int rc = t->mem ? plan(t, wants) : AQ_ENOMEM;
	if (rc < 0)
		aq_trainer_free(t);
	else
		*out = t;
	return rc;
}

void aq_trainer_free(struct aq_trainer *t)
{
	if (!t)
		return;
	aq_engine_free(t->engine);
	aq_solver_free(t->solver);
	aq_arena_free(t->mem);
	free(t);
}

void aq_trainer_ready(struct aq_trainer *t)
{
	aq_engine_pack(t->engine);
}

struct aq_batch aq_trainer_batch(struct aq_trainer *t)
{
	t->feed.step = (uint64_t)t->step;
	return (struct aq_batch){
		.count = aq_feed_count(&t->feed, t->feed.step),
		.pass = { .training = true, .seed = t->feed.seed, .step = t->feed.step },
		.fill = aq_feed_fill,
		.self = &t->feed,
		.loss = t->example_loss,
		.rank = t->rank,
	};
}

void aq_trainer_look(struct aq_trainer *t)
{
	const struct aq_batch batch = aq_trainer_batch(t);
	const double began = aq_seconds();
	aq_engine_backward(t->engine, &batch, t->grad);
	t->spent.look += aq_seconds() - began;
	double sum = 0;
	int wrong = 0, missed = 0;
	for (int k = 0; k < batch.count; k++) {
		sum += t->example_loss[k];
		wrong += t->rank[k] > 0;
		missed += t->rank[k] > 4;
	}
	t->loss = sum / batch.count;
	t->error = (double)wrong / batch.count;
	t->top5 = (double)missed / batch.count;
}

void aq_trainer_apply(struct aq_trainer *t)
{
	const double began = aq_seconds();
	t->lr = aq_schedule_lr(&t->schedule, t->step, t->steps, t->step / t->epoch_steps);
	if (t->before)
		memcpy(t->before, t->weights, t->net->count * sizeof *t->before);
	struct aq_stages stages = t->stages;
	if (stages.stats && t->step % t->stats_every != 0)
		stages.stats = NULL;
	aq_solver_step(t->solver, (uint64_t)t->step, t->lr, t->grad, t->weights, &stages);
	const double updated = aq_seconds();
	if (t->data) /* without, nothing ever goes through the network */
		aq_engine_pack(t->engine);
	t->spent.update += updated - began;
	t->spent.pack += aq_seconds() - updated;
	t->step++;
}

bool aq_trainer_step(struct aq_trainer *t)
{
	aq_trainer_look(t);
	if (!isfinite(t->loss))
		return false;
	aq_trainer_apply(t);
	return true;
}

static bool all_finite(const aq_real *at, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!isfinite(at[i]))
			return false;
	return true;
}

const char *aq_trainer_culprit(struct aq_trainer *t)
{
	const struct aq_batch batch = aq_trainer_batch(t);
	for (int k = 0; k < batch.count; k++) {
		aq_engine_open(t->engine, &batch, k);
		for (int i = 0; i < t->net->layers; i++)
			if (!all_finite(aq_engine_out(t->engine, i), aq_shape_count(t->net->layer[i].out)))
				return t->net->layer[i].name;
	}
	return "loss";
}

struct aq_score aq_trainer_score(struct aq_trainer *t, enum aq_split split)
{
	struct aq_feed feed = { .data = t->data, .split = split, .batch = SCORE_BATCH };
	struct aq_score score = { 0 };
	const int64_t count = t->data->split[split].count;
	for (int64_t i = 0; i < aq_feed_epoch_steps(&feed); i++) {
		feed.step = (uint64_t)i;
		const struct aq_batch batch = { .count = aq_feed_count(&feed, feed.step), .fill = aq_feed_fill,
						.self = &feed, .loss = t->example_loss, .rank = t->rank };
		aq_engine_forward(t->engine, &batch);
		for (int k = 0; k < batch.count; k++) {
			score.loss += t->example_loss[k];
			score.error += t->rank[k] > 0;
			score.top5 += t->rank[k] > 4;
		}
	}
	score.loss /= (double)count;
	score.error /= (double)count;
	score.top5 /= (double)count;
	return score;
}
