/* SPDX-License-Identifier: MIT
 *
 * registry.c - every layer family there is
 */
#include "nn/registry.h"

const struct aq_layer_type *const aq_layer_types[] = {
	&aq_input,
	&aq_conv,
	&aq_dense,
	&aq_maxpool,
	&aq_avgpool,
	&aq_relu,
	&aq_sigmoid,
	&aq_tanh,
	&aq_dropout,
	&aq_add,
	&aq_concat,
	NULL,
};
