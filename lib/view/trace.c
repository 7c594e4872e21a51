/* SPDX-License-Identifier: MIT
 *
 * trace.c - loss and learning rate of a run over its steps, in bands
 */
#include "view/trace.h"

#include "draw/plot.h"
#include "run/bins.h"

#include <math.h>
#include <stdlib.h>

enum { BANDS = 4000 };

void aq_trace_free(struct aq_trace *t)
{
	free(t->start);
	free(t->x);
	free(t->mean);
	free(t->least);
	free(t->most);
	free(t->low);
	free(t->high);
	free(t->smooth);
	free(t->lr);
	*t = (struct aq_trace){ 0 };
}

static int make(struct aq_trace *t, size_t bands)
{
	float **const arrays[] = { &t->mean, &t->least,	 &t->most, &t->low,
				   &t->high, &t->smooth, &t->lr };
	t->bands = bands;
	t->start = malloc((bands + 1) * sizeof *t->start);
	t->x = malloc(bands * sizeof *t->x);
	bool all = t->start && t->x;
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
		all &= (*arrays[i] = malloc(bands * sizeof(float))) != NULL;
	return all ? AQ_OK : aq_fail(AQ_ENOMEM, "out of memory");
}

static void fill(struct aq_trace *t, const struct aq_bins *bins, const struct aq_binned *binned,
		 double smooth)
{
	const float *lr = binned->mean + t->bands;
	for (size_t b = 0; b <= t->bands; b++)
		t->start[b] = bins->start[b];
	for (size_t b = 0; b < t->bands; b++) {
		const double first = (double)bins->start[b], last = (double)bins->start[b + 1] - 1;
		const size_t next = b + 1 < t->bands ? b + 1 : b;
		t->x[b] = bins->log ? sqrt((first + 1) * (last + 1)) : (first + last) / 2;
		t->mean[b] = binned->mean[b];
		t->least[b] = binned->low[b];
		t->most[b] = binned->high[b];
		t->low[b] = fminf(binned->low[b], binned->low[next]);
		t->high[b] = fmaxf(binned->high[b], binned->high[next]);
		t->lr[b] = lr[b];
	}
	const double per_band = (double)bins->steps / (double)t->bands;
	aq_plot_smooth(t->smooth, t->mean, t->bands,
		       smooth > 0 ? smooth / per_band : (double)t->bands / 50);
}

int aq_trace_read_log(struct aq_trace *t, struct aq_run *run, double smooth, bool log)
{
	const struct aq_column *const columns[] = { aq_run_find(run, "/loss"),
						    aq_run_find(run, "/lr") };
	struct aq_bins bins = { 0 };
	struct aq_binned binned = { 0 };
	int rc;
	*t = (struct aq_trace){ 0 };
	if (run->done == 0)
		return aq_fail(AQ_EUSAGE, "%s has no steps yet", run->path);
	AQ_TRY(aq_bins_new(&bins, (uint64_t)run->done, BANDS, log));
	AQ_TRY(aq_bins_read(&bins, run, columns, 2, &binned));
	AQ_TRY(make(t, (size_t)bins.count));
	fill(t, &bins, &binned, smooth);
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
