/* SPDX-License-Identifier: MIT
 *
 * rules_filter.c - filters that nothing reaches any more, and a first layer that is still noise
 */
#include "look/smooth.h"
#include "run/rules_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- dead ------------------------------------------------------------------------------------ */

enum {
	FEWEST_ROWS = 20,
	FEWEST_EXAMPLES = 200, /* by chance a filter may be silent in a few examples */
	STRETCH = 1 << 16,     /* numbers read at once */
};

/* For which outputs of a layer the gradient of the bias is 0 in all rows from `first` on.  A bias
 * hears all places of its filter, and nothing of the input: a black border is no dead filter. */
static int read_dead(struct aq_case *c, const struct aq_column *column, uint64_t first, bool *dead)
{
	const uint64_t rows = aq_run_rows(c->run, column), width = column->shape.dim[1];
	const uint64_t each = STRETCH / width + 1;
	float *row = malloc(each * width * sizeof *row);
	int rc = row ? AQ_OK : aq_fail(AQ_ENOMEM, "out of memory");
	for (uint64_t i = 0; i < width; i++)
		dead[i] = true;
	for (uint64_t at = first; at < rows && rc == AQ_OK; at += each) {
		const uint64_t part = rows - at < each ? rows - at : each;
		rc = aq_run_read(c->run, column, at, part, row);
		for (uint64_t i = 0; i < part * width && rc == AQ_OK; i++)
			if (row[i] != 0)
				dead[i % width] = false;
	}
	free(row);
	return rc;
}

/* "3, 5, 11 and 4 more" */
static void list_dead(const bool *dead, int width, int count, char text[96])
{
	enum { SHOWN = 8 };
	int shown = 0, at = 0;
	text[0] = '\0';
	for (int i = 0; i < width && shown < SHOWN; i++)
		if (dead[i])
			at += snprintf(text + at, 96 - (size_t)at, "%s%d", shown++ ? ", " : "", i);
	if (count > SHOWN)
		snprintf(text + at, 96 - (size_t)at, " and %d more", count - SHOWN);
}

/* Filters of one layer, where the gradients of its biases are recorded: said of a tenth of those of a
 * convolution.  Of the units behind a dense layer some begin beyond the reach of all pictures; nets
 * with a fifth of them learn as well as others, and a third is said. */
static int look_at_filters(struct aq_case *c, int param)
{
	enum { CONV = 10, DENSE = 3 };
	const bool is_conv = c->run->net->owner[param]->param[0].rank == 4;
	const struct aq_column *column = aq_run_column(c->run, AQ_GRAD, param, 0);
	const int width = c->run->net->param[param]->dim[0];
	const uint64_t rows = aq_run_rows(c->run, column), first = rows / 2;
	bool *dead = malloc((size_t)width * sizeof *dead);
	char list[96];
	int count = 0, rc = dead ? AQ_OK : aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(rc);
	AQ_TRY(read_dead(c, column, first, dead));
	for (int i = 0; i < width; i++)
		count += dead[i];
	list_dead(dead, width, count, list);
	if (count > 0 && count * (is_conv ? CONV : DENSE) >= width)
		rc = aq_find(c, "dead", c->run->net->owner[param]->name,
			     (int64_t)(first * column->every),
			     "%d of %d %s (%s) have had no gradient at all since then: they are dead, "
			     "mostly of a bias that went too far below 0; lower the learning rate",
			     count, width, is_conv ? "filters" : "units", list);
done:
	free(dead);
	return rc;
}

/* The first bin from which on all of a tensor's gradient is 0; the number of bins if there is none.
 */
static int zero_since(const struct aq_case *c, int param)
{
	const float *high = c->stats.high + aq_case_at(c, AQ_SIGN_L2, param);
	int k = c->bins.count;
	while (k > 0 && high[k - 1] == 0)
		k--;
	return k;
}

/* The same of a layer.  Behind a dead one weights read zeros alone and have no gradient either, but
 * biases do: with them it lives. */
static int silent_since(const struct aq_case *c, int weight)
{
	const struct aq_net *net = c->run->net;
	const int bias = weight + 1, since = zero_since(c, weight);
	if (bias >= net->params || net->owner[bias] != net->owner[weight] ||
	    !aq_case_has(c, AQ_SIGN_L2, bias))
		return since;
	const int too = zero_since(c, bias);
	return too > since ? too : since;
}

/* A layer that nothing reaches silences all before it: one finding for the last of them. */
static int look_at_layers(struct aq_case *c, int *silent)
{
	int before = 0;
	*silent = -1;
	for (int p = 0; p < c->run->net->params; p++)
		if (aq_case_is_weight(c, p) && aq_case_has(c, AQ_SIGN_L2, p) &&
		    silent_since(c, p) <= c->bins.count / 2) {
			before += *silent >= 0;
			*silent = p;
		}
	if (*silent < 0)
		return AQ_OK;
	char others[64] = "";
	if (before)
		snprintf(others, sizeof others, " and %d layer%s before it", before,
			 before > 1 ? "s" : "");
	return aq_find(
		c, "dead", c->run->net->owner[*silent]->name,
		(int64_t)c->bins.start[silent_since(c, *silent)],
		"no gradient reaches it%s any more: all that follows it is dead, or begins at 0",
		others);
}

/* Without the gradients of single filters: more than half of them without any in every single step.
 */
static int look_at_zeros(struct aq_case *c, int param)
{
	const float *low = c->stats.low + aq_case_at(c, AQ_SIGN_ZEROS, param);
	double least = 1;
	for (int k = c->bins.count / 2; k < c->bins.count; k++)
		least = isnan(low[k]) ? least : fmin(least, (double)low[k]);
	if (least <= 0.5)
		return AQ_OK;
	return aq_find(c, "dead", c->run->net->owner[param]->name,
		       (int64_t)c->bins.start[c->bins.count / 2],
		       "%.0f %% of its filters or more have had no gradient in any step since "
		       "then; to have "
		       "them named, train with --record grad",
		       100 * least);
}

int aq_rule_dead(struct aq_case *c)
{
	const int64_t examples = c->run->done / 2 * c->run->args.batch;
	int silent, unnamed = 0, rc = AQ_OK;
	if (c->run->done / 2 < FEWEST_ROWS || examples < FEWEST_EXAMPLES) {
		aq_note(c, "not judged: dead filters; %lld steps are too few",
			(long long)c->run->done);
		return AQ_OK;
	}
	/* a loss of 0 has no gradient, and that is no illness */
	if (aq_mean_of(c->loss.mean + c->bins.count / 2, c->bins.count - c->bins.count / 2) < 1e-6)
		return AQ_OK;
	AQ_TRY(look_at_layers(c, &silent));
	for (int p = silent + 2; p < c->run->net->params; p++) {
		const struct aq_column *grad = aq_run_column(c->run, AQ_GRAD, p, 0);
		if (aq_case_is_weight(c, p))
			continue;
		if (grad && aq_run_rows(c->run, grad) / 2 >= FEWEST_ROWS) {
			AQ_TRY(look_at_filters(c, p));
		} else if (aq_case_has(c, AQ_SIGN_ZEROS, p)) {
			AQ_TRY(look_at_zeros(c, p));
			unnamed++;
		}
	}
	if (unnamed)
		aq_note(c,
			"judged by the share of zeros alone: dead filters of %d layers; --record "
			"grad "
			"tells them one by one",
			unnamed);
done:
	return rc;
}

/* ---- noise ----------------------------------------------------------------------------------- */

/* The layer that reads the picture, if its filters are pictures large enough to be smooth. */
static const struct aq_layer *first_layer(const struct aq_net *net, int *c, int *y, int *x)
{
	enum { SMALLEST = 5 };
	for (int i = 1; i < net->layers; i++) {
		const struct aq_layer *l = &net->layer[i];
		if (l->n_params == 0 || l->input[0] != 0)
			continue;
		const bool conv = l->param[0].rank == 4;
		*c = conv ? l->param[0].dim[1] : l->in[0].c;
		*y = conv ? l->param[0].dim[2] : l->in[0].y;
		*x = conv ? l->param[0].dim[3] : l->in[0].x;
		return *y < SMALLEST || *x < SMALLEST || *y > AQ_SMOOTH_MOST || *x > AQ_SMOOTH_MOST
			       ? NULL
			       : l;
	}
	return NULL;
}

int aq_rule_noise(struct aq_case *c)
{
	enum { FEWEST = 200 };
	int channels, height, width, count = 0;
	double sum = 0;
	const struct aq_layer *layer = first_layer(c->run->net, &channels, &height, &width);
	if (c->run->done < FEWEST)
		return AQ_OK; /* said by the plateau */
	if (!layer) {
		aq_note(c, "not judged: whether the first layer has learned; its filters are "
			   "smaller than "
			   "5x5, or do not read the picture");
		return AQ_OK;
	}
	const size_t size = (size_t)channels * (size_t)height * (size_t)width;
	for (int f = 0; f < layer->param[0].dim[0]; f++) {
		const aq_real *filter =
			c->replay.trainer->weights + layer->param[0].offset + (size_t)f * size;
		const struct aq_smooth s = aq_smooth_of(filter, channels, height, width);
		if (!isnan(s.high)) {
			sum += s.high;
			count++;
		}
	}
	if (count == 0)
		return AQ_OK;
	const double high = sum / count, noise = aq_smooth_of_noise(channels, height, width).high;
	if (high < 0.95 * noise)
		return AQ_OK;
	return aq_find(c, "noise", layer->name, c->run->done,
		       "its filters are still noise: %.0f %% of their energy is in high "
		       "frequencies, random "
		       "weights have %.0f %%; train longer, or raise the learning rate",
		       100 * high, 100 * noise);
}
