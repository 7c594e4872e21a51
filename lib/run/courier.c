/* SPDX-License-Identifier: MIT
 *
 * courier.c - what training hands over to be recorded, parcel by parcel
 *
 * A parcel holds the rows of some columns of a step, one evaluation, or a state.  Its bytes are copied at the
 * moment they belong to, behind its head; only what the ring cannot hold is pointed to, and training waits
 * until that is written.
 */
#include "run/courier.h"

#include "base/clock.h"
#include "base/log.h"
#include "run/ring.h"
#include "run/runfile.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = AQ_COURIER_ROOM / 4, ALIGN = 8 };

enum kind { ROWS, EVAL, TURN, SAVE, STOP };

struct parcel {
	enum kind kind;
	bool last;                /* ROWS: the step is complete */
	int first, end;           /* ROWS: of these columns, those that are due */
	uint64_t step;
	const void *there;        /* ROWS: the elements of the one column, which are not in the parcel */
	struct aq_eval eval;
	struct aq_state state;    /* TURN, SAVE, STOP */
};

struct aq_courier {
	struct aq_making making;
	struct aq_recorder *recorder;
	struct aq_ring *ring;
	size_t *bytes;            /* of a row of each column */
	uint64_t turned;          /* number of the last TURN; 0: none yet */
	struct aq_courier_spent spent;
	uint64_t steps;
};

static size_t aligned(size_t bytes)
{
	return (bytes + ALIGN - 1) / ALIGN * ALIGN;
}

/* ---- where it is written --------------------------------------------------------------------------- */

static int write_rows(struct aq_courier *c, const struct parcel *p, const char *elements)
{
	const struct aq_record *record = c->making.record;
	int rc = AQ_OK;
	for (int i = p->first; i < p->end; i++) {
		if (p->step % record->column[i].every != 0)
			continue;
		AQ_TRY(aq_recorder_row(c->recorder, i, p->there ? p->there : elements));
		elements += aligned(c->bytes[i]);
	}
	if (p->last)
		aq_recorder_stepped(c->recorder);
done:
	return rc;
}

static int write_parcel(void *self, const void *at)
{
	struct aq_courier *c = self;
	const struct parcel *p = at;
	switch (p->kind) {
	case ROWS:
		return write_rows(c, p, (const char *)(p + 1));
	case EVAL:
		return aq_recorder_eval(c->recorder, &p->eval);
	case TURN:
		return aq_recorder_turn(c->recorder, &p->state);
	case SAVE:
	case STOP:
		break;
	}
	return aq_recorder_save(c->recorder, &p->state, p->kind == SAVE);
}

/* ---- beginning and ending -------------------------------------------------------------------------- */

int aq_courier_new(struct aq_courier **out, const struct aq_making *making, const char *folder, bool resume)
{
	const struct aq_record *record = making->record;
	int rc;
	*out = NULL;
	struct aq_courier *c = calloc(1, sizeof *c);
	if (!c || !(c->bytes = calloc((size_t)record->columns, sizeof *c->bytes))) {
		rc = aq_fail(AQ_ENOMEM, "out of memory");
		goto done;
	}
	c->making = *making;
	for (int i = 0; i < record->columns; i++) {
		struct aq_h5_shape row = record->column[i].shape;
		row.dim[0] = 1;
		c->bytes[i] = aq_h5_bytes(&row);
	}
	AQ_TRY(aq_recorder_new(&c->recorder, making, folder, resume));
	AQ_TRY(aq_ring_new(&c->ring, AQ_COURIER_ROOM, write_parcel, c));
	*out = c;
done:
	if (rc < 0)
		aq_courier_free(c);
	return rc;
}

void aq_courier_free(struct aq_courier *c)
{
	if (!c)
		return;
	aq_ring_free(c->ring);
	aq_recorder_free(c->recorder);
	free(c->bytes);
	free(c);
}

/* ---- handing over ---------------------------------------------------------------------------------- */

/* The columns from `first` on that fit into a parcel, at least one. */
static int gather(const struct aq_courier *c, uint64_t step, int first, size_t *bytes)
{
	const struct aq_record *record = c->making.record;
	int end = first;
	*bytes = 0;
	for (; end < record->columns; end++) {
		const size_t more = step % record->column[end].every == 0 ? aligned(c->bytes[end]) : 0;
		if (end > first && *bytes + more > MOST)
			break;
		*bytes += more;
	}
	return end;
}

static int hand_over(struct aq_courier *c, const struct parcel *head, size_t bytes)
{
	const struct aq_record *record = c->making.record;
	struct aq_rows *rows = c->making.rows;
	struct parcel *p;
	int rc;
	AQ_TRY(aq_ring_take(c->ring, sizeof *p + bytes, (void **)&p));
	*p = *head;
	char *to = (char *)(p + 1);
	for (int i = head->first; i < head->end; i++) {
		if (!aq_rows_due(rows, &record->column[i]))
			continue;
		memcpy(to, aq_rows_at(rows, &record->column[i]), c->bytes[i]);
		to += aligned(c->bytes[i]);
	}
	aq_ring_post(c->ring, false);
done:
	return rc;
}

static int hand_in_place(struct aq_courier *c, const struct parcel *head)
{
	struct parcel *p;
	int rc;
	AQ_TRY(aq_ring_take(c->ring, sizeof *p, (void **)&p));
	*p = *head;
	p->there = aq_rows_at(c->making.rows, &c->making.record->column[head->first]);
	rc = aq_ring_wait(c->ring, aq_ring_post(c->ring, true));
done:
	return rc;
}

int aq_courier_step(struct aq_courier *c)
{
	const int columns = c->making.record->columns;
	struct parcel head = { .kind = ROWS, .step = (uint64_t)c->making.trainer->step - 1 };
	const double began = aq_seconds();
	int rc = AQ_OK;
	aq_rows_take(c->making.rows);
	const double took = aq_seconds();
	while (head.end < columns) {
		size_t bytes;
		head.first = head.end;
		head.end = gather(c, head.step, head.first, &bytes);
		head.last = head.end == columns;
		AQ_TRY(bytes > MOST ? hand_in_place(c, &head) : hand_over(c, &head, bytes));
	}
	c->spent.rows += took - began;
	c->spent.handing += aq_seconds() - took;
	c->steps++;
done:
	return rc;
}

struct aq_courier_spent aq_courier_spent(const struct aq_courier *c)
{
	return c->spent;
}

int aq_courier_eval(struct aq_courier *c, enum aq_split split, struct aq_score score)
{
	struct parcel *p;
	int rc;
	AQ_TRY(aq_ring_take(c->ring, sizeof *p, (void **)&p));
	*p = (struct parcel){ .kind = EVAL };
	p->eval = (struct aq_eval){ .step = (uint64_t)c->making.trainer->step, .split = (uint8_t)split,
				    .loss = (float)score.loss, .error = (float)score.error,
				    .top5 = (float)score.top5 };
	aq_ring_post(c->ring, false);
done:
	return rc;
}

/* Copy the arrays of a state to `to` and have it point there. */
static void copy_state(struct aq_state *state, size_t count, aq_real *to)
{
	aq_real **const arrays[] = { &state->weights, &state->slot[0], &state->slot[1], &state->previous };
	_Static_assert(AQ_MOST_SLOTS == 2, "as many slots as are listed");
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
		if (!*arrays[i])
			continue;
		memcpy(to, *arrays[i], count * sizeof *to);
		*arrays[i] = to;
		to += count;
	}
}

/* *number becomes that of the parcel. */
static int hand_state(struct aq_courier *c, enum kind kind, uint64_t *number)
{
	struct parcel head = { .kind = kind };
	struct parcel *p;
	int rc;
	head.state = aq_state_of(c->making.trainer, aq_rows_previous(c->making.rows));
	const size_t count = c->making.net->count, arrays = 1 + (size_t)head.state.slots + !!head.state.previous;
	const size_t bytes = arrays * count * sizeof(aq_real);
	const bool fits = bytes <= MOST;
	AQ_TRY(aq_ring_take(c->ring, sizeof *p + (fits ? bytes : 0), (void **)&p));
	*p = head;
	if (fits)
		copy_state(&p->state, count, (aq_real *)(p + 1));
	*number = aq_ring_post(c->ring, true);
	if (!fits)
		rc = aq_ring_wait(c->ring, *number);
done:
	return rc;
}

int aq_courier_turn(struct aq_courier *c)
{
	int rc;
	if ((uint64_t)c->making.trainer->step % aq_recorder_length(c->recorder) != 0)
		return AQ_OK;
	/* Training is never more than a segment ahead: that much a kill may cost. */
	AQ_TRY(aq_ring_wait(c->ring, c->turned));
	AQ_TRY(hand_state(c, TURN, &c->turned));
done:
	return rc;
}

int aq_courier_save(struct aq_courier *c)
{
	uint64_t number;
	int rc;
	AQ_TRY(hand_state(c, SAVE, &number));
	AQ_TRY(aq_ring_wait(c->ring, number));
done:
	return rc;
}

int aq_courier_stop(struct aq_courier *c)
{
	uint64_t number;
	int rc;
	AQ_TRY(hand_state(c, STOP, &number));
	AQ_TRY(aq_ring_end(c->ring));
	if (c->steps > 0)
		aq_log(AQ_DEBUG, "training spent %.1f us a step on its record",
		       1e6 * (c->spent.rows + c->spent.handing) / (double)c->steps);
done:
	return rc;
}

int aq_courier_seal(struct aq_courier *c, const char *out)
{
	int rc;
	AQ_TRY(aq_courier_stop(c));
	AQ_TRY(aq_recorder_seal(c->recorder, out));
done:
	return rc;
}
