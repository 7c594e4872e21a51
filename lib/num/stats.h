/* SPDX-License-Identifier: MIT
 *
 * stats.h - what can be said of a gradient in a few numbers
 *
 * A tensor is looked at in parts, while each is near anyway, and the parts are joined in their order.  Sums
 * are made in double.  Element i of a part goes to partial sum i mod 8, the partial sums meet in a fixed
 * tree: the order of additions is part of the definition, and all instruction sets give the same bits.
 */
#ifndef AQ_NUM_STATS_H
#define AQ_NUM_STATS_H

#include "num/real.h"

#include <stddef.h>

/* A part: `count` elements of each, at least one. */
struct aq_stats_of {
	size_t count;
	const aq_real *grad, *previous; /* of this step and of the one before */
	const aq_real *update, *weight; /* what it did, and to what */
};

struct aq_stats {
	double min, max, mean, std; /* of grad; standard deviation of all elements (divisor n) */
	double l1, l2;              /* sum |g|, sqrt(sum g^2) */
	double zeros;               /* share of elements that are exactly 0 */
	double update_ratio;        /* norm of the update / norm of the weight */
	double cosine;              /* of the angle between grad and previous */
};

/* What is kept of a part; spread is the sum of squared distances from the part's own mean. */
struct aq_stats_part {
	double count, sum, sum_abs, zeros, least, largest, spread;
	double grad2, previous2, grad_previous, update2, weight2;
};

struct aq_stats_part aq_stats_of_part(const struct aq_stats_of *of);

/* NaN where an element is NaN; all 0 where there are no parts. */
struct aq_stats aq_stats_join(const struct aq_stats_part *part, int parts);

/* What the kernel stats_sums makes: 8 partial results of each. */
enum {
	AQ_SUM, AQ_SUM_ABS, AQ_SUM_ZEROS, AQ_LEAST, AQ_LARGEST, /* of grad */
	AQ_GRAD2, AQ_PREVIOUS2, AQ_GRAD_PREVIOUS, AQ_UPDATE2, AQ_WEIGHT2, AQ_SUMS,
};
enum { AQ_STATS_LANES = 8 };

#endif
