/* SPDX-License-Identifier: MIT
 *
 * clock.c - elapsed time, and time for people
 */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

double aq_thread_seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double aq_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

char *aq_duration(char *text, size_t size, double seconds)
{
	const long whole = (long)(seconds + 0.5);
	if (seconds < 9.95)
		snprintf(text, size, "%.1f s", seconds);
	else if (whole < 60)
		snprintf(text, size, "%ld s", whole);
	else if (whole < 3600)
		snprintf(text, size, "%ld min %02ld s", whole / 60, whole % 60);
	else
		snprintf(text, size, "%ld h %02ld min", whole / 3600, whole % 3600 / 60);
	return text;
}
