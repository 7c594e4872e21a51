/* SPDX-License-Identifier: MIT
 *
 * Every registered layer against central differences, in double precision.
 *
 * The loss of a whole small network is differenced with respect to its weights and to its input.  A
 * layer family that stands in no network below fails the test: whoever adds a layer adds its case.
 */
#include "base/rng.h"
#include "nn/engine.h"
#include "nn/registry.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const nets[] = {
	"input 2x1x1\n dense units=3\n loss softmax",
	"input 2x5x4\n dense units=5 init=he bias=0.3\n dense units=4\n loss softmax",
	"input 2x6x7\n conv channels=5 size=3 pad=1\n dense units=3\n loss softmax",
	"input 3x9x8\n conv channels=4 size=3x2 stride=2x3 pad=1,0,2,1\n dense units=3\n loss "
	"softmax",
	"input 2x7x7\n conv channels=3 size=5 pad=2\n conv channels=6 size=3 stride=2 pad=0,1,0,1\n"
	" conv channels=3 size=3\n loss softmax",
	"input 2x5x6\n conv channels=3 size=1 stride=2\n conv channels=4 size=3\n loss softmax",
	"input 2x8x8\n conv channels=4 size=3 pad=1\n maxpool size=2 stride=2\n dense units=3\n "
	"loss softmax",
	"input 2x8x7\n conv channels=3 size=3\n maxpool size=3x2 stride=2x1 pad=1,0,0,1\n dense "
	"units=3\n"
	" loss softmax",
	"input 2x8x8\n conv channels=4 size=3 pad=1\n avgpool size=3 stride=2 pad=0,1,0,1\n dense "
	"units=3\n"
	" loss softmax",
	"input 2x4x4\n conv channels=8 size=3\n relu\n dense units=3\n loss softmax",
	"input 2x4x4\n conv channels=3 size=3\n sigmoid\n dense units=3\n loss softmax",
	"input 2x4x4\n conv channels=3 size=3\n tanh\n dense units=3\n loss softmax",
	"input 2x4x4\n conv channels=3 size=3 pad=1\n dropout rate=0.4\n dense units=3\n loss "
	"softmax",
	"input 2x5x5\n conv channels=2 size=3 pad=1 -> stem\n tanh\n conv channels=2 size=3 pad=1\n"
	" add stem\n dense units=3\n loss softmax",
	"input 2x5x5\n conv channels=3 size=3 pad=1 -> a\n conv a channels=2 size=3 pad=1 -> b\n"
	" concat a b a\n add concat1 concat1\n tanh\n dense units=3\n loss softmax",
};

enum { BATCH = 5, MOST_SAMPLES = 60 };
static const double step = 1e-5, worst_allowed = 1e-6;

struct data {
	size_t size;
	double *x; /* [BATCH][c][y][x] */
	int classes;
};

static void fill(void *self, int first, int n, double *x, int32_t *label)
{
	const struct data *data = self;
	for (int k = 0; k < n; k++) {
		for (size_t i = 0; i < data->size; i++)
			x[i * (size_t)n + (size_t)k] =
				data->x[(size_t)(first + k) * data->size + i];
		label[k] = (first + k) % data->classes;
	}
}

struct bench {
	struct aq_net *net;
	struct aq_engine *engine;
	struct aq_pool *pool;
	struct data data;
	double loss[BATCH];
	struct aq_batch batch;
	double worst;
};

static double mean_loss(struct bench *b)
{
	double sum = 0;
	aq_engine_pack(b->engine);
	aq_engine_forward(b->engine, &b->batch);
	for (int k = 0; k < BATCH; k++)
		sum += b->loss[k];
	return sum / BATCH;
}

/* The relative error of `analytic` against the difference quotient of the number at `at`. */
static void compare(struct bench *b, double *at, double analytic)
{
	const double before = *at;
	*at = before + step;
	const double up = mean_loss(b);
	*at = before - step;
	const double down = mean_loss(b);
	*at = before;
	const double numeric = (up - down) / (2 * step);
	const double scale = fmax(fabs(analytic), fabs(numeric));
	const double error = fabs(analytic - numeric) / fmax(scale, 1e-4);
	if (!(error <= b->worst))
		b->worst = error;
}

static void check_weights(struct bench *b)
{
	double *grad = calloc(b->net->count, sizeof *grad);
	assert_non_null(grad);
	aq_engine_pack(b->engine);
	aq_engine_backward(b->engine, &b->batch, grad);
	double *weights = aq_engine_weights(b->engine);
	for (int p = 0; p < b->net->params; p++) {
		const struct aq_param *param = b->net->param[p];
		const size_t stride = param->count / MOST_SAMPLES + 1;
		for (size_t i = 0; i < param->count; i += stride)
			compare(b, &weights[param->offset + i], grad[param->offset + i]);
	}
	free(grad);
}

static void check_input(struct bench *b)
{
	const size_t stride = b->data.size / MOST_SAMPLES + 1;
	for (int k = 0; k < BATCH; k += 2)
		for (size_t i = 0; i < b->data.size; i += stride) {
			aq_engine_pack(b->engine);
			aq_engine_open(b->engine, &b->batch, k);
			const double delta = aq_engine_delta(b->engine, 0)[i] / BATCH;
			compare(b, &b->data.x[(size_t)k * b->data.size + i], delta);
		}
}

static void check_net(const char *text)
{
	struct bench b = { 0 };
	if (aq_net_parse(&b.net, text, "case") < 0)
		fail_msg("%s", aq_story());
	assert_int_equal(aq_pool_new(&b.pool, 1), 0);
	assert_int_equal(aq_engine_new(&b.engine, b.net, BATCH, b.pool), 0);
	aq_net_init(b.net, 7, aq_engine_weights(b.engine));
	b.data.size = aq_shape_count(b.net->input);
	b.data.classes = b.net->classes;
	b.data.x = calloc(BATCH * b.data.size, sizeof *b.data.x);
	assert_non_null(b.data.x);
	for (size_t i = 0; i < BATCH * b.data.size; i++)
		b.data.x[i] = aq_rng_normal(11, AQ_STREAM_SYNTH, 0, 0, (uint32_t)i);
	b.batch = (struct aq_batch){
		.count = BATCH, .fill = fill, .self = &b.data, .loss = b.loss,
		.pass = { .training = true, .seed = 5, .step = 3 },
	};
	check_weights(&b);
	check_input(&b);
	if (b.worst > worst_allowed)
		fail_msg("relative error %g in\n%s", b.worst, text);
	aq_engine_free(b.engine);
	aq_pool_free(b.pool);
	aq_net_free(b.net);
	free(b.data.x);
}

static void test_differences(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof nets / sizeof *nets; i++)
		check_net(nets[i]);
}

static void test_every_layer_has_a_case(void **state)
{
	(void)state;
	for (int t = 0; aq_layer_types[t]; t++) {
		bool seen = false;
		for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
			struct aq_net *net;
			assert_int_equal(aq_net_parse(&net, nets[i], "case"), 0);
			for (int l = 0; l < net->layers; l++)
				seen = seen || net->layer[l].type == aq_layer_types[t];
			aq_net_free(net);
		}
		if (!seen)
			fail_msg("layer %s stands in no network of this test",
				 aq_layer_types[t]->name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_differences),
		cmocka_unit_test(test_every_layer_has_a_case),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
