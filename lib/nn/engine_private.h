/* SPDX-License-Identifier: MIT
 *
 * engine_private.h - what the parts of the engine share: maps.c, passes.c, gather.c, engine.c
 */
#ifndef AQ_NN_ENGINE_PRIVATE_H
#define AQ_NN_ENGINE_PRIVATE_H

#include "base/clock.h"
#include "nn/engine.h"
#include "num/kernels.h"

/* The memory of one block at work.  All arrays are by layer. */
struct maps {
	aq_real *slab;
	size_t bytes;
	aq_real **out, **delta, **scratch;
	aq_real *spare; /* a delta to be added to one that is there */
	aq_real *probability;
	int32_t *label;
	double *loss;
	aq_real *const *kept;   /* gather.c; NULL: all gradients are made at once */
	struct aq_spent *spent; /* by the worker; NULL: nobody watches */
};

/* How the gradient of a batch comes together (gather.c). */
struct gather {
	int sums;
	aq_real *sum[AQ_MOST_PARTS]; /* of each part of the batch, the first `summed` weights */
	size_t summed;
	aq_real **kept;                /* of dense layers: all examples, turned (num/dense.h) */
	int pieces;
	struct gather_piece *piece;
};

struct aq_engine {
	struct aq_arena *mem;
	const struct aq_net *net;
	struct aq_pool *pool;
	int workers;
	struct maps *maps; /* of each worker */
	struct maps open;  /* of aq_engine_open, one example */
	aq_real *weights, *packed;
	size_t *packed_at; /* of each layer */
	bool *wanted;	   /* of each layer: its delta, when training */
	struct gather gather;
	aq_real *example_grad;

	/* the pass being made */
	const struct aq_batch *batch;
	int blocks, parts;
	aq_real *grad;
};

/* So many elements, their slack, and what is missing to the next line of the caches. */
static inline size_t aq_rounded(size_t elements)
{
	return (elements + AQ_SLACK + 15) / 16 * 16;
}

/* What this thread has worked since *then belongs to *spent. */
static inline void aq_lap(double *then, double *spent)
{
	const double now = aq_thread_seconds();
	*spent += now - *then;
	*then = now;
}

/* Memory for blocks of n examples; what is never used is never touched, so it costs nothing.  Maps that are to
 * be looked at are `apart`. */
int aq_maps_take(struct maps *maps, const struct aq_net *net, int n, bool apart,
		 struct aq_arena *mem) AQ_CHECKED;

/* Examples first .. first+n-1 of the batch. */
struct aq_block aq_block_of(const struct aq_engine *engine, const struct maps *maps, int l,
			    int first, int n);
void aq_block_forward(const struct aq_engine *engine, const struct maps *maps, int first, int n,
		      bool with_delta);
void aq_block_backward(const struct aq_engine *engine, const struct maps *maps, int first, int n,
		       bool all, aq_real *grads);

/* For batches of up to `batch` examples in up to `blocks` blocks. */
int aq_gather_plan(struct gather *gather, const struct aq_net *net, int batch, int blocks,
		   struct aq_arena *mem) AQ_CHECKED;

/* All parts have been added up: engine->grad becomes the mean over the batch. */
void aq_gather_run(struct aq_engine *engine);

#endif
