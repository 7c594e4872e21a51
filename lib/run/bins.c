/* SPDX-License-Identifier: MIT
 *
 * bins.c - columns of a run reduced to bins of steps
 *
 * A stretch of rows is read of one column after the other, then the next stretch: a live run, whose
 * rows lie in many files, is gone through once.
 */
#include "run/bins.h"

#include "base/log.h"

#include <math.h>
#include <stdlib.h>

enum { STRETCH = 1 << 16 };

/* ---- bins ------------------------------------------------------------------------------------ */

/* The step at the left edge of pixel p. */
static uint64_t edge(const struct aq_bins *bins, int p)
{
	const double t = (double)p / bins->pixels;
	const double at =
		bins->log ? exp(t * log((double)bins->steps + 1)) - 1 : t * (double)bins->steps;
	/* a hair below a whole number is that number */
	const uint64_t step = (uint64_t)floor(at * (1 + 1e-12) + 1e-9);
	return step < bins->steps ? step : bins->steps - 1;
}

int aq_bins_new(struct aq_bins *bins, uint64_t steps, int pixels, bool log)
{
	*bins = (struct aq_bins){ .steps = steps, .pixels = pixels, .log = log };
	if (steps < 1 || pixels < 1)
		return aq_fail(AQ_EUSAGE, "there are no steps yet");
	bins->start = malloc(((size_t)pixels + 1) * sizeof *bins->start);
	bins->of_pixel = malloc((size_t)pixels * sizeof *bins->of_pixel);
	if (!bins->start || !bins->of_pixel) {
		aq_bins_free(bins);
		return aq_fail(AQ_ENOMEM, "out of memory");
	}
	for (int p = 0; p < pixels; p++) {
		const uint64_t at = edge(bins, p);
		if (p == 0 || at > bins->start[bins->count - 1])
			bins->start[bins->count++] = at;
		bins->of_pixel[p] = bins->count - 1;
	}
	bins->start[bins->count] = steps;
	return AQ_OK;
}

void aq_bins_free(struct aq_bins *bins)
{
	free(bins->start);
	free(bins->of_pixel);
	*bins = (struct aq_bins){ 0 };
}

/* ---- reading --------------------------------------------------------------------------------- */

void aq_binned_free(struct aq_binned *binned)
{
	free(binned->mean);
	free(binned->low);
	free(binned->high);
	free(binned->odd);
	*binned = (struct aq_binned){ 0 };
}

/* Sums of the bins of all columns, [columns][bins]. */
struct sums {
	double *sum;
	uint64_t *finite;
	int *bin; /* [columns]: where the next row falls, or behind it */
	float *row;
};

static void free_sums(struct sums *s)
{
	free(s->sum);
	free(s->finite);
	free(s->bin);
	free(s->row);
}

static int make(const struct aq_bins *bins, int count, struct sums *s, struct aq_binned *b)
{
	const size_t cells = (size_t)count * (size_t)bins->count + 1;
	s->sum = calloc(cells, sizeof *s->sum);
	s->finite = calloc(cells, sizeof *s->finite);
	s->bin = calloc((size_t)count + 1, sizeof *s->bin);
	s->row = malloc(STRETCH * sizeof *s->row);
	b->mean = malloc(cells * sizeof *b->mean);
	b->low = malloc(cells * sizeof *b->low);
	b->high = malloc(cells * sizeof *b->high);
	b->odd = calloc(cells, sizeof *b->odd);
	if (!s->sum || !s->finite || !s->bin || !s->row || !b->mean || !b->low || !b->high ||
	    !b->odd)
		return aq_fail(AQ_ENOMEM, "out of memory");
	for (size_t i = 0; i < cells; i++)
		b->low[i] = b->high[i] = NAN;
	return AQ_OK;
}

/* Rows first .. first+rows-1 of a column into its bins. */
static void add(const struct aq_bins *bins, int column, uint64_t every, uint64_t first,
		uint64_t rows, struct sums *s, struct aq_binned *b)
{
	const size_t line = (size_t)column * (size_t)bins->count;
	int *bin = &s->bin[column];
	for (uint64_t i = 0; i < rows; i++) {
		const float v = s->row[i];
		while (bins->start[*bin + 1] <= (first + i) * every)
			++*bin;
		const size_t at = line + (size_t)*bin;
		if (!isfinite(v)) {
			b->odd[at]++;
			continue;
		}
		s->sum[at] += (double)v;
		s->finite[at]++;
		b->low[at] = !(v >= b->low[at]) ? v : b->low[at];
		b->high[at] = !(v <= b->high[at]) ? v : b->high[at];
	}
}

/* Means; and bins no row falls into take what stands before them. */
static void finish(const struct aq_bins *bins, int count, const struct sums *s, struct aq_binned *b)
{
	for (int c = 0; c < count; c++)
		for (int k = 0; k < bins->count; k++) {
			const size_t i = (size_t)c * (size_t)bins->count + (size_t)k;
			b->mean[i] = s->finite[i] ? (float)(s->sum[i] / (double)s->finite[i]) : NAN;
			if (s->finite[i] || b->odd[i] > 0 || k == 0)
				continue;
			b->mean[i] = b->mean[i - 1];
			b->low[i] = b->low[i - 1];
			b->high[i] = b->high[i - 1];
			b->odd[i] = b->odd[i - 1];
		}
}

int aq_bins_read(const struct aq_bins *bins, struct aq_run *run,
		 const struct aq_column *const *columns, int count, struct aq_binned *binned)
{
	struct sums sums = { 0 };
	int rc;
	*binned = (struct aq_binned){ 0 };
	AQ_TRY(make(bins, count, &sums, binned));
	for (uint64_t step = 0, end; step < bins->steps; step = end) {
		end = step + aq_run_stretch(run, step, STRETCH);
		end = end < bins->steps ? end : bins->steps;
		for (int c = 0; c < count; c++) {
			if (!columns[c])
				continue;
			/* rows of the steps step .. end-1 that a column has */
			const uint64_t first = aq_column_rows(columns[c], step),
				       rows = aq_column_rows(columns[c], end) - first;
			if (rows == 0)
				continue;
			AQ_TRY(aq_run_read(run, columns[c], first, rows, sums.row));
			add(bins, c, columns[c]->every, first, rows, &sums, binned);
		}
		aq_progress("steps", end, bins->steps);
	}
	finish(bins, count, &sums, binned);
done:
	free_sums(&sums);
	if (rc < 0)
		aq_binned_free(binned);
	return rc;
}
