/* SPDX-License-Identifier: MIT
 *
 * exact.h - the few functions of the C library whose last bit depends on which library it is
 *
 * Plain additions, multiplications and divisions in a fixed order: the same bits with every compiler,
 * library and processor.  Within one unit of the last place of the true value.
 */
#ifndef AQ_BASE_EXACT_H
#define AQ_BASE_EXACT_H

#include <stdint.h>

double aq_exp(double x);

/* The natural logarithm. */
double aq_ln(double x);

/* cos(pi x) for x from -2 to 2. */
double aq_cos_pi(double x);

/* base^n by squaring. */
double aq_power(double base, uint64_t n);

#endif
