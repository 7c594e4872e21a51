/* SPDX-License-Identifier: MIT
 *
 * test_prepare.c - preparation follows its formulas, is fitted as it says, and survives its file
 */
#include "data/prepare.h"

#include "base/rng.h"
#include "data/fit.h"
#include "story.h"

#include <math.h>
#include <stdbool.h>

enum { C = 3, H = 4, W = 5, D = C * H * W, N = 150 };

/* Pictures whose pixels have unequal means and go together with their neighbours. */
static uint8_t *pictures(void)
{
	static uint8_t pixels[N][D];
	for (int n = 0; n < N; n++) {
		double at = 128;
		for (int i = 0; i < D; i++) {
			at = 0.6 * at + 0.4 * (double)(40 + 2 * i) +
			     90 * ((double)aq_unit(aq_rng_word(3, AQ_STREAM_SYNTH, 0, (uint32_t)n,
							       (uint32_t)i)) - 0.5);
			pixels[n][i] = (uint8_t)fmin(fmax(at, 0), 255);
		}
	}
	return pixels[0];
}

static void sums_of(const uint8_t *pixels, uint64_t *sums)
{
	memset(sums, 0, D * sizeof *sums);
	for (int n = 0; n < N; n++)
		for (int i = 0; i < D; i++)
			sums[i] += pixels[n * D + i];
}

/* All steps fitted, by `threads`. */
static struct aq_prepare all_of_it(int threads)
{
	struct aq_prepare p = aq_prepare_plain(C, H, W, true);
	struct aq_pool *pool;
	uint64_t sums[D];
	const uint8_t *pixels = pictures();
	ok(aq_pool_new(&pool, threads));
	sums_of(pixels, sums);
	ok(aq_fit_mean(&p, AQ_MEAN_IMAGE, sums, N));
	ok(aq_fit_contrast(&p, pixels, N));
	ok(aq_fit_whiten(&p, pixels, N, pool));
	aq_pool_free(pool);
	return p;
}

static void plain_is_around_zero(void **state)
{
	(void)state;
	const uint8_t pixels[3] = { 0, 51, 255 };
	struct aq_prepare p = aq_prepare_plain(3, 1, 1, false);
	float x[3];
	aq_prepare_apply(&p, pixels, x, NULL);
	assert_true(x[0] == -0.5f);
	assert_true(fabsf(x[1] + 0.3f) < 1e-6f);
	assert_true(x[2] == 0.5f);
}

static void means(void **state)
{
	(void)state;
	const uint8_t *pixels = pictures();
	uint64_t sums[D];
	struct aq_prepare image = aq_prepare_plain(C, H, W, false), channel = image;
	sums_of(pixels, sums);
	ok(aq_fit_mean(&image, AQ_MEAN_IMAGE, sums, N));
	ok(aq_fit_mean(&channel, AQ_MEAN_CHANNEL, sums, N));
	double total[D] = { 0 };
	for (int n = 0; n < N; n++) {
		float x[D];
		aq_prepare_apply(&image, pixels + n * D, x, NULL);
		for (int i = 0; i < D; i++)
			total[i] += (double)x[i];
	}
	for (int i = 0; i < D; i++) {
		assert_true(fabs(total[i]) < 1e-4);
		assert_true(channel.mean[i] == channel.mean[i / (H * W) * H * W]);
	}
	for (int c = 0; c < C; c++) {
		double mean = 0;
		for (int i = 0; i < H * W; i++)
			mean += (double)image.mean[c * H * W + i] / (H * W);
		assert_true(fabs(mean - (double)channel.mean[c * H * W]) < 1e-6);
	}
	aq_prepare_free(&image);
	aq_prepare_free(&channel);
}

/* x1 in double, by the formula alone. */
static double deviation_of(const struct aq_prepare *p, const uint8_t *pixels, double *x,
			   double *mean)
{
	double squares = 0;
	*mean = 0;
	for (int i = 0; i < D; i++) {
		x[i] = pixels[i] - (double)p->mean[i];
		*mean += x[i] / D;
	}
	for (int i = 0; i < D; i++)
		squares += (x[i] - *mean) * (x[i] - *mean);
	return sqrt(squares / (D - 1));
}

static void contrast_by_its_formula(void **state)
{
	(void)state;
	const uint8_t *pixels = pictures();
	struct aq_prepare p = all_of_it(1);
	double x1[D], m, gain = 0;
	float x[D];
	for (int n = 0; n < N; n++)
		gain += deviation_of(&p, pixels + n * D, x1, &m) / N;
	assert_true(fabs(gain - p.gain) < 1e-5 * gain);
	assert_true(p.floor == 40);
	int floored = 0;
	for (int n = 0; n < N; n++) {
		const double s = deviation_of(&p, pixels + n * D, x1, &m);
		floored += s < 40;
		aq_prepare_contrast(&p, pixels + n * D, x);
		for (int i = 0; i < D; i++)
			assert_true(fabs((double)x[i] - (x1[i] - m) * gain / fmax(s, 40)) < 1e-3);
	}
	assert_true(floored > 0 && floored < N); /* both sides of the floor were met */
	aq_prepare_free(&p);
}

/* W C W has, along each eigenvector of C, the value e^2 where the deviation exceeds 10 and l e^2 /
 * 100 below: so e^2 on its diagonal on the whole, and nothing beside it where all exceed. */
static void whitening_whitens(void **state)
{
	(void)state;
	const uint8_t *pixels = pictures();
	struct aq_prepare p = aq_prepare_plain(C, H, W, true);
	struct aq_pool *pool;
	uint64_t sums[D];
	static float x[N][D], scratch[8 * D];
	double trace = 0;
	sums_of(pixels, sums);
	ok(aq_pool_new(&pool, 2));
	ok(aq_fit_mean(&p, AQ_MEAN_IMAGE, sums, N));
	aq_prepare_apply_all(&p, N, pixels, x[0], scratch);
	for (int n = 0; n < N; n++)
		for (int i = 0; i < D; i++)
			trace += (double)x[n][i] * (double)x[n][i] / N;
	ok(aq_fit_whiten(&p, pixels, N, pool));
	aq_prepare_apply_all(&p, N, pixels, x[0], scratch);
	double off = 0, on = 0, total = 0;
	for (int i = 0; i < D; i++)
		for (int j = 0; j < D; j++) {
			double c = 0;
			for (int n = 0; n < N; n++)
				c += (double)x[n][i] * (double)x[n][j] / N;
			total += i == j ? c : 0;
			on = i == j ? fmax(on, fabs(c - trace / D)) : on;
			off = i == j ? off : fmax(off, fabs(c));
		}
	/* directions below the floor are not blown up to full size: the sum falls short of the
	 * trace */
	assert_true(total < 0.999 * trace);
	assert_true(total > 0.6 * trace);
	assert_true(on < 0.7 * trace / D && off < 0.4 * trace / D);
	for (int i = 0; i < D; i++)
		for (int j = 0; j < i; j++)
			assert_true(p.whiten[i * D + j] == p.whiten[j * D + i]);
	aq_pool_free(pool);
	aq_prepare_free(&p);
}

/* In two dimensions everything is known: deviations 50 and 2 along the diagonals. */
static void whitening_in_two_dimensions(void **state)
{
	(void)state;
	const uint8_t pixels[4][2] = { { 150, 150 }, { 50, 50 }, { 102, 98 }, { 98, 102 } };
	/* eigenvalues: of four pictures, two along each diagonal */
	const double a = 2 * 50 * 50 / 2.0, b = 2 * 2 * 2 / 2.0;
	const double e = sqrt((a + b) / 2);
	struct aq_prepare p = aq_prepare_plain(1, 1, 2, true);
	struct aq_pool *pool;
	const uint64_t sums[2] = { 400, 400 };
	ok(aq_pool_new(&pool, 1));
	ok(aq_fit_mean(&p, AQ_MEAN_IMAGE, sums, 4));
	assert_true(p.mean[0] == 100);
	ok(aq_fit_whiten(&p, pixels[0], 4, pool));
	const double strong = e / sqrt(a), weak = e / 10; /* sqrt(b) = 2 is below the floor of 10 */
	assert_true(fabs((double)p.whiten[0] - (strong + weak) / 2) < 1e-6);
	assert_true(fabs((double)p.whiten[1] - (strong - weak) / 2) < 1e-6);
	assert_true(p.whiten[1] == p.whiten[2]);
	aq_pool_free(pool);
	aq_prepare_free(&p);
}

static void one_or_many_are_the_same_bits(void **state)
{
	(void)state;
	const uint8_t *pixels = pictures();
	static float all[N][D], scratch[8 * D];
	struct aq_prepare p = all_of_it(1), q = all_of_it(3);
	assert_memory_equal(p.whiten, q.whiten, D * D * sizeof *p.whiten);
	aq_prepare_apply_all(&p, N, pixels, all[0], scratch);
	for (int n = 0; n < N; n++) {
		float x[D], z[D], naive[D];
		aq_prepare_apply(&p, pixels + n * D, x, scratch);
		assert_memory_equal(x, all[n], sizeof x);
		aq_prepare_contrast(&p, pixels + n * D, z);
		for (int i = 0; i < D; i++) {
			double sum = 0;
			for (int j = 0; j < D; j++)
				sum += (double)p.whiten[i * D + j] * (double)z[j];
			naive[i] = (float)sum;
			assert_true(fabsf(naive[i] - x[i]) < 1e-2f);
		}
	}
	aq_prepare_free(&p);
	aq_prepare_free(&q);
}

static void round_trip(const struct aq_prepare *p)
{
	struct aq_prepare back;
	struct aq_h5 *file;
	ok(aq_h5_create(&file, "prepare.h5", "aquatint-data", false));
	ok(aq_prepare_write(p, file));
	ok(aq_h5_publish(file));
	ok(aq_h5_open(&file, "prepare.h5", NULL));
	ok(aq_prepare_read(&back, file, C, H, W));
	assert_true(back.scale == p->scale && back.offset == p->offset);
	assert_int_equal(back.mean_kind, p->mean_kind);
	assert_int_equal(back.contrast, p->contrast);
	assert_true(back.gain == p->gain && back.floor == p->floor);
	assert_int_equal(!back.mean, !p->mean);
	if (p->mean)
		assert_memory_equal(back.mean, p->mean, D * sizeof *p->mean);
	assert_int_equal(!back.whiten, !p->whiten);
	if (p->whiten)
		assert_memory_equal(back.whiten, p->whiten, D * D * sizeof *p->whiten);
	aq_prepare_free(&back);
	if (p->mean)
		bad(aq_prepare_read(&back, file, C, H, W + 1), AQ_EDATA, "/input");
	aq_h5_close(file);
}

static void survives_its_file(void **state)
{
	(void)state;
	struct aq_prepare all = all_of_it(1), plain = aq_prepare_plain(C, H, W, false);
	round_trip(&all);
	round_trip(&plain);
	aq_prepare_free(&all);
}

static void plain_pictures_have_no_contrast(void **state)
{
	(void)state;
	const uint8_t pixels[2][D] = { { 0 } };
	struct aq_prepare p = aq_prepare_plain(C, H, W, true);
	bad(aq_fit_contrast(&p, pixels[0], 2), AQ_EDATA, "there is no contrast");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_is_around_zero),
		cmocka_unit_test(means),
		cmocka_unit_test(contrast_by_its_formula),
		cmocka_unit_test(whitening_whitens),
		cmocka_unit_test(whitening_in_two_dimensions),
		cmocka_unit_test(one_or_many_are_the_same_bits),
		cmocka_unit_test(survives_its_file),
		cmocka_unit_test(plain_pictures_have_no_contrast),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
