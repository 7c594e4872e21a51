/* SPDX-License-Identifier: MIT
 *
 * smoothness.c - whether filters are smooth or noise
 *
 *	title
 *	high over the steps       | variation over the steps     (of a run)
 *	all filters by `high`, each where it lies, beside what noise has
 *	one card a filter: first | last | high | variation       (of a run)
 */
#include "view/smoothness_private.h"

#include "draw/plot.h"
#include "draw/spark.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	WIDTH = AQ_SMOOTHNESS_WIDTH,
	BETWEEN = 32,
	PLOT = 230,
	SIDE = 88, /* pixels of a filter on its card */
	WIDE_SIDE = 120, /* where it is many tiles */
	CARDS = 2,
	MOST_CARDS = 64,
};

/* Where noise lies. */
static void noise_of(const struct aq_smoothness *s, int measure, double *low,
		     double *level, double *high)
{
	const struct aq_filters *f = &s->filters;
	*low = measure == AQ_HIGH ? f->band.low.high : f->band.low.variation;
	*level = measure == AQ_HIGH ? f->noise.high : f->noise.variation;
	*high = measure == AQ_HIGH ? f->band.high.high : f->band.high.variation;
}

static void judge(struct aq_smoothness *s)
{
	const struct aq_filters *f = &s->filters;
	s->most_high = f->band.high.high;
	s->most_variation = f->band.high.variation;
	for (int i = 0; i < f->count; i++) {
		const double last = (double)aq_smoothness_value(s, AQ_HIGH, i, f->moments - 1);
		s->smooth += last < f->band.low.high;
		s->noisy += last > f->band.high.high;
		for (size_t m = 0; m < f->moments; m++) {
			s->most_high = fmax(s->most_high, (double)aq_smoothness_value(s, AQ_HIGH, i, m));
			s->most_variation =
				fmax(s->most_variation, (double)aq_smoothness_value(s, AQ_VARIATION, i, m));
		}
	}
	s->most_high *= 1.08;
	s->most_variation *= 1.08;
	s->side = aq_filter_is_one_tile(&s->filters.shape) ? SIDE : WIDE_SIDE;
}

/* ---- all filters over the steps -------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
	const float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

/* The median of the filters at each moment; `room` [count]. */
static void find_median(const struct aq_smoothness *s, int measure, float *room, float *median)
{
	const struct aq_filters *f = &s->filters;
	for (size_t m = 0; m < f->moments; m++) {
		size_t n = 0;
		for (int i = 0; i < f->count; i++) {
			const float value = aq_smoothness_value(s, measure, i, m);
			if (isfinite(value))
				room[n++] = value;
		}
		qsort(room, n, sizeof *room, by_value);
		median[m] = n ? room[n / 2] : NAN;
	}
}

static int draw_plot(const struct aq_smoothness *s, struct aq_canvas *canvas, struct aq_box box,
		     int measure)
{
	const struct aq_filters *f = &s->filters;
	const size_t n = f->moments, count = (size_t)f->count;
	struct aq_curve *curves = calloc(count + 2, sizeof *curves);
	float *median = malloc((n + count) * sizeof *median);
	int rc = curves && median ? AQ_OK : aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(rc);
	find_median(s, measure, median + n, median);
	for (size_t i = 0; i < count; i++)
		curves[i] = (struct aq_curve){
			.name = i == 0 ? "each filter" : NULL,
			.x = f->axis,
			.y = (measure == AQ_HIGH ? f->high : f->variation) + i * n,
			.count = n,
			.colour = aq_hue(0),
			.width = 1,
			.pale = true,
		};
	curves[count] = (struct aq_curve){
		.name = "median",
		.x = f->axis,
		.y = median,
		.count = n,
		.colour = aq_hue(0),
		.width = 2,
	};
	/* a key alone: words in the band would hide what lies there */
	curves[count + 1] = (struct aq_curve){ .name = "random filters", .colour = AQ_FRAME };
	struct aq_band band = { .colour = AQ_SOFT };
	double level;
	noise_of(s, measure, &band.low, &level, &band.high);
	const struct aq_plot plot = {
		.title = measure == AQ_HIGH ? "high: share of energy in fine detail"
					 : "variation: how much neighbours differ",
		.x_name = s->args->log ? "step, counted from 1" : "step",
		.counts = true,
		.log_x = s->args->log,
		.fixed_x = true,
		.x_min = f->axis[0],
		.x_max = f->axis[n - 1],
		.fixed_y = true,
		.y_max = measure == AQ_HIGH ? s->most_high : s->most_variation,
		.curves = curves,
		.curve_count = (int)count + 2,
		.bands = &band,
		.band_count = 1,
	};
	aq_plot_draw(canvas, box, &plot);
done:
	free(curves);
	free(median);
	return rc;
}

static int draw_plots(const struct aq_smoothness *s, struct aq_page *page)
{
	const struct aq_box box = aq_page_take(page, PLOT);
	int rc = AQ_OK;
	for (int m = AQ_HIGH; m <= AQ_VARIATION && box.h > 0 && rc == AQ_OK; m++)
		rc = draw_plot(s, page->canvas, aq_box_column(box, m, 2, BETWEEN), m);
	aq_page_space(page, AQ_PAGE_GAP);
	return rc;
}

/* ---- cards ----------------------------------------------------------------------------------- */

static void draw_spark(const struct aq_smoothness *s, struct aq_canvas *canvas, struct aq_box box,
		       int filter, int measure)
{
	const struct aq_filters *f = &s->filters;
	const int line = aq_text_line(AQ_FACE_SMALL);
	char text[96], from[AQ_NUMBER_ROOM], to[AQ_NUMBER_ROOM];
	struct aq_spark spark = {
		.x = f->axis,
		.y = (measure == AQ_HIGH ? f->high : f->variation) + (size_t)filter * f->moments,
		.count = f->moments,
		.x_min = f->axis[0],
		.x_max = f->axis[f->moments - 1],
		.log_x = s->args->log,
		.y_max = measure == AQ_HIGH ? s->most_high : s->most_variation,
		.colour = aq_hue(0),
	};
	noise_of(s, measure, &spark.band_low, &spark.level, &spark.band_high);
	snprintf(text, sizeof text, "%s   %s → %s", measure == AQ_HIGH ? "high" : "variation",
		 aq_number(from, (double)aq_smoothness_value(s, measure, filter, 0), 2),
		 aq_number(to, (double)aq_smoothness_value(s, measure, filter, f->moments - 1), 2));
	aq_text_draw(canvas, box.x, box.y, AQ_FACE_SMALL, AQ_LEFT, AQ_SOFT, text);
	aq_spark_draw(canvas, (struct aq_box){ box.x, box.y + line, box.w, box.h - line }, &spark);
}

static void draw_card(const struct aq_smoothness *s, struct aq_canvas *canvas, struct aq_box box,
		      int filter)
{
	const struct aq_filters *f = &s->filters;
	const double last = (double)aq_smoothness_value(s, AQ_HIGH, filter, f->moments - 1);
	const bool smooth = last < f->band.low.high, noisy = last > f->band.high.high;
	char text[64];
	struct aq_box head = aq_box_cut_top(&box, aq_text_line(AQ_FACE_BOLD), 0);
	snprintf(text, sizeof text, "filter %d", filter);
	aq_text_in(canvas, head, AQ_FACE_BOLD, AQ_LEFT, AQ_INK, text);
	aq_text_in(canvas, head, AQ_FACE_TEXT, AQ_RIGHT,
		   smooth ? AQ_GOOD : noisy ? AQ_ACCENT : AQ_SOFT,
		   isnan(last) ? "all 0"
		   : smooth    ? "smoother than noise"
		   : noisy     ? "rougher than noise"
			       : "like noise");
	aq_filter_draw(canvas, aq_box_cut_left(&box, s->side, 8), &f->shape,
		       aq_smoothness_filter(s, f->first, filter));
	aq_filter_draw(canvas, aq_box_cut_left(&box, s->side, 16), &f->shape,
		       aq_smoothness_filter(s, f->last, filter));
	draw_spark(s, canvas, aq_box_column(box, AQ_HIGH, 2, 16), filter, AQ_HIGH);
	draw_spark(s, canvas, aq_box_column(box, AQ_VARIATION, 2, 16), filter, AQ_VARIATION);
}

static void draw_cards(const struct aq_smoothness *s, struct aq_page *page)
{
	const int shown = s->filters.count < MOST_CARDS ? s->filters.count : MOST_CARDS;
	for (int i = 0; i < shown; i += CARDS) {
		const struct aq_box row =
			aq_page_take(page, aq_text_line(AQ_FACE_BOLD) + s->side + 4);
		for (int k = 0; k < CARDS && i + k < shown && row.h > 0; k++)
			draw_card(s, page->canvas, aq_box_column(row, k, CARDS, BETWEEN), i + k);
		aq_page_space(page, AQ_PAGE_GAP + 6);
	}
	if (shown < s->filters.count)
		aq_page_text(page, AQ_SOFT, "The first %d of %d filters; the table has all.", shown,
			     s->filters.count);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static int draw(const struct aq_smoothness *s, struct aq_page *page)
{
	const struct aq_filters *f = &s->filters;
	const struct aq_tensor *t = &f->shape;
	char title[128], below[256], maps[64] = "";
	int rc = AQ_OK;
	snprintf(title, sizeof title, "%s   smooth or noisy?", s->args->layer);
	snprintf(below, sizeof below, "%s: %s.  %d filters of %d×%d×%d, step %.0f%s", f->of,
		 f->meaning, f->count, t->maps, t->height, t->width, f->step[0],
		 f->moments > 1 ? "" : ".");
	if (f->moments > 1)
		snprintf(below + strlen(below), sizeof below - strlen(below), " to %.0f.",
			 f->step[f->moments - 1]);
	aq_page_title(page, title, below);
	if (!t->is_colour && t->maps > AQ_FILTER_MAPS)
		snprintf(maps, sizeof maps, "  Drawn are the first %d of its %d inputs.", AQ_FILTER_MAPS,
			 t->maps);
	aq_page_text(page, AQ_SOFT,
		     "%s  high is the share of its energy in waves shorter than four "
		     "pixels, variation how much neighbours differ beside the filter's own "
		     "strength.  Grey: where 95 of 100 filters of random numbers lie.%s",
		     strcmp(f->of, "weights") == 0
			     ? "A filter that has learned is smooth, one that has not looks like "
			       "the noise it began as."
			     : "What a training pulls its filters with: where that is smooth, they "
			       "become smooth.",
		     maps);
	aq_page_text(page, AQ_INK,
		     "At step %.0f, %d of %d filters are smoother than noise, %d like noise, %d "
		     "rougher.",
		     f->step[f->moments - 1], s->smooth, f->count,
		     f->count - s->smooth - s->noisy, s->noisy);
	aq_page_space(page, AQ_PAGE_GAP);
	if (f->moments > 1)
		AQ_TRY(draw_plots(s, page));
	snprintf(title, sizeof title, "Step %.0f, from smooth to noisy", f->step[f->moments - 1]);
	aq_page_heading(page, title,
			aq_filter_is_one_tile(&f->shape)
				? "each filter in colours of its own largest number"
				: "each filter by its number");
	AQ_TRY(aq_smoothness_heap(s, page));
	if (f->moments > 1) {
		snprintf(title, sizeof title, "at step %.0f and at step %.0f; the steps between",
			 f->step[0], f->step[f->moments - 1]);
		aq_page_heading(page, "Each filter", title);
		draw_cards(s, page);
	}
done:
	return rc;
}

int aq_smoothness_draw(const struct aq_smoothness_args *args, const struct aq_drawing *drawing)
{
	struct aq_smoothness s = { .args = args };
	struct aq_page *page = NULL;
	int rc;
	AQ_TRY(aq_filters_read(&s.filters, args));
	judge(&s);
	if (args->csv)
		AQ_TRY(aq_filters_csv(&s.filters, args->csv));
	AQ_TRY(aq_page_new_for(&page, WIDTH, drawing->out));
	AQ_TRY(draw(&s, page));
	rc = aq_credit_publish(s.filters.is_run ? s.filters.reel.replay.run->file : s.filters.gallery.file,
			       page, drawing);
done:
	aq_page_free(page);
	aq_filters_free(&s.filters);
	return rc < 0 ? aq_while(rc, "cannot draw the smoothness %s", drawing->out) : rc;
}
