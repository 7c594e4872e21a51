/* SPDX-License-Identifier: MIT
 *
 * number.c - numbers for people
 */
#include "draw/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LEAST_POWER = -3, /* 0.00123, but 1.23e−4 */
	MOST_POWER = 5,   /* 123000, but 1.23e6 */
	MOST_DIGITS = 12,
};

/* Copy with every '-' as the minus sign. */
static char *with_minus(char *to, const char *from)
{
	char *at = to;
	for (; *from; from++) {
		if (*from == '-') {
			memcpy(at, "\u2212", 3);
			at += 3;
		} else {
			*at++ = *from;
		}
	}
	*at = '\0';
	return to;
}

/* What is neither finite nor other than zero; NULL for the rest. */
static const char *special(double value)
{
	return isnan(value) ? "NaN" : isinf(value) ? (value < 0 ? "-\u221e" : "\u221e") :
	       value == 0 ? "0" : NULL;
}

/* "d.ddde-XX" taken apart: how many digits count, and the power of ten. */
static int significant(const char *text, int *power)
{
	const char *e = strchr(text, 'e');
	*power = atoi(e + 1);
	while (e[-1] == '0')
		e--;
	int digits = 0;
	for (; e > text; e--)
		digits += e[-1] >= '0' && e[-1] <= '9';
	return digits > 0 ? digits : 1;
}

char *aq_number(char *text, double value, int digits)
{
	char plain[AQ_NUMBER_ROOM];
	int power;
	if (special(value))
		return with_minus(text, special(value));
	digits = digits < 1 ? 1 : digits > MOST_DIGITS ? MOST_DIGITS : digits;
	snprintf(plain, sizeof plain, "%.*e", digits - 1, value);
	const int count = significant(plain, &power);
	if (power >= LEAST_POWER && power <= MOST_POWER) {
		const int decimals = count - 1 - power;
		/* rounded first, so that 123456 with three digits is 123000 */
		snprintf(plain, sizeof plain, "%.*f", decimals > 0 ? decimals : 0, atof(plain));
	} else {
		snprintf(plain, sizeof plain, "%.*e", count - 1, value);
		sprintf(strchr(plain, 'e'), "e%d", power);
	}
	return with_minus(text, plain);
}

char *aq_number_tick(char *text, double value, double step)
{
	char plain[AQ_NUMBER_ROOM];
	const double size = fabs(value);
	if (!(step > 0) || !isfinite(value))
		return aq_number(text, value, 3);
	if (size < step * 1e-6)
		return strcpy(text, "0");
	/* those of the step's first digit, then of its last */
	int decimals = -(int)floor(log10(step) + 1e-9);
	for (int more = 0; more < 2; more++) {
		const double digits = step * pow(10, decimals);
		if (fabs(digits - round(digits)) > 1e-6)
			decimals++;
	}
	if (decimals <= 4 && size < 1e6) {
		snprintf(plain, sizeof plain, "%.*f", decimals > 0 ? decimals : 0, value);
		return with_minus(text, plain);
	}
	return aq_number(text, value, (int)floor(log10(size) + 1e-9) + decimals + 1);
}

char *aq_number_count(char *text, double value)
{
	static const struct { double unit; const char *name; } units[] = {
		{ 1e12, "T" }, { 1e9, "G" }, { 1e6, "M" }, { 1e3, "k" },
	};
	char plain[AQ_NUMBER_ROOM];
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (fabs(value) >= units[i].unit && isfinite(value)) {
			snprintf(plain, sizeof plain, "%.4g%s", value / units[i].unit,
				 units[i].name);
			return with_minus(text, plain);
		}
	return aq_number(text, value, 4);
}
