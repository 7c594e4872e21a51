/* SPDX-License-Identifier: MIT
 *
 * recorder.h - keeps the rows of a run in segments, and seals them into one file
 *
 * All of it runs in one thread at a time: a courier's while training runs.  It sees the trainer only while
 * it begins; later what a trainer has to say comes in as rows and states.
 */
#ifndef AQ_RUN_RECORDER_H
#define AQ_RUN_RECORDER_H

#include "run/params.h"
#include "run/parts.h"
#include "run/rows.h"

struct aq_recorder;

/* What a run is made of, borrowed by the recorder. */
struct aq_making {
	const struct aq_train_args *args;
	const struct aq_net *net;
	const struct aq_dataset *data;
	const struct aq_record *record;
	struct aq_trainer *trainer;
	struct aq_rows *rows;
	const char *program, *arguments; /* for the history */
	uint32_t init_digest;            /* of the file of --init; 0 for none */
};

/* Begin in `folder`, or with `resume` take up what is there: the trainer is set to the step to go on from.
 * AQ_EUSAGE when the folder holds a run of another network, data set or options. */
int aq_recorder_new(struct aq_recorder **recorder, const struct aq_making *making, const char *folder,
		    bool resume) AQ_CHECKED;
void aq_recorder_free(struct aq_recorder *recorder);

/* The row of one column for the step under way; behind the last of them, the step is complete. */
int aq_recorder_row(struct aq_recorder *recorder, int column, const void *elements) AQ_CHECKED;
void aq_recorder_stepped(struct aq_recorder *recorder);

/* The score of a split after `step` steps. */
struct aq_eval {
	uint64_t step;
	float loss, error, top5;
	uint8_t split;
};
int aq_recorder_eval(struct aq_recorder *recorder, const struct aq_eval *eval) AQ_CHECKED;

/* Steps a segment. */
uint64_t aq_recorder_length(const struct aq_recorder *recorder);

/* The segment is full: publish it and begin the next.  `state` is that behind its last row. */
int aq_recorder_turn(struct aq_recorder *recorder, const struct aq_state *state) AQ_CHECKED;

/* Publish what is there; with `go_on` the segment stays open for more. */
int aq_recorder_save(struct aq_recorder *recorder, const struct aq_state *state, bool go_on) AQ_CHECKED;

/* After all steps have been saved: make the sealed file `out` and remove the folder. */
int aq_recorder_seal(struct aq_recorder *recorder, const char *out) AQ_CHECKED;

#endif
