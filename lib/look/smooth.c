/* SPDX-License-Identifier: MIT
 *
 * smooth.c - how smooth the picture of a filter is
 */
#include "look/smooth.h"

#include "base/rng.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static const double pi = 3.14159265358979323846;

/* More than a quarter of a cycle a pixel, in whatever direction? */
static bool is_high(int v, int u, int height, int width)
{
	const double fy = v / (2.0 * height), fx = u / (2.0 * width);
	return fy * fy + fx * fx > 0.25 * 0.25;
}

/* The terms of the orthonormal DCT of n values, [term][value]. */
static void fill_basis(double *basis, int n)
{
	for (int k = 0; k < n; k++)
		for (int i = 0; i < n; i++)
			basis[k * n + i] =
				cos(pi * (i + 0.5) * k / n) * sqrt((k ? 2.0 : 1.0) / n);
}

/* Add the energy of one plane, rows first and then columns. */
static void add_energy(const float *plane, int height, int width, const double *down,
		       const double *across, double *high, double *all)
{
	double half[AQ_SMOOTH_MOST * AQ_SMOOTH_MOST];
	for (int y = 0; y < height; y++)
		for (int u = 0; u < width; u++) {
			double sum = 0;
			for (int x = 0; x < width; x++)
				sum += (double)plane[y * width + x] * across[u * width + x];
			half[y * width + u] = sum;
		}
	for (int u = 0; u < width; u++)
		for (int v = 0; v < height; v++) {
			double t = 0;
			for (int y = 0; y < height; y++)
				t += half[y * width + u] * down[v * height + y];
			*all += t * t;
			*high += is_high(v, u, height, width) ? t * t : 0;
		}
}

static void add_variation(const float *plane, int height, int width, double *sum, double *pairs)
{
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++) {
			const float *at = plane + y * width + x;
			if (x + 1 < width)
				*sum += fabs((double)at[1] - (double)at[0]);
			if (y + 1 < height)
				*sum += fabs((double)at[width] - (double)at[0]);
			*pairs += (x + 1 < width) + (y + 1 < height);
		}
}

struct aq_smooth aq_smooth_of(const float *filter, int channels, int height, int width)
{
	const struct aq_smooth none = { NAN, NAN };
	double down[AQ_SMOOTH_MOST * AQ_SMOOTH_MOST], across[AQ_SMOOTH_MOST * AQ_SMOOTH_MOST];
	double high = 0, all = 0, sum = 0, pairs = 0;
	if (height > AQ_SMOOTH_MOST || width > AQ_SMOOTH_MOST || height * width < 2)
		return none;
	fill_basis(down, height);
	fill_basis(across, width);
	for (int c = 0; c < channels; c++) {
		const float *plane = filter + (size_t)c * (size_t)height * (size_t)width;
		add_energy(plane, height, width, down, across, &high, &all);
		add_variation(plane, height, width, &sum, &pairs);
	}
	if (!(all > 0) || !isfinite(all))
		return none;
	/* the transform keeps energy, so that `all` is also the sum of squares */
	const double size = sqrt(all / ((double)channels * height * width));
	return (struct aq_smooth){ high / all, sum / pairs / size };
}

static double high_terms(int height, int width)
{
	double count = 0;
	for (int v = 0; v < height; v++)
		for (int u = 0; u < width; u++)
			count += is_high(v, u, height, width);
	return count;
}

struct aq_smooth aq_smooth_of_noise(int channels, int height, int width)
{
	const double n = (double)channels * height * width;
	const double size = sqrt(2 / n) * exp(lgamma((n + 1) / 2) - lgamma(n / 2));
	return (struct aq_smooth){ high_terms(height, width) / ((double)height * width),
				   2 / sqrt(pi) / size };
}

static int by_value(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Filters to draw: a thousand, or what takes a fraction of a second. */
static int samples_of(double values, int height, int width)
{
	enum { LEAST = 100, MOST = 1000, WORK = 100000000 };
	const double most = WORK / (values * (height + width));
	return most > MOST ? MOST : most < LEAST ? LEAST : (int)most;
}

int aq_smooth_band_of_noise(int channels, int height, int width, struct aq_smooth_band *band)
{
	const size_t size = (size_t)channels * (size_t)height * (size_t)width;
	const int count = samples_of((double)size, height, width), cut = count / 40;
	float *filter = malloc(size * sizeof *filter);
	double *high = malloc(2 * (size_t)count * sizeof *high);
	if (!filter || !high) {
		free(filter);
		free(high);
		return aq_fail(AQ_ENOMEM, "out of memory");
	}
	double *const variation = high + count;
	for (int i = 0; i < count; i++) {
		for (size_t k = 0; k < size; k++)
			filter[k] = (float)aq_rng_normal(1, AQ_STREAM_NOISE, 0, (uint32_t)i,
							 (uint32_t)k);
		const struct aq_smooth one = aq_smooth_of(filter, channels, height, width);
		high[i] = one.high;
		variation[i] = one.variation;
	}
	qsort(high, (size_t)count, sizeof *high, by_value);
	qsort(variation, (size_t)count, sizeof *variation, by_value);
	band->low = (struct aq_smooth){ high[cut], variation[cut] };
	band->high = (struct aq_smooth){ high[count - 1 - cut], variation[count - 1 - cut] };
	free(filter);
	free(high);
	return AQ_OK;
}
