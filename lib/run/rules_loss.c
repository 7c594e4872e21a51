/* SPDX-License-Identifier: MIT
 *
 * rules_loss.c - what the loss alone tells
 */
#include "run/rules_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FEWEST = 200 }; /* steps below which a loss that does not fall means nothing */

/* The loss of a network that knows nothing; NaN where there is no such number. */
static double of_guessing(const struct aq_case *c)
{
	const struct aq_net *net = c->run->net;
	return strcmp(net->loss->name, "softmax") == 0 ? log(net->classes) : NAN;
}

/* Bins of steps from share `a` of the run to share `b`, at least one. */
static double mean_loss(const struct aq_case *c, double a, double b)
{
	const int first = (int)(a * c->bins.count), end = (int)(b * c->bins.count);
	return aq_mean_of(c->loss.mean + first, end > first ? end - first : 1);
}

int aq_rule_start(struct aq_case *c)
{
	const double guess = of_guessing(c);
	float first;
	int rc;
	AQ_TRY(aq_run_read(c->run, aq_run_find(c->run, "/loss"), 0, 1, &first));
	if (isnan(guess) || c->run->init_digest != 0) /* --init: it may know something */
		return AQ_OK;
	/* the mean over a small batch may lie further from what all examples have */
	const double slack = 0.35 * guess * (1 + 2 / sqrt((double)c->run->args.batch));
	if (fabs((double)first - guess) <= slack)
		return AQ_OK;
	rc = aq_find(
		c, "start", NULL, 0,
		"the first loss is %.3g; a network that knows nothing has ln(%d) = %.3g, so its "
		"first weights are %s",
		(double)first, c->run->net->classes, guess,
		(double)first > guess ? "too large: it is sure of wrong answers; make init= smaller"
				      : "not random");
done:
	return rc;
}

/* The first step from which on the loss, in bins, is about what it is at the end. */
static int64_t settled(const struct aq_case *c, double level)
{
	int k = c->bins.count - 1;
	while (k > 0 && (isnan(c->loss.mean[k - 1]) || (double)c->loss.mean[k - 1] < 1.05 * level))
		k--;
	return (int64_t)c->bins.start[k];
}

int aq_rule_plateau(struct aq_case *c)
{
	const double third = mean_loss(c, 0.5, 0.75), last = mean_loss(c, 0.75, 1);
	const double begin = mean_loss(c, 0, 0.02);
	const double guess = isnan(of_guessing(c)) ? begin : of_guessing(c);
	if (c->run->done < FEWEST) {
		aq_note(c,
			"not judged: plateaus, and whether the first layer has learned; %lld steps "
			"are "
			"too few",
			(long long)c->run->done);
		return AQ_OK;
	}
	if (last > 0.95 * guess && last < 1.5 * guess)
		return aq_find(
			c, "plateau", NULL, 0,
			"nothing is learned: after %lld steps the loss is %.3g, and guessing gives "
			"%.3g; look at the learning rate and at the data",
			(long long)c->run->done, last, guess);
	/* little left to learn is no plateau */
	if (last > 0.5 * guess && third - last < 0.01 * third && last < 1.02 * third)
		return aq_find(
			c, "plateau", NULL, settled(c, last),
			"the loss stands still at %.3g: over the last quarter of the run it fell "
			"by %.2g %%; lower the learning rate, or the network is too small",
			last, 100 * (third - last) / third);
	return AQ_OK;
}

int aq_rule_rising(struct aq_case *c)
{
	const double last = mean_loss(c, 0.9, 1);
	const double guess = isnan(of_guessing(c)) ? mean_loss(c, 0, 0.02) : of_guessing(c);
	double best = INFINITY;
	int at = 0;
	if (c->run->done < FEWEST)
		return AQ_OK;
	for (int i = 0; i < 9; i++) {
		const double part = mean_loss(c, i / 10.0, (i + 1) / 10.0);
		if (part < best) {
			best = part;
			at = i + 1;
		}
	}
	if (!(last > 1.5 * best) || !(last - best > 0.2 * guess))
		return AQ_OK;
	return aq_find(
		c, "rising", NULL, (int64_t)c->bins.start[at * c->bins.count / 10],
		"the loss rises again: it had come down to %.3g and is %.3g at the end; lower the "
		"learning rate",
		best, last);
}
