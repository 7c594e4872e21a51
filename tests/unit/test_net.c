/* SPDX-License-Identifier: MIT
 *
 * The networks of pipelines/nets have the sizes their authors gave them, and initial weights are a
 * function of the seed.
 */
#include "nn/net.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The folder of the nets, wherever the test is run from: beside the top of the tree. */
static char *read_net(const char *name)
{
	static char text[1 << 16];
	for (const char *up = "../../../../../../"; ; up += 3) {
		char path[256];
		snprintf(path, sizeof path, "%spipelines/nets/%s.net", up, name);
		FILE *file = fopen(path, "r");
		if (file) {
			text[fread(text, 1, sizeof text - 1, file)] = '\0';
			fclose(file);
			return text;
		}
		if (!*up)
			fail_msg("no %s", path);
	}
}

static struct aq_net *parse(const char *text)
{
	struct aq_net *net;
	if (aq_net_parse(&net, text, "test.net") < 0)
		fail_msg("%s", aq_story());
	return net;
}

static void test_counts(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		size_t count;
		int c, y, x;
	} nets[] = {
		{"convnetjs-cifar", 22466, 3, 32, 32},	 {"convnetjs-mnist", 5994, 1, 24, 24},
		{"matconvnet-cifar", 145578, 3, 32, 32}, {"matconvnet-mnist", 431080, 1, 28, 28},
		{"fashion", 48034, 1, 28, 28},		 {"shapes", 10406, 3, 32, 32},
	};
	for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
		struct aq_net *net = parse(read_net(nets[i].name));
		assert_int_equal(net->count, nets[i].count);
		assert_int_equal(net->classes, 10);
		assert_int_equal(net->input.c, nets[i].c);
		assert_int_equal(net->input.y, nets[i].y);
		assert_int_equal(net->input.x, nets[i].x);
		aq_net_free(net);
	}
}

static void assert_shape(const struct aq_net *net, const char *name, int c, int y, int x)
{
	const struct aq_layer *layer = aq_net_find(net, name);
	assert_non_null(layer);
	assert_int_equal(layer->out.c, c);
	assert_int_equal(layer->out.y, y);
	assert_int_equal(layer->out.x, x);
}

static void test_shapes(void **state)
{
	(void)state;
	struct aq_net *net = parse(read_net("matconvnet-cifar"));
	assert_shape(net, "conv1", 32, 32, 32);
	assert_shape(net, "maxpool1", 32, 16, 16);
	assert_shape(net, "avgpool1", 32, 8, 8);
	assert_shape(net, "conv3", 64, 8, 8);
	assert_shape(net, "avgpool2", 64, 4, 4);
	assert_shape(net, "conv4", 64, 1, 1);
	assert_shape(net, "conv5", 10, 1, 1);
	assert_null(aq_net_find(net, "conv6"));
	aq_net_free(net);

	net = parse("input 2x9x8\nconv channels=3 size=3x2 stride=2x3 pad=1,0,2,1\n"
		    "maxpool size=2 stride=2\ndense units=2\nloss softmax");
	assert_shape(net, "conv1", 3, 4, 4); /* (9+1-3)/2+1, (8+3-2)/3+1 */
	assert_shape(net, "maxpool1", 3, 2, 2);
	aq_net_free(net);
}

static void test_params(void **state)
{
	(void)state;
	struct aq_net *net =
		parse("input 2x9x8\nconv channels=3 size=3x2 lr=0.5 bias_decay=2 bias=0.25\n"
		      "dense units=4 init=fixed std=0.5\nloss softmax");
	assert_int_equal(net->params, 4);
	const struct aq_param *w = net->param[0], *b = net->param[1], *d = net->param[2];
	assert_string_equal(w->name, "weight");
	assert_string_equal(b->name, "bias");
	assert_string_equal(net->owner[1]->name, "conv1");
	assert_string_equal(net->owner[3]->name, "dense1");
	assert_int_equal(w->rank, 4);
	const int dim[] = { 3, 2, 3, 2 };
	assert_memory_equal(w->dim, dim, sizeof dim);
	assert_int_equal(w->count, 36);
	assert_int_equal(w->offset, 0);
	assert_int_equal(b->offset, 36);
	assert_int_equal(d->offset, 39);
	assert_int_equal(d->rank, 2);
	assert_int_equal(d->dim[1], 3 * 7 * 7);
	assert_true(w->lr > 0.49 && w->lr < 0.51);
	assert_true(w->decay > 0.99 && w->decay < 1.01 && b->decay > 1.9 && d->decay > 0.9);
	assert_true(net->param[3]->decay < 0.01 &&
		    net->param[3]->decay >= 0); /* biases do not decay */
	aq_net_free(net);
}

/* Mean and deviation of the first `count` initial weights. */
static double deviation(const float *w, size_t count)
{
	double sum = 0, square = 0;
	for (size_t i = 0; i < count; i++) {
		sum += (double)w[i];
		square += (double)w[i] * (double)w[i];
	}
	const double mean = sum / (double)count;
	assert_true(fabs(mean) < 0.01);
	return sqrt(square / (double)count - mean * mean);
}

static void test_init(void **state)
{
	(void)state;
	struct aq_net *net =
		parse("input 4x5x5\ndense units=200\ndense units=200 init=he bias=0.25\n"
		      "dense units=100 init=fixed std=0.02\nloss softmax");
	float *a = calloc(net->count, sizeof *a), *b = calloc(net->count, sizeof *b);
	assert_non_null(a);
	assert_non_null(b);
	aq_net_init(net, 42, a);
	aq_net_init(net, 42, b);
	assert_memory_equal(a, b, net->count * sizeof *a);
	aq_net_init(net, 43, b);
	assert_true(memcmp(a, b, net->count * sizeof *a) != 0);
	assert_float_equal(deviation(a + net->param[0]->offset, 20000), 0.1, 0.003);
	assert_float_equal(deviation(a + net->param[2]->offset, 40000), 0.1, 0.003);
	assert_float_equal(deviation(a + net->param[4]->offset, 20000), 0.02, 0.0006);
	assert_float_equal(a[net->param[1]->offset], 0, 0);
	assert_float_equal(a[net->param[3]->offset + 7], 0.25, 0);
	free(a);
	free(b);
	aq_net_free(net);
}

static void test_graph(void **state)
{
	(void)state;
	struct aq_net *net = parse("# a block that adds its input back\r\n"
				   "input 3x8x8   # rgb\r\n\r\n"
				   "conv channels=4 size=3 pad=1 -> stem\r\n"
				   "relu\n conv size=3 channels=4 pad=1\n"
				   "add stem\n"
				   "concat stem add1 -> both\n"
				   "dense units=3\n"
				   "loss softmax\n");
	assert_int_equal(net->layers, 7);
	const struct aq_layer *add = aq_net_find(net, "add1"), *both = aq_net_find(net, "both");
	assert_non_null(add);
	assert_int_equal(add->n_inputs, 2);
	assert_string_equal(net->layer[add->input[0]].name,
			    "conv2"); /* the line above comes first */
	assert_string_equal(net->layer[add->input[1]].name, "stem");
	assert_int_equal(both->out.c, 8);
	assert_int_equal(both->line, 8);
	assert_string_equal(net->layer[both->input[0]].name, "stem");
	aq_net_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts), cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_params), cmocka_unit_test(test_init),
		cmocka_unit_test(test_graph),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
