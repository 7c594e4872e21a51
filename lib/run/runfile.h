/* SPDX-License-Identifier: MIT
 *
 * runfile.h - what all files of a run have in common: the head and the evaluations
 */
#ifndef AQ_RUN_RUNFILE_H
#define AQ_RUN_RUNFILE_H

#include "run/recorder.h"

/* The columns of /eval. */
enum { AQ_EVAL_STEP, AQ_EVAL_SPLIT, AQ_EVAL_LOSS, AQ_EVAL_ERROR, AQ_EVAL_TOP5, AQ_EVAL_COLUMNS };
extern const struct aq_eval_column {
	const char *name;
	struct aq_h5_shape shape;
} aq_eval_columns[AQ_EVAL_COLUMNS];

/* The steps after which a run is evaluated: every interval, and the last. */
bool aq_runfile_eval_due(const struct aq_making *making, int64_t steps_done);

/* Rows of evaluations that a segment needs room for. */
uint64_t aq_runfile_evals(const struct aq_making *making);

/* /net, /options, attributes and history. */
int aq_runfile_head(struct aq_h5 *file, const struct aq_making *making) AQ_CHECKED;

/* What a column's dataset says of itself: its axes; and, where fewer bits of mantissa were kept, how many, and the
 * relative error that bounds (half a unit of the last bit kept). */
int aq_runfile_mark(struct aq_h5 *file, const struct aq_column *column) AQ_CHECKED;

/* Leave out of `record` what runs did not keep when `file`, or the index of its folder, was begun. */
int aq_runfile_fit(struct aq_h5 *file, struct aq_record *record) AQ_CHECKED;

/* AQ_EUSAGE unless the run whose head is in `path` has the same network, data and options. */
int aq_runfile_same(const char *path, const struct aq_making *making) AQ_CHECKED;

#endif
