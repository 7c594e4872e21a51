/* SPDX-License-Identifier: MIT
 *
 * stats.c - what can be said of a gradient in a few numbers
 */
#include "num/stats.h"

#include "num/kernels.h"

#include <math.h>
#include <stdbool.h>

static double tree(const double *part)
{
	return ((part[0] + part[4]) + (part[2] + part[6])) + ((part[1] + part[5]) + (part[3] + part[7]));
}

struct aq_stats_part aq_stats_of_part(const struct aq_stats_of *of)
{
	const struct aq_kernels *kernels = aq_kernels();
	double lane[AQ_SUMS][AQ_STATS_LANES], square[AQ_STATS_LANES];
	kernels->stats_sums(of, lane);
	struct aq_stats_part part = {
		.count = (double)of->count,
		.sum = tree(lane[AQ_SUM]),
		.sum_abs = tree(lane[AQ_SUM_ABS]),
		.zeros = tree(lane[AQ_SUM_ZEROS]),
		.least = lane[AQ_LEAST][0],
		.largest = lane[AQ_LARGEST][0],
		.grad2 = tree(lane[AQ_GRAD2]),
		.previous2 = tree(lane[AQ_PREVIOUS2]),
		.grad_previous = tree(lane[AQ_GRAD_PREVIOUS]),
		.update2 = tree(lane[AQ_UPDATE2]),
		.weight2 = tree(lane[AQ_WEIGHT2]),
	};
	for (int k = 1; k < AQ_STATS_LANES; k++) {
		part.least = lane[AQ_LEAST][k] < part.least ? lane[AQ_LEAST][k] : part.least;
		part.largest = lane[AQ_LARGEST][k] > part.largest ? lane[AQ_LARGEST][k] : part.largest;
	}
	kernels->stats_squares(of->count, of->grad, part.sum / part.count, square);
	part.spread = tree(square);
	return part;
}

/* The spread of two parts together: Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm
 * for Computing Sample Variances" (1979), formula 2.1. */
static void add(struct aq_stats_part *all, const struct aq_stats_part *next)
{
	const double apart = next->sum / next->count - all->sum / all->count;
	all->spread += next->spread + apart * apart * (all->count * next->count / (all->count + next->count));
	all->count += next->count;
	all->sum += next->sum;
	all->sum_abs += next->sum_abs;
	all->zeros += next->zeros;
	all->least = next->least < all->least ? next->least : all->least;
	all->largest = next->largest > all->largest ? next->largest : all->largest;
	all->grad2 += next->grad2;
	all->previous2 += next->previous2;
	all->grad_previous += next->grad_previous;
	all->update2 += next->update2;
	all->weight2 += next->weight2;
}

struct aq_stats aq_stats_join(const struct aq_stats_part *part, int parts)
{
	if (parts == 0)
		return (struct aq_stats){ 0 };
	struct aq_stats_part all = part[0];
	for (int i = 1; i < parts; i++)
		add(&all, &part[i]);
	const bool unknown = isnan(all.sum);
	const double l2 = sqrt(all.grad2);
	return (struct aq_stats){
		.min = unknown ? NAN : all.least,
		.max = unknown ? NAN : all.largest,
		.mean = all.sum / all.count,
		.std = sqrt(all.spread / all.count),
		.l1 = all.sum_abs,
		.l2 = l2,
		.zeros = all.zeros / all.count,
		.update_ratio = sqrt(all.update2) / sqrt(all.weight2),
		.cosine = all.grad_previous / (l2 * sqrt(all.previous2)),
	};
}
