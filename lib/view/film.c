/* SPDX-License-Identifier: MIT
 *
 * film.c - a layer's weights, gradient and update side by side over the steps of a run
 *
 * Two passes over the chosen steps: the first finds the ranges, which then stand still, the second
 * draws. One wild step would make all others pale, so the range ends where one frame in ten goes
 * beyond it; what does is drawn in the end colours, and every frame prints its own extremes. What
 * was recorded is read; what was not is had by replay.  Only one frame is in memory at a time.
 */
#include "view/film.h"

#include "base/log.h"
#include "draw/film.h"
#include "draw/plot.h"
#include "draw/text.h"
#include "run/replay.h"
#include "view/figure.h"
#include "view/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MARGIN = 20,
	GAP = 28,
	TITLE = 30,
	PLOT_HEIGHT = 120,
	TALLEST = 480,
	NARROWEST = 300,
	WIDEST = 420
};

struct shooting {
	const struct aq_film_args *args;
	struct aq_replay replay;
	const struct aq_layer *layer;
	const struct aq_param *param;
	uint64_t *step; /* of each frame */
	size_t frames;
	struct aq_tensor tensor[AQ_FILM_MOST];
	const struct aq_column *column[AQ_FILM_MOST]; /* NULL: by replay */
	struct aq_range range[AQ_FILM_MOST];
	struct aq_figure figure[AQ_FILM_MOST];
	struct aq_trace trace;
	struct aq_credit credit;
	struct aq_film *film;
	int column_width, height;
	float loss; /* of the frame's step */
};

int aq_film_parse_ofs(struct aq_film_args *args, const char *text)
{
	char words[128];
	if (strlen(text) >= sizeof words)
		return aq_fail(AQ_EUSAGE, "of: '%s' is too long", text);
	snprintf(words, sizeof words, "%s", text);
	char *rest = words;
	args->ofs = 0;
	for (char *word; (word = strsep(&rest, ","));) {
		int found = -1;
		for (int i = 0; i <= AQ_OF_UPDATE; i++)
			if (strcmp(aq_of_words[i], word) == 0 ||
			    (i == AQ_OF_WEIGHTS && strcmp(word, "weight") == 0))
				found = i;
		if (found < 0)
			return aq_fail(AQ_EUSAGE,
				       "of: a film can show weights, grad, reg_grad, clip_grad and "
				       "update, "
				       "not '%s'",
				       word);
		if (args->ofs == AQ_FILM_MOST)
			return aq_fail(AQ_EUSAGE, "of: at most %d beside each other", AQ_FILM_MOST);
		args->of[args->ofs++] = (enum aq_of)found;
	}
	return AQ_OK;
}

/* ---- planning -------------------------------------------------------------------------------- */

static const struct aq_column *recorded(const struct shooting *s, enum aq_of of)
{
	char name[512];
	snprintf(name, sizeof name, "/%s/%s/%s", aq_of_words[of], s->layer->name, s->param->name);
	return aq_run_find(s->replay.run, name);
}

/* The steps between from and to, each recorded one or, if nothing asked for was, each one. */
static int choose_steps(struct shooting *s)
{
	const struct aq_film_args *args = s->args;
	const struct aq_run *run = s->replay.run;
	uint64_t every = 1;
	int64_t from, to;
	int rc;
	AQ_TRY(aq_run_step(run, args->from, &from));
	AQ_TRY(aq_run_step(run, args->to, &to));
	for (int i = 0; i < args->ofs; i++)
		if (s->column[i] && s->column[i]->every > every)
			every = s->column[i]->every;
	to = to >= run->done ? run->done - 1 : to;
	const uint64_t first = ((uint64_t)from + every - 1) / every * every;
	if (to < from || first > (uint64_t)to)
		return aq_fail(AQ_EUSAGE, "%s has no recorded step from %lld to %lld", run->path,
			       (long long)from, (long long)to);
	s->step = malloc((size_t)args->frames * sizeof *s->step);
	if (!s->step)
		return aq_fail(AQ_ENOMEM, "out of memory");
	s->frames = aq_film_rows(((uint64_t)to - first) / every + 1, (size_t)args->frames,
				 args->log, s->step);
	for (size_t f = 0; f < s->frames; f++)
		s->step[f] = first + s->step[f] * every;
done:
	return rc;
}

static int open_all(struct shooting *s)
{
	const struct aq_film_args *args = s->args;
	const struct aq_wants all = { true, true, true, true };
	int rc;
	AQ_TRY(aq_replay_open(&s->replay, args->run, args->data, args->threads, all, false));
	const struct aq_gallery gallery = { .path = s->replay.run->path,
					    .net = s->replay.run->net };
	AQ_TRY(aq_gallery_layer(&gallery, args->layer, &s->layer));
	for (int i = 0; i < s->layer->n_params; i++)
		if (strcmp(s->layer->param[i].name, args->param) == 0)
			s->param = &s->layer->param[i];
	if (!s->param)
		return aq_fail(AQ_EUSAGE, "layer %s has no %s: it is a %s", args->layer,
			       args->param, s->layer->type->name);
	if (args->filter >= s->param->dim[0])
		return aq_fail(AQ_EUSAGE, "layer %s has filters 0 to %d, not %d", args->layer,
			       s->param->dim[0] - 1, args->filter);
	for (int i = 0; i < args->ofs; i++) {
		s->column[i] = recorded(s, args->of[i]);
		s->tensor[i] = aq_tensor_of_param(s->layer, s->param);
		s->tensor[i].at = malloc(s->param->count * sizeof(float));
		if (!s->tensor[i].at)
			return aq_fail(AQ_ENOMEM, "out of memory");
	}
	AQ_TRY(choose_steps(s));
	AQ_TRY(aq_trace_read(&s->trace, s->replay.run, 0));
done:
	return rc;
}

/* ---- one frame's numbers --------------------------------------------------------------------- */

static const aq_real *replayed(const struct shooting *s, enum aq_of of)
{
	const struct aq_trainer *t = s->replay.trainer;
	return of == AQ_OF_WEIGHTS     ? t->before
	       : of == AQ_OF_GRAD      ? t->grad
	       : of == AQ_OF_REG_GRAD  ? t->stages.reg_grad
	       : of == AQ_OF_CLIP_GRAD ? t->stages.clip_grad
				       : t->stages.update;
}

/* One filter alone moves to the front of its tensor. */
static void keep_filter(const struct shooting *s, struct aq_tensor *t)
{
	const size_t size = s->param->count / (size_t)s->param->dim[0];
	if (s->args->filter < 0)
		return;
	memmove(t->at, t->at + (size_t)s->args->filter * size, size * sizeof *t->at);
}

static int read_frame(struct shooting *s, size_t frame)
{
	const struct aq_film_args *args = s->args;
	const uint64_t step = s->step[frame];
	bool replay = false;
	int rc;
	for (int i = 0; i < args->ofs; i++)
		replay |= !s->column[i];
	if (replay) {
		AQ_TRY(aq_replay_seek(&s->replay, (int64_t)step));
		AQ_TRY(aq_replay_step(&s->replay));
	}
	for (int i = 0; i < args->ofs; i++) {
		if (s->column[i])
			AQ_TRY(aq_run_read(s->replay.run, s->column[i], step / s->column[i]->every,
					   1, s->tensor[i].at));
		else
			memcpy(s->tensor[i].at, replayed(s, args->of[i]) + s->param->offset,
			       s->param->count * sizeof(float));
		keep_filter(s, &s->tensor[i]);
	}
	rc = aq_run_read(s->replay.run, aq_run_find(s->replay.run, "/loss"), step, 1, &s->loss);
done:
	return rc;
}

/* With one filter alone its picture, row or number is all there is. */
static void narrow(struct shooting *s)
{
	for (int i = 0; i < s->args->ofs && s->args->filter >= 0; i++) {
		struct aq_tensor *t = &s->tensor[i];
		if (t->groups > 1)
			t->groups = 1;
		else if (t->is_matrix && t->height > 1)
			t->height = 1;
		else
			t->width = 1;
	}
}

static int by_size(const void *a, const void *b)
{
	const float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

/* The frames' extremes: low[i][f] and high[i][f], to be sorted. */
static int measure(struct shooting *s, float *low, float *high)
{
	int rc = AQ_OK;
	for (size_t f = 0; f < s->frames; f++) {
		AQ_TRY(read_frame(s, f));
		for (int i = 0; i < s->args->ofs; i++) {
			const struct aq_range own =
				aq_range_of(s->tensor[i].at, aq_tensor_count(&s->tensor[i]));
			s->range[i] = aq_range_join(s->range[i], own);
			low[(size_t)i * s->frames + f] = own.min;
			high[(size_t)i * s->frames + f] = own.max;
		}
		aq_progress("frames measured", f + 1, s->frames);
	}
done:
	return rc;
}

static int find_ranges(struct shooting *s)
{
	const size_t n = s->frames, all = (size_t)s->args->ofs * n;
	float *extremes = malloc(2 * all * sizeof *extremes);
	int rc = AQ_OK;
	if (!extremes)
		return aq_fail(AQ_ENOMEM, "out of memory");
	narrow(s);
	AQ_TRY(measure(s, extremes, extremes + all));
	for (int i = 0; i < s->args->ofs; i++) {
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

/* ---- drawing --------------------------------------------------------------------------------- */

/* Figures are planned with the first frame's numbers; the tiles point at the tensors, which change.
 */
static int plan_figures(struct shooting *s)
{
	const int most = s->args->ofs > 3 ? NARROWEST : WIDEST;
	int rc = AQ_OK;
	s->column_width = NARROWEST;
	for (int i = 0; i < s->args->ofs; i++) {
		struct aq_figure *f = &s->figure[i];
		*f = (struct aq_figure){ .label = aq_of_words[s->args->of[i]],
					 .tensor = &s->tensor[i],
					 .scale = s->args->scale == AQ_SCALE_MINMAX
							  ? AQ_SCALE_LAYER
							  : s->args->scale,
					 .range = s->range[i],
					 .most_height = TALLEST };
		AQ_TRY(aq_figure_plan(f, most));
		const int width = aq_tiles_size(&f->tiles).w;
		s->column_width = width > s->column_width ? width : s->column_width;
		s->height = f->height > s->height ? f->height : s->height;
	}
done:
	return rc;
}

static void draw_frame(struct shooting *s, size_t frame, struct aq_box box)
{
	struct aq_canvas *canvas = aq_film_canvas(s->film);
	char text[160], loss[AQ_NUMBER_ROOM];
	aq_canvas_clear(canvas);
	struct aq_box title = aq_box_cut_top(&box, TITLE, 0);
	snprintf(text, sizeof text, "%s/%s", s->layer->name, s->param->name);
	if (s->args->filter >= 0)
		snprintf(text, sizeof text, "%s/%s, filter %d", s->layer->name, s->param->name,
			 s->args->filter);
	aq_text_draw(canvas, title.x, title.y, AQ_FACE_TITLE, AQ_LEFT, AQ_INK, text);
	snprintf(text, sizeof text, "step %llu     loss %s", (unsigned long long)s->step[frame],
		 aq_number(loss, (double)s->loss, 4));
	aq_text_draw(canvas, title.x + title.w, title.y + 6, AQ_FACE_BOLD, AQ_RIGHT, AQ_INK, text);
	const struct aq_box row = aq_box_cut_top(&box, s->height, GAP / 2);
	for (int i = 0; i < s->args->ofs; i++) {
		aq_figure_renew(&s->figure[i]);
		aq_figure_draw(&s->figure[i], canvas, row.x + i * (s->column_width + GAP), row.y);
	}
	const struct aq_curve curve = { .x = s->trace.x,
					.y = s->trace.smooth,
					.low = s->trace.low,
					.high = s->trace.high,
					.count = s->trace.bands,
					.colour = aq_hue(0) };
	const struct aq_plot plot = { .y_name = "loss",
				      .counts = true,
				      .fixed_x = true,
				      .x_max = (double)s->replay.run->done,
				      .curves = &curve,
				      .curve_count = 1,
				      .mark = (double)s->step[frame],
				      .marked = true };
	aq_plot_draw(canvas, box, &plot);
}

static int shoot(struct shooting *s, const struct aq_drawing *drawing)
{
	int rc;
	AQ_TRY(plan_figures(s));
	const int width = s->args->ofs * (s->column_width + GAP) - GAP + 2 * MARGIN;
	for (int i = 0; i < s->args->ofs; i++)
		s->figure[i].width = s->column_width;
	const int height = TITLE + s->height + GAP / 2 + PLOT_HEIGHT + 2 * MARGIN;
	AQ_TRY(aq_credit_take(&s->credit, s->replay.run->file, drawing->program,
			      drawing->arguments));
	AQ_TRY(aq_film_begin(&s->film, drawing->out, drawing->keep, width, height, s->args->rate,
			     s->credit.text, s->credit.count));
	for (size_t f = 0; f < s->frames; f++) {
		AQ_TRY(read_frame(s, f));
		draw_frame(
			s, f,
			(struct aq_box){ MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN });
		AQ_TRY(aq_film_shoot(s->film));
		aq_progress("frames drawn", f + 1, s->frames);
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
	AQ_TRY(open_all(&s));
	AQ_TRY(find_ranges(&s));
	AQ_TRY(shoot(&s, drawing));
done:
	aq_film_drop(s.film);
	for (int i = 0; i < AQ_FILM_MOST; i++) {
		aq_figure_free(&s.figure[i]);
		aq_tensor_free(&s.tensor[i]);
	}
	aq_trace_free(&s.trace);
	aq_credit_free(&s.credit);
	free(s.step);
	aq_replay_close(&s.replay);
	return rc < 0 ? aq_while(rc, "cannot draw the film %s", drawing->out) : rc;
}
