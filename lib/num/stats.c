/* SPDX-License-Identifier: MIT
 *
 * stats.c - what can be said of a gradient in a few numbers
 */
#include "num/stats.h"

#include "num/kernels.h"

#include <math.h>

static double tree(const double *part)
{
	return ((part[0] + part[4]) + (part[2] + part[6])) + ((part[1] + part[5]) + (part[3] + part[7]));
}

struct aq_stats aq_stats(const struct aq_stats_of *of)
{
	const struct aq_kernels *kernels = aq_kernels();
	const double count = (double)of->count;
	double lane[AQ_SUMS][AQ_STATS_LANES], square[AQ_STATS_LANES], sum[AQ_SUMS];
	struct aq_stats s = { 0 };
	if (of->count == 0)
		return s;
	kernels->stats_sums(of, lane);
	for (int i = 0; i < AQ_SUMS; i++)
		sum[i] = tree(lane[i]);
	s.min = lane[AQ_LEAST][0];
	s.max = lane[AQ_LARGEST][0];
	for (int k = 1; k < AQ_STATS_LANES; k++) {
		s.min = lane[AQ_LEAST][k] < s.min ? lane[AQ_LEAST][k] : s.min;
		s.max = lane[AQ_LARGEST][k] > s.max ? lane[AQ_LARGEST][k] : s.max;
	}
	if (isnan(sum[AQ_SUM]))
		s.min = s.max = NAN;
	s.mean = sum[AQ_SUM] / count;
	kernels->stats_squares(of->count, of->grad, s.mean, square);
	s.std = sqrt(tree(square) / count);
	s.l1 = sum[AQ_SUM_ABS];
	s.l2 = sqrt(sum[AQ_GRAD2]);
	s.zeros = sum[AQ_SUM_ZEROS] / count;
	s.update_ratio = sqrt(sum[AQ_UPDATE2]) / sqrt(sum[AQ_WEIGHT2]);
	s.cosine = sum[AQ_GRAD_PREVIOUS] / (s.l2 * sqrt(sum[AQ_PREVIOUS2]));
	return s;
}
