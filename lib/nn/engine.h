/* SPDX-License-Identifier: MIT
 *
 * engine.h - a network at work: forward and backward over a batch, on all threads
 *
 * A batch is cut into blocks of a few examples by a rule that looks at the batch alone.  Each block
 * goes forward and backward on one thread, in memory of that thread, and adds its gradients to a
 * sum that belongs to its part of the batch; the parts meet in a fixed tree.  The gradients of dense
 * layers are one product over the whole batch.  So the bits of a result depend on neither the number
 * of threads nor their timing.
 *
 * Planning (aq_engine_new) takes all memory; nothing afterwards fails or allocates.
 */
#ifndef AQ_NN_ENGINE_H
#define AQ_NN_ENGINE_H

#include "base/threads.h"
#include "nn/net.h"

struct aq_engine;

/* Where the examples of a batch come from and where its results go. */
struct aq_batch {
	int count; /* examples, at most what the engine was planned for (forward: any) */
	struct aq_pass pass;
	/* Write examples first .. first+n-1 as x [c][y][x][n] and their labels; called by any
	 * thread. */
	void (*fill)(void *self, int first, int n, aq_real *x, int32_t *label);
	void *self;
	double *loss;             /* [count] */
	int32_t *rank; /* [count]: how many classes are likelier than the true one; or NULL */
	aq_real *probability;     /* [count][classes], or NULL */
};

/* Plan `net` for batches of up to `batch` examples.  `net` and `pool` are borrowed. */
int aq_engine_new(struct aq_engine **engine, const struct aq_net *net, int batch,
		  struct aq_pool *pool) AQ_CHECKED;
void aq_engine_free(struct aq_engine *engine);

/* Bytes of memory: of the maps of all threads, and of weights and gradients. */
size_t aq_engine_map_bytes(const struct aq_engine *engine);
size_t aq_engine_weight_bytes(const struct aq_engine *engine);

/* The parameters, flat; after changing them call aq_engine_pack() before the next pass. */
aq_real *aq_engine_weights(struct aq_engine *engine);
void aq_engine_pack(struct aq_engine *engine);

void aq_engine_forward(struct aq_engine *engine, const struct aq_batch *batch);

/* Forward and backward; grad (net->count elements) becomes the mean gradient over the batch. */
void aq_engine_backward(struct aq_engine *engine, const struct aq_batch *batch, aq_real *grad);

/* Forward and backward of example k of a batch alone, its numbers the same as within the batch;
 * then its maps can be looked at until the next pass: out and delta of a layer as [c][y][x], and
 * the gradient of its own loss with respect to all parameters, flat, undivided. */
void aq_engine_open(struct aq_engine *engine, const struct aq_batch *batch, int k);
const aq_real *aq_engine_out(const struct aq_engine *engine, int layer);
const aq_real *aq_engine_delta(const struct aq_engine *engine, int layer);
const aq_real *aq_engine_example_grad(const struct aq_engine *engine);

/* Forward example k alone; returns a number that changes when in any layer another input wins
 * (relu, maxima): for telling kinks from slopes. */
uint64_t aq_engine_try(struct aq_engine *engine, const struct aq_batch *batch, int k);

/* Watch where the time of training passes goes from now on.  What all threads worked so far is told by
 * layer, in seconds of the processor; behind the last one stand the loss, with all that is handed out, and the sums of
 * gradients over the batch. */
enum { AQ_ENGINE_MORE = 2 };
struct aq_spent {
	double forward, backward;
};
int aq_engine_watch(struct aq_engine *engine) AQ_CHECKED;
struct aq_spent aq_engine_spent(const struct aq_engine *engine, int layer);

/* Does training need the gradient with respect to the output of this layer? */
bool aq_engine_wants(const struct aq_engine *engine, int layer);

/* "avx512", "avx2", "plain": the kernels in use (num/kernels.h). */
const char *aq_engine_isa(void);

#endif
