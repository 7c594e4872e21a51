/* SPDX-License-Identifier: MIT
 *
 * gradcheck.c - gradients from backpropagation against central differences
 */
#include "nn/gradcheck.h"

#include "base/log.h"
#include "base/rng.h"
#include "nn/engine.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* h, and the relative error that still passes.  The loss is rounded a few times, so a difference of
 * two has an error of about `roundings` * epsilon * |L| / h: gradients so small that this would be
 * more than `threshold` of them are measured against the size at which it is just that. */
static const double h = 1e-5, threshold = 1e-6, roundings = 4;

struct check {
	const struct aq_gradcheck_args *args;
	struct aq_net *net;
	struct aq_pool *pool;
	struct aq_engine *engine;
	struct aq_solver *solver;
	struct aq_arena *mem;
	aq_real *weights;
	aq_real *grad; /* sum over the examples, flat */
	aq_real *mean;
	double *x;	    /* the examples, changed one element at a time */
	double *input_grad; /* [count][c][y][x] */
	double *loss;
	struct aq_batch batch;
	struct aq_gradcheck_row *rows;
	int n_rows;
};

static void fill(void *self, int first, int n, aq_real *x, int32_t *label)
{
	const struct check *c = self;
	const size_t width = aq_shape_count(c->net->input);
	for (int k = 0; k < n; k++) {
		label[k] = c->args->label[first + k];
		for (size_t i = 0; i < width; i++)
			x[i * (size_t)n + (size_t)k] =
				(aq_real)c->x[(size_t)(first + k) * width + i];
	}
}

/* The summed loss, and a number that changes with any winner. */
static double look(struct check *c, uint64_t *winners)
{
	double sum = 0;
	*winners = 0;
	for (int k = 0; k < c->batch.count; k++) {
		*winners =
			*winners * 0x9E3779B97F4A7C15ull + aq_engine_try(c->engine, &c->batch, k);
		sum += c->loss[k];
	}
	return sum;
}

/* The gradient of the summed loss with respect to all parameters and inputs, by backpropagation. */
static void backpropagate(struct check *c)
{
	const size_t width = aq_shape_count(c->net->input);
	memset(c->grad, 0, c->net->count * sizeof *c->grad);
	for (int k = 0; k < c->batch.count; k++) {
		aq_engine_open(c->engine, &c->batch, k);
		const aq_real *own = aq_engine_example_grad(c->engine),
			      *delta = aq_engine_delta(c->engine, 0);
		for (size_t i = 0; i < c->net->count; i++)
			c->grad[i] += own[i];
		for (size_t i = 0; i < width; i++)
			c->input_grad[(size_t)k * width + i] = (double)delta[i];
	}
}

static double relative_error(double analytic, double numeric, double noise)
{
	const double size = fmax(fabs(analytic), fabs(numeric));
	return fabs(analytic - numeric) / fmax(size, noise / threshold);
}

static struct aq_gradcheck_row *begin_row(struct check *c, const char *layer, const char *param,
					  const char *when)
{
	if (c->n_rows == AQ_GRADCHECK_ROWS)
		return NULL;
	struct aq_gradcheck_row *row = &c->rows[c->n_rows++];
	*row = (struct aq_gradcheck_row){ .when = when, .at = -1, .passed = true };
	snprintf(row->what, sizeof row->what, "%s%s%s", layer, *param ? "/" : "", param);
	return row;
}

static void note(struct aq_gradcheck_row *row, long long at, double analytic, double numeric,
		 double noise)
{
	const double error = relative_error(analytic, numeric, noise);
	row->checked++;
	if (row->at >= 0 && error <= row->worst)
		return;
	row->worst = error;
	row->at = at;
	row->analytic = analytic;
	row->numeric = numeric;
	row->passed = error <= threshold;
}

/* The element that sample `s` of `samples` looks at: all of a small tensor, else a random one of
 * each of `samples` equal stretches. */
static size_t sampled(const struct check *c, uint32_t tensor, size_t count, int samples, int s)
{
	if ((size_t)samples >= count)
		return (size_t)s;
	const size_t first = count * (size_t)s / (size_t)samples,
		     end = count * ((size_t)s + 1) / (size_t)samples;
	return first +
	       aq_below(aq_rng_word(c->args->seed, AQ_STREAM_INIT + 64, tensor, 0, (uint32_t)s),
			(uint32_t)(end - first));
}

static int sample_count(const struct check *c, size_t count)
{
	return count < (size_t)c->args->samples ? (int)count : c->args->samples;
}

/* Central difference of the loss along one parameter (`weight`) or one input number (`input`). */
static bool difference(struct check *c, aq_real *weight, double *input, double *numeric,
		       double *noise)
{
	uint64_t here, up, down;
	const double at = weight ? (double)*weight : input ? *input : 0;
	double loss[2];
	look(c, &here);
	for (int side = 0; side < 2; side++) {
		const double moved = side ? at - h : at + h;
		if (weight) {
			*weight = (aq_real)moved;
			aq_engine_pack(c->engine);
		} else {
			*input = moved;
		}
		loss[side] = look(c, side ? &down : &up);
	}
	if (weight) {
		*weight = (aq_real)at;
		aq_engine_pack(c->engine);
	} else {
		*input = at;
	}
	*numeric = (loss[0] - loss[1]) / (2 * h);
	*noise = roundings * DBL_EPSILON * fmax(fabs(loss[0]), 1) / h;
	return up == here && down == here;
}

static int check_data_loss(struct check *c, const char *when)
{
	const size_t width = aq_shape_count(c->net->input) * (size_t)c->batch.count;
	double numeric, noise;
	backpropagate(c);
	for (int p = 0; p <= c->net->params; p++) {
		const struct aq_param *param = p < c->net->params ? c->net->param[p] : NULL;
		const size_t count = param ? param->count : width;
		struct aq_gradcheck_row *row =
			begin_row(c, param ? c->net->owner[p]->name : "input",
				  param ? param->name : "", when);
		if (!row)
			return aq_fail(AQ_EDATA,
				       "the network has too many parameter tensors for this check");
		const int samples = sample_count(c, count);
		for (int s = 0; s < samples; s++) {
			const size_t i = sampled(c, (uint32_t)p, count, samples, s);
			aq_real *weight = param ? c->weights + param->offset + i : NULL;
			if (difference(c, weight, param ? NULL : c->x + i, &numeric, &noise))
				note(row, (long long)i,
				     param ? (double)c->grad[param->offset + i] : c->input_grad[i],
				     numeric, noise);
			else
				row->kinks++;
		}
		aq_progress("tensors", (uint64_t)p + 1, (uint64_t)c->net->params + 1);
	}
	return AQ_OK;
}

/* ---- decay ----------------------------------------------------------------------------------- */

static double decay_loss(const struct check *c, const struct aq_param *param, double w)
{
	return param->decay * (c->args->solver.l2 * w * w / 2 + c->args->solver.l1 * fabs(w));
}

/* What the solver adds to a gradient of zero is the derivative of the decay loss. */
static int check_decay(struct check *c)
{
	aq_real *reg = aq_arena_take(c->mem, c->net->count, sizeof *reg);
	aq_real *kept = aq_arena_take(c->mem, c->net->count, sizeof *kept);
	if (!reg || !kept)
		return AQ_ENOMEM;
	const struct aq_stages stages = { .reg_grad = reg };
	memset(c->mean, 0, c->net->count * sizeof *c->mean);
	memcpy(kept, c->weights, c->net->count * sizeof *kept);
	aq_solver_step(c->solver, 0, 0, c->mean, c->weights, &stages);
	memcpy(c->weights, kept, c->net->count * sizeof *kept);
	for (int p = 0; p < c->net->params; p++) {
		const struct aq_param *param = c->net->param[p];
		struct aq_gradcheck_row *row =
			begin_row(c, c->net->owner[p]->name, param->name, "decay");
		if (!row)
			return aq_fail(AQ_EDATA,
				       "the network has too many parameter tensors for this check");
		const int samples = sample_count(c, param->count);
		for (int s = 0; s < samples; s++) {
			const size_t i = sampled(c, (uint32_t)p, param->count, samples, s);
			const double w = (double)kept[param->offset + i];
			if (fabs(w) <= h && c->args->solver.l1 > 0) { /* the kink of |w| */
				row->kinks++;
				continue;
			}
			const double up = decay_loss(c, param, w + h),
				     down = decay_loss(c, param, w - h);
			note(row, (long long)i, (double)reg[param->offset + i],
			     (up - down) / (2 * h), roundings * DBL_EPSILON * fmax(up, 1) / h);
		}
	}
	return AQ_OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static int take_arrays(struct check *c)
{
	const size_t count = c->net->count, examples = (size_t)c->args->count;
	const size_t width = aq_shape_count(c->net->input) * examples;
	if (!(c->mem = aq_arena_new()))
		return AQ_ENOMEM;
	c->grad = aq_arena_take(c->mem, count, sizeof *c->grad);
	c->mean = aq_arena_take(c->mem, count, sizeof *c->mean);
	c->x = aq_arena_take(c->mem, width, sizeof *c->x);
	c->input_grad = aq_arena_take(c->mem, width, sizeof *c->input_grad);
	c->loss = aq_arena_take(c->mem, examples, sizeof *c->loss);
	if (!c->grad || !c->mean || !c->x || !c->input_grad || !c->loss)
		return AQ_ENOMEM;
	memcpy(c->x, c->args->x, width * sizeof *c->x);
	c->batch = (struct aq_batch){ .count = c->args->count,
				      .pass = { true, c->args->seed, 0 },
				      .fill = fill,
				      .self = c,
				      .loss = c->loss };
	return AQ_OK;
}

static int check(struct check *c)
{
	const struct aq_gradcheck_args *args = c->args;
	const struct aq_stages none = { 0 };
	int rc;
	AQ_TRY(aq_net_parse(&c->net, args->net_text, args->net_path));
	AQ_TRY(aq_pool_new(&c->pool, 1));
	AQ_TRY(aq_engine_new(&c->engine, c->net, args->count, c->pool));
	AQ_TRY(aq_solver_new(&c->solver, c->net, &args->solver, c->pool));
	AQ_TRY(take_arrays(c));
	c->weights = aq_engine_weights(c->engine);
	aq_net_init(c->net, args->seed, c->weights);
	aq_engine_pack(c->engine);

	AQ_TRY(check_data_loss(c, "start"));
	for (int step = 0; step < args->steps; step++) {
		c->batch.pass.step = (uint64_t)step;
		aq_engine_backward(c->engine, &c->batch, c->mean);
		aq_solver_step(c->solver, (uint64_t)step, aq_solver_base_lr(&args->solver), c->mean,
			       c->weights, &none);
		aq_engine_pack(c->engine);
	}
	if (args->steps)
		AQ_TRY(check_data_loss(c, "after steps"));
	if (args->solver.l1 > 0 || args->solver.l2 > 0)
		AQ_TRY(check_decay(c));
	for (int i = 0; i < c->n_rows; i++)
		if (!c->rows[i].passed)
			return aq_fail(
				AQ_EDIFFER,
				"%s: element %lld of %s is %.9g by backpropagation and %.9g by "
				"central differences",
				c->rows[i].when, c->rows[i].at, c->rows[i].what,
				c->rows[i].analytic, c->rows[i].numeric);
done:
	return rc;
}

int aq_gradcheck(const struct aq_gradcheck_args *args, struct aq_gradcheck_row *rows, int *count,
		 char *story, int story_size)
{
	struct check c = { .args = args, .rows = rows };
	const int rc = check(&c);
	*count = c.n_rows;
	snprintf(story, (size_t)story_size, "%s", rc < 0 ? aq_story() : "");
	aq_engine_free(c.engine);
	aq_solver_free(c.solver);
	aq_arena_free(c.mem);
	aq_net_free(c.net);
	aq_pool_free(c.pool);
	return rc;
}
