/* SPDX-License-Identifier: MIT
 *
 * session.h - a training from its options to its sealed run
 */
#ifndef AQ_RUN_SESSION_H
#define AQ_RUN_SESSION_H

#include "run/options.h"
#include "run/profile.h"
#include "run/trainer.h"

/* Who wants to hear of the training while it runs; any member may be NULL. */
struct aq_session_ear {
	void (*began)(const struct aq_trainer *trainer);
	void (*scored)(const struct aq_trainer *trainer, enum aq_split split, struct aq_score score);
	void (*ended)(const struct aq_trainer *trainer, double seconds, int64_t steps);
	void (*profiled)(const struct aq_profile *profile); /* with args->profile, after steps were taken */
};

/* Train as the options say and write args->out.  AQ_ESTOPPED after a signal, with everything saved;
 * AQ_EDIVERGED at the first loss that is not finite, the state before it saved.  `program` and
 * `arguments` go into the history. */
int aq_session_train(const struct aq_train_args *args, const char *program, const char *arguments,
		     const struct aq_session_ear *ear) AQ_CHECKED;

/* Check the gradients of the network on the first examples of the data; calls row() for each line of the
 * table.  AQ_EDIFFER when one does not pass. */
struct aq_gradcheck_row;
int aq_session_gradcheck(const struct aq_train_args *args, void (*row)(const struct aq_gradcheck_row *row)) AQ_CHECKED;

#endif
