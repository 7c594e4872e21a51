/* SPDX-License-Identifier: MIT
 *
 * gather.c - how the gradient of a batch comes together
 *
 * Where filters slide, each part of the batch has a sum of its own, and the sums of all parts meet
 * two by two.  A dense layer has so many weights that adding up sums of them would take longer than
 * making them: its inputs and deltas are few, and are kept of all examples; then its gradient is one
 * product of matrices, in which each weight's sum runs over the examples in order.
 *
 * Both are made piece by piece, on all threads.
 */
#include "nn/engine_private.h"

#include "num/dense.h"

/* A run of weights that are summed over the parts; or units of a dense layer. */
struct gather_piece {
	const struct aq_layer *layer;
	size_t first;
	int count;
};

enum {
	PIECE = 4096,	     /* weights summed at a time, */
	DENSE_PIECE = 16384, /* and weights of a product, which stay in the second cache, */
	UNITS = 10,	     /* a whole number of the highest tiles of them */
};

/* Sums take at most this many numbers, but 4 of them are always allowed. */
static const size_t most_sums = 1 << 22;

static int most_parts(size_t summed)
{
	const size_t parts = summed ? most_sums / summed : AQ_MOST_PARTS;
	return parts < 4 ? 4 : parts > AQ_MOST_PARTS ? AQ_MOST_PARTS : (int)parts;
}

static int units_of_piece(const struct aq_dense *dense)
{
	const int tiles = DENSE_PIECE / dense->inputs / UNITS;
	return tiles > 0 ? tiles * UNITS : UNITS;
}

/* Cut what layer l has to learn, behind `pieces`, and tell their new number; NULL only counts. */
static int cut_layer(const struct aq_layer *layer, struct gather_piece *piece, int pieces)
{
	size_t first = layer->n_params ? layer->param[0].offset : 0, end = first;
	size_t step = PIECE;
	for (int p = 0; p < layer->n_params; p++)
		end += layer->param[p].count;
	if (layer->dense) {
		first = 0;
		end = (size_t)layer->dense->units;
		step = (size_t)units_of_piece(layer->dense);
	}
	for (; first < end; first += step, pieces++)
		if (piece)
			piece[pieces] = (struct gather_piece){
				layer, first, (int)(end - first < step ? end - first : step)
			};
	return pieces;
}

static int take_kept(struct gather *gather, const struct aq_net *net, int batch,
		     struct aq_arena *mem)
{
	gather->kept = aq_arena_take(mem, (size_t)net->layers, sizeof *gather->kept);
	if (!gather->kept)
		return AQ_ENOMEM;
	for (int l = 0; l < net->layers; l++) {
		const struct aq_dense *dense = net->layer[l].dense;
		if (!dense)
			continue;
		const size_t size = (size_t)batch * aq_dense_row(dense);
		gather->kept[l] = aq_arena_take(mem, aq_rounded(size), sizeof(aq_real));
		if (!gather->kept[l])
			return AQ_ENOMEM;
	}
	return AQ_OK;
}

int aq_gather_plan(struct gather *gather, const struct aq_net *net, int batch, int blocks,
		   struct aq_arena *mem)
{
	int rc;
	for (int l = 0; l < net->layers; l++) {
		const struct aq_layer *layer = &net->layer[l];
		gather->pieces = cut_layer(layer, NULL, gather->pieces);
		for (int p = 0; p < layer->n_params && !layer->dense; p++)
			gather->summed = layer->param[p].offset + layer->param[p].count;
	}
	gather->piece = aq_arena_take(mem, (size_t)gather->pieces, sizeof *gather->piece);
	if (!gather->piece)
		return AQ_ENOMEM;
	for (int l = 0, pieces = 0; l < net->layers; l++)
		pieces = cut_layer(&net->layer[l], gather->piece, pieces);
	const int most = most_parts(gather->summed);
	for (; gather->sums < most && gather->sums < blocks; gather->sums++) {
		aq_real *sum = aq_arena_take(mem, aq_rounded(gather->summed), sizeof *sum);
		if (!sum)
			return AQ_ENOMEM;
		gather->sum[gather->sums] = sum;
	}
	AQ_TRY(take_kept(gather, net, batch, mem));
done:
	return rc;
}

static void mean(const struct aq_engine *engine, int parts, const aq_real *const *part, size_t first,
		 size_t count)
{
	aq_kernels()->mean_of_parts(parts, part, first, count, (aq_real)engine->batch->count,
				    engine->grad);
}

static void multiply(const struct aq_engine *engine, const struct gather_piece *piece)
{
	const struct aq_layer *layer = piece->layer;
	const size_t inputs = (size_t)layer->dense->inputs, bias = layer->param[1].offset;
	const size_t weight = layer->param[0].offset, units = (size_t)piece->count;
	const aq_real *const grad = engine->grad;
	aq_dense_weights(layer->dense, engine->batch->count, engine->gather.kept[layer->index],
			 (int)piece->first, piece->count, false, engine->grad + weight,
			 engine->grad + bias);
	mean(engine, 1, &grad, weight + piece->first * inputs, units * inputs);
	mean(engine, 1, &grad, bias + piece->first, units);
}

static void gather_item(void *self, int item, int worker)
{
	const struct aq_engine *engine = self;
	const struct maps *maps = &engine->maps[worker];
	const struct gather_piece *piece = &engine->gather.piece[item];
	double then = maps->spent ? aq_thread_seconds() : 0;
	if (piece->layer->dense)
		multiply(engine, piece);
	else
		mean(engine, engine->parts, (const aq_real *const *)engine->gather.sum,
		     piece->first, (size_t)piece->count);
	if (maps->spent)
		aq_lap(&then, piece->layer->dense ?
				      &maps->spent[piece->layer->index].backward :
				      &maps->spent[engine->net->layers + 1].forward);
}

void aq_gather_run(struct aq_engine *engine)
{
	aq_pool_run(engine->pool, engine->gather.pieces, gather_item, engine);
}
