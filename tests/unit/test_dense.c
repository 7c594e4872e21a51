/* SPDX-License-Identifier: MIT
 *
 * A layer whose outputs see every input, against its definition: the convolution whose filter is the
 * picture.  Awkward sizes, any number of examples, every instruction set of this processor: right,
 * the same bits on all sets, an example alone the same as in company, and units in pieces the same as
 * all at once.
 *
 * All memory that a kernel may read but must not use (slack, scratch, what it will write) is NaN
 * before; what lies behind the results stays what it was.
 */
#include "base/arena.h"
#include "base/rng.h"
#include "num/conv.h"
#include "num/dense.h"
#include "num/kernels.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct aq_dense cases[] = {
	{ 1, 1 },  { 2, 3 },   { 3, 5 },   { 16, 16 },	{ 17, 10 }, { 31, 33 },	 { 32, 4 },
	{ 33, 9 }, { 48, 48 }, { 50, 17 }, { 65, 31 },	{ 80, 64 }, { 7, 129 }, { 300, 11 },
};
static const int examples[] = { 1, 2, 3, 4, 5, 8, 9, 10, 11, 17, 23 };

struct maps {
	const struct aq_dense *d;
	int n;
	size_t in, out, weight;
	aq_real *x, *y, *dx, *dy, *w, *dw, *b, *db;
};

static aq_real *take(struct aq_arena *mem, size_t count, uint32_t seed)
{
	aq_real *at = aq_arena_take(mem, count + AQ_SLACK, sizeof *at);
	assert_non_null(at);
	for (size_t i = 0; i < count + AQ_SLACK; i++)
		at[i] = i < count && seed ? (aq_real)aq_rng_normal(seed, 1, 0, 0, (uint32_t)i) :
					    (aq_real)NAN;
	return at;
}

static struct maps take_maps(struct aq_arena *mem, const struct aq_dense *d, int n)
{
	struct maps m = {
		.d = d, .n = n,
		.in = (size_t)(d->inputs * n), .out = (size_t)(d->units * n),
		.weight = (size_t)(d->inputs * d->units),
	};
	m.x = take(mem, m.in, 1);
	m.dy = take(mem, m.out, 2);
	m.w = take(mem, m.weight, 3);
	m.b = take(mem, (size_t)d->units, 4);
	m.y = take(mem, m.out, 0);
	m.dx = take(mem, m.in, 0);
	m.dw = take(mem, m.weight, 5);
	m.db = take(mem, (size_t)d->units, 6);
	return m;
}

/* The gradient of the weights in pieces of so many units. */
static void run(struct maps *m, int piece, struct aq_arena *mem)
{
	const struct aq_dense *d = m->d;
	aq_real *packed = take(mem, aq_dense_packed(d), 0);
	aq_real *scratch = take(mem, aq_dense_row(d) * (size_t)m->n, 0);
	for (int s = aq_dense_strips(d) - 1; s >= 0; s--)
		aq_dense_pack(d, s, m->w, packed);
	aq_dense_forward(d, m->n, m->x, packed, m->b, scratch, m->y);
	aq_dense_turn(d, m->n, m->x, m->dy, scratch);
	for (int u = 0; u < d->units; u += piece)
		aq_dense_weights(d, m->n, scratch, u, d->units - u < piece ? d->units - u : piece,
				 true, m->dw, m->db);
	aq_dense_data(d, m->n, m->dy, m->w, scratch, m->dx);
}

static void near(const char *what, const struct maps *m, const aq_real *got, const aq_real *want,
		 size_t count)
{
	double scale = 1;
	for (size_t i = 0; i < count; i++)
		scale = fmax(scale, fabs((double)want[i]));
	for (size_t i = 0; i < count; i++)
		if (!(fabs((double)got[i] - (double)want[i]) <= 2e-6 * scale))
			fail_msg("%s[%zu] is %g, not %g; %d -> %d, %d examples, %s", what, i,
				 (double)got[i], (double)want[i], m->d->inputs, m->d->units, m->n,
				 aq_kernels()->name);
	for (size_t i = count; i < count + AQ_SLACK; i++)
		assert_true(isnan(got[i]));
}

static void same(const struct maps *m, const struct maps *other)
{
	assert_memory_equal(m->y, other->y, m->out * sizeof(aq_real));
	assert_memory_equal(m->dx, other->dx, m->in * sizeof(aq_real));
	assert_memory_equal(m->dw, other->dw, m->weight * sizeof(aq_real));
	assert_memory_equal(m->db, other->db, (size_t)m->d->units * sizeof(aq_real));
}

static void check_case(const struct aq_dense *d, int n)
{
	struct aq_arena *mem = aq_arena_new();
	assert_non_null(mem);
	const struct aq_conv_shape shape = {
		.in_c = d->inputs, .in_y = 1, .in_x = 1, .out_c = d->units, .out_y = 1, .out_x = 1,
		.fy = 1, .fx = 1, .sy = 1, .sx = 1,
	};
	struct maps ref = take_maps(mem, d, n), first = { 0 };
	aq_conv_ref_forward(&shape, n, ref.x, ref.w, ref.b, ref.y);
	aq_conv_ref_weights(&shape, n, ref.x, ref.dy, ref.dw, ref.db);
	aq_conv_ref_data(&shape, n, ref.dy, ref.w, ref.dx);
	for (int i = 0; aq_kernels_of(i); i++) {
		struct maps m = take_maps(mem, d, n), pieces = take_maps(mem, d, n);
		aq_kernels_use(aq_kernels_of(i));
		run(&m, d->units, mem);
		run(&pieces, 3, mem);
		near("out", &m, m.y, ref.y, m.out);
		near("din", &m, m.dx, ref.dx, m.in);
		near("dweight", &m, m.dw, ref.dw, m.weight);
		near("dbias", &m, m.db, ref.db, (size_t)d->units);
		if (i == 0)
			first = m;
		same(&m, &first);
		same(&m, &pieces);
	}
	aq_kernels_use(aq_kernels_of(0));
	aq_arena_free(mem);
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
		for (size_t n = 0; n < sizeof examples / sizeof *examples; n++)
			check_case(&cases[c], examples[n]);
}

static void test_alone(void **state)
{
	(void)state;
	enum { N = 11 };
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		struct aq_arena *mem = aq_arena_new();
		assert_non_null(mem);
		struct maps all = take_maps(mem, &cases[c], N), one = take_maps(mem, &cases[c], 1);
		run(&all, 10, mem);
		for (size_t k = 0; k < N; k++) {
			for (size_t i = 0; i < one.in; i++)
				one.x[i] = all.x[i * N + k];
			for (size_t i = 0; i < one.out; i++)
				one.dy[i] = all.dy[i * N + k];
			run(&one, 10, mem);
			for (size_t i = 0; i < one.out; i++)
				assert_memory_equal(&one.y[i], &all.y[i * N + k], sizeof(aq_real));
			for (size_t i = 0; i < one.in; i++)
				assert_memory_equal(&one.dx[i], &all.dx[i * N + k],
						    sizeof(aq_real));
		}
		aq_arena_free(mem);
	}
}

/* Over what was there, or over nothing: as if it had been zeros. */
static void test_not_added(void **state)
{
	(void)state;
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		enum { N = 5 };
		const struct aq_dense *d = &cases[c];
		struct aq_arena *mem = aq_arena_new();
		assert_non_null(mem);
		struct maps over = take_maps(mem, d, N), zeros = take_maps(mem, d, N);
		aq_real *turned = take(mem, aq_dense_row(d) * N, 0);
		for (int k = 0; k < N; k++) { /* products that vanish from below zero */
			over.x[k] = (aq_real)-1e-30;
			over.dy[k] = (aq_real)1e-30;
		}
		memset(zeros.dw, 0, zeros.weight * sizeof *zeros.dw);
		memset(zeros.db, 0, (size_t)d->units * sizeof *zeros.db);
		aq_dense_turn(d, N, over.x, over.dy, turned);
		aq_dense_weights(d, N, turned, 0, d->units, false, over.dw, over.db);
		aq_dense_weights(d, N, turned, 0, d->units, true, zeros.dw, zeros.db);
		assert_memory_equal(over.dw, zeros.dw, zeros.weight * sizeof(aq_real));
		assert_memory_equal(over.db, zeros.db, (size_t)d->units * sizeof(aq_real));
		aq_arena_free(mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_not_added),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
