/* SPDX-License-Identifier: MIT
 *
 * The gradients of a step follow from one another, number by number, in a training of every solver:
 *
 *	example_grad   its mean over the batch is grad
 *	reg_grad       grad and decay of the weights before the step
 *	clip_grad      reg_grad, or reg_grad times one factor
 *	update         the solver's rule, from clip_grad and the slots before the step
 *	weights        those before plus update, to the bit
 *
 * Each stage is computed from the recorded one before it, in double, and may differ by the rounding
 * of its own terms alone; so an error cannot hide behind the steps before.
 */
#include "../oracle/hash.h"
#include "nn/engine.h"
#include "nn/solver.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char net_text[] =
	"input 2x6x6\nconv channels=4 size=3 pad=1 lr=0.5 decay=2 bias_lr=3 bias_decay=0.5\nrelu\n"
	"maxpool size=2 stride=2\nconv channels=5 size=2\ndropout rate=0.2\ntanh\ndense units=4\n"
	"loss softmax\n";

enum { MOST = 100, SLOTS = AQ_MOST_SLOTS, STEPS = 6 };

/* Epsilons of the terms. */
static const double allowed = 6;

struct rig {
	struct aq_net *net;
	struct aq_pool *pool;
	struct aq_engine *engine;
	struct aq_solver *solver;
	struct aq_solver_args args;
	struct aq_batch batch;
	double loss[MOST];
	size_t count;
	aq_real *grad, *before, *weights, *slot[SLOTS]; /* slot: before the step */
	struct aq_stages stage;
};

static void fill(void *self, int first, int n, aq_real *x, int32_t *label)
{
	const struct rig *r = self;
	const uint32_t width = (uint32_t)aq_shape_count(r->net->input);
	for (int k = 0; k < n; k++) {
		const uint32_t example =
			(uint32_t)(r->batch.pass.step * MOST) + (uint32_t)(first + k);
		label[k] = (int32_t)(example % (uint32_t)r->net->classes);
		for (uint32_t i = 0; i < width; i++)
			x[i * (uint32_t)n + (uint32_t)k] = (aq_real)oracle_value(5000 + example, i);
	}
}

static aq_real *take(size_t count)
{
	aq_real *at = calloc(count, sizeof *at);
	assert_non_null(at);
	return at;
}

static void start(struct rig *r, const struct aq_solver_args *args, int batch)
{
	*r = (struct rig){ .args = *args };
	assert_int_equal(aq_net_parse(&r->net, net_text, "net"), 0);
	assert_int_equal(aq_pool_new(&r->pool, 2), 0);
	assert_int_equal(aq_engine_new(&r->engine, r->net, batch, r->pool), 0);
	assert_int_equal(aq_solver_new(&r->solver, r->net, args, r->pool), 0);
	r->count = r->net->count;
	r->grad = take(r->count);
	r->before = take(r->count);
	for (int s = 0; s < SLOTS; s++)
		r->slot[s] = take(r->count);
	r->stage = (struct aq_stages){ .reg_grad = take(r->count), .clip_grad = take(r->count),
					.update = take(r->count) };
	r->weights = aq_engine_weights(r->engine);
	aq_net_init(r->net, 4, r->weights);
	for (size_t i = 0; i < r->count; i += 11)
		r->weights[i] = 0; /* l1 says nothing of them */
	aq_engine_pack(r->engine);
	r->batch = (struct aq_batch){ .count = batch,
				      .pass = { .training = true, .seed = 2 },
				      .fill = fill,
				      .self = r,
				      .loss = r->loss };
}

static void stop(struct rig *r)
{
	aq_solver_free(r->solver);
	aq_engine_free(r->engine);
	aq_pool_free(r->pool);
	aq_net_free(r->net);
	free(r->grad);
	free(r->before);
	for (int s = 0; s < SLOTS; s++)
		free(r->slot[s]);
	free(r->stage.reg_grad);
	free(r->stage.clip_grad);
	free(r->stage.update);
}

/* ---- example_grad and grad ----------------------------------------------------------------- */

static double worst_mean;

/* Of each tensor, relative to its norm. */
static void mean_is_grad(struct rig *r)
{
	double *sum = calloc(r->count, sizeof *sum);
	assert_non_null(sum);
	for (int k = 0; k < r->batch.count; k++) {
		aq_engine_open(r->engine, &r->batch, k);
		for (size_t i = 0; i < r->count; i++)
			sum[i] += (double)aq_engine_example_grad(r->engine)[i];
	}
	for (int p = 0; p < r->net->params; p++) {
		const struct aq_param *param = r->net->param[p];
		double norm = 0, wrong = 0;
		for (size_t i = param->offset; i < param->offset + param->count; i++) {
			const double mean = sum[i] / r->batch.count,
				     error = (double)r->grad[i] - mean;
			norm += mean * mean;
			wrong += error * error;
		}
		assert_true(norm > 0);
		if (!(sqrt(wrong / norm) < 1e-6))
			fail_msg("%s of %s: the mean of %d examples' gradients is wrong by %g of "
				 "its norm",
				 param->name, r->net->owner[p]->name, r->batch.count,
				 sqrt(wrong / norm));
		worst_mean = fmax(worst_mean, sqrt(wrong / norm));
	}
	free(sum);
}

static void test_mean(void **state)
{
	(void)state;
	static const int batches[] = { 1, 2, 3, 5, 16, 17, 31, 32, 33, 64, MOST };
	struct aq_solver_args args;
	aq_opt_defaults(aq_solver_opts, &args);
	for (size_t b = 0; b < sizeof batches / sizeof *batches; b++) {
		struct rig r;
		start(&r, &args, batches[b]);
		aq_engine_backward(r.engine, &r.batch, r.grad);
		mean_is_grad(&r);
		if (batches[b] == 1) /* the last one opened is the only one */
			assert_memory_equal(r.grad, aq_engine_example_grad(r.engine),
					    r.count * sizeof(aq_real));
		stop(&r);
	}
	print_message("  mean of example_grad is grad: %zu batch sizes, worst %.2g of the norm\n",
		      sizeof batches / sizeof *batches, worst_mean);
}

/* ---- the stages of a step ------------------------------------------------------------------ */

static int cases, steps, clipped_steps;
static double worst_stage;
static const char *stage_name;

/* `size` is the sum of the magnitudes of the terms. */
static void near(aq_real got, double want, double size)
{
	const double error = fabs((double)got - want), unit = size * (double)FLT_EPSILON;
	if (!(error <= allowed * unit))
		fail_msg("%s is %.9g, not %.9g", stage_name, (double)got, want);
	if (unit > 0)
		worst_stage = fmax(worst_stage, error / unit);
}

static void check_reg_grad(const struct rig *r)
{
	stage_name = "reg_grad";
	for (int p = 0; p < r->net->params; p++) {
		const struct aq_param *param = r->net->param[p];
		for (size_t i = param->offset; i < param->offset + param->count; i++) {
			const double w = (double)r->before[i], g = (double)r->grad[i];
			const double l2 = param->decay * r->args.l2 * w;
			const double l1 = param->decay * r->args.l1 * ((w > 0) - (w < 0));
			near(r->stage.reg_grad[i], g + l2 + l1, fabs(g) + fabs(l2) + fabs(l1));
		}
	}
	if (r->args.l1 == 0 && r->args.l2 == 0)
		assert_memory_equal(r->stage.reg_grad, r->grad, r->count * sizeof(aq_real));
}

static double norm_of(const aq_real *x, size_t count)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += (double)x[i] * (double)x[i];
	return sqrt(sum);
}

static void check_clip_grad(const struct rig *r)
{
	stage_name = "clip_grad";
	const double norm = norm_of(r->stage.reg_grad, r->count);
	if (r->args.clip == 0 || norm <= r->args.clip * (1 - 1e-12)) {
		assert_memory_equal(r->stage.clip_grad, r->stage.reg_grad,
				    r->count * sizeof(aq_real));
		return;
	}
	const double factor = r->args.clip / norm;
	for (size_t i = 0; i < r->count; i++) {
		const double want = factor * (double)r->stage.reg_grad[i];
		near(r->stage.clip_grad[i], want, fabs(want));
	}
	assert_true(fabs(norm_of(r->stage.clip_grad, r->count) / r->args.clip - 1) < 1e-6);
	clipped_steps++;
}

/* A number and the sum of the magnitudes of its terms. */
struct sum {
	double value, size;
};

static struct sum plus(double a, double b)
{
	return (struct sum){ a + b, fabs(a) + fabs(b) };
}

/* What the rule makes of one gradient and the slots before: update, and the slots after. */
struct after {
	struct sum update, slot[SLOTS];
};

static struct sum times(double factor, struct sum x)
{
	return (struct sum){ factor * x.value, fabs(factor) * x.size };
}

static struct after follow_velocity(const struct aq_solver_args *a, const char *name, double lr,
				    double g, double v)
{
	struct after to = { .slot[0] = plus(a->momentum * v, -lr * g) };
	to.update = to.slot[0];
	if (strcmp(name, "nesterov") == 0) {
		to.update = times(1 + a->momentum, to.slot[0]);
		to.update.value -= a->momentum * v;
		to.update.size += fabs(a->momentum * v);
	}
	return to;
}

/* adagrad, windowgrad, rmsprop: the gradient by the root of a memory of its square. */
static struct after follow_square(const char *name, double lr, double rho, double eps, double g,
				  double s)
{
	const bool grows = strcmp(name, "adagrad") == 0, within = strcmp(name, "windowgrad") == 0;
	struct after to = { .slot[0] = grows ? plus(s, g * g) : plus(rho * s, (1 - rho) * g * g) };
	const double root = within ? sqrt(to.slot[0].value + eps) : sqrt(to.slot[0].value) + eps;
	to.update = plus(-lr * g / root, 0);
	return to;
}

static struct after follow_adadelta(double lr, double rho, double eps, double g, double s, double x)
{
	struct after to = { .slot[0] = plus(rho * s, (1 - rho) * g * g) };
	const double d = -sqrt((x + eps) / (to.slot[0].value + eps)) * g;
	to.slot[1] = plus(rho * x, (1 - rho) * d * d);
	to.update = plus(lr * d, 0);
	return to;
}

static struct after follow_adam(const struct aq_solver_args *a, double lr, double eps, double g,
				double m, double s, int t)
{
	struct after to = { .slot = { plus(a->beta1 * m, (1 - a->beta1) * g),
				      plus(a->beta2 * s, (1 - a->beta2) * g * g) } };
	const double root = sqrt(to.slot[1].value / (1 - pow(a->beta2, t))) + eps;
	to.update = times(-lr / (1 - pow(a->beta1, t)) / root, to.slot[0]);
	return to;
}

static struct after follow(const struct rig *r, double lr, double g, size_t i, int t)
{
	const char *name = aq_solver_names[r->args.solver];
	const double a = (double)r->slot[0][i], b = (double)r->slot[1][i];
	const double rho = r->args.rho, eps = r->args.eps;
	if (strcmp(name, "sgd") == 0)
		return (struct after){ .update = plus(-lr * g, 0) };
	if (strcmp(name, "momentum") == 0 || strcmp(name, "nesterov") == 0)
		return follow_velocity(&r->args, name, lr, g, a);
	if (strcmp(name, "adadelta") == 0)
		return follow_adadelta(lr, rho, eps, g, a, b);
	if (strcmp(name, "adam") == 0)
		return follow_adam(&r->args, lr, eps, g, a, b, t);
	return follow_square(name, lr, rho, eps, g, a);
}

static void check_update(const struct rig *r, double lr, int t)
{
	for (int p = 0; p < r->net->params; p++) {
		const struct aq_param *param = r->net->param[p];
		for (size_t i = param->offset; i < param->offset + param->count; i++) {
			const double g = (double)r->stage.clip_grad[i];
			const struct after want = follow(r, lr * param->lr, g, i, t);
			stage_name = "update";
			near(r->stage.update[i], want.update.value, want.update.size);
			for (int s = 0; s < aq_solver_slots(r->solver); s++) {
				stage_name = aq_solver_slot_name(r->solver, s);
				near(aq_solver_slot(r->solver, s)[i], want.slot[s].value,
				     want.slot[s].size);
			}
			const aq_real sum = r->before[i] + r->stage.update[i];
			assert_memory_equal(&sum, &r->weights[i], sizeof sum);
		}
	}
}

static void check_steps(const struct aq_solver_args *args)
{
	struct rig r;
	start(&r, args, 12);
	for (int t = 1; t <= STEPS; t++) {
		const double lr = aq_solver_base_lr(args) / t;
		r.batch.pass.step = (uint64_t)t - 1;
		aq_engine_backward(r.engine, &r.batch, r.grad);
		if (t == STEPS)
			mean_is_grad(&r);
		memcpy(r.before, r.weights, r.count * sizeof *r.before);
		for (int s = 0; s < aq_solver_slots(r.solver); s++)
			memcpy(r.slot[s], aq_solver_slot(r.solver, s), r.count * sizeof(aq_real));
		aq_solver_step(r.solver, (uint64_t)t - 1, lr, r.grad, r.weights, &r.stage);
		check_reg_grad(&r);
		check_clip_grad(&r);
		check_update(&r, lr, t);
		aq_engine_pack(r.engine);
		steps++;
	}
	cases++;
	stop(&r);
}

/* Every solver with no decay, l1, l2, both; with no limit, one never met, one always met. */
static void test_stages(void **state)
{
	(void)state;
	for (int solver = 0; aq_solver_names[solver]; solver++) {
		worst_stage = 0;
		for (int i = 0; i < 12; i++) {
			struct aq_solver_args args;
			aq_opt_defaults(aq_solver_opts, &args);
			args.solver = solver;
			args.rho = 0.9;
			args.eps = 1e-6;
			args.l1 = i & 1 ? 1e-3 : 0;
			args.l2 = i & 2 ? 1e-2 : 0;
			args.clip = i / 4 == 0 ? 0 : i / 4 == 1 ? 1e3 : 1e-2;
			check_steps(&args);
		}
		print_message("  stages of %-10s %d settings, worst %.2g epsilons of the terms\n",
			      aq_solver_names[solver], 12, worst_stage);
	}
	print_message("  %d cases, %d steps, %d of them clipped\n", cases, steps, clipped_steps);
	assert_int_equal(cases, 8 * 12);
	assert_int_equal(clipped_steps, 8 * 4 * STEPS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mean),
		cmocka_unit_test(test_stages),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
