/* SPDX-License-Identifier: MIT
 *
 * stats.c - what can be said of a gradient in a few numbers
 *
 * Element i goes to partial sum i mod LANES; the partial sums meet in a fixed tree.  So the order of
 * additions is part of the definition, and compilers may still use vectors.
 */
#include "num/stats.h"

#include <math.h>

enum { LANES = 8 };

static double tree(const double *part)
{
	return ((part[0] + part[4]) + (part[2] + part[6])) + ((part[1] + part[5]) + (part[3] + part[7]));
}

double aq_dot(const aq_real *a, const aq_real *b, size_t count)
{
	double part[LANES] = { 0 };
	size_t i = 0;
	for (; i + LANES <= count; i += LANES)
		for (int k = 0; k < LANES; k++)
			part[k] += (double)a[i + (size_t)k] * (double)b[i + (size_t)k];
	for (int k = 0; i < count; i++, k++)
		part[k] += (double)a[i] * (double)b[i];
	return tree(part);
}

double aq_norm(const aq_real *a, size_t count)
{
	return sqrt(aq_dot(a, a, count));
}

/* Sums of v, |v| and of zeros. */
static void sums(const aq_real *v, size_t count, double *sum, double *l1, double *zeros)
{
	double s[LANES] = { 0 }, a[LANES] = { 0 }, z[LANES] = { 0 };
	size_t i = 0;
	for (; i + LANES <= count; i += LANES)
		for (int k = 0; k < LANES; k++) {
			const double x = (double)v[i + (size_t)k];
			s[k] += x;
			a[k] += fabs(x);
			z[k] += x == 0;
		}
	for (int k = 0; i < count; i++, k++) {
		const double x = (double)v[i];
		s[k] += x;
		a[k] += fabs(x);
		z[k] += x == 0;
	}
	*sum = tree(s);
	*l1 = tree(a);
	*zeros = tree(z);
}

static double deviation(const aq_real *v, size_t count, double mean)
{
	double part[LANES] = { 0 };
	size_t i = 0;
	for (; i + LANES <= count; i += LANES)
		for (int k = 0; k < LANES; k++) {
			const double d = (double)v[i + (size_t)k] - mean;
			part[k] += d * d;
		}
	for (int k = 0; i < count; i++, k++) {
		const double d = (double)v[i] - mean;
		part[k] += d * d;
	}
	return sqrt(tree(part) / (double)count);
}

struct aq_moments aq_moments(const aq_real *v, size_t count)
{
	struct aq_moments m = { 0 };
	double sum, zeros;
	if (count == 0)
		return m;
	aq_real least = v[0], most = v[0];
	for (size_t i = 1; i < count; i++) {
		least = v[i] < least ? v[i] : least;
		most = v[i] > most ? v[i] : most;
	}
	sums(v, count, &sum, &m.l1, &zeros);
	m.min = isnan(sum) ? NAN : (double)least;
	m.max = isnan(sum) ? NAN : (double)most;
	m.mean = sum / (double)count;
	m.std = deviation(v, count, m.mean);
	m.l2 = aq_norm(v, count);
	m.zeros = zeros / (double)count;
	return m;
}
