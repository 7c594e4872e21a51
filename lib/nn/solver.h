/* SPDX-License-Identifier: MIT
 *
 * solver.h - how a gradient becomes an update
 *
 *	grad       mean gradient over the batch
 *	reg_grad   grad + decay_factor * (l2 * w + l1 * sign(w)),  sign(0) = 0
 *	clip_grad  reg_grad, scaled to the norm `clip` where the norm of all of it is larger
 *	update     the solver's rule, with lr = learning rate of the step * the tensor's factor
 *	w          w + update
 */
#ifndef AQ_NN_SOLVER_H
#define AQ_NN_SOLVER_H

#include "base/threads.h"
#include "nn/net.h"
#include "num/stats.h"

/* Settings; the first member of the options of training, so that the rows of its table fit there
 * too. */
struct aq_solver_args {
	int solver;               /* index into aq_solver_names */
	double lr;                /* 0: the solver's own default */
	double momentum, rho, beta1, beta2; /* rho 0: the solver's own default */
	double eps;               /* 0: the solver's own default */
	double l1, l2, clip;      /* clip 0: none */
};

extern const char *const aq_solver_names[]; /* ended by NULL */
extern const struct aq_opt aq_solver_opts[];

enum { AQ_MOST_SLOTS = 2 };

struct aq_solver;

int aq_solver_new(struct aq_solver **solver, const struct aq_net *net,
		  const struct aq_solver_args *args, struct aq_pool *pool) AQ_CHECKED;
void aq_solver_free(struct aq_solver *solver);

size_t aq_solver_bytes(const struct aq_solver *solver);

/* The state that outlives a step: arrays like the parameters, flat, by name ("velocity", "square",
 * ...). */
int aq_solver_slots(const struct aq_solver *solver);
const char *aq_solver_slot_name(const struct aq_solver *solver, int slot);
aq_real *aq_solver_slot(struct aq_solver *solver, int slot);

/* The learning rate a solver starts from when none is given. */
double aq_solver_base_lr(const struct aq_solver_args *args);

/* Where the stages of a step are wanted: flat arrays, or NULL; and statistics, made while the numbers
 * are near: of each of the solver's pieces, or NULL. */
struct aq_stages {
	aq_real *reg_grad, *clip_grad, *update;
	const aq_real *previous; /* for statistics: the gradient of the step before */
	struct aq_stats_part *stats;
};

int aq_solver_pieces(const struct aq_solver *solver);

/* The statistics of a parameter tensor, by index, from those of all pieces. */
struct aq_stats aq_solver_stats(const struct aq_solver *solver, const struct aq_stats_part *stats,
				int param);

/* Step number `step` (from 0) at learning rate `lr`: changes weights and slots. */
void aq_solver_step(struct aq_solver *solver, uint64_t step, double lr, const aq_real *grad,
		    aq_real *weights, const struct aq_stages *stages);

#endif
