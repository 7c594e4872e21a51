/* SPDX-License-Identifier: MIT
 *
 * feed.h - which examples a step sees, and how they are changed for it
 *
 * Everything is a function of the seed, the step and the example's place in the batch: an epoch is
 * a random order of the split, cut into batches, the last one smaller where it does not divide.
 *
 * Augmentation: the picture is shifted by dy, dx, each uniform in -shift .. shift, what comes in
 * from outside being 0 (the middle of the numbers), and then flipped left to right with probability
 * 1/2.
 */
#ifndef AQ_DATA_FEED_H
#define AQ_DATA_FEED_H

#include "data/dataset.h"
#include "num/real.h"

struct aq_augment {
	bool flip;
	int shift;
};

/* "flip,shift=2"; NULL is none.  AQ_EUSAGE when it is bad. */
int aq_augment_parse(struct aq_augment *augment, const char *text) AQ_CHECKED;

struct aq_feed {
	const struct aq_dataset *data;
	enum aq_split split;
	bool shuffle;
	int batch;
	uint64_t seed;
	struct aq_augment augment;
	uint64_t step; /* the batch that aq_feed_fill() gives */
	int64_t first; /* added to the place in the split, where it is not shuffled */
};

/* Steps of an epoch; the epoch of a step; examples in the batch of a step; its k-th example. */
int64_t aq_feed_epoch_steps(const struct aq_feed *feed);
int64_t aq_feed_epoch(const struct aq_feed *feed, uint64_t step);
int aq_feed_count(const struct aq_feed *feed, uint64_t step);
int64_t aq_feed_example(const struct aq_feed *feed, uint64_t step, int k);

/* Examples first .. first+n-1 of the batch of feed->step as x [c][y][x][n]; the `fill` of an
 * engine. */
void aq_feed_fill(void *feed, int first, int n, aq_real *x, int32_t *label);

#endif
