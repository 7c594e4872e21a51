/* SPDX-License-Identifier: MIT
 *
 * test_spread.c - every number is in its class, every step in its histogram
 */
#include "run/spread.h"
#include "tiny.h"

#include <math.h>

static void a_class_reaches_from_its_edge_to_the_next(void **state)
{
	static const struct aq_spread scales[] = { { .classes = 24, .low = 1e-6, .high = 1 },
						   { .classes = 14, .low = 1e-29, .high = 1e-23 },
						   { .classes = 64, .low = 3, .high = 4 } };
	(void)state;
	for (size_t s = 0; s < 3; s++) {
		const struct aq_spread *spread = &scales[s];
		for (int k = 0; k <= spread->classes; k++) {
			const float edge = (float)aq_spread_edge(spread, k);
			const int last = spread->classes - 1;
			assert_int_equal(aq_spread_class(spread, edge), k < last ? k : last);
			assert_int_equal(aq_spread_class(spread, -nextafterf(edge, 0)),
					 k > 0 ? k - 1 : 0);
		}
		assert_int_equal(aq_spread_class(spread, 1e-45f), 0);
		assert_int_equal(aq_spread_class(spread, -3e38f), spread->classes - 1);
	}
	assert_true(aq_spread_edge(&scales[0], 24) == 1 && aq_spread_edge(&scales[0], 0) == 1e-6);
	assert_true(fabs(aq_spread_edge(&scales[0], 4) * 1e5 - 1) < 1e-12);
}

enum { STEPS = 37, NUMBERS = 3 * 3 * 3 };

/* The histogram of rows first .. end-1, counted anew. */
static void is_histogram(const struct aq_spread *s, int bin, const float *rows, int first, int end)
{
	int counts[AQ_SPREAD_MOST] = { 0 }, all = 0;
	for (int i = first * NUMBERS; i < end * NUMBERS; i++)
		if (rows[i] != 0) {
			counts[aq_spread_class(s, rows[i])]++;
			all++;
		}
	for (int k = 0; k < s->classes; k++) {
		const float share = s->share[bin * s->classes + k];
		if (all)
			assert_true(share == (float)((double)counts[k] / all));
		else
			assert_true(isnan(share));
	}
}

static void histograms_of_a_run(void **state)
{
	float rows[STEPS * NUMBERS];
	struct aq_run *run;
	struct aq_bins bins;
	(void)state;
	tiny_inputs("spread");
	good(tiny_train("spread", "spread/x.run.h5", "batch=4 steps=37", "record=grad record=stats", NULL));
	good(aq_run_open(&run, "spread/x.run.h5"));
	const struct aq_column *column = aq_run_find(run, "/grad/conv1/weight");
	good(aq_run_read(run, column, 0, STEPS, rows));
	for (int pixels = 1; pixels <= 60; pixels += 7) {
		struct aq_spread s = { .classes = 12, .low = 1e-6, .high = 1 };
		good(aq_bins_new(&bins, STEPS, pixels, pixels % 2));
		good(aq_spread_read(&s, &bins, run, column, 1 << 20));
		assert_true(s.rows == STEPS && s.read == STEPS);
		for (int b = 0; b < bins.count; b++)
			is_histogram(&s, b, rows, (int)bins.start[b], (int)bins.start[b + 1]);
		aq_spread_free(&s);
		aq_bins_free(&bins);
	}
	/* for 2 bins of 18 and 19 steps there is time to read 5 steps each */
	struct aq_spread s = { .classes = 12, .low = 1e-6, .high = 1 };
	good(aq_bins_new(&bins, STEPS, 2, false));
	good(aq_spread_read(&s, &bins, run, column, 10 * NUMBERS));
	assert_true(s.rows == STEPS && s.read == 10);
	is_histogram(&s, 0, rows, 6, 11);
	is_histogram(&s, 1, rows, 25, 30);
	aq_spread_free(&s);
	aq_bins_free(&bins);
	aq_run_close(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_class_reaches_from_its_edge_to_the_next),
		cmocka_unit_test(histograms_of_a_run),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
