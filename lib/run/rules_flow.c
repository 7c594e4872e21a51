/* SPDX-License-Identifier: MIT
 *
 * rules_flow.c - gradients that grow, fade, or move the weights too much or too little
 */
#include "run/rules_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *layer_of(const struct aq_case *c, int param)
{
	return c->run->net->owner[param]->name;
}

/* " and 3 more layers" */
static char *and_more(char text[48], int count)
{
	text[0] = '\0';
	if (count > 1)
		snprintf(text, 48, " (and %d more layer%s)", count - 1, count > 2 ? "s" : "");
	return text;
}

/* ---- exploding ------------------------------------------------------------------------------- */

enum { TIMES = 100 };

/* A norm a hundred times that of the start, while the loss is twice that of the start? */
static bool is_burst(const struct aq_case *c, int param, double norm, double loss)
{
	return norm > TIMES * (double)c->stats.mean[aq_case_at(c, AQ_SIGN_L2, param)] &&
	       loss > 2 * (double)c->loss.mean[0];
}

/* The first bin with a number that is not finite, or with a burst in its means: a hard example
 * among many is none.  The number of bins if there is no such one. */
static int first_burst(const struct aq_case *c, int param, bool *odd)
{
	const size_t at = aq_case_at(c, AQ_SIGN_L2, param);
	int k = 0;
	for (; k < c->bins.count; k++) {
		/* the loss that a burst spoils is that of the step behind it */
		const int next = k + 1 < c->bins.count ? k + 1 : k;
		const double worst = fmax((double)c->loss.mean[k], (double)c->loss.mean[next]);
		*odd = c->stats.odd[at + (size_t)k] > 0 || c->loss.odd[k] > 0;
		if (*odd || is_burst(c, param, (double)c->stats.mean[at + (size_t)k], worst))
			break;
	}
	return k;
}

/* A run that diverged ends in its burst, within its last bin. */
static int look_at_end(struct aq_case *c, bool *found)
{
	const struct aq_net *net = c->run->net;
	float loss, norm;
	int rc = AQ_OK;
	*found = false;
	for (int p = 0; p < net->params && !*found; p++) {
		const struct aq_column *column = aq_run_column(c->run, AQ_STATS, p, AQ_STAT_L2);
		if (!aq_case_is_weight(c, p) || !column)
			continue;
		AQ_TRY(aq_run_read(c->run, aq_run_find(c->run, "/loss"), (uint64_t)c->run->done - 1,
				   1, &loss));
		AQ_TRY(aq_run_read(c->run, column, aq_run_rows(c->run, column) - 1, 1, &norm));
		*found = is_burst(c, p, (double)norm, (double)loss);
		if (*found)
			rc = aq_find(
				c, "exploding", layer_of(c, p), c->run->done - 1,
				"at the end the norm of its gradient is %.3g and the loss %.3g, "
				"they were %.3g and %.3g; lower the learning rate, or clip",
				(double)norm, (double)loss,
				(double)c->stats.mean[aq_case_at(c, AQ_SIGN_L2, p)],
				(double)c->loss.mean[0]);
	}
done:
	return rc;
}

int aq_rule_exploding(struct aq_case *c)
{
	int first = c->bins.count, param = -1, layers = 0;
	bool odd = false;
	char more[48];
	for (int p = 0; p < c->run->net->params; p++) {
		bool is_odd = false;
		if (!aq_case_is_weight(c, p) || !aq_case_has(c, AQ_SIGN_L2, p))
			continue;
		const int k = first_burst(c, p, &is_odd);
		layers += k < c->bins.count;
		if (k < first) {
			first = k;
			param = p;
			odd = is_odd;
		}
	}
	if (param < 0)
		return look_at_end(c, &odd);
	const size_t at = aq_case_at(c, AQ_SIGN_L2, param);
	const int64_t step = (int64_t)c->bins.start[first];
	if (odd)
		return aq_find(c, "exploding", layer_of(c, param), step,
			       "its gradient is not finite%s; lower the learning rate, or clip",
			       and_more(more, layers));
	return aq_find(
		c, "exploding", layer_of(c, param), step,
		"the norm of its gradient goes from %.3g to %.3g while the loss grows from %.3g to "
		"%.3g%s; lower the learning rate, or clip",
		(double)c->stats.mean[at], (double)c->stats.high[at + (size_t)first],
		(double)c->loss.mean[0], (double)c->loss.high[first], and_more(more, layers));
}

/* ---- vanishing ------------------------------------------------------------------------------- */

/* The norm of a weight's gradient a weight in bin k; NaN where it is not known. */
static double size_at(const struct aq_case *c, int param, int k)
{
	return (double)c->stats.mean[aq_case_at(c, AQ_SIGN_L2, param) + (size_t)k] /
	       sqrt((double)c->run->net->param[param]->count);
}

/* The bins in which something reaches the layer, but less than a thousandth of what reaches the
 * last one; *first is the first of them, *least the least share. */
static int faint_bins(const struct aq_case *c, int param, int last, int *first, double *least)
{
	int faint = 0;
	*least = INFINITY;
	for (int k = c->bins.count - 1; k >= 0; k--) {
		const double share = size_at(c, param, k) / size_at(c, last, k);
		if (!(share > 0 && share < 1e-3))
			continue;
		faint++;
		*first = k;
		*least = fmin(*least, share);
	}
	return faint;
}

int aq_rule_vanishing(struct aq_case *c)
{
	int last = -1, layers = 0, worst = -1, since = 0;
	double lowest = INFINITY;
	char more[48];
	for (int p = 0; p < c->run->net->params; p++)
		if (aq_case_is_weight(c, p) && aq_case_has(c, AQ_SIGN_L2, p))
			last = p;
	for (int p = 0; p < last; p++) {
		int first = 0;
		double least;
		if (!aq_case_is_weight(c, p) || !aq_case_has(c, AQ_SIGN_L2, p) ||
		    2 * faint_bins(c, p, last, &first, &least) <= c->bins.count)
			continue;
		layers++;
		if (least < lowest) {
			lowest = least;
			worst = p;
			since = first;
		}
	}
	if (worst < 0)
		return AQ_OK;
	return aq_find(c, "vanishing", layer_of(c, worst), (int64_t)c->bins.start[since],
		       "its gradient is down to %.1e of that of %s, weight for weight%s; begin "
		       "with init=he, "
		       "use relu instead of sigmoid, or fewer layers",
		       lowest, layer_of(c, last), and_more(more, layers));
}

/* ---- update / weight ------------------------------------------------------------------------- */

/* The median over the bins in which any gradient reaches the layer: one that is dead is another
 * matter. */
static double ratio_of(const struct aq_case *c, int param)
{
	float value[AQ_RULE_BINS];
	int n = 0;
	for (int k = 0; k < c->bins.count; k++) {
		const float norm = c->stats.mean[aq_case_at(c, AQ_SIGN_L2, param) + (size_t)k];
		if (norm > 0)
			value[n++] = c->stats.mean[aq_case_at(c, AQ_SIGN_RATIO, param) + (size_t)k];
	}
	return aq_median_of(value, n);
}

/* The upper end of the band.  Solvers that measure each weight's step by its own past gradients make
 * larger ones in small batches, where these are noise, and learn all the same. */
static double highest(const struct aq_case *c)
{
	const char *solver = aq_solver_names[c->run->args.solver.solver];
	static const char *const plain[] = { "sgd", "momentum", "nesterov" };
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (strcmp(solver, plain[i]) == 0)
			return 1e-2;
	return 5e-2;
}

/* Said when half of the layers are out of the band, or one is by a factor of three: a single layer
 * near an end of it learns all the same. */
static int out_of_band(struct aq_case *c, bool high)
{
	const double least = 1e-4, most = highest(c);
	int all = 0, layers = 0, worst = -1;
	double farthest = 0;
	char more[48];
	for (int p = 0; p < c->run->net->params; p++) {
		if (!aq_case_is_weight(c, p) || !aq_case_has(c, AQ_SIGN_RATIO, p))
			continue;
		const double ratio = ratio_of(c, p);
		const double beyond = high ? ratio / most : least / ratio;
		all++;
		if (!(beyond > 1))
			continue;
		layers++;
		if (beyond > farthest) {
			farthest = beyond;
			worst = p;
		}
	}
	if (worst < 0 || (2 * layers <= all && farthest < 3))
		return AQ_OK;
	return aq_find(
		c, "ratio", layer_of(c, worst), 0,
		"a step changes its weights by %.2g of their length in the median%s; %g to %g "
		"is in order: %s the learning rate",
		high ? farthest * most : least / farthest, and_more(more, layers), least, most,
		high ? "lower" : "raise");
}

int aq_rule_ratio(struct aq_case *c)
{
	enum { FEWEST = 50 }; /* the first steps are larger than those to come */
	if (c->run->done < FEWEST) {
		aq_note(c, "not judged: the ratio of updates to weights; %lld steps are too few",
			(long long)c->run->done);
		return AQ_OK;
	}
	const int rc = out_of_band(c, true);
	return rc < 0 ? rc : out_of_band(c, false);
}
