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

#include <math.h>

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
	for (size_t i = 0, count = cells(layer, block); i < count; i++)
		block->out[i] = block->in[0][i] < 0 ? 0 : block->in[0][i]; /* NaN stays NaN */
}

static void relu_backward(const struct aq_layer *layer, const struct aq_block *block)
{
	for (size_t i = 0, count = block->din[0] ? cells(layer, block) : 0; i < count; i++)
		block->din[0][i] = block->out[i] > 0 ? block->dout[i] : 0;
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
	for (size_t i = 0, count = cells(layer, block); i < count; i++)
		block->out[i] = (aq_real)(1 / (1 + exp(-(double)block->in[0][i])));
}

static void sigmoid_backward(const struct aq_layer *layer, const struct aq_block *block)
{
	for (size_t i = 0, count = block->din[0] ? cells(layer, block) : 0; i < count; i++)
		block->din[0][i] = block->out[i] * (1 - block->out[i]) * block->dout[i];
}

static void tanh_forward(const struct aq_layer *layer, const struct aq_block *block)
{
	for (size_t i = 0, count = cells(layer, block); i < count; i++)
		block->out[i] = (aq_real)tanh((double)block->in[0][i]);
}

static void tanh_backward(const struct aq_layer *layer, const struct aq_block *block)
{
	for (size_t i = 0, count = block->din[0] ? cells(layer, block) : 0; i < count; i++)
		block->din[0][i] = (1 - block->out[i] * block->out[i]) * block->dout[i];
}

#define ACTIVATION(word, brief_, ...)                                         \
	const struct aq_layer_type aq_##word = {                         \
		.name = #word,                                           \
		.brief = brief_,                                         \
		.fewest_inputs = 1,                                      \
		.most_inputs = 1,                                        \
		.plan = plan,                                            \
		.forward = word##_forward,                               \
		.backward = word##_backward,                             \
		__VA_ARGS__                                              \
	}

ACTIVATION(relu, "max(0, x)", .winners = relu_winners);
ACTIVATION(sigmoid, "1 / (1 + exp(-x))", .winners = NULL);
ACTIVATION(tanh, "the hyperbolic tangent", .winners = NULL);
