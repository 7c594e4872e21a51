/* SPDX-License-Identifier: MIT
 *
 * courier.h - carries what training has to record to a thread that writes it
 *
 * Training copies its rows into a ring of fixed size and goes on; one thread packs and writes them.  A full
 * ring makes training wait, and is counted; nothing is ever dropped.  What is larger than the ring, the rows
 * of a very large tensor, is written from where it stands, while training waits.  So the memory it takes is
 * bounded whatever the network.
 *
 * Training is at most a whole segment ahead of what is published.  A failure to write comes back from the
 * next call, with its story.
 */
#ifndef AQ_RUN_COURIER_H
#define AQ_RUN_COURIER_H

#include "run/recorder.h"

enum { AQ_COURIER_ROOM = 24 << 20 }; /* bytes of the ring */

struct aq_courier;

/* Begin or take up, as aq_recorder_new() does; then start the thread. */
int aq_courier_new(struct aq_courier **courier, const struct aq_making *making, const char *folder,
		   bool resume) AQ_CHECKED;

/* Writes what was handed over, where it still can, and ends. */
void aq_courier_free(struct aq_courier *courier);

/* After aq_trainer_step(): take the rows of the step and hand them over. */
int aq_courier_step(struct aq_courier *courier) AQ_CHECKED;

/* Seconds that training itself spent so far: on the rows of its steps, and on handing them over. */
struct aq_courier_spent {
	double rows, handing;
};
struct aq_courier_spent aq_courier_spent(const struct aq_courier *courier);

/* The score of a split after trainer->step steps. */
int aq_courier_eval(struct aq_courier *courier, enum aq_split split, struct aq_score score) AQ_CHECKED;

/* After step and evals: where a segment is full, have it published and the next one begun. */
int aq_courier_turn(struct aq_courier *courier) AQ_CHECKED;

/* Publish what is there, wait for it, and go on. */
int aq_courier_save(struct aq_courier *courier) AQ_CHECKED;

/* Publish what is there, and end the thread: only freeing and sealing may follow. */
int aq_courier_stop(struct aq_courier *courier) AQ_CHECKED;

/* After the last step: stop, and make the sealed file. */
int aq_courier_seal(struct aq_courier *courier, const char *out) AQ_CHECKED;

#endif
