/* SPDX-License-Identifier: MIT
 *
 * sharing.c - the sum that the gradient of one weight is, term by term
 */
#include "view/sharing.h"

#include "draw/page.h"
#include "draw/plot.h"
#include "view/figure.h"
#include "view/patch.h"
#include "view/terms.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MAP = 256,    /* pixels of a map's longer side, about */
	BETWEEN = 44, /* room for a sign between two maps */
	WIDTH = 3 * (MAP + 2) + 2 * BETWEEN,
	PATCHES = 8,
	PATCH = 84,
	BARS = 84, /* height of a chart of bars */
};

/* ---- maps ------------------------------------------------------------------------------------ */

/* What the weight reads x delta = the terms, as three maps side by side. */
static int draw_maps(const struct aq_terms *s, struct aq_page *page)
{
	static const char *const labels[] = { "what it reads", "delta", "terms" };
	static const char *const signs[] = { "×", "=" };
	float *const planes[] = { s->seen, s->delta, s->terms };
	const int side = s->height > s->width ? s->height : s->width;
	struct aq_tensor tensor[3];
	struct aq_figure figure[3] = { 0 };
	int height = 0, rc = AQ_OK;
	for (int i = 0; i < 3; i++) {
		tensor[i] =
			(struct aq_tensor){ planes[i], 1, 1, s->height, s->width, false, false };
		figure[i] = (struct aq_figure){ .label = labels[i],
						.tensor = &tensor[i],
						.zoom = side < MAP ? MAP / side : 1 };
		AQ_TRY(aq_figure_plan(&figure[i], MAP + 2));
		height = figure[i].height > height ? figure[i].height : height;
	}
	const struct aq_box box = aq_page_take(page, height);
	for (int i = 0; i < 3 && box.h > 0; i++) {
		const int x = box.x + i * (MAP + 2 + BETWEEN);
		aq_figure_draw(&figure[i], page->canvas, x, box.y);
		if (i < 2)
			aq_text_draw(page->canvas, x + MAP + 2 + BETWEEN / 2, box.y + MAP / 2,
				     AQ_FACE_TITLE, AQ_CENTRE, AQ_SOFT, signs[i]);
	}
done:
	for (int i = 0; i < 3; i++)
		aq_figure_free(&figure[i]);
	return rc;
}

/* ---- sums ------------------------------------------------------------------------------------ */

static char *digits(char text[AQ_NUMBER_ROOM], double value)
{
	return aq_number(text, value, 6);
}

/* "sum of the 1024 terms 0.123456    example_grad 0.123456    they agree", on a wash. */
static void draw_verdict(struct aq_page *page, const char *left, double a, const char *right,
			 double b, const char *verdict, struct aq_rgb colour)
{
	char text[160], number[AQ_NUMBER_ROOM];
	const int line = aq_text_line(AQ_FACE_BOLD);
	aq_page_space(page, AQ_PAGE_GAP);
	struct aq_box box = aq_page_take(page, line + 16);
	aq_canvas_fill(page->canvas, box, AQ_WASH);
	box = aq_box_inset(box, 8);
	snprintf(text, sizeof text, "%s  %s", left, digits(number, a));
	int x = box.x +
		aq_text_draw(page->canvas, box.x, box.y, AQ_FACE_BOLD, AQ_LEFT, AQ_INK, text);
	snprintf(text, sizeof text, "%s  %s", right, digits(number, b));
	x += 36 + aq_text_draw(page->canvas, x + 36, box.y, AQ_FACE_BOLD, AQ_LEFT, AQ_INK, text);
	box.w -= x + 24 - box.x;
	box.x = x + 24;
	aq_text_in(page->canvas, box, AQ_FACE_TEXT, AQ_RIGHT, colour, verdict);
}

static void draw_sum(const struct aq_terms *s, struct aq_page *page)
{
	char left[96], number[2][AQ_NUMBER_ROOM];
	double above = 0, below = 0, stored = s->is_conv ? (double)s->stored[s->example] : 0;
	for (size_t i = 0; i < s->count && !s->is_conv; i++)
		stored += (double)s->stored[i];
	const bool equal = fabs(s->sum - stored) <= s->slack + DBL_MIN;
	size_t n_above = 0, n_below = 0;
	for (size_t i = 0; i < s->count; i++) {
		above += s->terms[i] > 0 ? (double)s->terms[i] : 0;
		below += s->terms[i] < 0 ? (double)s->terms[i] : 0;
		n_above += s->terms[i] > 0;
		n_below += s->terms[i] < 0;
	}
	snprintf(left, sizeof left, "sum of the %zu terms", s->count);
	draw_verdict(page, left, s->sum,
		     s->is_conv ? "example_grad in the file" : "sum of example_grad in the file",
		     stored,
		     equal ? "equal, but for rounding" : "NOT EQUAL: the snap contradicts itself",
		     equal ? AQ_GOOD : AQ_BAD);
	aq_page_space(page, 6);
	if (n_above + n_below == 0) {
		aq_page_text(page, AQ_SOFT, "All terms are 0: here nothing reaches this weight.");
		return;
	}
	aq_page_text(page, AQ_SOFT,
		     "%zu terms above 0 add up to %s, %zu below 0 to %s, and %zu are 0.", n_above,
		     aq_number(number[0], above, 4), n_below, aq_number(number[1], below, 4),
		     s->count - n_above - n_below);
}

/* The second sum: over the examples. */
static void draw_mean(const struct aq_terms *s, struct aq_page *page)
{
	const uint64_t n = s->gallery.examples;
	char left[96];
	double sum = 0;
	for (uint64_t i = 0; i < n; i++)
		sum += (double)s->stored[i];
	const double mean = sum / (double)n, slack = aq_sharing_slack(s->stored, n) / (double)n;
	const bool equal = fabs(mean - (double)s->grad) <= slack + DBL_MIN;
	snprintf(left, sizeof left, "mean over the %llu examples", (unsigned long long)n);
	draw_verdict(page, left, mean, "grad in the file", (double)s->grad,
		     equal ? "equal, but for rounding"
			   : "not equal: the examples are not the step's batch",
		     equal ? AQ_GOOD : AQ_SOFT);
}

/* ---- bars ------------------------------------------------------------------------------------ */

/* One bar an example, up red and down blue, as in the maps. */
static void draw_bars(const struct aq_terms *s, struct aq_page *page, const char *label,
		      const float *value, int64_t chosen)
{
	const int64_t n = (int64_t)s->gallery.examples;
	const int pitch = n * 48 < WIDTH ? 48 : n < WIDTH ? (int)(WIDTH / n) : 1;
	const struct aq_range range = aq_range_of(value, (size_t)n);
	const double most = fmax(fabs((double)range.min), fabs((double)range.max));
	char text[128], low[AQ_NUMBER_ROOM], high[AQ_NUMBER_ROOM];
	snprintf(text, sizeof text, "min %s   max %s", aq_number(low, (double)range.min, 3),
		 aq_number(high, (double)range.max, 3));
	const struct aq_box head = aq_page_take(page, aq_text_line(AQ_FACE_BOLD) + 2);
	const struct aq_box box = aq_page_take(page, BARS);
	if (box.h == 0)
		return;
	aq_text_in(page->canvas, head, AQ_FACE_BOLD, AQ_LEFT, AQ_INK, label);
	aq_text_in(page->canvas, head, AQ_FACE_SMALL, AQ_RIGHT, AQ_SOFT, text);
	const int zero = box.y + box.h / 2;
	for (int64_t i = 0; i < n; i++) {
		const double v = (double)value[i];
		const int size = isfinite(v) && most > 0 ? (int)(v / most * (BARS / 2 - 2)) : 0;
		const int x = box.x + (int)(pitch > 1 ? i * pitch : i * WIDTH / n);
		const int w = pitch > 6 ? pitch - pitch / 6 : pitch > 2 ? pitch - 1 : 1;
		const struct aq_rgb colour = aq_map_colour(AQ_MAP_SIGNED, v > 0 ? 0.86 : 0.14);
		if (i == chosen)
			aq_canvas_fill(page->canvas, (struct aq_box){ x - 3, box.y, w + 6, box.h },
				       AQ_WASH);
		aq_canvas_fill(
			page->canvas,
			(struct aq_box){ x, size > 0 ? zero - size : zero + 1, w, abs(size) },
			isfinite(v) ? colour : AQ_ODD);
	}
	aq_canvas_across(page->canvas, box.x, zero, WIDTH, AQ_FRAME);
	const struct aq_box names =
		aq_page_take(page, pitch >= 40 ? aq_text_line(AQ_FACE_SMALL) : 0);
	for (int64_t i = 0; i < n && names.h > 0; i++)
		aq_text_in(page->canvas,
			   (struct aq_box){ names.x + (int)i * pitch, names.y, pitch - 2, names.h },
			   AQ_FACE_SMALL, AQ_LEFT, i == chosen ? AQ_INK : AQ_SOFT,
			   aq_terms_class(s, i));
	aq_page_space(page, AQ_PAGE_GAP);
}

/* ---- patches --------------------------------------------------------------------------------- */

/* The two pictures of a term: what of the image lies behind it, and the piece of the map read. */
struct pieces {
	struct aq_tensor image, map;
};

static void free_pieces(struct pieces *p)
{
	aq_tensor_free(&p->image);
	aq_tensor_free(&p->map);
}

static int read_pieces(struct aq_terms *s, int64_t example, struct pieces *p)
{
	int rc;
	*p = (struct pieces){ 0 };
	AQ_TRY(aq_tensor_read(&p->image, &s->gallery, &s->gallery.net->layer[0], AQ_OF_ACTIVATION,
			      NULL, 0, example));
	if (s->input->index > 0 && s->input->out.y * s->input->out.x > 1)
		AQ_TRY(aq_tensor_read(&p->map, &s->gallery, s->input, AQ_OF_ACTIVATION, NULL, 0,
				      example));
done:
	return rc;
}

/* The piece of the layer's input that term i is made from, and the cell the weight reads of it. */
static struct aq_patch piece_of(const struct aq_terms *s, size_t i)
{
	const struct aq_window w = aq_window_of(s->layer);
	const int64_t y = s->is_conv ? (int64_t)i / s->width : 0;
	const int64_t x = s->is_conv ? (int64_t)i % s->width : 0;
	struct aq_patch patch = { .map = s->place.in, .marked = true };
	patch.field.top = y * w.sy - w.top;
	patch.field.left = x * w.sx - w.left;
	patch.field.bottom = patch.field.top + w.fy - 1;
	patch.field.right = patch.field.left + w.fx - 1;
	patch.mark_y = patch.field.top + s->place.y;
	patch.mark_x = patch.field.left + s->place.x;
	if (!s->is_conv) {
		int c, unit_y, unit_x;
		aq_terms_unit(s, &c, &unit_y, &unit_x);
		patch.map = c;
		patch.mark_y = unit_y;
		patch.mark_x = unit_x;
	}
	return patch;
}

static void draw_piece(const struct aq_terms *s, struct aq_canvas *canvas, int x, int y, size_t i,
		       const struct pieces *p)
{
	struct aq_patch patch = piece_of(s, i);
	struct aq_patch image = patch;
	const bool direct = s->input->index == 0;
	const struct aq_shape in = s->gallery.net->input;
	image.tensor = &p->image;
	image.shade =
		aq_shade_of(AQ_SCALE_LAYER, aq_range_of(p->image.at, aq_tensor_count(&p->image)));
	image.marked = direct && in.y * in.x > 1;
	image.map = direct ? patch.map : 0;
	if (!s->is_conv && !direct) /* a dense layer behind others sees the whole picture */
		image.field = (struct aq_field){ 0, 0, in.y - 1, in.x - 1 };
	else if (!direct)
		image.field =
			aq_field_of(s->gallery.net, s->layer, (int)i / s->width, (int)i % s->width);
	aq_patch_draw(canvas, x, y, PATCH, &image);
	if (!p->map.at)
		return;
	const size_t plane = (size_t)p->map.height * (size_t)p->map.width;
	patch.tensor = &p->map;
	patch.shade = aq_shade_of(AQ_SCALE_SYM,
				  aq_range_of(p->map.at + (size_t)patch.map * plane, plane));
	aq_patch_draw(canvas, x, y + PATCH + 6, PATCH, &patch);
}

static void draw_words(const struct aq_terms *s, struct aq_canvas *canvas, int x, int y, size_t i)
{
	const int line = aq_text_line(AQ_FACE_SMALL);
	char text[128], number[2][AQ_NUMBER_ROOM];
	snprintf(text, sizeof text, "%s", aq_number(number[0], (double)s->terms[i], 3));
	aq_text_draw(canvas, x, y, AQ_FACE_SMALL, AQ_LEFT, AQ_INK, text);
	snprintf(text, sizeof text, "%s × %s", aq_number(number[0], (double)s->seen[i], 2),
		 aq_number(number[1], (double)s->delta[i], 2));
	aq_text_draw(canvas, x, y + line, AQ_FACE_SMALL, AQ_LEFT, AQ_SOFT, text);
	if (s->is_conv)
		snprintf(text, sizeof text, "at %zu, %zu", i / (size_t)s->width,
			 i % (size_t)s->width);
	else
		snprintf(text, sizeof text, "%zu: %s", i, aq_terms_class(s, (int64_t)i));
	aq_text_in(canvas, (struct aq_box){ x, y + 2 * line, PATCH + 16, line }, AQ_FACE_SMALL,
		   AQ_LEFT, AQ_SOFT, text);
}

/* How to read the patches. */
static void draw_key(const struct aq_terms *s, struct aq_page *page)
{
	const bool two = s->input->index > 0 && s->input->out.y * s->input->out.x > 1;
	const bool marks = two || s->input->index == 0;
	aq_page_text(page, AQ_SOFT, "%s%s%s%s",
		     s->is_conv ? "What the filter sees of the picture there" : "The picture",
		     two ? "; below it the channel that the weight reads, red above 0" : "",
		     marks ? "; framed the one number it reads" : "",
		     s->is_conv ? "; grey lies outside." : ".");
	aq_page_space(page, 8);
}

static int draw_patches(struct aq_terms *s, struct aq_page *page, bool up)
{
	const int pitch = (WIDTH - PATCH) / (PATCHES - 1), line = aq_text_line(AQ_FACE_SMALL);
	size_t place[PATCHES];
	struct pieces pieces = { 0 };
	const int found = aq_sharing_extremes(s->terms, s->count, up, PATCHES, place);
	int rc = AQ_OK;
	aq_page_heading(page,
			up ? "What raises the gradient most, and so pushes the weight down"
			   : "What lowers the gradient most, and so pushes the weight up",
			up ? "the greatest terms" : "the least terms");
	if (up && found > 0)
		draw_key(s, page);
	if (found == 0)
		aq_page_text(page, AQ_SOFT, "There is no term %s 0.", up ? "above" : "below");
	const bool two = s->input->index > 0 && s->input->out.y * s->input->out.x > 1;
	const struct aq_box box =
		aq_page_take(page, found ? PATCH + (two ? PATCH + 6 : 0) + 6 + 3 * line : 0);
	for (int k = 0; k < found && box.h > 0; k++) {
		const int x = box.x + k * pitch;
		if (k == 0 || !s->is_conv) {
			free_pieces(&pieces);
			AQ_TRY(read_pieces(s, s->is_conv ? s->example : (int64_t)place[k],
					   &pieces));
		}
		draw_piece(s, page->canvas, x, box.y + 1, place[k], &pieces);
		draw_words(s, page->canvas, x, box.y + box.h - 3 * line, place[k]);
	}
done:
	free_pieces(&pieces);
	return rc;
}

/* ---- the page -------------------------------------------------------------------------------- */

static void draw_head(const struct aq_terms *s, struct aq_page *page, const char *weight)
{
	char title[160];
	snprintf(title, sizeof title, "%s   terms of its gradient", weight);
	aq_page_title(page, title, NULL);
	if (s->is_conv)
		aq_page_text(page, AQ_SOFT,
			     "Step %lld, example %lld (%s). Filter %d is used at %dx%d places. At "
			     "each of them this weight reads one number of channel %d, and delta "
			     "says how the loss would change with what the filter puts out there. "
			     "Their product is one term; example_grad is the sum of all.",
			     (long long)s->gallery.step, (long long)s->example,
			     aq_terms_class(s, s->example), s->place.out, s->height, s->width,
			     s->place.in);
	else
		aq_page_text(
			page, AQ_SOFT,
			"Step %lld. A weight of a dense layer is used once an example: what it "
			"reads of the layer before, times delta of unit %d, is the example's "
			"gradient, and grad is the mean over the batch.",
			(long long)s->gallery.step, s->place.out);
	aq_page_space(page, AQ_PAGE_GAP);
}

static int draw(struct aq_terms *s, struct aq_page *page, const char *weight)
{
	int rc;
	draw_head(s, page, weight);
	if (s->is_conv) {
		AQ_TRY(draw_maps(s, page));
		draw_sum(s, page);
	} else {
		draw_bars(s, page, "what it reads", s->seen, -1);
		draw_bars(s, page, "× delta", s->delta, -1);
		draw_bars(s, page, "= terms, one an example", s->terms, -1);
		draw_sum(s, page);
		draw_mean(s, page);
	}
	AQ_TRY(draw_patches(s, page, true));
	AQ_TRY(draw_patches(s, page, false));
	if (!s->is_conv)
		return rc;
	aq_page_heading(page, "And the sum over examples", "example_grad of each");
	draw_bars(s, page, "example_grad", s->stored, s->example);
	draw_mean(s, page);
done:
	return rc;
}

int aq_sharing_draw(const struct aq_sharing_args *args, const struct aq_drawing *drawing)
{
	struct aq_terms s;
	struct aq_page *page = NULL;
	int rc;
	AQ_TRY(aq_terms_read(&s, args->snap, args->weight, args->example));
	if (args->csv)
		AQ_TRY(aq_terms_csv(&s, args->csv));
	AQ_TRY(aq_page_new_for(&page, WIDTH, drawing->out));
	AQ_TRY(draw(&s, page, args->weight));
	rc = aq_credit_publish(s.gallery.file, page, drawing);
done:
	aq_page_free(page);
	aq_terms_free(&s);
	return rc < 0 ? aq_while(rc, "cannot draw the terms %s", drawing->out) : rc;
}
