/* SPDX-License-Identifier: MIT
 *
 * Pooling against its definition: windows, strides, padding, ties, NaN, any number of examples, on
 * every instruction set with the same bits.
 */
#include "base/arena.h"
#include "base/rng.h"
#include "num/kernels.h"
#include "num/pool.h"

#include <math.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* in_y in_x  fy fx sy sx  top bottom left right */
static const int cases[][10] = {
	{ 1, 1, 1, 1, 1, 1, 0, 0, 0, 0 }, { 4, 4, 2, 2, 2, 2, 0, 0, 0, 0 },
	{ 8, 8, 2, 2, 2, 2, 0, 0, 0, 0 }, { 8, 8, 3, 3, 2, 2, 0, 1, 0, 1 },
	{ 7, 9, 3, 3, 2, 2, 1, 1, 1, 1 }, { 7, 9, 3, 2, 1, 1, 2, 0, 1, 0 },
	{ 9, 7, 2, 3, 3, 2, 0, 1, 2, 2 }, { 5, 5, 5, 5, 1, 1, 0, 0, 0, 0 },
	{ 5, 5, 5, 5, 5, 5, 4, 4, 4, 4 }, { 12, 12, 3, 3, 3, 3, 0, 0, 0, 0 },
	{ 11, 10, 2, 2, 4, 3, 0, 0, 0, 0 }, { 3, 20, 1, 4, 1, 3, 0, 0, 3, 3 },
};

static const int examples[] = { 1, 2, 3, 5, 8, 16, 17 };

enum { CHANNELS = 3 };

struct maps {
	struct aq_pool_shape p;
	size_t in, out;
	aq_real *x, *y, *winner, *dy, *dx, *mean, *dmean, *buffer;
};

static aq_real *take(struct aq_arena *mem, size_t count)
{
	aq_real *at = aq_arena_take(mem, count + AQ_SLACK, sizeof *at);
	assert_non_null(at);
	for (size_t i = 0; i < count + AQ_SLACK; i++)
		at[i] = (aq_real)NAN;
	return at;
}

static struct maps take_maps(struct aq_arena *mem, const int c[10], int n)
{
	struct maps m = { .p = {
		.in_y = c[0], .in_x = c[1], .fy = c[2], .fx = c[3], .sy = c[4], .sx = c[5],
		.out_y = (c[0] + c[6] + c[7] - c[2]) / c[4] + 1,
		.out_x = (c[1] + c[8] + c[9] - c[3]) / c[5] + 1, .top = c[6], .left = c[8], .n = n,
	} };
	m.in = (size_t)(CHANNELS * c[0] * c[1] * n);
	m.out = (size_t)(CHANNELS * m.p.out_y * m.p.out_x * n);
	m.x = take(mem, m.in);
	m.dx = take(mem, m.in);
	m.dmean = take(mem, m.in);
	m.y = take(mem, m.out);
	m.winner = take(mem, m.out);
	m.dy = take(mem, m.out);
	m.mean = take(mem, m.out);
	m.buffer = take(mem, aq_pool_buffer(&m.p) * (size_t)n + AQ_POOL_BUFFER_FIXED);
	for (size_t i = 0; i < m.in; i++) /* few values, so that there are ties */
		m.x[i] = (aq_real)(aq_rng_word(9, 1, 0, 0, (uint32_t)i) % 7) - 3;
	for (size_t i = 0; i < m.out; i++)
		m.dy[i] = (aq_real)aq_rng_normal(9, 2, 0, 0, (uint32_t)i);
	return m;
}

static void run(struct maps *m)
{
	const struct aq_kernels *k = aq_kernels();
	k->pool_max_forward(&m->p, CHANNELS, m->x, m->y, m->winner, m->buffer);
	k->pool_max_backward(&m->p, CHANNELS, m->dy, m->winner, m->dx, m->buffer);
	k->pool_mean_forward(&m->p, CHANNELS, m->x, m->mean, m->buffer);
	k->pool_mean_backward(&m->p, CHANNELS, m->dy, m->dmean, m->buffer);
}

/* One window: the place of its first maximum (a NaN is larger than all), the mean of its cells. */
static size_t window(const struct maps *m, size_t plane, int y, int x, int k, double *mean,
		     int *cells)
{
	const struct aq_pool_shape *p = &m->p;
	size_t best = SIZE_MAX;
	double sum = 0;
	*cells = 0;
	for (int v = 0; v < p->fy; v++)
		for (int u = 0; u < p->fx; u++) {
			const int iy = y * p->sy - p->top + v, ix = x * p->sx - p->left + u;
			if (iy < 0 || iy >= p->in_y || ix < 0 || ix >= p->in_x)
				continue;
			const size_t at = plane + (size_t)((iy * p->in_x + ix) * p->n + k);
			const double value = (double)m->x[at];
			if (best == SIZE_MAX || value > (double)m->x[best] ||
			    (isnan(value) && !isnan((double)m->x[best])))
				best = at;
			sum += value;
			++*cells;
		}
	*mean = sum / *cells;
	return best;
}

static void add_mean(const struct maps *m, size_t plane, int y, int x, int k, double part,
		     double *to)
{
	const struct aq_pool_shape *p = &m->p;
	for (int v = 0; v < p->fy; v++)
		for (int u = 0; u < p->fx; u++) {
			const int iy = y * p->sy - p->top + v, ix = x * p->sx - p->left + u;
			if (iy >= 0 && iy < p->in_y && ix >= 0 && ix < p->in_x)
				to[plane + (size_t)((iy * p->in_x + ix) * p->n + k)] += part;
		}
}

static void check(const struct maps *m)
{
	const struct aq_pool_shape *p = &m->p;
	double *dx = calloc(m->in, sizeof *dx), *dmean = calloc(m->in, sizeof *dmean);
	assert_non_null(dx);
	assert_non_null(dmean);
	size_t at = 0;
	for (int c = 0; c < CHANNELS; c++)
		for (int y = 0; y < p->out_y; y++)
			for (int x = 0; x < p->out_x; x++)
				for (int k = 0; k < p->n; k++, at++) {
					const size_t plane = (size_t)(c * p->in_y * p->in_x * p->n);
					double mean;
					int cells;
					const size_t best =
						window(m, plane, y, x, k, &mean, &cells);
					assert_memory_equal(&m->y[at], &m->x[best],
							    sizeof(aq_real));
					if (!isnan(mean))
						assert_float_equal(m->mean[at], mean, 1e-6);
					dx[best] += (double)m->dy[at];
					add_mean(m, plane, y, x, k, (double)m->dy[at] / cells,
						 dmean);
				}
	for (size_t i = 0; i < m->in; i++) {
		assert_float_equal(m->dx[i], dx[i], 2e-6);
		assert_float_equal(m->dmean[i], dmean[i], 2e-6);
	}
	free(dx);
	free(dmean);
}

static void same(const aq_real *a, const aq_real *b, size_t count)
{
	assert_memory_equal(a, b, count * sizeof *a);
}

/* `spoil` puts some NaN and infinities among the numbers. */
static void check_case(const int c[10], int n, bool spoil)
{
	struct aq_arena *mem = aq_arena_new();
	struct maps first = { .in = 0 };
	assert_non_null(mem);
	for (int i = 0; aq_kernels_of(i); i++) {
		struct maps m = take_maps(mem, c, n);
		for (size_t k = 0; spoil && k < m.in; k += 5)
			m.x[k] = (aq_real)(k % 3 ? NAN : -INFINITY);
		aq_kernels_use(aq_kernels_of(i));
		run(&m);
		check(&m);
		if (i == 0)
			first = m;
		same(m.y, first.y, m.out);
		same(m.dx, first.dx, m.in);
		if (!spoil) {
			same(m.mean, first.mean, m.out);
			same(m.dmean, first.dmean, m.in);
		}
	}
	aq_kernels_use(aq_kernels_of(0));
	aq_arena_free(mem);
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
		for (size_t n = 0; n < sizeof examples / sizeof *examples; n++) {
			check_case(cases[c], examples[n], false);
			check_case(cases[c], examples[n], true);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
