/* SPDX-License-Identifier: MIT
 *
 * film.c - a layer's weights, gradient and update side by side over the steps of a run
 *
 * Two passes over the chosen steps: the first finds the ranges, which then stand still, and puts
 * the numbers aside; the second draws.  One wild step would make all others pale, so the range ends
 * where one frame in ten goes beyond it; what does is drawn in the end colours, and every frame
 * prints its own extremes.  Only one frame is in memory at a time.
 */
#include "view/film.h"

#include "base/log.h"
#include "draw/film.h"
#include "draw/page.h"
#include "draw/plot.h"
#include "draw/text.h"
#include "io/spool.h"
#include "view/figure.h"
#include "view/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MARGIN = 20,
	GAP = 28,
	TITLE = 40,
	PLOT_HEIGHT = 120,
	TALLEST = 480,
	ALONE = 250,
	NARROWEST = 300,
	WIDEST = 420
};

struct shooting {
	const struct aq_film_args *args;
	struct aq_reel reel;
	struct aq_tensor tensor[AQ_REEL_MOST]; /* of the reel's numbers */
	struct aq_range range[AQ_REEL_MOST];
	struct aq_figure figure[AQ_REEL_MOST];
	struct aq_spool *spool;
	struct aq_trace trace;
	struct aq_curve curve; /* of it, and its plot without a mark: as drawn, and as pixels */
	struct aq_plot plot;
	struct aq_picture still;
	struct aq_credit credit;
	struct aq_film *film;
	int column_width, height;
};

/* ---- the numbers ----------------------------------------------------------------------------- */

/* With one filter alone its picture, row or number is all there is. */
static void narrow(struct aq_tensor *t)
{
	if (t->groups > 1)
		t->groups = 1;
	else if (t->is_matrix && t->height > 1)
		t->height = 1;
	else
		t->width = 1;
}

/* The tensors' places: where the reel reads a parameter, or within it that of one filter. */
static int open_all(struct shooting *s)
{
	const int filter = s->args->filter;
	int rc;
	AQ_TRY(aq_reel_open(&s->reel, &s->args->reel));
	const struct aq_param *param = s->reel.param;
	const size_t size = param->count / (size_t)param->dim[0];
	if (filter >= param->dim[0])
		return aq_fail(AQ_EUSAGE, "layer %s has filters 0 to %d, not %d",
			       s->reel.layer->name, param->dim[0] - 1, filter);
	for (int i = 0; i < s->reel.strips; i++) {
		struct aq_tensor *t = &s->tensor[i];
		*t = aq_tensor_of_param(s->reel.layer, param);
		t->at = s->reel.strip[i].at;
		if (filter < 0)
			continue;
		t->at += (size_t)filter * size;
		narrow(t);
	}
	AQ_TRY(aq_spool_new(&s->spool));
	rc = aq_trace_read(&s->trace, s->reel.replay.run, 0);
done:
	return rc;
}

static int by_size(const void *a, const void *b)
{
	const float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

/* The frames' extremes: low[i][f] and high[i][f], to be sorted. */
static int measure(struct shooting *s, float *low, float *high)
{
	const size_t frames = s->reel.frames;
	int rc = AQ_OK;
	for (size_t f = 0; f < frames; f++) {
		AQ_TRY(aq_reel_read(&s->reel, f));
		for (int i = 0; i < s->reel.strips; i++) {
			const struct aq_tensor *t = &s->tensor[i];
			const size_t count = aq_tensor_count(t);
			const struct aq_range own = aq_range_of(t->at, count);
			s->range[i] = aq_range_join(s->range[i], own);
			low[(size_t)i * frames + f] = own.min;
			high[(size_t)i * frames + f] = own.max;
			AQ_TRY(aq_spool_put(s->spool, t->at, count * sizeof *t->at));
		}
		aq_progress("frames measured", f + 1, frames);
	}
done:
	return rc;
}

static int find_ranges(struct shooting *s)
{
	const size_t n = s->reel.frames, all = (size_t)s->reel.strips * n;
	float *extremes = malloc(2 * all * sizeof *extremes);
	int rc = AQ_OK;
	if (!extremes)
		return aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(measure(s, extremes, extremes + all));
	for (int i = 0; i < s->reel.strips; i++) {
		float *low = extremes + (size_t)i * n, *high = low + all;
		qsort(low, n, sizeof *low, by_size);
		qsort(high, n, sizeof *high, by_size);
		s->range[i].min = low[(n - 1) / 10];
		s->range[i].max = high[n - 1 - (n - 1) / 10];
	}
done:
	free(extremes);
	return rc;
}

static int take_frame(struct shooting *s)
{
	int rc = AQ_OK;
	for (int i = 0; i < s->reel.strips; i++)
		AQ_TRY(aq_spool_take(s->spool, s->tensor[i].at,
				     aq_tensor_count(&s->tensor[i]) * sizeof *s->tensor[i].at));
done:
	return rc;
}

/* ---- drawing --------------------------------------------------------------------------------- */

/* One tile alone can be large. */
static int zoom_of(const struct aq_tensor *t)
{
	const int side = t->height > t->width ? t->height : t->width;
	const bool alone = !t->is_matrix && t->groups == 1 && (t->is_colour || t->maps == 1);
	return alone && side < ALONE ? ALONE / side : 0;
}

/* Figures are planned with the first frame's numbers; the tiles point at the tensors, which change.
 */
static int plan_figures(struct shooting *s)
{
	const int most = s->reel.strips > 3 ? NARROWEST : WIDEST;
	const enum aq_scale scale =
		s->args->scale == AQ_SCALE_MINMAX ? AQ_SCALE_LAYER : s->args->scale;
	int rc = AQ_OK;
	s->column_width = NARROWEST;
	for (int i = 0; i < s->reel.strips; i++) {
		struct aq_figure *f = &s->figure[i];
		const struct aq_strip *strip = &s->reel.strip[i];
		*f = (struct aq_figure){ .label = strip->name,
					 .note = strip->slot < 0 ? NULL : strip->meaning,
					 .tensor = &s->tensor[i],
					 .scale = scale,
					 .range = s->range[i],
					 .zoom = zoom_of(&s->tensor[i]),
					 .most_height = TALLEST };
		AQ_TRY(aq_figure_plan(f, most));
		const int width = aq_tiles_size(&f->tiles).w;
		s->column_width = width > s->column_width ? width : s->column_width;
		s->height = f->height > s->height ? f->height : s->height;
	}
	for (int i = 0; i < s->reel.strips; i++)
		s->figure[i].width = s->column_width;
done:
	return rc;
}

static int draw_title(const struct shooting *s, struct aq_canvas *canvas, struct aq_box title,
		      uint64_t step)
{
	struct aq_run *run = s->reel.replay.run;
	char text[160], number[AQ_NUMBER_ROOM], filter[32] = "";
	float loss;
	const int rc = aq_run_read(run, aq_run_find(run, "/loss"), step, 1, &loss);
	if (rc < 0)
		return rc;
	if (s->args->filter >= 0)
		snprintf(filter, sizeof filter, ", filter %d", s->args->filter);
	snprintf(text, sizeof text, "%s/%s%s", s->reel.layer->name, s->reel.param->name, filter);
	aq_text_draw(canvas, title.x, title.y, AQ_FACE_TITLE, AQ_LEFT, AQ_INK, text);
	snprintf(text, sizeof text, "step %llu     loss %s", (unsigned long long)step,
		 aq_number(number, (double)loss, 4));
	aq_text_draw(canvas, title.x + title.w, title.y + 6, AQ_FACE_BOLD, AQ_RIGHT, AQ_INK, text);
	return AQ_OK;
}

static int draw_frame(struct shooting *s, size_t frame, struct aq_box box)
{
	struct aq_canvas *canvas = aq_film_canvas(s->film);
	int rc;
	aq_canvas_fill(canvas, (struct aq_box){ 0, 0, canvas->picture.width, box.y + TITLE + s->height },
		       canvas->paper);
	AQ_TRY(draw_title(s, canvas, aq_box_cut_top(&box, TITLE, 0), s->reel.step[frame]));
	const struct aq_box row = aq_box_cut_top(&box, s->height, GAP / 2);
	for (int i = 0; i < s->reel.strips; i++) {
		aq_figure_renew(&s->figure[i]);
		aq_figure_draw(&s->figure[i], canvas, row.x + i * (s->column_width + GAP), row.y);
	}
	aq_canvas_blit(canvas, box.x, box.y, &s->still, 1);
	s->plot.mark = (double)s->reel.step[frame];
	aq_plot_mark(canvas, box, &s->plot);
done:
	return rc;
}

/* The loss over the steps, in the box that frames leave for it; only its mark will move. */
static int draw_still(struct shooting *s, struct aq_box box)
{
	struct aq_canvas *canvas = aq_film_canvas(s->film);
	const struct aq_picture *whole = &canvas->picture;
	const size_t stride = (size_t)whole->width * 3;
	int rc;
	const bool bare = aq_trace_is_bare(&s->trace);
	s->curve = (struct aq_curve){ .x = s->trace.x,
				      .y = s->trace.loss.smooth,
				      .low = bare ? NULL : s->trace.low,
				      .high = bare ? NULL : s->trace.high,
				      .count = s->trace.bands,
				      .colour = aq_hue(0) };
	s->plot = (struct aq_plot){ .y_name = "loss",
				    .counts = true,
				    .fixed_x = true,
				    .x_max = (double)s->reel.replay.run->done,
				    .curves = &s->curve,
				    .curve_count = 1 };
	aq_box_cut_top(&box, TITLE, 0);
	aq_box_cut_top(&box, s->height, GAP / 2);
	aq_plot_draw(canvas, box, &s->plot);
	AQ_TRY(aq_picture_new(&s->still, box.w, box.h, 3));
	for (int y = 0; y < box.h; y++)
		memcpy(s->still.at + (size_t)y * (size_t)box.w * 3,
		       whole->at + (size_t)(box.y + y) * stride + (size_t)box.x * 3,
		       (size_t)box.w * 3);
done:
	return rc;
}

static int shoot(struct shooting *s, const struct aq_drawing *drawing)
{
	int rc;
	AQ_TRY(plan_figures(s));
	/* encoders of video want even sizes */
	const int width = s->reel.strips * (s->column_width + GAP) - GAP + 2 * MARGIN;
	const int height = TITLE + s->height + GAP / 2 + PLOT_HEIGHT + 2 * MARGIN;
	AQ_TRY(aq_credit_take(&s->credit, s->reel.replay.run->file, drawing->program,
			      drawing->arguments));
	AQ_TRY(aq_film_begin(&s->film, drawing->out, drawing->keep, width + width % 2,
			     height + height % 2, s->args->rate, s->credit.text, s->credit.count));
	const struct aq_box box = { MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN };
	AQ_TRY(draw_still(s, box));
	for (size_t f = 0; f < s->reel.frames; f++) {
		AQ_TRY(take_frame(s));
		AQ_TRY(draw_frame(s, f, box));
		AQ_TRY(aq_film_shoot(s->film));
		aq_progress("frames drawn", f + 1, s->reel.frames);
	}
	struct aq_film *film = s->film;
	s->film = NULL;
	rc = aq_film_finish(film, 2);
done:
	return rc;
}

int aq_film_draw(const struct aq_film_args *args, const struct aq_drawing *drawing)
{
	struct shooting s = { .args = args };
	int rc;
	if (aq_page_is_svg(drawing->out))
		return aq_fail(AQ_EUSAGE, "a film is an animated PNG, and %s would be an SVG: name it X.png, or "
			       "X-%%04d.png for a picture a frame", drawing->out);
	AQ_TRY(open_all(&s));
	AQ_TRY(find_ranges(&s));
	AQ_TRY(shoot(&s, drawing));
done:
	aq_film_drop(s.film);
	for (int i = 0; i < AQ_REEL_MOST; i++)
		aq_figure_free(&s.figure[i]);
	aq_picture_free(&s.still);
	aq_trace_free(&s.trace);
	aq_credit_free(&s.credit);
	aq_spool_free(s.spool);
	aq_reel_close(&s.reel);
	return rc < 0 ? aq_while(rc, "cannot draw the film %s", drawing->out) : rc;
}
