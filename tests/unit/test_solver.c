/* SPDX-License-Identifier: MIT
 *
 * Each solver against its rule written out in double, over steps with decay, clipping and factors
 * of tensors; and the stages of a step, which must follow from one another.
 */
#include "base/rng.h"
#include "nn/solver.h"

#include <math.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char net_text[] = "input 3x7x7\nconv channels=10 size=3 lr=0.5 decay=2 bias_lr=3\n"
			       "dense units=7 bias_decay=1\nloss softmax\n";

struct rig {
	struct aq_net *net;
	struct aq_pool *pool;
	struct aq_solver *solver;
	struct aq_solver_args args;
	size_t count;
	aq_real *grad, *weights, *reg, *clip, *update, *before;
	double *w, *a, *b; /* the plain rule's weights and slots */
};

static void start(struct rig *r, const char *name, int threads)
{
	assert_int_equal(aq_opt_set(aq_solver_opts, &r->args, "solver", name), 0);
	assert_int_equal(aq_net_parse(&r->net, net_text, "net"), 0);
	assert_int_equal(aq_pool_new(&r->pool, threads), 0);
	assert_int_equal(aq_solver_new(&r->solver, r->net, &r->args, r->pool), 0);
	r->count = r->net->count;
	aq_real **const arrays[] = {&r->grad, &r->weights, &r->reg,
				    &r->clip, &r->update,  &r->before};
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
		*arrays[i] =
			calloc(r->count, sizeof(aq_real)); /* exact: ASan sees a step too far */
		assert_non_null(*arrays[i]);
	}
	double **const plain[] = { &r->w, &r->a, &r->b };
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		*plain[i] = calloc(r->count, sizeof(double));
		assert_non_null(*plain[i]);
	}
	for (uint32_t i = 0; i < r->count; i++) {
		r->weights[i] = (aq_real)aq_rng_normal(1, 1, 0, 0, i);
		if (i % 50 == 0)
			r->weights[i] = 0;
		r->w[i] = (double)r->weights[i];
	}
}

static void stop(struct rig *r)
{
	aq_solver_free(r->solver);
	aq_pool_free(r->pool);
	aq_net_free(r->net);
	aq_real *const arrays[] = { r->grad, r->weights, r->reg, r->clip, r->update, r->before };
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
		free(arrays[i]);
	free(r->w);
	free(r->a);
	free(r->b);
}

static double or_default(double value, double other)
{
	return value > 0 ? value : other;
}

/* The rules as the books have them. */
static double rule(const char *name, const struct aq_solver_args *s, double lr, double g, double *a,
		   double *b, int t)
{
	const double mu = s->momentum;
	double rho = or_default(s->rho, 0.95), eps = or_default(s->eps, 1e-8);
	if (strcmp(name, "sgd") == 0)
		return -lr * g;
	if (strcmp(name, "momentum") == 0)
		return *a = mu * *a - lr * g;
	if (strcmp(name, "nesterov") == 0) {
		const double before = *a;
		*a = mu * *a - lr * g;
		return -mu * before + (1 + mu) * *a;
	}
	if (strcmp(name, "adagrad") == 0) {
		*a += g * g;
		return -lr * g / (sqrt(*a) + or_default(s->eps, 1e-10));
	}
	if (strcmp(name, "windowgrad") == 0) {
		*a = rho * *a + (1 - rho) * g * g;
		return -lr * g / sqrt(*a + eps);
	}
	if (strcmp(name, "rmsprop") == 0) {
		rho = or_default(s->rho, 0.99);
		*a = rho * *a + (1 - rho) * g * g;
		return -lr * g / (sqrt(*a) + eps);
	}
	if (strcmp(name, "adadelta") == 0) {
		eps = or_default(s->eps, 1e-6);
		*a = rho * *a + (1 - rho) * g * g;
		const double d = -sqrt((*b + eps) / (*a + eps)) * g;
		*b = rho * *b + (1 - rho) * d * d;
		return lr * d;
	}
	*a = s->beta1 * *a + (1 - s->beta1) * g;
	*b = s->beta2 * *b + (1 - s->beta2) * g * g;
	return -lr * (*a / (1 - pow(s->beta1, t))) / (sqrt(*b / (1 - pow(s->beta2, t))) + eps);
}

/* One step of the plain rules on r->w. */
static void plain_step(struct rig *r, const char *name, double lr, int t)
{
	double *g = calloc(r->count, sizeof *g), norm = 0;
	assert_non_null(g);
	for (int p = 0; p < r->net->params; p++) {
		const struct aq_param *param = r->net->param[p];
		for (size_t i = param->offset; i < param->offset + param->count; i++) {
			const double sign = (r->w[i] > 0) - (r->w[i] < 0);
			g[i] = (double)r->grad[i] +
			       param->decay * (r->args.l2 * r->w[i] + r->args.l1 * sign);
			norm += g[i] * g[i];
		}
	}
	norm = sqrt(norm);
	const double factor = r->args.clip > 0 && norm > r->args.clip ? r->args.clip / norm : 1;
	for (int p = 0; p < r->net->params; p++) {
		const struct aq_param *param = r->net->param[p];
		for (size_t i = param->offset; i < param->offset + param->count; i++)
			r->w[i] += rule(name, &r->args, lr * param->lr, factor * g[i], &r->a[i],
					&r->b[i], t);
	}
	free(g);
}

static void check_stages(const struct rig *r)
{
	double norm = 0;
	for (size_t i = 0; i < r->count; i++) {
		const aq_real sum = r->before[i] + r->update[i];
		assert_memory_equal(&sum, &r->weights[i],
				    sizeof sum); /* w + u, in float, exactly */
		norm += (double)r->reg[i] * (double)r->reg[i];
	}
	norm = sqrt(norm);
	const bool clipped = r->args.clip > 0 && norm > r->args.clip;
	for (size_t i = 0; i < r->count; i++)
		assert_true(fabs((double)r->clip[i] -
				 (double)r->reg[i] * (clipped ? r->args.clip / norm : 1)) < 1e-6);
}

static void run(const char *name, double l1, double l2, double clip, double eps)
{
	struct rig r = { .count = 0 };
	aq_opt_defaults(aq_solver_opts, &r.args);
	r.args.l1 = l1;
	r.args.l2 = l2;
	r.args.clip = clip;
	r.args.eps = eps;
	start(&r, name, 2);
	for (int t = 1; t <= 20; t++) {
		for (uint32_t i = 0; i < r.count; i++)
			r.grad[i] = (aq_real)aq_rng_normal(2, 1, (uint64_t)t, 0, i);
		const double lr = aq_solver_base_lr(&r.args) / t;
		memcpy(r.before, r.weights, r.count * sizeof *r.before);
		const struct aq_stages stages = { .reg_grad = r.reg, .clip_grad = r.clip, .update = r.update };
		aq_solver_step(r.solver, (uint64_t)t - 1, lr, r.grad, r.weights, &stages);
		plain_step(&r, name, lr, t);
		check_stages(&r);
		for (size_t i = 0; i < r.count; i++)
			if (!(fabs((double)r.weights[i] - r.w[i]) <= 2e-5))
				fail_msg("%s, step %d, weight %zu: %.9g, not %.9g", name, t, i,
					 (double)r.weights[i], r.w[i]);
	}
	stop(&r);
}

static void test_rules(void **state)
{
	(void)state;
	for (int s = 0; aq_solver_names[s]; s++) {
		run(aq_solver_names[s], 0, 0, 0, 0);
		run(aq_solver_names[s], 1e-2, 1e-1, 0, 1e-3);
		run(aq_solver_names[s], 0, 1e-2, 5, 1e-2);
	}
}

/* The same bits with and without stages, and for every number of threads. */
static void test_same_bits(void **state)
{
	(void)state;
	for (int s = 0; aq_solver_names[s]; s++) {
		struct rig r[2] = { { .count = 0 } };
		for (int k = 0; k < 2; k++) {
			aq_opt_defaults(aq_solver_opts, &r[k].args);
			r[k].args.clip = 3;
			start(&r[k], aq_solver_names[s], k == 0 ? 1 : 5);
			for (uint64_t t = 0; t < 5; t++) {
				for (uint32_t i = 0; i < r[k].count; i++)
					r[k].grad[i] = (aq_real)aq_rng_normal(2, 1, t, 0, i);
				const struct aq_stages stages = { .reg_grad = r[k].reg, .clip_grad = r[k].clip,
							.update = r[k].update };
				aq_solver_step(r[k].solver, t, 0.1, r[k].grad, r[k].weights,
					       k ? &stages : NULL);
			}
		}
		assert_memory_equal(r[0].weights, r[1].weights, r[0].count * sizeof(aq_real));
		assert_int_equal(aq_solver_slots(r[0].solver), aq_solver_slots(r[1].solver));
		for (int slot = 0; slot < aq_solver_slots(r[0].solver); slot++) {
			assert_non_null(aq_solver_slot_name(r[0].solver, slot));
			assert_memory_equal(aq_solver_slot(r[0].solver, slot),
					    aq_solver_slot(r[1].solver, slot),
					    r[0].count * sizeof(aq_real));
		}
		stop(&r[0]);
		stop(&r[1]);
	}
}

static void test_defaults(void **state)
{
	(void)state;
	struct aq_solver_args args;
	aq_opt_defaults(aq_solver_opts, &args);
	assert_string_equal(aq_solver_names[args.solver], "momentum");
	assert_float_equal(aq_solver_base_lr(&args), 0.01, 1e-12);
	assert_int_equal(aq_opt_set(aq_solver_opts, &args, "solver", "adadelta"), 0);
	assert_float_equal(aq_solver_base_lr(&args), 1, 1e-12);
	assert_int_equal(aq_opt_set(aq_solver_opts, &args, "lr", "0.25"), 0);
	assert_float_equal(aq_solver_base_lr(&args), 0.25, 1e-12);
	assert_int_equal(aq_opt_set(aq_solver_opts, &args, "solver", "adamm"), AQ_EUSAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_same_bits),
		cmocka_unit_test(test_defaults),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
