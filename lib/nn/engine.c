/* SPDX-License-Identifier: MIT
 *
 * engine.c - a network at work: forward and backward over a batch, on all threads
 *
 *	batch     0 1 2 3 4 5 | 6 7 8 9 10 | ...     blocks of a few examples, as equal as possible
 *	parts     ------ 0 ------- | ------- 1 ...   runs of blocks, each with its own sum
 *	tree      (0 + 1) + (2 + 3) ...              and the sums meet two by two
 *
 * How a batch is cut depends on its size and on the network alone.  A part is worked on by one
 * thread, its blocks in order; the threads only decide who and when.
 */
#include "nn/engine.h"

#include "base/clock.h"
#include "num/kernels.h"

#include <stdlib.h>
#include <string.h>

enum {
	MOST_BLOCK = 10, /* examples: the maps of more leave the second cache */
	PIECE = 4096,	 /* weights summed at a time */
};

/* Gradient sums take at most this many numbers, but 4 sums are always allowed. */
static const size_t most_sums = 1 << 22;

/* The memory of one block at work.  All arrays are by layer. */
struct maps {
	aq_real *slab;
	size_t bytes;
	aq_real **out, **delta, **scratch;
	aq_real *spare; /* a delta to be added to one that is there */
	aq_real *probability;
	int32_t *label;
	double *loss;
	struct aq_spent *spent; /* by the worker; NULL: nobody watches */
};

struct aq_engine {
	struct aq_arena *mem;
	const struct aq_net *net;
	struct aq_pool *pool;
	int workers;
	struct maps *maps; /* of each worker */
	struct maps open;  /* of aq_engine_open, one example */
	aq_real *weights, *packed;
	size_t *packed_at; /* of each layer */
	bool *wanted;	   /* of each layer: its delta, when training */
	int sums;
	aq_real *sum[AQ_MOST_PARTS];
	aq_real *example_grad;

	/* the pass being made */
	const struct aq_batch *batch;
	int blocks, parts;
	aq_real *grad;
};

/* ---- how a batch is cut ---------------------------------------------------------------------- */

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int most_parts(const struct aq_net *net)
{
	const size_t parts = most_sums / net->count;
	return parts < 4 ? 4 : parts > AQ_MOST_PARTS ? AQ_MOST_PARTS : (int)parts;
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

static size_t rounded(size_t elements)
{
	return (elements + AQ_SLACK + 15) / 16 * 16;
}

static size_t map_size(const struct aq_layer *layer, int n)
{
	return rounded(aq_shape_count(layer->out) * (size_t)n);
}

static size_t scratch_size(const struct aq_layer *layer, int n)
{
	return rounded(layer->scratch * (size_t)n + layer->scratch_fixed);
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
static int take_maps(struct aq_engine *engine, struct maps *maps, int n, bool apart)
{
	const struct aq_net *net = engine->net;
	const size_t layers = (size_t)net->layers;
	maps->out = aq_arena_take(engine->mem, layers, sizeof *maps->out);
	maps->delta = aq_arena_take(engine->mem, layers, sizeof *maps->delta);
	maps->scratch = aq_arena_take(engine->mem, layers, sizeof *maps->scratch);
	maps->label = aq_arena_take(engine->mem, (size_t)n, sizeof *maps->label);
	maps->loss = aq_arena_take(engine->mem, (size_t)n, sizeof *maps->loss);
	if (!maps->out || !maps->delta || !maps->scratch || !maps->label || !maps->loss)
		return AQ_ENOMEM;
	size_t total = 16, largest = 0;
	for (int l = 0; l < net->layers; l++) {
		const size_t size = map_size(&net->layer[l], n);
		const bool over = l > 0 && !apart && lies_over(net, l);
		total += (over ? 0 : 2 * size) + scratch_size(&net->layer[l], n);
		largest = size > largest ? size : largest;
	}
	total += largest + rounded((size_t)net->classes * (size_t)n);
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

static int take_weights(struct aq_engine *engine, int batch)
{
	const struct aq_net *net = engine->net;
	size_t packed = 0;
	engine->packed_at =
		aq_arena_take(engine->mem, (size_t)net->layers, sizeof *engine->packed_at);
	if (!engine->packed_at)
		return AQ_ENOMEM;
	for (int l = 0; l < net->layers; l++) {
		engine->packed_at[l] = packed;
		packed += rounded(net->layer[l].packed);
	}
	engine->sums = least(blocks_of(batch), most_parts(net));
	engine->weights = aq_arena_take(engine->mem, rounded(net->count), sizeof(aq_real));
	engine->example_grad = aq_arena_take(engine->mem, rounded(net->count), sizeof(aq_real));
	engine->packed = aq_arena_take(engine->mem, packed, sizeof(aq_real));
	if (!engine->weights || !engine->example_grad || !engine->packed)
		return AQ_ENOMEM;
	for (int p = 0; p < engine->sums; p++) {
		engine->sum[p] = aq_arena_take(engine->mem, rounded(net->count), sizeof(aq_real));
		if (!engine->sum[p])
			return AQ_ENOMEM;
	}
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
	AQ_TRY(take_weights(engine, batch));
	AQ_TRY(find_wanted(engine));
	const int workers = aq_pool_threads(pool);
	engine->maps = aq_arena_take(mem, (size_t)workers, sizeof *engine->maps);
	if (!engine->maps) {
		rc = AQ_ENOMEM;
		goto done;
	}
	for (; engine->workers < workers; engine->workers++)
		AQ_TRY(take_maps(engine, &engine->maps[engine->workers], MOST_BLOCK, false));
	AQ_TRY(take_maps(engine, &engine->open, 1, true));
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

static void pack_layer(void *self, int item, int worker)
{
	(void)worker;
	struct aq_engine *engine = self;
	const struct aq_layer *layer = &engine->net->layer[item];
	if (layer->type->pack)
		layer->type->pack(layer, engine->weights, engine->packed + engine->packed_at[item]);
}

void aq_engine_pack(struct aq_engine *engine)
{
	aq_pool_run(engine->pool, engine->net->layers, pack_layer, engine);
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

/* What this thread has worked since *then belongs to *spent. */
static void lap(double *then, double *spent)
{
	const double now = aq_thread_seconds();
	*spent += now - *then;
	*then = now;
}

static double *sums_of(const struct aq_engine *engine, const struct maps *maps)
{
	return &maps->spent[engine->net->layers + 1].forward;
}

/* ---- one block ------------------------------------------------------------------------------- */

static struct aq_block block_of(const struct aq_engine *engine, const struct maps *maps, int l,
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

static void forward_block(const struct aq_engine *engine, const struct maps *maps, int first, int n,
			  bool with_delta)
{
	const struct aq_net *net = engine->net;
	const int last = net->layers - 1;
	struct aq_spent *spent = with_delta ? maps->spent : NULL;
	double then = spent ? aq_thread_seconds() : 0;
	engine->batch->fill(engine->batch->self, first, n, maps->out[0], maps->label);
	for (int l = 1; l <= last; l++) {
		if (spent)
			lap(&then, &spent[l - 1].forward);
		const struct aq_block block = block_of(engine, maps, l, first, n);
		net->layer[l].type->forward(&net->layer[l], &block);
	}
	if (spent)
		lap(&then, &spent[last].forward);
	net->loss->run(net->classes, n, maps->out[last], maps->label, maps->probability, maps->loss,
		       with_delta ? maps->delta[last] : NULL);
	hand_out(engine, maps, first, n);
	if (spent)
		lap(&then, &spent[last + 1].forward);
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
	struct aq_block block = block_of(engine, maps, l, first, n);
	block.grads = grads;
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

static void backward_block(const struct aq_engine *engine, const struct maps *maps, int first,
			   int n, bool all, aq_real *grads)
{
	double then = maps->spent ? aq_thread_seconds() : 0;
	for (int l = engine->net->layers - 1; l > 0; l--) {
		if (!all && !engine->wanted[l])
			continue;
		backward_layer(engine, maps, l, first, n, all, grads);
		if (maps->spent)
			lap(&then, &maps->spent[l].backward);
	}
}

/* ---- a batch --------------------------------------------------------------------------------- */

static void forward_item(void *self, int item, int worker)
{
	const struct aq_engine *engine = self;
	const int first = share(engine->batch->count, engine->blocks, item);
	const int end = share(engine->batch->count, engine->blocks, item + 1);
	forward_block(engine, &engine->maps[worker], first, end - first, false);
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
	aq_real *grads = engine->sum[item];
	double then = maps->spent ? aq_thread_seconds() : 0;
	memset(grads, 0, engine->net->count * sizeof *grads);
	if (maps->spent)
		lap(&then, sums_of(engine, maps));
	const int end = share(engine->blocks, engine->parts, item + 1);
	for (int b = share(engine->blocks, engine->parts, item); b < end; b++) {
		const int first = share(engine->batch->count, engine->blocks, b);
		const int n = share(engine->batch->count, engine->blocks, b + 1) - first;
		forward_block(engine, maps, first, n, true);
		backward_block(engine, maps, first, n, false, grads);
	}
}

/* One piece of the sums of all parts, two by two, becomes the mean. */
static void sum_item(void *self, int item, int worker)
{
	const struct aq_engine *engine = self;
	const struct maps *maps = &engine->maps[worker];
	double then = maps->spent ? aq_thread_seconds() : 0;
	const size_t first = (size_t)item * PIECE, left = engine->net->count - first;
	const size_t count = left < PIECE ? left : PIECE;
	aq_kernels()->mean_of_parts(engine->parts, (const aq_real *const *)engine->sum, first,
				    count, (aq_real)engine->batch->count, engine->grad);
	if (maps->spent)
		lap(&then, sums_of(engine, maps));
}

void aq_engine_backward(struct aq_engine *engine, const struct aq_batch *batch, aq_real *grad)
{
	engine->batch = batch;
	engine->grad = grad;
	engine->blocks = blocks_of(batch->count);
	engine->parts = least(engine->blocks, engine->sums);
	aq_pool_run(engine->pool, engine->parts, backward_item, engine);
	aq_pool_run(engine->pool, (int)((engine->net->count + PIECE - 1) / PIECE), sum_item,
		    engine);
}

void aq_engine_open(struct aq_engine *engine, const struct aq_batch *batch, int k)
{
	engine->batch = batch;
	memset(engine->example_grad, 0, engine->net->count * sizeof(aq_real));
	forward_block(engine, &engine->open, k, 1, true);
	backward_block(engine, &engine->open, k, 1, true, engine->example_grad);
}

uint64_t aq_engine_try(struct aq_engine *engine, const struct aq_batch *batch, int k)
{
	uint64_t winners = 0;
	engine->batch = batch;
	forward_block(engine, &engine->open, k, 1, false);
	for (int l = 0; l < engine->net->layers; l++) {
		const struct aq_layer *layer = &engine->net->layer[l];
		const struct aq_block block = block_of(engine, &engine->open, l, k, 1);
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
