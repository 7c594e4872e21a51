/* SPDX-License-Identifier: MIT
 *
 * Layers and trainers of ConvNetJS give what ours give, in double precision.
 *
 * tests/oracle/convnetjs.js wrote down what ConvNetJS said: every activation, delta and gradient of
 * one example through all the layers that both have, and the weights of six trainers over 20 steps.
 */
#include "../oracle/convnetjs.h"
#include "../oracle/hash.h"
#include "nn/engine.h"
#include "nn/solver.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Relative to the largest number of the array. */
static const double allowed = 1e-13;

struct rig {
	struct aq_net *net;
	struct aq_pool *pool;
	struct aq_engine *engine;
	struct aq_batch batch;
	uint32_t first_seed;		/* of the pixels of example 0; the others follow */
	int first_example, first_label; /* labels count from it, modulo the classes */
	double loss[16], probability[64];
};

static void fill(void *self, int first, int n, double *x, int32_t *label)
{
	const struct rig *r = self;
	const uint32_t width = (uint32_t)aq_shape_count(r->net->input);
	for (int k = 0; k < n; k++) {
		const int example = r->first_example + first + k;
		label[k] = (r->first_label + example) % r->net->classes;
		for (uint32_t i = 0; i < width; i++)
			x[i * (uint32_t)n + (uint32_t)k] =
				oracle_value(r->first_seed + (uint32_t)example, i);
	}
}

static void start(struct rig *r, const char *text, int batch, uint32_t weights)
{
	*r = (struct rig){ .batch = {
				   .count = batch, .fill = fill, .pass = { .training = true } } };
	if (aq_net_parse(&r->net, text, "fixture") < 0)
		fail_msg("%s", aq_story());
	assert_int_equal(aq_pool_new(&r->pool, 1), 0);
	assert_int_equal(aq_engine_new(&r->engine, r->net, batch, r->pool), 0);
	for (uint32_t i = 0; i < r->net->count; i++)
		aq_engine_weights(r->engine)[i] = oracle_value(weights, i) / 2;
	aq_engine_pack(r->engine);
	r->batch.self = r;
	r->batch.loss = r->loss;
	r->batch.probability = r->probability;
}

static void stop(struct rig *r)
{
	aq_engine_free(r->engine);
	aq_pool_free(r->pool);
	aq_net_free(r->net);
}

static double worst;

static void near(const char *what, const double *got, const double *want, size_t count)
{
	double scale = 0;
	for (size_t i = 0; i < count; i++)
		scale = fmax(scale, fabs(want[i]));
	for (size_t i = 0; i < count; i++) {
		const double error = fabs(got[i] - want[i]) / scale;
		if (!(error <= allowed))
			fail_msg("%s[%zu]: ours %.17g, ConvNetJS %.17g", what, i, got[i], want[i]);
		worst = fmax(worst, error);
	}
}

static void test_layers(void **state)
{
	(void)state;
	struct rig r;
	start(&r, layers_net, 1, 1);
	r.first_seed = 2;
	r.first_label = 1;
	worst = 0;
	aq_engine_open(r.engine, &r.batch, 0);
	near("loss", r.loss, layers_loss, 1);
	near("probability", r.probability, layers_probability, 3);
	size_t at = 0;
	for (int l = 0; l < r.net->layers; l++) {
		const size_t count = aq_shape_count(r.net->layer[l].out);
		assert_true(at + count <= sizeof layers_out / sizeof *layers_out);
		near(r.net->layer[l].name, aq_engine_out(r.engine, l), layers_out + at, count);
		near("delta", aq_engine_delta(r.engine, l), layers_delta + at, count);
		at += count;
	}
	assert_int_equal(at, sizeof layers_out / sizeof *layers_out);
	assert_int_equal(r.net->count, sizeof layers_example_grad / sizeof *layers_example_grad);
	for (int p = 0; p < r.net->params; p++) {
		const struct aq_param *param = r.net->param[p];
		near(param->name, aq_engine_example_grad(r.engine) + param->offset,
		     layers_example_grad + param->offset, param->count);
	}
	print_message(
		"  ConvNetJS: %d layers, %zu activations and deltas, %zu gradients, worst %.2g\n",
		r.net->layers, 2 * at, r.net->count, worst);
	stop(&r);
}

static void check_trainer(int t)
{
	struct rig r;
	start(&r, trainers_net, TRAINERS_BATCH, 3);
	r.first_seed = 10;
	struct aq_solver_args args;
	aq_opt_defaults(aq_solver_opts, &args);
	assert_int_equal(aq_opt_set(aq_solver_opts, &args, "solver", trainers[t].solver), 0);
	args.lr = trainers[t].lr;
	args.momentum = trainers[t].momentum;
	args.rho = trainers[t].rho;
	args.eps = trainers[t].eps;
	args.l1 = trainers[t].l1;
	args.l2 = trainers[t].l2;
	struct aq_solver *solver;
	assert_int_equal(aq_solver_new(&solver, r.net, &args, r.pool), 0);
	double grad[64], *weights = aq_engine_weights(r.engine);
	assert_true(r.net->count <= 64);
	const int looks = sizeof trainers_steps / sizeof *trainers_steps;
	worst = 0;
	for (int step = 0, look = 0; look < looks; step++) {
		r.first_example = step * TRAINERS_BATCH;
		aq_engine_backward(r.engine, &r.batch, grad);
		aq_solver_step(solver, (uint64_t)step, args.lr, grad, weights, NULL);
		aq_engine_pack(r.engine);
		if (step + 1 == trainers_steps[look]) {
			near(trainers[t].solver, weights,
			     trainers[t].weights + (size_t)look * r.net->count, r.net->count);
			look++;
		}
	}
	print_message("  ConvNetJS: %-10s 20 steps, %d looks at %zu weights, worst %.2g\n",
		      trainers[t].solver, looks, r.net->count, worst);
	aq_solver_free(solver);
	stop(&r);
}

static void test_trainers(void **state)
{
	(void)state;
	for (size_t t = 0; t < sizeof trainers / sizeof *trainers; t++)
		check_trainer((int)t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layers),
		cmocka_unit_test(test_trainers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
