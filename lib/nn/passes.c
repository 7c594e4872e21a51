/* SPDX-License-Identifier: MIT
 *
 * passes.c - one block of examples forward and backward through all layers, on one thread
 */
#include "nn/engine_private.h"

#include "num/dense.h"

#include <string.h>

struct aq_block aq_block_of(const struct aq_engine *engine, const struct maps *maps, int l,
				int first, int n)
{
	const struct aq_layer *layer = &engine->net->layer[l];
	struct aq_block block = {
		.pass = &engine->batch->pass,
		.n = n,
		.first = first,
		.out = maps->out[l],
		.dout = maps->delta[l],
		.weights = engine->weights,
		.packed = engine->packed + engine->packed_at[l],
		.scratch = maps->scratch[l],
	};
	for (int k = 0; k < layer->n_inputs; k++)
		block.in[k] = maps->out[layer->input[k]];
	return block;
}

/* How many classes are likelier than the true one; of equals the lower comes first, a NaN before
 * all. */
static int32_t rank_of(int classes, int n, const aq_real *logits, int32_t label)
{
	int32_t rank = 0;
	if (label < 0 || label >= classes)
		return (int32_t)classes;
	const aq_real own = logits[(size_t)label * (size_t)n];
	for (int c = 0; c < classes; c++) {
		const aq_real other = logits[(size_t)c * (size_t)n];
		if (c != label)
			rank += c < label ? !(other < own) : !(other <= own);
	}
	return rank;
}

static void hand_out(const struct aq_engine *engine, const struct maps *maps, int first, int n)
{
	const struct aq_batch *batch = engine->batch;
	const int classes = engine->net->classes;
	const aq_real *logits = maps->out[engine->net->layers - 1];
	for (int k = 0; k < n; k++) {
		if (batch->loss)
			batch->loss[first + k] = maps->loss[k];
		if (batch->rank)
			batch->rank[first + k] = rank_of(classes, n, logits + k, maps->label[k]);
		for (int c = 0; c < classes && batch->probability; c++)
			batch->probability[(size_t)(first + k) * (size_t)classes + (size_t)c] =
				maps->probability[(size_t)c * (size_t)n + (size_t)k];
	}
}

void aq_block_forward(const struct aq_engine *engine, const struct maps *maps, int first, int n,
			  bool with_delta)
{
	const struct aq_net *net = engine->net;
	const int last = net->layers - 1;
	struct aq_spent *spent = with_delta ? maps->spent : NULL;
	double then = spent ? aq_thread_seconds() : 0;
	engine->batch->fill(engine->batch->self, first, n, maps->out[0], maps->label);
	for (int l = 1; l <= last; l++) {
		if (spent)
			aq_lap(&then, &spent[l - 1].forward);
		const struct aq_block block = aq_block_of(engine, maps, l, first, n);
		net->layer[l].type->forward(&net->layer[l], &block);
	}
	if (spent)
		aq_lap(&then, &spent[last].forward);
	net->loss->run(net->classes, n, maps->out[last], maps->label, maps->probability, maps->loss,
		       with_delta ? maps->delta[last] : NULL);
	hand_out(engine, maps, first, n);
	if (spent)
		aq_lap(&then, &spent[last + 1].forward);
}

/* The last reader of a map writes its delta; those before it, and further mentions in the same
 * layer, come later in the backward pass and add. */
static bool is_first_writer(const struct aq_net *net, int l, int k)
{
	const int input = net->layer[l].input[k];
	for (int j = 0; j < k; j++)
		if (net->layer[l].input[j] == input)
			return false;
	for (int m = l + 1; m < net->layers; m++)
		for (int j = 0; j < net->layer[m].n_inputs; j++)
			if (net->layer[m].input[j] == input)
				return false;
	return true;
}

static void backward_layer(const struct aq_engine *engine, const struct maps *maps, int l,
			   int first, int n, bool all, aq_real *grads)
{
	const struct aq_layer *layer = &engine->net->layer[l];
	struct aq_block block = aq_block_of(engine, maps, l, first, n);
	block.grads = grads;
	if (layer->dense && maps->kept) { /* gather.c */
		aq_real *kept = maps->kept[l] + (size_t)first * aq_dense_row(layer->dense);
		aq_dense_turn(layer->dense, n, block.in[0], block.dout, kept);
		block.grads = NULL;
	}
	bool adds[AQ_MOST_INPUTS] = { false };
	int adding = 0;
	for (int k = 0; k < layer->n_inputs; k++) {
		if (!all && !engine->wanted[layer->input[k]])
			continue;
		adds[k] = !is_first_writer(engine->net, l, k);
		adding += adds[k];
		block.din[k] = maps->delta[layer->input[k]];
	}
	if (adding == 0) {
		layer->type->backward(layer, &block);
		return;
	}
	/* Rare: a map read by several.  One input at a time, so that one spare map is enough; the
	 * gradients of weights, if any, belong to the only input such a layer has. */
	struct aq_block one = block;
	for (int k = 0; k < layer->n_inputs; k++) {
		memset(one.din, 0, sizeof one.din);
		one.din[k] = adds[k] ? maps->spare : block.din[k];
		if (!one.din[k])
			continue;
		layer->type->backward(layer, &one);
		if (adds[k])
			aq_kernels()->add_map(aq_shape_count(layer->in[k]) * (size_t)n, maps->spare,
					      block.din[k]);
	}
}

void aq_block_backward(const struct aq_engine *engine, const struct maps *maps, int first,
			   int n, bool all, aq_real *grads)
{
	double then = maps->spent ? aq_thread_seconds() : 0;
	for (int l = engine->net->layers - 1; l > 0; l--) {
		if (!all && !engine->wanted[l])
			continue;
		backward_layer(engine, maps, l, first, n, all, grads);
		if (maps->spent)
			aq_lap(&then, &maps->spent[l].backward);
	}
}
