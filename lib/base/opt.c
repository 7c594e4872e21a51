/* SPDX-License-Identifier: MIT
 *
 * opt.c - tables of parameters: reading, checking and printing their values
 */
#include "base/opt.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *field(const struct aq_opt *opt, void *args)
{
	return (char *)args + opt->offset;
}

static const void *field_of(const struct aq_opt *opt, const void *args)
{
	return (const char *)args + opt->offset;
}

static int members(const struct aq_opt *opt)
{
	return opt->type == AQ_T_PAIR ? 2 : opt->type == AQ_T_SIDES ? 4 : 1;
}

void aq_opt_defaults(const struct aq_opt *opts, void *args)
{
	for (const struct aq_opt *opt = opts; opt->name; opt++) {
		void *to = field(opt, args);
		switch (opt->type) {
		case AQ_T_LONG:
			*(int64_t *)to = (int64_t)opt->def;
			break;
		case AQ_T_REAL:
			*(double *)to = opt->def;
			break;
		case AQ_T_FLAG:
			*(bool *)to = false;
			break;
		case AQ_T_TEXT:
			*(const char **)to = NULL;
			break;
		case AQ_T_TEXTS:
			((struct aq_texts *)to)->count = 0;
			break;
		case AQ_T_INT:
		case AQ_T_CHOICE:
		case AQ_T_PAIR:
		case AQ_T_SIDES:
			for (int i = 0; i < members(opt); i++)
				((int *)to)[i] = (int)opt->def;
			break;
		}
	}
}

static bool same_name(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if (*a != *b && !((*a == '-' || *a == '_') && (*b == '-' || *b == '_')))
			return false;
	return *a == *b;
}

const struct aq_opt *aq_opt_find(const struct aq_opt *opts, const char *name)
{
	for (const struct aq_opt *opt = opts; opt->name; opt++)
		if (same_name(opt->name, name))
			return opt;
	return NULL;
}

static int out_of_range(const struct aq_opt *opt, const char *text)
{
	struct aq_str range = { 0 };
	aq_print_real(opt->min, &range);
	aq_str_add(&range, " to ");
	aq_print_real(opt->max, &range);
	const int rc = aq_fail(AQ_EUSAGE, "%s: %s is out of range (%s)", opt->name, text,
			       aq_str_text(&range));
	aq_str_free(&range);
	return rc;
}

static int read_real(const struct aq_opt *opt, const char *text, double *value)
{
	char *end;
	*value = strtod(text, &end);
	if (end == text || *end || isnan(*value))
		return aq_fail(AQ_EUSAGE, "%s: '%s' is not a number", opt->name, text);
	if (*value < opt->min || *value > opt->max)
		return out_of_range(opt, text);
	return AQ_OK;
}

/* One whole number from `text`, which must end at one of the characters of `stops` or at its end.
 */
static int read_whole(const struct aq_opt *opt, const char **text, const char *stops,
		      int64_t *value)
{
	char *end;
	errno = 0;
	*value = strtoll(*text, &end, 10);
	if (end == *text || (*end && !strchr(stops, *end)))
		return aq_fail(AQ_EUSAGE, "%s: '%s' is not a whole number", opt->name, *text);
	if (errno == ERANGE || (double)*value < opt->min || (double)*value > opt->max)
		return out_of_range(opt, *text);
	*text = *end ? end + 1 : end;
	return AQ_OK;
}

static int read_members(const struct aq_opt *opt, const char *text, int *values)
{
	const int count = members(opt);
	const char *const stops = opt->type == AQ_T_PAIR ? "x" : ",";
	const char *rest = text;
	int64_t value;
	int n = 0, rc;
	do {
		if (n == count)
			return aq_fail(AQ_EUSAGE, "%s: '%s' has more than %d numbers", opt->name,
				       text, count);
		AQ_TRY(read_whole(opt, &rest, stops, &value));
		values[n++] = (int)value;
	} while (*rest);
	if (n != 1 && n != count)
		return aq_fail(AQ_EUSAGE, "%s: '%s' should be one number or %s", opt->name, text,
			       count == 2 ? "HEIGHTxWIDTH" : "top,bottom,left,right");
	for (; n < count; n++)
		values[n] = values[0];
	rc = AQ_OK;
done:
	return rc;
}

static int read_choice(const struct aq_opt *opt, const char *text, int *value)
{
	struct aq_str all = { 0 };
	for (int i = 0; opt->words[i]; i++) {
		if (strcmp(opt->words[i], text) == 0) {
			*value = i;
			aq_str_free(&all);
			return AQ_OK;
		}
		aq_str_add(&all, "%s%s", i ? ", " : "", opt->words[i]);
	}
	const char *near = aq_near(text, opt->words);
	const int rc = near ? aq_fail(AQ_EUSAGE, "%s: unknown word '%s'; did you mean '%s'?",
				      opt->name, text, near)
			    : aq_fail(AQ_EUSAGE, "%s: unknown word '%s'; choose one of %s",
				      opt->name, text, aq_str_text(&all));
	aq_str_free(&all);
	return rc;
}

int aq_opt_read(const struct aq_opt *opt, void *args, const char *text)
{
	void *to = field(opt, args);
	int64_t whole = 0;
	int rc = AQ_OK;
	if (opt->type == AQ_T_FLAG) {
		if (text)
			return aq_fail(AQ_EUSAGE, "%s takes no value, got '%s'", opt->name, text);
		*(bool *)to = true;
		return AQ_OK;
	}
	if (!text)
		return aq_fail(AQ_EUSAGE, "%s needs a value", opt->name);
	switch (opt->type) {
	case AQ_T_INT:
		if ((rc = read_whole(opt, &text, "", &whole)) == AQ_OK)
			*(int *)to = (int)whole;
		break;
	case AQ_T_LONG:
		rc = read_whole(opt, &text, "", to);
		break;
	case AQ_T_REAL:
		rc = read_real(opt, text, to);
		break;
	case AQ_T_TEXT:
		*(const char **)to = text;
		break;
	case AQ_T_TEXTS: {
		struct aq_texts *list = to;
		if (list->count == AQ_MOST_TEXTS)
			return aq_fail(AQ_EUSAGE, "%s: more than %d were given", opt->name,
				       AQ_MOST_TEXTS);
		list->at[list->count++] = text;
		break;
	}
	case AQ_T_PAIR:
	case AQ_T_SIDES:
		rc = read_members(opt, text, to);
		break;
	case AQ_T_CHOICE:
		rc = read_choice(opt, text, to);
		break;
	case AQ_T_FLAG:
		break;
	}
	return rc;
}

int aq_opt_set(const struct aq_opt *opts, void *args, const char *name, const char *text)
{
	const struct aq_opt *opt = aq_opt_find(opts, name);
	if (opt)
		return aq_opt_read(opt, args, text);

	enum { MOST = 64 };
	const char *names[MOST + 1] = { NULL };
	int n = 0;
	for (opt = opts; opt->name && n < MOST; opt++)
		if (!opt->operand)
			names[n++] = opt->name;
	const char *near = aq_near(name, names);
	return near ? aq_fail(AQ_EUSAGE, "unknown option '%s'; did you mean '%s'?", name, near)
		    : aq_fail(AQ_EUSAGE, "unknown option '%s'", name);
}

bool aq_opt_given(const struct aq_opt *opt, const void *args)
{
	const void *at = field_of(opt, args);
	switch (opt->type) {
	case AQ_T_LONG:
		return *(const int64_t *)at != (int64_t)opt->def;
	case AQ_T_REAL:
		return !(*(const double *)at <= opt->def && *(const double *)at >= opt->def);
	case AQ_T_FLAG:
		return *(const bool *)at;
	case AQ_T_TEXT:
		return *(const char *const *)at != NULL;
	case AQ_T_TEXTS:
		return ((const struct aq_texts *)at)->count > 0;
	case AQ_T_INT:
	case AQ_T_CHOICE:
	case AQ_T_PAIR:
	case AQ_T_SIDES:
		for (int i = 0; i < members(opt); i++)
			if (((const int *)at)[i] != (int)opt->def)
				return true;
		break;
	}
	return false;
}

void aq_print_real(double value, struct aq_str *to)
{
	char text[40];
	for (int digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, value);
		const double back = strtod(text, NULL);
		if (back <= value && back >= value)
			break;
	}
	/* 500, not 5e+02 */
	if (strchr(text, 'e') && fabs(value) >= 1 && fabs(value) < 1e7)
		snprintf(text, sizeof text, "%.0f", value);
	aq_str_add(to, "%s", text);
}

void aq_opt_print(const struct aq_opt *opt, const void *args, struct aq_str *to)
{
	const void *at = field_of(opt, args);
	const int *whole = at;
	switch (opt->type) {
	case AQ_T_INT:
		aq_str_add(to, "%d", *whole);
		break;
	case AQ_T_LONG:
		aq_str_add(to, "%lld", (long long)*(const int64_t *)at);
		break;
	case AQ_T_REAL:
		aq_print_real(*(const double *)at, to);
		break;
	case AQ_T_FLAG:
		aq_str_add(to, "%s", *(const bool *)at ? "yes" : "no");
		break;
	case AQ_T_TEXT:
		aq_str_add(to, "%s", *(const char *const *)at ? *(const char *const *)at : "");
		break;
	case AQ_T_TEXTS: {
		const struct aq_texts *list = at;
		for (int i = 0; i < list->count; i++)
			aq_str_add(to, "%s%s", i ? " " : "", list->at[i]);
		break;
	}
	case AQ_T_PAIR:
		aq_str_add(to, "%dx%d", whole[0], whole[1]);
		break;
	case AQ_T_SIDES:
		aq_str_add(to, "%d,%d,%d,%d", whole[0], whole[1], whole[2], whole[3]);
		break;
	case AQ_T_CHOICE:
		aq_str_add(to, "%s", opt->words[*whole]);
		break;
	}
}

void aq_opt_print_all(const struct aq_opt *opts, const void *args, struct aq_str *to)
{
	for (const struct aq_opt *opt = opts; opt->name; opt++) {
		if (opt->aside || !aq_opt_given(opt, args))
			continue;
		if (opt->type == AQ_T_FLAG) {
			aq_str_add(to, " %s", opt->name);
			continue;
		}
		aq_str_add(to, " %s=", opt->name);
		aq_opt_print(opt, args, to);
	}
}
