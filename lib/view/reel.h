/* SPDX-License-Identifier: MIT
 *
 * reel.h - what a training did to one parameter, at chosen steps
 *
 * Any of weights, gradient, update and solver state, recorded or not: what a run holds is read, what
 * it does not hold is computed again, from its recorded gradients or from its data.  Steps are
 * visited in rising order, and only one is in memory.
 */
#ifndef AQ_VIEW_REEL_H
#define AQ_VIEW_REEL_H

#include "run/replay.h"
#include "view/tensor.h"

enum { AQ_REEL_MOST = 6 };

struct aq_reel_args {
	const char *run, *data; /* data: NULL unless something must be computed from it */
	const char *layer, *param;
	/* Names with commas between: the first five of aq_of_words, "weight" for the first, arrays
	 * of the run's solver by their names, "momentum" for the one that is a mean of gradients. */
	const char *ofs;
	int64_t from, to; /* steps, to included; negative ones from the end */
	int64_t frames;	  /* at the most */
	bool log;	  /* dense at the beginning */
	/* A state that lies a little before a chosen step will do, where it saves computing; and
	 * the state after the last step is one, too. */
	bool loose;
	int threads;
};

/* One of the things shown. */
struct aq_strip {
	char name[32], meaning[96];
	enum aq_of of;
	int slot;			/* of the solver, or -1 */
	const struct aq_column *column; /* NULL: it is computed again */
	float *at;			/* of the frame read last, the parameter's numbers */
};

struct aq_reel {
	struct aq_replay replay;
	const struct aq_layer *layer;
	const struct aq_param *param;
	struct aq_strip strip[AQ_REEL_MOST];
	int strips;
	uint64_t *step; /* [frames], rising */
	size_t frames;
};

int aq_reel_open(struct aq_reel *reel, const struct aq_reel_args *args) AQ_CHECKED;
int aq_reel_read(struct aq_reel *reel, size_t frame) AQ_CHECKED;
void aq_reel_close(struct aq_reel *reel);

#endif
