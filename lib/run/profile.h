/* SPDX-License-Identifier: MIT
 *
 * profile.h - where the time of a training goes
 *
 * Times are those of all threads together, so that the rows add up to elapsed time times threads.  What a
 * layer takes is processor time of the threads that work on it; what is left of the passes is waiting, for
 * one another or for a processor.  What runs between passes holds all threads, whether they have something to
 * do or not, and is elapsed time.
 */
#ifndef AQ_RUN_PROFILE_H
#define AQ_RUN_PROFILE_H

#include "run/trainer.h"

/* One direction of a row: what a step takes, and the work in it as far as it is known, else 0.  Operations as
 * aq_layer_flop() counts them; bytes of what is read and written, each map or array once. */
struct aq_profile_pass {
	double seconds, flop, bytes;
};

struct aq_profile_row {
	const char *name; /* "conv1", "update", ... */
	char what[64];    /* "conv 3x32x32 -> 16x32x32" */
	struct aq_profile_pass forward, backward;
	double share;     /* of all */
};

struct aq_profile {
	int threads;
	int64_t steps;
	double examples, seconds; /* a step; elapsed */
	int rows;
	struct aq_profile_row *row;
};

/* What the trainer does not know: seconds of training's own thread. */
struct aq_profile_rest {
	double elapsed, statistics, record, score;
};

/* Of `steps` steps that trained on `examples` examples in all, watched by aq_engine_watch(). */
int aq_profile_new(struct aq_profile **profile, const struct aq_trainer *trainer, int64_t steps, int64_t examples,
		   const struct aq_profile_rest *rest) AQ_CHECKED;
void aq_profile_free(struct aq_profile *profile);

#endif
