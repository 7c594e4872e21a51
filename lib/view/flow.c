/* SPDX-License-Identifier: MIT
 *
 * flow.c - all layers over all steps of a run on one page
 */
#include "view/flow.h"

#include "draw/page.h"
#include "draw/plot.h"
#include "io/file.h"
#include "view/flow_maps.h"
#include "view/flow_sizes.h"

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
};

struct flow {
	const struct aq_flow_args *args;
	struct aq_run *run;
	struct aq_flow_maps maps;
	struct aq_flow_sizes grads, weights;
	int left;
	float *mean, *low, *high;	   /* [rows][COLUMNS] of the map at hand */
	char (*notes)[AQ_NUMBER_ROOM + 8]; /* [rows] */
	const char **note;		   /* the same as a list */
};

static void release(struct flow *f)
{
	free(f->mean);
	free(f->low);
	free(f->high);
	free(f->notes);
	free(f->note);
	aq_flow_sizes_free(&f->grads);
	aq_flow_sizes_free(&f->weights);
	aq_flow_free(&f->maps);
	aq_run_close(f->run);
}

/* ---- reading --------------------------------------------------------------------------------- */

static int reserve(struct flow *f)
{
	const size_t rows = (size_t)f->maps.rows, cells = rows * COLUMNS;
	f->mean = malloc(cells * sizeof *f->mean);
	f->low = malloc(cells * sizeof *f->low);
	f->high = malloc(cells * sizeof *f->high);
	f->notes = calloc(rows, sizeof *f->notes);
	f->note = calloc(rows, sizeof *f->note);
	if (!f->mean || !f->low || !f->high || !f->notes || !f->note)
		return aq_fail(AQ_ENOMEM, "out of memory");
	for (int r = 0; r < f->maps.rows; r++) {
		const int width = aq_text_width(AQ_FACE_SMALL, f->maps.names[r]) + 12;
		f->left = width > f->left ? width : f->left;
	}
	f->left = f->left < LEAST_LEFT ? LEAST_LEFT : f->left > MOST_LEFT ? MOST_LEFT : f->left;
	return AQ_OK;
}

static int write_csv(const struct flow *f)
{
	struct aq_str text = { 0 };
	aq_str_add(&text, "what,layer,first_step,last_step,mean,min,max,not_finite\n");
	const struct aq_flow_maps *maps = &f->maps;
	const int rows = maps->rows;
	for (int c = 0; c <= AQ_FLOW_MAPS * rows; c++)
		for (int k = 0; k < maps->bins.count; k++) {
			const size_t i = aq_flow_at(maps, c / rows, c % rows, k);
			const bool loss = c == AQ_FLOW_MAPS * rows;
			aq_str_add(&text, "%s,%s,%llu,%llu,%.9g,%.9g,%.9g,%.9g\n",
				   loss ? "loss" : aq_stat_names[aq_flow_map[c / rows].stat],
				   loss ? "" : maps->names[c % rows],
				   (unsigned long long)maps->bins.start[k],
				   (unsigned long long)maps->bins.start[k + 1] - 1,
				   (double)maps->binned.mean[i], (double)maps->binned.low[i],
				   (double)maps->binned.high[i], (double)maps->binned.odd[i]);
		}
	aq_flow_sizes_csv(&f->grads, &text);
	if (f->weights.maps)
		aq_flow_sizes_csv(&f->weights, &text);
	int rc = aq_str_check(&text);
	if (rc == AQ_OK)
		rc = aq_file_write(f->args->csv, false, text.at, text.length);
	aq_str_free(&text);
	return rc;
}

/* ---- drawing --------------------------------------------------------------------------------- */

static void spread(struct flow *f, int m, bool gaps)
{
	for (int r = 0; r < f->maps.rows; r++) {
		const size_t to = (size_t)r * COLUMNS;
		aq_flow_spread(&f->maps, m, r, gaps, f->mean + to, f->low + to, f->high + to);
		const float last = f->mean[to + COLUMNS - 1];
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
	const double from = (double)f->maps.bins.start[k], to = (double)f->maps.bins.start[k + 1];
	return f->args->log ? sqrt((from + 1) * (to + 1)) : (from + to) / 2;
}

static int draw_loss(const struct flow *f, struct aq_page *page)
{
	const size_t count = (size_t)f->maps.bins.count, at = aq_flow_at(&f->maps, AQ_FLOW_MAPS, 0, 0);
	double *x = malloc(count * sizeof *x);
	float *smooth = malloc(3 * count * sizeof *smooth);
	float *const low = smooth + count, *const high = low + count;
	const double shift = f->args->log ? 1 : 0;
	/* a few steps are drawn as they are */
	const bool bare = count == f->maps.bins.steps && count <= 50;
	int rc = x && smooth ? AQ_OK : aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(rc);
	for (size_t k = 0; k < count; k++) {
		x[k] = middle(f, (int)k);
		low[k] = f->maps.binned.low[at + k];
		high[k] = f->maps.binned.high[at + k];
	}
	aq_plot_reach(low, high, count);
	aq_plot_smooth(smooth, f->maps.binned.mean + at, count, (double)count / 50);
	const struct aq_curve curve = {
		.x = x, .y = smooth, .low = bare ? NULL : low, .high = bare ? NULL : high,
		.count = count, .colour = aq_hue(0)
	};
	const struct aq_plot plot = { .log_x = f->args->log,
				      .counts = true,
				      .fixed_x = true,
				      .x_min = shift,
				      .x_max = (double)f->maps.bins.steps + shift,
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
		aq_text_draw(page->canvas, row.x + f->left + COLUMNS, head.y, AQ_FACE_TEXT, AQ_RIGHT, AQ_SOFT,
			     bare ? "" : "running mean over 2 % of the axis; band: least to greatest");
	}
done:
	free(x);
	free(smooth);
	return rc;
}

static void draw_map(struct flow *f, struct aq_page *page, int m)
{
	const double shift = f->args->log ? 1 : 0;
	struct aq_heat heat = { .rows = f->maps.rows,
				.columns = COLUMNS,
				.mean = f->mean,
				.low = f->low,
				.high = f->high,
				.names = (const char *const *)f->maps.names,
				.notes = f->note,
				.notes_name = "at the end",
				.scale = aq_flow_scale(&f->maps, m),
				.x_min = shift,
				.x_max = (double)f->maps.bins.steps + shift,
				.log_x = f->args->log };
	const int line = aq_text_line(AQ_FACE_BOLD), width = COLUMNS - BAR - 2 * AQ_PAGE_GAP;
	const int words = aq_text_flow(NULL, 0, 0, width, AQ_FACE_TEXT, AQ_SOFT, aq_flow_map[m].words);
	const int head = line + words > AQ_HEAT_BAR_HEIGHT ? line + words : AQ_HEAT_BAR_HEIGHT;
	spread(f, m, heat.scale.gaps);
	aq_page_space(page, AQ_PAGE_SECTION);
	const struct aq_box top = aq_page_take(page, head);
	aq_page_space(page, 8);
	const struct aq_box box = aq_page_take(page, aq_heat_height(&heat));
	if (box.h == 0)
		return;
	const int x = box.x + f->left;
	aq_text_draw(page->canvas, x, top.y, AQ_FACE_BOLD, AQ_LEFT, AQ_INK, aq_flow_map[m].title);
	aq_text_flow(page->canvas, x, top.y + line, width, AQ_FACE_TEXT, AQ_SOFT, aq_flow_map[m].words);
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
	if (f->maps.every > 1)
		snprintf(every, sizeof every, " (statistics of every %lluth)",
			 (unsigned long long)f->maps.every);
	if (f->maps.bins.steps > (uint64_t)f->maps.bins.count)
		snprintf(each, sizeof each,
			 " Where a pixel stands for several steps: their mean, above it the "
			 "greatest, below it the least.");
	snprintf(below, sizeof below,
		 "The %s gradients (grad, mean over the batch) of %lld steps%s.%s", f->args->param,
		 (long long)f->maps.bins.steps, every, each);
	aq_page_title(page, title, below);
	int rc = draw_loss(f, page);
	for (int m = 0; m < AQ_FLOW_MAPS && rc == AQ_OK; m++)
		draw_map(f, page, m);
	aq_flow_sizes_draw(&f->grads, page, f->left, RIGHT);
	if (f->weights.maps)
		aq_flow_sizes_draw(&f->weights, page, f->left, RIGHT);
	return rc;
}

int aq_flow_draw(const struct aq_flow_args *args, const struct aq_drawing *drawing)
{
	struct flow f = { .args = args };
	struct aq_page *page = NULL;
	int rc;
	AQ_TRY(aq_run_open(&f.run, args->run));
	AQ_TRY(aq_flow_read(&f.maps, f.run, args->param, COLUMNS, args->log));
	AQ_TRY(aq_flow_sizes_read(&f.grads, &f.maps, AQ_GRAD));
	if (aq_flow_sizes_there(&f.maps, AQ_WEIGHTS))
		AQ_TRY(aq_flow_sizes_read(&f.weights, &f.maps, AQ_WEIGHTS));
	AQ_TRY(reserve(&f));
	if (args->csv)
		AQ_TRY(write_csv(&f));
	AQ_TRY(aq_page_new_for(&page, f.left + COLUMNS + RIGHT, drawing->out));
	AQ_TRY(draw(&f, page));
	rc = aq_credit_publish(f.run->file, page, drawing);
done:
	aq_page_free(page);
	release(&f);
	return rc < 0 ? aq_while(rc, "cannot draw the flow %s", drawing->out) : rc;
}
