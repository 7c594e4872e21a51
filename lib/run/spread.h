/* SPDX-License-Identifier: MIT
 *
 * spread.h - how large a tensor's numbers are, as a histogram for each bin of steps
 *
 * Classes are even on a logarithmic axis of |v|.  A history may hold more numbers than anyone waits
 * for: then a stretch of steps in the middle of each bin is read, as long as `budget` allows, at
 * least one step.  (Rows are packed many at a time: scattered ones would cost as much as all.)
 */
#ifndef AQ_RUN_SPREAD_H
#define AQ_RUN_SPREAD_H

#include "run/bins.h"

enum { AQ_SPREAD_MOST = 64 };

struct aq_spread {
	int classes;     /* set before reading, at most AQ_SPREAD_MOST */
	double low, high; /* the first class has what is smaller than it reaches, too, the last what
			   * is larger */
	float *share;    /* [bins->count][classes] of the numbers that are finite and not 0; NaN in
			  * all where there is none.  A bin without a row is like the one before. */
	uint64_t read, rows; /* rows read, and rows there are */
};

int aq_spread_read(struct aq_spread *spread, const struct aq_bins *bins, struct aq_run *run,
		   const struct aq_column *column, uint64_t budget) AQ_CHECKED;
void aq_spread_free(struct aq_spread *spread);

/* Where class k begins. */
double aq_spread_edge(const struct aq_spread *spread, int k);

#endif
