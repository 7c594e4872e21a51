/* SPDX-License-Identifier: MIT
 *
 * panel.c - the whole network at one step on one page
 *
 *	title
 *	example   what it is, loss, learning rate        predictions
 *	layer     activation          | delta
 *	          weight              | its gradient
 *	          bias                | its gradient
 *	...
 */
#include "view/panel.h"

#include "draw/page.h"
#include "draw/plot.h"
#include "draw/text.h"
#include "view/figure.h"
#include "view/shown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 1240, COLUMN_GAP = 36, PARAM_HEIGHT = 270, MAP_HEIGHT = 272, EXAMPLE_SIZE = 128,
       MOST_CLASSES = 8 };

struct panel {
	const struct aq_panel_args *args;
	struct aq_gallery gallery;
	struct aq_shown shown;
	struct aq_page *page;
	struct aq_range activation, parameter, gradient,
		delta; /* of all layers, for the scale global */
	double loss, lr;
};

/* ---- the example ----------------------------------------------------------------------------- */

static void draw_facts(const struct panel *p, int x, int y)
{
	const struct aq_shown *s = &p->shown;
	char loss[AQ_NUMBER_ROOM], batch[AQ_NUMBER_ROOM], lr[AQ_NUMBER_ROOM];
	enum { LINE = 20 };
	const char *const keys[] = { "example",		  "class",	   "loss",
				     "loss of the batch", "learning rate", "gradient shown" };
	char values[6][256];
	snprintf(values[0], sizeof values[0], "%s %lld", s->split, (long long)s->index);
	snprintf(values[1], sizeof values[1], "%s", aq_shown_class(s, s->label));
	snprintf(values[2], sizeof values[2], "%s", aq_number(loss, s->loss, 4));
	snprintf(values[3], sizeof values[3], "%s", aq_number(batch, p->loss, 4));
	snprintf(values[4], sizeof values[4], "%s", aq_number(lr, p->lr, 4));
	snprintf(values[5], sizeof values[5], "%s: %s", aq_of_words[p->args->of],
		 aq_of_meanings[p->args->of]);
	for (int i = 0; i < 6; i++, y += LINE) {
		aq_text_draw(p->page->canvas, x, y, AQ_FACE_TEXT, AQ_LEFT, AQ_SOFT, keys[i]);
		aq_text_draw(p->page->canvas, x + 130, y, AQ_FACE_TEXT, AQ_LEFT, AQ_INK, values[i]);
	}
}

/* 22,466: digits in groups of three. */
static char *grouped(char text[AQ_NUMBER_ROOM], size_t count)
{
	char digits[AQ_NUMBER_ROOM];
	size_t at = 0;
	const size_t length = (size_t)snprintf(digits, sizeof digits, "%zu", count);
	for (size_t i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			text[at++] = ',';
		text[at++] = digits[i];
	}
	text[at] = '\0';
	return text;
}

static int draw_head(struct panel *p)
{
	char title[64], below[160], count[AQ_NUMBER_ROOM], step[AQ_NUMBER_ROOM];
	int rc;
	snprintf(title, sizeof title, "Step %s, layer by layer",
		 grouped(step, (size_t)p->gallery.step));
	snprintf(below, sizeof below,
		 "%d layers, %s parameters.  Left: what the network computes and holds.  Right: how "
		 "the loss would change with it.",
		 p->gallery.net->layers, grouped(count, p->gallery.net->count));
	aq_page_title(p->page, title, below);
	const int rows = p->gallery.net->classes < MOST_CLASSES ? p->gallery.net->classes
								 : MOST_CLASSES;
	const int wanted = rows * AQ_SHOWN_ROW + AQ_SHOWN_ROW + 8;
	struct aq_box box = aq_page_take(p->page, wanted > EXAMPLE_SIZE + 16 ? wanted
									      : EXAMPLE_SIZE + 16);
	if (box.h == 0)
		return AQ_OK;
	AQ_TRY(aq_shown_picture(&p->shown, p->page->canvas, box.x, box.y + 6, EXAMPLE_SIZE));
	draw_facts(p, box.x + EXAMPLE_SIZE + 28, box.y + 6);
	const int right = 420;
	aq_text_draw(p->page->canvas, box.x + box.w - right, box.y, AQ_FACE_BOLD, AQ_LEFT, AQ_INK,
		     "prediction");
	aq_box_cut_top(&box, AQ_SHOWN_ROW + 2, 0);
	AQ_TRY(aq_shown_predictions(&p->shown, p->page->canvas,
				    (struct aq_box){ box.x + box.w - right, box.y, right, box.h },
				    MOST_CLASSES));
	aq_page_text(p->page, AQ_SOFT,
		     "Activations and deltas are of this example, gradients of weights as named "
		     "above.  Blue is negative, white is zero, red is positive; in pictures made of "
		     "red, green and blue, zero is grey under the scale sym.  A dashed frame: all "
		     "its numbers are the same.");
done:
	return rc;
}

/* ---- a layer --------------------------------------------------------------------------------- */

/* Two figures beside each other; the right one may be missing. */
static int draw_pair(struct panel *p, struct aq_figure *left, struct aq_figure *right)
{
	const int width = (WIDTH - COLUMN_GAP) / 2;
	int rc;
	AQ_TRY(aq_figure_plan(left, right ? width : WIDTH));
	if (right)
		AQ_TRY(aq_figure_plan(right, width));
	const int height = right && right->height > left->height ? right->height : left->height;
	const struct aq_box box = aq_page_take(p->page, height);
	if (box.h > 0) {
		aq_figure_draw(left, p->page->canvas, box.x, box.y);
		if (right)
			aq_figure_draw(right, p->page->canvas, box.x + width + COLUMN_GAP, box.y);
	}
	aq_page_space(p->page, AQ_PAGE_GAP);
done:
	aq_figure_free(left);
	if (right)
		aq_figure_free(right);
	return rc;
}

static struct aq_figure figure(const struct panel *p, const struct aq_tensor *t, const char *label,
			       const char *note, enum aq_scale usual, struct aq_range all, int height)
{
	const enum aq_scale scale = p->args->one_scale ? p->args->scale : usual;
	return (struct aq_figure){ .label = label,
				   .note = note,
				   .tensor = t,
				   .scale = scale,
				   .most_height = height,
				   .range = scale == AQ_SCALE_GLOBAL ? all
								     : (struct aq_range){ 0 } };
}

static int draw_maps(struct panel *p, const struct aq_layer *layer)
{
	struct aq_tensor out = { 0 }, delta = { 0 };
	int rc;
	AQ_TRY(aq_tensor_read(&out, &p->gallery, layer, AQ_OF_ACTIVATION, NULL, 0,
			      p->args->example));
	AQ_TRY(aq_tensor_read(&delta, &p->gallery, layer, AQ_OF_DELTA, NULL, 0, p->args->example));
	struct aq_figure left = figure(p, &out, layer->n_inputs ? "activation" : "input",
				       layer->n_inputs ? "what the layer puts out"
						       : "what the network sees",
				       AQ_SCALE_LAYER, p->activation, MAP_HEIGHT);
	struct aq_figure right =
		figure(p, &delta, "delta", layer->n_inputs ? "gradient of the loss w.r.t. the activation"
					: "gradient of the loss w.r.t. the input", AQ_SCALE_SYM,
		       p->delta, MAP_HEIGHT);
	rc = draw_pair(p, &left, &right);
done:
	aq_tensor_free(&out);
	aq_tensor_free(&delta);
	return rc;
}

/* Of the gradients of weights, beside their names. */
static const char *const short_meaning[] = {
	[AQ_OF_GRAD] = "mean over the batch",
	[AQ_OF_REG_GRAD] = "mean over the batch, plus decay",
	[AQ_OF_CLIP_GRAD] = "after decay and clipping",
	[AQ_OF_UPDATE] = "what the step added",
	[AQ_OF_EXAMPLE_GRAD] = "of this example alone",
};

static int draw_param(struct panel *p, const struct aq_layer *layer, const struct aq_param *param)
{
	struct aq_tensor value = { 0 }, grad = { 0 };
	const bool is_bias = param->rank == 1;
	char label[64];
	int rc;
	AQ_TRY(aq_tensor_read(&value, &p->gallery, layer, AQ_OF_WEIGHTS, param->name, 0, 0));
	AQ_TRY(aq_tensor_read(&grad, &p->gallery, layer, p->args->of, param->name, 0,
			      p->args->example));
	snprintf(label, sizeof label, "%s of the %s", aq_of_words[p->args->of],
		 is_bias ? "biases" : "weights");
	struct aq_figure left = figure(p, &value, is_bias ? "biases" : "weights",
				       aq_tensor_arrangement(&value), AQ_SCALE_SYM, p->parameter, PARAM_HEIGHT);
	struct aq_figure right =
		figure(p, &grad, label, short_meaning[p->args->of], AQ_SCALE_SYM, p->gradient, PARAM_HEIGHT);
	rc = draw_pair(p, &left, &right);
done:
	aq_tensor_free(&value);
	aq_tensor_free(&grad);
	return rc;
}

/* "16x3x5x5 + 16 = 1,216 parameters" */
static void count_text(const struct aq_layer *layer, char *text, size_t size)
{
	size_t total = 0, at = 0;
	for (int i = 0; i < layer->n_params; i++) {
		const struct aq_param *param = &layer->param[i];
		at += (size_t)snprintf(text + at, size - at, "%s", i ? " + " : "");
		for (int d = 0; d < param->rank; d++)
			at += (size_t)snprintf(text + at, size - at, "%s%d", d ? "×" : "",
					       param->dim[d]);
		total += param->count;
	}
	char count[AQ_NUMBER_ROOM];
	snprintf(text + at, size - at, " = %s parameters", grouped(count, total));
}

static int draw_layer(struct panel *p, const struct aq_layer *layer)
{
	struct aq_str heading = { 0 };
	char aside[256] = "";
	int rc = AQ_OK;
	aq_str_add(&heading, "%s   %d×%d×%d", layer->name, layer->out.c, layer->out.y,
		   layer->out.x);
	if (layer->type->opts && layer->n_inputs) {
		aq_str_add(&heading, "   %s", layer->type->name);
		aq_opt_print_all(layer->type->opts, layer->args, &heading);
	}
	if (layer->n_params)
		count_text(layer, aside, sizeof aside);
	AQ_TRY(aq_str_check(&heading));
	aq_page_heading(p->page, aq_str_text(&heading), *aside ? aside : NULL);
	AQ_TRY(draw_maps(p, layer));
	for (int i = 0; i < layer->n_params; i++)
		AQ_TRY(draw_param(p, layer, &layer->param[i]));
done:
	aq_str_free(&heading);
	return rc;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static int widen(struct panel *p, struct aq_range *range, const struct aq_layer *layer,
		 enum aq_of of, const char *param)
{
	struct aq_tensor t;
	const int rc = aq_tensor_read(&t, &p->gallery, layer, of, param, 0, p->args->example);
	if (rc < 0)
		return rc;
	*range = aq_range_join(*range, aq_range_of(t.at, aq_tensor_count(&t)));
	aq_tensor_free(&t);
	return AQ_OK;
}

/* The ranges over all layers, where the scale asks for them. */
static int find_ranges(struct panel *p)
{
	const struct aq_net *net = p->gallery.net;
	int rc = AQ_OK;
	if (!p->args->one_scale || p->args->scale != AQ_SCALE_GLOBAL)
		return AQ_OK;
	for (int i = 0; i < net->layers; i++) {
		AQ_TRY(widen(p, &p->activation, &net->layer[i], AQ_OF_ACTIVATION, NULL));
		AQ_TRY(widen(p, &p->delta, &net->layer[i], AQ_OF_DELTA, NULL));
	}
	for (int i = 0; i < net->params; i++) {
		AQ_TRY(widen(p, &p->parameter, net->owner[i], AQ_OF_WEIGHTS, net->param[i]->name));
		AQ_TRY(widen(p, &p->gradient, net->owner[i], p->args->of, net->param[i]->name));
	}
done:
	return rc;
}

int aq_panel_draw(const struct aq_panel_args *args, const struct aq_drawing *drawing)
{
	struct panel p = { .args = args };
	int rc;
	AQ_TRY(aq_gallery_open(&p.gallery, args->snap));
	if (!p.gallery.is_snap) {
		rc = aq_fail(
			AQ_EDATA,
			"a panel is drawn of a snap, and %s is none; open a step of a run with "
			"aquatint-snapshot cut",
			args->snap);
		goto done;
	}
	AQ_TRY(aq_shown_read(&p.shown, &p.gallery, args->example));
	AQ_TRY(aq_h5_attr_real(p.gallery.file, "/", "loss", &p.loss));
	AQ_TRY(aq_h5_attr_real(p.gallery.file, "/", "lr", &p.lr));
	AQ_TRY(find_ranges(&p));
	AQ_TRY(aq_page_new_for(&p.page, WIDTH, drawing->out));
	AQ_TRY(draw_head(&p));
	for (int i = 0; i < p.gallery.net->layers; i++)
		AQ_TRY(draw_layer(&p, &p.gallery.net->layer[i]));
	rc = aq_credit_publish(p.gallery.file, p.page, drawing);
done:
	aq_page_free(p.page);
	aq_shown_free(&p.shown);
	aq_gallery_close(&p.gallery);
	return rc < 0 ? aq_while(rc, "cannot draw the panel %s", drawing->out) : rc;
}
