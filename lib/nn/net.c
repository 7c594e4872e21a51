/* SPDX-License-Identifier: MIT
 *
 * net.c - a network: layers in order, their shapes and their parameters
 */
#include "nn/net.h"

#include "base/rng.h"
#include "nn/build.h"

#include <stdlib.h>
#include <string.h>

int aq_net_begin(struct aq_net **out, const char *text)
{
	*out = NULL;
	int rc = AQ_ENOMEM;
	struct aq_arena *mem = aq_arena_new();
	if (!mem)
		goto done;
	struct aq_net *net = aq_arena_take(mem, 1, sizeof *net);
	if (!net)
		goto done;
	net->mem = mem;
	net->text = aq_arena_text(mem, text, strlen(text));
	net->layer = aq_arena_take(mem, AQ_MOST_LAYERS, sizeof *net->layer);
	if (!net->text || !net->layer)
		goto done;
	*out = net;
	rc = AQ_OK;
done:
	if (rc < 0)
		aq_arena_free(mem);
	return rc;
}

static int check_shape(struct aq_shape s)
{
	if (s.c < 1 || s.y < 1 || s.x < 1)
		return aq_fail(AQ_EDATA, "nothing would be left: the output is %dx%dx%d", s.c, s.y,
			       s.x);
	size_t cells;
	if (__builtin_mul_overflow((size_t)s.c, (size_t)s.y, &cells) ||
	    __builtin_mul_overflow(cells, (size_t)s.x, &cells) || cells > AQ_MOST_CELLS)
		return aq_fail(AQ_EDATA, "an output of %dx%dx%d has more than 2^28 numbers", s.c,
			       s.y, s.x);
	return AQ_OK;
}

int aq_net_append(struct aq_net *net, const struct aq_layer *wanted)
{
	if (net->layers == AQ_MOST_LAYERS)
		return aq_fail(AQ_EDATA, "more than %d layers", AQ_MOST_LAYERS);
	struct aq_layer *layer = &net->layer[net->layers];
	*layer = *wanted;
	layer->index = net->layers;
	for (int i = 0; i < layer->n_inputs; i++)
		layer->in[i] = net->layer[layer->input[i]].out;
	int rc;
	AQ_TRY(layer->type->plan(layer, net->mem));
	AQ_TRY(check_shape(layer->out));
	for (int p = 0; p < layer->n_params; p++) {
		layer->param[p].offset = net->count;
		net->count += layer->param[p].count;
		net->params++;
	}
	if (net->count > AQ_MOST_WEIGHTS)
		return aq_fail(AQ_EDATA, "the network has more than 2^31 weights");
	net->layers++;
	rc = AQ_OK;
done:
	return rc;
}

static int list_params(struct aq_net *net)
{
	const size_t count = net->params ? (size_t)net->params : 1;
	net->param = aq_arena_take(net->mem, count, sizeof *net->param);
	net->owner = aq_arena_take(net->mem, count, sizeof *net->owner);
	if (!net->param || !net->owner)
		return AQ_ENOMEM;
	int n = 0;
	for (int l = 0; l < net->layers; l++)
		for (int p = 0; p < net->layer[l].n_params; p++, n++) {
			net->param[n] = &net->layer[l].param[p];
			net->owner[n] = &net->layer[l];
		}
	return AQ_OK;
}

int aq_net_end(struct aq_net *net, const struct aq_loss *loss)
{
	const struct aq_layer *last = &net->layer[net->layers - 1];
	const struct aq_shape s = last->out;
	if (s.y != 1 || s.x != 1)
		return aq_fail(AQ_EDATA,
			       "the loss wants one number a class, but %s gives %dx%dx%d; "
			       "put a line `dense units=CLASSES` before it",
			       last->name, s.c, s.y, s.x);
	if (s.c < 2)
		return aq_fail(AQ_EDATA, "the loss wants at least 2 classes, %s gives 1",
			       last->name);
	if (net->params == 0)
		return aq_fail(AQ_EDATA, "no layer has weights; there is nothing to train");
	net->input = net->layer[0].out;
	net->classes = s.c;
	net->loss = loss;
	return list_params(net);
}

void aq_net_free(struct aq_net *net)
{
	if (net)
		aq_arena_free(net->mem);
}

void aq_net_init(const struct aq_net *net, uint64_t seed, aq_real *weights)
{
	for (int p = 0; p < net->params; p++) {
		const struct aq_param *param = net->param[p];
		for (size_t i = 0; i < param->count; i++) {
			double value = param->init.value;
			if (param->init.is_normal)
				value *= aq_rng_normal(seed, AQ_STREAM_INIT, 0, (uint32_t)p,
						       (uint32_t)i);
			weights[param->offset + i] = (aq_real)value;
		}
	}
}

const struct aq_layer *aq_net_find(const struct aq_net *net, const char *name)
{
	for (int l = 0; l < net->layers; l++)
		if (strcmp(net->layer[l].name, name) == 0)
			return &net->layer[l];
	return NULL;
}
