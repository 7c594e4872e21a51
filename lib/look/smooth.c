/* SPDX-License-Identifier: MIT
 *
 * smooth.c - how smooth the picture of a filter is
 */
#include "look/smooth.h"

#include <math.h>
#include <stdbool.h>

static const double pi = 3.14159265358979323846;

/* More than a quarter of a cycle a pixel, in whatever direction? */
static bool is_high(int v, int u, int height, int width)
{
	const double fy = v / (2.0 * height), fx = u / (2.0 * width);
	return fy * fy + fx * fx > 0.25 * 0.25;
}

/* Term k of the orthonormal DCT of n values that lie `step` apart. */
static double term(const double *at, int n, int step, int k)
{
	double sum = 0;
	for (int i = 0; i < n; i++)
		sum += at[i * step] * cos(pi * (i + 0.5) * k / n);
	return sum * sqrt((k ? 2.0 : 1.0) / n);
}

/* Add the energy of one plane, rows first and then columns. */
static void add_energy(const float *plane, int height, int width, double *high, double *all)
{
	double half[AQ_SMOOTH_MOST * AQ_SMOOTH_MOST];
	double row[AQ_SMOOTH_MOST];
	for (int y = 0; y < height; y++) {
		for (int x = 0; x < width; x++)
			row[x] = (double)plane[y * width + x];
		for (int u = 0; u < width; u++)
			half[y * width + u] = term(row, width, 1, u);
	}
	for (int u = 0; u < width; u++)
		for (int v = 0; v < height; v++) {
			const double t = term(half + u, height, width, v);
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
	double high = 0, all = 0, sum = 0, pairs = 0;
	if (height > AQ_SMOOTH_MOST || width > AQ_SMOOTH_MOST || height * width < 2)
		return none;
	for (int c = 0; c < channels; c++) {
		const float *plane = filter + (size_t)c * (size_t)height * (size_t)width;
		add_energy(plane, height, width, &high, &all);
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

struct aq_smooth aq_smooth_of_noise(int height, int width)
{
	return (struct aq_smooth){ high_terms(height, width) / ((double)height * width),
				   2 / sqrt(pi) };
}

double aq_smooth_spread(int channels, int height, int width)
{
	const double count = (double)channels * height * width;
	const double share = high_terms(height, width) / ((double)height * width);
	return sqrt(share * (1 - share) / (count / 2 + 1));
}
