/* SPDX-License-Identifier: MIT
 *
 * replay.h - a run's trainer at any of its steps, computed again from the checkpoint before it
 */
#ifndef AQ_RUN_REPLAY_H
#define AQ_RUN_REPLAY_H

#include "run/rows.h"
#include "run/run.h"
#include "run/window.h"

struct aq_replay {
	struct aq_run *run;
	struct aq_pool *pool;
	struct aq_dataset *data;
	struct aq_trainer *trainer;
	struct aq_rows *rows;	    /* of the run's own record; NULL unless asked for */
	bool placed;		    /* the trainer's state is one of the run's */
	struct aq_row_window *gradient; /* recorded ones, a tensor each; opened when first needed */
	bool has_gradients; /* of every step, to the last bit: steps can be taken without data */
	const struct aq_layer *only; /* whose parameters alone count; NULL: all */
};

/* Open RUN and DATA; a data set other than the run's is AQ_EDATA.  The trainer keeps what `wants`
 * says and, with `rows`, what the run's record needs.  Without data (NULL) a step can still be
 * reached where the run has the gradients of all steps on the way: they are applied again. */
int aq_replay_open(struct aq_replay *replay, const char *run, const char *data, int threads,
		   struct aq_wants wants, bool rows) AQ_CHECKED;
void aq_replay_close(struct aq_replay *replay);

/* From now on only the parameters of `layer` count.  What is applied again from the record is theirs
 * alone: gradients of other layers are not read, and need not be there.  Clipping, which looks at
 * all gradients, and computing with data go on as before. */
void aq_replay_narrow(struct aq_replay *replay, const struct aq_layer *layer);

/* Bring the trainer to the state before `step`, from the nearest checkpoint or, where that is
 * nearer, from where it is; says first what it costs. */
int aq_replay_seek(struct aq_replay *replay, int64_t step) AQ_CHECKED;

/* Take the next step, and its rows; AQ_EDIVERGED where its loss is not finite. */
int aq_replay_step(struct aq_replay *replay) AQ_CHECKED;

#endif
