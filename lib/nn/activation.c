/* SPDX-License-Identifier: MIT
 *
 * activation.c - functions of one number: relu, sigmoid, tanh
 *
 *	relu     max(0, x)         1 where out > 0, else 0 (so 0 at x = 0)
 *	sigmoid  1 / (1 + e^-x)    out (1 - out)
 *	tanh     tanh x            1 - out^2
 *
 * Their derivatives need the output alone.
 */
#include "nn/registry.h"
#include "num/kernels.h"

static int plan(struct aq_layer *layer, struct aq_arena *mem)
{
	(void)mem;
	layer->out = layer->in[0];
	return AQ_OK;
}

static size_t cells(const struct aq_layer *layer, const struct aq_block *block)
{
	return aq_shape_count(layer->out) * (size_t)block->n;
}

static void relu_forward(const struct aq_layer *layer, const struct aq_block *block)
{
	aq_kernels()->relu_forward(cells(layer, block), block->in[0], block->out);
}

static void relu_backward(const struct aq_layer *layer, const struct aq_block *block)
{
	if (block->din[0])
		aq_kernels()->relu_backward(cells(layer, block), block->out, block->dout,
					    block->din[0]);
}

static uint64_t relu_winners(const struct aq_layer *layer, const struct aq_block *block)
{
	uint64_t winners = 0;
	for (size_t i = 0, count = cells(layer, block); i < count; i++)
		winners = aq_winners_mix(winners, block->out[i] > 0);
	return winners;
}

static void sigmoid_forward(const struct aq_layer *layer, const struct aq_block *block)
{
	aq_kernels()->sigmoid_forward(cells(layer, block), block->in[0], block->out);
}

static void sigmoid_backward(const struct aq_layer *layer, const struct aq_block *block)
{
	if (block->din[0])
		aq_kernels()->sigmoid_backward(cells(layer, block), block->out, block->dout,
					       block->din[0]);
}

static void tanh_forward(const struct aq_layer *layer, const struct aq_block *block)
{
	aq_kernels()->tanh_forward(cells(layer, block), block->in[0], block->out);
}

static void tanh_backward(const struct aq_layer *layer, const struct aq_block *block)
{
	if (block->din[0])
		aq_kernels()->tanh_backward(cells(layer, block), block->out, block->dout,
					    block->din[0]);
}

#define ACTIVATION(word, brief_, ...)                                         \
	const struct aq_layer_type aq_##word = {                         \
		.name = #word,                                           \
		.brief = brief_,                                         \
		.fewest_inputs = 1,                                      \
		.most_inputs = 1,                                        \
		.in_place = true,                                        \
		.reads_out = true,                                       \
		.plan = plan,                                            \
		.forward = word##_forward,                               \
		.backward = word##_backward,                             \
		__VA_ARGS__                                              \
	}

ACTIVATION(relu, "max(0, x)", .winners = relu_winners);
ACTIVATION(sigmoid, "1 / (1 + exp(-x))", .winners = NULL);
ACTIVATION(tanh, "the hyperbolic tangent", .winners = NULL);
