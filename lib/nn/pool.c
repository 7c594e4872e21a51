/* SPDX-License-Identifier: MIT
 *
 * pool.c - the largest or the mean of each window
 *
 * Padding never wins and is never counted: a window sees only what lies inside the picture.  Of
 * equal numbers the first in reading order wins; a NaN wins over all numbers, so that it is not
 * lost.
 */
#include "nn/registry.h"
#include "num/kernels.h"
#include "num/pool.h"

struct args {
	int size[2], stride[2], pad[4];
};

enum { MOST_SIZE = 1 << 12 };

static const struct aq_opt opts[] = {
	AQ_NUMBER(struct args, size, 0, 1, MOST_SIZE, "HxW", "size of a window", .needed = true),
	AQ_NUMBER(struct args, stride, 1, 1, MOST_SIZE, "HxW", "cells from one window to the next"),
	AQ_NUMBER(struct args, pad, 0, 0, MOST_SIZE, "T,B,L,R",
		  "cells outside that windows may reach"),
	AQ_END,
};

static int plan_both(struct aq_layer *layer, struct aq_arena *mem)
{
	const struct args *a = layer->args;
	const struct aq_shape in = layer->in[0];
	for (int side = 0; side < 4; side++)
		if (a->pad[side] >= a->size[side / 2])
			return aq_fail(AQ_EDATA, "padding of %d would hold a whole window of %dx%d",
				       a->pad[side], a->size[0], a->size[1]);
	const int y = in.y + a->pad[0] + a->pad[1] - a->size[0];
	const int x = in.x + a->pad[2] + a->pad[3] - a->size[1];
	if (y < 0 || x < 0)
		return aq_fail(AQ_EDATA,
			       "a window of %dx%d does not fit into %dx%d with its padding",
			       a->size[0], a->size[1], in.y, in.x);
	layer->out = (struct aq_shape){ in.c, y / a->stride[0] + 1, x / a->stride[1] + 1 };
	struct aq_pool_shape *p = aq_arena_take(mem, 1, sizeof *p);
	if (!p)
		return AQ_ENOMEM;
	*p = (struct aq_pool_shape){
		.in_y = in.y, .in_x = in.x, .out_y = layer->out.y, .out_x = layer->out.x,
		.fy = a->size[0], .fx = a->size[1], .sy = a->stride[0], .sx = a->stride[1],
		.top = a->pad[0], .left = a->pad[2],
	};
	layer->own = p;
	layer->scratch = aq_pool_buffer(p);
	layer->scratch_fixed = AQ_POOL_BUFFER_FIXED + AQ_SLACK;
	return AQ_OK;
}

static int plan_max(struct aq_layer *layer, struct aq_arena *mem)
{
	const int rc = plan_both(layer, mem);
	layer->scratch += aq_shape_count(layer->out); /* first in the scratch: the winners */
	return rc;
}

/* What the kernels need: the shape for this block, and their buffer behind the winners, if any. */
static struct aq_pool_shape shape_of(const struct aq_layer *layer, const struct aq_block *block)
{
	struct aq_pool_shape shape = *(const struct aq_pool_shape *)layer->own;
	shape.n = block->n;
	return shape;
}

static aq_real *behind_winners(const struct aq_layer *layer, const struct aq_block *block)
{
	return block->scratch + aq_shape_count(layer->out) * (size_t)block->n + AQ_SLACK;
}

static void forward_max(const struct aq_layer *layer, const struct aq_block *block)
{
	const struct aq_pool_shape shape = shape_of(layer, block);
	aq_kernels()->pool_max_forward(&shape, layer->out.c, block->in[0], block->out,
				       block->scratch, behind_winners(layer, block));
}

static void backward_max(const struct aq_layer *layer, const struct aq_block *block)
{
	const struct aq_pool_shape shape = shape_of(layer, block);
	if (block->din[0])
		aq_kernels()->pool_max_backward(&shape, layer->out.c, block->dout, block->scratch,
						block->din[0], behind_winners(layer, block));
}

static void forward_mean(const struct aq_layer *layer, const struct aq_block *block)
{
	const struct aq_pool_shape shape = shape_of(layer, block);
	aq_kernels()->pool_mean_forward(&shape, layer->out.c, block->in[0], block->out,
					block->scratch);
}

static void backward_mean(const struct aq_layer *layer, const struct aq_block *block)
{
	const struct aq_pool_shape shape = shape_of(layer, block);
	if (block->din[0])
		aq_kernels()->pool_mean_backward(&shape, layer->out.c, block->dout, block->din[0],
						 block->scratch);
}

static uint64_t winners_max(const struct aq_layer *layer, const struct aq_block *block)
{
	const aq_index *winner = (const aq_index *)block->scratch;
	uint64_t winners = 0;
	for (size_t i = 0, count = aq_shape_count(layer->out) * (size_t)block->n; i < count; i++)
		winners = aq_winners_mix(winners, (uint64_t)winner[i]);
	return winners;
}

const struct aq_layer_type aq_maxpool = {
	.name = "maxpool",
	.brief = "the largest number of each window",
	.opts = opts,
	.size = sizeof(struct args),
	.fewest_inputs = 1,
	.most_inputs = 1,
	.plan = plan_max,
	.forward = forward_max,
	.backward = backward_max,
	.winners = winners_max,
};

const struct aq_layer_type aq_avgpool = {
	.name = "avgpool",
	.brief = "the mean of each window, over its cells inside the picture",
	.opts = opts,
	.size = sizeof(struct args),
	.fewest_inputs = 1,
	.most_inputs = 1,
	.plan = plan_both,
	.forward = forward_mean,
	.backward = backward_mean,
};
