/* SPDX-License-Identifier: MIT
 *
 * pca.c - principal components of points
 *
 *	x (n, d)   centred: covariance C = x'x / n, components x V for the eigenvectors V of C
 *	n < d:     the eigenvectors U of x x' give the components U sqrt(values) at once
 */
#include "base/rng.h"
#include "look/tsne.h"
#include "num/eigen.h"
#include "num/gram.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { WIDEST = 1024, PROJECTED = 512, ROWS = 100 };

struct points {
	int n, d;
	double *x; /* [n][d], centred */
};

/* Random signs over sqrt(PROJECTED): distances survive within a few percent (Johnson and
 * Lindenstrauss). */
static void project(const float *x, int n, int d, uint64_t seed, double *out)
{
	const double scale = 1 / sqrt(PROJECTED);
	for (int k = 0; k < d; k++)
		for (int j = 0; j < PROJECTED; j += 32) {
			const uint32_t signs = aq_rng_word(seed, AQ_STREAM_EMBED, 0, (uint32_t)k,
							   (uint32_t)j / 32);
			for (int i = 0; i < n; i++) {
				const double v =
					(double)x[(size_t)i * (size_t)d + (size_t)k] * scale;
				double *row = out + (size_t)i * PROJECTED + (size_t)j;
				for (int b = 0; b < 32; b++)
					row[b] += signs >> b & 1 ? v : -v;
			}
		}
}

static int take_points(struct points *p, const float *x, int n, int d, uint64_t seed)
{
	const bool wide = d > WIDEST && n > WIDEST;
	*p = (struct points){ .n = n, .d = wide ? PROJECTED : d };
	p->x = calloc((size_t)n * (size_t)p->d, sizeof *p->x);
	if (!p->x)
		return aq_fail(AQ_ENOMEM, "out of memory");
	if (wide)
		project(x, n, d, seed, p->x);
	else
		for (size_t i = 0; i < (size_t)n * (size_t)d; i++)
			p->x[i] = (double)x[i];
	for (int k = 0; k < p->d; k++) {
		double mean = 0;
		for (int i = 0; i < n; i++)
			mean += p->x[(size_t)i * (size_t)p->d + (size_t)k] / n;
		for (int i = 0; i < n; i++)
			p->x[(size_t)i * (size_t)p->d + (size_t)k] -= mean;
	}
	return AQ_OK;
}

/* g (m, m) = z'z of z (rows, m). */
static int gram(struct aq_pool *pool, const double *z, int rows, int m, double *g)
{
	int rc = AQ_OK;
	for (int first = 0; first < rows && rc == AQ_OK; first += ROWS)
		rc = aq_gram(pool, rows - first < ROWS ? rows - first : ROWS, m,
			     z + (size_t)first * (size_t)m, g);
	if (rc == AQ_OK)
		aq_gram_mirror(pool, m, g);
	return rc;
}

static double *transposed(const struct points *p)
{
	double *t = malloc((size_t)p->n * (size_t)p->d * sizeof *t);
	for (int i = 0; t && i < p->n; i++)
		for (int k = 0; k < p->d; k++)
			t[(size_t)k * (size_t)p->n + (size_t)i] =
				p->x[(size_t)i * (size_t)p->d + (size_t)k];
	return t;
}

/* The sign of a component is free: the largest of its loadings is made positive. */
static double sign_of(const double *v, int count)
{
	double most = 0;
	for (int i = 0; i < count; i++)
		most = fabs(v[i]) > fabs(most) ? v[i] : most;
	return most < 0 ? -1 : 1;
}

static void components(const struct points *p, bool dual, int m, int keep, const double *values,
		       const double *vectors, int found, float *out)
{
	for (int c = 0; c < keep; c++) {
		const double *v = vectors + (size_t)c * (size_t)m;
		const bool there = c < found && c < m && values[c] > 1e-12 * values[0];
		const double sign = there ? sign_of(v, m) : 0;
		for (int i = 0; i < p->n; i++) {
			double sum = 0;
			if (there && dual)
				sum = v[i] * sqrt(values[c]);
			for (int k = 0; there && !dual && k < m; k++)
				sum += v[k] * p->x[(size_t)i * (size_t)m + (size_t)k];
			out[(size_t)i * (size_t)keep + (size_t)c] = (float)(sign * sum);
		}
	}
}

int aq_pca(const float *x, int count, int dimensions, int keep, uint64_t seed, float *out,
	   struct aq_pool *pool)
{
	struct points p = { 0 };
	double *turned = NULL, *square = NULL, *values = NULL, *vectors = NULL;
	int found = 0, rc;
	AQ_TRY(take_points(&p, x, count, dimensions, seed));
	const bool dual = p.n < p.d;
	const int m = dual ? p.n : p.d;
	turned = dual ? transposed(&p) : NULL;
	square = calloc((size_t)m * (size_t)m, sizeof *square);
	vectors = malloc((size_t)m * (size_t)m * sizeof *vectors);
	values = malloc((size_t)m * sizeof *values);
	if ((dual && !turned) || !square || !vectors || !values) {
		rc = aq_fail(AQ_ENOMEM, "out of memory");
		goto done;
	}
	AQ_TRY(gram(pool, dual ? turned : p.x, dual ? p.d : p.n, m, square));
	AQ_TRY(aq_eigen(pool, m, square, -INFINITY, values, vectors, &found));
	components(&p, dual, m, keep, values, vectors, found, out);
done:
	free(p.x);
	free(turned);
	free(square);
	free(vectors);
	free(values);
	return rc;
}
