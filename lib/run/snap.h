/* SPDX-License-Identifier: MIT
 *
 * snap.h - one step of a run opened: every gradient, activation and delta of it in a file
 */
#ifndef AQ_RUN_SNAP_H
#define AQ_RUN_SNAP_H

#include "run/replay.h"

struct aq_snap_args {
	int64_t step;	      /* -1: the last */
	const char *examples; /* "test:0-15", or NULL for the step's own batch */
	const char *out;
	bool no_clobber;
	const char *program, *arguments;
	/* Adds what it likes before the file is published; may be NULL. */
	int (*decorate)(struct aq_h5 *file, const struct aq_replay *replay);
};

/* The trainer of `replay` must keep all stages (aq_snap_wants). */
struct aq_wants aq_snap_wants(void);
int aq_snap_write(struct aq_replay *replay, const struct aq_snap_args *args) AQ_CHECKED;

/* The weights and solver state before step args->step, as a weights file; the trainer needs to keep
 * nothing. */
int aq_snap_weights(struct aq_replay *replay, const struct aq_snap_args *args) AQ_CHECKED;

#endif
