/* SPDX-License-Identifier: MIT
 *
 * schedule.c - the learning rate of a step
 */
#include "nn/schedule.h"

#include "base/exact.h"
#include "base/str.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = { "constant", "steps", "exponential", "cosine", "epochs", NULL };
static const char *const forms[] = { "constant", "steps:EVERY,FACTOR", "exponential:FACTOR",
				     "cosine or cosine:FLOOR", "epochs:RATExN,RATExN,..." };

static int malformed(const struct aq_schedule *s, const char *text)
{
	return aq_fail(AQ_EUSAGE, "lr-schedule: '%s' should be %s", text, forms[s->kind]);
}

/* A finite decimal number from 0 up; moves `at` behind it.  "0x5" is a rate of 0 for five epochs. */
static bool number(const char **at, double *value)
{
	if ((*at)[0] == '0' && (*at)[1] == 'x') {
		*value = 0;
		++*at;
		return true;
	}
	char *end;
	*value = strtod(*at, &end);
	if (end == *at || !isfinite(*value) || *value < 0)
		return false;
	*at = end;
	return true;
}

static bool whole(const char **at, int64_t *value)
{
	char *end;
	const long long got = strtoll(*at, &end, 10);
	if (end == *at || got < 1 || got > INT64_MAX / 2)
		return false;
	*value = got;
	*at = end;
	return true;
}

static bool taken(const char **at, char c)
{
	if (**at != c)
		return false;
	++*at;
	return true;
}

static int read_rates(struct aq_schedule *s, const char *at, const char *text)
{
	do {
		if (s->rates == AQ_MOST_RATES)
			return aq_fail(AQ_EUSAGE, "lr-schedule: more than %d rates", AQ_MOST_RATES);
		s->length[s->rates] = 1;
		if (!number(&at, &s->rate[s->rates]) ||
		    (taken(&at, 'x') && !whole(&at, &s->length[s->rates])))
			return malformed(s, text);
		s->rates++;
	} while (taken(&at, ','));
	return *at ? malformed(s, text) : AQ_OK;
}

static int read_arguments(struct aq_schedule *s, const char *at, const char *text)
{
	bool good = true;
	switch (s->kind) {
	case AQ_CONSTANT:
		break;
	case AQ_STEPS:
		good = taken(&at, ':') && whole(&at, &s->every) && taken(&at, ',') &&
		       number(&at, &s->factor);
		break;
	case AQ_EXPONENTIAL:
		good = taken(&at, ':') && number(&at, &s->factor);
		break;
	case AQ_COSINE:
		good = !*at || (taken(&at, ':') && number(&at, &s->factor));
		break;
	case AQ_EPOCHS:
		return taken(&at, ':') ? read_rates(s, at, text) : malformed(s, text);
	}
	return good && !*at ? AQ_OK : malformed(s, text);
}

int aq_schedule_parse(struct aq_schedule *s, const char *text, double lr)
{
	*s = (struct aq_schedule){ .kind = AQ_CONSTANT, .lr = lr };
	if (!text)
		return AQ_OK;
	const size_t length = strcspn(text, ":");
	for (int k = 0; kinds[k]; k++)
		if (strlen(kinds[k]) == length && strncmp(kinds[k], text, length) == 0) {
			s->kind = (enum aq_schedule_kind)k;
			return read_arguments(s, text + length, text);
		}
	char word[64] = "";
	strncat(word, text, length < sizeof word ? length : sizeof word - 1);
	const char *near = aq_near(word, kinds);
	return near ? aq_fail(AQ_EUSAGE, "lr-schedule: unknown word '%s'; did you mean '%s'?", word,
			      near)
		    : aq_fail(AQ_EUSAGE,
			      "lr-schedule: unknown word '%s'; choose one of constant, steps, "
			      "exponential, cosine, epochs",
			      word);
}

double aq_schedule_lr(const struct aq_schedule *s, int64_t step, int64_t steps, int64_t epoch)
{
	switch (s->kind) {
	case AQ_STEPS:
		return s->lr * aq_power(s->factor, (uint64_t)(step / s->every));
	case AQ_EXPONENTIAL:
		return s->lr * aq_power(s->factor, (uint64_t)epoch);
	case AQ_COSINE: {
		const double part =
			steps > 0 ? (double)(step < steps ? step : steps) / (double)steps : 0;
		return s->factor + (s->lr - s->factor) * (1 + aq_cos_pi(part)) / 2;
	}
	case AQ_EPOCHS:
		for (int r = 0; r < s->rates - 1; r++) {
			if (epoch < s->length[r])
				return s->rate[r];
			epoch -= s->length[r];
		}
		return s->rate[s->rates - 1];
	case AQ_CONSTANT:
		break;
	}
	return s->lr;
}
