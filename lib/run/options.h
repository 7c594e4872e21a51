/* SPDX-License-Identifier: MIT
 *
 * options.h - the options of a training, from a command line or from the run it made
 */
#ifndef AQ_RUN_OPTIONS_H
#define AQ_RUN_OPTIONS_H

#include "base/opt.h"
#include "io/h5.h"
#include "nn/solver.h"

struct aq_train_args {
	struct aq_solver_args solver; /* first: its own table fills it */
	const char *lr_schedule;
	int64_t batch, steps, epochs;
	int64_t seed;
	const char *augment;
	int64_t eval_every;
	const char *init;
	struct aq_texts record;
	int64_t checkpoint_every;

	/* These do not change the result. */
	const char *net, *data, *out;
	int threads;
	bool resume, force, no_clobber, gradcheck, profile;
};

/* The whole table: the solver's rows and the rows of training. */
const struct aq_opt *aq_train_opts(void);

/* Write what changes the result as attributes of /options; the data set is named by its digest. */
int aq_options_write(struct aq_h5 *file, const struct aq_train_args *args, uint32_t digest) AQ_CHECKED;

/* Read them back; texts are kept in *texts (malloc'd), to be freed with the arguments' use. */
int aq_options_read(struct aq_h5 *file, struct aq_train_args *args, uint32_t *digest, char **texts) AQ_CHECKED;

#endif
