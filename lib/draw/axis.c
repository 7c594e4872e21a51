/* SPDX-License-Identifier: MIT
 *
 * axis.c - where the ticks of an axis go
 */
#include "draw/plot.h"

#include <math.h>

/* 10^power as the nearest double: 1e-3 is 1 / 1000, not three multiplications by 0.1. */
static double ten_to(int power)
{
	double p = 1;
	for (int i = power < 0 ? -power : power; i > 0; i--)
		p *= 10;
	return power < 0 ? 1 / p : p;
}

static int floor_power(double value)
{
	int power = (int)floor(log10(value));
	/* log10 may be a hair off at powers of ten */
	if (ten_to(power + 1) <= value)
		power++;
	if (ten_to(power) > value)
		power--;
	return power;
}

struct aq_ticks aq_ticks_linear(double min, double max, int wanted)
{
	static const int steps[] = { 1, 2, 5, 10 };
	struct aq_ticks ticks = { .count = 0 };
	const double span = max - min;
	if (!(span > 0) || !isfinite(span) || span < 1e-300)
		return ticks;
	wanted = wanted < 1 ? 1 : wanted > AQ_TICKS - 2 ? AQ_TICKS - 2 : wanted;
	const int power = floor_power(span / wanted);
	const double least = span / wanted * (1 - 1e-9);
	int s = 0;
	while (steps[s] * ten_to(power) < least && s < 3)
		s++;
	ticks.step = steps[s] * ten_to(power);
	const double first = ceil(min / ticks.step - 1e-9);
	for (int i = 0; i < AQ_TICKS; i++) {
		const double k = (first + i) * steps[s];
		const double at = power < 0 ? k / ten_to(-power) : k * ten_to(power);
		if (at > max + ticks.step * 1e-9)
			break;
		ticks.at[ticks.count++] = at == 0 ? 0 : at;
	}
	return ticks;
}

/* Powers of ten, every `stride`-th, and the given multiples of each; 0 as soon as there are too
 * many. */
static int decades(double at[AQ_TICKS], double min, double max, int stride, const int *times,
		   int many)
{
	int count = 0;
	for (int power = floor_power(min); ten_to(power) <= max; power++) {
		if (((power % stride) + stride) % stride != 0)
			continue;
		for (int i = 0; i < many; i++) {
			const double v =
				power < 0 ? times[i] / ten_to(-power) : times[i] * ten_to(power);
			if (v < min * (1 - 1e-9) || v > max * (1 + 1e-9))
				continue;
			if (count == AQ_TICKS)
				return 0;
			at[count++] = v;
		}
	}
	return count;
}

struct aq_ticks aq_ticks_log(double min, double max, int wanted)
{
	static const int times[] = { 1, 2, 5 };
	struct aq_ticks ticks = { .log = true };
	if (!(min > 0) || !(max > min) || !isfinite(max))
		return ticks;
	wanted = wanted < 2 ? 2 : wanted > AQ_TICKS ? AQ_TICKS : wanted;
	ticks.count = decades(ticks.at, min, max, 1, times, 3);
	if (ticks.count == 0 || ticks.count > wanted)
		for (int stride = 1; stride < 700; stride++) {
			ticks.count = decades(ticks.at, min, max, stride, times, 1);
			if (ticks.count > 0 && ticks.count <= wanted)
				break;
		}
	if (ticks.count < 2) { /* less than a decade */
		ticks = aq_ticks_linear(min, max, wanted);
		ticks.log = true;
	}
	return ticks;
}

void aq_axis_round(double *min, double *max, bool log)
{
	if (log && !(*max > 0 && isfinite(*max))) {
		*min = 0.1;
		*max = 1;
	} else if (log) {
		if (!(*min > 0))
			*min = *max / 1e3;
		const double by = *max > *min ? pow(*max / *min, 0.04) : 2;
		*min /= by;
		*max *= by;
	} else if (!isfinite(*min) || !isfinite(*max)) {
		*min = 0;
		*max = 1;
	} else if (*max > *min) {
		const double by = 0.04 * (*max - *min);
		/* what nearly begins at 0 is shown from 0 */
		*min = *min >= 0 && *min < 0.3 * *max ? 0 : *min - by;
		*max = *max <= 0 && *max > 0.3 * *min ? 0 : *max + by;
	} else {
		const double by = *min != 0 ? fabs(*min) * 0.1 : 1;
		*min -= by;
		*max += by;
	}
}
