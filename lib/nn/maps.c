/* SPDX-License-Identifier: MIT
 *
 * maps.c - the memory of a block at work: one slab for each worker, cut up once
 */
#include "nn/engine_private.h"

#include <stdlib.h>

static size_t map_size(const struct aq_layer *layer, int n)
{
	return aq_rounded(aq_shape_count(layer->out) * (size_t)n);
}

static size_t scratch_size(const struct aq_layer *layer, int n)
{
	return aq_rounded(layer->scratch * (size_t)n + layer->scratch_fixed);
}

/* May layer l lie over its input, so that both maps are one?  Nobody else must look at what it overwrites. */
static bool lies_over(const struct aq_net *net, int l)
{
	const struct aq_layer *layer = &net->layer[l];
	int readers = 0;
	if (!layer->type->in_place || layer->input[0] == 0 || net->layer[layer->input[0]].type->reads_out)
		return false;
	for (int m = 1; m < net->layers; m++)
		for (int k = 0; k < net->layer[m].n_inputs; k++)
			readers += net->layer[m].input[k] == layer->input[0];
	return readers == 1;
}

/* Cut the slab, `at` on, into maps.  Those that lie over another take no memory, and stay in the caches; to
 * be looked at afterwards, all must be `apart`. */
static void cut_slab(const struct aq_net *net, struct maps *maps, aq_real *at, int n, bool apart)
{
	for (int l = 0; l < net->layers; l++) {
		const struct aq_layer *layer = &net->layer[l];
		const bool over = l > 0 && !apart && lies_over(net, l);
		const size_t size = over ? 0 : map_size(layer, n);
		maps->out[l] = over ? maps->out[layer->input[0]] : at;
		maps->delta[l] = over ? maps->delta[layer->input[0]] : at + size;
		maps->scratch[l] = at + 2 * size;
		at += 2 * size + scratch_size(layer, n);
	}
	maps->spare = at;
}

/* Memory for blocks of n examples; what is never used is never touched, so it costs nothing. */
int aq_maps_take(struct maps *maps, const struct aq_net *net, int n, bool apart, struct aq_arena *mem)
{
	const size_t layers = (size_t)net->layers;
	maps->out = aq_arena_take(mem, layers, sizeof *maps->out);
	maps->delta = aq_arena_take(mem, layers, sizeof *maps->delta);
	maps->scratch = aq_arena_take(mem, layers, sizeof *maps->scratch);
	maps->label = aq_arena_take(mem, (size_t)n, sizeof *maps->label);
	maps->loss = aq_arena_take(mem, (size_t)n, sizeof *maps->loss);
	if (!maps->out || !maps->delta || !maps->scratch || !maps->label || !maps->loss)
		return AQ_ENOMEM;
	size_t total = 16, largest = 0;
	for (int l = 0; l < net->layers; l++) {
		const size_t size = map_size(&net->layer[l], n);
		const bool over = l > 0 && !apart && lies_over(net, l);
		total += (over ? 0 : 2 * size) + scratch_size(&net->layer[l], n);
		largest = size > largest ? size : largest;
	}
	total += largest + aq_rounded((size_t)net->classes * (size_t)n);
	maps->bytes = total * sizeof(aq_real);
	maps->slab = calloc(total, sizeof(aq_real));
	if (!maps->slab)
		return aq_fail(AQ_ENOMEM, "out of memory: the maps of %d examples take %zu bytes",
			       n, maps->bytes);
	aq_real *at = (aq_real *)(((uintptr_t)maps->slab + AQ_ALIGN - 1) / AQ_ALIGN * AQ_ALIGN);
	cut_slab(net, maps, at, n, apart);
	maps->probability = maps->spare + largest;
	return AQ_OK;
}
