/* SPDX-License-Identifier: MIT
 *
 * ring.c - parcels of bytes from one thread to another
 *
 *	 end                         room
 *	  v                           v
 *	  | parcels |      free      | parcels |
 *	            ^ head           ^ tail     ^ wrap: behind it nothing fitted
 *
 * An empty ring begins again at its first byte: where the writer keeps up, the same few pages are used over
 * and over and stay in the caches.
 */
#include "run/ring.h"

#include "base/clock.h"
#include "base/log.h"

#include <pthread.h>
#include <signal.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	WAKE = 1 << 18, /* posted bytes worth a change of threads */
	CACHE_LINE = 64,
};

struct head {
	alignas(max_align_t) size_t size; /* of head and parcel */
};

struct aq_ring {
	int (*work)(void *self, const void *parcel);
	void *self;
	unsigned char *bytes;
	size_t room;
	pthread_t thread;
	bool started;
	size_t taken;            /* where the parcel being filled begins; the poster's own */

	pthread_mutex_t lock;    /* of all that follows */
	pthread_cond_t posted, done;
	size_t head, tail, wrap;
	size_t parcels, pending; /* posted and not done; bytes of them */
	uint64_t number;         /* of the one posted last */
	bool asleep, waiting;    /* the thread; the poster */
	bool over;
	int failed;
	char story[4096];
	uint64_t waits;
	double waited;           /* seconds */
};

/* ---- the thread ------------------------------------------------------------------------------------ */

static void do_next(struct aq_ring *ring)
{
	if (ring->tail == ring->wrap) {
		ring->tail = 0;
		ring->wrap = ring->room;
	}
	const struct head *head = (const struct head *)(const void *)(ring->bytes + ring->tail);
	const bool skip = ring->failed < 0;
	pthread_mutex_unlock(&ring->lock);
	const int rc = skip ? AQ_OK : ring->work(ring->self, head + 1);
	pthread_mutex_lock(&ring->lock);
	if (rc < 0) {
		ring->failed = rc;
		snprintf(ring->story, sizeof ring->story, "%s", aq_story());
	}
	ring->tail += head->size;
	ring->pending -= head->size;
	ring->parcels--;
	if (ring->waiting)
		pthread_cond_signal(&ring->done);
}

static void *thread_main(void *arg)
{
	struct aq_ring *ring = arg;
	pthread_setname_np(pthread_self(), "recorder");
	pthread_mutex_lock(&ring->lock);
	while (ring->parcels > 0 || !ring->over) {
		if (ring->parcels > 0) {
			do_next(ring);
			continue;
		}
		ring->asleep = true;
		while (ring->asleep)
			pthread_cond_wait(&ring->posted, &ring->lock);
	}
	pthread_mutex_unlock(&ring->lock);
	return NULL;
}

static void wake(struct aq_ring *ring)
{
	if (!ring->asleep)
		return;
	ring->asleep = false;
	pthread_cond_signal(&ring->posted);
}

/* ---- beginning and ending -------------------------------------------------------------------------- */

/* Signals are for the caller's thread: this one is born with all of them blocked. */
static int start(struct aq_ring *ring)
{
	sigset_t all, old;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	const int err = pthread_create(&ring->thread, NULL, thread_main, ring);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	ring->started = err == 0;
	return err == 0 ? AQ_OK : aq_fail(AQ_ENOMEM, "cannot start a thread: %s", strerror(err));
}

int aq_ring_new(struct aq_ring **out, size_t room, int (*work)(void *self, const void *parcel), void *self)
{
	*out = NULL;
	struct aq_ring *ring = calloc(1, sizeof *ring);
	if (!ring)
		return aq_fail(AQ_ENOMEM, "out of memory");
	ring->work = work;
	ring->self = self;
	ring->room = ring->wrap = room / CACHE_LINE * CACHE_LINE;
	pthread_mutex_init(&ring->lock, NULL);
	pthread_cond_init(&ring->posted, NULL);
	pthread_cond_init(&ring->done, NULL);
	ring->bytes = aligned_alloc(CACHE_LINE, ring->room);
	const int rc = ring->bytes ? start(ring) : aq_fail(AQ_ENOMEM, "out of memory");
	if (rc < 0)
		aq_ring_free(ring);
	else
		*out = ring;
	return rc;
}

static void end_thread(struct aq_ring *ring)
{
	if (!ring->started)
		return;
	pthread_mutex_lock(&ring->lock);
	ring->over = true;
	wake(ring);
	pthread_mutex_unlock(&ring->lock);
	pthread_join(ring->thread, NULL);
	ring->started = false;
	aq_log(AQ_DEBUG, "the recorder's ring was full %llu times, training waited %.3g s for it",
	       (unsigned long long)ring->waits, ring->waited);
}

void aq_ring_free(struct aq_ring *ring)
{
	if (!ring)
		return;
	end_thread(ring);
	pthread_mutex_destroy(&ring->lock);
	pthread_cond_destroy(&ring->posted);
	pthread_cond_destroy(&ring->done);
	free(ring->bytes);
	free(ring);
}

/* ---- the poster ------------------------------------------------------------------------------------ */

static int failure(const struct aq_ring *ring)
{
	return ring->failed < 0 ? aq_fail((enum aq_code)ring->failed, "%s", ring->story) : AQ_OK;
}

/* Where the next `size` bytes go, if there is room. */
static bool place(struct aq_ring *ring, size_t size)
{
	if (ring->parcels == 0) {
		ring->head = ring->tail = 0;
		ring->wrap = ring->room;
	}
	if (ring->parcels > 0 && ring->head <= ring->tail)
		return ring->tail - ring->head >= size;
	if (ring->room - ring->head >= size)
		return true;
	if (ring->tail < size)
		return false;
	ring->wrap = ring->head;
	ring->head = 0;
	return true;
}

/* Until the thread is through with another parcel; it is hurried. */
static void wait_for_one(struct aq_ring *ring)
{
	wake(ring);
	ring->waiting = true;
	pthread_cond_wait(&ring->done, &ring->lock);
	ring->waiting = false;
}

int aq_ring_take(struct aq_ring *ring, size_t size, void **parcel)
{
	const size_t whole = (sizeof(struct head) + size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
	*parcel = NULL;
	if (whole > ring->room)
		return aq_fail(AQ_EBUG, "%zu bytes never fit into a ring of %zu", whole, ring->room);
	pthread_mutex_lock(&ring->lock);
	if (!place(ring, whole)) {
		const double began = aq_seconds();
		ring->waits++;
		while (!place(ring, whole))
			wait_for_one(ring);
		ring->waited += aq_seconds() - began;
	}
	const int rc = failure(ring);
	ring->taken = ring->head;
	pthread_mutex_unlock(&ring->lock);
	if (rc < 0)
		return rc;
	struct head *head = (struct head *)(void *)(ring->bytes + ring->taken);
	head->size = whole;
	*parcel = head + 1;
	return AQ_OK;
}

uint64_t aq_ring_post(struct aq_ring *ring, bool at_once)
{
	const struct head *head = (const struct head *)(const void *)(ring->bytes + ring->taken);
	pthread_mutex_lock(&ring->lock);
	ring->head = ring->taken + head->size;
	ring->pending += head->size;
	ring->parcels++;
	const uint64_t number = ++ring->number;
	if (at_once || ring->pending >= WAKE)
		wake(ring);
	pthread_mutex_unlock(&ring->lock);
	return number;
}

int aq_ring_wait(struct aq_ring *ring, uint64_t number)
{
	pthread_mutex_lock(&ring->lock);
	while (ring->number - ring->parcels < number)
		wait_for_one(ring);
	const int rc = failure(ring);
	pthread_mutex_unlock(&ring->lock);
	return rc;
}

int aq_ring_end(struct aq_ring *ring)
{
	end_thread(ring);
	return failure(ring);
}
