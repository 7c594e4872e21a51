/* SPDX-License-Identifier: MIT
 *
 * solver.c - how a gradient becomes an update
 *
 * The weights are walked in pieces that fit the first cache.  For each piece the stages follow one
 * another in a small buffer: gradient, with decay, clipped, and last the update that is added.
 * Only clipping needs a walk before, for the norm.
 */
#include "nn/solver.h"

#include "base/exact.h"
#include "num/kernels.h"
#include "num/solve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = AQ_SOLVE_PIECE };

/* In the order of aq_solver_names. */
static const struct rule {
	const char *slot[AQ_MOST_SLOTS];
	double lr, rho, eps; /* defaults */
} rules[] = {
	[AQ_SGD] = { { NULL }, 0.01, 0, 0 },
	[AQ_MOMENTUM] = { { "velocity" }, 0.01, 0, 0 },
	[AQ_NESTEROV] = { { "velocity" }, 0.01, 0, 0 },
	[AQ_ADAGRAD] = { { "square" }, 0.01, 0, 1e-10 },
	[AQ_WINDOWGRAD] = { { "square" }, 0.01, 0.95, 1e-8 },
	[AQ_RMSPROP] = { { "square" }, 0.001, 0.99, 1e-8 },
	[AQ_ADADELTA] = { { "square", "delta" }, 1, 0.95, 1e-6 },
	[AQ_ADAM] = { { "mean", "square" }, 0.001, 0, 1e-8 },
};

const char *const aq_solver_names[] = { "sgd",	   "momentum", "nesterov", "adagrad", "windowgrad",
					"rmsprop", "adadelta", "adam",	   NULL };

const struct aq_opt aq_solver_opts[] = {
	AQ_CHOICE(struct aq_solver_args, solver, AQ_MOMENTUM, aq_solver_names,
		  "rule that turns gradients into updates"),
	AQ_NUMBER(struct aq_solver_args, lr, 0, 0, 1e6, "F",
		  "learning rate; 0 is the solver's own: .01, rmsprop and adam .001, adadelta 1"),
	AQ_NUMBER(struct aq_solver_args, momentum, 0.9, 0, 1, "F", "of momentum and nesterov"),
	AQ_NUMBER(struct aq_solver_args, rho, 0, 0, 1, "F",
		  "memory of windowgrad, rmsprop, adadelta; 0: .95, .99, .95"),
	AQ_NUMBER(struct aq_solver_args, beta1, 0.9, 0, 0.999999, "F", "memory of adam's mean"),
	AQ_NUMBER(struct aq_solver_args, beta2, 0.999, 0, 0.99999999, "F",
		  "memory of adam's square"),
	AQ_NUMBER(struct aq_solver_args, eps, 0, 0, 1, "F",
		  "added to denominators; 0 is the solver's own"),
	AQ_NUMBER(struct aq_solver_args, l1, 0, 0, 1e6, "F",
		  "decay towards zero, the same for all weights"),
	AQ_NUMBER(struct aq_solver_args, l2, 0, 0, 1e6, "F",
		  "decay towards zero, in proportion to the weight"),
	AQ_NUMBER(struct aq_solver_args, clip, 0, 0, 1e30, "F",
		  "longest gradient, in the norm of all of it; 0 is none"),
	AQ_END,
};

/* A run of weights of one tensor. */
struct piece {
	const struct aq_param *param;
	size_t first;
	int count;
};

struct aq_solver {
	struct aq_arena *mem;
	const struct aq_net *net;
	struct aq_pool *pool;
	struct aq_solver_args args; /* defaults filled in */
	int slots;
	aq_real *slot[AQ_MOST_SLOTS];
	int pieces;
	struct piece *piece;
	int *first_piece; /* [params + 1], of each tensor */
	double *square; /* of the norm, of each piece */

	/* the step being made */
	struct aq_solve now;
	double lr;
	aq_real clip;
	const aq_real *grad;
	aq_real *weights;
	struct aq_stages stages;
};

static double or_default(double value, double fallback)
{
	return value > 0 ? value : fallback;
}

double aq_solver_base_lr(const struct aq_solver_args *args)
{
	return or_default(args->lr, rules[args->solver].lr);
}

static int cut_pieces(struct aq_solver *solver)
{
	const struct aq_net *net = solver->net;
	size_t count = 0;
	for (int p = 0; p < net->params; p++)
		count += (net->param[p]->count + PIECE - 1) / PIECE;
	solver->pieces = (int)count;
	solver->piece = aq_arena_take(solver->mem, count, sizeof *solver->piece);
	solver->square = aq_arena_take(solver->mem, count, sizeof *solver->square);
	solver->first_piece = aq_arena_take(solver->mem, (size_t)net->params + 1, sizeof *solver->first_piece);
	if (!solver->piece || !solver->square || !solver->first_piece)
		return AQ_ENOMEM;
	struct piece *piece = solver->piece;
	for (int p = 0; p < net->params; p++) {
		const struct aq_param *param = net->param[p];
		solver->first_piece[p] = (int)(piece - solver->piece);
		for (size_t at = 0; at < param->count; at += PIECE)
			*piece++ = (struct piece){
				.param = param,
				.first = param->offset + at,
				.count = (int)(param->count - at < PIECE ? param->count - at
									 : PIECE),
			};
	}
	solver->first_piece[net->params] = solver->pieces;
	return AQ_OK;
}

int aq_solver_new(struct aq_solver **out, const struct aq_net *net,
		  const struct aq_solver_args *args, struct aq_pool *pool)
{
	*out = NULL;
	int rc = AQ_ENOMEM;
	struct aq_solver *solver = NULL;
	const struct rule *rule = &rules[args->solver];
	struct aq_arena *mem = aq_arena_new();
	if (!mem || !(solver = aq_arena_take(mem, 1, sizeof *solver)))
		goto done;
	solver->mem = mem;
	solver->net = net;
	solver->pool = pool;
	solver->args = *args;
	solver->args.rho = or_default(args->rho, rule->rho);
	solver->args.eps = or_default(args->eps, rule->eps);
	for (; solver->slots < AQ_MOST_SLOTS && rule->slot[solver->slots]; solver->slots++) {
		solver->slot[solver->slots] = aq_arena_take(mem, net->count, sizeof(aq_real));
		if (!solver->slot[solver->slots])
			goto done;
	}
	AQ_TRY(cut_pieces(solver));
	*out = solver;
done:
	if (rc < 0)
		aq_arena_free(mem);
	return rc;
}

void aq_solver_free(struct aq_solver *solver)
{
	if (solver)
		aq_arena_free(solver->mem);
}

size_t aq_solver_bytes(const struct aq_solver *solver)
{
	return aq_arena_used(solver->mem);
}

int aq_solver_slots(const struct aq_solver *solver)
{
	return solver->slots;
}

const char *aq_solver_slot_name(const struct aq_solver *solver, int slot)
{
	return rules[solver->args.solver].slot[slot];
}

aq_real *aq_solver_slot(struct aq_solver *solver, int slot)
{
	return solver->slot[slot];
}

int aq_solver_pieces(const struct aq_solver *solver)
{
	return solver->pieces;
}

struct aq_stats aq_solver_stats(const struct aq_solver *solver, const struct aq_stats_part *stats, int param)
{
	const int first = solver->first_piece[param];
	return aq_stats_join(stats + first, solver->first_piece[param + 1] - first);
}

/* buffer = grad + decay of the piece */
static void regularise(const struct aq_solver *solver, const struct piece *piece, aq_real *buffer)
{
	const double l1 = solver->args.l1 * piece->param->decay;
	const double l2 = solver->args.l2 * piece->param->decay;
	aq_kernels()->solve_decay(piece->count, (aq_real)l1, (aq_real)l2,
				  solver->grad + piece->first, solver->weights + piece->first,
				  buffer);
}

static void measure(void *self, int item, int worker)
{
	(void)worker;
	struct aq_solver *solver = self;
	const struct piece *piece = &solver->piece[item];
	aq_real buffer[PIECE + AQ_SLACK];
	regularise(solver, piece, buffer);
	aq_kernels()->solve_square(piece->count, buffer, &solver->square[item]);
}

static void keep(aq_real *stage, const struct piece *piece, const aq_real *buffer)
{
	if (stage)
		memcpy(stage + piece->first, buffer, (size_t)piece->count * sizeof *buffer);
}

static void advance(void *self, int item, int worker)
{
	(void)worker;
	struct aq_solver *solver = self;
	const struct piece *piece = &solver->piece[item];
	aq_real buffer[PIECE + AQ_SLACK];
	regularise(solver, piece, buffer);
	keep(solver->stages.reg_grad, piece, buffer);
	if (solver->clip < 1)
		for (int i = 0; i < piece->count; i++)
			buffer[i] *= solver->clip;
	keep(solver->stages.clip_grad, piece, buffer);

	struct aq_solve now = solver->now;
	now.lr = (aq_real)(solver->lr * piece->param->lr);
	now.slot0 = solver->slots > 0 ? solver->slot[0] + piece->first : NULL;
	now.slot1 = solver->slots > 1 ? solver->slot[1] + piece->first : NULL;
	aq_kernels()->solve_update(solver->args.solver, &now, piece->count, buffer);
	keep(solver->stages.update, piece, buffer);
	if (solver->stages.stats)
		solver->stages.stats[item] = aq_stats_of_part(&(struct aq_stats_of){
			.count = (size_t)piece->count,
			.grad = solver->grad + piece->first,
			.previous = solver->stages.previous + piece->first,
			.update = buffer,
			.weight = solver->weights + piece->first,
		});
	aq_kernels()->solve_add(piece->count, buffer, solver->weights + piece->first);
}

/* The factor that brings the norm of the regularised gradient down to the limit. */
static aq_real clip_factor(struct aq_solver *solver)
{
	if (solver->args.clip <= 0)
		return 1;
	aq_pool_run(solver->pool, solver->pieces, measure, solver);
	double sum = 0;
	for (int i = 0; i < solver->pieces; i++)
		sum += solver->square[i];
	const double norm = sqrt(sum);
	return norm > solver->args.clip ? (aq_real)(solver->args.clip / norm) : 1;
}

void aq_solver_step(struct aq_solver *solver, uint64_t step, double lr, const aq_real *grad,
		    aq_real *weights, const struct aq_stages *stages)
{
	const struct aq_solver_args *args = &solver->args;
	solver->lr = lr;
	solver->grad = grad;
	solver->weights = weights;
	solver->stages = stages ? *stages : (struct aq_stages){ 0 };
	solver->clip = clip_factor(solver);
	solver->now = (struct aq_solve){
		.momentum = (aq_real)args->momentum,
		.rho = (aq_real)args->rho,
		.beta1 = (aq_real)args->beta1,
		.beta2 = (aq_real)args->beta2,
		.new1 = (aq_real)(1 - args->beta1),
		.new2 = (aq_real)(1 - args->beta2),
		.new_rho = (aq_real)(1 - args->rho),
		.mean_scale = (aq_real)(1 / (1 - aq_power(args->beta1, step + 1))),
		.square_scale = (aq_real)(1 / (1 - aq_power(args->beta2, step + 1))),
		.eps = (aq_real)args->eps,
	};
	aq_pool_run(solver->pool, solver->pieces, advance, solver);
}
