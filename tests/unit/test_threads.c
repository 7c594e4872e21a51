/* SPDX-License-Identifier: MIT
 *
 * A pool hands out each item once, to one worker at a time, and returns when all are done.
 */
#include "base/threads.h"

#include "story.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

enum { MOST_ITEMS = 3000, MOST_WORKERS = 8 };

struct work {
	atomic_int times[MOST_ITEMS];
	atomic_int busy[MOST_WORKERS];
	atomic_int wrong;
	int workers;
	bool slow;
};

static void item(void *self, int number, int worker)
{
	struct work *work = self;
	if (worker < 0 || worker >= work->workers || atomic_fetch_add(&work->busy[worker], 1) != 0)
		atomic_store(&work->wrong, 1);
	atomic_fetch_add(&work->times[number], 1);
	if (work->slow)
		nanosleep(&(struct timespec){ .tv_nsec = 200000 }, NULL);
	atomic_fetch_sub(&work->busy[worker], 1);
}

static void run(struct aq_pool *pool, struct work *work, int items)
{
	for (int i = 0; i < MOST_ITEMS; i++)
		atomic_store(&work->times[i], 0);
	work->workers = aq_pool_threads(pool);
	aq_pool_run(pool, items, item, work);
	for (int i = 0; i < MOST_ITEMS; i++)
		assert_int_equal(atomic_load(&work->times[i]), i < items);
	assert_int_equal(atomic_load(&work->wrong), 0);
}

static void test_each_item_once(void **state)
{
	(void)state;
	static const int items[] = { 0, 1, 2, 3, 7, 64, 1000, MOST_ITEMS };
	static struct work work;
	for (int threads = 1; threads <= MOST_WORKERS; threads += threads < 4 ? 1 : 4) {
		struct aq_pool *pool;
		ok(aq_pool_new(&pool, threads));
		assert_int_equal(aq_pool_threads(pool), threads);
		for (size_t i = 0; i < sizeof items / sizeof *items; i++)
			run(pool, &work, items[i]);
		aq_pool_free(pool);
	}
	aq_pool_free(NULL);
}

/* Many short jobs, and jobs long enough that the workers fall asleep in between. */
static void test_job_after_job(void **state)
{
	(void)state;
	static struct work work;
	struct aq_pool *pool;
	ok(aq_pool_new(&pool, 3));
	for (int i = 0; i < 200; i++)
		run(pool, &work, i % 9);
	work.slow = true;
	for (int i = 0; i < 20; i++)
		run(pool, &work, i % 9);
	aq_pool_free(pool);
}

struct uneven {
	atomic_int by_others;
};

/* A worker that hardly gets on, as on a processor that another program keeps busy. */
static void uneven(void *self, int number, int worker)
{
	struct uneven *uneven = self;
	(void)number;
	if (worker > 0)
		atomic_fetch_add(&uneven->by_others, 1);
	nanosleep(&(struct timespec){ .tv_nsec = worker > 0 ? 4000000 : 100000 }, NULL);
}

/* The caller stops waiting for a worker that costs more than it helps, and later tries again. */
static void test_alone_for_a_while(void **state)
{
	(void)state;
	struct aq_pool *pool;
	struct uneven work = { 0 };
	ok(aq_pool_new(&pool, 2));
	enum { JOBS = 200, TRIES = 500 };
	for (int i = 0; i < JOBS; i++)
		aq_pool_run(pool, 4, uneven, &work);
	const int helped = atomic_load(&work.by_others);
	assert_true(helped <= JOBS / 2);
	for (int i = 0; i < TRIES && atomic_load(&work.by_others) == helped; i++) {
		nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
		aq_pool_run(pool, 4, uneven, &work);
	}
	assert_true(atomic_load(&work.by_others) > helped);
	aq_pool_free(pool);
}

static void test_as_many_as_processors(void **state)
{
	(void)state;
	struct aq_pool *pool;
	ok(aq_pool_new(&pool, 0));
	assert_true(aq_pool_threads(pool) >= 1);
	aq_pool_free(pool);
}

static void blocked(void *self, int number, int worker)
{
	sigset_t set;
	pthread_sigmask(SIG_SETMASK, NULL, &set);
	if (worker > 0 && !sigismember(&set, SIGTERM))
		atomic_store((atomic_int *)self, 1);
	nanosleep(&(struct timespec){ .tv_nsec = 100000 + number % 2 }, NULL);
}

/* Signals are for the caller's thread, which looks for them between two steps. */
static void test_workers_take_no_signals(void **state)
{
	(void)state;
	struct aq_pool *pool;
	atomic_int open = 0;
	ok(aq_pool_new(&pool, 3));
	aq_pool_run(pool, 30, blocked, &open);
	assert_int_equal(atomic_load(&open), 0);
	sigset_t set;
	pthread_sigmask(SIG_SETMASK, NULL, &set);
	assert_false(sigismember(&set, SIGTERM));
	aq_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_item_once),
		cmocka_unit_test(test_job_after_job),
		cmocka_unit_test(test_alone_for_a_while),
		cmocka_unit_test(test_as_many_as_processors),
		cmocka_unit_test(test_workers_take_no_signals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
