/* SPDX-License-Identifier: MIT
 *
 * trace.c - loss and learning rate of a run over its steps, in bands
 */
#include "view/trace.h"

#include "draw/plot.h"

#include <math.h>
#include <stdlib.h>

enum { BANDS = 4000 };

void aq_trace_free(struct aq_trace *t)
{
	free(t->x);
	free(t->mean);
	free(t->low);
	free(t->high);
	free(t->smooth);
	free(t->lr);
	*t = (struct aq_trace){ 0 };
}

static void reduce(const float *row, uint64_t rows, float *low, float *high, float *mean)
{
	double sum = 0;
	float least = NAN, most = NAN;
	for (uint64_t i = 0; i < rows; i++) {
		least = !(row[i] >= least) ? row[i] : least;
		most = !(row[i] <= most) ? row[i] : most;
		sum += (double)row[i];
	}
	*low = least;
	*high = most;
	*mean = (float)(sum / (double)rows);
}

/* Read a column a stretch at a time, and reduce the bands that lie in each. */
static int read_column(struct aq_run *run, const char *name, size_t bands, float *low, float *high,
		       float *mean)
{
	enum { STRETCH = 1 << 16 };
	const struct aq_column *column = aq_run_find(run, name);
	const uint64_t rows = (uint64_t)run->done, widest = rows / bands + 1;
	const uint64_t room = STRETCH > widest ? STRETCH : widest;
	float *row = malloc(room * sizeof *row);
	int rc = row ? AQ_OK : aq_fail(AQ_ENOMEM, "out of memory");
	for (size_t b = 0; b < bands && rc == AQ_OK;) {
		const uint64_t first = rows * b / bands;
		size_t end = b + 1;
		while (end < bands && rows * (end + 1) / bands - first <= room)
			end++;
		AQ_TRY(aq_run_read(run, column, first, rows * end / bands - first, row));
		for (; b < end; b++) {
			const uint64_t from = rows * b / bands, to = rows * (b + 1) / bands;
			reduce(row + (from - first), to - from, &low[b], &high[b], &mean[b]);
		}
	}
done:
	free(row);
	return rc;
}

/* Each band reaches to its neighbour's values, as a line through them would: single steps, too, then make
 * an unbroken envelope. */
static void join_bands(struct aq_trace *t)
{
	for (size_t b = 0; b + 1 < t->bands; b++) {
		t->low[b] = fminf(t->low[b], t->low[b + 1]);
		t->high[b] = fmaxf(t->high[b], t->high[b + 1]);
	}
}

int aq_trace_read(struct aq_trace *t, struct aq_run *run, double smooth)
{
	const uint64_t rows = (uint64_t)run->done;
	int rc;
	*t = (struct aq_trace){ 0 };
	if (rows == 0)
		return aq_fail(AQ_EUSAGE, "%s has no steps yet", run->path);
	t->bands = rows < BANDS ? (size_t)rows : BANDS;
	t->x = malloc(t->bands * sizeof *t->x);
	float **const arrays[] = { &t->mean, &t->low, &t->high, &t->smooth, &t->lr };
	rc = t->x ? AQ_OK : aq_fail(AQ_ENOMEM, "out of memory");
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays && rc == AQ_OK; i++)
		if (!(*arrays[i] = malloc(t->bands * sizeof(float))))
			rc = aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(rc);
	for (size_t b = 0; b < t->bands; b++)
		t->x[b] = (double)(rows * b / t->bands + rows * (b + 1) / t->bands - 1) / 2;
	/* the learning rate's extremes are not drawn: the loss overwrites them */
	AQ_TRY(read_column(run, "/lr", t->bands, t->low, t->high, t->lr));
	AQ_TRY(read_column(run, "/loss", t->bands, t->low, t->high, t->mean));
	join_bands(t);
	const double per_band = (double)rows / (double)t->bands;
	aq_plot_smooth(t->smooth, t->mean, t->bands,
		       smooth > 0 ? smooth / per_band : (double)t->bands / 50);
done:
	if (rc < 0)
		aq_trace_free(t);
	return rc;
}
