/* SPDX-License-Identifier: MIT
 *
 * flow_maps.c - what the heat maps of a run are drawn from
 */
#include "view/flow_maps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 1000 };

const struct aq_flow_map aq_flow_map[AQ_FLOW_MAPS] = {
	{ AQ_STAT_L2, "gradient norm",
	  "How long the gradient of each layer is. Fading from the last layer to the first it "
	  "vanishes, growing without end it explodes." },
	{ AQ_STAT_UPDATE_RATIO, "update / weight",
	  "How much of its length a step changes. White is 1 in 1000, a healthy pace; blue hardly "
	  "moves, red is thrown about." },
	{ AQ_STAT_ZEROS, "zeros in the gradient",
	  "The share of weights whose gradient is exactly 0. Red all along: nothing reaches them, "
	  "the filters are dead." },
	{ AQ_STAT_COSINE, "cosine to the gradient before",
	  "Red: one step after the other pulls the same way. Blue: each undoes the last one, the "
	  "rate is too high." },
};

void aq_flow_free(struct aq_flow_maps *f)
{
	for (int r = 0; f->names && r < f->rows; r++)
		free(f->names[r]);
	free(f->names);
	free(f->columns);
	aq_binned_free(&f->binned);
	aq_bins_free(&f->bins);
	*f = (struct aq_flow_maps){ 0 };
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool is_row(const struct aq_run *run, const char *name, int param)
{
	return strcmp(run->net->param[param]->name, name) == 0 &&
	       aq_run_column(run, AQ_STATS, param, AQ_STAT_L2);
}

int aq_flow_rows(const struct aq_run *run, const char *param, int *rows)
{
	*rows = 0;
	for (int p = 0; p < run->net->params; p++)
		*rows += is_row(run, param, p);
	if (*rows > MOST_ROWS)
		return aq_fail(AQ_EUSAGE, "%s has %d layers with statistics; %d find room in a picture",
			       run->path, *rows, MOST_ROWS);
	return AQ_OK;
}

static int find_rows(struct aq_flow_maps *f, const char *param)
{
	const struct aq_net *net = f->run->net;
	int rows, rc;
	AQ_TRY(aq_flow_rows(f->run, param, &rows));
	if (rows == 0)
		return aq_fail(AQ_EUSAGE,
			       "%s has no statistics of its %s tensors; train with --record stats",
			       f->run->path, param);
	f->names = calloc((size_t)rows, sizeof *f->names);
	f->columns = calloc(AQ_FLOW_MAPS * (size_t)rows + 1, sizeof *f->columns);
	if (!f->names || !f->columns)
		return aq_fail(AQ_ENOMEM, "out of memory");
	for (int p = 0; p < net->params; p++) {
		if (!is_row(f->run, param, p))
			continue;
		const int r = f->rows++;
		for (int m = 0; m < AQ_FLOW_MAPS; m++)
			f->columns[m * rows + r] =
				aq_run_column(f->run, AQ_STATS, p, (int)aq_flow_map[m].stat);
		f->names[r] = strdup(net->owner[p]->name);
		if (!f->names[r])
			return aq_fail(AQ_ENOMEM, "out of memory");
	}
	f->columns[AQ_FLOW_MAPS * rows] = aq_run_find(f->run, "/loss");
	f->every = f->columns[0]->every;
done:
	return rc;
}

int aq_flow_read(struct aq_flow_maps *f, struct aq_run *run, const char *param, int pixels, bool log)
{
	int rc;
	*f = (struct aq_flow_maps){ .run = run };
	AQ_TRY(find_rows(f, param));
	AQ_TRY(aq_bins_new(&f->bins, (uint64_t)run->done, pixels, log));
	AQ_TRY(aq_bins_read(&f->bins, run, f->columns, AQ_FLOW_MAPS * f->rows + 1, &f->binned));
done:
	if (rc < 0)
		aq_flow_free(f);
	return rc;
}

size_t aq_flow_at(const struct aq_flow_maps *f, int m, int r, int k)
{
	return ((size_t)m * (size_t)f->rows + (size_t)r) * (size_t)f->bins.count + (size_t)k;
}

/* ---- scales ---------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
	const float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

/* The next of 1, 2, 5, 10, ... downwards, or upwards. */
static double round_number(double value, bool up)
{
	static const double steps[] = { 1, 2, 5, 10 };
	const double ten = pow(10, floor(log10(value)));
	int s = up ? 0 : 3;
	while (up ? s < 3 && steps[s] * ten < value : s > 0 && steps[s] * ten > value)
		s += up ? 1 : -1;
	return steps[s] * ten;
}

/* Both ends for the norms: all but the outermost hundredth of the means. */
static void range_of_norms(const struct aq_flow_maps *f, struct aq_heat_scale *scale)
{
	const size_t all = (size_t)f->rows * (size_t)f->bins.count;
	float *value = malloc(all * sizeof *value);
	size_t n = 0;
	scale->low = 1e-3;
	scale->high = 1;
	for (size_t i = 0; value && i < all; i++)
		if (f->binned.mean[i] > 0)
			value[n++] = f->binned.mean[i];
	if (n > 0) {
		qsort(value, n, sizeof *value, by_value);
		scale->low = (double)value[n / 100];
		scale->high = (double)value[n - 1 - n / 100];
	}
	/* at least a decade, so that a steady run looks steady */
	const double wide = log10(scale->high / scale->low);
	if (wide < 1) {
		scale->low *= pow(10, -(1 - wide) / 2);
		scale->high *= pow(10, (1 - wide) / 2);
	}
	scale->low = round_number(scale->low, false);
	scale->high = round_number(scale->high, true);
	free(value);
}

/* The end for the cosines: 0.2, 0.4 or 1, as far as the means go. */
static double range_of_cosines(const struct aq_flow_maps *f)
{
	const size_t first = aq_flow_at(f, AQ_FLOW_MAPS - 1, 0, 0), all = (size_t)f->rows * (size_t)f->bins.count;
	double most = 0;
	for (size_t i = first; i < first + all; i++)
		most = fmax(most, fabs((double)f->binned.mean[i]));
	return most <= 0.2 ? 0.2 : most <= 0.4 ? 0.4 : 1;
}

struct aq_heat_scale aq_flow_scale(const struct aq_flow_maps *f, int m)
{
	struct aq_heat_scale scale = { .low = 0, .high = 1 };
	switch (aq_flow_map[m].stat) {
	case AQ_STAT_L2:
		scale = (struct aq_heat_scale){ .map = AQ_MAP_HEAT, .log = true };
		range_of_norms(f, &scale);
		break;
	case AQ_STAT_UPDATE_RATIO:
		scale = (struct aq_heat_scale){ .map = AQ_MAP_SIGNED,
						.log = true,
						.low = 1e-6,
						.high = 1,
						.mark = { 1e-4, 1e-2 },
						.mark_name = "in order" };
		break;
	case AQ_STAT_ZEROS:
		scale.map = AQ_MAP_SIGNED;
		scale.upper = true;
		break;
	default:
		scale = (struct aq_heat_scale){ .map = AQ_MAP_SIGNED, .gaps = true };
		scale.high = range_of_cosines(f);
		scale.low = -scale.high;
		break;
	}
	return scale;
}

/* ---- pixels ---------------------------------------------------------------------------------- */

void aq_flow_spread(const struct aq_flow_maps *f, int m, int r, bool gaps, float *mean, float *low,
		    float *high)
{
	for (int u = 0; u < f->bins.pixels; u++) {
		const size_t i = aq_flow_at(f, m, r, f->bins.of_pixel[u]);
		const bool odd = !gaps && f->binned.odd[i] > 0;
		mean[u] = odd ? NAN : f->binned.mean[i];
		low[u] = odd ? NAN : f->binned.low[i];
		high[u] = odd ? NAN : f->binned.high[i];
	}
}
