/* SPDX-License-Identifier: MIT
 *
 * record.h - what a run keeps of its steps: the words of --record, and the columns they ask for
 *
 *	what[:every=K][:layers=a,b][:bits=N]
 *
 * A column is one dataset of the run with a row for each recorded step.
 */
#ifndef AQ_RUN_RECORD_H
#define AQ_RUN_RECORD_H

#include "base/arena.h"
#include "base/opt.h"
#include "io/h5.h"
#include "nn/net.h"

/* What can be recorded.  The order is that of the file. */
enum aq_what {
	AQ_STEP, /* number of the step, loss, learning rate, errors: of every step, always */
	AQ_GRAD,
	AQ_REG_GRAD,
	AQ_CLIP_GRAD,
	AQ_UPDATE,
	AQ_WEIGHTS, /* before the step */
	AQ_STATS,   /* of grad */
	AQ_CRC,     /* of the weights after the step */
	AQ_WHATS,
};
extern const char *const aq_what_names[]; /* "step", "grad", ..., ended by NULL */

/* The statistics of AQ_STATS, in the order of the file. */
enum aq_stat {
	AQ_STAT_MIN, AQ_STAT_MAX, AQ_STAT_MEAN, AQ_STAT_STD, AQ_STAT_L1, AQ_STAT_L2, AQ_STAT_ZEROS,
	AQ_STAT_UPDATE_RATIO, AQ_STAT_COSINE, AQ_STATS_COUNT,
};
extern const char *const aq_stat_names[];

/* The columns of AQ_STEP; AQ_STEP_SPARSE is the number of the step once more, of a sparse record.  Runs of before
 * they were kept have no errors; AQ_STEP_TOP5 is there where the network tells more than five classes apart. */
enum aq_step_part { AQ_STEP_NUMBER, AQ_STEP_LOSS, AQ_STEP_LR, AQ_STEP_ERROR, AQ_STEP_TOP5, AQ_STEP_SPARSE };

struct aq_column {
	char *name;               /* "/grad/conv1/weight" */
	enum aq_what what;
	int part;                 /* AQ_STEP: an aq_step_part; AQ_STATS: an aq_stat */
	const struct aq_param *param; /* NULL for AQ_STEP */
	int param_index;
	struct aq_h5_shape shape; /* dim[0] is left 0 */
	const char *axes;         /* "step,out,in,y,x" */
	uint64_t every;           /* steps a row */
	int bits;                 /* mantissa bits kept; 23 is all */
};

struct aq_record {
	int columns;
	struct aq_column *column;
	bool wants[AQ_WHATS];     /* is any column of this kind there? */
	uint64_t every[AQ_WHATS];
	uint64_t common;          /* least common multiple of all `every` */
};

/* Read the words (none given: grad, stats, crc) and lay out the columns for `net`. */
int aq_record_plan(struct aq_record *record, const struct aq_texts *specs, const struct aq_net *net,
		   struct aq_arena *mem) AQ_CHECKED;

/* The run that is there does not keep the errors of the steps: leave them out. */
void aq_record_without_errors(struct aq_record *record);

/* Rows of a column in `steps` steps from step 0. */
uint64_t aq_column_rows(const struct aq_column *column, uint64_t steps);

#endif
