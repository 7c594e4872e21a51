/* SPDX-License-Identifier: MIT
 *
 * registry.h - the layer families by name; only registry.c and tests need it
 */
#ifndef AQ_NN_REGISTRY_H
#define AQ_NN_REGISTRY_H

#include "nn/layer.h"

extern const struct aq_layer_type aq_input, aq_conv, aq_dense, aq_maxpool, aq_avgpool, aq_relu,
	aq_sigmoid, aq_tanh, aq_dropout, aq_add, aq_concat;

#endif
