/* SPDX-License-Identifier: MIT
 *
 * tsne.c - points of many dimensions laid out in a plane so that neighbours stay neighbours
 *
 *	p_ij   how likely i and j are neighbours: symmetric, a row of neighbours for each point
 *	q_ij   = (1 + |y_i - y_j|^2)^-1 / Z
 *	dy_i   = 4 (sum_j p_ij q_ij Z (y_i - y_j)  -  sum_j q_ij^2 Z (y_i - y_j))
 *	         attraction along the rows            repulsion by all, or by the cells of a tree
 */
#include "look/tsne.h"

#include "base/log.h"
#include "base/rng.h"
#include "look/quadtree.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { EXAGGERATED = 250 };

struct layout {
	const struct aq_tsne_args *args;
	struct aq_pool *pool;
	int n, k; /* points, neighbours of each */
	const float *x;
	int32_t *near; /* [n][k] */
	double *p;     /* [n][k]: p_j|i */
	size_t *row;   /* [n + 1]: where the symmetric rows begin */
	int32_t *column;
	double *value;		  /* p_ij */
	double *y, *step, *gain;  /* [n][2] */
	double *attract, *repel;  /* [n][2] */
	double *z;		  /* [n]: each point's part of Z */
	struct aq_quadtree *tree; /* NULL: exact */
	float *distance;	  /* a row for each worker */
	double exaggeration;
};

/* ---- neighbours --------------------------------------------------------------------------------
 */

struct neighbour {
	float distance;
	int32_t index;
};

static bool is_less(struct neighbour a, struct neighbour b)
{
	return a.distance < b.distance || (a.distance <= b.distance && a.index < b.index);
}

static float squared_distance(const float *a, const float *b, int d)
{
	float sum = 0;
	for (int i = 0; i < d; i++)
		sum += (a[i] - b[i]) * (a[i] - b[i]);
	return sum;
}

/* Keep the k nearest in a heap whose root is the farthest of them. */
static void sift(struct neighbour *heap, int size, int at)
{
	for (;;) {
		int largest = at;
		for (int child = 2 * at + 1; child <= 2 * at + 2 && child < size; child++)
			if (is_less(heap[largest], heap[child]))
				largest = child;
		if (largest == at)
			return;
		const struct neighbour swap = heap[at];
		heap[at] = heap[largest];
		heap[largest] = swap;
		at = largest;
	}
}

/* p_j|i of one point: the width of its normal distribution is found by halving until the perplexity
 * fits. */
static void find_width(const struct layout *l, const float *distance, double *p)
{
	const double wanted = log(l->args->perplexity);
	double beta = 1, low = 0, high = INFINITY, sum = 0;
	double nearest = INFINITY;
	for (int j = 0; j < l->k; j++)
		nearest = fmin(nearest, (double)distance[j]);
	for (int turn = 0; turn < 200; turn++) {
		double weighted = 0;
		sum = 0;
		for (int j = 0; j < l->k; j++) {
			const double d = (double)distance[j] - nearest;
			p[j] = exp(-beta * d);
			sum += p[j];
			weighted += beta * d * p[j];
		}
		/* Not 0: there are 3 neighbours at the least, and the nearest adds 1. */
		/* cppcheck-suppress invalidFunctionArg */
		const double entropy = log(sum) + weighted / sum;
		if (fabs(entropy - wanted) < 1e-5)
			break;
		if (entropy > wanted) {
			low = beta;
			beta = isinf(high) ? 2 * beta : (beta + high) / 2;
		} else {
			high = beta;
			beta = (beta + low) / 2;
		}
	}
	for (int j = 0; j < l->k; j++)
		p[j] /= sum;
}

static void find_neighbours(void *self, int i, int worker)
{
	struct layout *l = self;
	const int d = l->args->dimensions, k = l->k;
	struct neighbour *heap =
		(struct neighbour *)(void *)(l->distance + (size_t)worker * 3 * (size_t)k);
	float *distance = (float *)(heap + k);
	int size = 0;
	for (int j = 0; j < l->n; j++) {
		if (j == i)
			continue;
		const struct neighbour one = { squared_distance(l->x + (size_t)i * (size_t)d,
								l->x + (size_t)j * (size_t)d, d),
					       j };
		if (size < k) {
			heap[size++] = one;
			for (int at = size / 2 - 1; size == k && at >= 0; at--)
				sift(heap, size, at);
		} else if (is_less(one, heap[0])) {
			heap[0] = one;
			sift(heap, size, 0);
		}
	}
	for (int j = 0; j < k; j++) {
		l->near[(size_t)i * (size_t)k + (size_t)j] = heap[j].index;
		distance[j] = heap[j].distance;
	}
	find_width(l, distance, l->p + (size_t)i * (size_t)k);
	if (worker == 0)
		aq_progress("points", (uint64_t)i, (uint64_t)l->n);
}

/* p_ij = (p_j|i + p_i|j) / 2n, in rows: each entry goes to the row of i and, mirrored, to that of
 * j; entries of the same pair are then added. */
static int make_symmetric(struct layout *l)
{
	const size_t n = (size_t)l->n, k = (size_t)l->k;
	size_t *fill = calloc(n + 1, sizeof *fill);
	l->row = calloc(n + 1, sizeof *l->row);
	l->column = malloc(2 * n * k * sizeof *l->column);
	l->value = malloc(2 * n * k * sizeof *l->value);
	if (!fill || !l->row || !l->column || !l->value) {
		free(fill);
		return aq_fail(AQ_ENOMEM, "out of memory");
	}
	for (size_t i = 0; i < n; i++) {
		l->row[i + 1] += k;
		for (size_t j = 0; j < k; j++)
			l->row[(size_t)l->near[i * k + j] + 1]++;
	}
	for (size_t i = 0; i < n; i++)
		l->row[i + 1] += l->row[i];
	memcpy(fill, l->row, n * sizeof *fill);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < k; j++) {
			const size_t other = (size_t)l->near[i * k + j];
			const double half = l->p[i * k + j] / (2 * (double)n);
			l->column[fill[i]] = (int32_t)other;
			l->value[fill[i]++] = half;
			l->column[fill[other]] = (int32_t)i;
			l->value[fill[other]++] = half;
		}
	free(fill);
	return AQ_OK;
}

/* ---- one iteration -----------------------------------------------------------------------------
 */

static void attract(const struct layout *l, int i, double *force)
{
	const double *y = l->y;
	double fx = 0, fy = 0;
	for (size_t e = l->row[i]; e < l->row[i + 1]; e++) {
		const double dx = y[2 * i] - y[2 * l->column[e]],
			     dy = y[2 * i + 1] - y[2 * l->column[e] + 1];
		const double pull = l->value[e] / (1 + dx * dx + dy * dy);
		fx += pull * dx;
		fy += pull * dy;
	}
	force[0] = fx;
	force[1] = fy;
}

static double repel_exactly(const struct layout *l, int i, double *force)
{
	const double *y = l->y;
	double fx = 0, fy = 0, z = 0;
	for (int j = 0; j < l->n; j++) {
		const double dx = y[2 * i] - y[2 * j], dy = y[2 * i + 1] - y[2 * j + 1];
		const double q = j == i ? 0 : 1 / (1 + dx * dx + dy * dy);
		z += q;
		fx += q * q * dx;
		fy += q * q * dy;
	}
	force[0] = fx;
	force[1] = fy;
	return z;
}

static void find_forces(void *self, int i, int worker)
{
	struct layout *l = self;
	(void)worker;
	attract(l, i, l->attract + 2 * i);
	l->z[i] = l->tree ? aq_quadtree_repel(l->tree, i, l->args->theta, l->repel + 2 * i)
			  : repel_exactly(l, i, l->repel + 2 * i);
}

static double find_all_forces(struct layout *l)
{
	double z = 0;
	if (l->tree)
		aq_quadtree_build(l->tree, l->y, l->n);
	aq_pool_run(l->pool, l->n, find_forces, l);
	for (int i = 0; i < l->n; i++)
		z += l->z[i];
	return z;
}

static void move_points(struct layout *l, double z, double momentum)
{
	const double eta = fmax(200, l->n / 12.0);
	double mean[2] = { 0 };
	for (int c = 0; c < 2 * l->n; c++) {
		const double slope = 4 * (l->exaggeration * l->attract[c] - l->repel[c] / z);
		l->gain[c] = (slope > 0) != (l->step[c] > 0) ? l->gain[c] + 0.2
							     : fmax(0.8 * l->gain[c], 0.01);
		l->step[c] = momentum * l->step[c] - eta * l->gain[c] * slope;
		l->y[c] += l->step[c];
		mean[c % 2] += l->y[c] / l->n;
	}
	for (int c = 0; c < 2 * l->n; c++)
		l->y[c] -= mean[c % 2];
}

static double find_divergence(struct layout *l)
{
	const double z = find_all_forces(l);
	double sum = 0;
	/* Rows may name a pair twice, with its two halves; together they are p_ij. */
	double *whole = calloc((size_t)l->n, sizeof *whole);
	for (int i = 0; i < l->n && whole; i++) {
		for (size_t e = l->row[i]; e < l->row[i + 1]; e++)
			whole[l->column[e]] += l->value[e];
		for (size_t e = l->row[i]; e < l->row[i + 1]; e++) {
			const int j = l->column[e];
			const double p = whole[j], dx = l->y[2 * i] - l->y[2 * j],
				     dy = l->y[2 * i + 1] - l->y[2 * j + 1];
			whole[j] = 0;
			if (p > 0)
				sum += p * log(p * z * (1 + dx * dx + dy * dy));
		}
	}
	free(whole);
	return sum;
}

/* ---- the whole ---------------------------------------------------------------------------------
 */

static int take_arrays(struct layout *l)
{
	const size_t n = (size_t)l->n, k = (size_t)l->k, workers = (size_t)aq_pool_threads(l->pool);
	l->near = malloc(n * k * sizeof *l->near);
	l->p = malloc(n * k * sizeof *l->p);
	l->distance = malloc(workers * 3 * k * sizeof *l->distance);
	double **const planes[] = { &l->y, &l->step, &l->gain, &l->attract, &l->repel, &l->z };
	bool ok = l->near && l->p && l->distance;
	for (size_t i = 0; i < sizeof planes / sizeof *planes; i++)
		ok = ok && (*planes[i] = calloc(2 * n, sizeof(double)));
	if (!ok)
		return aq_fail(AQ_ENOMEM, "out of memory");
	return l->n < AQ_TSNE_EXACT ? AQ_OK : aq_quadtree_new(&l->tree, l->n);
}

/* The first two principal components, small, with a trace of noise so that equal points part. */
static int start(struct layout *l)
{
	float *two = malloc(2 * (size_t)l->n * sizeof *two);
	double square = 0;
	int rc = two ? aq_pca(l->x, l->n, l->args->dimensions, 2, l->args->seed, two, l->pool)
		     : aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(rc);
	for (int i = 0; i < l->n; i++)
		square += (double)two[2 * i] * (double)two[2 * i] / l->n;
	const double scale = square > 0 ? 1e-4 / sqrt(square) : 0;
	for (int c = 0; c < 2 * l->n; c++) {
		l->y[c] = (double)two[c] * scale +
			  1e-6 * aq_rng_normal(l->args->seed, AQ_STREAM_EMBED, 1, 0, (uint32_t)c);
		l->gain[c] = 1;
	}
done:
	free(two);
	return rc;
}

static void release(struct layout *l)
{
	void *const all[] = { l->near, l->p,	l->row,	    l->column, l->value, l->y,
			      l->step, l->gain, l->attract, l->repel,  l->z,	 l->distance };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		free(all[i]);
	aq_quadtree_free(l->tree);
}

int aq_tsne(const struct aq_tsne_args *args, const float *x, float *y, double *divergence,
	    struct aq_pool *pool)
{
	struct layout l = { .args = args, .pool = pool, .n = args->count, .x = x };
	int rc;
	if (!(args->perplexity >= 1))
		return aq_fail(AQ_EUSAGE,
			       "a perplexity of %g is less than one neighbour; choose 1 or more",
			       args->perplexity);
	if (args->count < 4 || args->count - 1 < 3 * args->perplexity)
		return aq_fail(AQ_EUSAGE,
			       "a perplexity of %g wants more than %g points, there are %d; choose "
			       "a smaller "
			       "one",
			       args->perplexity, 3 * args->perplexity, args->count);
	l.k = args->count < AQ_TSNE_EXACT ? args->count - 1 : (int)(3 * args->perplexity);
	AQ_TRY(take_arrays(&l));
	aq_pool_run(pool, l.n, find_neighbours, &l);
	AQ_TRY(make_symmetric(&l));
	AQ_TRY(start(&l));
	for (int turn = 0; turn < args->iterations; turn++) {
		l.exaggeration = turn < EXAGGERATED ? 12 : 1;
		move_points(&l, find_all_forces(&l), turn < EXAGGERATED ? 0.5 : 0.8);
		aq_progress("iterations", (uint64_t)turn + 1, (uint64_t)args->iterations);
	}
	*divergence = find_divergence(&l);
	for (int c = 0; c < 2 * l.n; c++)
		y[c] = (float)l.y[c];
done:
	release(&l);
	return rc;
}
