/* SPDX-License-Identifier: MIT
 *
 * diagnose.c - the numbers of every layer at one step on one page
 *
 * A row is a layer, a column a kind of tensor with an axis of its own: a thin line from the least to
 * the greatest, a bar over mean +- standard deviation, a dot at the mean.  Where the layers of a
 * column differ much in size its axis is straight about 0 and logarithmic further out.
 */
#include "view/diagnose.h"

#include "draw/page.h"
#include "draw/plot.h"
#include "io/file.h"
#include "look/moments.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	NAMES = 92,
	COLUMN = 152,
	GAP = 18,
	COLUMNS = 6,
	WIDTH = NAMES + COLUMNS * (COLUMN + GAP) - GAP,
	ROW = 26,
	LOW_ROW = 14, /* where there are many */
	MANY = 24,
	TICK = 4,
	APART = 30,   /* times that layers may differ before an axis is bent */
};

struct column {
	enum aq_of of;
	const char *param; /* NULL: a map */
	const char *title;
	double low, high, soft; /* of the axis; soft: where it bends, 0: nowhere */
};

struct sheet {
	const struct aq_diagnose_args *args;
	struct aq_gallery gallery;
	struct column column[COLUMNS];
	struct aq_moments *moments; /* [layers][COLUMNS] */
	int rows;
};

static const struct aq_moments *cell(const struct sheet *s, int row, int column)
{
	return &s->moments[row * COLUMNS + column];
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool has_param(const struct aq_layer *layer, const char *name)
{
	for (int p = 0; p < layer->n_params; p++)
		if (strcmp(layer->param[p].name, name) == 0)
			return true;
	return false;
}

static int read_cell(struct sheet *s, int row, int column)
{
	const struct column *c = &s->column[column];
	const struct aq_layer *layer = &s->gallery.net->layer[row];
	const bool by_example = !c->param || c->of == AQ_OF_EXAMPLE_GRAD;
	const uint64_t count = by_example ? s->gallery.examples : 1;
	int rc = AQ_OK;
	if (c->param && !has_param(layer, c->param))
		return AQ_OK;
	for (uint64_t k = 0; k < count; k++) {
		struct aq_tensor t;
		AQ_TRY(aq_tensor_read(&t, &s->gallery, layer, c->of, c->param, 0, (int64_t)k));
		aq_moments_add(&s->moments[row * COLUMNS + column], t.at, aq_tensor_count(&t));
		aq_tensor_free(&t);
	}
done:
	return rc;
}

static int read_all(struct sheet *s)
{
	int rc = AQ_OK;
	s->rows = s->gallery.net->layers;
	s->moments = calloc((size_t)s->rows * COLUMNS, sizeof *s->moments);
	if (!s->moments)
		return aq_fail(AQ_ENOMEM, "out of memory");
	for (int row = 0; row < s->rows; row++)
		for (int c = 0; c < COLUMNS; c++)
			AQ_TRY(read_cell(s, row, c));
done:
	return rc;
}

static int write_csv(const struct sheet *s)
{
	struct aq_str text = { 0 };
	aq_str_add(&text, "layer,of,param,count,not_finite,mean,std,min,max\n");
	for (int row = 0; row < s->rows; row++)
		for (int c = 0; c < COLUMNS; c++) {
			const struct aq_moments *m = cell(s, row, c);
			const char *param = s->column[c].param;
			if (m->count + m->odd == 0)
				continue;
			aq_str_add(&text, "%s,%s,%s,%llu,%llu", s->gallery.net->layer[row].name,
				   aq_of_words[s->column[c].of], param ? param : "",
				   (unsigned long long)m->count, (unsigned long long)m->odd);
			if (m->count)
				aq_str_add(&text, ",%.9g,%.9g,%.9g,%.9g\n", m->mean,
					   aq_moments_std(m), (double)m->min, (double)m->max);
			else
				aq_str_add(&text, ",,,,\n");
		}
	int rc = aq_str_check(&text);
	if (rc == AQ_OK)
		rc = aq_file_write(s->args->csv, false, text.at, text.length);
	aq_str_free(&text);
	return rc;
}

/* ---- axes ------------------------------------------------------------------------------------ */

static double bend(const struct column *c, double value)
{
	return c->soft > 0 ? asinh(value / c->soft) : value;
}

/* Pixels from the left end of the column. */
static double place(const struct column *c, double value)
{
	const double low = bend(c, c->low), high = bend(c, c->high);
	return (bend(c, value) - low) / (high - low) * (COLUMN - 1) + 0.5;
}

static void plan_axis(struct sheet *s, int column)
{
	struct column *c = &s->column[column];
	double least = INFINITY, most = 0; /* how far from 0 layers reach */
	for (int row = 0; row < s->rows; row++) {
		const struct aq_moments *m = cell(s, row, column);
		const double std = aq_moments_std(m);
		const double reach = fmax(fabs((double)m->min), fabs((double)m->max));
		if (m->count == 0)
			continue;
		c->low = fmin(c->low, fmin((double)m->min, m->mean - std));
		c->high = fmax(c->high, fmax((double)m->max, m->mean + std));
		least = reach > 0 ? fmin(least, reach) : least;
		most = fmax(most, reach);
	}
	if (c->high <= c->low) {
		c->low = -1;
		c->high = 1;
	}
	if (most > APART * least)
		c->soft = fmax(least / 4, most * 1e-6);
	const double low = bend(c, c->low), high = bend(c, c->high);
	const double margin = 0.04 * (high - low), to = c->soft > 0 ? c->soft : 1;
	c->low = c->soft > 0 ? to * sinh(low - margin) : low - margin;
	c->high = c->soft > 0 ? to * sinh(high + margin) : high + margin;
}

/* 0 and, of a bent axis, powers of ten on both sides as far apart as their labels need. */
static struct aq_ticks ticks_of(const struct column *c)
{
	enum { LABEL = 34 };
	struct aq_ticks ticks = { 0 };
	/* steps are 1, 2, 5: a wish may give as few as one, which is no scale */
	for (int wanted = COLUMN / LABEL; c->soft == 0; wanted++) {
		ticks = aq_ticks_linear(c->low, c->high, wanted);
		if (ticks.count > 2 || wanted >= 2 * COLUMN / LABEL)
			return ticks;
	}
	if (c->low <= 0 && c->high >= 0)
		ticks.at[ticks.count++] = 0;
	for (int side = -1; side <= 1; side += 2) {
		const double end = side < 0 ? -c->low : c->high;
		double before = side * 1e9;
		if (!(end > 0))
			continue;
		for (int power = (int)floor(log10(end)); pow(10, power) > c->soft; power--) {
			const double value = side * pow(10, power), at = place(c, value);
			if (fabs(at - before) < LABEL || fabs(at - place(c, 0)) < LABEL ||
			    ticks.count == AQ_TICKS)
				continue;
			ticks.at[ticks.count++] = value;
			before = at;
		}
	}
	return ticks;
}

/* ---- drawing --------------------------------------------------------------------------------- */

static int pitch_of(const struct sheet *s)
{
	return s->rows > MANY ? LOW_ROW : ROW;
}

static void draw_axis(const struct sheet *s, struct aq_canvas *canvas, int x, int y, int column)
{
	const struct column *c = &s->column[column];
	const struct aq_ticks ticks = ticks_of(c);
	const int bottom = y + s->rows * pitch_of(s);
	for (int i = 0; i < ticks.count; i++) {
		const int at = x + (int)place(c, ticks.at[i]);
		char text[AQ_NUMBER_ROOM];
		aq_canvas_down(canvas, at, y, bottom - y, ticks.at[i] == 0 ? AQ_FRAME : AQ_RULE);
		aq_canvas_down(canvas, at, bottom, TICK, AQ_FRAME);
		aq_text_draw(canvas, at, bottom + TICK - 1, AQ_FACE_SMALL, AQ_CENTRE, AQ_SOFT,
			     c->soft > 0 ? aq_number(text, ticks.at[i], 1)
					 : aq_number_tick(text, ticks.at[i], ticks.step));
	}
	aq_canvas_across(canvas, x, bottom, COLUMN, AQ_FRAME);
}

static void draw_cell(const struct sheet *s, struct aq_canvas *canvas, int x, int y, int row,
		      int column)
{
	const struct column *c = &s->column[column];
	const struct aq_moments *m = cell(s, row, column);
	const int middle = y + pitch_of(s) / 2, half = pitch_of(s) >= ROW ? 4 : 3;
	const double std = aq_moments_std(m);
	if (m->odd > 0) {
		char text[64];
		snprintf(text, sizeof text, "%llu not finite", (unsigned long long)m->odd);
		aq_text_draw(canvas, x + COLUMN, middle - aq_text_line(AQ_FACE_SMALL) / 2,
			     AQ_FACE_SMALL, AQ_RIGHT, AQ_BAD, text);
	}
	if (m->count == 0)
		return;
	const int left = x + (int)place(c, (double)m->min), right = x + (int)place(c, (double)m->max);
	const int from = x + (int)place(c, m->mean - std), to = x + (int)place(c, m->mean + std);
	aq_canvas_across(canvas, left, middle, right - left + 1, AQ_SOFT);
	aq_canvas_down(canvas, left, middle - half, 2 * half + 1, AQ_SOFT);
	aq_canvas_down(canvas, right, middle - half, 2 * half + 1, AQ_SOFT);
	aq_canvas_fill(canvas,
		       (struct aq_box){ from, middle - half + 1, to - from + 1, 2 * half - 1 },
		       aq_mix(AQ_PAPER, AQ_ACCENT, 0.55));
	aq_canvas_disc(canvas, x + place(c, m->mean), middle + 0.5, half - 1);
	aq_canvas_ink(canvas, AQ_INK, 255);
}

static void draw_rows(const struct sheet *s, struct aq_canvas *canvas, struct aq_box box)
{
	const int pitch = pitch_of(s), line = aq_text_line(AQ_FACE_SMALL);
	for (int row = 0; row < s->rows; row++) {
		const int y = box.y + row * pitch;
		if (row % 2 == 0)
			aq_canvas_fill(canvas, (struct aq_box){ box.x, y, WIDTH, pitch }, AQ_WASH);
		aq_text_in(canvas, (struct aq_box){ box.x, y + (pitch - line) / 2, NAMES - 8, line },
			   AQ_FACE_SMALL, AQ_RIGHT, AQ_INK, s->gallery.net->layer[row].name);
	}
	for (int c = 0; c < COLUMNS; c++) {
		const int x = box.x + NAMES + c * (COLUMN + GAP);
		draw_axis(s, canvas, x, box.y, c);
		for (int row = 0; row < s->rows; row++)
			draw_cell(s, canvas, x, box.y + row * pitch, row, c);
	}
}

static void draw(const struct sheet *s, struct aq_page *page)
{
	const int line = aq_text_line(AQ_FACE_SMALL), bold = aq_text_line(AQ_FACE_BOLD);
	char title[256], below[512], examples[64];
	snprintf(title, sizeof title, "The numbers of %s at step %lld",
		 aq_path_name(s->gallery.path), (long long)s->gallery.step);
	snprintf(examples, sizeof examples, s->gallery.examples == 1 ? "1 example" : "%llu examples",
		 (unsigned long long)s->gallery.examples);
	snprintf(below, sizeof below,
		 "line: from the least to the greatest; bar: mean ± standard deviation; dot: mean; "
		 "of all numbers of a layer, activations and deltas of all %s.  %s: %s.",
		 examples, aq_of_words[s->args->of], aq_of_meanings[s->args->of]);
	aq_page_title(page, title, below);
	const struct aq_box head = aq_page_take(page, bold + line + 4);
	const struct aq_box box =
		aq_page_take(page, s->rows * pitch_of(s) + TICK + line);
	if (box.h == 0)
		return;
	for (int c = 0; c < COLUMNS; c++) {
		const int x = head.x + NAMES + c * (COLUMN + GAP);
		aq_text_in(page->canvas, (struct aq_box){ x, head.y, COLUMN, bold }, AQ_FACE_BOLD,
			   AQ_LEFT, AQ_INK, s->column[c].title);
		aq_text_in(page->canvas, (struct aq_box){ x, head.y + bold, COLUMN, line },
			   AQ_FACE_SMALL, AQ_LEFT, AQ_SOFT,
			   s->column[c].soft > 0 ? "logarithmic away from 0" : "");
	}
	draw_rows(s, page->canvas, box);
}

int aq_diagnose_draw(const struct aq_diagnose_args *args, const struct aq_drawing *drawing)
{
	char biases[64];
	struct sheet s = {
		.args = args,
		.column = { { .of = AQ_OF_ACTIVATION, .title = "activation" },
			    { .of = AQ_OF_DELTA, .title = "delta" },
			    { .of = AQ_OF_WEIGHTS, .param = "weight", .title = "weights" },
			    { .of = args->of, .param = "weight", .title = aq_of_words[args->of] },
			    { .of = AQ_OF_WEIGHTS, .param = "bias", .title = "biases" },
			    { .of = args->of, .param = "bias", .title = biases } },
	};
	struct aq_page *page = NULL;
	int rc;
	snprintf(biases, sizeof biases, "bias %s", aq_of_words[args->of]);
	AQ_TRY(aq_gallery_open(&s.gallery, args->snap));
	if (!s.gallery.is_snap) {
		rc = aq_fail(AQ_EDATA, "%s is no snap; open a step with aquatint-snapshot cut",
			     args->snap);
		goto done;
	}
	AQ_TRY(read_all(&s));
	if (args->csv)
		AQ_TRY(write_csv(&s));
	for (int c = 0; c < COLUMNS; c++)
		plan_axis(&s, c);
	AQ_TRY(aq_page_new_for(&page, WIDTH, drawing->out));
	draw(&s, page);
	rc = aq_credit_publish(s.gallery.file, page, drawing);
done:
	aq_page_free(page);
	free(s.moments);
	aq_gallery_close(&s.gallery);
	return rc < 0 ? aq_while(rc, "cannot draw the numbers %s", drawing->out) : rc;
}
