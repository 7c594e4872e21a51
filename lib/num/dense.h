/* SPDX-License-Identifier: MIT
 *
 * dense.h - a layer whose outputs see every input: products of matrices
 *
 *	out[u][n] = bias[u] + sum over i of weight[u][i] * in[i][n]
 *
 * Forward and backward to the input work on a block of n examples.  The gradient of the weights is
 * a sum over examples: they are *turned* first, an example a row [inputs, and what is behind them up
 * to the next vector][units, the same], and rows of any number of examples make one product.
 */
#ifndef AQ_NUM_DENSE_H
#define AQ_NUM_DENSE_H

#include "num/real.h"

#include <stdbool.h>
#include <stddef.h>

struct aq_dense {
	int inputs, units;
};

/* Elements: of the packed weights; of scratch for each example (AQ_SLACK more are read), and as many
 * of a turned one. */
size_t aq_dense_packed(const struct aq_dense *d);
size_t aq_dense_row(const struct aq_dense *d);

/* Bring the weights [units][inputs] into the order of the forward pass, strip by strip. */
int aq_dense_strips(const struct aq_dense *d);
void aq_dense_pack(const struct aq_dense *d, int strip, const aq_real *weight, aq_real *packed);

void aq_dense_forward(const struct aq_dense *d, int n, const aq_real *in, const aq_real *packed,
		      const aq_real *bias, aq_real *scratch, aq_real *out);
void aq_dense_data(const struct aq_dense *d, int n, const aq_real *dout, const aq_real *weight,
		   aq_real *scratch, aq_real *din);

void aq_dense_turn(const struct aq_dense *d, int n, const aq_real *in, const aq_real *dout,
		   aq_real *turned);

/* The gradients of units first .. first+count-1 over n turned examples, into those of all, added to
 * what is there or not. */
void aq_dense_weights(const struct aq_dense *d, int n, const aq_real *turned, int first, int count,
		      bool adds, aq_real *dweight, aq_real *dbias);

#endif
