/* SPDX-License-Identifier: MIT
 *
 * test_smooth.c - noise has the level that is said of it, what is smooth lies far below
 */
#include "base/rng.h"
#include "look/smooth.h"

#include <complex.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void noise_has_its_level_and_spread(void **state)
{
	enum { FILTERS = 4000 };
	static const int sizes[][3] = {
		{ 1, 5, 5 }, { 3, 5, 5 }, { 3, 7, 7 }, { 1, 3, 3 }, { 2, 4, 6 }
	};
	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		const int c = sizes[i][0], h = sizes[i][1], w = sizes[i][2];
		double sum = 0, squares = 0, variation = 0, varied = 0;
		for (uint32_t f = 0; f < FILTERS; f++) {
			float filter[3 * 49];
			for (int k = 0; k < c * h * w; k++)
				filter[k] = (float)aq_rng_normal(7, 1, i, f, (uint32_t)k);
			const struct aq_smooth s = aq_smooth_of(filter, c, h, w);
			sum += s.high;
			squares += s.high * s.high;
			variation += s.variation;
			varied += s.variation * s.variation;
		}
		const double mean = sum / FILTERS, level = aq_smooth_of_noise(c, h, w).high;
		/* the share of energy in m of n normal numbers is beta distributed, with m/2 and (n-m)/2 */
		const double spread = sqrt(level * (1 - level) / (c * h * w / 2.0 + 1));
		/* four standard errors */
		assert_true(fabs(mean - level) < 4 * spread / sqrt(FILTERS));
		const double found = sqrt(squares / FILTERS - mean * mean);
		assert_true(fabs(found / spread - 1) < 0.05);
		const double expected = aq_smooth_of_noise(c, h, w).variation;
		const double error = sqrt((varied / FILTERS - variation / FILTERS * variation /
							      FILTERS) / FILTERS);
		assert_true(fabs(variation / FILTERS - expected) < 4 * error);
	}
}

/* Nineteen of twenty other filters lie in the band, in both measures. */
static void noise_lies_in_its_band(void **state)
{
	enum { FILTERS = 2000 };
	static const int sizes[][3] = { { 1, 5, 5 }, { 3, 5, 5 }, { 16, 3, 3 } };
	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		const int c = sizes[i][0], h = sizes[i][1], w = sizes[i][2];
		struct aq_smooth_band band, again;
		int high = 0, variation = 0;
		assert_int_equal(aq_smooth_band_of_noise(c, h, w, &band), AQ_OK);
		assert_int_equal(aq_smooth_band_of_noise(c, h, w, &again), AQ_OK);
		assert_memory_equal(&band, &again, sizeof band);
		for (uint32_t f = 0; f < FILTERS; f++) {
			float filter[16 * 9];
			for (int k = 0; k < c * h * w; k++)
				filter[k] = (float)aq_rng_normal(3, 1, i, f, (uint32_t)k);
			const struct aq_smooth s = aq_smooth_of(filter, c, h, w);
			high += s.high >= band.low.high && s.high <= band.high.high;
			variation += s.variation >= band.low.variation &&
				     s.variation <= band.high.variation;
		}
		assert_true(fabs((double)high / FILTERS - 0.95) < 0.025);
		assert_true(fabs((double)variation / FILTERS - 0.95) < 0.025);
	}
}

/* The definition: the energy of the Fourier transform of the plane continued by its mirror images,
 * [2h][2w], at more than a quarter of a cycle a pixel. */
static double high_by_definition(const float *filter, int channels, int h, int w)
{
	double high = 0, all = 0;
	for (int c = 0; c < channels; c++)
		for (int v = 0; v < 2 * h; v++)
			for (int u = 0; u < 2 * w; u++) {
				double complex sum = 0;
				for (int y = 0; y < 2 * h; y++)
					for (int x = 0; x < 2 * w; x++) {
						const int my = y < h ? y : 2 * h - 1 - y;
						const int mx = x < w ? x : 2 * w - 1 - x;
						const double turn = (double)(v * y) / (2 * h) +
								    (double)(u * x) / (2 * w);
						sum += (double)filter[(c * h + my) * w + mx] *
						       cexp(-2 * M_PI * I * turn);
					}
				const int fv = v <= h ? v : 2 * h - v, fu = u <= w ? u : 2 * w - u;
				const double energy = creal(sum * conj(sum));
				const double y = fv / (2.0 * h), x = fu / (2.0 * w);
				all += energy;
				high += y * y + x * x > 0.0625 ? energy : 0;
			}
	return high / all;
}

static void it_is_the_spectrum_of_the_mirrored_picture(void **state)
{
	static const int sizes[][3] = {
		{ 1, 5, 5 }, { 3, 5, 5 }, { 2, 3, 7 }, { 1, 1, 6 }, { 1, 8, 2 }, { 1, 2, 1 }
	};
	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		const int c = sizes[i][0], h = sizes[i][1], w = sizes[i][2];
		float filter[75];
		for (int k = 0; k < c * h * w; k++)
			filter[k] = (float)aq_rng_normal(9, 1, i, 0, (uint32_t)k);
		assert_true(fabs(aq_smooth_of(filter, c, h, w).high -
				 high_by_definition(filter, c, h, w)) < 1e-12);
	}
}

/* A cosine of the transform has all of its energy in its own term. */
static void a_wave_is_low_or_high(void **state)
{
	(void)state;
	for (int v = 0; v < 6; v++)
		for (int u = 0; u < 8; u++) {
			float plane[6 * 8];
			for (int y = 0; y < 6; y++)
				for (int x = 0; x < 8; x++)
					plane[y * 8 + x] = (float)(cos(M_PI * (y + 0.5) * v / 6) *
								   cos(M_PI * (x + 0.5) * u / 8));
			const double frequency = hypot(v / 12.0, u / 16.0);
			const double high = aq_smooth_of(plane, 1, 6, 8).high;
			if (fabs(frequency - 0.25) > 1e-9)
				assert_true(fabs(high - (frequency > 0.25)) < 1e-6);
		}
}

static void smooth_filters_lie_below_noise(void **state)
{
	float ramp[25], board[25], blob[25];
	(void)state;
	for (int y = 0; y < 5; y++)
		for (int x = 0; x < 5; x++) {
			ramp[y * 5 + x] = (float)(x - 2);
			board[y * 5 + x] = (x + y) % 2 ? 1 : -1;
			blob[y * 5 + x] =
				expf(-0.3f * (float)((x - 2) * (x - 2) + (y - 2) * (y - 2)));
		}
	const struct aq_smooth noise = aq_smooth_of_noise(1, 5, 5);
	assert_true(aq_smooth_of(ramp, 1, 5, 5).high < 0.05);
	assert_true(aq_smooth_of(blob, 1, 5, 5).high < 0.2);
	assert_true(aq_smooth_of(board, 1, 5, 5).high > 0.85);
	assert_true(aq_smooth_of(blob, 1, 5, 5).variation < noise.variation);
	assert_true(aq_smooth_of(board, 1, 5, 5).variation > noise.variation);
	/* half the pairs of a ramp differ by 1, its root mean square is sqrt(2) */
	assert_true(fabs(aq_smooth_of(ramp, 1, 5, 5).variation - 0.5 / sqrt(2)) < 1e-9);
}

static void strength_does_not_matter(void **state)
{
	float one[50], other[50];
	(void)state;
	for (uint32_t k = 0; k < 50; k++) {
		one[k] = (float)aq_rng_normal(1, 1, 0, 0, k);
		other[k] = -1000 * one[k];
	}
	assert_true(fabs(aq_smooth_of(one, 2, 5, 5).high - aq_smooth_of(other, 2, 5, 5).high) <
		    1e-6);
	assert_true(fabs(aq_smooth_of(one, 2, 5, 5).variation -
			 aq_smooth_of(other, 2, 5, 5).variation) < 1e-6);
}

static void what_has_no_smoothness_is_nan(void **state)
{
	const float nothing[25] = { 0 };
	float broken[25] = { 1, 2, 3 };
	static const float large[65 * 65] = { 1 };
	(void)state;
	broken[7] = INFINITY;
	assert_true(isnan(aq_smooth_of(nothing, 1, 5, 5).high));
	assert_true(isnan(aq_smooth_of(broken, 1, 5, 5).high));
	assert_true(isnan(aq_smooth_of(broken, 1, 1, 1).high));
	assert_true(isnan(aq_smooth_of(large, 1, 65, 65).variation));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(noise_has_its_level_and_spread),
		cmocka_unit_test(noise_lies_in_its_band),
		cmocka_unit_test(it_is_the_spectrum_of_the_mirrored_picture),
		cmocka_unit_test(a_wave_is_low_or_high),
		cmocka_unit_test(smooth_filters_lie_below_noise),
		cmocka_unit_test(strength_does_not_matter),
		cmocka_unit_test(what_has_no_smoothness_is_nan),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
