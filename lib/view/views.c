/* SPDX-License-Identifier: MIT
 *
 * views.c - the two things that are called the gradient of a filter, side by side
 */
#include "view/views.h"

#include "draw/page.h"
#include "look/smooth.h"
#include "view/figure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	COLUMNS = 4,
	COLUMN = 296,
	BETWEEN = 24,
	WIDTH = COLUMNS * COLUMN + (COLUMNS - 1) * BETWEEN,
	MOST = 560, /* pixels that tiles may be high */
	WHEEL = 36, /* radius */
	LABEL = 18, /* as of a figure */
	GAP = 10,
};

enum { WEIGHTS, GRAD, DX, DY, MAG, WAY, PARTS };

/* One picture of the sheet. */
struct part {
	char label[64], words[256];
	struct aq_tensor tensor;
	struct aq_figure figure;
	bool there;
};

struct sheet {
	const struct aq_tiles_args *args;
	struct aq_gallery gallery;
	const struct aq_layer *layer;
	bool is_map;   /* of an activation or delta: there are no weights */
	enum aq_of of; /* what the differences are of */
	struct part part[PARTS];
	struct aq_tiles ways; /* laid out as the tiles of MAG; red, green and blue from 0 to 1 */
	float *way;
};

static void release(struct sheet *s)
{
	for (int i = 0; i < PARTS; i++) {
		aq_figure_free(&s->part[i].figure);
		aq_tensor_free(&s->part[i].tensor);
	}
	free(s->way);
	aq_gallery_close(&s->gallery);
}

/* ---- reading --------------------------------------------------------------------------------- */

static int read_part(struct sheet *s, int index, enum aq_of of)
{
	const struct aq_tiles_args *a = s->args;
	struct part *part = &s->part[index];
	int rc;
	AQ_TRY(aq_tensor_read(&part->tensor, &s->gallery, s->layer, of, a->param, a->step,
			      a->example));
	part->there = true;
	snprintf(part->label, sizeof part->label, "%s", aq_of_words[of]);
	snprintf(part->words, sizeof part->words, "%s", aq_of_meanings[of]);
done:
	return rc;
}

/* May the file have it?  Of a run only what was recorded. */
static int find(const struct sheet *s, enum aq_of of, bool *there)
{
	char name[256];
	snprintf(name, sizeof name, "/%s/%s/%s", aq_of_words[of], s->layer->name, s->args->param);
	if (!s->gallery.run)
		return aq_h5_find(s->gallery.file, name, there);
	*there = aq_run_find(s->gallery.run, name) != NULL;
	return AQ_OK;
}

static int copy(const struct aq_tensor *from, struct aq_tensor *to)
{
	*to = *from;
	to->at = malloc(aq_tensor_count(from) * sizeof *to->at);
	if (!to->at)
		return aq_fail(AQ_ENOMEM, "out of memory");
	memcpy(to->at, from->at, aq_tensor_count(from) * sizeof *to->at);
	return AQ_OK;
}

static const char *const difference_words[] = {
	[DX] = "How the picture changes from one pixel to the next, to the right.",
	[DY] = "The same downwards.",
	[MAG] = "How fast it changes in whatever direction: the length of dx and dy.",
	[WAY] = "Which way it grows, as a colour of the wheel; pale where it hardly changes.",
};

static int derive(struct sheet *s, const struct aq_tensor *base, int index, enum aq_view view)
{
	struct part *part = &s->part[index];
	const int rc = copy(base, &part->tensor);
	if (rc < 0)
		return rc;
	snprintf(part->label, sizeof part->label, "%s(%s)", aq_view_words[view],
		 aq_of_words[s->of]);
	snprintf(part->words, sizeof part->words, "%s", difference_words[index]);
	part->there = true;
	return aq_tensor_view(&part->tensor, view);
}

static int read_all(struct sheet *s)
{
	const struct aq_tiles_args *a = s->args;
	const bool is_gradient = a->of != AQ_OF_WEIGHTS;
	int rc;
	s->of = a->of;
	s->is_map = a->of == AQ_OF_ACTIVATION || a->of == AQ_OF_DELTA;
	/* what is asked for comes first: it may be refused, and sets the step of a run */
	AQ_TRY(read_part(s, s->is_map || !is_gradient ? WEIGHTS : GRAD, a->of));
	const struct aq_tensor *base = &s->part[s->is_map || !is_gradient ? WEIGHTS : GRAD].tensor;
	if (base->is_matrix)
		return aq_fail(AQ_EUSAGE,
			       "%s of %s is no picture: it has no neighbours to differ from",
			       s->is_map ? aq_of_words[a->of] : a->param, s->layer->name);
	if (!s->is_map) {
		bool there;
		const enum aq_of other = is_gradient ? AQ_OF_WEIGHTS : AQ_OF_GRAD;
		AQ_TRY(find(s, other, &there));
		if (there)
			AQ_TRY(read_part(s, is_gradient ? WEIGHTS : GRAD, other));
	}
	AQ_TRY(derive(s, base, DX, AQ_VIEW_DX));
	AQ_TRY(derive(s, base, DY, AQ_VIEW_DY));
	AQ_TRY(derive(s, base, MAG, AQ_VIEW_MAG));
	s->part[WAY].there = true;
	snprintf(s->part[WAY].label, sizeof s->part[WAY].label, "direction(%s)",
		 aq_of_words[s->of]);
	snprintf(s->part[WAY].words, sizeof s->part[WAY].words, "%s", difference_words[WAY]);
done:
	return rc;
}

/* ---- directions ------------------------------------------------------------------------------ */

static const double turn = 2 * 3.14159265358979323846;

/* The direction of pixel `at` as a colour into to[0], to[plane], to[2 * plane]; of three colours, a
 * plane apart, the one that changes most counts. */
static void paint_pixel(const struct sheet *s, size_t at, size_t plane, double most, float *to)
{
	const float *x = s->part[DX].tensor.at, *y = s->part[DY].tensor.at;
	const int maps = s->part[DX].tensor.is_colour ? 3 : 1;
	double dx = (double)x[at], dy = (double)y[at];
	for (int c = 1; c < maps; c++) {
		const double other_x = (double)x[at + (size_t)c * plane],
			     other_y = (double)y[at + (size_t)c * plane];
		if (hypot(other_x, other_y) > hypot(dx, dy)) {
			dx = other_x;
			dy = other_y;
		}
	}
	/* a root lets faint ones be seen */
	const double strength = most > 0 ? sqrt(hypot(dx, dy) / most) : 0;
	const struct aq_rgb colour = aq_wheel(atan2(dy, dx) / turn, strength);
	to[0] = isfinite(strength) ? (float)colour.r / 255 : NAN;
	to[plane] = (float)colour.g / 255;
	to[2 * plane] = (float)colour.b / 255;
}

/* The same tiles as those of the magnitudes, in their places. */
static int paint_ways(struct sheet *s)
{
	const struct aq_figure *mag = &s->part[MAG].figure;
	const struct aq_tensor *t = &s->part[MAG].tensor;
	const size_t plane = (size_t)t->height * (size_t)t->width;
	const double most = (double)aq_range_of(t->at, aq_tensor_count(t)).max;
	s->ways = mag->tiles;
	s->ways.channels = 3;
	s->ways.scale = AQ_SCALE_LAYER;
	s->ways.range = (struct aq_range){ 0, 1, 1, 0 };
	s->ways.at = s->way = malloc((size_t)s->ways.count * 3 * plane * sizeof *s->way);
	if (!s->way)
		return aq_fail(AQ_ENOMEM, "out of memory");
	for (size_t i = 0; i < (size_t)s->ways.count; i++) {
		const size_t shown = t->is_colour ? 1 : (size_t)mag->shown_maps;
		const size_t first = i / shown * (size_t)t->maps + i % shown;
		for (size_t k = 0; k < plane; k++)
			paint_pixel(s, first * plane + k, plane, most, s->way + i * 3 * plane + k);
	}
	return AQ_OK;
}

/* To the right is to the right. */
static void draw_wheel(struct aq_canvas *canvas, int x, int y)
{
	aq_canvas_pixels(canvas, (struct aq_box){ x, y, 2 * WHEEL + 1, 2 * WHEEL + 1 });
	for (int v = -WHEEL; v <= WHEEL; v++)
		for (int u = -WHEEL; u <= WHEEL; u++) {
			const double r = hypot(u, v) / WHEEL;
			if (r <= 1)
				aq_canvas_dot(canvas, x + WHEEL + u, y + WHEEL + v,
					      aq_wheel(atan2(v, u) / turn, sqrt(r)));
		}
	aq_canvas_pixels_end(canvas);
	aq_text_draw(canvas, x + 2 * WHEEL + 12, y + WHEEL - 14, AQ_FACE_SMALL, AQ_LEFT, AQ_SOFT,
		     "the picture grows");
	aq_text_draw(canvas, x + 2 * WHEEL + 12, y + WHEEL, AQ_FACE_SMALL, AQ_LEFT, AQ_SOFT,
		     "this way, outwards");
}

static int height_of_ways(const struct sheet *s)
{
	return LABEL + aq_tiles_size(&s->ways).h + GAP + 2 * WHEEL + 1;
}

static void draw_ways(const struct sheet *s, struct aq_canvas *canvas, int x, int y)
{
	aq_text_draw(canvas, x, y, AQ_FACE_BOLD, AQ_LEFT, AQ_INK, s->part[WAY].label);
	aq_tiles_draw(canvas, x, y + LABEL, &s->ways);
	draw_wheel(canvas, x, y + LABEL + aq_tiles_size(&s->ways).h + GAP);
}

/* ---- drawing --------------------------------------------------------------------------------- */

static int plan_parts(struct sheet *s)
{
	const struct aq_tensor *mag = &s->part[MAG].tensor;
	const struct aq_range both =
		aq_range_join(aq_range_of(s->part[DX].tensor.at, aq_tensor_count(mag)),
			      aq_range_of(s->part[DY].tensor.at, aq_tensor_count(mag)));
	int rc = AQ_OK;
	for (int i = 0; i < WAY; i++) {
		struct part *part = &s->part[i];
		struct aq_figure *f = &part->figure;
		if (!part->there)
			continue;
		*f = (struct aq_figure){ .label = part->label,
					 .tensor = &part->tensor,
					 .scale = s->args->scale,
					 .zoom = s->args->zoom,
					 .most_height = MOST };
		if (i == DX || i == DY)
			f->range = both;
		if (i == MAG && mag->is_colour && f->scale == AQ_SCALE_SYM) {
			/* no length is below 0: colours from black on */
			f->scale = AQ_SCALE_LAYER;
			f->range = aq_range_of(mag->at, aq_tensor_count(mag));
			f->range.min = 0;
		}
		AQ_TRY(aq_figure_plan(f, COLUMN));
	}
	rc = paint_ways(s);
done:
	return rc;
}

/* A row of the sheet: words above each picture, all beginning at the same height.  Returns where
 * the pictures are and what is left free. */
static struct aq_box draw_row(const struct sheet *s, struct aq_page *page, int first, int end)
{
	int words = 0, height = 0;
	for (int i = first; i < end; i++) {
		const struct part *part = &s->part[i];
		if (!part->there)
			continue;
		const int flow =
			aq_text_flow(NULL, 0, 0, COLUMN, AQ_FACE_TEXT, AQ_SOFT, part->words);
		const int own = i == WAY ? height_of_ways(s) : part->figure.height;
		words = flow > words ? flow : words;
		height = own > height ? own : height;
	}
	struct aq_box box = aq_page_take(page, words + 8 + height);
	for (int i = first; i < end && box.h > 0; i++) {
		const struct part *part = &s->part[i];
		if (!part->there)
			continue;
		aq_text_flow(page->canvas, box.x, box.y, COLUMN, AQ_FACE_TEXT, AQ_SOFT,
			     part->words);
		if (i == WAY)
			draw_ways(s, page->canvas, box.x, box.y + words + 8);
		else
			aq_figure_draw(&part->figure, page->canvas, box.x, box.y + words + 8);
		aq_box_cut_left(&box, COLUMN, BETWEEN);
	}
	return box;
}

/* How smooth the filters are, beside noise; false where that is no question. */
static bool say_smooth(const struct sheet *s, char text[256])
{
	const struct part *part = &s->part[WEIGHTS];
	const struct aq_tensor *t = &part->tensor;
	const size_t size = (size_t)t->maps * (size_t)t->height * (size_t)t->width;
	double high = 0;
	int count = 0;
	for (int g = 0; part->there && !s->is_map && g < t->groups; g++) {
		const struct aq_smooth one =
			aq_smooth_of(t->at + (size_t)g * size, t->maps, t->height, t->width);
		if (!isnan(one.high)) {
			high += one.high;
			count++;
		}
	}
	if (count == 0)
		return false;
	snprintf(text, 256,
		 "%.0f %% of the energy of these weights lies in high frequencies, at more than a "
		 "quarter of a cycle a pixel; of random weights it is %.0f %%.",
		 100 * high / count, 100 * aq_smooth_of_noise(t->maps, t->height, t->width).high);
	return true;
}

/* What this is all about, beside the first pictures. */
static void explain(const struct sheet *s, struct aq_canvas *canvas, struct aq_box box)
{
	char smooth[256];
	const char *const text[] = {
		"The gradient of the loss",
		"How the loss changes when a weight does: one number for each weight. Training "
		"goes "
		"against it, a little in each step.",
		"The finite difference",
		"How the picture changes from one pixel to the next, as in a photograph. Nothing "
		"is "
		"trained with it, but it shows whether a filter is smooth, as those that have "
		"learned "
		"are, or noise.",
		smooth,
	};
	box.w = box.w < 2 * COLUMN ? box.w : 2 * COLUMN;
	const int lines = say_smooth(s, smooth) ? 5 : 4;
	int y = box.y;
	for (int i = 0; i < lines; i++) {
		const bool head = i == 0 || i == 2;
		y += aq_text_flow(canvas, box.x, y, box.w, head ? AQ_FACE_BOLD : AQ_FACE_TEXT,
				  head ? AQ_INK : AQ_SOFT, text[i]);
		y += head ? 4 : 16;
	}
}

static void draw(const struct sheet *s, struct aq_page *page)
{
	char title[160], example[64] = "";
	if (s->is_map || s->of == AQ_OF_EXAMPLE_GRAD)
		snprintf(example, sizeof example, ", example %lld", (long long)s->args->example);
	snprintf(title, sizeof title, "%s%s%s   step %lld%s", s->layer->name, s->is_map ? "" : "/",
		 s->is_map ? "" : s->args->param, (long long)s->gallery.step, example);
	aq_page_title(page, title, NULL);
	aq_page_text(page, AQ_SOFT, "Two different things are called the gradient of a filter%s.",
		     s->is_map ? "; this is the second one, of a map" : "");
	aq_page_heading(page,
			s->is_map ? "What it is of" : "The weights, and the gradient of the loss",
			NULL);
	const struct aq_box rest = draw_row(s, page, WEIGHTS, GRAD + 1);
	if (rest.h > 0 && rest.w >= COLUMN)
		explain(s, page->canvas, rest);
	snprintf(title, sizeof title, "The finite differences of the picture of: %s",
		 aq_of_words[s->of]);
	aq_page_heading(page, title, "per pixel");
	draw_row(s, page, DX, PARTS);
}

int aq_views_page(const struct aq_tiles_args *args, const struct aq_drawing *drawing)
{
	struct sheet sheet = { .args = args };
	struct aq_page *page = NULL;
	int rc;
	AQ_TRY(aq_gallery_open(&sheet.gallery, args->file));
	AQ_TRY(aq_gallery_layer(&sheet.gallery, args->layer, &sheet.layer));
	AQ_TRY(read_all(&sheet));
	AQ_TRY(plan_parts(&sheet));
	AQ_TRY(aq_page_new_for(&page, WIDTH, drawing->out));
	draw(&sheet, page);
	rc = aq_credit_publish(sheet.gallery.file, page, drawing);
done:
	aq_page_free(page);
	release(&sheet);
	return rc < 0 ? aq_while(rc, "cannot draw the views %s", drawing->out) : rc;
}
