/* SPDX-License-Identifier: MIT
 *
 * engine.c - a network at work: forward and backward over a batch, on all threads
 *
 *	batch     0 1 2 3 4 5 | 6 7 8 9 10 | ...     blocks of a few examples, as equal as possible
 *	parts     ------ 0 ------- | ------- 1 ...   runs of blocks, each with its own sum
 *	tree      (0 + 1) + (2 + 3) ...              and the sums meet two by two (gather.c)
 *
 * How a batch is cut depends on its size and on the network alone.  A part is worked on by one
 * thread, its blocks in order; the threads only decide who and when.
 */
#include "nn/engine_private.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_BLOCK = 10 }; /* examples: the maps of more leave the second cache */

/* ---- how a batch is cut ---------------------------------------------------------------------- */

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* An even number of blocks keeps two threads equally busy. */
static int blocks_of(int count)
{
	const int blocks = (count + MOST_BLOCK - 1) / MOST_BLOCK;
	return count < 2 ? 1 : (blocks + 1) / 2 * 2;
}

/* Item `i` of `whole` shared out to `shares`: where it begins. */
static int share(int whole, int shares, int i)
{
	return (int)((int64_t)whole * i / shares);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static int take_weights(struct aq_engine *engine)
{
	const struct aq_net *net = engine->net;
	size_t packed = 0;
	engine->packed_at =
		aq_arena_take(engine->mem, (size_t)net->layers, sizeof *engine->packed_at);
	if (!engine->packed_at)
		return AQ_ENOMEM;
	for (int l = 0; l < net->layers; l++) {
		engine->packed_at[l] = packed;
		packed += aq_rounded(net->layer[l].packed);
	}
	engine->weights = aq_arena_take(engine->mem, aq_rounded(net->count), sizeof(aq_real));
	engine->example_grad = aq_arena_take(engine->mem, aq_rounded(net->count), sizeof(aq_real));
	engine->packed = aq_arena_take(engine->mem, packed, sizeof(aq_real));
	if (!engine->weights || !engine->example_grad || !engine->packed)
		return AQ_ENOMEM;
	return AQ_OK;
}

/* Training needs the delta of a layer if something at or before it learns. */
static int find_wanted(struct aq_engine *engine)
{
	const struct aq_net *net = engine->net;
	engine->wanted = aq_arena_take(engine->mem, (size_t)net->layers, sizeof *engine->wanted);
	if (!engine->wanted)
		return AQ_ENOMEM;
	for (int l = 0; l < net->layers; l++) {
		engine->wanted[l] = net->layer[l].n_params > 0;
		for (int k = 0; k < net->layer[l].n_inputs; k++)
			engine->wanted[l] =
				engine->wanted[l] || engine->wanted[net->layer[l].input[k]];
	}
	return AQ_OK;
}

int aq_engine_new(struct aq_engine **out, const struct aq_net *net, int batch, struct aq_pool *pool)
{
	*out = NULL;
	int rc = AQ_ENOMEM;
	struct aq_engine *engine = NULL;
	struct aq_arena *mem = aq_arena_new();
	if (!mem || !(engine = aq_arena_take(mem, 1, sizeof *engine)))
		goto done;
	engine->mem = mem;
	engine->net = net;
	engine->pool = pool;
	AQ_TRY(take_weights(engine));
	AQ_TRY(find_wanted(engine));
	AQ_TRY(aq_gather_plan(&engine->gather, net, batch, blocks_of(batch), mem));
	const int workers = aq_pool_threads(pool);
	engine->maps = aq_arena_take(mem, (size_t)workers, sizeof *engine->maps);
	if (!engine->maps) {
		rc = AQ_ENOMEM;
		goto done;
	}
	for (; engine->workers < workers; engine->workers++) {
		struct maps *maps = &engine->maps[engine->workers];
		maps->kept = engine->gather.kept;
		AQ_TRY(aq_maps_take(maps, net, MOST_BLOCK, false, mem));
	}
	AQ_TRY(aq_maps_take(&engine->open, net, 1, true, mem));
	*out = engine;
done:
	if (rc < 0 && engine)
		aq_engine_free(engine);
	else if (rc < 0)
		aq_arena_free(mem);
	return rc;
}

void aq_engine_free(struct aq_engine *engine)
{
	if (!engine)
		return;
	for (int w = 0; w < engine->workers; w++)
		free(engine->maps[w].slab);
	free(engine->open.slab);
	aq_arena_free(engine->mem);
}

size_t aq_engine_weight_bytes(const struct aq_engine *engine)
{
	return aq_arena_used(engine->mem);
}

size_t aq_engine_map_bytes(const struct aq_engine *engine)
{
	size_t bytes = engine->open.bytes;
	for (int w = 0; w < engine->workers; w++)
		bytes += engine->maps[w].bytes;
	return bytes;
}

aq_real *aq_engine_weights(struct aq_engine *engine)
{
	return engine->weights;
}

/* Item by item, the pieces of one layer after those of another. */
static void pack_item(void *self, int item, int worker)
{
	(void)worker;
	struct aq_engine *engine = self;
	const struct aq_layer *layer = engine->net->layer;
	for (; item >= layer->packs; layer++)
		item -= layer->packs;
	layer->type->pack(layer, item, engine->weights,
			  engine->packed + engine->packed_at[layer->index]);
}

void aq_engine_pack(struct aq_engine *engine)
{
	int items = 0;
	for (int l = 0; l < engine->net->layers; l++)
		items += engine->net->layer[l].packs;
	aq_pool_run(engine->pool, items, pack_item, engine);
}

/* ---- where the time goes --------------------------------------------------------------------- */

int aq_engine_watch(struct aq_engine *engine)
{
	const size_t rows = (size_t)engine->net->layers + AQ_ENGINE_MORE;
	for (int w = 0; w < engine->workers; w++) {
		struct maps *maps = &engine->maps[w];
		if (!(maps->spent = aq_arena_take(engine->mem, rows, sizeof *maps->spent)))
			return AQ_ENOMEM;
	}
	return AQ_OK;
}

struct aq_spent aq_engine_spent(const struct aq_engine *engine, int layer)
{
	struct aq_spent sum = { 0, 0 };
	for (int w = 0; w < engine->workers && engine->maps[w].spent; w++) {
		sum.forward += engine->maps[w].spent[layer].forward;
		sum.backward += engine->maps[w].spent[layer].backward;
	}
	return sum;
}

bool aq_engine_wants(const struct aq_engine *engine, int layer)
{
	return engine->wanted[layer];
}

/* ---- a batch --------------------------------------------------------------------------------- */

static void forward_item(void *self, int item, int worker)
{
	const struct aq_engine *engine = self;
	const int first = share(engine->batch->count, engine->blocks, item);
	const int end = share(engine->batch->count, engine->blocks, item + 1);
	aq_block_forward(engine, &engine->maps[worker], first, end - first, false);
}

void aq_engine_forward(struct aq_engine *engine, const struct aq_batch *batch)
{
	engine->batch = batch;
	engine->blocks = blocks_of(batch->count);
	aq_pool_run(engine->pool, engine->blocks, forward_item, engine);
}

static void backward_item(void *self, int item, int worker)
{
	const struct aq_engine *engine = self;
	const struct maps *maps = &engine->maps[worker];
	aq_real *grads = engine->gather.sum[item];
	double then = maps->spent ? aq_thread_seconds() : 0;
	memset(grads, 0, engine->gather.summed * sizeof *grads);
	if (maps->spent)
		aq_lap(&then, &maps->spent[engine->net->layers + 1].forward);
	const int end = share(engine->blocks, engine->parts, item + 1);
	for (int b = share(engine->blocks, engine->parts, item); b < end; b++) {
		const int first = share(engine->batch->count, engine->blocks, b);
		const int n = share(engine->batch->count, engine->blocks, b + 1) - first;
		aq_block_forward(engine, maps, first, n, true);
		aq_block_backward(engine, maps, first, n, false, grads);
	}
}

void aq_engine_backward(struct aq_engine *engine, const struct aq_batch *batch, aq_real *grad)
{
	engine->batch = batch;
	engine->grad = grad;
	engine->blocks = blocks_of(batch->count);
	engine->parts = least(engine->blocks, engine->gather.sums);
	aq_pool_run(engine->pool, engine->parts, backward_item, engine);
	aq_gather_run(engine);
}

void aq_engine_open(struct aq_engine *engine, const struct aq_batch *batch, int k)
{
	engine->batch = batch;
	memset(engine->example_grad, 0, engine->net->count * sizeof(aq_real));
	aq_block_forward(engine, &engine->open, k, 1, true);
	aq_block_backward(engine, &engine->open, k, 1, true, engine->example_grad);
}

uint64_t aq_engine_try(struct aq_engine *engine, const struct aq_batch *batch, int k)
{
	uint64_t winners = 0;
	engine->batch = batch;
	aq_block_forward(engine, &engine->open, k, 1, false);
	for (int l = 0; l < engine->net->layers; l++) {
		const struct aq_layer *layer = &engine->net->layer[l];
		const struct aq_block block = aq_block_of(engine, &engine->open, l, k, 1);
		if (layer->type->winners)
			winners = (winners + layer->type->winners(layer, &block)) *
				  0x9E3779B97F4A7C15ull;
	}
	return winners;
}

const aq_real *aq_engine_out(const struct aq_engine *engine, int layer)
{
	return engine->open.out[layer];
}

const aq_real *aq_engine_delta(const struct aq_engine *engine, int layer)
{
	return engine->open.delta[layer];
}

const aq_real *aq_engine_example_grad(const struct aq_engine *engine)
{
	return engine->example_grad;
}

const char *aq_engine_isa(void)
{
	return aq_kernels()->name;
}
