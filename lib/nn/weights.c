/* SPDX-License-Identifier: MIT
 *
 * weights.c - what all layers with a weight and a bias share
 *
 * fan-in  std 1/sqrt(n), n = inputs of one output: ConvNetJS (convnet_vol.js)
 * he      std sqrt(2/n): He, Zhang, Ren, Sun, "Delving deep into rectifiers", ICCV 2015
 */
#include "nn/weights.h"

#include "nn/build.h"

#include <math.h>

const char *const aq_init_words[] = { "fan-in", "he", "fixed", NULL };

static double deviation(const struct aq_weight_args *args, size_t fan_in)
{
	switch (args->init) {
	case AQ_INIT_HE:
		return sqrt(2.0 / (double)fan_in);
	case AQ_INIT_FIXED:
		return args->std;
	default:
		return 1 / sqrt((double)fan_in);
	}
}

int aq_weights_plan(struct aq_layer *layer, const struct aq_weight_args *args, int rank,
		    const int *dim)
{
	size_t fan_in = 1;
	for (int i = 1; i < rank; i++)
		if (__builtin_mul_overflow(fan_in, (size_t)dim[i], &fan_in))
			fan_in = SIZE_MAX / 2;
	size_t count;
	if (__builtin_mul_overflow(fan_in, (size_t)dim[0], &count) || count > AQ_MOST_WEIGHTS)
		return aq_fail(AQ_EDATA, "%d outputs of %zu inputs each are more than 2^31 weights",
			       dim[0], fan_in);
	layer->n_params = 2;
	layer->param[0] = (struct aq_param){
		.name = "weight",
		.rank = rank,
		.count = count,
		.lr = args->lr,
		.decay = args->decay,
		.init = { .is_normal = true, .value = deviation(args, fan_in) },
	};
	for (int i = 0; i < rank; i++)
		layer->param[0].dim[i] = dim[i];
	layer->param[1] = (struct aq_param){
		.name = "bias",
		.rank = 1,
		.dim = { dim[0] },
		.count = (size_t)dim[0],
		.lr = args->bias_lr,
		.decay = args->bias_decay,
		.init = { .value = args->bias },
	};
	return AQ_OK;
}
