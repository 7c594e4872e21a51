/* SPDX-License-Identifier: MIT
 *
 * bins.h - columns of a run reduced to as many bins of steps as a picture has pixels
 *
 * Every recorded row lies in one bin, and of each bin the least, the greatest and the mean are
 * kept: no extreme is lost, and memory depends on the number of bins alone, not on that of steps.
 */
#ifndef AQ_RUN_BINS_H
#define AQ_RUN_BINS_H

#include "run/run.h"

/* Steps 0 .. steps-1 cut into bins for `pixels` columns of pixels.  Pixel p begins at step
 * steps * p / pixels, or with `log` at (steps+1)^(p/pixels) - 1; neighbours that begin within the
 * same step share a bin. */
struct aq_bins {
	uint64_t steps;
	int count, pixels;
	bool log;
	uint64_t *start; /* [count+1]: bin b holds the steps start[b] .. start[b+1]-1 */
	int *of_pixel;	 /* [pixels] */
};

int aq_bins_new(struct aq_bins *bins, uint64_t steps, int pixels, bool log) AQ_CHECKED;
void aq_bins_free(struct aq_bins *bins);

/* Of each column and bin, [columns][bins->count].  Numbers that are not finite are counted in `odd`
 * and are no part of the rest; where nothing is left that is NaN.  A bin between two rows of a
 * column that was recorded every so many steps has the values of the bin before it. */
struct aq_binned {
	float *mean, *low, *high, *odd;
};

/* Columns of float numbers; NULL stands for one that was not recorded, all NaN. */
int aq_bins_read(const struct aq_bins *bins, struct aq_run *run,
		 const struct aq_column *const *columns, int count,
		 struct aq_binned *binned) AQ_CHECKED;
void aq_binned_free(struct aq_binned *binned);

#endif
