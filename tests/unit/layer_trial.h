/* SPDX-License-Identifier: MIT
 *
 * layer_trial.h - one layer of the library at work on a hand-made block, beside its definition
 *
 * The layer comes from the text of a network; the numbers around it are given here, so its output
 * and all its gradients for a known random `dout` can be compared.  Every array ends where layer.h
 * says that it may end, and what a layer must not use is NaN.
 */
#ifndef AQ_TESTS_LAYER_TRIAL_H
#define AQ_TESTS_LAYER_TRIAL_H

#include "../oracle/hash.h"
#include "base/rng.h"
#include "layer_definition.h"
#include "nn/net.h"

#include <float.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const double layer_epsilon = sizeof(aq_real) == 4 ? (double)FLT_EPSILON : DBL_EPSILON;

struct trial {
	const struct layer_case *c;
	struct definition d;
	struct aq_net *net;
	const struct aq_layer *layer;
	struct aq_pass pass;
	struct aq_block block;
	struct aq_arena *mem; /* of the definition */
	int arrays;
	void *array[64];				      /* of the block */
	aq_real *out, *din[DEFINED_INPUTS], *dweight, *dbias; /* what came out */
	double worst; /* error in units of epsilon times size */
};

/* ---- the given numbers ----------------------------------------------------------------------- */

static inline size_t input_count(const struct trial *t, int j)
{
	return (size_t)(t->d.depth[j] * t->c->at[Y] * t->c->at[X]);
}

static inline size_t output_count(const struct trial *t)
{
	return (size_t)(t->d.oc * t->d.oy * t->d.ox);
}

static inline double *take_values(struct trial *t, size_t count)
{
	double *at = aq_arena_take(t->mem, count ? count : 1, sizeof *at);
	assert_non_null(at);
	return at;
}

static inline void take_tensor(struct trial *t, struct tensor *to, size_t count)
{
	*to = (struct tensor){ count, take_values(t, count), take_values(t, count) };
}

static inline const double *random_values(struct trial *t, uint32_t what, size_t count,
					  double scale)
{
	double *at = take_values(t, count);
	for (size_t i = 0; i < count; i++)
		at[i] = scale * oracle_value(what, (uint32_t)i);
	return at;
}

/* Number i of example k: for layers with kinks a random order of all numbers m + 1/2, so that no
 * two are nearer than 1 and none is nearer to zero than 1/2. */
static inline double input_value(const struct trial *t, int j, int k, size_t i)
{
	const int kind = t->c->at[KIND];
	const size_t count = input_count(t, j);
	const uint32_t what = 100 + 16 * (uint32_t)j + (uint32_t)k;
	if (kind == MAXPOOL || kind == RELU)
		return (double)aq_shuffled(what, 0, count, i) - (double)(count / 2) + 0.5;
	return oracle_value(what, (uint32_t)i) * (kind == SIGMOID || kind == TANH ? 4 : 1);
}

/* What dropout does to each number: a function of seed, layer, step, example and place. */
static inline const double *kept_factors(struct trial *t, size_t count)
{
	double *at = take_values(t, count * (size_t)t->d.n);
	const float rate = (float)(t->c->at[PERCENT] / 100.0);
	for (int k = 0; k < t->d.n; k++)
		for (size_t i = 0; i < count; i++) {
			const uint32_t word = aq_rng_word(
				t->pass.seed, AQ_STREAM_LAYER + (uint32_t)t->layer->index,
				t->pass.step, (uint32_t)(t->block.first + k), (uint32_t)i);
			at[(size_t)k * count + i] =
				aq_unit(word) < rate ? 0 : 1 / (1 - (double)rate);
		}
	return at;
}

static inline size_t weight_count(const struct trial *t)
{
	const int *at = t->c->at;
	return at[KIND] == CONV	   ? (size_t)(at[OUT] * at[C] * at[FY] * at[FX])
	       : at[KIND] == DENSE ? (size_t)(at[OUT] * at[C] * at[Y] * at[X])
				   : 0;
}

static inline void give_numbers(struct trial *t, int n)
{
	struct definition *d = &t->d;
	*d = (struct definition){ .at = t->c->at, .n = n };
	for (int j = 0; j < t->c->at[INPUTS]; j++)
		d->depth[j] = layer_case_depth(t->c, j);
	define_shape(d);
	for (int j = 0; j < t->c->at[INPUTS]; j++) {
		const size_t count = input_count(t, j);
		double *in = take_values(t, count * (size_t)n);
		for (int k = 0; k < n; k++)
			for (size_t i = 0; i < count; i++)
				in[(size_t)k * count + i] = input_value(t, j, k, i);
		d->in[j] = in;
		take_tensor(t, &d->din[j], count * (size_t)n);
	}
	const size_t outs = weight_count(t) ? (size_t)d->oc : 0;
	d->dout = random_values(t, 200, output_count(t) * (size_t)n, 1);
	d->weight = random_values(t, 300, weight_count(t), 1);
	d->bias = random_values(t, 301, outs, t->c->at[BIAS]);
	d->kept = kept_factors(t, output_count(t));
	take_tensor(t, &d->out, output_count(t) * (size_t)n);
	take_tensor(t, &d->dweight, weight_count(t));
	take_tensor(t, &d->dbias, outs);
	define(d);
}

/* ---- the block ------------------------------------------------------------------------------- */

/* `count` numbers and what may lie behind them: NaN; any further one is the sanitizer's. */
static inline aq_real *take_array(struct trial *t, size_t count)
{
	void *at;
	assert_true(t->arrays < (int)(sizeof t->array / sizeof *t->array));
	assert_int_equal(posix_memalign(&at, AQ_ALIGN, (count + AQ_SLACK) * sizeof(aq_real)), 0);
	t->array[t->arrays++] = at;
	for (size_t i = 0; i < count + AQ_SLACK; i++)
		((aq_real *)at)[i] = (aq_real)NAN;
	return at;
}

/* [n][count] becomes [count][n]. */
static inline aq_real *take_map(struct trial *t, const double *from, size_t count, int n)
{
	aq_real *to = take_array(t, count * (size_t)n);
	for (int k = 0; k < n; k++)
		for (size_t i = 0; i < count; i++)
			to[i * (size_t)n + (size_t)k] = (aq_real)from[(size_t)k * count + i];
	return to;
}

static inline void build_block(struct trial *t)
{
	const int n = t->d.n, inputs = t->c->at[INPUTS];
	struct aq_block *b = &t->block;
	b->pass = &t->pass;
	b->n = n;
	for (int j = 0; j < inputs; j++) {
		b->in[j] = take_map(t, t->d.in[j], input_count(t, j), n);
		b->din[j] = t->din[j] = take_array(t, input_count(t, j) * (size_t)n);
	}
	b->dout = take_map(t, t->d.dout, output_count(t), n);
	b->out = t->out = take_array(t, output_count(t) * (size_t)n);
	aq_real *weights = take_array(t, t->net->count), *packed = take_array(t, t->layer->packed);
	b->grads = take_array(t, t->net->count);
	b->scratch = take_array(t, t->layer->scratch * (size_t)n + t->layer->scratch_fixed);
	b->weights = weights;
	b->packed = packed;
	if (!t->layer->n_params)
		return;
	const struct aq_param *w = &t->layer->param[0], *bias = &t->layer->param[1];
	assert_int_equal(w->count, t->d.dweight.count);
	assert_int_equal(bias->count, t->d.dbias.count);
	t->dweight = b->grads + w->offset;
	t->dbias = b->grads + bias->offset;
	for (size_t i = 0; i < w->count; i++) {
		weights[w->offset + i] = (aq_real)t->d.weight[i];
		t->dweight[i] = 0;
	}
	for (size_t i = 0; i < bias->count; i++) {
		weights[bias->offset + i] = (aq_real)t->d.bias[i];
		t->dbias[i] = 0;
	}
}

static inline void run_forward(struct trial *t)
{
	for (int piece = 0; piece < t->layer->packs; piece++)
		t->layer->type->pack(t->layer, piece, t->block.weights,
				     (aq_real *)(uintptr_t)t->block.packed);
	t->layer->type->forward(t->layer, &t->block);
}

static inline void run_backward(struct trial *t)
{
	t->layer->type->backward(t->layer, &t->block);
}

/* ---- a trial --------------------------------------------------------------------------------- */

static inline void trial_open(struct trial *t, const struct layer_case *c)
{
	*t = (struct trial){ .c = c, .pass = { .training = true, .seed = 9, .step = 5 } };
	if (aq_net_parse(&t->net, c->text, "case") < 0)
		fail_msg("%s\n%s", aq_story(), c->text);
	t->layer = &t->net->layer[t->net->layers - 2];
	t->block.first = 3;
}

static inline void trial_end(struct trial *t)
{
	while (t->arrays > 0)
		free(t->array[--t->arrays]);
	aq_arena_free(t->mem);
	t->mem = NULL;
}

/* Numbers for n examples, and what the definition makes of them. */
static inline void trial_begin(struct trial *t, int n)
{
	trial_end(t);
	t->mem = aq_arena_new();
	assert_non_null(t->mem);
	give_numbers(t, n);
	const struct aq_shape out = t->layer->out;
	if (out.c != t->d.oc || out.y != t->d.oy || out.x != t->d.ox)
		fail_msg("output is %dx%dx%d, not %dx%dx%d, in\n%s", out.c, out.y, out.x, t->d.oc,
			 t->d.oy, t->d.ox, t->c->text);
}

/* The same numbers through the layer, once more from the start. */
static inline void trial_run(struct trial *t)
{
	while (t->arrays > 0)
		free(t->array[--t->arrays]);
	build_block(t);
	run_forward(t);
	run_backward(t);
}

static inline void trial_close(struct trial *t)
{
	trial_end(t);
	aq_net_free(t->net);
}

/* ---- comparing ------------------------------------------------------------------------------- */

/* got [count][n] against `times` the definition [n][count]; n = 1 for parameters. */
static inline void near_tensor(struct trial *t, const char *what, const aq_real *got,
			       const struct tensor *want, int n, double times, double allowed)
{
	const size_t count = want->count / (size_t)n;
	for (size_t i = 0; i < want->count; i++) {
		const size_t k = i / count;
		const double value = (double)got[(i - k * count) * (size_t)n + k],
			     right = times * want->value[i];
		const double error = fabs(value - right),
			     size = times * want->size[i] * layer_epsilon;
		if (!(error <= allowed * size))
			fail_msg("%s[%zu] is %.17g, not %.17g, %d examples, in\n%s", what, i, value,
				 right, t->d.n, t->c->text);
		if (size > 0)
			t->worst = fmax(t->worst, error / size);
	}
}

static inline void near_definition(struct trial *t, double allowed)
{
	const int n = t->d.n;
	near_tensor(t, "out", t->out, &t->d.out, n, 1, allowed);
	for (int j = 0; j < t->c->at[INPUTS]; j++)
		near_tensor(t, "din", t->din[j], &t->d.din[j], n, 1, allowed);
	if (!t->layer->n_params)
		return;
	near_tensor(t, "dweight", t->dweight, &t->d.dweight, 1, 1, allowed);
	near_tensor(t, "dbias", t->dbias, &t->d.dbias, 1, 1, allowed);
}

/* ---- the report ------------------------------------------------------------------------------ */

struct layer_report {
	const char *what; /* the check, and the unit of its errors */
	int cases, family_cases;
	double worst, family_worst;
};

static inline void report_case(struct layer_report *r, double worst)
{
	r->cases++;
	r->family_cases++;
	r->worst = fmax(r->worst, worst);
	r->family_worst = fmax(r->family_worst, worst);
}

/* Visit all cases; one line for each family. */
static inline void each_layer_case(struct layer_report *r,
				   void (*visit)(const struct layer_case *, void *))
{
	for (int f = 0; f < LAYER_FAMILIES; f++) {
		r->family_cases = 0;
		r->family_worst = 0;
		layer_family_each(&layer_families[f], visit, r);
		if (r->family_cases)
			print_message("  %-28s %-44s %4d cases, worst %.2g\n",
				      layer_families[f].name, r->what, r->family_cases,
				      r->family_worst);
	}
	print_message("  %-28s %-44s %4d cases, worst %.2g\n", "all", r->what, r->cases, r->worst);
}

#endif
