/* SPDX-License-Identifier: MIT
 *
 * tiles.c - one tensor of a layer as a montage
 */
#include "view/tiles.h"

#include "draw/page.h"
#include "draw/text.h"
#include "view/figure.h"

#include <stdio.h>

enum { WIDTH = 1000, NARROWEST = 420 };

/* Filters are what a montage is for: they are drawn large; maps have more to show. */
static int choose_zoom(const struct aq_tiles_args *args, const struct aq_tensor *t)
{
	enum { FILTER = 60, MAP = 112, MOST = 12 };
	if (args->zoom || t->is_matrix)
		return args->zoom;
	const int tiles = t->is_colour ? t->groups : t->groups * t->maps;
	const int aim = t->groups == 1 && !t->is_colour ? MAP
			: tiles <= 64			? FILTER
			: tiles <= 256			? FILTER / 2
							: FILTER / 3;
	const int zoom = (t->is_colour && t->groups == 1 ? 2 * MAP : aim) / t->height;
	return zoom < 1 ? 1 : zoom > MOST ? MOST : zoom;
}

static void captions(const struct aq_tiles_args *args, const struct aq_gallery *g,
		     const struct aq_layer *layer, const struct aq_tensor *t, char title[256],
		     char below[512])
{
	const bool is_map = args->of == AQ_OF_ACTIVATION || args->of == AQ_OF_DELTA;
	const char *view = aq_view_caption(args->view);
	char example[64] = "";
	if (is_map || args->of == AQ_OF_EXAMPLE_GRAD)
		snprintf(example, sizeof example, ", example %lld", (long long)args->example);
	snprintf(title, 256, "%s%s%s   %s%s%s%s", layer->name, is_map ? "" : "/",
		 is_map ? "" : args->param, args->view ? aq_view_words[args->view] : "",
		 args->view ? "(" : "", aq_of_words[args->of], args->view ? ")" : "");
	snprintf(below, 512, "%s%s%s, step %lld%s: %s", view, *view ? ", of the picture of: " : "",
		 aq_of_meanings[args->of], (long long)g->step, example, aq_tensor_arrangement(t));
}

static int draw(const struct aq_tiles_args *args, const struct aq_drawing *drawing,
		struct aq_gallery *g, const struct aq_layer *layer, struct aq_tensor *t)
{
	struct aq_page *page = NULL;
	struct aq_figure figure = { .tensor = t,
				    .scale = args->scale,
				    .zoom = choose_zoom(args, t) };
	char title[256], below[512];
	int rc;
	captions(args, g, layer, t, title, below);
	AQ_TRY(aq_figure_plan(&figure, WIDTH));
	/* The page is as wide as what stands on it. */
	const int title_wide = aq_text_width(AQ_FACE_TITLE, title);
	figure.width = figure.wide > title_wide ? figure.wide : title_wide;
	figure.width = figure.width < NARROWEST ? NARROWEST : figure.width;
	AQ_TRY(aq_page_new_for(&page, figure.width, drawing->out));
	aq_page_title(page, title, NULL);
	aq_page_text(page, AQ_SOFT, "%s", below);
	aq_page_space(page, AQ_PAGE_GAP);
	const struct aq_box box = aq_page_take(page, figure.height);
	if (box.h > 0)
		aq_figure_draw(&figure, page->canvas, box.x, box.y);
	rc = aq_credit_publish(g->file, page, drawing);
done:
	aq_figure_free(&figure);
	aq_page_free(page);
	return rc;
}

int aq_tiles_page(const struct aq_tiles_args *args, const struct aq_drawing *drawing)
{
	struct aq_gallery gallery = { 0 };
	struct aq_tensor tensor = { 0 };
	const struct aq_layer *layer;
	int rc;
	AQ_TRY(aq_gallery_open(&gallery, args->file));
	AQ_TRY(aq_gallery_layer(&gallery, args->layer, &layer));
	AQ_TRY(aq_tensor_read(&tensor, &gallery, layer, args->of, args->param, args->step,
			      args->example));
	AQ_TRY(aq_tensor_view(&tensor, args->view));
	rc = draw(args, drawing, &gallery, layer, &tensor);
done:
	aq_tensor_free(&tensor);
	aq_gallery_close(&gallery);
	return rc < 0 ? aq_while(rc, "cannot draw the tiles %s", drawing->out) : rc;
}
