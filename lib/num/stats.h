/* SPDX-License-Identifier: MIT
 *
 * stats.h - what can be said of a gradient in a few numbers
 */
#ifndef AQ_NUM_STATS_H
#define AQ_NUM_STATS_H

#include "num/real.h"

#include <stddef.h>

struct aq_moments {
	double min, max, mean, std; /* standard deviation of all elements (divisor n) */
	double l1, l2;              /* sum |v|, sqrt(sum v^2) */
	double zeros;               /* share of elements that are exactly 0 */
};

/* Of `count` elements; sums in double, in a fixed order whatever the processor.  NaN where one is NaN. */
struct aq_moments aq_moments(const aq_real *v, size_t count);

/* Sum of a*b and square root of the sum of a*a, in the same fixed order. */
double aq_dot(const aq_real *a, const aq_real *b, size_t count);
double aq_norm(const aq_real *a, size_t count);

#endif
