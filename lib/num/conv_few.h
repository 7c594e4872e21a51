/* SPDX-License-Identifier: MIT
 *
 * conv_few.h - convolutions of stride 1 with fewer multiplications: a few rows of outputs at a time
 *
 * Behind conv.h, which chooses.
 */
#ifndef AQ_NUM_CONV_FEW_H
#define AQ_NUM_CONV_FEW_H

#include "num/conv.h"

#include <stdbool.h>

struct aq_conv_few;

/* Is there a way for these sizes, and is it the faster one? */
bool aq_conv_few_fits(const struct aq_conv_shape *shape);

int aq_conv_few_plan(struct aq_conv_few **few, const struct aq_conv_shape *shape,
		      struct aq_arena *mem) AQ_CHECKED;

/* As those of conv.h; `data` too takes its weights from `packed`. */
size_t aq_conv_few_packed(const struct aq_conv_few *few);
size_t aq_conv_few_scratch(const struct aq_conv_few *few);
size_t aq_conv_few_scratch_fixed(const struct aq_conv_few *few);
void aq_conv_few_pack(const struct aq_conv_few *few, const aq_real *weight, aq_real *packed);
void aq_conv_few_forward(const struct aq_conv_few *few, int n, const aq_real *in,
			  const aq_real *packed, const aq_real *bias, aq_real *scratch,
			  aq_real *out);
/* Are there enough numbers for the gradient of the weights to be faster, and as exact? */
bool aq_conv_few_pays(const struct aq_conv_few *few, int n);
void aq_conv_few_weights(const struct aq_conv_few *few, int n, const aq_real *in,
			  const aq_real *dout, aq_real *scratch, aq_real *dweight, aq_real *dbias);
void aq_conv_few_data(const struct aq_conv_few *few, int n, const aq_real *dout,
		       const aq_real *packed, aq_real *scratch, aq_real *din);

#endif
