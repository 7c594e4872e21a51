/* SPDX-License-Identifier: MIT
 *
 * All instruction sets of this processor give the same bits, and those bits are right: activations,
 * solvers, sums (convolutions and pooling have tests of their own); whole training steps too.
 */
#include "base/rng.h"
#include "nn/engine.h"
#include "nn/solver.h"
#include "num/kernels.h"
#include "num/solve.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { COUNT = 4099 };

static aq_real in[COUNT + AQ_SLACK], dout[COUNT + AQ_SLACK];

static void numbers(double scale)
{
	for (uint32_t i = 0; i < COUNT + AQ_SLACK; i++) {
		in[i] = (aq_real)(scale * aq_rng_normal(3, 1, 0, 0, i));
		dout[i] = (aq_real)aq_rng_normal(3, 2, 0, 0, i);
	}
	static const double special[] = { 0, -0.0, 1e30, -1e30, 1e-40, 88.5, -87.5, 0.625 };
	for (size_t i = 0; i < sizeof special / sizeof *special; i++)
		in[i * 7] = (aq_real)special[i];
	in[100] = (aq_real)INFINITY;
	in[101] = (aq_real)-INFINITY;
	in[102] = (aq_real)NAN;
}

/* The largest error in units of the last place of the true value. */
static double worst(const aq_real *got, double (*truth)(double))
{
	double most = 0;
	for (size_t i = 0; i < COUNT; i++) {
		const double want = truth((double)in[i]);
		if (isnan(want)) {
			assert_true(isnan((double)got[i]));
			continue;
		}
		const double unit = fmax(ldexp(1, ilogb(want == 0 ? 1e-38 : want) - 23), 1e-38);
		most = fmax(most, fabs((double)got[i] - want) / unit);
	}
	return most;
}

static double sigmoid(double x)
{
	return 1 / (1 + exp(-x));
}

static double relu(double x)
{
	return x < 0 ? 0 : x;
}

static void test_activations(void **state)
{
	(void)state;
	static aq_real first[6][COUNT + AQ_SLACK], got[6][COUNT + AQ_SLACK];
	for (double scale = 0.01; scale < 100; scale *= 10)
		for (int i = 0; aq_kernels_of(i); i++) {
			const struct aq_kernels *k = aq_kernels_of(i);
			numbers(scale);
			k->relu_forward(COUNT, in, got[0]);
			k->relu_backward(COUNT, got[0], dout, got[1]);
			k->sigmoid_forward(COUNT, in, got[2]);
			k->sigmoid_backward(COUNT, got[2], dout, got[3]);
			k->tanh_forward(COUNT, in, got[4]);
			k->tanh_backward(COUNT, got[4], dout, got[5]);
			assert_true(worst(got[0], relu) < 0.5);
			assert_true(worst(got[2], sigmoid) < 4);
			assert_true(worst(got[4], tanh) < 4);
			if (i == 0)
				memcpy(first, got, sizeof got);
			for (int f = 0; f < 6; f++)
				for (size_t j = 0; j < COUNT; j++)
					if (!isnan((double)got[f][j]))
						assert_memory_equal(&first[f][j], &got[f][j],
								    sizeof got[f][j]);
		}
}

static void test_sums(void **state)
{
	(void)state;
	static aq_real part[AQ_MOST_PARTS][COUNT + AQ_SLACK], first[COUNT], got[COUNT];
	const aq_real *parts[AQ_MOST_PARTS];
	for (int p = 0; p < AQ_MOST_PARTS; p++) {
		parts[p] = part[p];
		for (uint32_t i = 0; i < COUNT; i++)
			part[p][i] = (aq_real)aq_rng_normal(4, 1, 0, (uint32_t)p, i);
	}
	for (int count = 1; count <= AQ_MOST_PARTS; count++)
		for (int i = 0; aq_kernels_of(i); i++) {
			aq_kernels_of(i)->mean_of_parts(count, parts, 0, COUNT, 7, got);
			if (i == 0)
				memcpy(first, got, sizeof got);
			assert_memory_equal(first, got, sizeof got);
			for (size_t j = 0; j < COUNT; j += 97) {
				double sum = 0;
				for (int p = 0; p < count; p++)
					sum += (double)part[p][j];
				assert_float_equal(got[j], sum / 7, 1e-6);
			}
		}
}

static void test_plain_fma(void **state)
{
	(void)state;
	/* One output with one tap is one multiply-add: bias + weight * in, rounded once. */
	for (uint32_t i = 0; i < 20000; i++) {
		const aq_real a =
			(aq_real)(aq_rng_normal(5, 1, 0, 0, i) * ldexp(1, (int)(i % 60) - 30));
		aq_real x[AQ_SLACK + 1] = { (aq_real)aq_rng_normal(5, 2, 0, 0, i) }, w[4] = { a };
		aq_real bias[4] = {
			(aq_real)(-a * x[0] * (1 + aq_rng_normal(5, 3, 0, 0, i) * 1e-7))};
		if (i % 3 == 0)
			bias[0] = (aq_real)aq_rng_normal(5, 4, 0, 0, i);
		const int32_t off = 0;
		for (int k = 0; aq_kernels_of(k); k++) {
			aq_real out[1];
			const struct aq_conv_step step = { .end = 1 };
			const struct aq_conv_row row = {
				.in = x, .off = &off, .n = 1, .step = &step, .steps = 1,
				.weight = w, .taps = 1, .outputs = 1, .bias = bias, .out = out,
				.plane = 1, .run = 1, .rows = 1,
			};
			aq_kernels_of(k)->conv_row(&row);
			const aq_real want = fmaf(a, x[0], bias[0]);
			assert_memory_equal(out, &want, sizeof want);
		}
	}
}

/* ---- whole steps ----------------------------------------------------------------------------- */

static void fill(void *self, int begin, int n, aq_real *x, int32_t *label)
{
	(void)self;
	for (int k = 0; k < n; k++) {
		for (int i = 0; i < 2 * 9 * 9; i++)
			x[i * n + k] =
				(aq_real)aq_rng_normal(6, 1, 0, (uint32_t)(begin + k), (uint32_t)i);
		label[k] = (begin + k) % 3;
	}
}

static const char net_text[] =
	"input 2x9x9\nconv channels=5 size=3 pad=1\nmaxpool size=2 stride=2 pad=0,1,0,1\nrelu\n"
	"conv channels=6 size=3 stride=2 pad=1\nsigmoid\navgpool size=2 stride=1\ntanh\n"
	"dropout rate=0.3\ndense units=3\nloss softmax\n";

static void train(const char *solver_name, aq_real *weights)
{
	struct aq_net *net;
	struct aq_pool *pool;
	struct aq_engine *engine;
	struct aq_solver *solver;
	struct aq_solver_args args;
	aq_opt_defaults(aq_solver_opts, &args);
	args.l2 = 1e-3;
	args.clip = 1;
	assert_int_equal(aq_opt_set(aq_solver_opts, &args, "solver", solver_name), 0);
	assert_int_equal(aq_net_parse(&net, net_text, "net"), 0);
	assert_int_equal(aq_pool_new(&pool, 1), 0);
	assert_int_equal(aq_engine_new(&engine, net, 21, pool), 0);
	assert_int_equal(aq_solver_new(&solver, net, &args, pool), 0);
	aq_net_init(net, 1, aq_engine_weights(engine));
	aq_real *grad = calloc(net->count, sizeof *grad);
	assert_non_null(grad);
	for (uint64_t step = 0; step < 4; step++) {
		const struct aq_batch batch = {
			.count = step == 3 ? 5 : 21, .fill = fill,
			.pass = { .training = true, .step = step },
		};
		aq_engine_pack(engine);
		aq_engine_backward(engine, &batch, grad);
		aq_solver_step(solver, step, aq_solver_base_lr(&args), grad,
			       aq_engine_weights(engine), NULL);
	}
	memcpy(weights, aq_engine_weights(engine), net->count * sizeof *weights);
	free(grad);
	aq_solver_free(solver);
	aq_engine_free(engine);
	aq_pool_free(pool);
	aq_net_free(net);
}

static void test_steps(void **state)
{
	(void)state;
	static aq_real first[1024], got[1024];
	for (int s = 0; aq_solver_names[s]; s++)
		for (int i = 0; aq_kernels_of(i); i++) {
			aq_kernels_use(aq_kernels_of(i));
			train(aq_solver_names[s], got);
			if (i == 0)
				memcpy(first, got, sizeof got);
			assert_memory_equal(first, got, sizeof got);
			for (size_t j = 0; j < 1024; j++)
				assert_true(isfinite((double)got[j]));
		}
	aq_kernels_use(aq_kernels_of(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_activations),
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_plain_fma),
		cmocka_unit_test(test_steps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
