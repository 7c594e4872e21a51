/* SPDX-License-Identifier: MIT
 *
 * A layer whose outputs see every input, against its definition: the convolution whose filter is the
 * picture.  Awkward sizes, any number of examples, every instruction set of this processor: right,
 * the same bits on all sets, an example alone the same as in company, and units in pieces the same as
 * all at once.
 *
 * What lies behind the results stays what it was.
 */
#include "kernel_maps.h"
#include "num/dense.h"

static const struct aq_dense cases[] = {
	{ 1, 1 },  { 2, 3 },   { 3, 5 },   { 16, 16 },	{ 17, 10 }, { 31, 33 },	 { 32, 4 },
	{ 33, 9 }, { 48, 48 }, { 50, 17 }, { 65, 31 },	{ 80, 64 }, { 7, 129 }, { 300, 11 },
};
static const int examples[] = { 1, 2, 3, 4, 5, 8, 9, 10, 11, 17, 23 };

static struct maps take_maps(struct aq_arena *mem, const struct aq_dense *d, int n)
{
	const struct aq_conv_shape shape = {
		.in_c = d->inputs, .in_y = 1, .in_x = 1, .out_c = d->units, .out_y = 1, .out_x = 1,
		.fy = 1, .fx = 1, .sy = 1, .sx = 1,
	};
	return maps_of(mem, &shape, n);
}

/* The gradient of the weights in pieces of so many units. */
static void run(const struct aq_dense *d, struct maps *m, int piece, struct aq_arena *mem)
{
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

static void slack_kept(const aq_real *at, size_t count)
{
	for (size_t i = count; i < count + AQ_SLACK; i++)
		assert_true(isnan(at[i]));
}

static void check_case(const struct aq_dense *d, int n)
{
	struct aq_arena *mem = aq_arena_new();
	assert_non_null(mem);
	struct maps ref = take_maps(mem, d, n), first = { 0 };
	run_definition(&ref);
	for (int i = 0; aq_kernels_of(i); i++) {
		struct maps m = take_maps(mem, d, n), pieces = take_maps(mem, d, n);
		aq_kernels_use(aq_kernels_of(i));
		run(d, &m, d->units, mem);
		run(d, &pieces, 3, mem);
		near(&m, &ref, 2e-6);
		slack_kept(m.y, m.out);
		slack_kept(m.dx, m.in);
		slack_kept(m.dw, m.weight);
		slack_kept(m.db, m.bias);
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
		run(&cases[c], &all, 10, mem);
		for (size_t k = 0; k < N; k++) {
			put_alone(&one, &all, k);
			run(&cases[c], &one, 10, mem);
			same_alone(&one, &all, k);
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
