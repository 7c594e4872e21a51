/* SPDX-License-Identifier: MIT
 *
 * moments.h - mean, deviation and extremes of numbers that come in portions
 */
#ifndef AQ_LOOK_MOMENTS_H
#define AQ_LOOK_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

/* {0} is nothing yet.  Numbers that are not finite are counted and are no part of the rest. */
struct aq_moments {
	uint64_t count, odd; /* finite ones; the others */
	double mean, square; /* square: the sum of squared distances from the mean */
	float min, max;
};

void aq_moments_add(struct aq_moments *moments, const float *values, size_t count);

/* Standard deviation (divisor n); 0 of nothing. */
double aq_moments_std(const struct aq_moments *moments);

#endif
