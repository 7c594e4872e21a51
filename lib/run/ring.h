/* SPDX-License-Identifier: MIT
 *
 * ring.h - parcels of bytes from one thread to another, in order, in memory of fixed size
 *
 * One thread takes room, fills it and posts it; the ring's own thread calls work() for each parcel.  A
 * parcel lies in one piece and stays until work() returns.  Is there no room, taking it waits.
 */
#ifndef AQ_RUN_RING_H
#define AQ_RUN_RING_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct aq_ring;

/* `room` bytes, which parcels never exceed; starts the thread.  When work() fails, later parcels are passed
 * over, and every later call of the poster fails with the same code and story. */
int aq_ring_new(struct aq_ring **ring, size_t room, int (*work)(void *self, const void *parcel), void *self) AQ_CHECKED;

/* Ends the thread behind the last parcel; accepts NULL. */
void aq_ring_free(struct aq_ring *ring);

/* Room for the next parcel, aligned for any type.  Allocates nothing. */
int aq_ring_take(struct aq_ring *ring, size_t size, void **parcel) AQ_CHECKED;

/* The parcel taken last is filled; returns its number, from 1.  The thread may sleep on small ones for a
 * while; not if `at_once`. */
uint64_t aq_ring_post(struct aq_ring *ring, bool at_once);

/* Until the parcel of that number, and all before it, are done. */
int aq_ring_wait(struct aq_ring *ring, uint64_t number) AQ_CHECKED;

/* The same, and end the thread: what it used is the caller's again.  Nothing may be posted any more. */
int aq_ring_end(struct aq_ring *ring) AQ_CHECKED;

#endif
