/* SPDX-License-Identifier: MIT
 *
 * tsne.h - points of many dimensions laid out in a plane so that neighbours stay neighbours
 *
 * t-SNE (van der Maaten and Hinton, "Visualizing data using t-SNE", 2008), with the approximation
 * of Barnes and Hut from AQ_TSNE_EXACT points on (van der Maaten, "Accelerating t-SNE using
 * tree-based algorithms", 2014): neighbours are the 3 * perplexity nearest points, and repulsion
 * comes from the cells of a quadtree that look smaller than theta.  The plane starts from the first
 * two principal components; early exaggeration 12 for 250 iterations, momentum 0.5 and then 0.8,
 * gains, and a learning rate of n / 12, at least 200 (Belkina et al., 2019).  The same points, seed
 * and options give the same bits with any number of threads.
 */
#ifndef AQ_LOOK_TSNE_H
#define AQ_LOOK_TSNE_H

#include "base/err.h"
#include "base/threads.h"

#include <stdint.h>

enum { AQ_TSNE_EXACT = 1000, AQ_TSNE_DIMENSIONS = 50 };

struct aq_tsne_args {
	int count, dimensions;
	double perplexity, theta;
	int iterations;
	uint64_t seed; /* of the trace of noise in the start, and of projections */
};

/* Reduce x [count][dimensions] to its first `keep` principal components, out [count][keep], the
 * strongest first (fewer than `keep` where there are no more: the rest is 0).  More than 1024
 * dimensions are projected at random onto 512 before, unless there are fewer points than that. */
int aq_pca(const float *x, int count, int dimensions, int keep, uint64_t seed, float *out,
	   struct aq_pool *pool) AQ_CHECKED;

/* x [count][dimensions] (at most AQ_TSNE_DIMENSIONS are wise) to y [count][2]; *divergence is the
 * Kullback-Leibler divergence reached.  AQ_EUSAGE when the perplexity is less than 1, or when there
 * are not more than 3 * perplexity points. */
int aq_tsne(const struct aq_tsne_args *args, const float *x, float *y, double *divergence,
	    struct aq_pool *pool) AQ_CHECKED;

/* The codes of a layer, whatever their size and number: reduced to AQ_TSNE_DIMENSIONS principal components
 * at the most, brought to a common size, laid out.  A perplexity of 0 becomes 30, or what the points
 * allow. */
int aq_tsne_codes(struct aq_tsne_args *args, const float *codes, float *y, double *divergence,
		  struct aq_pool *pool) AQ_CHECKED;

#endif
