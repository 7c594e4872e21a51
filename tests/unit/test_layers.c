/* SPDX-License-Identifier: MIT
 *
 * Every layer in single precision, as it trains: against its definition for blocks of several
 * sizes, on every instruction set of this processor with the same bits, and no example's numbers
 * depend on the block it stands in.
 */
#include "layer_trial.h"
#include "num/kernels.h"

/* Rounding errors by the epsilon of their terms: what is reached is printed. */
static const double allowed = 4;

static const int blocks[] = { 1, 2, 3, 5, 16 };
enum { BLOCKS = sizeof blocks / sizeof *blocks };

/* Copies of what came out of another run, by place. */
struct copy {
	aq_real *at;
	size_t count;
};

enum { COPIES = 3 + DEFINED_INPUTS };

static void copy_results(const struct trial *t, struct copy to[COPIES], size_t examples)
{
	const size_t n = (size_t)t->d.n;
	const struct copy from[3] = { { t->out, output_count(t) },
				      { t->dweight, examples == n ? t->d.dweight.count : 0 },
				      { t->dbias, examples == n ? t->d.dbias.count : 0 } };
	for (int i = 0; i < COPIES; i++) {
		const bool map = i == 0 || i >= 3;
		const aq_real *at = i < 3 ? from[i].at : t->din[i - 3];
		const size_t count = i < 3			? from[i].count
				     : i - 3 < t->c->at[INPUTS] ? input_count(t, i - 3)
								: 0;
		const size_t each = map ? examples : 1;
		to[i] = (struct copy){ calloc(count * each + 1, sizeof(aq_real)), count * each };
		assert_non_null(to[i].at);
		for (size_t c = 0; c < count; c++)
			for (size_t k = 0; k < each; k++)
				to[i].at[c * each + k] = at[map ? c * n + k : c];
	}
}

static void free_copy(struct copy copy[COPIES])
{
	for (int i = 0; i < COPIES; i++)
		free(copy[i].at);
}

/* Do the first examples of this run have the bits of that copy? */
static void same_bits(const struct trial *t, const struct copy want[COPIES], size_t examples,
		      const char *than)
{
	static const char *const names[] = { "out", "dweight", "dbias" };
	struct copy now[COPIES];
	copy_results(t, now, examples);
	for (int i = 0; i < COPIES; i++)
		if (now[i].count == want[i].count &&
		    memcmp(now[i].at, want[i].at, now[i].count * sizeof(aq_real)) != 0)
			fail_msg("%s has other bits than %s, %d examples, %s, in\n%s",
				 i < 3 ? names[i] : "din", than, t->d.n, aq_kernels()->name,
				 t->c->text);
	free_copy(now);
}

static void by_definition(const struct layer_case *c, void *report)
{
	struct trial t;
	struct copy alone[COPIES], first[COPIES];
	trial_open(&t, c);
	for (int b = 0; b < BLOCKS; b++) {
		trial_begin(&t, blocks[b]);
		for (int isa = 0; aq_kernels_of(isa); isa++) {
			aq_kernels_use(aq_kernels_of(isa));
			trial_run(&t);
			if (isa == 0) {
				near_definition(&t, allowed);
				copy_results(&t, first, (size_t)t.d.n);
				if (b == 0)
					copy_results(&t, alone, 1);
			} else {
				same_bits(&t, first, (size_t)t.d.n, "on another instruction set");
			}
		}
		same_bits(&t, alone, 1, "the example alone");
		free_copy(first);
		report_case(report, t.worst);
	}
	free_copy(alone);
	aq_kernels_use(aq_kernels_of(0));
	trial_close(&t);
}

static void test_definition(void **state)
{
	(void)state;
	struct layer_report report = { .what = "definition, epsilons of the terms" };
	each_layer_case(&report, by_definition);
	assert_true(report.cases > 3000);
}

/* ---- a dense layer is a convolution with filters as large as the picture --------------------- */

static void same_results(const struct trial *a, const struct trial *b)
{
	const size_t n = (size_t)a->d.n;
	assert_int_equal(a->d.dweight.count, b->d.dweight.count);
	assert_memory_equal(a->out, b->out, output_count(a) * n * sizeof(aq_real));
	assert_memory_equal(a->din[0], b->din[0], input_count(a, 0) * n * sizeof(aq_real));
	assert_memory_equal(a->dweight, b->dweight, a->d.dweight.count * sizeof(aq_real));
	assert_memory_equal(a->dbias, b->dbias, a->d.dbias.count * sizeof(aq_real));
}

static void by_full_conv(const struct layer_case *c, void *report)
{
	if (c->at[KIND] != DENSE)
		return;
	struct layer_case full = *c;
	full.at[KIND] = CONV;
	full.at[FY] = c->at[Y];
	full.at[FX] = c->at[X];
	layer_case_write(&full);
	struct trial dense, conv;
	trial_open(&dense, c);
	trial_open(&conv, &full);
	for (int b = 0; b < BLOCKS; b++) {
		trial_begin(&dense, blocks[b]);
		trial_begin(&conv, blocks[b]);
		trial_run(&dense);
		trial_run(&conv);
		same_results(&dense, &conv);
		report_case(report, 0);
	}
	trial_close(&dense);
	trial_close(&conv);
}

static void test_dense_is_full_conv(void **state)
{
	(void)state;
	struct layer_report report = { .what = "bits of dense and of a full convolution" };
	each_layer_case(&report, by_full_conv);
	assert_true(report.cases >= 28 * BLOCKS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_definition),
		cmocka_unit_test(test_dense_is_full_conv),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
