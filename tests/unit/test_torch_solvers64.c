/* SPDX-License-Identifier: MIT
 *
 * The solvers that PyTorch has too do what PyTorch does, in double precision (tests/oracle/
 * torch_solvers.py wrote down what that is).
 */
#include "../oracle/hash.h"
#include "../oracle/torch_solvers.h"
#include "nn/solver.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char net_text[] = "input 5x1x1\ndense units=3 bias_decay=1\nloss softmax\n";

/* Relative to the weight, or to 1 where it is smaller. */
static const double allowed = 1e-14;

static double gradient(uint32_t step, uint32_t i)
{
	static const double factor[] = { 1, 0.01, 10 };
	return i == 7 ? 0 : oracle_value(600 + step, i) * factor[i % 3];
}

static struct aq_solver_args settings(size_t s)
{
	struct aq_solver_args args;
	aq_opt_defaults(aq_solver_opts, &args);
	assert_int_equal(aq_opt_set(aq_solver_opts, &args, "solver", torch_solvers[s].solver), 0);
	args.lr = torch_solvers[s].lr;
	args.momentum = torch_solvers[s].momentum;
	args.rho = torch_solvers[s].rho;
	args.beta1 = torch_solvers[s].beta1;
	args.beta2 = torch_solvers[s].beta2;
	args.eps = torch_solvers[s].eps;
	args.l2 = torch_solvers[s].l2;
	return args;
}

static double check(size_t s, const struct aq_net *net, struct aq_pool *pool)
{
	const struct aq_solver_args args = settings(s);
	struct aq_solver *solver;
	assert_int_equal(aq_solver_new(&solver, net, &args, pool), 0);
	double weights[TORCH_COUNT], grad[TORCH_COUNT], worst = 0;
	for (uint32_t i = 0; i < TORCH_COUNT; i++)
		weights[i] = oracle_value(600, i);
	const double *want = torch_solvers[s].weights;
	for (uint32_t step = 1, look = 0; step <= TORCH_STEPS; step++) {
		for (uint32_t i = 0; i < TORCH_COUNT; i++)
			grad[i] = gradient(step, i);
		aq_solver_step(solver, step - 1, args.lr, grad, weights, NULL);
		if ((int)step != torch_kept[look])
			continue;
		look++;
		for (size_t i = 0; i < TORCH_COUNT; i++, want++) {
			const double error = fabs(weights[i] - *want) / fmax(fabs(*want), 1);
			if (!(error <= allowed))
				fail_msg("%s, step %u, weight %zu: ours %.17g, PyTorch %.17g",
					 torch_solvers[s].solver, step, i, weights[i], *want);
			worst = fmax(worst, error);
		}
	}
	aq_solver_free(solver);
	return worst;
}

static void test_solvers(void **state)
{
	(void)state;
	struct aq_net *net;
	struct aq_pool *pool;
	assert_int_equal(aq_net_parse(&net, net_text, "net"), 0);
	assert_int_equal(net->count, TORCH_COUNT);
	assert_int_equal(aq_pool_new(&pool, 1), 0);
	for (size_t s = 0; s < sizeof torch_solvers / sizeof *torch_solvers; s++)
		print_message("  PyTorch: %-8s l2 %.2f, %d steps of %d weights, worst %.2g\n",
			      torch_solvers[s].solver, torch_solvers[s].l2, TORCH_STEPS,
			      TORCH_COUNT, check(s, net, pool));
	aq_pool_free(pool);
	aq_net_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_solvers) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
