/* SPDX-License-Identifier: MIT
 *
 * verify.h - compute steps of a run again and compare everything recorded of them, bit by bit
 */
#ifndef AQ_RUN_VERIFY_H
#define AQ_RUN_VERIFY_H

#include "run/replay.h"

/* What was compared. */
struct aq_verified {
	int64_t first, last; /* steps */
	uint64_t replayed;   /* steps before them, computed to get there */
	uint64_t rows, states, evals;
	double seconds;
};

/* "A:B" is steps A to B-1 of a run, either end may be missing; NULL is all.  AQ_EUSAGE when not
 * there. */
int aq_steps_parse(const struct aq_run *run, const char *text, int64_t *first,
		   int64_t *end) AQ_CHECKED;

/* Verify steps `steps` of the replay's run; it must have been opened with rows.  AQ_EDIFFER with
 * the first differing step, tensor, index and both values told (recorded first) when something is
 * not equal. */
int aq_verify(struct aq_replay *replay, const char *steps, struct aq_verified *verified) AQ_CHECKED;

#endif
