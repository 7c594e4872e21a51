/* SPDX-License-Identifier: MIT
 *
 * flow.c - all layers over all steps of a run on one page
 */
#include "view/flow.h"

#include "draw/heat.h"
#include "draw/page.h"
#include "draw/plot.h"
#include "io/file.h"
#include "run/bins.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	COLUMNS = 800, /* pixels of the axis of steps */
	RIGHT = 76,
	LEAST_LEFT = 64,
	MOST_LEFT = 190,
	LOSS = 190,
	BAR = 300,
	MAPS = 4,
	MOST_ROWS = 1000,
};

/* What the four maps show, in their order on the page. */
static const struct map {
	enum aq_stat stat;
	const char *title, *words;
} maps[MAPS] = {
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

struct flow {
	const struct aq_flow_args *args;
	struct aq_run *run;
	struct aq_bins bins;
	int rows, left;
	char **names;			   /* [rows] */
	const struct aq_column **columns;  /* [MAPS][rows], then the loss */
	struct aq_binned binned;	   /* of those */
	float *mean, *low, *high;	   /* [rows][COLUMNS] of the map at hand */
	char (*notes)[AQ_NUMBER_ROOM + 8]; /* [rows] */
	const char **note;		   /* the same as a list */
	uint64_t every;			   /* steps a row */
};

static void release(struct flow *f)
{
	for (int r = 0; f->names && r < f->rows; r++)
		free(f->names[r]);
	free(f->names);
	free(f->columns);
	free(f->mean);
	free(f->low);
	free(f->high);
	free(f->notes);
	free(f->note);
	aq_binned_free(&f->binned);
	aq_bins_free(&f->bins);
	aq_run_close(f->run);
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool is_row(const struct flow *f, int param)
{
	return strcmp(f->run->net->param[param]->name, f->args->param) == 0 &&
	       aq_run_column(f->run, AQ_STATS, param, AQ_STAT_L2);
}

static int find_rows(struct flow *f)
{
	const struct aq_net *net = f->run->net;
	for (int p = 0; p < net->params; p++)
		f->rows += is_row(f, p);
	if (f->rows == 0 || f->rows > MOST_ROWS)
		return aq_fail(AQ_EUSAGE,
			       "%s has statistics of %d %s tensors; train with --record stats",
			       f->run->path, f->rows, f->args->param);
	const size_t rows = (size_t)f->rows, cells = rows * COLUMNS;
	f->names = calloc(rows, sizeof *f->names);
	f->columns = calloc(MAPS * rows + 1, sizeof *f->columns);
	f->mean = malloc(cells * sizeof *f->mean);
	f->low = malloc(cells * sizeof *f->low);
	f->high = malloc(cells * sizeof *f->high);
	f->notes = calloc(rows, sizeof *f->notes);
	f->note = calloc(rows, sizeof *f->note);
	if (!f->names || !f->columns || !f->mean || !f->low || !f->high || !f->notes || !f->note)
		return aq_fail(AQ_ENOMEM, "out of memory");
	for (int p = 0, r = 0; p < net->params; p++) {
		if (!is_row(f, p))
			continue;
		for (int m = 0; m < MAPS; m++)
			f->columns[(size_t)m * rows + (size_t)r] =
				aq_run_column(f->run, AQ_STATS, p, (int)maps[m].stat);
		f->names[r] = strdup(net->owner[p]->name);
		if (!f->names[r])
			return aq_fail(AQ_ENOMEM, "out of memory");
		const int width = aq_text_width(AQ_FACE_SMALL, f->names[r]) + 12;
		f->left = width > f->left ? width : f->left;
		r++;
	}
	f->left = f->left < LEAST_LEFT ? LEAST_LEFT : f->left > MOST_LEFT ? MOST_LEFT : f->left;
	f->columns[MAPS * rows] = aq_run_find(f->run, "/loss");
	f->every = f->columns[0]->every;
	return AQ_OK;
}

/* The numbers of bin k of column c. */
static size_t cell(const struct flow *f, int c, int k)
{
	return (size_t)c * (size_t)f->bins.count + (size_t)k;
}

static int write_csv(const struct flow *f)
{
	struct aq_str text = { 0 };
	aq_str_add(&text, "what,layer,first_step,last_step,mean,min,max,not_finite\n");
	for (int c = 0; c <= MAPS * f->rows; c++)
		for (int k = 0; k < f->bins.count; k++) {
			const size_t i = cell(f, c, k);
			const bool loss = c == MAPS * f->rows;
			aq_str_add(&text, "%s,%s,%llu,%llu,%.9g,%.9g,%.9g,%.9g\n",
				   loss ? "loss" : aq_stat_names[maps[c / f->rows].stat],
				   loss ? "" : f->names[c % f->rows],
				   (unsigned long long)f->bins.start[k],
				   (unsigned long long)f->bins.start[k + 1] - 1,
				   (double)f->binned.mean[i], (double)f->binned.low[i],
				   (double)f->binned.high[i], (double)f->binned.odd[i]);
		}
	int rc = aq_str_check(&text);
	if (rc == AQ_OK)
		rc = aq_file_write(f->args->csv, false, text.at, text.length);
	aq_str_free(&text);
	return rc;
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
static void range_of_norms(const struct flow *f, struct aq_heat_scale *scale)
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
static double range_of_cosines(const struct flow *f)
{
	const size_t first = cell(f, 3 * f->rows, 0), all = (size_t)f->rows * (size_t)f->bins.count;
	double most = 0;
	for (size_t i = first; i < first + all; i++)
		most = fmax(most, fabs((double)f->binned.mean[i]));
	return most <= 0.2 ? 0.2 : most <= 0.4 ? 0.4 : 1;
}

static struct aq_heat_scale scale_of(const struct flow *f, int m)
{
	struct aq_heat_scale scale = { .low = 0, .high = 1 };
	switch (maps[m].stat) {
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

/* ---- drawing --------------------------------------------------------------------------------- */

/* Bins become pixels; a bin with a number that is not finite is drawn as that, unless it is a gap.
 */
static void spread(struct flow *f, int m, bool gaps)
{
	for (int r = 0; r < f->rows; r++) {
		for (int u = 0; u < COLUMNS; u++) {
			const size_t i = cell(f, m * f->rows + r, f->bins.of_pixel[u]);
			const size_t to = (size_t)r * COLUMNS + (size_t)u;
			const bool odd = !gaps && f->binned.odd[i] > 0;
			f->mean[to] = odd ? NAN : f->binned.mean[i];
			f->low[to] = odd ? NAN : f->binned.low[i];
			f->high[to] = odd ? NAN : f->binned.high[i];
		}
		const float last = f->mean[(size_t)r * COLUMNS + COLUMNS - 1];
		if (gaps && isnan(last))
			snprintf(f->notes[r], sizeof f->notes[r], "none");
		else
			aq_number(f->notes[r], (double)last, 2);
		f->note[r] = f->notes[r];
	}
}

/* The middle of a bin on the axis of steps. */
static double middle(const struct flow *f, int k)
{
	const double from = (double)f->bins.start[k], to = (double)f->bins.start[k + 1];
	return f->args->log ? sqrt((from + 1) * (to + 1)) : (from + to) / 2;
}

static int draw_loss(const struct flow *f, struct aq_page *page)
{
	const size_t count = (size_t)f->bins.count, at = cell(f, MAPS * f->rows, 0);
	double *x = malloc(count * sizeof *x);
	float *smooth = malloc(3 * count * sizeof *smooth);
	float *const low = smooth + count, *const high = low + count;
	const double shift = f->args->log ? 1 : 0;
	int rc = x && smooth ? AQ_OK : aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(rc);
	for (size_t k = 0; k < count; k++) {
		/* each bin reaches to its neighbour, as a line through them would: single steps
		 * make an unbroken band, too */
		const size_t next = at + (k + 1 < count ? k + 1 : k);
		x[k] = middle(f, (int)k);
		low[k] = fminf(f->binned.low[at + k], f->binned.low[next]);
		high[k] = fmaxf(f->binned.high[at + k], f->binned.high[next]);
	}
	aq_plot_smooth(smooth, f->binned.mean + at, count, (double)count / 50);
	const struct aq_curve curve = {
		.x = x, .y = smooth, .low = low, .high = high, .count = count, .colour = aq_hue(0)
	};
	const struct aq_plot plot = { .log_x = f->args->log,
				      .counts = true,
				      .fixed_x = true,
				      .x_min = shift,
				      .x_max = (double)f->bins.steps + shift,
				      .curves = &curve,
				      .curve_count = 1 };
	const struct aq_box head = aq_page_take(page, aq_text_line(AQ_FACE_BOLD));
	const struct aq_box row = aq_page_take(page, LOSS);
	/* the plot is shifted until its axis of steps is that of the maps */
	struct aq_box box = { row.x, row.y, COLUMNS + f->left, row.h };
	if (row.h > 0) {
		const struct aq_box inner = aq_plot_inner(box, &plot);
		box.x += row.x + f->left - inner.x;
		box.w += COLUMNS - inner.w;
		aq_plot_draw(page->canvas, box, &plot);
		aq_text_draw(page->canvas, row.x + f->left, head.y, AQ_FACE_BOLD, AQ_LEFT, AQ_INK,
			     "loss");
	}
done:
	free(x);
	free(smooth);
	return rc;
}

static void draw_map(struct flow *f, struct aq_page *page, int m)
{
	const double shift = f->args->log ? 1 : 0;
	struct aq_heat heat = { .rows = f->rows,
				.columns = COLUMNS,
				.mean = f->mean,
				.low = f->low,
				.high = f->high,
				.names = (const char *const *)f->names,
				.notes = f->note,
				.notes_name = "at the end",
				.scale = scale_of(f, m),
				.x_min = shift,
				.x_max = (double)f->bins.steps + shift,
				.log_x = f->args->log };
	const int line = aq_text_line(AQ_FACE_BOLD), width = COLUMNS - BAR - 2 * AQ_PAGE_GAP;
	const int words = aq_text_flow(NULL, 0, 0, width, AQ_FACE_TEXT, AQ_SOFT, maps[m].words);
	const int head = line + words > AQ_HEAT_BAR_HEIGHT ? line + words : AQ_HEAT_BAR_HEIGHT;
	if (m == MAPS - 1)
		heat.x_name = f->args->log ? "step, counted from 1" : "step";
	spread(f, m, heat.scale.gaps);
	aq_page_space(page, AQ_PAGE_SECTION);
	const struct aq_box top = aq_page_take(page, head);
	aq_page_space(page, 8);
	const struct aq_box box = aq_page_take(page, aq_heat_height(&heat));
	if (box.h == 0)
		return;
	const int x = box.x + f->left;
	aq_text_draw(page->canvas, x, top.y, AQ_FACE_BOLD, AQ_LEFT, AQ_INK, maps[m].title);
	aq_text_flow(page->canvas, x, top.y + line, width, AQ_FACE_TEXT, AQ_SOFT, maps[m].words);
	aq_heat_bar(page->canvas, x + COLUMNS - BAR, top.y + head - AQ_HEAT_BAR_HEIGHT, BAR,
		    &heat.scale);
	aq_heat_draw(page->canvas, x, box.y, f->left, RIGHT, &heat);
}

static int draw(struct flow *f, struct aq_page *page)
{
	char title[160], below[512], every[64] = "", each[160] = "";
	snprintf(title, sizeof title, "%s", aq_path_name(f->run->path));
	char *end = strstr(title, ".run.h5");
	if (end)
		*end = '\0';
	if (f->every > 1)
		snprintf(every, sizeof every, " (statistics of every %lluth)",
			 (unsigned long long)f->every);
	if (f->bins.steps > (uint64_t)f->bins.count)
		snprintf(each, sizeof each,
			 " Where a pixel stands for several steps: their mean, above it the "
			 "greatest, below it the least.");
	snprintf(below, sizeof below,
		 "The %s gradients (grad, mean over the batch) of %lld steps%s.%s", f->args->param,
		 (long long)f->bins.steps, every, each);
	aq_page_title(page, title, below);
	int rc = draw_loss(f, page);
	for (int m = 0; m < MAPS && rc == AQ_OK; m++)
		draw_map(f, page, m);
	return rc;
}

int aq_flow_draw(const struct aq_flow_args *args, const struct aq_drawing *drawing)
{
	struct flow f = { .args = args };
	struct aq_page *page = NULL;
	struct aq_credit credit = { 0 };
	int rc;
	AQ_TRY(aq_run_open(&f.run, args->run));
	AQ_TRY(find_rows(&f));
	AQ_TRY(aq_bins_new(&f.bins, (uint64_t)f.run->done, COLUMNS, args->log));
	AQ_TRY(aq_bins_read(&f.bins, f.run, f.columns, MAPS * f.rows + 1, &f.binned));
	if (args->csv)
		AQ_TRY(write_csv(&f));
	AQ_TRY(aq_page_new_for(&page, f.left + COLUMNS + RIGHT, drawing->out));
	AQ_TRY(draw(&f, page));
	AQ_TRY(aq_credit_take(&credit, f.run->file, drawing->program, drawing->arguments));
	rc = aq_page_write(page, drawing->out, drawing->keep, credit.text, credit.count);
done:
	aq_credit_free(&credit);
	aq_page_free(page);
	release(&f);
	return rc < 0 ? aq_while(rc, "cannot draw the flow %s", drawing->out) : rc;
}
