/* SPDX-License-Identifier: MIT
 *
 * What the engine promises: the same bits for every number of threads; an example alone gives the
 * numbers it gave within its batch; the mean of the examples' gradients is the gradient.
 */
#include "base/rng.h"
#include "nn/engine.h"

#include <math.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char net_text[] =
	"input 3x10x10\nconv channels=6 size=5 pad=2 bias=0.1 -> a\nrelu\nmaxpool size=2 stride=2\n"
	"conv channels=5 size=3 pad=1 -> b\nrelu\ndropout rate=0.25\nadd b\nconcat add1 maxpool1\n"
	"avgpool size=3 stride=2 pad=0,1,0,1\nconv channels=9 size=2 stride=2\ntanh\ndense "
	"units=4\n"
	"loss softmax\n";

enum { MOST = 50, SIZE = 300, CLASSES = 4 };

static void fill(void *self, int first, int n, aq_real *x, int32_t *label)
{
	(void)self;
	for (int k = 0; k < n; k++) {
		const uint32_t example = (uint32_t)(first + k);
		for (uint32_t i = 0; i < SIZE; i++)
			x[i * (uint32_t)n + (uint32_t)k] =
				(aq_real)aq_rng_normal(1, 1, 0, example, i);
		label[k] = (int32_t)(aq_rng_word(1, 2, 0, example, 0) % CLASSES);
	}
}

struct work {
	struct aq_net *net;
	struct aq_pool *pool;
	struct aq_engine *engine;
	struct aq_batch batch;
	double loss[MOST];
	int32_t rank[MOST];
	aq_real probability[MOST * CLASSES];
	aq_real *grad;
};

static struct work *start(int threads, int planned, int count)
{
	struct work *w = calloc(1, sizeof *w);
	assert_non_null(w);
	assert_int_equal(aq_net_parse(&w->net, net_text, "net"), 0);
	assert_int_equal(aq_pool_new(&w->pool, threads), 0);
	assert_int_equal(aq_engine_new(&w->engine, w->net, planned, w->pool), 0);
	w->grad = calloc(w->net->count, sizeof *w->grad);
	assert_non_null(w->grad);
	aq_net_init(w->net, 3, aq_engine_weights(w->engine));
	aq_engine_pack(w->engine);
	w->batch = (struct aq_batch){
		.count = count, .pass = { .training = true, .seed = 8, .step = 2 }, .fill = fill,
		.loss = w->loss, .rank = w->rank, .probability = w->probability,
	};
	return w;
}

static void stop(struct work *w)
{
	aq_engine_free(w->engine);
	aq_pool_free(w->pool);
	aq_net_free(w->net);
	free(w->grad);
	free(w);
}

static void test_threads(void **state)
{
	(void)state;
	static const int threads[] = { 2, 3, 7, 16 }, counts[] = { 1, 2, 3, 4, 17, 31, 32, 33, 50 };
	for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
		struct work *one = start(1, MOST, counts[c]);
		aq_engine_backward(one->engine, &one->batch, one->grad);
		for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
			struct work *many = start(threads[t], MOST, counts[c]);
			aq_engine_backward(many->engine, &many->batch, many->grad);
			assert_memory_equal(one->grad, many->grad,
					    one->net->count * sizeof(aq_real));
			assert_memory_equal(one->loss, many->loss, sizeof one->loss);
			assert_memory_equal(one->rank, many->rank, sizeof one->rank);
			assert_memory_equal(one->probability, many->probability,
					    sizeof one->probability);
			stop(many);
		}
		stop(one);
	}
}

/* An engine planned for more gives the same: the last, smaller batch of an epoch. */
static void test_planned_for_more(void **state)
{
	(void)state;
	struct work *exact = start(2, 18, 18), *more = start(2, MOST, 18);
	aq_engine_backward(exact->engine, &exact->batch, exact->grad);
	aq_engine_backward(more->engine, &more->batch, more->grad);
	assert_memory_equal(exact->grad, more->grad, exact->net->count * sizeof(aq_real));
	stop(exact);
	stop(more);
}

static void test_forward_is_the_same(void **state)
{
	(void)state;
	struct work *train = start(2, MOST, MOST), *look = start(3, 4, MOST);
	aq_engine_backward(train->engine, &train->batch, train->grad);
	aq_engine_forward(look->engine, &look->batch);
	assert_memory_equal(train->loss, look->loss, sizeof train->loss);
	assert_memory_equal(train->probability, look->probability, sizeof train->probability);
	stop(train);
	stop(look);
}

static void test_alone(void **state)
{
	(void)state;
	struct work *all = start(2, MOST, 33), *one = start(1, MOST, 33);
	aq_engine_backward(all->engine, &all->batch, all->grad);
	double *sum = calloc(all->net->count, sizeof *sum);
	assert_non_null(sum);
	for (int k = 0; k < 33; k++) {
		aq_engine_open(one->engine, &one->batch, k);
		const aq_real *grad = aq_engine_example_grad(one->engine);
		for (size_t i = 0; i < all->net->count; i++)
			sum[i] += (double)grad[i] / 33;
		assert_memory_equal(&one->loss[k], &all->loss[k], sizeof(double));
		assert_int_equal(one->rank[k], all->rank[k]);
		assert_memory_equal(&one->probability[k * CLASSES], &all->probability[k * CLASSES],
				    CLASSES * sizeof(aq_real));
		const aq_real *delta = aq_engine_delta(one->engine, all->net->layers - 1);
		double zero = 0;
		for (int c = 0; c < CLASSES; c++)
			zero += (double)delta[c];
		assert_true(fabs(zero) < 1e-6);
	}
	double wrong = 0, norm = 0;
	for (size_t i = 0; i < all->net->count; i++) {
		wrong += ((double)all->grad[i] - sum[i]) * ((double)all->grad[i] - sum[i]);
		norm += sum[i] * sum[i];
	}
	assert_true(norm > 0);
	assert_true(sqrt(wrong) < 1e-6 * sqrt(norm));
	free(sum);
	stop(all);
	stop(one);
}

/* What opening shows fits together: a relu's output is its input where that is positive, and so on.
 * */
static void test_open_shows_layers(void **state)
{
	(void)state;
	struct work *w = start(1, MOST, 4);
	aq_engine_open(w->engine, &w->batch, 3);
	const struct aq_layer *relu = aq_net_find(w->net, "relu1"), *a = aq_net_find(w->net, "a");
	const aq_real *before = aq_engine_out(w->engine, a->index);
	const aq_real *after = aq_engine_out(w->engine, relu->index);
	const aq_real *dbefore = aq_engine_delta(w->engine, a->index);
	const aq_real *dafter = aq_engine_delta(w->engine, relu->index);
	bool some = false;
	for (size_t i = 0; i < aq_shape_count(a->out); i++) {
		assert_float_equal(after[i], before[i] > 0 ? before[i] : 0, 0);
		assert_float_equal(dbefore[i], before[i] > 0 ? dafter[i] : 0, 0);
		some = some || before[i] < 0;
	}
	assert_true(some);
	double input = 0;
	for (size_t i = 0; i < SIZE; i++)
		input += fabs((double)aq_engine_delta(w->engine, 0)[i]);
	assert_true(input > 0);
	stop(w);
}

static void test_rank(void **state)
{
	(void)state;
	struct work *w = start(1, MOST, MOST);
	aq_engine_forward(w->engine, &w->batch);
	for (int k = 0; k < MOST; k++) {
		aq_real x[SIZE];
		int32_t label, above = 0;
		fill(NULL, k, 1, x, &label);
		const aq_real *p = &w->probability[k * CLASSES];
		for (int c = 0; c < CLASSES; c++)
			above += p[c] > p[label];
		assert_int_equal(w->rank[k], above);
		assert_float_equal(w->loss[k], -log((double)p[label]), 1e-5);
	}
	/* weights that are not finite: no class is surely less likely than another */
	aq_engine_weights(w->engine)[0] = (aq_real)NAN;
	aq_engine_pack(w->engine);
	aq_engine_forward(w->engine, &w->batch);
	for (int k = 0; k < MOST; k++) {
		assert_true(isnan(w->loss[k]));
		assert_int_equal(w->rank[k], CLASSES - 1);
	}
	stop(w);
}

static void test_dropout_is_off(void **state)
{
	(void)state;
	struct work *w = start(1, MOST, 2);
	double loss[2][2];
	for (uint64_t step = 0; step < 2; step++) {
		w->batch.pass = (struct aq_pass){ .training = false, .step = step };
		aq_engine_forward(w->engine, &w->batch);
		memcpy(loss[step], w->loss, sizeof loss[step]);
	}
	assert_memory_equal(loss[0], loss[1], sizeof loss[0]);
	w->batch.pass.training = true;
	aq_engine_forward(w->engine, &w->batch);
	assert_true(memcmp(loss[0], w->loss, sizeof loss[0]) != 0);
	stop(w);
}

/* Only training is watched; the input has no way back, and bits stay as they are. */
static void test_watched(void **state)
{
	(void)state;
	struct work *w = start(2, MOST, MOST), *other = start(2, MOST, MOST);
	const int layers = w->net->layers;
	assert_int_equal(aq_engine_watch(w->engine), 0);
	aq_engine_forward(w->engine, &w->batch);
	for (int l = 0; l < layers + AQ_ENGINE_MORE; l++)
		assert_true(aq_engine_spent(w->engine, l).forward == 0);
	aq_engine_backward(w->engine, &w->batch, w->grad);
	aq_engine_backward(other->engine, &other->batch, other->grad);
	for (int l = 0; l < layers + AQ_ENGINE_MORE; l++) {
		const struct aq_spent spent = aq_engine_spent(w->engine, l);
		assert_true(spent.forward > 0);
		assert_true((spent.backward > 0) == (l > 0 && l < layers));
		assert_true(aq_engine_spent(other->engine, l).forward == 0);
	}
	assert_memory_equal(w->grad, other->grad, w->net->count * sizeof *w->grad);
	stop(w);
	stop(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_planned_for_more),
		cmocka_unit_test(test_forward_is_the_same),
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_open_shows_layers),
		cmocka_unit_test(test_rank),
		cmocka_unit_test(test_dropout_is_off),
		cmocka_unit_test(test_watched),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
