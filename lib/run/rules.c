/* SPDX-License-Identifier: MIT
 *
 * rules.c - what is wrong with a training: gathering what there is, and asking one rule after the
 * other
 */
#include "run/rules_private.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- what there is --------------------------------------------------------------------------- */

size_t aq_case_at(const struct aq_case *c, enum aq_sign sign, int param)
{
	return ((size_t)sign * (size_t)c->run->net->params + (size_t)param) * (size_t)c->bins.count;
}

static const struct aq_column *column_of(const struct aq_case *c, enum aq_sign sign, int param)
{
	static const enum aq_stat stats[] = { AQ_STAT_L2, AQ_STAT_UPDATE_RATIO, AQ_STAT_ZEROS };
	return aq_run_column(c->run, AQ_STATS, param, (int)stats[sign]);
}

bool aq_case_has(const struct aq_case *c, enum aq_sign sign, int param)
{
	return column_of(c, sign, param) != NULL;
}

bool aq_case_is_weight(const struct aq_case *c, int param)
{
	return c->run->net->param[param]->rank > 1;
}

double aq_mean_of(const float *at, int count)
{
	double sum = 0;
	int n = 0;
	for (int i = 0; i < count; i++)
		if (!isnan(at[i])) {
			sum += (double)at[i];
			n++;
		}
	return n ? sum / n : NAN;
}

static int by_value(const void *a, const void *b)
{
	const float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

double aq_median_of(const float *at, int count)
{
	float value[AQ_RULE_BINS];
	int n = 0;
	for (int i = 0; i < count && n < AQ_RULE_BINS; i++)
		if (!isnan(at[i]))
			value[n++] = at[i];
	qsort(value, (size_t)n, sizeof *value, by_value);
	return n ? (double)value[n / 2] : NAN;
}

/* ---- what is found --------------------------------------------------------------------------- */

int aq_find(struct aq_case *c, const char *rule, const char *layer, int64_t step, const char *fmt,
	    ...)
{
	struct aq_findings *f = c->findings;
	struct aq_finding *more = reallocarray(f->at, (size_t)f->count + 1, sizeof *more);
	va_list args;
	if (!more)
		return aq_fail(AQ_ENOMEM, "out of memory");
	f->at = more;
	struct aq_finding *one = &more[f->count++];
	*one = (struct aq_finding){ .rule = rule, .step = step };
	snprintf(one->layer, sizeof one->layer, "%s", layer ? layer : "");
	va_start(args, fmt);
	vsnprintf(one->words, sizeof one->words, fmt, args);
	va_end(args);
	return AQ_OK;
}

void aq_note(struct aq_case *c, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	aq_str_addv(&c->findings->notes, fmt, args);
	va_end(args);
	aq_str_add(&c->findings->notes, "\n");
}

void aq_findings_free(struct aq_findings *findings)
{
	free(findings->at);
	aq_str_free(&findings->notes);
	*findings = (struct aq_findings){ 0 };
}

/* ---- gathering ------------------------------------------------------------------------------- */

static int read_stats(struct aq_case *c)
{
	const int params = c->run->net->params, count = AQ_SIGNS * params;
	const struct aq_column *loss = aq_run_find(c->run, "/loss");
	const struct aq_column **columns = calloc((size_t)count, sizeof *columns);
	int rc = columns ? AQ_OK : aq_fail(AQ_ENOMEM, "out of memory"), missing = 0;
	AQ_TRY(rc);
	for (int s = 0; s < AQ_SIGNS; s++)
		for (int p = 0; p < params; p++) {
			columns[s * params + p] = column_of(c, (enum aq_sign)s, p);
			missing += s == 0 && aq_case_is_weight(c, p) && !columns[p];
		}
	AQ_TRY(aq_bins_read(&c->bins, c->run, &loss, 1, &c->loss));
	AQ_TRY(aq_bins_read(&c->bins, c->run, columns, count, &c->stats));
	if (missing)
		aq_note(c,
			"not judged: exploding, vanishing and dead gradients and the ratio of "
			"updates of "
			"%d layers, whose statistics were not recorded; train with --record stats",
			missing);
done:
	free(columns);
	return rc;
}

/* The weights of the last checkpoint into the trainer. */
static int read_weights(struct aq_case *c)
{
	int64_t step;
	int rc;
	AQ_TRY(aq_run_checkpoint(c->run, c->run->done, &step));
	rc = aq_run_state(c->run, step, c->replay.trainer, NULL);
done:
	return rc;
}

int aq_rules_apply(const char *run, struct aq_findings *findings)
{
	static int (*const rules[])(struct aq_case *) = { aq_rule_start,     aq_rule_exploding,
							  aq_rule_rising,    aq_rule_plateau,
							  aq_rule_vanishing, aq_rule_dead,
							  aq_rule_ratio,     aq_rule_noise };
	struct aq_case c = { .findings = findings };
	int rc;
	*findings = (struct aq_findings){ 0 };
	AQ_TRY(aq_replay_open(&c.replay, run, NULL, 1, (struct aq_wants){ 0 }, false));
	c.run = c.replay.run;
	AQ_TRY(aq_bins_new(&c.bins, (uint64_t)c.run->done, AQ_RULE_BINS, false));
	AQ_TRY(read_stats(&c));
	AQ_TRY(read_weights(&c));
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		AQ_TRY(rules[i](&c));
	rc = aq_str_check(&findings->notes);
done:
	aq_binned_free(&c.loss);
	aq_binned_free(&c.stats);
	aq_bins_free(&c.bins);
	aq_replay_close(&c.replay);
	if (rc < 0)
		aq_findings_free(findings);
	return rc < 0 ? aq_while(rc, "cannot judge the run %s", run) : rc;
}
