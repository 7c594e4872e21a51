/* SPDX-License-Identifier: MIT
 *
 * net.h - a network: layers in order, their shapes and their parameters; no numbers yet
 *
 * A network is read from the text of a .net file (schemas/aquatint-net.5).  The layers are sorted:
 * each reads only layers before it.  Layer 0 is the input, the last one holds the logits that the
 * loss reads.
 */
#ifndef AQ_NN_NET_H
#define AQ_NN_NET_H

#include "nn/layer.h"
#include "nn/loss.h"

struct aq_net {
	struct aq_arena *mem;
	const char *text;              /* the file as it was given */
	int layers;
	struct aq_layer *layer;
	size_t count;                  /* elements of all parameters */
	int params;                    /* parameter tensors, in order of layers */
	struct aq_param **param;
	struct aq_layer **owner;       /* the layer of each */
	struct aq_shape input;
	int classes;
	const struct aq_loss *loss;
};

/* Read and check `text`; `path` serves messages alone ("demo.net:3:17: ...").  AQ_EDATA when it is
 * bad. */
int aq_net_parse(struct aq_net **net, const char *text, const char *path) AQ_CHECKED;
void aq_net_free(struct aq_net *net);

/* Fill `weights` (net->count elements) with the initial values of `seed`. */
void aq_net_init(const struct aq_net *net, uint64_t seed, aq_real *weights);

/* The layer called `name`, or NULL. */
const struct aq_layer *aq_net_find(const struct aq_net *net, const char *name);

#endif
