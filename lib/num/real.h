/* SPDX-License-Identifier: MIT
 *
 * real.h - the number that networks are made of
 *
 * float, or double when built with -DAQ_DOUBLE: the second build of the same code serves the checks of
 * gradients against finite differences, whose rounding would drown in single precision.
 */
#ifndef AQ_NUM_REAL_H
#define AQ_NUM_REAL_H

#ifdef AQ_DOUBLE
typedef double aq_real;
#else
typedef float aq_real;
#endif

/* Numbers behind the end of every map that a kernel may read (and never uses): two of the widest tiles. */
enum { AQ_SLACK = 64 };

#endif
