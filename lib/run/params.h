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

/* The state of a training between two steps: flat arrays, borrowed.  `previous`, the gradient of the step
 * before, is NULL where none is kept. */
struct aq_state {
	const struct aq_net *net;
	int slots;
	const char *slot_name[AQ_MOST_SLOTS];
	aq_real *weights, *slot[AQ_MOST_SLOTS], *previous;
};

struct aq_state aq_state_of(struct aq_trainer *trainer, aq_real *previous);

/* PREFIX/weights, PREFIX/solver/SLOT and PREFIX/previous_grad.  Behind reading its state a trainer wants
 * aq_trainer_ready(). */
int aq_state_write(struct aq_h5 *file, const char *prefix, const struct aq_state *state) AQ_CHECKED;
int aq_state_read(struct aq_h5 *file, const char *prefix, const struct aq_state *state) AQ_CHECKED;

#endif
