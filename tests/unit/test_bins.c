/* SPDX-License-Identifier: MIT
 *
 * test_bins.c - bins hold every step once, and every row of a run
 */
#include "run/bins.h"
#include "tiny.h"

#include <math.h>

static void bins_hold_every_step_once(void **state)
{
	static const uint64_t counts[] = {
		1, 2, 3, 7, 99, 100, 101, 799, 800, 801, 11250, 1000000
	};
	static const int widths[] = { 1, 2, 100, 800 };
	(void)state;
	for (size_t i = 0; i < 12 * 4 * 2; i++) {
		const bool log = i & 1;
		const int pixels = widths[i / 2 % 4];
		struct aq_bins bins;
		good(aq_bins_new(&bins, counts[i / 8], pixels, log));
		assert_true(bins.count >= 1 && bins.count <= pixels);
		assert_int_equal(bins.start[0], 0);
		assert_int_equal(bins.start[bins.count], counts[i / 8]);
		for (int b = 0; b < bins.count; b++)
			assert_true(bins.start[b] < bins.start[b + 1]);
		/* pixels go through all bins in order: nothing is left out of the picture */
		assert_int_equal(bins.of_pixel[0], 0);
		assert_int_equal(bins.of_pixel[pixels - 1], bins.count - 1);
		for (int p = 1; p < pixels; p++)
			assert_in_range(bins.of_pixel[p] - bins.of_pixel[p - 1], 0, 1);
		aq_bins_free(&bins);
	}
	struct aq_bins bins;
	bad(aq_bins_new(&bins, 0, 100, false), AQ_EUSAGE, "no steps");
}

static void bins_are_even_or_dense_at_the_beginning(void **state)
{
	struct aq_bins bins;
	(void)state;
	good(aq_bins_new(&bins, 1000000, 1000, false));
	assert_int_equal(bins.count, 1000);
	for (int b = 0; b <= 1000; b++)
		assert_int_equal(bins.start[b], 1000 * b);
	aq_bins_free(&bins);
	good(aq_bins_new(&bins, 999999, 600, true)); /* six decades */
	assert_int_equal(bins.start[bins.of_pixel[100]], 9);
	assert_int_equal(bins.start[bins.of_pixel[300]], 999);
	assert_int_equal(bins.start[bins.of_pixel[500]], 99999);
	for (int b = 0; b < 9; b++) /* the first steps each have their own */
		assert_int_equal(bins.start[b], b);
	aq_bins_free(&bins);
}

static void open_run(struct aq_run **run, const char *more)
{
	tiny_inputs("bins");
	good(tiny_train("bins", "bins/x.run.h5", "batch=4 steps=37", more, NULL));
	good(aq_run_open(run, "bins/x.run.h5"));
}

/* Against the rows themselves. */
static void reduced_rows_are_the_rows(void **state)
{
	struct aq_run *run;
	struct aq_bins bins;
	struct aq_binned b;
	float row[37];
	(void)state;
	open_run(&run, "");
	const struct aq_column *columns[] = { aq_run_find(run, "/loss"), NULL,
					      aq_run_find(run, "/stats/conv1/weight/l2") };
	good(aq_bins_new(&bins, 37, 5, false));
	good(aq_bins_read(&bins, run, columns, 3, &b));
	for (int c = 0; c < 3; c += 2) {
		good(aq_run_read(run, columns[c], 0, 37, row));
		for (int k = 0; k < 5; k++) {
			double sum = 0, low = INFINITY, high = -INFINITY;
			for (uint64_t i = bins.start[k]; i < bins.start[k + 1]; i++) {
				sum += (double)row[i];
				low = fmin(low, (double)row[i]);
				high = fmax(high, (double)row[i]);
			}
			const double mean = sum / (double)(bins.start[k + 1] - bins.start[k]);
			assert_true(fabs((double)b.mean[c * 5 + k] - mean) <= 1e-6 * fabs(mean));
			assert_true((double)b.low[c * 5 + k] == low);
			assert_true((double)b.high[c * 5 + k] == high);
			assert_true(b.odd[c * 5 + k] == 0);
		}
	}
	assert_true(isnan(b.mean[5]) && isnan(b.low[5]) && isnan(b.high[5]));
	aq_binned_free(&b);
	aq_bins_free(&bins);
	aq_run_close(run);
}

/* The cosine of the first step, which has none before it, is counted as not finite. */
static void what_is_not_finite_is_counted(void **state)
{
	struct aq_run *run;
	struct aq_bins bins;
	struct aq_binned b;
	(void)state;
	open_run(&run, "");
	const struct aq_column *column = aq_run_find(run, "/stats/conv1/weight/cosine");
	good(aq_bins_new(&bins, 37, 1, false));
	good(aq_bins_read(&bins, run, &column, 1, &b));
	assert_true(b.odd[0] == 1);
	assert_true(fabsf(b.mean[0]) <= 1 && b.low[0] >= -1.00001f && b.high[0] <= 1.00001f);
	aq_binned_free(&b);
	aq_bins_free(&bins);
	aq_run_close(run);
}

static void sparse_rows_reach_to_the_next(void **state)
{
	struct aq_run *run;
	struct aq_bins bins;
	struct aq_binned b;
	float row[5];
	(void)state;
	open_run(&run, "record=stats:every=9");
	const struct aq_column *column = aq_run_find(run, "/stats/dense1/weight/l2");
	good(aq_bins_new(&bins, 37, 37, false));
	good(aq_bins_read(&bins, run, &column, 1, &b));
	good(aq_run_read(run, column, 0, 5, row));
	for (int k = 0; k < 37; k++)
		assert_true(b.mean[k] == row[k / 9] && b.low[k] == row[k / 9]);
	aq_binned_free(&b);
	aq_bins_free(&bins);
	aq_run_close(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bins_hold_every_step_once),
		cmocka_unit_test(bins_are_even_or_dense_at_the_beginning),
		cmocka_unit_test(reduced_rows_are_the_rows),
		cmocka_unit_test(what_is_not_finite_is_counted),
		cmocka_unit_test(sparse_rows_reach_to_the_next),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
