/* SPDX-License-Identifier: MIT
 *
 * test_sharing.c - the terms of every weight add up to its gradient; what a cell sees
 */
#include "base/rng.h"
#include "look/field.h"
#include "look/sharing.h"
#include "nn/engine.h"
#include "story.h"

#include <math.h>
#include <stdlib.h>

/* Strides, uneven padding and sizes, a branch, a dense layer behind a map and one behind units. */
static const char net_text[] = "input 2x11x9\n"
			       "conv channels=3 size=3x5 stride=2x1 pad=1,2,0,3 -> a\n"
			       "tanh\n"
			       "conv channels=2 size=2 pad=1 -> b\n"
			       "relu\n"
			       "maxpool size=2 stride=2\n"
			       "dense units=5\n"
			       "tanh\n"
			       "dense units=3\n"
			       "loss softmax\n";

static void fill(void *self, int first, int n, aq_real *x, int32_t *label)
{
	(void)self;
	for (int k = 0; k < n; k++) {
		for (uint32_t i = 0; i < 2 * 11 * 9; i++)
			x[i * (uint32_t)n + (uint32_t)k] =
				(aq_real)aq_rng_normal(1, 1, 0, (uint32_t)(first + k), i);
		label[k] = (first + k) % 3;
	}
}

struct work {
	struct aq_net *net;
	struct aq_pool *pool;
	struct aq_engine *engine;
};

static void start(struct work *w)
{
	double loss[2];
	int32_t rank[2];
	const struct aq_batch batch = { .count = 2, .fill = fill, .loss = loss, .rank = rank };
	ok(aq_net_parse(&w->net, net_text, "net"));
	ok(aq_pool_new(&w->pool, 1));
	ok(aq_engine_new(&w->engine, w->net, 2, w->pool));
	aq_net_init(w->net, 3, aq_engine_weights(w->engine));
	aq_engine_pack(w->engine);
	aq_engine_open(w->engine, &batch, 1);
}

static void stop(struct work *w)
{
	aq_engine_free(w->engine);
	aq_pool_free(w->pool);
	aq_net_free(w->net);
}

/* Every weight of every layer. */
static void terms_add_up_to_the_gradient(void **state)
{
	struct work w;
	int weights = 0;
	(void)state;
	start(&w);
	const aq_real *grad = aq_engine_example_grad(w.engine);
	for (int l = 0; l < w.net->layers; l++) {
		const struct aq_layer *layer = &w.net->layer[l];
		if (layer->n_params == 0)
			continue;
		const struct aq_param *param = &layer->param[0];
		const aq_real *in = aq_engine_out(w.engine, layer->input[0]),
			      *delta = aq_engine_delta(w.engine, l);
		for (size_t i = 0; i < param->count; i++) {
			float seen[400], terms[400];
			int height, width;
			struct aq_place place = { .layer = layer, .index = i };
			size_t rest = i;
			int *const number[] = { &place.out, &place.in, &place.y, &place.x };
			for (int d = param->rank - 1; d >= 0; d--) {
				*number[d] = (int)(rest % (size_t)param->dim[d]);
				rest /= (size_t)param->dim[d];
			}
			aq_sharing_size(&place, &height, &width);
			assert_true(height * width <= 400);
			const double sum = aq_sharing_terms(&place, in, delta, seen, terms);
			const double slack =
				aq_sharing_slack(terms, (size_t)height * (size_t)width);
			if (fabs(sum - (double)grad[param->offset + i]) > slack + 1e-30)
				fail_msg("%s, weight %zu: %g, not %g within %g", layer->name, i,
					 sum, (double)grad[param->offset + i], slack);
			weights += fabs(sum) > 1e-6;
		}
	}
	assert_true(weights > 100); /* and they are not all nothing */
	stop(&w);
}

static void weights_have_names(void **state)
{
	struct work w;
	struct aq_place place;
	char name[8];
	const char *rest;
	(void)state;
	start(&w);
	ok(aq_place_name("a[2,1,2,4]", name, sizeof name, &rest));
	assert_string_equal(name, "a");
	ok(aq_place_parse(&place, aq_net_find(w.net, name), rest));
	assert_int_equal(place.out, 2);
	assert_int_equal(place.in, 1);
	assert_int_equal(place.y, 2);
	assert_int_equal(place.x, 4);
	assert_int_equal(place.index, ((2 * 2 + 1) * 3 + 2) * 5 + 4);
	ok(aq_place_parse(&place, aq_net_find(w.net, "dense2"), "[1,4]"));
	assert_int_equal(place.index, 9);
	static const char *const wrong[] = { "[1]",    "[1,4", "[1,4]x", "[1,4,0]", "[1;4]",
					     "[1,,4]", "[,4]", "[]",	 "[1,4,]",  "1,4" };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		bad(aq_place_parse(&place, aq_net_find(w.net, "dense2"), wrong[i]), AQ_EUSAGE,
		    "dense2[out,in]");
	bad(aq_place_parse(&place, aq_net_find(w.net, "dense2"), "[3,4]"), AQ_EUSAGE,
	    "out is 0 to 2");
	bad(aq_place_parse(&place, aq_net_find(w.net, "a"), "[0,0,3,0]"), AQ_EUSAGE, "y is 0 to 2");
	bad(aq_place_parse(&place, aq_net_find(w.net, "a"), "[0,-1,0,0]"), AQ_EUSAGE,
	    "in is 0 to 1");
	bad(aq_place_parse(&place, aq_net_find(w.net, "relu1"), "[0]"), AQ_EUSAGE, "no weights");
	bad(aq_place_name("dense2", name, sizeof name, &rest), AQ_EUSAGE, "names no weight");
	bad(aq_place_name("[1,2]", name, sizeof name, &rest), AQ_EUSAGE, "names no weight");
	bad(aq_place_name("much-too-long[1,2]", name, sizeof name, &rest), AQ_EUSAGE, "no weight");
	stop(&w);
}

static void the_greatest_and_the_least_in_order(void **state)
{
	const float terms[] = { 0, 3, -1, 5, NAN, 5, -7, 1 };
	size_t place[8];
	(void)state;
	assert_int_equal(aq_sharing_extremes(terms, 8, true, 3, place), 3);
	assert_int_equal(place[0], 3); /* of equal ones the first */
	assert_int_equal(place[1], 5);
	assert_int_equal(place[2], 1);
	assert_int_equal(aq_sharing_extremes(terms, 8, true, 8, place), 4);
	assert_int_equal(place[3], 7);
	assert_int_equal(aq_sharing_extremes(terms, 8, false, 8, place), 2);
	assert_int_equal(place[0], 6);
	assert_int_equal(place[1], 2);
	assert_int_equal(aq_sharing_extremes(terms, 1, true, 8, place), 0);
}

/* Counted by hand. */
static void a_field_is_what_changes_a_cell(void **state)
{
	struct work w;
	(void)state;
	start(&w);
	const struct aq_layer *conv = aq_net_find(w.net, "b");
	const struct aq_layer *pool = aq_net_find(w.net, "maxpool1");
	/* b at (1, 2) reads rows 0..1, columns 1..2 of a; a at (y, x) rows 2y-1 .. 2y+1, columns
	 * x .. x+4 */
	struct aq_field f = aq_field_of(w.net, conv, 1, 2);
	assert_int_equal(f.top, -1);
	assert_int_equal(f.bottom, 3);
	assert_int_equal(f.left, 1);
	assert_int_equal(f.right, 6);
	/* maxpool1 at (0, 1): b rows 0..1, columns 2..3; a rows -1..1, columns 1..3 */
	f = aq_field_of(w.net, pool, 0, 1);
	assert_int_equal(f.top, -3);
	assert_int_equal(f.bottom, 3);
	assert_int_equal(f.left, 1);
	assert_int_equal(f.right, 7);
	/* the dense layer sees all that any place of the pool sees */
	const struct aq_shape out = pool->out;
	const struct aq_field all = aq_field_of(w.net, aq_net_find(w.net, "dense1"), 0, 0);
	const struct aq_field last = aq_field_of(w.net, pool, out.y - 1, out.x - 1);
	assert_int_equal(all.bottom, last.bottom);
	assert_int_equal(all.right, last.right);
	stop(&w);
}

static void fields_of_branches_are_joined(void **state)
{
	static const char text[] = "input 1x9x9 -> in\nconv channels=1 size=3 pad=1 -> a\n"
				   "conv channels=1 size=1 in -> b\nadd a b\ndense units=2\n"
				   "loss softmax\n";
	struct aq_net *net;
	(void)state;
	ok(aq_net_parse(&net, text, "net"));
	const struct aq_field f = aq_field_of(net, aq_net_find(net, "add1"), 4, 5);
	assert_int_equal(f.top, 3);
	assert_int_equal(f.bottom, 5);
	assert_int_equal(f.left, 4);
	assert_int_equal(f.right, 6);
	aq_net_free(net);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terms_add_up_to_the_gradient),
		cmocka_unit_test(weights_have_names),
		cmocka_unit_test(the_greatest_and_the_least_in_order),
		cmocka_unit_test(a_field_is_what_changes_a_cell),
		cmocka_unit_test(fields_of_branches_are_joined),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
