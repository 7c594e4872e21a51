/* SPDX-License-Identifier: MIT
 *
 * snap.c - one step of a run opened
 *
 * The examples are opened one after another, before the step is taken, with the weights it started
 * from; their maps go to the file at once, so memory does not grow with their number.
 */
#include "run/snap.h"

#include "base/log.h"
#include "io/file.h"
#include "io/provenance.h"
#include "run/params.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 512 };

struct cutting {
	struct aq_replay *replay;
	struct aq_h5 *file;
	struct aq_feed feed; /* of the examples that are opened */
	struct aq_batch batch;
	int64_t step;
	int count;
	double *loss;
	int32_t *rank;
	aq_real *probability;	/* [count][classes] */
	struct aq_h5_set **set; /* activations, deltas of each layer, then example gradients */
};

struct aq_wants aq_snap_wants(void)
{
	return (struct aq_wants){ true, true, true, true };
}

/* ---- which examples -------------------------------------------------------------------------- */

static int choose(struct cutting *c, const char *examples)
{
	const struct aq_trainer *t = c->replay->trainer;
	int rc = AQ_OK;
	c->feed = t->feed;
	c->feed.step = (uint64_t)c->step;
	c->count = aq_feed_count(&c->feed, c->feed.step);
	c->batch = (struct aq_batch){ .pass = { true, t->feed.seed, c->feed.step },
				      .fill = aq_feed_fill };
	if (examples) {
		enum { MOST = 4096 };
		int64_t first, last;
		AQ_TRY(aq_dataset_range(t->data, examples, &c->feed.split, &first, &last));
		if (last - first >= MOST)
			return aq_fail(AQ_EUSAGE, "--examples %s: at most %d at a time", examples,
				       MOST);
		c->count = (int)(last - first + 1);
		c->feed = (struct aq_feed){
			.data = t->data, .split = c->feed.split, .batch = c->count, .first = first
		};
		c->batch.pass = (struct aq_pass){ 0 };
	}
	c->batch.self = &c->feed;
	c->batch.count = c->count;
	c->batch.loss = c->loss = calloc((size_t)c->count, sizeof *c->loss);
	c->batch.rank = c->rank = calloc((size_t)c->count, sizeof *c->rank);
	c->batch.probability = c->probability =
		calloc((size_t)c->count * (size_t)t->net->classes, sizeof *c->probability);
	c->set = calloc(2 * (size_t)t->net->layers + (size_t)t->net->params,
			sizeof(struct aq_h5_set *));
	if (!c->loss || !c->rank || !c->probability || !c->set)
		rc = aq_fail(AQ_ENOMEM, "out of memory");
done:
	return rc;
}

/* ---- maps and gradients of the examples ------------------------------------------------------ */

static int make_sets(struct cutting *c)
{
	const struct aq_net *net = c->replay->run->net;
	char name[LONGEST];
	int rc = AQ_OK, n = 0;
	for (int delta = 0; delta < 2; delta++)
		for (int i = 0; i < net->layers; i++) {
			const struct aq_shape out = net->layer[i].out;
			snprintf(name, sizeof name, "/%s/%s", delta ? "delta" : "activation",
				 net->layer[i].name);
			AQ_TRY(aq_h5_make(c->file, name,
					  AQ_SHAPE4(AQ_F32, (uint64_t)c->count, (uint64_t)out.c,
						    (uint64_t)out.y, (uint64_t)out.x),
					  1, false, &c->set[n++]));
		}
	for (int i = 0; i < net->params; i++) {
		const struct aq_param *param = net->param[i];
		struct aq_h5_shape shape = { .type = AQ_F32,
					     .rank = 1 + param->rank,
					     .dim = { (uint64_t)c->count } };
		for (int d = 0; d < param->rank; d++)
			shape.dim[1 + d] = (uint64_t)param->dim[d];
		snprintf(name, sizeof name, "/example_grad/%s/%s", net->owner[i]->name,
			 param->name);
		AQ_TRY(aq_h5_make(c->file, name, shape, 1, false, &c->set[n++]));
	}
done:
	return rc;
}

static int write_examples(struct cutting *c)
{
	const struct aq_net *net = c->replay->run->net;
	struct aq_engine *engine = c->replay->trainer->engine;
	int rc = AQ_OK;
	for (int k = 0; k < c->count; k++) {
		aq_engine_open(engine, &c->batch, k);
		for (int i = 0; i < net->layers; i++) {
			AQ_TRY(aq_h5_append(c->set[i], 1, aq_engine_out(engine, i)));
			AQ_TRY(aq_h5_append(c->set[net->layers + i], 1,
					    aq_engine_delta(engine, i)));
		}
		for (int i = 0; i < net->params; i++)
			AQ_TRY(aq_h5_append(c->set[2 * net->layers + i], 1,
					    aq_engine_example_grad(engine) +
						    net->param[i]->offset));
		aq_progress("examples", (uint64_t)k + 1, (uint64_t)c->count);
	}
done:
	return rc;
}

static int finish_sets(struct cutting *c)
{
	static const char *const axes[] = { "example", "example,out", "example,out,in",
					    "example,out,in,y", "example,out,in,y,x" };
	const struct aq_net *net = c->replay->run->net;
	char name[LONGEST];
	int rc = AQ_OK;
	for (int i = 0; i < 2 * net->layers + net->params; i++) {
		struct aq_h5_set *set = c->set[i];
		c->set[i] = NULL;
		AQ_TRY(aq_h5_finish(set));
		const int p = i - 2 * net->layers;
		if (p >= 0)
			snprintf(name, sizeof name, "/example_grad/%s/%s", net->owner[p]->name,
				 net->param[p]->name);
		else
			snprintf(name, sizeof name, "/%s/%s",
				 i < net->layers ? "activation" : "delta",
				 net->layer[i % net->layers].name);
		AQ_TRY(aq_h5_axes(c->file, name,
				  p >= 0 ? axes[net->param[p]->rank] : "example,c,y,x"));
	}
done:
	return rc;
}

/* ---- the examples themselves ----------------------------------------------------------------- */

static int write_labels(struct cutting *c)
{
	const struct aq_dataset *data = c->replay->data;
	const struct aq_examples *from = &data->split[c->feed.split];
	const size_t count = (size_t)c->count, width = (size_t)aq_dataset_width(data);
	uint8_t *image = malloc(count * width);
	int32_t *label = malloc(count * sizeof *label);
	uint64_t *index = malloc(count * sizeof *index);
	float *loss = malloc(count * sizeof *loss);
	int rc = AQ_OK;
	if (!image || !label || !index || !loss) {
		rc = aq_fail(AQ_ENOMEM, "out of memory");
		goto done;
	}
	for (size_t k = 0; k < count; k++) {
		index[k] = (uint64_t)aq_feed_example(&c->feed, c->feed.step, (int)k);
		label[k] = from->label[index[k]];
		loss[k] = (float)c->loss[k];
		memcpy(image + k * width, from->pixels + index[k] * width, width);
	}
	const uint64_t n = count;
	AQ_TRY(aq_h5_put(
		c->file, "/example/image",
		AQ_SHAPE4(AQ_U8, n, (uint64_t)data->c, (uint64_t)data->y, (uint64_t)data->x),
		image));
	AQ_TRY(aq_h5_put(c->file, "/example/index", AQ_SHAPE1(AQ_U64, n), index));
	AQ_TRY(aq_h5_put(c->file, "/example/label", AQ_SHAPE1(AQ_I32, n), label));
	AQ_TRY(aq_h5_put(c->file, "/example/loss", AQ_SHAPE1(AQ_F32, n), loss));
	AQ_TRY(aq_h5_put(c->file, "/example/probability",
			 AQ_SHAPE2(AQ_F32, n, (uint64_t)c->replay->run->net->classes),
			 c->probability));
	AQ_TRY(aq_h5_set_text(c->file, "/example", "split", aq_split_name(c->feed.split)));
	AQ_TRY(aq_h5_put_texts(c->file, "/classes", (const char *const *)data->class_name,
			       data->classes));
done:
	free(image);
	free(label);
	free(index);
	free(loss);
	return rc;
}

/* ---- the step -------------------------------------------------------------------------------- */

static int write_stages(struct cutting *c)
{
	struct aq_trainer *t = c->replay->trainer;
	const struct aq_net *net = c->replay->run->net;
	int rc;
	if (!aq_trainer_step(t))
		return aq_fail(
			AQ_EDIVERGED,
			"the loss of step %lld is not finite; the first layer with such numbers is "
			"%s",
			(long long)c->step, aq_trainer_culprit(t));
	AQ_TRY(aq_params_write(c->file, "/weights", net, t->before));
	AQ_TRY(aq_params_write(c->file, "/grad", net, t->grad));
	AQ_TRY(aq_params_write(c->file, "/reg_grad", net, t->stages.reg_grad));
	AQ_TRY(aq_params_write(c->file, "/clip_grad", net, t->stages.clip_grad));
	AQ_TRY(aq_params_write(c->file, "/update", net, t->stages.update));
	AQ_TRY(aq_h5_set_real(c->file, "/", "loss", t->loss));
	AQ_TRY(aq_h5_set_real(c->file, "/", "lr", t->lr));
	AQ_TRY(aq_h5_set_real(c->file, "/", "error", t->error));
	if (net->classes > 5)
		AQ_TRY(aq_h5_set_real(c->file, "/", "top5", t->top5));
done:
	return rc;
}

static int write_head(struct aq_h5 *file, const struct aq_replay *replay, int64_t step,
		      const struct aq_snap_args *args)
{
	uint32_t digest;
	int rc;
	AQ_TRY(aq_h5_digest(replay->run->file, &digest));
	AQ_TRY(aq_history_copy(replay->run->file, file));
	AQ_TRY(aq_history_add(file, args->program, args->arguments));
	AQ_TRY(aq_history_input(file, "run", digest));
	AQ_TRY(aq_h5_set_int(file, "/", "step", step));
	AQ_TRY(aq_h5_put_text(file, "/net", replay->run->net_text));
done:
	return rc;
}

static int check_out(const struct aq_replay *replay, const char *out)
{
	int rc;
	AQ_TRY(aq_file_apart(out, replay->run->path));
	AQ_TRY(aq_file_apart(out, replay->data ? replay->data->path : NULL));
done:
	return rc;
}

int aq_snap_write(struct aq_replay *replay, const struct aq_snap_args *args)
{
	struct cutting c = { .replay = replay };
	int rc;
	AQ_TRY(aq_run_step(replay->run, args->step, &c.step));
	AQ_TRY(choose(&c, args->examples));
	AQ_TRY(check_out(replay, args->out));
	AQ_TRY(aq_h5_create(&c.file, args->out, "aquatint-snap", args->no_clobber));
	AQ_TRY(aq_replay_seek(replay, c.step));
	AQ_TRY(write_head(c.file, replay, c.step, args));
	AQ_TRY(make_sets(&c));
	AQ_TRY(write_examples(&c));
	AQ_TRY(finish_sets(&c));
	AQ_TRY(write_labels(&c));
	AQ_TRY(write_stages(&c));
	if (args->decorate)
		AQ_TRY(args->decorate(c.file, replay));
	struct aq_h5 *file = c.file;
	c.file = NULL;
	rc = aq_h5_publish(file);
done:
	for (int i = 0; c.set && i < 2 * replay->run->net->layers + replay->run->net->params; i++)
		aq_h5_drop(c.set[i]);
	aq_h5_close(c.file);
	free(c.set);
	free(c.loss);
	free(c.rank);
	free(c.probability);
	return rc < 0 ? aq_while(rc, "cannot open step %lld of %s", (long long)args->step,
				 replay->run->path)
		      : rc;
}

int aq_snap_weights(struct aq_replay *replay, const struct aq_snap_args *args)
{
	const struct aq_state state = aq_state_of(replay->trainer, NULL);
	struct aq_h5 *file = NULL;
	int64_t step;
	int rc;
	AQ_TRY(aq_run_step(replay->run, args->step, &step));
	AQ_TRY(check_out(replay, args->out));
	AQ_TRY(aq_h5_create(&file, args->out, "aquatint-weights", args->no_clobber));
	AQ_TRY(aq_replay_seek(replay, step));
	AQ_TRY(write_head(file, replay, step, args));
	AQ_TRY(aq_state_write(file, "", &state));
	struct aq_h5 *whole = file;
	file = NULL;
	rc = aq_h5_publish(whole);
done:
	aq_h5_close(file);
	return rc < 0 ? aq_while(rc, "cannot write the weights of step %lld of %s",
				 (long long)args->step, replay->run->path)
		      : rc;
}
