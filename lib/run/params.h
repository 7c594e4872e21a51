/* SPDX-License-Identifier: MIT
 *
 * params.h - flat arrays like the parameters of a network, in files: PREFIX/LAYER/{weight,bias}
 */
#ifndef AQ_RUN_PARAMS_H
#define AQ_RUN_PARAMS_H

#include "io/h5.h"
#include "nn/net.h"
#include "run/trainer.h"

int aq_params_write(struct aq_h5 *file, const char *prefix, const struct aq_net *net,
		    const aq_real *flat) AQ_CHECKED;
int aq_params_read(struct aq_h5 *file, const char *prefix, const struct aq_net *net, aq_real *flat) AQ_CHECKED;

/* PREFIX/weights and PREFIX/solver/SLOT: the state of a training; `previous` (or NULL) is the gradient of the
 * step before, PREFIX/previous_grad.  Reading leaves the trainer ready for its next step. */
int aq_state_write(struct aq_h5 *file, const char *prefix, struct aq_trainer *trainer,
		   const aq_real *previous) AQ_CHECKED;
int aq_state_read(struct aq_h5 *file, const char *prefix, struct aq_trainer *trainer, aq_real *previous) AQ_CHECKED;

#endif
