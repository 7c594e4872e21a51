/* SPDX-License-Identifier: MIT
 *
 * dropout.c - while training, each number is dropped at a rate, and the kept ones make up for it
 *
 * Inverted dropout: kept numbers are divided by 1 - rate, so that nothing is left to do after
 * training. Whether a number is kept depends on (seed, layer, step, example, place), nothing else;
 * the backward pass asks again instead of remembering.
 */
#include "nn/registry.h"

#include "base/rng.h"

struct args {
	double rate;
};

static const struct aq_opt opts[] = {
	AQ_NUMBER(struct args, rate, 0.5, 0, 0.999999, "F", "share that is dropped"),
	AQ_END,
};

static int plan(struct aq_layer *layer, struct aq_arena *mem)
{
	(void)mem;
	layer->out = layer->in[0];
	return AQ_OK;
}

/* to = from with the dropped ones zero and the kept ones larger: [cells][n]. */
static void drop(const struct aq_layer *layer, const struct aq_block *block, const aq_real *from,
		 aq_real *to)
{
	const struct args *args = layer->args;
	const struct aq_pass *pass = block->pass;
	const size_t n = (size_t)block->n, cells = aq_shape_count(layer->out);
	const float rate = pass->training ? (float)args->rate : 0;
	const aq_real scale = 1 / (1 - (aq_real)rate);
	for (size_t i = 0; i < cells * n; i++)
		to[i] = from[i];
	for (size_t k = 0; k < n && rate > 0; k++)
		for (size_t i = 0; i < cells; i += 4) {
			uint32_t word[4];
			aq_rng_quad(pass->seed, AQ_STREAM_LAYER + (uint32_t)layer->index,
				    pass->step, (uint32_t)block->first + (uint32_t)k,
				    (uint32_t)(i / 4), word);
			for (size_t j = 0; j < 4 && i + j < cells; j++)
				to[(i + j) * n + k] = aq_unit(word[j]) < rate ?
							      0 : from[(i + j) * n + k] * scale;
		}
}

static void forward(const struct aq_layer *layer, const struct aq_block *block)
{
	drop(layer, block, block->in[0], block->out);
}

static void backward(const struct aq_layer *layer, const struct aq_block *block)
{
	if (block->din[0])
		drop(layer, block, block->dout, block->din[0]);
}

const struct aq_layer_type aq_dropout = {
	.name = "dropout",
	.brief = "drops numbers at random while training",
	.opts = opts,
	.size = sizeof(struct args),
	.fewest_inputs = 1,
	.most_inputs = 1,
	.in_place = true,
	.plan = plan,
	.forward = forward,
	.backward = backward,
};
