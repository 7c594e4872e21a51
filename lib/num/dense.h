/* SPDX-License-Identifier: MIT
 *
 * dense.h - a layer whose outputs see every input, on a block of n examples
 *
 *	out[u][n] = bias[u] + sum over i of weight[u][i] * in[i][n]
 */
#ifndef AQ_NUM_DENSE_H
#define AQ_NUM_DENSE_H

#include "num/kernels.h"

size_t aq_dense_packed(const struct aq_dense *d);
size_t aq_dense_scratch(const struct aq_dense *d);
void aq_dense_pack(const struct aq_dense *d, const aq_real *weight, aq_real *packed);

void aq_dense_forward(const struct aq_dense *d, int n, const aq_real *in, const aq_real *packed,
		      const aq_real *bias, aq_real *out);
void aq_dense_weights(const struct aq_dense *d, int n, const aq_real *in, const aq_real *dout,
		      aq_real *scratch, aq_real *dweight, aq_real *dbias);
void aq_dense_data(const struct aq_dense *d, int n, const aq_real *dout, const aq_real *weight,
		   aq_real *din);

#endif
