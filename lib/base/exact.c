/* SPDX-License-Identifier: MIT
 *
 * exact.c - functions whose bits do not depend on the C library
 */
#include "base/exact.h"

#include <math.h>

/* ln 2 in two parts, the first with zeros at its end, so that k times it is exact. */
static const double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;

/* e^x = 2^k e^r with |r| <= ln 2 / 2, and Taylor's series of e^r, whose next term is below 2^-57. */
double aq_exp(double x)
{
	if (isnan(x))
		return x;
	if (x > 709.79)
		return INFINITY;
	if (x < -746)
		return 0;
	const double k = floor(x * 1.4426950408889634 + 0.5);
	const double r = (x - k * ln2_high) - k * ln2_low;
	double sum = 0;
	for (int i = 13; i > 1; i--)
		sum = (sum + 1) * r / i;
	return ldexp(1 + (r + r * sum), (int)k);
}

/* x = 2^k (1 + f), log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)), s = f / (2 + f); the coefficients of R are
 * those of fdlibm's e_log.c (Sun Microsystems, 1993). */
double aq_ln(double x)
{
	static const double coefficient[] = {
		6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01,
		2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01,
		1.479819860511658591e-01,
	};
	if (isnan(x) || x < 0)
		return NAN;
	if (x <= 0)
		return -INFINITY;
	if (isinf(x))
		return x;
	int k;
	double m = frexp(x, &k);
	if (m < 0.70710678118654752) {
		m *= 2;
		k--;
	}
	const double f = m - 1, s = f / (2 + f), z = s * s, half = 0.5 * f * f;
	double sum = 0;
	for (int i = 6; i >= 0; i--)
		sum = (sum + coefficient[i]) * z;
	return k * ln2_high - ((half - (s * (half + sum) + k * ln2_low)) - f);
}

/* Taylor's series, up to pi/4. */
static double cos_near(double t)
{
	double sum = 0;
	for (int i = 18; i > 0; i -= 2)
		sum = (sum + 1) * -(t * t) / (i * (i - 1));
	return 1 + sum;
}

static double sin_near(double t)
{
	double sum = 0;
	for (int i = 19; i > 1; i -= 2)
		sum = (sum + 1) * -(t * t) / (i * (i - 1));
	return t + t * sum;
}

double aq_cos_pi(double x)
{
	const double pi = 3.141592653589793;
	x = fabs(x);
	x = x > 1 ? 2 - x : x; /* exact */
	if (x > 0.75)
		return -cos_near(pi * (1 - x));
	if (x > 0.25)
		return sin_near(pi * (0.5 - x));
	return cos_near(pi * x);
}

double aq_power(double base, uint64_t n)
{
	double result = 1;
	for (; n > 0; n >>= 1, base *= base)
		if (n & 1)
			result *= base;
	return result;
}
