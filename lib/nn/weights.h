/* SPDX-License-Identifier: MIT
 *
 * weights.h - what all layers with a weight and a bias share: how they begin and how fast they
 * learn
 */
#ifndef AQ_NN_WEIGHTS_H
#define AQ_NN_WEIGHTS_H

#include "nn/layer.h"

enum aq_init_kind { AQ_INIT_FAN_IN, AQ_INIT_HE, AQ_INIT_FIXED };

/* The first member of the arguments of such a layer, so that the rows below fit its table. */
struct aq_weight_args {
	int init;
	double std, bias;
	double lr, decay, bias_lr, bias_decay;
};

extern const char *const aq_init_words[];

// clang-format off
#define AQ_WEIGHT_ROWS \
	AQ_CHOICE(struct aq_weight_args, init, AQ_INIT_FAN_IN, aq_init_words, \
		  "first weights: fan-in (std 1/sqrt(n)), he (std sqrt(2/n)), fixed (std=)"), \
	AQ_NUMBER(struct aq_weight_args, std, 0.01, 0, 1e3, "F", "deviation when init=fixed"), \
	AQ_NUMBER(struct aq_weight_args, bias, 0, -1e6, 1e6, "F", "first value of the biases"), \
	AQ_NUMBER(struct aq_weight_args, lr, 1, 0, 1e6, "F", "factor on the learning rate"), \
	AQ_NUMBER(struct aq_weight_args, decay, 1, 0, 1e6, "F", "factor on l1 and l2"), \
	AQ_NUMBER(struct aq_weight_args, bias_lr, 1, 0, 1e6, "F", "the same for the biases"), \
	AQ_NUMBER(struct aq_weight_args, bias_decay, 0, 0, 1e6, "F", "the same for the biases")
// clang-format on

/* Give `layer` its two parameter tensors: weight (rank dimensions `dim`, out first) and bias (out).
 */
int aq_weights_plan(struct aq_layer *layer, const struct aq_weight_args *args, int rank,
		    const int *dim) AQ_CHECKED;

/* The same, and all else that a layer needs whose outputs see every input (dense.c). */
int aq_weights_plan_dense(struct aq_layer *layer, const struct aq_weight_args *args, int rank,
			  const int *dim, struct aq_arena *mem) AQ_CHECKED;

#endif
