/* SPDX-License-Identifier: MIT
 *
 * spread.c - how large a tensor's numbers are, as a histogram for each bin of steps
 *
 * The bits of a float grow with it, nearly as its logarithm does: they give a first guess of the
 * class, which the edges then correct.
 */
#include "run/spread.h"

#include "base/log.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { AT_ONCE = 1 << 18 }; /* numbers */

double aq_spread_edge(const struct aq_spread *s, int k)
{
	return s->low * pow(s->high / s->low, (double)k / s->classes);
}

static uint32_t bits_of(float value)
{
	uint32_t bits;
	value = fabsf(value);
	memcpy(&bits, &value, sizeof bits);
	return bits;
}

struct ruler {
	int classes;
	float edge[AQ_SPREAD_MOST + 1];
	uint32_t first;
	double per_bit;
};

static struct ruler make_ruler(const struct aq_spread *s)
{
	struct ruler r = { .classes = s->classes };
	for (int k = 0; k <= s->classes; k++)
		r.edge[k] = (float)aq_spread_edge(s, k);
	r.first = bits_of(r.edge[0]);
	r.per_bit = s->classes / (double)(bits_of(r.edge[s->classes]) - r.first);
	return r;
}

static int class_of(const struct ruler *r, float value)
{
	const float size = fabsf(value);
	const uint32_t bits = bits_of(value);
	int k = bits <= r->first ? 0 : (int)fmin((bits - r->first) * r->per_bit, r->classes - 1);
	while (k > 0 && size < r->edge[k])
		k--;
	while (k < r->classes - 1 && size >= r->edge[k + 1])
		k++;
	return k;
}

/* A column on its way through the bins. */
struct reading {
	struct aq_run *run;
	const struct aq_column *column;
	struct ruler ruler;
	uint64_t numbers, room; /* of a row; rows read at a time */
	uint64_t first, end;    /* rows at hand */
	float *row;
};

/* Row `at`, read with those behind it up to `end`, as far as there is room. */
static int take_row(struct reading *r, uint64_t at, uint64_t end, const float **row)
{
	int rc = AQ_OK;
	if (at < r->first || at >= r->end) {
		const uint64_t rows = end - at < r->room ? end - at : r->room;
		r->first = r->end = 0;
		AQ_TRY(aq_run_read(r->run, r->column, at, rows, r->row));
		r->first = at;
		r->end = at + rows;
	}
	*row = r->row + (at - r->first) * r->numbers;
done:
	return rc;
}

static void count_row(const struct reading *r, const float *row, uint64_t counts[AQ_SPREAD_MOST])
{
	for (uint64_t i = 0; i < r->numbers; i++)
		if (isfinite(row[i]) && row[i] != 0)
			counts[class_of(&r->ruler, row[i])]++;
}

static void finish(const struct aq_spread *s, const uint64_t counts[AQ_SPREAD_MOST], float *share)
{
	uint64_t all = 0;
	for (int k = 0; k < s->classes; k++)
		all += counts[k];
	for (int k = 0; k < s->classes; k++)
		share[k] = all ? (float)((double)counts[k] / (double)all) : NAN;
}

/* Numbers of a row. */
static uint64_t numbers_of(const struct aq_column *column)
{
	struct aq_h5_shape shape = column->shape;
	shape.dim[0] = 1;
	return aq_h5_count(&shape);
}

int aq_spread_read(struct aq_spread *s, const struct aq_bins *bins, struct aq_run *run,
		   const struct aq_column *column, uint64_t budget)
{
	struct reading r = { run, column, make_ruler(s), numbers_of(column), 0, 0, 0, NULL };
	const uint64_t all = aq_column_rows(column, bins->steps);
	const uint64_t classes = (uint64_t)s->classes;
	const uint64_t each = budget / (r.numbers * (uint64_t)bins->count);
	int rc = AQ_OK;
	r.room = AT_ONCE / r.numbers + 1;
	r.row = malloc(r.room * r.numbers * sizeof *r.row);
	s->rows = s->read = 0;
	s->share = malloc((size_t)bins->count * classes * sizeof *s->share);
	if (!r.row || !s->share)
		rc = aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(rc);
	for (int b = 0; b < bins->count; b++) {
		const uint64_t first = aq_column_rows(column, bins->start[b]),
			       end = aq_column_rows(column, bins->start[b + 1]);
		const uint64_t there = end - first, most = each > 1 ? each : 1;
		const uint64_t wanted = there < most ? there : most;
		const uint64_t from = first + (there - wanted) / 2;
		float *share = s->share + (uint64_t)b * classes;
		uint64_t counts[AQ_SPREAD_MOST] = { 0 };
		for (uint64_t i = from; i < from + wanted; i++) {
			const float *row;
			/* where all are wanted, those of the next bins come along */
			AQ_TRY(take_row(&r, i, wanted < there ? from + wanted : all, &row));
			count_row(&r, row, counts);
		}
		s->rows += there;
		s->read += wanted;
		if (wanted == 0 && b > 0)
			memcpy(share, share - classes, classes * sizeof *share);
		else
			finish(s, counts, share);
		aq_progress("bins", (uint64_t)b + 1, (uint64_t)bins->count);
	}
done:
	free(r.row);
	if (rc < 0)
		aq_spread_free(s);
	return rc;
}

void aq_spread_free(struct aq_spread *s)
{
	free(s->share);
	s->share = NULL;
}
