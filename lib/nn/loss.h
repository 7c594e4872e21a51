/* SPDX-License-Identifier: MIT
 *
 * loss.h - what is minimised: a table
 *
 * A loss reads the logits of a block and the labels, and gives each example's loss, its
 * probabilities and the gradient of its own loss, undivided.  A label outside 0 .. classes-1 means
 * none: no loss, no gradient.
 */
#ifndef AQ_NN_LOSS_H
#define AQ_NN_LOSS_H

#include "num/real.h"

#include <stdint.h>

struct aq_loss {
	const char *name, *brief;
	/* logits, probability, delta: [classes][n]; label, loss: [n].  delta may be NULL. */
	void (*run)(int classes, int n, const aq_real *logits, const int32_t *label,
		    aq_real *probability, double *loss, aq_real *delta);
};

/* Every loss, ended by NULL. */
extern const struct aq_loss *const aq_losses[];

#endif
