/* SPDX-License-Identifier: MIT
 *
 * moments.c - mean, deviation and extremes of numbers that come in portions
 *
 * Each portion is gone through twice, for its mean and for the distances from it, then joined to
 * what was there (Chan, Golub and LeVeque): small deviations of large numbers keep their digits.
 */
#include "look/moments.h"

#include <math.h>

static struct aq_moments portion(const float *values, size_t count)
{
	struct aq_moments m = { 0 };
	double sum = 0;
	for (size_t i = 0; i < count; i++) {
		if (!isfinite(values[i])) {
			m.odd++;
			continue;
		}
		m.min = m.count == 0 || values[i] < m.min ? values[i] : m.min;
		m.max = m.count == 0 || values[i] > m.max ? values[i] : m.max;
		m.count++;
		sum += (double)values[i];
	}
	m.mean = m.count ? sum / (double)m.count : 0;
	for (size_t i = 0; i < count; i++)
		if (isfinite(values[i]))
			m.square += ((double)values[i] - m.mean) * ((double)values[i] - m.mean);
	return m;
}

void aq_moments_add(struct aq_moments *m, const float *values, size_t count)
{
	const struct aq_moments more = portion(values, count);
	const double a = (double)m->count, b = (double)more.count, apart = more.mean - m->mean;
	m->odd += more.odd;
	if (more.count == 0)
		return;
	m->min = m->count == 0 || more.min < m->min ? more.min : m->min;
	m->max = m->count == 0 || more.max > m->max ? more.max : m->max;
	m->mean = m->count == 0 ? more.mean : m->mean + apart * b / (a + b);
	m->square += more.square + (m->count == 0 ? 0 : apart * apart * a * b / (a + b));
	m->count += more.count;
}

double aq_moments_std(const struct aq_moments *m)
{
	return m->count ? sqrt(m->square / (double)m->count) : 0;
}
