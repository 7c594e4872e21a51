/* SPDX-License-Identifier: MIT
 *
 * join.c - where branches meet: the sum of maps, or their channels one after the other
 */
#include "nn/registry.h"

#include <string.h>

static int plan_add(struct aq_layer *layer, struct aq_arena *mem)
{
	(void)mem;
	const struct aq_shape a = layer->in[0];
	for (int k = 1; k < layer->n_inputs; k++) {
		const struct aq_shape b = layer->in[k];
		if (a.c != b.c || a.y != b.y || a.x != b.x)
			return aq_fail(AQ_EDATA,
				       "cannot add %dx%dx%d to %dx%dx%d: all sizes must agree", b.c,
				       b.y, b.x, a.c, a.y, a.x);
	}
	layer->out = a;
	return AQ_OK;
}

static void forward_add(const struct aq_layer *layer, const struct aq_block *block)
{
	const size_t count = aq_shape_count(layer->out) * (size_t)block->n;
	for (size_t i = 0; i < count; i++)
		block->out[i] = block->in[0][i] + block->in[1][i];
	for (int k = 2; k < layer->n_inputs; k++)
		for (size_t i = 0; i < count; i++)
			block->out[i] += block->in[k][i];
}

static void backward_add(const struct aq_layer *layer, const struct aq_block *block)
{
	const size_t count = aq_shape_count(layer->out) * (size_t)block->n;
	for (int k = 0; k < layer->n_inputs; k++)
		if (block->din[k])
			memcpy(block->din[k], block->dout, count * sizeof(aq_real));
}

static int plan_concat(struct aq_layer *layer, struct aq_arena *mem)
{
	(void)mem;
	const struct aq_shape a = layer->in[0];
	long channels = a.c;
	for (int k = 1; k < layer->n_inputs; k++) {
		const struct aq_shape b = layer->in[k];
		if (a.y != b.y || a.x != b.x)
			return aq_fail(
				AQ_EDATA,
				"cannot put %dx%dx%d behind %dx%dx%d: height and width must agree",
				b.c, b.y, b.x, a.c, a.y, a.x);
		channels += b.c;
	}
	if (channels > 1 << 28)
		return aq_fail(AQ_EDATA, "%ld channels are too many", channels);
	layer->out = (struct aq_shape){ (int)channels, a.y, a.x };
	return AQ_OK;
}

static void forward_concat(const struct aq_layer *layer, const struct aq_block *block)
{
	aq_real *to = block->out;
	for (int k = 0; k < layer->n_inputs; k++) {
		const size_t count = aq_shape_count(layer->in[k]) * (size_t)block->n;
		memcpy(to, block->in[k], count * sizeof *to);
		to += count;
	}
}

static void backward_concat(const struct aq_layer *layer, const struct aq_block *block)
{
	const aq_real *from = block->dout;
	for (int k = 0; k < layer->n_inputs; k++) {
		const size_t count = aq_shape_count(layer->in[k]) * (size_t)block->n;
		if (block->din[k])
			memcpy(block->din[k], from, count * sizeof *from);
		from += count;
	}
}

const struct aq_layer_type aq_add = {
	.name = "add",
	.brief = "the sum of maps of one size",
	.fewest_inputs = 2,
	.most_inputs = AQ_MOST_INPUTS,
	.plan = plan_add,
	.forward = forward_add,
	.backward = backward_add,
};

const struct aq_layer_type aq_concat = {
	.name = "concat",
	.brief = "the channels of maps one after the other",
	.fewest_inputs = 2,
	.most_inputs = AQ_MOST_INPUTS,
	.plan = plan_concat,
	.forward = forward_concat,
	.backward = backward_concat,
};
