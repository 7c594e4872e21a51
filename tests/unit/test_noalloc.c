/* SPDX-License-Identifier: MIT
 *
 * Plan may fail, run may not: forward, backward, opening an example and a step of the solver take
 * no memory.  The linker sends every call of the allocator here (Makefile: --wrap).
 */
#include "nn/engine.h"
#include "nn/solver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static atomic_long taken;

// clang-format off
#define WRAP(result, name, declared, passed)          \
	result __real_##name declared;                \
	result __wrap_##name declared;                \
	result __wrap_##name declared                 \
	{                                             \
		atomic_fetch_add(&taken, 1);          \
		return __real_##name passed;          \
	}
WRAP(void *, malloc, (size_t size), (size))
WRAP(void *, calloc, (size_t count, size_t size), (count, size))
WRAP(void *, realloc, (void *at, size_t size), (at, size))
WRAP(void *, aligned_alloc, (size_t to, size_t size), (to, size))
WRAP(int, posix_memalign, (void **at, size_t to, size_t size), (at, to, size))
// clang-format on

static void fill(void *self, int first, int n, aq_real *x, int32_t *label)
{
	const int *cells = self;
	for (int i = 0; i < *cells * n; i++)
		x[i] = (aq_real)((i * 37 + first) % 11) - 5;
	for (int k = 0; k < n; k++)
		label[k] = (first + k) % 3;
}

static void check_net(const char *text, const char *solver_name, int threads)
{
	enum { BATCH = 35 };
	struct aq_net *net;
	struct aq_pool *pool;
	struct aq_engine *engine;
	struct aq_solver *solver;
	struct aq_solver_args args;
	aq_opt_defaults(aq_solver_opts, &args);
	args.clip = 1;
	assert_int_equal(aq_opt_set(aq_solver_opts, &args, "solver", solver_name), 0);
	assert_int_equal(aq_net_parse(&net, text, "net"), 0);
	assert_int_equal(aq_pool_new(&pool, threads), 0);
	assert_int_equal(aq_engine_new(&engine, net, BATCH, pool), 0);
	assert_int_equal(aq_solver_new(&solver, net, &args, pool), 0);
	aq_real *grad = calloc(net->count, sizeof *grad),
		*stage = calloc(net->count, sizeof *stage);
	assert_non_null(grad);
	assert_non_null(stage);
	aq_net_init(net, 1, aq_engine_weights(engine));
	int cells = (int)aq_shape_count(net->input);
	double loss[BATCH];
	const struct aq_stages stages = { .update = stage };
	struct aq_batch batch = {
		.count = BATCH,
		.fill = fill,
		.self = &cells,
		.loss = loss,
		.pass = {.training = true},
	};

	const long before = atomic_load(&taken);
	assert_true(before > 0); /* planning does, and is seen to */
	for (batch.pass.step = 0; batch.pass.step < 3; batch.pass.step++) {
		aq_engine_pack(engine);
		aq_engine_forward(engine, &batch);
		aq_engine_backward(engine, &batch, grad);
		aq_engine_open(engine, &batch, 7);
		aq_solver_step(solver, batch.pass.step, 0.01, grad, aq_engine_weights(engine),
			       &stages);
		batch.count = BATCH - 6 * (int)batch.pass.step;
	}
	assert_int_equal(atomic_load(&taken), before);

	free(grad);
	free(stage);
	aq_solver_free(solver);
	aq_engine_free(engine);
	aq_pool_free(pool);
	aq_net_free(net);
}

static void test_nothing_is_taken(void **state)
{
	(void)state;
	static const char *const nets[] = {
		"input 2x8x8\nconv channels=4 size=3 pad=1 -> a\nrelu\nconv channels=4 size=3 "
		"pad=1\nadd a\n"
		"maxpool size=2 stride=2\ndropout\nconcat dropout1 maxpool1\ndense units=3\nloss "
		"softmax",
		"input 2x8x8\nconv channels=4 size=3 stride=2\nsigmoid\navgpool "
		"size=2\ntanh\ndense units=3\n"
		"loss softmax",
	};
	for (size_t n = 0; n < sizeof nets / sizeof *nets; n++)
		for (int s = 0; aq_solver_names[s]; s++)
			for (int threads = 1; threads <= 3; threads += 2)
				check_net(nets[n], aq_solver_names[s], threads);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_nothing_is_taken) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
