/* SPDX-License-Identifier: MIT
 *
 * threads.h - a pool of threads that share the items of one piece of work at a time
 *
 * Items are handed out in order to whoever is free.  Results must not depend on who computed what:
 * an item writes only what belongs to it.  Waiting threads sleep, after a spin too short to matter.
 *
 * Where another program keeps a processor busy, waiting for a thread that does not get on may cost more than
 * the thread does: then the caller works alone for a while, and tries again.
 */
#ifndef AQ_BASE_THREADS_H
#define AQ_BASE_THREADS_H

#include "base/err.h"

struct aq_pool;

/* `threads` in all, the caller's included; 0 means as many as there are processors to run on. */
int aq_pool_new(struct aq_pool **pool, int threads) AQ_CHECKED;
void aq_pool_free(struct aq_pool *pool);
int aq_pool_threads(const struct aq_pool *pool);

/* Call work(self, item, worker) for item = 0 .. items-1; worker < aq_pool_threads(), one call at a
 * time for each worker.  Returns when all are done.  Allocates nothing.  At most 2^20 - 1 items. */
void aq_pool_run(struct aq_pool *pool, int items, void (*work)(void *self, int item, int worker),
		 void *self);

#endif
