/* SPDX-License-Identifier: MIT
 *
 * loss.c - what is minimised
 *
 * softmax: p_c = exp(z_c - max z) / sum, loss = -log p_label = log(sum) - (z_label - max z),
 * delta_c = p_c - [c = label].  All in double: there are few of them and they are looked at.
 */
#include "nn/loss.h"

#include "base/exact.h"

#include <stdbool.h>
#include <stddef.h>

/* One example, whose numbers lie n apart. */
static double softmax_of(int classes, size_t n, const aq_real *logits, int32_t label,
			 aq_real *probability, aq_real *delta)
{
	double most = (double)logits[0], sum = 0;
	for (int c = 1; c < classes; c++)
		if ((double)logits[(size_t)c * n] > most)
			most = (double)logits[(size_t)c * n];
	for (int c = 0; c < classes; c++)
		sum += aq_exp((double)logits[(size_t)c * n] - most);
	const bool has_label = label >= 0 && label < classes;
	for (int c = 0; c < classes; c++) {
		const double p = aq_exp((double)logits[(size_t)c * n] - most) / sum;
		probability[(size_t)c * n] = (aq_real)p;
		if (delta)
			delta[(size_t)c * n] = (aq_real)(has_label ? p - (c == label) : 0);
	}
	return has_label ? aq_ln(sum) - ((double)logits[(size_t)label * n] - most) : 0;
}

static void softmax(int classes, int n, const aq_real *logits, const int32_t *label,
		    aq_real *probability, double *loss, aq_real *delta)
{
	for (int k = 0; k < n; k++)
		loss[k] = softmax_of(classes, (size_t)n, logits + k, label[k], probability + k,
				     delta ? delta + k : NULL);
}

static const struct aq_loss softmax_loss = {
	.name = "softmax",
	.brief = "cross-entropy of the softmax of the logits",
	.run = softmax,
};

const struct aq_loss *const aq_losses[] = { &softmax_loss, NULL };
