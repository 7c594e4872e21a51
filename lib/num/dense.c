/* SPDX-License-Identifier: MIT
 *
 * dense.c - a layer whose outputs see every input, laid out for the loops of dense_kernel.c
 */
#include "num/dense.h"

enum { LANES = 16 }; /* units that lie side by side in the packed weights */

size_t aq_dense_packed(const struct aq_dense *d)
{
	return ((size_t)d->units + LANES - 1) / LANES * LANES * (size_t)d->inputs;
}

/* An example of the turned input ends on a full vector. */
static size_t pitch_of(const struct aq_dense *d)
{
	return ((size_t)d->inputs + LANES - 1) / LANES * LANES;
}

size_t aq_dense_scratch(const struct aq_dense *d)
{
	return pitch_of(d);
}

/* weight [units][inputs] to packed [units / 16][inputs][16] */
void aq_dense_pack(const struct aq_dense *d, const aq_real *weight, aq_real *packed)
{
	const size_t inputs = (size_t)d->inputs;
	for (int u = 0; u < d->units; u += LANES)
		for (size_t i = 0; i < inputs; i++, packed += LANES)
			for (int lane = 0; lane < LANES; lane++)
				packed[lane] = u + lane < d->units ?
						       weight[(size_t)(u + lane) * inputs + i] : 0;
}

void aq_dense_forward(const struct aq_dense *d, int n, const aq_real *in, const aq_real *packed,
		      const aq_real *bias, aq_real *out)
{
	const struct aq_dense now = { d->inputs, d->units, n };
	aq_kernels()->dense_forward(&now, in, packed, bias, out);
}

void aq_dense_weights(const struct aq_dense *d, int n, const aq_real *in, const aq_real *dout,
		      aq_real *scratch, aq_real *dweight, aq_real *dbias)
{
	const struct aq_dense now = { d->inputs, d->units, n };
	const size_t pitch = pitch_of(d), examples = (size_t)n;
	for (size_t i = 0; i < (size_t)d->inputs; i++)
		for (size_t k = 0; k < examples; k++)
			scratch[k * pitch + i] = in[i * examples + k];
	aq_kernels()->dense_weights(&now, scratch, pitch, dout, dweight);
	for (int u = 0; u < d->units; u++) {
		aq_real sum = 0;
		for (size_t k = 0; k < examples; k++)
			sum += dout[(size_t)u * examples + k];
		dbias[u] += sum;
	}
}

void aq_dense_data(const struct aq_dense *d, int n, const aq_real *dout, const aq_real *weight,
		   aq_real *din)
{
	const struct aq_dense now = { d->inputs, d->units, n };
	aq_kernels()->dense_data(&now, dout, weight, din);
}
