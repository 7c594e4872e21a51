/* SPDX-License-Identifier: MIT
 *
 * recorder.h - keeps the rows of a run in segments, and seals them into one file
 */
#ifndef AQ_RUN_RECORDER_H
#define AQ_RUN_RECORDER_H

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

/* After aq_trainer_step() and aq_rows_take(): write the rows. */
int aq_recorder_step(struct aq_recorder *recorder) AQ_CHECKED;

/* The score of a split after trainer->step steps. */
int aq_recorder_eval(struct aq_recorder *recorder, enum aq_split split, struct aq_score score) AQ_CHECKED;

/* When the segment is full, publish it and begin the next; call after step and evals. */
int aq_recorder_turn(struct aq_recorder *recorder) AQ_CHECKED;

/* Publish what is there; with `go_on` the segment stays open for more. */
int aq_recorder_save(struct aq_recorder *recorder, bool go_on) AQ_CHECKED;

/* After the last step: make the sealed file `out` and remove the folder. */
int aq_recorder_seal(struct aq_recorder *recorder, const char *out) AQ_CHECKED;

#endif
