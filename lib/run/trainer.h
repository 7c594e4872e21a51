/* SPDX-License-Identifier: MIT
 *
 * trainer.h - a training that can take one step after another
 *
 * The same trainer serves training and replay: its state is the weights and the solver's arrays, and the
 * step to take next; all else follows from network, data and options.  Planning takes all memory.
 */
#ifndef AQ_RUN_TRAINER_H
#define AQ_RUN_TRAINER_H

#include "data/feed.h"
#include "nn/engine.h"
#include "nn/schedule.h"
#include "run/options.h"

/* Which flat arrays the caller wants to see after a step, beside the gradient. */
struct aq_wants {
	bool reg_grad, clip_grad, update, before; /* before: the weights before the step */
};

/* The random numbers of a step are drawn by 48 bits of its number. */
#define AQ_MOST_STEPS (1ll << 47)

struct aq_trainer {
	const struct aq_train_args *args;
	const struct aq_net *net;
	const struct aq_dataset *data;
	struct aq_pool *pool;
	struct aq_engine *engine;
	struct aq_solver *solver;
	struct aq_schedule schedule;
	struct aq_feed feed;
	struct aq_arena *mem;

	int64_t step, steps;        /* the next one, and how many there are */
	int64_t epoch_steps;
	aq_real *weights;           /* of the engine, flat */
	aq_real *grad;              /* of the last step */
	aq_real *before;            /* as wanted, else NULL */
	struct aq_stages stages;
	int64_t stats_every;        /* stages.stats is made in the steps divisible by this */
	double *example_loss;       /* [batch], of the last step */
	int32_t *rank;
	double loss, lr;            /* of the last step; the loss is the mean over the batch */
	double error, top5;         /* shares of the batch's examples that were not classified right, and whose class
				       was not among the five likeliest */
	struct {
		double look, update, pack;
	} spent;                    /* seconds so far: gradient; solver; weights brought in order for kernels */
};

/* Without data (NULL) only aq_trainer_apply() works, and the caller sets steps and epoch_steps. */
int aq_trainer_new(struct aq_trainer **trainer, const struct aq_train_args *args, const struct aq_net *net,
		   const struct aq_dataset *data, struct aq_pool *pool, struct aq_wants wants) AQ_CHECKED;
void aq_trainer_free(struct aq_trainer *trainer);

/* Does the network take these pictures and tell these classes apart?  AQ_EDATA if not. */
int aq_trainer_fits(const struct aq_net *net, const struct aq_dataset *data) AQ_CHECKED;

/* After the weights were set from outside. */
void aq_trainer_ready(struct aq_trainer *trainer);

/* Take the next step.  False when its loss is not finite: nothing has been changed then. */
bool aq_trainer_step(struct aq_trainer *trainer);

/* Take the next step with the gradient that stands in `grad`, come from elsewhere. */
void aq_trainer_apply(struct aq_trainer *trainer);

/* The gradient of the next step, without taking it: fills grad, loss, error, top5. */
void aq_trainer_look(struct aq_trainer *trainer);

/* The batch of the next step, for aq_engine_open(). */
struct aq_batch aq_trainer_batch(struct aq_trainer *trainer);

/* The first layer whose output is not finite for some example of the next step's batch; "loss" if none. */
const char *aq_trainer_culprit(struct aq_trainer *trainer);

/* Loss, error and top-5 error over a split, with the present weights. */
struct aq_score {
	double loss, error, top5;
};
struct aq_score aq_trainer_score(struct aq_trainer *trainer, enum aq_split split);

#endif
