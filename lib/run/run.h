/* SPDX-License-Identifier: MIT
 *
 * run.h - a run opened for reading: sealed, or the folder of one that is live or was killed
 *
 * Both look the same from here: so many steps, columns with rows, checkpoints, evaluations.
 */
#ifndef AQ_RUN_RUN_H
#define AQ_RUN_RUN_H

#include "run/options.h"
#include "run/parts.h"
#include "run/record.h"
#include "run/trainer.h"

struct aq_run {
	char *path;
	struct aq_h5 *file;    /* the sealed file, or the index of a folder */
	struct aq_parts parts; /* of a folder; parts.folder is NULL where it is sealed */
	/* The segment that was read last stays open, for what is read next stands beside it. */
	struct aq_h5 *segment; /* or NULL */
	uint64_t index;
	struct aq_extent extent;
	struct aq_arena *mem;
	char *net_text, *option_texts;
	struct aq_net *net;
	struct aq_train_args args;
	uint32_t data_digest, init_digest;
	struct aq_record record;
	int64_t done, steps; /* steps that are there, and that were to be made */
	int64_t epoch_steps;
};

/* PATH is X.run.h5 or X.run.h5.part. */
int aq_run_open(struct aq_run **run, const char *path) AQ_CHECKED;
void aq_run_close(struct aq_run *run);

/* The column of a kind for a parameter tensor (part: an aq_stat, else 0), or NULL if it was not
 * recorded. */
const struct aq_column *aq_run_column(const struct aq_run *run, enum aq_what what, int param,
				      int part);
/* The column of that full name, or NULL. */
const struct aq_column *aq_run_find(const struct aq_run *run, const char *name);

/* Rows that a column has so far. */
uint64_t aq_run_rows(const struct aq_run *run, const struct aq_column *column);

/* Rows first .. first+rows-1 into `data`. */
int aq_run_read(struct aq_run *run, const struct aq_column *column, uint64_t first, uint64_t rows,
		void *data) AQ_CHECKED;

/* Steps from `step` on, `most` or fewer, that are read without opening another segment. */
uint64_t aq_run_stretch(const struct aq_run *run, uint64_t step, uint64_t most);

/* Of a folder: open segment `index`, unless it is. */
int aq_run_segment(struct aq_run *run, uint64_t index) AQ_CHECKED;

/* Evaluations in order: malloc'd arrays of *count, freed with aq_evals_free(). */
struct aq_evals {
	uint64_t count;
	uint64_t *step;
	uint8_t *split; /* an aq_split */
	float *loss, *error, *top5;
};
/* Those after `first` to `last` steps; others that stand beside them may be among them. */
int aq_run_evals(struct aq_run *run, int64_t first, int64_t last, struct aq_evals *evals) AQ_CHECKED;
/* The steps after which it was evaluated last, where it was evaluated at all. */
int64_t aq_run_evaluated(const struct aq_run *run);
void aq_evals_free(struct aq_evals *evals);

/* The step number S that `wanted` means: counted from the end when negative (-1 is the last step
 * taken). `wanted` == done is allowed: the state after the last step.  AQ_EUSAGE when there is no
 * such step. */
int aq_run_step(const struct aq_run *run, int64_t wanted, int64_t *step) AQ_CHECKED;

/* The last checkpoint at or before `step`. */
int aq_run_checkpoint(struct aq_run *run, int64_t step, int64_t *found) AQ_CHECKED;

/* Put the state of checkpoint `step` into a trainer of this run (`previous`: see params.h, may be
 * NULL). */
int aq_run_state(struct aq_run *run, int64_t step, struct aq_trainer *trainer,
		 aq_real *previous) AQ_CHECKED;

#endif
