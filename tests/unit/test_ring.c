/* SPDX-License-Identifier: MIT
 *
 * Parcels through a ring arrive whole and in order, whatever their sizes; a full ring waits; a failure
 * comes back with its story and nothing hangs.
 */
#include "run/ring.h"

#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { ROOM = 4096, MOST = 1500, PARCELS = 20000 };

struct parcel {
	uint64_t number;
	size_t size;
	unsigned char bytes[];
};

struct reader {
	uint64_t seen, fails_at;
	bool wrong, slow;
};

static unsigned char byte_of(uint64_t number, size_t i)
{
	return (unsigned char)(number * 7 + i);
}

static int read_parcel(void *self, const void *at)
{
	struct reader *reader = self;
	const struct parcel *p = at;
	reader->wrong |= p->number != ++reader->seen;
	for (size_t i = 0; i < p->size; i++)
		reader->wrong |= p->bytes[i] != byte_of(p->number, i);
	if (reader->slow && p->number % 64 == 0)
		nanosleep(&(struct timespec){ 0, 100000 }, NULL);
	if (p->number == reader->fails_at)
		return aq_fail(AQ_EIO, "no room on %s\n  really", "disk");
	return AQ_OK;
}

static int post(struct aq_ring *ring, uint64_t number, size_t size)
{
	struct parcel *p;
	const int rc = aq_ring_take(ring, sizeof *p + size, (void **)&p);
	if (rc < 0)
		return rc;
	p->number = number;
	p->size = size;
	for (size_t i = 0; i < size; i++)
		p->bytes[i] = byte_of(number, i);
	assert_int_equal(aq_ring_post(ring, number % 17 == 0), number);
	return AQ_OK;
}

static void run(bool slow, size_t most)
{
	struct reader reader = { .slow = slow };
	struct aq_ring *ring;
	assert_int_equal(aq_ring_new(&ring, ROOM, read_parcel, &reader), 0);
	for (uint64_t i = 1; i <= PARCELS; i++) {
		const size_t size = aq_rng_word(1, AQ_STREAM_SYNTH, 0, (uint32_t)i, 0) % most;
		assert_int_equal(post(ring, i, size), 0);
		if (i % 1000 == 0) {
			assert_int_equal(aq_ring_wait(ring, i), 0);
			assert_int_equal(reader.seen, i);
		}
	}
	assert_int_equal(aq_ring_end(ring), 0);
	assert_int_equal(reader.seen, PARCELS);
	assert_false(reader.wrong);
	aq_ring_free(ring);
}

static void test_order(void **state)
{
	(void)state;
	run(false, MOST);
	run(true, MOST);
	run(true, 30);
}

/* As large as the ring, to the byte, and not a byte more. */
static void test_largest(void **state)
{
	(void)state;
	struct reader reader = { 0 };
	struct aq_ring *ring;
	const size_t head = 16 + sizeof(struct parcel);
	assert_int_equal(aq_ring_new(&ring, ROOM, read_parcel, &reader), 0);
	for (uint64_t i = 1; i <= 50; i++)
		assert_int_equal(post(ring, i, i % 3 ? ROOM - head : i), 0);
	assert_int_equal(post(ring, 51, ROOM - head + 1), AQ_EBUG);
	assert_int_equal(aq_ring_end(ring), 0);
	assert_int_equal(reader.seen, 50);
	assert_false(reader.wrong);
	aq_ring_free(ring);
}

static void test_failure(void **state)
{
	(void)state;
	struct reader reader = { .fails_at = 20, .slow = true };
	struct aq_ring *ring;
	int rc = 0;
	uint64_t i = 0;
	assert_int_equal(aq_ring_new(&ring, ROOM, read_parcel, &reader), 0);
	while (rc == 0 && i < PARCELS)
		rc = post(ring, ++i, 700);
	assert_int_equal(rc, AQ_EIO);
	assert_string_equal(aq_story(), "no room on disk\n  really");
	assert_true(i > 20 && i < 40);
	aq_fail(AQ_EBUG, "another story");
	assert_int_equal(aq_ring_wait(ring, i - 1), AQ_EIO);
	assert_string_equal(aq_story(), "no room on disk\n  really");
	assert_int_equal(aq_ring_end(ring), AQ_EIO);
	assert_int_equal(reader.seen, 20);
	aq_ring_free(ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_largest),
		cmocka_unit_test(test_failure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
