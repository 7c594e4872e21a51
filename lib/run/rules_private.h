/* SPDX-License-Identifier: MIT
 *
 * rules_private.h - what the rules look at; for rules*.c alone
 */
#ifndef AQ_RUN_RULES_PRIVATE_H
#define AQ_RUN_RULES_PRIVATE_H

#include "run/bins.h"
#include "run/replay.h"
#include "run/rules.h"

enum { AQ_RULE_BINS = 400 };

/* A run gathered for the rules.  Layers are those with parameters, in their order. */
struct aq_case {
	struct aq_replay replay; /* its trainer holds the last weights */
	struct aq_run *run;
	struct aq_bins bins;
	struct aq_binned loss;	/* [bins] */
	struct aq_binned stats; /* [AQ_SIGNS][net->params][bins]; NaN where it was not recorded */
	struct aq_findings *findings;
};

/* The statistics that rules ask for. */
enum aq_sign { AQ_SIGN_L2, AQ_SIGN_RATIO, AQ_SIGN_ZEROS, AQ_SIGNS };

/* Where the bins of a statistic of a parameter tensor begin in `stats`. */
size_t aq_case_at(const struct aq_case *c, enum aq_sign sign, int param);

/* The first parameter tensor (the weight) of a layer is its `param`-th; is it one, and recorded? */
bool aq_case_has(const struct aq_case *c, enum aq_sign sign, int param);
bool aq_case_is_weight(const struct aq_case *c, int param);

/* The mean of `count` bins, those that are not NaN; NaN if there is none. */
double aq_mean_of(const float *at, int count);
double aq_median_of(const float *at, int count);

/* One more finding; `layer` may be NULL. */
int aq_find(struct aq_case *c, const char *rule, const char *layer, int64_t step, const char *fmt,
	    ...) AQ_PRINTF(5, 6) AQ_CHECKED;

/* One more line of what was not judged. */
void aq_note(struct aq_case *c, const char *fmt, ...) AQ_PRINTF(2, 3);

int aq_rule_start(struct aq_case *c) AQ_CHECKED;
int aq_rule_plateau(struct aq_case *c) AQ_CHECKED;
int aq_rule_rising(struct aq_case *c) AQ_CHECKED;
int aq_rule_exploding(struct aq_case *c) AQ_CHECKED;
int aq_rule_vanishing(struct aq_case *c) AQ_CHECKED;
int aq_rule_ratio(struct aq_case *c) AQ_CHECKED;
int aq_rule_dead(struct aq_case *c) AQ_CHECKED;
int aq_rule_noise(struct aq_case *c) AQ_CHECKED;

#endif
