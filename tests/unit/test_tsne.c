/* SPDX-License-Identifier: MIT
 *
 * Layouts keep neighbours together, forces by the tree approach the exact ones, threads change no bit.
 */
#include "base/rng.h"
#include "look/quadtree.h"
#include "look/tsne.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { GROUPS = 5, DIMENSIONS = 12 };

/* Groups of normal points far from each other. */
static float *make_groups(int count)
{
	float *x = malloc((size_t)count * DIMENSIONS * sizeof *x);
	for (int i = 0; i < count; i++)
		for (int k = 0; k < DIMENSIONS; k++)
			x[i * DIMENSIONS + k] = (float)(10.0 * (k == i % GROUPS) +
							aq_rng_normal(1, 7, 0, (uint32_t)i, (uint32_t)k));
	return x;
}

static double lay_out(const float *x, int count, int threads, float *y)
{
	const struct aq_tsne_args args = { .count = count, .dimensions = DIMENSIONS, .perplexity = 15, .theta = 0.5,
					   .iterations = 400, .seed = 1 };
	struct aq_pool *pool;
	double divergence;
	assert_int_equal(aq_pool_new(&pool, threads), AQ_OK);
	assert_int_equal(aq_tsne(&args, x, y, &divergence, pool), AQ_OK);
	aq_pool_free(pool);
	return divergence;
}

/* Share of points whose nearest neighbour in the plane is of their group. */
static double kept(const float *y, int count)
{
	int right = 0;
	for (int i = 0; i < count; i++) {
		int nearest = -1;
		float least = INFINITY;
		for (int j = 0; j < count; j++) {
			const float dx = y[2 * i] - y[2 * j], dy = y[2 * i + 1] - y[2 * j + 1];
			if (j != i && dx * dx + dy * dy < least) {
				least = dx * dx + dy * dy;
				nearest = j;
			}
		}
		right += nearest % GROUPS == i % GROUPS;
	}
	return (double)right / count;
}

static void groups_stay_together(void **state)
{
	(void)state;
	static const int counts[] = { 150, AQ_TSNE_EXACT + 50 };
	for (size_t c = 0; c < 2; c++) {
		const int count = counts[c];
		float *x = make_groups(count), *y = malloc(2 * (size_t)count * sizeof *y);
		float *again = malloc(2 * (size_t)count * sizeof *again);
		const double divergence = lay_out(x, count, 1, y);
		assert_true(divergence > 0 && divergence < 2);
		assert_true(kept(y, count) > 0.98);
		assert_true(lay_out(x, count, 3, again) == divergence);
		assert_memory_equal(y, again, 2 * (size_t)count * sizeof *y);
		free(x);
		free(y);
		free(again);
	}
}

static void tree_forces_approach_exact_ones(void **state)
{
	(void)state;
	enum { COUNT = 500 };
	static double y[2 * COUNT];
	struct aq_quadtree *tree;
	for (int i = 0; i < 2 * COUNT; i++)
		y[i] = i % 50 < 4 ? 1 : 10 * aq_rng_normal(2, 7, 0, 0, (uint32_t)i); /* some coincide */
	assert_int_equal(aq_quadtree_new(&tree, COUNT), AQ_OK);
	aq_quadtree_build(tree, y, COUNT);
	double worst = 0;
	for (int i = 0; i < COUNT; i++) {
		double fx = 0, fy = 0, z = 0, none[2], some[2];
		for (int j = 0; j < COUNT; j++) {
			const double dx = y[2 * i] - y[2 * j], dy = y[2 * i + 1] - y[2 * j + 1];
			const double q = i == j ? 0 : 1 / (1 + dx * dx + dy * dy);
			z += q;
			fx += q * q * dx;
			fy += q * q * dy;
		}
		assert_true(fabs(aq_quadtree_repel(tree, i, 0, none) - z) < 1e-10 * z);
		assert_true(fabs(none[0] - fx) + fabs(none[1] - fy) < 1e-10);
		worst = fmax(worst, fabs(aq_quadtree_repel(tree, i, 0.5, some) - z) / z);
	}
	assert_true(worst > 0 && worst < 0.1);
	aq_quadtree_free(tree);
}

/* Points on a tilted plane in many dimensions: two components hold all of them, in both ways to compute it. */
static void components_of_a_plane(void **state)
{
	(void)state;
	enum { KEEP = 3 };
	static const int counts[] = { 40, 6 };
	struct aq_pool *pool;
	assert_int_equal(aq_pool_new(&pool, 2), AQ_OK);
	for (size_t c = 0; c < 2; c++) {
		const int n = counts[c], d = 10;
		float *x = calloc((size_t)(n * d), sizeof *x), *out = malloc((size_t)n * KEEP * sizeof *out);
		double all = 0, kept_square[KEEP] = { 0 }, mean[10] = { 0 };
		for (int i = 0; i < n; i++)
			for (int k = 0; k < d; k++)
				x[i * d + k] = (float)(k * sin(i) + 3 * (k % 3) * cos(2 * i) + 5);
		for (int i = 0; i < n * d; i++)
			mean[i % d] += (double)x[i] / n;
		for (int i = 0; i < n * d; i++)
			all += ((double)x[i] - mean[i % d]) * ((double)x[i] - mean[i % d]);
		assert_int_equal(aq_pca(x, n, d, KEEP, 1, out, pool), AQ_OK);
		for (int i = 0; i < n * KEEP; i++)
			kept_square[i % KEEP] += (double)out[i] * (double)out[i];
		assert_true(kept_square[0] >= kept_square[1]);
		assert_true(fabs(kept_square[0] + kept_square[1] - all) < 1e-5 * all);
		assert_true(kept_square[2] < 1e-8 * all);
		free(x);
		free(out);
	}
	aq_pool_free(pool);
}

static void too_few_points_are_refused(void **state)
{
	(void)state;
	const struct aq_tsne_args args = { .count = 30, .dimensions = 1, .perplexity = 30, .iterations = 1 };
	struct aq_pool *pool;
	float x[30] = { 0 }, y[60];
	double divergence;
	assert_int_equal(aq_pool_new(&pool, 1), AQ_OK);
	assert_int_equal(aq_tsne(&args, x, y, &divergence, pool), AQ_EUSAGE);
	aq_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_stay_together),
		cmocka_unit_test(tree_forces_approach_exact_ones),
		cmocka_unit_test(components_of_a_plane),
		cmocka_unit_test(too_few_points_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
