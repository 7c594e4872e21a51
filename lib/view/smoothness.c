/* SPDX-License-Identifier: MIT
 *
 * smoothness.c - whether filters are smooth or noise
 *
 *	title
 *	high over the steps       | variation over the steps     (of a run)
 *	all filters by `high`, each where it lies, beside what noise has
 *	one card a filter: first | last | high | variation       (of a run)
 */
#include "view/smoothness.h"

#include "draw/page.h"
#include "draw/plot.h"
#include "draw/spark.h"
#include "view/filters.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	WIDTH = 1240,
	BETWEEN = 32,
	PLOT = 230,
	SIDE = 88, /* pixels of a filter on its card */
	WIDE_SIDE = 120, /* where it is many tiles */
	HEAP = 430, /* pixels that filters heaped up may be high */
	CARDS = 2,
	MOST_CARDS = 64,
	AXIS = 46,
};

struct sheet {
	const struct aq_smoothness_args *args;
	struct aq_filters filters;
	double most_high, most_variation; /* ends of the axes */
	int smooth, noisy;		  /* filters, at the end */
	int side;
};

enum { HIGH, VARIATION };

static float value_of(const struct sheet *s, int measure, int filter, size_t moment)
{
	const struct aq_filters *f = &s->filters;
	return (measure == HIGH ? f->high : f->variation)[(size_t)filter * f->moments + moment];
}

/* Where noise lies. */
static void noise_of(const struct sheet *s, int measure, double *low, double *level, double *high)
{
	const struct aq_filters *f = &s->filters;
	*low = measure == HIGH ? f->band.low.high : f->band.low.variation;
	*level = measure == HIGH ? f->noise.high : f->noise.variation;
	*high = measure == HIGH ? f->band.high.high : f->band.high.variation;
}

static void judge(struct sheet *s)
{
	const struct aq_filters *f = &s->filters;
	s->most_high = f->band.high.high;
	s->most_variation = f->band.high.variation;
	for (int i = 0; i < f->count; i++) {
		const double last = (double)value_of(s, HIGH, i, f->moments - 1);
		s->smooth += last < f->band.low.high;
		s->noisy += last > f->band.high.high;
		for (size_t m = 0; m < f->moments; m++) {
			s->most_high = fmax(s->most_high, (double)value_of(s, HIGH, i, m));
			s->most_variation =
				fmax(s->most_variation, (double)value_of(s, VARIATION, i, m));
		}
	}
	s->most_high *= 1.08;
	s->most_variation *= 1.08;
	s->side = aq_filter_is_one_tile(&s->filters.shape) ? SIDE : WIDE_SIDE;
}

static const float *filter_at(const struct sheet *s, const float *all, int filter)
{
	const struct aq_tensor *t = &s->filters.shape;
	return all + (size_t)filter * (size_t)t->maps * (size_t)t->height * (size_t)t->width;
}

/* ---- all filters over the steps -------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
	const float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

/* The median of the filters at each moment; `room` [count]. */
static void find_median(const struct sheet *s, int measure, float *room, float *median)
{
	const struct aq_filters *f = &s->filters;
	for (size_t m = 0; m < f->moments; m++) {
		size_t n = 0;
		for (int i = 0; i < f->count; i++) {
			const float value = value_of(s, measure, i, m);
			if (isfinite(value))
				room[n++] = value;
		}
		qsort(room, n, sizeof *room, by_value);
		median[m] = n ? room[n / 2] : NAN;
	}
}

static int draw_plot(const struct sheet *s, struct aq_canvas *canvas, struct aq_box box,
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
			.y = (measure == HIGH ? f->high : f->variation) + i * n,
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
		.title = measure == HIGH ? "high: share of energy in fine detail"
					 : "variation: how much neighbours differ",
		.x_name = s->args->log ? "step, counted from 1" : "step",
		.counts = true,
		.log_x = s->args->log,
		.fixed_x = true,
		.x_min = f->axis[0],
		.x_max = f->axis[n - 1],
		.fixed_y = true,
		.y_max = measure == HIGH ? s->most_high : s->most_variation,
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

static int draw_plots(const struct sheet *s, struct aq_page *page)
{
	const struct aq_box box = aq_page_take(page, PLOT);
	int rc = AQ_OK;
	for (int m = HIGH; m <= VARIATION && box.h > 0 && rc == AQ_OK; m++)
		rc = draw_plot(s, page->canvas, aq_box_column(box, m, 2, BETWEEN), m);
	aq_page_space(page, AQ_PAGE_GAP);
	return rc;
}

/* ---- all filters by how smooth they are ------------------------------------------------------ */

struct spot {
	int filter, x, row; /* of pixels, of the heap */
	double value;
};

static int by_spot(const void *a, const void *b)
{
	const struct spot *x = a, *y = b;
	return x->value != y->value ? (x->value > y->value) - (x->value < y->value)
				    : x->filter - y->filter;
}

/* Those that would lie on each other are heaped up, each in the lowest row that is free.  Returns how
 * many can be drawn; *rows is how high the heap is. */
static int heap_up(const struct sheet *s, struct spot *spot, int pitch, int *rows)
{
	const struct aq_filters *f = &s->filters;
	int n = 0;
	*rows = 1;
	for (int i = 0; i < f->count; i++) {
		const double value = (double)value_of(s, HIGH, i, f->moments - 1);
		if (isfinite(value))
			spot[n++] = (struct spot){ .filter = i, .value = value };
	}
	qsort(spot, (size_t)n, sizeof *spot, by_spot);
	for (int i = 0; i < n; i++) {
		spot[i].x = (int)(spot[i].value / s->most_high * (WIDTH - pitch)) + pitch / 2;
		/* they come from left to right: only those before can be in the way */
		for (int j = i - 1; j >= 0 && spot[i].x - spot[j].x < pitch; j--)
			if (spot[j].row == spot[i].row) {
				spot[i].row++;
				j = i;
			}
		*rows = spot[i].row >= *rows ? spot[i].row + 1 : *rows;
	}
	return n;
}

static void draw_axis(const struct sheet *s, struct aq_canvas *canvas, struct aq_box box, int pitch)
{
	const int line = aq_text_line(AQ_FACE_SMALL), bottom = box.y + box.h - AXIS;
	const struct aq_ticks ticks = aq_ticks_linear(0, s->most_high, 10);
	char text[AQ_NUMBER_ROOM];
	aq_canvas_across(canvas, box.x, bottom, box.w, AQ_FRAME);
	for (int i = 0; i < ticks.count; i++) {
		const int at = box.x + pitch / 2 +
			       (int)(ticks.at[i] / s->most_high * (box.w - pitch));
		aq_canvas_down(canvas, at, bottom, 4, AQ_FRAME);
		aq_text_draw(canvas, at, bottom + 5, AQ_FACE_SMALL, AQ_CENTRE, AQ_SOFT,
			     aq_number_tick(text, ticks.at[i], ticks.step));
	}
	aq_text_draw(canvas, box.x, bottom + 8 + line, AQ_FACE_TEXT, AQ_LEFT, AQ_INK,
		     "← smooth");
	aq_text_draw(canvas, box.x + box.w, bottom + 8 + line, AQ_FACE_TEXT, AQ_RIGHT, AQ_INK,
		     "noisy →");
	aq_text_draw(canvas, box.x + box.w / 2, bottom + 8 + line, AQ_FACE_TEXT, AQ_CENTRE, AQ_SOFT,
		     "high: share of energy in fine detail");
}

/* Its picture with its number below, or where that is many tiles its number alone. */
static void draw_spot(const struct sheet *s, struct aq_canvas *canvas, int x, int y, int side,
		      int filter, int number)
{
	char text[16];
	snprintf(text, sizeof text, "%d", filter);
	if (aq_filter_is_one_tile(&s->filters.shape)) {
		aq_filter_draw(canvas, (struct aq_box){ x - side / 2, y, side, side },
			       &s->filters.shape, filter_at(s, s->filters.last, filter));
		if (number)
			aq_text_draw(canvas, x, y + side, AQ_FACE_SMALL, AQ_CENTRE, AQ_SOFT, text);
		return;
	}
	aq_canvas_disc(canvas, x + 0.5, y + side / 2.0, side / 2.0 + 1);
	aq_canvas_ink(canvas, aq_mix(AQ_PAPER, aq_hue(0), 0.22), 255);
	aq_text_in(canvas, (struct aq_box){ x - side / 2, y, side + 2, side }, AQ_FACE_SMALL,
		   AQ_CENTRE, AQ_INK, text);
}

/* Draw the heap of pictures of `side` pixels. */
static void draw_spots(const struct sheet *s, struct aq_canvas *canvas, struct aq_box box,
		       const struct spot *spot, int count, int side, int number)
{
	const struct aq_filters *f = &s->filters;
	const int pitch = side + 6, high = pitch + number, head = aq_text_line(AQ_FACE_SMALL) + 4;
	const double scale = (WIDTH - pitch) / s->most_high;
	const int from = box.x + pitch / 2 + (int)(f->band.low.high * scale);
	const int to = box.x + pitch / 2 + (int)(f->band.high.high * scale);
	aq_canvas_fill(canvas, (struct aq_box){ from, box.y, to - from + 1, box.h - AXIS }, AQ_RULE);
	aq_text_in(canvas, (struct aq_box){ from - 60, box.y, to - from + 120, head },
		   AQ_FACE_SMALL, AQ_CENTRE, AQ_SOFT, "random filters");
	draw_axis(s, canvas, box, pitch);
	for (int i = 0; i < count; i++) {
		const int x = box.x + spot[i].x;
		const int y = box.y + box.h - AXIS - (spot[i].row + 1) * high;
		draw_spot(s, canvas, x, y, side, spot[i].filter, number);
	}
}

/* As large as they can be when all of them have room. */
static int draw_heap(const struct sheet *s, struct aq_page *page)
{
	static const int sides[] = { 52, 44, 36, 28, 20 };
	const size_t all = sizeof sides / sizeof *sides;
	const struct aq_filters *f = &s->filters;
	const int head = aq_text_line(AQ_FACE_SMALL) + 4;
	struct spot *spot = malloc((size_t)f->count * sizeof *spot);
	int rows, number = 0, count = 0, side = 0;
	if (!spot)
		return aq_fail(AQ_ENOMEM, "out of memory");
	for (size_t i = aq_filter_is_one_tile(&s->filters.shape) ? 0 : all - 1; i < all; i++) {
		side = sides[i];
		number = side >= 28 ? aq_text_line(AQ_FACE_SMALL) : 0;
		count = heap_up(s, spot, side + 6, &rows);
		if (rows * (side + 6 + number) <= HEAP)
			break;
	}
	const struct aq_box box =
		aq_page_take(page, head + rows * (side + 6 + number) + AXIS);
	if (box.h > 0)
		draw_spots(s, page->canvas, box, spot, count, side, number);
	free(spot);
	return AQ_OK;
}

/* ---- cards ----------------------------------------------------------------------------------- */

static void draw_spark(const struct sheet *s, struct aq_canvas *canvas, struct aq_box box,
		       int filter, int measure)
{
	const struct aq_filters *f = &s->filters;
	const int line = aq_text_line(AQ_FACE_SMALL);
	char text[96], from[AQ_NUMBER_ROOM], to[AQ_NUMBER_ROOM];
	struct aq_spark spark = {
		.x = f->axis,
		.y = (measure == HIGH ? f->high : f->variation) + (size_t)filter * f->moments,
		.count = f->moments,
		.x_min = f->axis[0],
		.x_max = f->axis[f->moments - 1],
		.log_x = s->args->log,
		.y_max = measure == HIGH ? s->most_high : s->most_variation,
		.colour = aq_hue(0),
	};
	noise_of(s, measure, &spark.band_low, &spark.level, &spark.band_high);
	snprintf(text, sizeof text, "%s   %s → %s", measure == HIGH ? "high" : "variation",
		 aq_number(from, (double)value_of(s, measure, filter, 0), 2),
		 aq_number(to, (double)value_of(s, measure, filter, f->moments - 1), 2));
	aq_text_draw(canvas, box.x, box.y, AQ_FACE_SMALL, AQ_LEFT, AQ_SOFT, text);
	aq_spark_draw(canvas, (struct aq_box){ box.x, box.y + line, box.w, box.h - line }, &spark);
}

static void draw_card(const struct sheet *s, struct aq_canvas *canvas, struct aq_box box,
		      int filter)
{
	const struct aq_filters *f = &s->filters;
	const double last = (double)value_of(s, HIGH, filter, f->moments - 1);
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
		       filter_at(s, f->first, filter));
	aq_filter_draw(canvas, aq_box_cut_left(&box, s->side, 16), &f->shape,
		       filter_at(s, f->last, filter));
	draw_spark(s, canvas, aq_box_column(box, HIGH, 2, 16), filter, HIGH);
	draw_spark(s, canvas, aq_box_column(box, VARIATION, 2, 16), filter, VARIATION);
}

static void draw_cards(const struct sheet *s, struct aq_page *page)
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

static int draw(const struct sheet *s, struct aq_page *page)
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
	AQ_TRY(draw_heap(s, page));
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
	struct sheet s = { .args = args };
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
