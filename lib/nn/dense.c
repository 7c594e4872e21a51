/* SPDX-License-Identifier: MIT
 *
 * dense.c - every output sees every input: a filter as large as the picture
 */
#include "nn/registry.h"
#include "nn/weights.h"
#include "num/conv.h"

struct args {
	struct aq_weight_args weights; /* first: the rows of its table */
	int units;
};

static const struct aq_opt opts[] = {
	AQ_NUMBER(struct args, units, 0, 1, 1 << 20, "N", "outputs", .needed = true),
	AQ_WEIGHT_ROWS,
	AQ_END,
};

static int plan(struct aq_layer *layer, struct aq_arena *mem)
{
	const struct args *a = layer->args;
	const struct aq_shape in = layer->in[0];
	layer->out = (struct aq_shape){ a->units, 1, 1 };
	struct aq_conv_shape *s = aq_arena_take(mem, 1, sizeof *s);
	if (!s)
		return AQ_ENOMEM;
	*s = (struct aq_conv_shape){
		.in_c = in.c, .in_y = in.y, .in_x = in.x,
		.out_c = a->units, .out_y = 1, .out_x = 1,
		.fy = in.y, .fx = in.x, .sy = 1, .sx = 1,
	};
	layer->own = s;
	const int dim[] = { a->units, (int)aq_shape_count(in) };
	return aq_weights_plan(layer, &a->weights, 2, dim);
}

static void forward(const struct aq_layer *layer, const struct aq_block *block)
{
	aq_conv_ref_forward(layer->own, block->n, block->in[0], block->weights + layer->param[0].offset,
			    block->weights + layer->param[1].offset, block->out);
}

static void backward(const struct aq_layer *layer, const struct aq_block *block)
{
	aq_conv_ref_weights(layer->own, block->n, block->in[0], block->dout,
			    block->grads + layer->param[0].offset,
			    block->grads + layer->param[1].offset);
	if (block->din[0])
		aq_conv_ref_data(layer->own, block->n, block->dout,
				 block->weights + layer->param[0].offset, block->din[0]);
}

const struct aq_layer_type aq_dense = {
	.name = "dense",
	.brief = "every output sees every input",
	.opts = opts,
	.size = sizeof(struct args),
	.fewest_inputs = 1,
	.most_inputs = 1,
	.plan = plan,
	.forward = forward,
	.backward = backward,
};
