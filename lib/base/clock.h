/* SPDX-License-Identifier: MIT
 *
 * clock.h - elapsed time, and time for people
 */
#ifndef AQ_BASE_CLOCK_H
#define AQ_BASE_CLOCK_H

#include <stddef.h>

/* Seconds on a clock that never goes back, from an unspecified start. */
double aq_seconds(void);

/* Seconds of processor time that the calling thread has had so far. */
double aq_thread_seconds(void);

/* "0.4 s", "12 s", "3 min 05 s", "2 h 10 min"; writes at most `size` bytes and returns `text`. */
char *aq_duration(char *text, size_t size, double seconds);

#endif
