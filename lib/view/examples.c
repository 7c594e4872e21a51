/* SPDX-License-Identifier: MIT
 *
 * examples.c - several examples of a snap on their way through all layers
 *
 *	title
 *	picture, class, loss, prediction        of each example
 *	layer     example   activation | delta
 *	          example   activation | delta
 *	...
 *
 * Activations of a layer share one scale, so that examples can be compared.  Deltas differ by orders
 * of magnitude between what the network knows and what it does not: each row has its own, in words.
 */
#include "view/examples.h"

#include "draw/page.h"
#include "draw/tile.h"
#include "view/shown.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	WIDTH = 1240,
	BETWEEN = 28,
	THUMB = 36,
	COLUMN = (WIDTH - THUMB - 16 - BETWEEN) / 2,
	HEADS = 4, /* examples a line at the top */
	PICTURE = 96,
	CLASSES = 3,
	TALLEST = 64, /* pixels of a map */
	SMALL = 20,
	GAP = 3,
	LINES = 2, /* of maps, at the most */
};

struct sheet {
	struct aq_gallery gallery;
	int64_t which[AQ_EXAMPLES_MOST];
	struct aq_shown shown[AQ_EXAMPLES_MOST];
	int count;
	struct aq_tensor out[AQ_EXAMPLES_MOST], delta[AQ_EXAMPLES_MOST]; /* of the layer at hand */
	struct aq_page *page;
};

/* ---- which ----------------------------------------------------------------------------------- */

static int add(struct sheet *s, int64_t first, int64_t last)
{
	for (int64_t k = first; k <= last; k++) {
		if (s->count == AQ_EXAMPLES_MOST)
			return aq_fail(AQ_EUSAGE, "examples: at most %d on one page",
				       AQ_EXAMPLES_MOST);
		s->which[s->count++] = k;
	}
	return AQ_OK;
}

/* "0,3,5-7" */
static int choose(struct sheet *s, const char *text)
{
	const char *at = text;
	int rc = AQ_OK;
	if (!text)
		return add(s, 0, s->gallery.examples < 4 ? (int64_t)s->gallery.examples - 1 : 3);
	for (;;) {
		int used = 0, more = 0;
		long long first, last;
		if (sscanf(at, "%9lld%n", &first, &used) != 1 || first < 0)
			break;
		last = first;
		if (sscanf(at + used, "-%9lld%n", &last, &more) == 1)
			used += more;
		AQ_TRY(add(s, first, last));
		at += used;
		if (*at == '\0' && last >= first)
			return AQ_OK;
		if (*at++ != ',' || last < first)
			break;
	}
	rc = aq_fail(AQ_EUSAGE, "examples: '%s' is no list such as 0,3,5-7", text);
done:
	return rc;
}

/* ---- the top --------------------------------------------------------------------------------- */

static int draw_head(const struct sheet *s, struct aq_box box, int k)
{
	const struct aq_shown *e = &s->shown[k];
	struct aq_canvas *canvas = s->page->canvas;
	char text[160], loss[AQ_NUMBER_ROOM];
	int rc;
	AQ_TRY(aq_shown_picture(e, canvas, box.x, box.y, PICTURE));
	aq_box_cut_left(&box, PICTURE, 14);
	snprintf(text, sizeof text, "%s", aq_shown_class(e, e->label));
	aq_text_in(canvas, aq_box_cut_top(&box, aq_text_line(AQ_FACE_BOLD), 0), AQ_FACE_BOLD,
		   AQ_LEFT, AQ_INK, text);
	snprintf(text, sizeof text, "%s %lld   loss %s", e->split, (long long)e->index,
		 aq_number(loss, e->loss, 3));
	aq_text_in(canvas, aq_box_cut_top(&box, aq_text_line(AQ_FACE_SMALL), 6), AQ_FACE_SMALL,
		   AQ_LEFT, AQ_SOFT, text);
	rc = aq_shown_predictions(e, canvas, box, CLASSES);
done:
	return rc;
}

static int draw_heads(struct sheet *s)
{
	int rc = AQ_OK;
	for (int k = 0; k < s->count; k += HEADS) {
		const struct aq_box row = aq_page_take(s->page, PICTURE);
		for (int i = 0; i < HEADS && k + i < s->count && row.h > 0; i++)
			AQ_TRY(draw_head(s, aq_box_column(row, i, HEADS, BETWEEN), k + i));
		aq_page_space(s->page, AQ_PAGE_GAP);
	}
done:
	return rc;
}

/* ---- a layer --------------------------------------------------------------------------------- */

/* The most pixels a value at which `maps` fit into so many lines. */
static int zoom_for(int maps, int h, int w, int most, int lines)
{
	int zoom = most / h > 1 ? most / h : 1;
	while (zoom > 1 && maps > lines * ((COLUMN - 2 + GAP) / (w * zoom + GAP)))
		zoom--;
	return zoom;
}

/* Maps side by side, as large as they can be on one line, or on two where they would be too small; what
 * is more is left out. */
static struct aq_tiles plan(const struct aq_tensor *t, enum aq_scale scale, struct aq_range range)
{
	const bool strip = t->is_matrix;
	const int maps = strip ? t->width : t->is_colour ? 1 : t->maps;
	const int h = strip ? 1 : t->height, w = strip ? 1 : t->width;
	const int most = strip ? 18 : TALLEST;
	int zoom = zoom_for(maps, h, w, most, 1);
	if (!strip && h * zoom < SMALL)
		zoom = zoom_for(maps, h, w, 2 * SMALL, LINES);
	int columns = (COLUMN - 2 + GAP) / (w * zoom + GAP);
	columns = columns < 1 ? 1 : columns > maps ? maps : columns;
	const int room = columns * LINES, lines = maps <= columns ? 1 : LINES;
	if (maps < room) /* lines as even as can be */
		columns = (maps + lines - 1) / lines;
	struct aq_tiles tiles = { .at = t->at,
				  .count = maps < room ? maps : room,
				  .channels = t->is_colour ? 3 : 1,
				  .height = h,
				  .width = w,
				  .columns = columns,
				  .zoom = zoom,
				  .gap = GAP,
				  .scale = scale,
				  .range = range };
	aq_tiles_plan(&tiles);
	return tiles;
}

static struct aq_range range_of(const struct aq_tensor *t)
{
	return aq_range_of(t->at, aq_tensor_count(t));
}

/* What the row spans: "0 to 2.3", or "±0.012". */
static void draw_span(struct aq_canvas *canvas, int x, int y, const struct aq_tensor *t, bool sym)
{
	const struct aq_range own = range_of(t);
	char text[96], low[AQ_NUMBER_ROOM], high[AQ_NUMBER_ROOM];
	const double most = fmax(fabs((double)own.min), fabs((double)own.max));
	if (own.odd)
		snprintf(text, sizeof text, "%llu not finite", (unsigned long long)own.odd);
	else if (sym)
		snprintf(text, sizeof text, "±%s", aq_number(high, most, 2));
	else
		snprintf(text, sizeof text, "%s to %s", aq_number(low, (double)own.min, 2),
			 aq_number(high, (double)own.max, 2));
	aq_text_draw(canvas, x, y, AQ_FACE_SMALL, AQ_LEFT, AQ_SOFT, text);
}

/* One example: its picture, what the layer makes of it, how the loss would change with that. */
static int draw_row(struct sheet *s, int k, struct aq_range all)
{
	const int line = aq_text_line(AQ_FACE_SMALL);
	const struct aq_tiles out = plan(&s->out[k], AQ_SCALE_LAYER, all);
	const struct aq_tiles delta = plan(&s->delta[k], AQ_SCALE_SYM, range_of(&s->delta[k]));
	const int tall = aq_tiles_size(&out).h;
	const struct aq_box box = aq_page_take(s->page, line + (tall > THUMB ? tall : THUMB) + 6);
	struct aq_canvas *canvas = s->page->canvas;
	const int x = box.x + THUMB + 16, right = x + COLUMN + BETWEEN;
	if (box.h == 0)
		return AQ_OK;
	draw_span(canvas, x, box.y, &s->out[k], false);
	draw_span(canvas, right, box.y, &s->delta[k], true);
	aq_tiles_draw(canvas, x, box.y + line, &out);
	aq_tiles_draw(canvas, right, box.y + line, &delta);
	return aq_shown_picture(&s->shown[k], canvas, box.x, box.y + line, THUMB);
}

static void draw_bars(struct sheet *s, const struct aq_layer *layer, struct aq_range all)
{
	const struct aq_tiles out = plan(&s->out[0], AQ_SCALE_LAYER, all);
	struct aq_shade shade = aq_shade_of(AQ_SCALE_SYM, range_of(&s->delta[0]));
	const struct aq_box box = aq_page_take(s->page, AQ_SHADE_BAR_HEIGHT + 4);
	const int x = box.x + THUMB + 16;
	if (box.h == 0)
		return;
	shade.is_colour = out.channels == 3;
	aq_tiles_bar(s->page->canvas, x, box.y + 4, 240, &out,
		     layer->n_inputs ? "activation" : "input");
	aq_shade_bar(s->page->canvas, x + COLUMN + BETWEEN, box.y + 4, 240, &shade,
		     "each row its own", "delta");
}

static void free_maps(struct sheet *s)
{
	for (int k = 0; k < s->count; k++) {
		aq_tensor_free(&s->out[k]);
		aq_tensor_free(&s->delta[k]);
	}
}

static int draw_layer(struct sheet *s, const struct aq_layer *layer)
{
	struct aq_range all = { 0 };
	char heading[128], left[64] = "";
	int rc = AQ_OK;
	for (int k = 0; k < s->count; k++) {
		AQ_TRY(aq_tensor_read(&s->out[k], &s->gallery, layer, AQ_OF_ACTIVATION, NULL, 0,
				      s->which[k]));
		AQ_TRY(aq_tensor_read(&s->delta[k], &s->gallery, layer, AQ_OF_DELTA, NULL, 0,
				      s->which[k]));
		all = aq_range_join(all, range_of(&s->out[k]));
	}
	const struct aq_tiles tiles = plan(&s->out[0], AQ_SCALE_LAYER, all);
	if (tiles.channels == 1 && tiles.count < layer->out.c)
		snprintf(left, sizeof left, "the first %d of %d channels", tiles.count,
			 layer->out.c);
	snprintf(heading, sizeof heading, "%s   %d×%d×%d", layer->name, layer->out.c, layer->out.y,
		 layer->out.x);
	aq_page_heading(s->page, heading, *left ? left : NULL);
	for (int k = 0; k < s->count; k++)
		AQ_TRY(draw_row(s, k, all));
	draw_bars(s, layer, all);
done:
	free_maps(s);
	return rc;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static int draw(struct sheet *s)
{
	const struct aq_net *net = s->gallery.net;
	char title[96];
	int rc;
	snprintf(title, sizeof title, "Step %lld, %d example%s through all layers",
		 (long long)s->gallery.step, s->count, s->count == 1 ? "" : "s");
	aq_page_title(s->page, title, NULL);
	aq_page_text(s->page, AQ_SOFT,
		     "Left: what each layer puts out, in one scale for all examples.  Right: delta, "
		     "the gradient of the example's loss with respect to it, each row from its own "
		     "largest number; blue is negative, red is positive, white (grey in pictures "
		     "made of red, green and blue) is zero.");
	aq_page_space(s->page, AQ_PAGE_GAP);
	AQ_TRY(draw_heads(s));
	for (int i = 0; i < net->layers; i++)
		AQ_TRY(draw_layer(s, &net->layer[i]));
done:
	return rc;
}

int aq_examples_draw(const struct aq_examples_args *args, const struct aq_drawing *drawing)
{
	struct sheet s = { 0 };
	int rc;
	AQ_TRY(aq_gallery_open(&s.gallery, args->snap));
	if (!s.gallery.is_snap) {
		rc = aq_fail(AQ_EDATA,
			     "%s holds no examples; open a step of a run with aquatint-snapshot cut",
			     args->snap);
		goto done;
	}
	AQ_TRY(choose(&s, args->which));
	for (int k = 0; k < s.count; k++)
		AQ_TRY(aq_shown_read(&s.shown[k], &s.gallery, s.which[k]));
	AQ_TRY(aq_page_new_for(&s.page, WIDTH, drawing->out));
	AQ_TRY(draw(&s));
	rc = aq_credit_publish(s.gallery.file, s.page, drawing);
done:
	for (int k = 0; k < s.count; k++)
		aq_shown_free(&s.shown[k]);
	aq_page_free(s.page);
	aq_gallery_close(&s.gallery);
	return rc < 0 ? aq_while(rc, "cannot draw the examples %s", drawing->out) : rc;
}
