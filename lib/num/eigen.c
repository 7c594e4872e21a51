/* SPDX-License-Identifier: MIT
 *
 * eigen.c - eigenvectors of a large symmetric matrix
 *
 * Why it is fast enough for whitening (n = 3072):
 *  - the reduction works on panels of columns: the matrix is read once a column (for a product with
 *    a vector) but written once a panel;
 *  - the QL method runs on the tridiagonal matrix alone and only notes its rotations; these are
 *    applied many sweeps at a time to a strip of the vectors that stays in the second-level cache;
 *  - only the vectors asked for are taken back through the reflections.
 */
#include "num/eigen.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
	PANEL = 32,   /* columns reduced between two updates of the matrix */
	SPAN = 256,   /* columns an item of a product with a vector takes */
	ROWS = 32,    /* rows an item of an update takes */
	STRIP = 32,   /* components an item rotates: n * STRIP doubles should fit a cache */
	SWEEPS = 96,  /* times n: rotations noted before they are applied */
	TOGETHER = 8, /* vectors an item takes back */
};

struct rotation {
	double c, s;
};

struct sweep { /* rotations of rows high-1, high; then high-2, high-1; ...; low, low+1 */
	int low, high;
};

struct eigen {
	int n;
	struct aq_pool *pool;
	double *a;           /* [n][n]; row k, when done, keeps reflection k behind its diagonal */
	double *d, *e;       /* [n] diagonal; beside it, e[k] between k and k+1 */
	double *tau;         /* [n] factors of the reflections */
	double *v, *w;       /* [PANEL][n] reflections of a panel; what they add to the matrix */
	double *p;           /* [n] */
	double norm;         /* of the tridiagonal matrix: its largest numbers */
	int first, done;     /* of the panel: its first column, and columns done */
	double *strips;      /* [n / STRIP][n][STRIP]: vectors of the tridiagonal matrix */
	struct rotation *rotation;
	struct sweep *sweep;
	int rotations, sweeps;
	const int *order;    /* [n] place of the i-th largest value */
	double *vectors;
	int count;
};

/* x . y in eight sums, so that it is both fast and the same on every machine. */
static double dot(const double *x, const double *y, int n)
{
	double sum[8] = { 0 };
	int i = 0;
	for (; i + 8 <= n; i += 8)
		for (int k = 0; k < 8; k++)
			sum[k] += x[i + k] * y[i + k];
	for (; i < n; i++)
		sum[0] += x[i] * y[i];
	return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

static void add(double *restrict y, double factor, const double *restrict x, int n)
{
	for (int i = 0; i < n; i++)
		y[i] += factor * x[i];
}

/* ---- reduction to a tridiagonal matrix: H(n-2) .. H(0) A H(0) .. H(n-2) = T, H = 1 - tau v v' */

/* p[c] = sum over j of v[j] a[j][c], for a span of columns of what is left: a is symmetric, so rows
 * serve as columns and lanes lie along c. */
static void multiply_span(void *self, int item, int worker)
{
	const struct eigen *g = self;
	(void)worker;
	const int k = g->first + g->done + 1; /* rows and columns from here on */
	const int from = k + item * SPAN, end = from + SPAN < g->n ? from + SPAN : g->n,
		  n = end - from;
	const double *v = g->v + (size_t)g->done * (size_t)g->n;
	const size_t stride = (size_t)g->n;
	double *restrict p = g->p + from;
	int j = k;
	memset(p, 0, (size_t)n * sizeof *p);
	for (; j + 4 <= g->n; j += 4) {
		const double *a = g->a + (size_t)j * stride + from, *b = a + stride,
			     *c = b + stride, *d = c + stride;
		for (int i = 0; i < n; i++)
			p[i] = (((p[i] + v[j] * a[i]) + v[j + 1] * b[i]) + v[j + 2] * c[i]) +
			       v[j + 3] * d[i];
	}
	for (; j < g->n; j++)
		add(p, v[j], g->a + (size_t)j * stride + from, n);
}

/* The reflection that leaves of x (n) its first component alone, as v with v[0] = 1; returns
 * tau. */
static double reflect(double *x, int n, double *left)
{
	const double rest = dot(x + 1, x + 1, n - 1), head = x[0];
	if (rest == 0) {
		*left = head;
		x[0] = 1;
		return 0;
	}
	const double norm = sqrt(head * head + rest), beta = head > 0 ? -norm : norm;
	for (int i = 1; i < n; i++)
		x[i] /= head - beta;
	x[0] = 1;
	*left = beta;
	return (beta - head) / beta;
}

/* Column `first + done`: bring it up to date, reflect it, and find what the reflection adds. */
static void reduce_column(struct eigen *g)
{
	const int n = g->n, j = g->done, k = g->first + j, m = n - k - 1;
	const size_t stride = (size_t)n;
	double *const v = g->v + (size_t)j * stride, *const w = g->w + (size_t)j * stride;
	memcpy(v + k, g->a + (size_t)k * stride + k, (size_t)(n - k) * sizeof *v);
	for (int t = 0; t < j; t++) {
		const double *vt = g->v + (size_t)t * stride, *wt = g->w + (size_t)t * stride;
		add(v + k, -wt[k], vt + k, n - k);
		add(v + k, -vt[k], wt + k, n - k);
	}
	g->d[k] = v[k];
	memset(v, 0, (size_t)(k + 1) * sizeof *v);
	memset(w, 0, (size_t)(k + 1) * sizeof *w);
	if (m == 0)
		return;
	g->tau[k] = reflect(v + k + 1, m, &g->e[k]);
	aq_pool_run(g->pool, (m + SPAN - 1) / SPAN, multiply_span, g);
	memcpy(w + k + 1, g->p + k + 1, (size_t)m * sizeof *w);
	for (int t = 0; t < j; t++) {
		const double *vt = g->v + (size_t)t * stride + k + 1,
			     *wt = g->w + (size_t)t * stride + k + 1;
		const double wv = dot(wt, v + k + 1, m), vv = dot(vt, v + k + 1, m);
		add(w + k + 1, -wv, vt, m);
		add(w + k + 1, -vv, wt, m);
	}
	const double half = 0.5 * g->tau[k] * dot(w + k + 1, v + k + 1, m);
	for (int i = k + 1; i < n; i++)
		w[i] = g->tau[k] * (w[i] - half * v[i]);
}

/* a[i][c] -= sum over the panel of v[i] w[c] + w[i] v[c], for some rows behind it. */
static void update_rows(void *self, int item, int worker)
{
	const struct eigen *g = self;
	(void)worker;
	const int n = g->n, k = g->first + g->done, from = k + item * ROWS;
	const int end = from + ROWS < n ? from + ROWS : n;
	const size_t stride = (size_t)n;
	for (int i = from; i < end; i++) {
		double *restrict a = g->a + (size_t)i * stride;
		for (int t = 0; t < g->done; t++) {
			const double *v = g->v + (size_t)t * stride, *w = g->w + (size_t)t * stride;
			const double vi = v[i], wi = w[i];
			for (int c = k; c < n; c++)
				a[c] -= vi * w[c] + wi * v[c];
		}
	}
}

static void reduce(struct eigen *g)
{
	const size_t stride = (size_t)g->n;
	for (g->first = 0; g->first < g->n; g->first += g->done) {
		const int width = g->n - g->first < PANEL ? g->n - g->first : PANEL;
		for (g->done = 0; g->done < width; g->done++)
			reduce_column(g);
		const int left = g->n - g->first - width;
		aq_pool_run(g->pool, (left + ROWS - 1) / ROWS, update_rows, g);
		for (int j = 0; j < width; j++) {
			const int k = g->first + j;
			memcpy(g->a + (size_t)k * stride + k + 1, g->v + (size_t)j * stride + k + 1,
			       (size_t)(g->n - k - 1) * sizeof *g->a);
		}
	}
}

/* ---- the tridiagonal matrix ------------------------------------------------------------------ */

/* All rotations noted, on one strip [n][STRIP]. */
static void rotate_strip(void *self, int item, int worker)
{
	const struct eigen *g = self;
	(void)worker;
	double *const strip = g->strips + (size_t)item * (size_t)g->n * STRIP;
	const struct rotation *r = g->rotation;
	for (int s = 0; s < g->sweeps; s++)
		for (int i = g->sweep[s].high - 1; i >= g->sweep[s].low; i--, r++) {
			double *restrict x = strip + (size_t)i * STRIP, *restrict y = x + STRIP;
			for (int k = 0; k < STRIP; k++) {
				const double f = y[k];
				y[k] = r->s * x[k] + r->c * f;
				x[k] = r->c * x[k] - r->s * f;
			}
		}
}

static void apply_rotations(struct eigen *g)
{
	aq_pool_run(g->pool, (g->n + STRIP - 1) / STRIP, rotate_strip, g);
	g->rotations = g->sweeps = 0;
}

/* One implicit QL step on rows l .. m of the tridiagonal matrix, with the shift of its upper
 * corner. */
static void ql_step(struct eigen *g, int l, int m)
{
	double *const d = g->d, *const e = g->e;
	double shift = (d[l + 1] - d[l]) / (2 * e[l]);
	shift = d[m] - d[l] + e[l] / (shift + copysign(hypot(shift, 1), shift));
	double s = 1, c = 1, p = 0;
	int i = m - 1;
	for (; i >= l; i--) {
		const double f = s * e[i], b = c * e[i], r = hypot(f, shift);
		e[i + 1] = r;
		if (r == 0) { /* it came apart by itself */
			d[i + 1] -= p;
			break;
		}
		s = f / r;
		c = shift / r;
		const double g1 = d[i + 1] - p, t = (d[i] - g1) * s + 2 * c * b;
		p = s * t;
		d[i + 1] = g1 + p;
		shift = c * t - b;
		g->rotation[g->rotations++] = (struct rotation){ c, s };
	}
	g->sweep[g->sweeps++] = (struct sweep){ i + 1, m };
	if (i < l) {
		d[l] -= p;
		e[l] = shift;
	}
	e[m] = 0;
}

/* The first place at or behind l where the matrix comes apart: where what couples it is lost in the
 * rounding of its largest numbers.  (Measured against its neighbours alone, the rounding noise of a
 * matrix of low rank would never be small.) */
static int end_of_block(const struct eigen *g, int l)
{
	int m = l;
	while (m < g->n - 1 && fabs(g->e[m]) > 0x1p-53 * g->norm)
		m++;
	return m;
}

static int diagonalise(struct eigen *g)
{
	enum { MOST_STEPS = 60 };
	const int n = g->n;
	for (int i = 0; i < n; i++) {
		if (!isfinite(g->d[i]) || !isfinite(g->e[i]))
			return aq_fail(AQ_EDATA,
				       "a matrix whose numbers are not finite has no eigenvectors");
		g->norm = fmax(g->norm, fabs(g->d[i]) + fabs(g->e[i]));
	}
	for (int i = 0; i < n; i++)
		g->strips[((size_t)(i / STRIP) * (size_t)n + (size_t)i) * STRIP +
			  (size_t)(i % STRIP)] = 1;
	g->e[n - 1] = 0;
	for (int l = 0; l < n; l++)
		for (int step = 0, m; (m = end_of_block(g, l)) != l; step++) {
			if (step == MOST_STEPS)
				return aq_fail(AQ_EDATA,
					       "the eigenvalues do not converge after %d steps",
					       step);
			if (g->rotations + n > SWEEPS * n || g->sweeps == SWEEPS * n)
				apply_rotations(g);
			ql_step(g, l, m);
		}
	apply_rotations(g);
	return AQ_OK;
}

/* ---- back ------------------------------------------------------------------------------------ */

/* Some vectors: out of the strips, then through the reflections, the last first. */
static void take_back(void *self, int item, int worker)
{
	const struct eigen *g = self;
	(void)worker;
	const int n = g->n, from = item * TOGETHER;
	const int end = from + TOGETHER < g->count ? from + TOGETHER : g->count;
	const size_t stride = (size_t)n;
	for (int i = from; i < end; i++)
		for (int j = 0; j < n; j++)
			g->vectors[(size_t)i * stride + (size_t)j] =
				g->strips[((size_t)(j / STRIP) * stride + (size_t)g->order[i]) *
						  STRIP +
					  (size_t)(j % STRIP)];
	for (int k = n - 2; k >= 0; k--) {
		const double *v = g->a + (size_t)k * stride + k + 1;
		for (int i = from; i < end; i++) {
			double *x = g->vectors + (size_t)i * stride + k + 1;
			add(x, -g->tau[k] * dot(v, x, n - k - 1), v, n - k - 1);
		}
	}
}

static int largest_first(const void *a, const void *b, void *values)
{
	const int i = *(const int *)a, j = *(const int *)b;
	const double x = ((const double *)values)[i], y = ((const double *)values)[j];
	return x > y ? -1 : x < y ? 1 : i < j ? -1 : i > j;
}

static void release(struct eigen *g, int *order)
{
	free(g->d);
	free(g->e);
	free(g->tau);
	free(g->v);
	free(g->w);
	free(g->p);
	free(g->strips);
	free(g->rotation);
	free(g->sweep);
	free(order);
}

int aq_eigen(struct aq_pool *pool, int n, double *a, double above, double *values, double *vectors,
	     int *count)
{
	const size_t width = (size_t)n, strips = (width + STRIP - 1) / STRIP;
	struct eigen g = { .n = n, .pool = pool, .a = a, .vectors = vectors };
	int rc = AQ_OK, *order = calloc(width, sizeof *order);
	g.d = calloc(width, sizeof *g.d);
	g.e = calloc(width, sizeof *g.e);
	g.tau = calloc(width, sizeof *g.tau);
	g.v = calloc(PANEL * width, sizeof *g.v);
	g.w = calloc(PANEL * width, sizeof *g.w);
	g.p = calloc(width, sizeof *g.p);
	g.strips = calloc(strips * width * STRIP, sizeof *g.strips);
	g.rotation = calloc((SWEEPS + 1) * width, sizeof *g.rotation);
	g.sweep = calloc(SWEEPS * width, sizeof *g.sweep);
	if (!order || !g.d || !g.e || !g.tau || !g.v || !g.w || !g.p || !g.strips || !g.rotation ||
	    !g.sweep) {
		rc = aq_fail(AQ_ENOMEM, "out of memory for the eigenvectors of a matrix of %d x %d",
			     n, n);
		goto done;
	}
	reduce(&g);
	AQ_TRY(diagonalise(&g));
	for (int i = 0; i < n; i++)
		order[i] = i;
	qsort_r(order, width, sizeof *order, largest_first, g.d);
	for (int i = 0; i < n; i++) {
		values[i] = g.d[order[i]];
		g.count += values[i] > above;
	}
	g.order = order;
	aq_pool_run(pool, (g.count + TOGETHER - 1) / TOGETHER, take_back, &g);
	*count = g.count;
done:
	release(&g, order);
	return rc;
}
