/* SPDX-License-Identifier: MIT
 *
 * conv.c - filters that slide over the picture
 *
 * Filters as large as the picture do not slide: they are a dense layer, and are computed as one.
 */
#include "nn/registry.h"
#include "nn/weights.h"
#include "num/conv.h"

struct args {
	struct aq_weight_args weights; /* first: the rows of its table */
	int channels, size[2], stride[2], pad[4];
};

enum { MOST_CHANNELS = 1 << 20, MOST_SIZE = 1 << 12 };

static const struct aq_opt opts[] = {
	AQ_NUMBER(struct args, channels, 0, 1, MOST_CHANNELS, "N", "filters", .needed = true),
	AQ_NUMBER(struct args, size, 0, 1, MOST_SIZE, "HxW", "size of a filter", .needed = true),
	AQ_NUMBER(struct args, stride, 1, 1, MOST_SIZE, "HxW", "cells from one place to the next"),
	AQ_NUMBER(struct args, pad, 0, 0, MOST_SIZE, "T,B,L,R", "zeros around the picture"),
	AQ_WEIGHT_ROWS,
	AQ_END,
};

static bool covers(const struct aq_conv_shape *s)
{
	return s->out_y == 1 && s->out_x == 1 && s->top == 0 && s->left == 0 && s->fy == s->in_y &&
	       s->fx == s->in_x;
}

static int plan(struct aq_layer *layer, struct aq_arena *mem)
{
	const struct args *a = layer->args;
	const struct aq_shape in = layer->in[0];
	const int y = in.y + a->pad[0] + a->pad[1] - a->size[0];
	const int x = in.x + a->pad[2] + a->pad[3] - a->size[1];
	if (y < 0 || x < 0)
		return aq_fail(AQ_EDATA,
			       "a filter of %dx%d does not fit into %dx%d with its padding",
			       a->size[0], a->size[1], in.y, in.x);
	layer->out = (struct aq_shape){ a->channels, y / a->stride[0] + 1, x / a->stride[1] + 1 };

	const struct aq_conv_shape shape = {
		.in_c = in.c, .in_y = in.y, .in_x = in.x,
		.out_c = layer->out.c, .out_y = layer->out.y, .out_x = layer->out.x,
		.fy = a->size[0], .fx = a->size[1], .sy = a->stride[0], .sx = a->stride[1],
		.top = a->pad[0], .left = a->pad[2],
	};
	const int dim[] = { a->channels, in.c, a->size[0], a->size[1] };
	if (covers(&shape))
		return aq_weights_plan_dense(layer, &a->weights, 4, dim, mem);
	struct aq_conv *conv;
	int rc;
	AQ_TRY(aq_weights_plan(layer, &a->weights, 4, dim));
	AQ_TRY(aq_conv_plan(&conv, &shape, mem));
	layer->own = conv;
	layer->packs = 1;
	layer->packed = aq_conv_packed(conv);
	layer->scratch = aq_conv_scratch(conv);
	layer->scratch_fixed = aq_conv_scratch_fixed(conv);
done:
	return rc;
}

static void pack(const struct aq_layer *layer, int piece, const aq_real *weights, aq_real *packed)
{
	if (layer->dense) {
		aq_dense.pack(layer, piece, weights, packed);
		return;
	}
	aq_conv_pack(layer->own, weights + layer->param[0].offset, packed);
}

static void forward(const struct aq_layer *layer, const struct aq_block *block)
{
	if (layer->dense) {
		aq_dense.forward(layer, block);
		return;
	}
	aq_conv_forward(layer->own, block->n, block->in[0], block->packed,
			block->weights + layer->param[1].offset, block->scratch, block->out);
}

static void backward(const struct aq_layer *layer, const struct aq_block *block)
{
	if (layer->dense) {
		aq_dense.backward(layer, block);
		return;
	}
	if (block->grads)
		aq_conv_weights(layer->own, block->n, block->in[0], block->dout, block->scratch,
				block->grads + layer->param[0].offset,
				block->grads + layer->param[1].offset);
	if (block->din[0])
		aq_conv_data(layer->own, block->n, block->dout, block->packed, block->scratch,
			     block->din[0]);
}

const struct aq_layer_type aq_conv = {
	.name = "conv",
	.brief = "filters that slide over the picture",
	.opts = opts,
	.size = sizeof(struct args),
	.fewest_inputs = 1,
	.most_inputs = 1,
	.plan = plan,
	.pack = pack,
	.forward = forward,
	.backward = backward,
};
