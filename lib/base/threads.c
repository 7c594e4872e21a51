/* SPDX-License-Identifier: MIT
 *
 * threads.c - a pool of threads that share the items of one piece of work at a time
 *
 *	caller                      worker
 *	ticket := new job, wake     wait for a ticket of a new job
 *	take items                  take items
 *	wait for left == 0          who finishes the last item wakes the caller
 *
 * The ticket holds the job's number, its count of items and the next item in one word, so that
 * taking an item is one compare-and-swap that fails once the job is over: a worker that the system
 * wakes too late finds nothing to do, and nobody waits for it.
 */
#include "base/threads.h"

#include "base/clock.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { SPIN = 4000 };

#define LIMIT 2e-3 /* seconds of loss or gain that are remembered */
#define REST  50   /* alone for so many times the loss: trying again costs a fiftieth */

struct worker {
	struct aq_pool *pool;
	pthread_t thread;
	int index;
};

struct aq_pool {
	int threads, started;
	struct worker *workers; /* threads - 1 of them, indices from 1 */
	pthread_mutex_t lock;
	pthread_cond_t wake, idle;
	atomic_ullong ticket;
	atomic_int left;  /* items of the job not yet finished */
	atomic_bool over; /* ends the threads */
	void (*work)(void *self, int item, int worker);
	void *self;

	/* The caller's own: does it help to have the others? */
	double balance;     /* seconds won by it lately, at most LIMIT */
	double alone_until; /* on the clock of aq_seconds() */
};

static void relax(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#endif
}

enum { ITEM_BITS = 20, JOB_SHIFT = 2 * ITEM_BITS };
#define ITEM_MASK ((1ull << ITEM_BITS) - 1)

static unsigned long long job_of(unsigned long long ticket)
{
	return ticket >> JOB_SHIFT;
}

/* One thing less to wait for; is it the last one? */
static bool finish_one(struct aq_pool *pool)
{
	if (atomic_fetch_sub(&pool->left, 1) != 1)
		return false;
	pthread_mutex_lock(&pool->lock);
	pthread_cond_signal(&pool->idle);
	pthread_mutex_unlock(&pool->lock);
	return true;
}

/* Returns how many it took. */
static int take_items(struct aq_pool *pool, int worker)
{
	int taken = 0;
	unsigned long long ticket = atomic_load(&pool->ticket);
	for (;;) {
		const unsigned long long item = ticket & ITEM_MASK;
		if (item >= (ticket >> ITEM_BITS & ITEM_MASK))
			return taken;
		if (!atomic_compare_exchange_weak(&pool->ticket, &ticket, ticket + 1))
			continue;
		/* The job cannot end before this item does, so its fields stand still. */
		pool->work(pool->self, (int)item, worker);
		taken++;
		if (finish_one(pool))
			return taken;
		ticket = atomic_load(&pool->ticket);
	}
}

static bool news(struct aq_pool *pool, unsigned long long last)
{
	return job_of(atomic_load(&pool->ticket)) != last || atomic_load(&pool->over);
}

static void wait_for_job(struct aq_pool *pool, unsigned long long last)
{
	for (int i = 0; i < SPIN; i++) {
		if (news(pool, last))
			return;
		relax();
	}
	pthread_mutex_lock(&pool->lock);
	while (!news(pool, last))
		pthread_cond_wait(&pool->wake, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
}

static void *worker_main(void *arg)
{
	struct worker *self = arg;
	struct aq_pool *pool = self->pool;
	unsigned long long job = 0;
	finish_one(pool); /* being born */
	for (;;) {
		wait_for_job(pool, job);
		if (atomic_load(&pool->over))
			return NULL;
		job = job_of(atomic_load(&pool->ticket));
		take_items(pool, self->index);
	}
}

static void wait_for_others(struct aq_pool *pool)
{
	for (int i = 0; i < SPIN && atomic_load(&pool->left); i++)
		relax();
	pthread_mutex_lock(&pool->lock);
	while (atomic_load(&pool->left))
		pthread_cond_wait(&pool->idle, &pool->lock);
	pthread_mutex_unlock(&pool->lock);
}

static int processors(void)
{
	cpu_set_t set;
	return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

/* Signals are for the caller's thread: the workers are born with all of them blocked.  None is left half
 * born: a process forked meanwhile would inherit the locks that it held, and nobody to release them. */
static int start_workers(struct aq_pool *pool)
{
	sigset_t all, old;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	int rc = AQ_OK;
	atomic_store(&pool->left, pool->threads - 1);
	for (int i = 0; i < pool->threads - 1 && rc == AQ_OK; i++) {
		pool->workers[i] = (struct worker){ .pool = pool, .index = i + 1 };
		const int err = pthread_create(&pool->workers[i].thread, NULL, worker_main,
					       &pool->workers[i]);
		if (err)
			rc = aq_fail(AQ_ENOMEM,
				     "cannot start thread %d: %s; ask for fewer --threads", i + 2,
				     strerror(err));
		else
			pool->started++;
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (rc == AQ_OK)
		wait_for_others(pool);
	return rc;
}

int aq_pool_new(struct aq_pool **out, int threads)
{
	*out = NULL;
	struct aq_pool *pool = calloc(1, sizeof *pool);
	if (!pool)
		return aq_fail(AQ_ENOMEM, "out of memory");
	pool->threads = threads > 0 ? threads : processors();
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->wake, NULL);
	pthread_cond_init(&pool->idle, NULL);
	int rc = AQ_OK;
	if (pool->threads > 1) {
		pool->workers = calloc((size_t)pool->threads - 1, sizeof *pool->workers);
		rc = pool->workers ? start_workers(pool) : aq_fail(AQ_ENOMEM, "out of memory");
	}
	if (rc < 0)
		aq_pool_free(pool);
	else
		*out = pool;
	return rc;
}

static void wake_workers(struct aq_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pthread_cond_broadcast(&pool->wake);
	pthread_mutex_unlock(&pool->lock);
}

void aq_pool_free(struct aq_pool *pool)
{
	if (!pool)
		return;
	atomic_store(&pool->over, true);
	wake_workers(pool);
	for (int i = 0; i < pool->started; i++)
		pthread_join(pool->workers[i].thread, NULL);
	pthread_mutex_destroy(&pool->lock);
	pthread_cond_destroy(&pool->wake);
	pthread_cond_destroy(&pool->idle);
	free(pool->workers);
	free(pool);
}

int aq_pool_threads(const struct aq_pool *pool)
{
	return pool->threads;
}

/* The caller took `taken` of the items in `own` seconds, and all were done after `all`: alone it would have
 * needed about own / taken for each. */
static void weigh(struct aq_pool *pool, double now, int items, int taken, double own, double all)
{
	if (taken == 0)
		return;
	pool->balance += own * items / taken - all;
	if (pool->balance > LIMIT) {
		pool->balance = LIMIT;
	} else if (pool->balance < -LIMIT) {
		pool->alone_until = now - REST * pool->balance;
		pool->balance = 0;
	}
}

void aq_pool_run(struct aq_pool *pool, int items, void (*work)(void *self, int item, int worker),
		 void *self)
{
	if (items <= 0)
		return;
	const double began = pool->threads > 1 ? aq_seconds() : 0;
	if (pool->threads == 1 || items == 1 || began < pool->alone_until) {
		for (int item = 0; item < items; item++)
			work(self, item, 0);
		return;
	}
	pool->work = work;
	pool->self = self;
	atomic_store(&pool->left, items);
	const unsigned long long job = job_of(atomic_load(&pool->ticket)) + 1;
	atomic_store(&pool->ticket, job << JOB_SHIFT | (unsigned long long)items << ITEM_BITS);
	wake_workers(pool);
	const int taken = take_items(pool, 0);
	const double own = aq_seconds();
	wait_for_others(pool);
	const double now = aq_seconds();
	weigh(pool, now, items, taken, own - began, now - began);
}
