/* SPDX-License-Identifier: MIT
 *
 * The fast convolutions against their definition, over sizes chosen to be awkward, for every number
 * of examples and every instruction set of this processor: right, and the same bits on all sets.
 */
#include "kernel_maps.h"

#include <stdio.h>
#include <stdlib.h>

/* in_c in_y in_x out_c  fy fx sy sx  top bottom left right */
static const int cases[][12] = {
	{ 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0 },
	{ 1, 3, 3, 1, 3, 3, 1, 1, 0, 0, 0, 0 },
	{ 1, 3, 3, 1, 3, 3, 1, 1, 2, 2, 2, 2 },
	{ 2, 1, 5, 3, 1, 3, 1, 1, 0, 0, 1, 1 },
	{ 3, 8, 8, 16, 5, 5, 1, 1, 2, 2, 2, 2 },
	{ 5, 8, 8, 20, 5, 5, 1, 1, 2, 2, 2, 2 },
	{ 3, 7, 9, 5, 3, 3, 1, 1, 1, 1, 1, 1 },
	{ 3, 7, 9, 6, 3, 2, 1, 1, 0, 1, 2, 0 },
	{ 2, 6, 5, 7, 4, 3, 1, 1, 3, 0, 0, 2 },
	{ 2, 6, 5, 9, 2, 5, 1, 1, 1, 1, 4, 3 },
	{ 4, 5, 5, 13, 1, 1, 1, 1, 0, 0, 0, 0 },
	{ 4, 5, 5, 3, 1, 1, 2, 2, 0, 0, 0, 0 },
	{ 2, 9, 9, 4, 3, 3, 2, 2, 1, 1, 1, 1 },
	{ 2, 9, 8, 5, 3, 3, 2, 2, 0, 1, 0, 1 },
	{ 3, 10, 7, 4, 5, 5, 2, 3, 2, 1, 0, 4 },
	{ 2, 11, 11, 3, 2, 2, 3, 3, 0, 0, 0, 0 },
	{ 2, 11, 11, 3, 2, 2, 4, 5, 1, 0, 1, 0 },
	{ 1, 12, 6, 2, 7, 3, 3, 1, 3, 3, 1, 1 },
	{ 6, 4, 4, 10, 4, 4, 1, 1, 0, 0, 0, 0 },
	{ 6, 4, 4, 17, 4, 4, 2, 3, 0, 0, 0, 0 },
	{ 3, 2, 2, 4, 5, 5, 1, 1, 2, 2, 2, 2 },
	{ 3, 2, 2, 4, 5, 5, 3, 3, 2, 2, 2, 2 },
	{ 2, 3, 20, 33, 3, 3, 1, 1, 1, 1, 1, 1 },
	{ 2, 13, 9, 4, 5, 5, 1, 1, 0, 0, 0, 0 },
	{ 3, 11, 10, 6, 5, 3, 1, 1, 4, 1, 0, 2 },
	{ 9, 9, 17, 7, 3, 1, 1, 1, 2, 1, 0, 0 },
	{ 4, 23, 12, 9, 5, 4, 1, 1, 1, 3, 3, 1 },
};

static const int examples[] = { 1, 2, 3, 5, 8, 15, 16, 17 };

static struct maps take_maps(struct aq_arena *mem, const int c[12], int n)
{
	const struct aq_conv_shape s = {
		.in_c = c[0], .in_y = c[1], .in_x = c[2], .out_c = c[3],
		.out_y = (c[1] + c[8] + c[9] - c[4]) / c[6] + 1,
		.out_x = (c[2] + c[10] + c[11] - c[5]) / c[7] + 1,
		.fy = c[4], .fx = c[5], .sy = c[6], .sx = c[7], .top = c[8], .left = c[10],
	};
	return maps_of(mem, &s, n);
}

static void run_planned(struct maps *m, const struct aq_conv *conv, struct aq_arena *mem)
{
	aq_real *packed = take(mem, aq_conv_packed(conv), 0);
	aq_real *scratch =
		take(mem, aq_conv_scratch(conv) * (size_t)m->n + aq_conv_scratch_fixed(conv), 0);
	aq_conv_pack(conv, m->w, packed);
	aq_conv_forward(conv, m->n, m->x, packed, m->b, scratch, m->y);
	aq_conv_weights(conv, m->n, m->x, m->dy, scratch, m->dw, m->db);
	aq_conv_data(conv, m->n, m->dy, packed, scratch, m->dx);
}

static void run_fast(struct maps *m, struct aq_arena *mem)
{
	struct aq_conv *conv;
	assert_int_equal(aq_conv_plan(&conv, &m->s, mem), 0);
	run_planned(m, conv, mem);
}

static void check_case(const int c[12], int n)
{
	struct aq_arena *mem = aq_arena_new();
	assert_non_null(mem);
	struct maps ref = take_maps(mem, c, n), first = { 0 };
	run_definition(&ref);
	for (int i = 0; aq_kernels_of(i); i++) {
		struct maps m = take_maps(mem, c, n);
		aq_kernels_use(aq_kernels_of(i));
		run_fast(&m, mem);
		near(&m, &ref, 4e-6);
		if (i == 0)
			first = m;
		same(&m, &first);
	}
	aq_kernels_use(aq_kernels_of(0));
	aq_arena_free(mem);
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
		for (size_t n = 0; n < sizeof examples / sizeof *examples; n++)
			check_case(cases[c], examples[n]);
}

/* An example's numbers are the same bits whatever block it stands in. */
static void test_alone(void **state)
{
	(void)state;
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		enum { N = 7 };
		struct aq_arena *mem = aq_arena_new();
		assert_non_null(mem);
		struct maps all = take_maps(mem, cases[c], N), one = take_maps(mem, cases[c], 1);
		run_fast(&all, mem);
		for (size_t k = 0; k < N; k++) {
			put_alone(&one, &all, k);
			run_fast(&one, mem);
			same_alone(&one, &all, k);
		}
		aq_arena_free(mem);
	}
}

/* Root of the mean square of the distance from the definition. */
static double error_of(const aq_real *got, const aq_real *want, size_t count)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += pow((double)got[i] - (double)want[i], 2);
	return sqrt(sum / (double)count);
}

/* Fewer products may cost twice the error of the direct sum, no more: of numbers as they come, and
 * of those behind relu and before a largest of four. */
static void check_error(const int c[12], int n, bool bent)
{
	struct aq_arena *mem = aq_arena_new();
	struct aq_conv *conv;
	assert_non_null(mem);
	struct maps ref = take_maps(mem, c, n), few = take_maps(mem, c, n);
	struct maps direct = take_maps(mem, c, n);
	struct maps *all[] = { &ref, &few, &direct };
	for (size_t k = 0; k < 3; k++) {
		for (size_t i = 0; i < ref.in && bent; i++)
			all[k]->x[i] = all[k]->x[i] < 0 ? 0 : all[k]->x[i];
		for (size_t i = 0; i < ref.out && bent; i++)
			if (aq_rng_word(9, 1, 0, 0, (uint32_t)i) % 4)
				all[k]->dy[i] = 0;
		memset(all[k]->dw, 0, ref.weight * sizeof *ref.dw);
	}
	run_definition(&ref);
	assert_int_equal(aq_conv_plan(&conv, &ref.s, mem), 0);
	run_planned(&few, conv, mem);
	assert_int_equal(aq_conv_plan_direct(&conv, &ref.s, mem), 0);
	run_planned(&direct, conv, mem);
	const double out = error_of(few.y, ref.y, ref.out) / error_of(direct.y, ref.y, ref.out);
	const double din = error_of(few.dx, ref.dx, ref.in) / error_of(direct.dx, ref.dx, ref.in);
	const double dw = error_of(few.dw, ref.dw, ref.weight) /
			  error_of(direct.dw, ref.dw, ref.weight);
	printf("  %d->%d@%d, %d examples%s: %.2f %.2f %.2f times the error of the direct sum\n",
	       c[0], c[3], c[1], n, bent ? ", bent" : "", out, din, dw);
	assert_true(out <= 2 && din <= 2 && dw <= 2);
	assert_true(memcmp(few.y, direct.y, ref.out * sizeof *ref.y) != 0);
	aq_arena_free(mem);
}

static void test_error(void **state)
{
	(void)state;
	static const int layers[][12] = {
		{ 3, 16, 16, 16, 5, 5, 1, 1, 2, 2, 2, 2 },
		{ 16, 16, 16, 8, 5, 5, 1, 1, 2, 2, 2, 2 },
		{ 20, 8, 8, 20, 5, 5, 1, 1, 2, 2, 2, 2 },
		{ 32, 8, 8, 16, 3, 3, 1, 1, 1, 1, 1, 1 },
	};
	for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
		for (int n = 1; n <= 16; n *= 16)
			for (int bent = 0; bent < 2; bent++)
				check_error(layers[i], n, bent);
}

static void all_spread(const char *what, const int *c, const aq_real *got, const aq_real *want,
		       size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!isfinite(want[i]) && isfinite(got[i]))
			fail_msg("%s[%zu] is %g, though it depends on what is not finite; %dx%dx%d "
				 "-> %d, filter %dx%d",
				 what, i, (double)got[i], c[0], c[1], c[2], c[3], c[4], c[5]);
}

/* What is not finite makes everything that depends on it not finite, on the way of fewer products
 * too, where it may do so to rows beside. */
static void test_not_finite(void **state)
{
	(void)state;
	static const aq_real bad[] = { (aq_real)INFINITY, (aq_real)-INFINITY, (aq_real)NAN };
	enum { N = 3 };
	for (size_t k = 0; k < sizeof cases / sizeof *cases * 3; k++) {
		const int *c = cases[k / 3];
		struct aq_arena *mem = aq_arena_new();
		assert_non_null(mem);
		struct maps ref = take_maps(mem, c, N), m = take_maps(mem, c, N);
		ref.x[k * 7919 % ref.in] = m.x[k * 7919 % ref.in] = bad[k % 3];
		ref.dy[k * 104729 % ref.out] = m.dy[k * 104729 % ref.out] = bad[k % 3];
		run_definition(&ref);
		run_fast(&m, mem);
		all_spread("out", c, m.y, ref.y, ref.out);
		all_spread("din", c, m.dx, ref.dx, ref.in);
		all_spread("dweight", c, m.dw, ref.dw, ref.weight);
		all_spread("dbias", c, m.db, ref.db, ref.bias);
		aq_arena_free(mem);
	}
}

/* Numbers of any size come out as right, in proportion. */
static void test_extremes(void **state)
{
	(void)state;
	static const double scales[] = { 1e-30, 1e-15, 1e15, 1e30 };
	enum { N = 3 };
	for (size_t k = 0; k < sizeof cases / sizeof *cases * 4; k++) {
		const int *c = cases[k / 4];
		struct aq_arena *mem = aq_arena_new();
		assert_non_null(mem);
		struct maps one = take_maps(mem, c, N), m = take_maps(mem, c, N);
		const aq_real scale = (aq_real)ldexp(1, (int)log2(scales[k % 4]));
		memset(one.b, 0, (size_t)c[3] * sizeof *one.b);
		memset(m.b, 0, (size_t)c[3] * sizeof *m.b);
		for (size_t i = 0; i < m.in; i++)
			m.x[i] *= scale;
		for (size_t i = 0; i < m.out; i++)
			m.dy[i] *= scale;
		run_fast(&one, mem);
		run_fast(&m, mem);
		for (size_t i = 0; i < m.out; i++)
			assert_true(m.y[i] == one.y[i] * scale);
		for (size_t i = 0; i < m.in; i++)
			assert_true(m.dx[i] == one.dx[i] * scale);
		aq_arena_free(mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_alone),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_not_finite),
		cmocka_unit_test(test_extremes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
