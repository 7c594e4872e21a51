/* SPDX-License-Identifier: MIT
 *
 * trace.c - loss, error and learning rate of a run over its steps, in bands
 */
#include "view/trace.h"

#include "draw/plot.h"
#include "run/bins.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BANDS = 4000 };

/* The columns, in the order in which they are read. */
enum { LOSS, ERROR, TOP5, LR, COLUMNS };
static const char *const names[COLUMNS] = { "/loss", "/error", "/top5", "/lr" };

static void free_traced(struct aq_traced *t)
{
	free(t->mean);
	free(t->least);
	free(t->most);
	free(t->smooth);
}

void aq_trace_free(struct aq_trace *t)
{
	free(t->start);
	free(t->x);
	free_traced(&t->loss);
	free_traced(&t->error);
	free_traced(&t->top5);
	free(t->low);
	free(t->high);
	free(t->lr);
	*t = (struct aq_trace){ 0 };
}

static float *copy(const float *from, size_t count)
{
	float *to = malloc(count * sizeof *to);
	if (to)
		memcpy(to, from, count * sizeof *to);
	return to;
}

static int take(struct aq_traced *to, const struct aq_trace *t, const struct aq_binned *binned, int column)
{
	const size_t n = t->bands, at = (size_t)column * n;
	to->mean = copy(binned->mean + at, n);
	to->least = copy(binned->low + at, n);
	to->most = copy(binned->high + at, n);
	to->smooth = malloc(n * sizeof *to->smooth);
	if (!to->mean || !to->least || !to->most || !to->smooth)
		return aq_fail(AQ_ENOMEM, "out of memory");
	aq_plot_smooth(to->smooth, to->mean, n, (double)t->around);
	return AQ_OK;
}

static int make_envelope(struct aq_trace *t)
{
	t->low = copy(t->loss.least, t->bands);
	t->high = copy(t->loss.most, t->bands);
	if (!t->low || !t->high)
		return aq_fail(AQ_ENOMEM, "out of memory");
	aq_plot_reach(t->low, t->high, t->bands);
	return AQ_OK;
}

static int make_axis(struct aq_trace *t, const struct aq_bins *bins)
{
	t->start = malloc((t->bands + 1) * sizeof *t->start);
	t->x = malloc(t->bands * sizeof *t->x);
	if (!t->start || !t->x)
		return aq_fail(AQ_ENOMEM, "out of memory");
	for (size_t b = 0; b <= t->bands; b++)
		t->start[b] = bins->start[b];
	for (size_t b = 0; b < t->bands; b++) {
		const double first = (double)bins->start[b], last = (double)bins->start[b + 1] - 1;
		t->x[b] = bins->log ? sqrt((first + 1) * (last + 1)) : (first + last) / 2;
	}
	return AQ_OK;
}

/* An odd number of bands, so that as many lie on either side. */
static size_t bands_around(const struct aq_bins *bins, double smooth)
{
	const double per_band = (double)bins->steps / bins->count;
	const double wanted = smooth > 0 ? smooth / per_band : bins->count / 50.0;
	return wanted > 1 ? 2 * (size_t)((fmin(wanted, 2.0 * bins->count) - 1) / 2 + 0.5) + 1 : 1;
}

static int fill(struct aq_trace *t, const struct aq_bins *bins, const struct aq_binned *binned,
		const struct aq_column *const *columns)
{
	struct aq_traced *const traced[] = { &t->loss, &t->error, &t->top5 };
	int rc;
	AQ_TRY(make_axis(t, bins));
	for (int c = LOSS; c <= TOP5; c++)
		if (columns[c])
			AQ_TRY(take(traced[c], t, binned, c));
	AQ_TRY(make_envelope(t));
	t->lr = copy(binned->mean + LR * t->bands, t->bands);
	if (!t->lr)
		rc = aq_fail(AQ_ENOMEM, "out of memory");
done:
	return rc;
}

int aq_trace_read_log(struct aq_trace *t, struct aq_run *run, double smooth, bool log)
{
	const struct aq_column *columns[COLUMNS];
	struct aq_bins bins = { 0 };
	struct aq_binned binned = { 0 };
	int rc;
	*t = (struct aq_trace){ 0 };
	if (run->done == 0)
		return aq_fail(AQ_EUSAGE, "%s has no steps yet", run->path);
	for (int c = 0; c < COLUMNS; c++)
		columns[c] = aq_run_find(run, names[c]);
	AQ_TRY(aq_bins_new(&bins, (uint64_t)run->done, BANDS, log));
	AQ_TRY(aq_bins_read(&bins, run, columns, COLUMNS, &binned));
	t->bands = (size_t)bins.count;
	t->around = bands_around(&bins, smooth);
	AQ_TRY(fill(t, &bins, &binned, columns));
done:
	aq_binned_free(&binned);
	aq_bins_free(&bins);
	if (rc < 0)
		aq_trace_free(t);
	return rc;
}

int aq_trace_read(struct aq_trace *t, struct aq_run *run, double smooth)
{
	return aq_trace_read_log(t, run, smooth, false);
}

bool aq_trace_is_bare(const struct aq_trace *t)
{
	return t->around <= 1 && t->bands == (size_t)t->start[t->bands];
}

void aq_trace_words(const struct aq_trace *t, bool log, char words[96])
{
	const double share = fmin((double)t->around / (double)t->bands, 1);
	const double steps = (double)t->start[t->bands];
	if (aq_trace_is_bare(t))
		snprintf(words, 96, "what each step had");
	else if (log)
		snprintf(words, 96, "a running mean over %.2g %% of the axis", 100 * share);
	else
		snprintf(words, 96, "a running mean over %.0f steps", share * steps);
}
