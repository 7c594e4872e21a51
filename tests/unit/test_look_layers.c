/* SPDX-License-Identifier: MIT
 *
 * test_look_layers.c - the table of layers: fields counted by hand, and found by touching pixels
 */
#include "base/rng.h"
#include "look/layers.h"
#include "nn/engine.h"
#include "story.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The folder of the nets, wherever the test is run from. */
static struct aq_net *net_of(const char *name)
{
	static char text[1 << 14];
	struct aq_net *net;
	FILE *file = NULL;
	for (const char *up = "../../../../../../"; !file; up += 3) {
		char path[256];
		snprintf(path, sizeof path, "%spipelines/nets/%s.net", up, name);
		file = fopen(path, "r");
		assert_true(file || *up);
	}
	text[fread(text, 1, sizeof text - 1, file)] = '\0';
	fclose(file);
	ok(aq_net_parse(&net, text, name));
	return net;
}

/* ---- by hand --------------------------------------------------------------------------------- */

struct wanted {
	const char *name;
	int64_t field, step;
	double offset;
	size_t params;
};

static void is_table(const char *name, const struct wanted *wanted)
{
	struct aq_net *net = net_of(name);
	for (; wanted->name; wanted++) {
		const struct aq_layer_row r = aq_layer_row_of(net, aq_net_find(net, wanted->name));
		for (int d = 0; d < 2; d++) {
			assert_int_equal(r.field[d], wanted->field);
			assert_int_equal(r.step[d], wanted->step);
			assert_true(r.offset[d] == wanted->offset);
		}
		assert_int_equal(r.params, wanted->params);
		assert_int_equal(r.param_bytes, 4 * wanted->params);
	}
	aq_net_free(net);
}

/* field' = field + step * (size - 1), step' = step * stride, offset' = offset + step * ((size - 1)
 * / 2 - pad before). */
static void four_networks_by_hand(void **state)
{
	(void)state;
	is_table("convnetjs-cifar", (const struct wanted[]){ { "input", 1, 1, 0, 0 },
							     { "conv1", 5, 1, 0, 1216 },
							     { "relu1", 5, 1, 0, 0 },
							     { "maxpool1", 6, 2, 0.5, 0 },
							     { "conv2", 14, 2, 0.5, 8020 },
							     { "maxpool2", 16, 4, 1.5, 0 },
							     { "conv3", 32, 4, 1.5, 10020 },
							     { "maxpool3", 36, 8, 3.5, 0 },
							     { "dense1", 60, 8, 15.5, 3210 },
							     { .name = NULL } });
	is_table("convnetjs-mnist", (const struct wanted[]){ { "conv1", 5, 1, 0, 208 },
							     { "maxpool1", 6, 2, 0.5, 0 },
							     { "conv2", 14, 2, 0.5, 3216 },
							     { "maxpool2", 18, 6, 2.5, 0 },
							     { "dense1", 36, 6, 11.5, 2570 },
							     { .name = NULL } });
	is_table("matconvnet-cifar", (const struct wanted[]){ { "conv1", 5, 1, 0, 2432 },
							      { "maxpool1", 7, 2, 1, 0 },
							      { "conv2", 15, 2, 1, 25632 },
							      { "avgpool1", 19, 4, 3, 0 },
							      { "conv3", 35, 4, 3, 51264 },
							      { "avgpool2", 43, 8, 7, 0 },
							      { "conv4", 67, 8, 19, 65600 },
							      { "conv5", 67, 8, 19, 650 },
							      { .name = NULL } });
	is_table("matconvnet-mnist", (const struct wanted[]){ { "conv1", 5, 1, 2, 520 },
							      { "maxpool1", 6, 2, 2.5, 0 },
							      { "conv2", 14, 2, 6.5, 25050 },
							      { "maxpool2", 16, 4, 7.5, 0 },
							      { "conv3", 28, 4, 13.5, 400500 },
							      { "conv4", 28, 4, 13.5, 5010 },
							      { .name = NULL } });
}

static void sums_and_windows(void **state)
{
	char word[AQ_LAYER_WORD];
	(void)state;
	struct aq_net *net = net_of("matconvnet-cifar");
	const struct aq_layer_row total = aq_layer_row_total(net);
	assert_int_equal(total.params, 145578);
	assert_int_equal(total.param_bytes, 582312);
	/* 3x32x32; conv1 32x32x32, maxpool1, relu1, conv2, relu2: 32x16x16; avgpool1 32x8x8; conv3,
	 * relu3 64x8x8; avgpool2 64x4x4; conv4, relu4: 64; conv5: 10 */
	assert_int_equal(total.data_bytes, 4 * (3072 + 32768 + 4 * 8192 + 2048 + 2 * 4096 + 1024 +
						2 * 64 + 10));
	const struct aq_layer_row pool = aq_layer_row_of(net, aq_net_find(net, "maxpool1"));
	assert_true(pool.slides);
	assert_string_equal(aq_layer_pad(word, &pool.window), "0,1,0,1");
	assert_string_equal(aq_layer_pair(word, pool.window.fy, pool.window.sy), "3x2");
	assert_string_equal(aq_layer_pair(word, 3, 3), "3");
	assert_false(aq_layer_row_of(net, aq_net_find(net, "relu1")).slides);
	assert_false(aq_layer_row_of(net, net->layer).slides);
	const struct aq_layer_row conv = aq_layer_row_of(net, aq_net_find(net, "conv1"));
	assert_string_equal(aq_layer_pad(word, &conv.window), "2");
	aq_net_free(net);
}

/* ---- by touching ----------------------------------------------------------------------------- */

/* With positive weights on positive pixels every cell grows with each pixel it sees, so a bright
 * pixel moves exactly the cells whose field holds it, and others by no more than rounding
 * (conv.h). */
struct touch {
	const struct aq_net *net;
	int y, x; /* the bright pixel; -1: none */
};

static void fill(void *self, int first, int n, aq_real *x, int32_t *label)
{
	const struct touch *t = self;
	const struct aq_shape s = t->net->input;
	const uint32_t plane = (uint32_t)(s.y * s.x);
	(void)first;
	for (int k = 0; k < n; k++) {
		label[k] = 0;
		for (uint32_t i = 0; i < (uint32_t)aq_shape_count(s); i++) {
			const bool bright = (int)(i % plane) == t->y * s.x + t->x && t->y >= 0;
			x[i * (uint32_t)n + (uint32_t)k] =
				bright ? (aq_real)1e9 : (aq_real)(aq_rng_word(1, 1, 0, 0, i) % 1000 / 1000.0);
		}
	}
}

static void open_touched(struct aq_engine *engine, struct touch *touch, int y, int x)
{
	double loss;
	int32_t rank;
	touch->y = y;
	touch->x = x;
	const struct aq_batch batch = {
		.count = 1, .fill = fill, .self = touch, .loss = &loss, .rank = &rank
	};
	aq_engine_open(engine, &batch, 0);
}

static void compare(const struct aq_net *net, const struct aq_engine *engine,
		    const struct touch *touch, aq_real *const *before)
{
	for (int l = 1; l < net->layers; l++) {
		const struct aq_shape s = net->layer[l].out;
		const aq_real *now = aq_engine_out(engine, l);
		double most = 0;
		for (int i = 0; i < s.y * s.x; i++)
			most = fmax(most, fabs((double)now[i] - (double)before[l][i]));
		for (int y = 0; y < s.y; y++)
			for (int x = 0; x < s.x; x++) {
				const struct aq_field f = aq_field_of(net, &net->layer[l], y, x);
				const bool sees = touch->y >= f.top && touch->y <= f.bottom &&
						  touch->x >= f.left && touch->x <= f.right;
				const size_t i = (size_t)(y * s.x + x);
				const double moved = fabs((double)now[i] - (double)before[l][i]);
				if ((moved > 1e-5 * most) != sees)
					fail_msg("%s[%d,%d] %s pixel %d,%d", net->layer[l].name, y,
						 x, sees ? "does not see" : "sees", touch->y,
						 touch->x);
			}
	}
}

static void are_fields(struct aq_net *net)
{
	struct touch touch = { .net = net };
	struct aq_pool *pool;
	struct aq_engine *engine;
	aq_real **before = calloc((size_t)net->layers, sizeof *before);
	ok(aq_pool_new(&pool, 1));
	ok(aq_engine_new(&engine, net, 1, pool));
	for (size_t i = 0; i < net->count; i++)
		aq_engine_weights(engine)[i] =
			(aq_real)(0.001 + (double)(i * 7919 % 1000) / 1e6);
	aq_engine_pack(engine);
	open_touched(engine, &touch, -1, 0);
	for (int l = 0; l < net->layers; l++) {
		const size_t size = aq_shape_count(net->layer[l].out) * sizeof(aq_real);
		before[l] = malloc(size);
		memcpy(before[l], aq_engine_out(engine, l), size);
	}
	/* the corners, and others all over */
	for (int k = 0; k < net->input.y; k++) {
		open_touched(engine, &touch, k, k * 7 % net->input.x);
		compare(net, engine, &touch, before);
	}
	open_touched(engine, &touch, net->input.y - 1, net->input.x - 1);
	compare(net, engine, &touch, before);
	for (int l = 0; l < net->layers; l++)
		free(before[l]);
	free(before);
	aq_engine_free(engine);
	aq_pool_free(pool);
	aq_net_free(net);
}

static void pixels_move_the_cells_that_see_them(void **state)
{
	static const char uneven[] =
		"input 2x13x11\nconv channels=3 size=3x5 stride=2x1 pad=1,2,0,3 -> a\n"
		"avgpool size=2x3 stride=1 pad=1,0,1,1\nconv channels=2 size=1 -> b\n"
		"conv b channels=2 size=3 pad=1 -> c\nadd b c\nconcat add1 b\n"
		"maxpool size=2 stride=3x2\ndense units=3\nloss softmax\n";
	struct aq_net *net;
	(void)state;
	are_fields(net_of("convnetjs-cifar"));
	are_fields(net_of("convnetjs-mnist"));
	are_fields(net_of("matconvnet-cifar"));
	are_fields(net_of("matconvnet-mnist"));
	ok(aq_net_parse(&net, uneven, "uneven"));
	are_fields(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_networks_by_hand),
		cmocka_unit_test(sums_and_windows),
		cmocka_unit_test(pixels_move_the_cells_that_see_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
