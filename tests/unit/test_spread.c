/* SPDX-License-Identifier: MIT
 *
 * test_spread.c - every number is in its class, every step in its histogram
 */
#include "run/spread.h"
#include "tiny.h"

#include <math.h>

enum { STEPS = 37, NUMBERS = 3 * 3 * 3 };

/* By its edges alone; what lies beyond the ends is in the first and the last. */
static int class_of(const struct aq_spread *s, float value)
{
	int k = 0;
	while (k + 1 < s->classes && fabsf(value) >= (float)aq_spread_edge(s, k + 1))
		k++;
	return k;
}

static void edges_are_even_by_factors(void **state)
{
	const struct aq_spread s = { .classes = 24, .low = 1e-6, .high = 1 };
	(void)state;
	assert_true(aq_spread_edge(&s, 24) == 1 && aq_spread_edge(&s, 0) == 1e-6);
	assert_true(fabs(aq_spread_edge(&s, 4) * 1e5 - 1) < 1e-12);
}

/* The histogram of rows first .. end-1, counted anew. */
static void is_histogram(const struct aq_spread *s, int bin, const float *rows, int first, int end)
{
	int counts[AQ_SPREAD_MOST] = { 0 }, all = 0;
	for (int i = first * NUMBERS; i < end * NUMBERS; i++)
		if (rows[i] != 0) {
			counts[class_of(s, rows[i])]++;
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
	/* the last two have an edge at a number that is there, and the next one just above it */
	const double some = fabs((double)rows[5]);
	const struct aq_spread scales[] = { { .classes = 12, .low = 1e-6, .high = 1 },
					    { .classes = 14, .low = 1e-29, .high = 1e-23 },
					    { .classes = 64, .low = 1e-3, .high = 1.3e-3 },
					    { .classes = 1, .low = 1e-6, .high = 1 },
					    { .classes = 2, .low = some / 16, .high = some * 16 },
					    { .classes = 2, .low = some / 16,
					      .high = some * 16 * (1 + 1e-6) } };
	assert_true(some > 0);
	for (int pixels = 1, k = 0; pixels <= 60; pixels += 7, k++) {
		struct aq_spread s = scales[k % 6];
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
		cmocka_unit_test(edges_are_even_by_factors),
		cmocka_unit_test(histograms_of_a_run),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
