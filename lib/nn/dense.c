/* SPDX-License-Identifier: MIT
 *
 * dense.c - every output sees every input
 */
#include "nn/registry.h"
#include "nn/weights.h"
#include "num/dense.h"

struct args {
	struct aq_weight_args weights; /* first: the rows of its table */
	int units;
};

static const struct aq_opt opts[] = {
	AQ_NUMBER(struct args, units, 0, 1, 1 << 20, "N", "outputs", .needed = true),
	AQ_WEIGHT_ROWS,
	AQ_END,
};

int aq_weights_plan_dense(struct aq_layer *layer, const struct aq_weight_args *args, int rank,
			  const int *dim, struct aq_arena *mem)
{
	struct aq_dense *dense = aq_arena_take(mem, 1, sizeof *dense);
	if (!dense)
		return AQ_ENOMEM;
	*dense = (struct aq_dense){ (int)aq_shape_count(layer->in[0]), dim[0] };
	layer->dense = dense;
	layer->packs = aq_dense_strips(dense);
	layer->packed = aq_dense_packed(dense);
	layer->scratch = aq_dense_row(dense);
	layer->scratch_fixed = AQ_SLACK;
	return aq_weights_plan(layer, args, rank, dim);
}

static int plan(struct aq_layer *layer, struct aq_arena *mem)
{
	const struct args *a = layer->args;
	const int dim[] = { a->units, (int)aq_shape_count(layer->in[0]) };
	layer->out = (struct aq_shape){ a->units, 1, 1 };
	return aq_weights_plan_dense(layer, &a->weights, 2, dim, mem);
}

static void pack(const struct aq_layer *layer, int piece, const aq_real *weights, aq_real *packed)
{
	aq_dense_pack(layer->dense, piece, weights + layer->param[0].offset, packed);
}

static void forward(const struct aq_layer *layer, const struct aq_block *block)
{
	aq_dense_forward(layer->dense, block->n, block->in[0], block->packed,
			 block->weights + layer->param[1].offset, block->scratch, block->out);
}

static void backward(const struct aq_layer *layer, const struct aq_block *block)
{
	if (block->grads) {
		aq_dense_turn(layer->dense, block->n, block->in[0], block->dout, block->scratch);
		aq_dense_weights(layer->dense, block->n, block->scratch, 0, layer->dense->units, true,
				 block->grads + layer->param[0].offset,
				 block->grads + layer->param[1].offset);
	}
	if (block->din[0])
		aq_dense_data(layer->dense, block->n, block->dout,
			      block->weights + layer->param[0].offset, block->scratch,
			      block->din[0]);
}

const struct aq_layer_type aq_dense = {
	.name = "dense",
	.brief = "every output sees every input",
	.opts = opts,
	.size = sizeof(struct args),
	.fewest_inputs = 1,
	.most_inputs = 1,
	.plan = plan,
	.pack = pack,
	.forward = forward,
	.backward = backward,
};
