/* SPDX-License-Identifier: MIT
 *
 * embed.c - the examples of a snap, or the filters of a layer, laid out in a plane by t-SNE
 *
 * Examples are drawn as thumbnails on a grid, one a cell: the one nearest to its middle, framed in
 * the colour of its class; the others stay dots.  Filters are drawn as pictures where they can be read,
 * else as dots with their numbers.
 */
#include "view/embed.h"

#include "draw/page.h"
#include "draw/plot.h"
#include "draw/text.h"
#include "look/tsne.h"
#include "view/filters.h"
#include "view/plane.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLANE = 1000, BORDER = 24, WIDE_BORDER = 44, MOST_CLASSES = 64, LEGEND_ROW = 10 };

struct embedding {
	const struct aq_embed_args *args;
	struct aq_gallery gallery;
	const struct aq_layer *layer;
	struct aq_pool *pool;
	bool of_examples;
	int count, dimensions;
	float *codes, *y; /* [count][...] */
	double perplexity, divergence;
	double low[2], high[2]; /* of y */
	int border;
	int32_t *label;		/* of examples */
	uint64_t *index;
	char *split;
	uint8_t *image;
	int c, height, width; /* of an image */
	char **classes;
	int n_classes;
};

/* ---- reading -----------------------------------------------------------------------------------
 */

static int read_codes(struct embedding *e)
{
	const struct aq_embed_args *args = e->args;
	const bool is_map = args->of == AQ_OF_ACTIVATION || args->of == AQ_OF_DELTA;
	struct aq_h5_shape shape;
	char name[512];
	bool there;
	int rc;
	if (!is_map && e->layer->n_params == 0)
		return aq_fail(AQ_EUSAGE, "layer %s has no weights: it is a %s", e->layer->name,
			       e->layer->type->name);
	snprintf(name, sizeof name, "/%s/%s%s", aq_of_words[args->of], e->layer->name,
		 is_map ? "" : "/weight");
	AQ_TRY(aq_h5_find(e->gallery.file, name, &there));
	if (!there)
		return aq_fail(AQ_EUSAGE, "%s has no %s; open a step with aquatint-snapshot cut",
			       e->gallery.path, name);
	AQ_TRY(aq_h5_shape(e->gallery.file, name, &shape));
	AQ_TRY(aq_h5_get(e->gallery.file, name, &shape, (void **)&e->codes));
	if (shape.type != AQ_F32 || shape.rank < 2 || aq_h5_count(&shape) == 0 ||
	    shape.dim[0] > 1 << 20)
		return aq_fail(AQ_EDATA, "%s of %s is not a set of points", name, e->gallery.path);
	e->of_examples = is_map || args->of == AQ_OF_EXAMPLE_GRAD;
	e->count = (int)shape.dim[0];
	e->dimensions = (int)(aq_h5_count(&shape) / shape.dim[0]);
done:
	return rc;
}

static int read_examples(struct embedding *e)
{
	struct aq_h5 *file = e->gallery.file;
	struct aq_h5_shape images = { .type = AQ_U8, .rank = 4 };
	int rc;
	AQ_TRY(aq_h5_get_texts(file, "/classes", &e->classes, &e->n_classes));
	struct aq_h5_shape labels = AQ_SHAPE1(AQ_I32, (uint64_t)e->count);
	AQ_TRY(aq_h5_get(file, "/example/label", &labels, (void **)&e->label));
	struct aq_h5_shape index = AQ_SHAPE1(AQ_U64, (uint64_t)e->count);
	AQ_TRY(aq_h5_get(file, "/example/index", &index, (void **)&e->index));
	AQ_TRY(aq_h5_attr_text(file, "/example", "split", &e->split));
	images.dim[0] = (uint64_t)e->count;
	AQ_TRY(aq_h5_get(file, "/example/image", &images, (void **)&e->image));
	e->c = (int)images.dim[1];
	e->height = (int)images.dim[2];
	e->width = (int)images.dim[3];
done:
	return rc;
}

/* ---- the plane ---------------------------------------------------------------------------------
 */

static int lay_out(struct embedding *e)
{
	struct aq_tsne_args tsne = { .count = e->count,
				     .dimensions = e->dimensions,
				     .perplexity = e->args->perplexity,
				     .theta = e->args->theta,
				     .iterations = e->args->iterations,
				     .seed = e->args->seed };
	int rc;
	if (e->count < 4)
		return aq_fail(AQ_EUSAGE, "%d points are too few to lay out; open more --examples",
			       e->count);
	e->y = malloc(2 * (size_t)e->count * sizeof *e->y);
	if (!e->y)
		return aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(aq_tsne_codes(&tsne, e->codes, e->y, &e->divergence, e->pool));
	e->perplexity = tsne.perplexity;
	for (int c = 0; c < 2; c++) {
		e->low[c] = e->high[c] = (double)e->y[c];
		for (int i = 1; i < e->count; i++) {
			e->low[c] = fmin(e->low[c], (double)e->y[2 * i + c]);
			e->high[c] = fmax(e->high[c], (double)e->y[2 * i + c]);
		}
	}
done:
	return rc;
}

/* The coordinates as files, where they are wanted. */
static int write_files(struct embedding *e, const struct aq_drawing *drawing)
{
	const struct aq_plane plane = {
		.gallery = &e->gallery,
		.layer = e->layer->name,
		.of = aq_of_words[e->args->of],
		.count = e->count,
		.y = e->y,
		.perplexity = e->perplexity,
		.theta = e->args->theta,
		.divergence = e->divergence,
		.iterations = e->args->iterations,
		.seed = e->args->seed,
		.label = e->label,
		.index = e->index,
		.split = e->split,
		.classes = (const char *const *)e->classes,
		.n_classes = e->n_classes,
	};
	int rc = AQ_OK;
	if (e->args->csv)
		AQ_TRY(aq_plane_csv(&plane, e->args->csv));
	if (e->args->coordinates)
		AQ_TRY(aq_plane_write(&plane, e->args->coordinates, drawing));
done:
	return rc;
}

/* ---- drawing -----------------------------------------------------------------------------------
 */

/* Where point i stands in the box; one scale for both axes. */
static void place(const struct embedding *e, struct aq_box box, int i, double *x, double *y)
{
	const double wide = fmax(e->high[0] - e->low[0], 1e-30), high = fmax(e->high[1] - e->low[1], 1e-30);
	const double scale = fmin((box.w - 2 * e->border) / wide, (box.h - 2 * e->border) / high);
	*x = box.x + box.w / 2.0 + ((double)e->y[2 * i] - (e->low[0] + e->high[0]) / 2) * scale;
	*y = box.y + box.h / 2.0 + ((double)e->y[2 * i + 1] - (e->low[1] + e->high[1]) / 2) * scale;
}

/* No higher than the points need, where they lie in a plane that is wide. */
static int height_of(const struct embedding *e)
{
	const double wide = fmax(e->high[0] - e->low[0], 1e-30), high = e->high[1] - e->low[1];
	const double needed = 2 * e->border + (PLANE - 2 * e->border) * high / wide;
	return (int)fmin(fmax(needed, PLANE / 2.0), PLANE);
}

static struct aq_rgb colour_of(const struct embedding *e, int i)
{
	return e->of_examples ? aq_hue(e->label[i]) : AQ_ACCENT;
}

/* Are the outputs' weights pictures that can be read when small? */
static bool has_pictures(const struct embedding *e, struct aq_tensor *shape)
{
	enum { MOST = 256 };
	*shape = (struct aq_tensor){ 0 };
	if (e->of_examples || e->args->dots || e->count > MOST)
		return false;
	*shape = aq_tensor_of_param(e->layer, &e->layer->param[0]);
	return aq_filter_is_one_tile(shape) && !shape->is_matrix;
}

/* Filters at their places, or beside those that were there first. */
static void draw_filters(const struct embedding *e, struct aq_canvas *canvas, struct aq_box box,
			 const struct aq_tensor *shape)
{
	const int side = e->count <= 64 ? 52 : 32;
	for (int i = 0; i < e->count; i++) {
		char number[16];
		double x, y;
		place(e, box, i, &x, &y);
		aq_filter_draw(canvas,
			       (struct aq_box){ (int)x - side / 2, (int)y - side / 2, side, side },
			       shape, e->codes + (size_t)i * (size_t)e->dimensions);
		snprintf(number, sizeof number, "%d", i);
		aq_text_draw(canvas, (int)x, (int)y + side / 2, AQ_FACE_SMALL, AQ_CENTRE, AQ_SOFT,
			     number);
	}
}

static void draw_dots(const struct embedding *e, struct aq_canvas *canvas, struct aq_box box)
{
	const double radius = e->count > 2000 ? 1.6 : 2.6;
	double x, y;
	for (int i = 0; i < e->count; i++) {
		place(e, box, i, &x, &y);
		aq_canvas_disc(canvas, x, y, radius);
		aq_canvas_ink(canvas, colour_of(e, i), 230);
		if (!e->of_examples && e->count <= 256) {
			char number[16];
			snprintf(number, sizeof number, "%d", i);
			aq_text_draw(canvas, (int)x + 5, (int)y - 7, AQ_FACE_SMALL, AQ_LEFT,
				     AQ_SOFT, number);
		}
	}
}

/* A small picture of example i, [c][y][x] to pixels. */
static int draw_thumbnail(const struct embedding *e, struct aq_canvas *canvas, struct aq_box cell,
			  int i)
{
	const size_t plane = (size_t)e->height * (size_t)e->width;
	const uint8_t *image = e->image + (size_t)i * (size_t)e->c * plane;
	const int channels = e->c == 3 ? 3 : 1;
	struct aq_picture picture;
	const int rc = aq_picture_new(&picture, e->width, e->height, channels);
	if (rc < 0)
		return rc;
	for (size_t p = 0; p < plane; p++)
		for (int c = 0; c < channels; c++)
			picture.at[p * (size_t)channels + (size_t)c] = image[(size_t)c * plane + p];
	const struct aq_box frame = { cell.x, cell.y, e->width + 4, e->height + 4 };
	aq_canvas_fill(canvas, frame, colour_of(e, i));
	aq_canvas_blit(canvas, cell.x + 2, cell.y + 2, &picture, 1);
	aq_picture_free(&picture);
	return AQ_OK;
}

/* One thumbnail a cell of the grid: of the point nearest to its middle. */
static int draw_thumbnails(const struct embedding *e, struct aq_canvas *canvas, struct aq_box box)
{
	const int w = e->width + 6, h = e->height + 6, columns = box.w / w, rows = box.h / h;
	int rc = AQ_OK;
	if (columns < 8 || rows < 8)
		return AQ_OK; /* pictures too large for thumbnails */
	int *nearest = malloc((size_t)columns * (size_t)rows * sizeof *nearest);
	double *distance = malloc((size_t)columns * (size_t)rows * sizeof *distance);
	if (!nearest || !distance) {
		rc = aq_fail(AQ_ENOMEM, "out of memory");
		goto done;
	}
	for (int cell = 0; cell < columns * rows; cell++)
		nearest[cell] = -1;
	for (int i = 0; i < e->count; i++) {
		double x, y;
		place(e, box, i, &x, &y);
		const int column = (int)((x - box.x) / w), row = (int)((y - box.y) / h);
		if (column < 0 || column >= columns || row < 0 || row >= rows)
			continue;
		const int cell = row * columns + column;
		const double dx = x - box.x - (column + 0.5) * w, dy = y - box.y - (row + 0.5) * h;
		const double far = dx * dx + dy * dy;
		if (nearest[cell] < 0 || far < distance[cell]) {
			nearest[cell] = i;
			distance[cell] = far;
		}
	}
	for (int cell = 0; cell < columns * rows; cell++)
		if (nearest[cell] >= 0)
			AQ_TRY(draw_thumbnail(e, canvas,
					      (struct aq_box){ box.x + cell % columns * w,
							       box.y + cell / columns * h, w, h },
					      nearest[cell]));
done:
	free(nearest);
	free(distance);
	return rc;
}

static void draw_legend(const struct embedding *e, struct aq_page *page)
{
	const char *names[LEGEND_ROW];
	struct aq_rgb colours[LEGEND_ROW];
	for (int first = 0; first < e->n_classes && first < MOST_CLASSES; first += LEGEND_ROW) {
		int n = 0;
		for (int i = first; i < e->n_classes && n < LEGEND_ROW; i++, n++) {
			names[n] = e->classes[i];
			colours[n] = aq_hue(i);
		}
		const struct aq_box row = aq_page_take(page, aq_text_line(AQ_FACE_SMALL) + 6);
		if (row.h > 0)
			aq_legend_draw(page->canvas, row.x, row.y, names, colours, n);
	}
}

static int draw(struct embedding *e, struct aq_page *page)
{
	char title[256], below[512], kl[AQ_NUMBER_ROOM];
	struct aq_tensor shape;
	snprintf(title, sizeof title, "%s   %s", e->layer->name, aq_of_words[e->args->of]);
	snprintf(below, sizeof below,
		 "t-SNE of %d %s by their %s, step %lld: perplexity %g, divergence %s. What is "
		 "near is alike; far "
		 "distances and sizes mean little.",
		 e->count, e->of_examples ? "examples" : "outputs", aq_of_words[e->args->of],
		 (long long)e->gallery.step, e->perplexity, aq_number(kl, e->divergence, 4));
	aq_page_title(page, title, NULL);
	aq_page_text(page, AQ_SOFT, "%s", below);
	aq_page_space(page, AQ_PAGE_GAP);
	if (e->of_examples)
		draw_legend(e, page);
	const bool pictures = has_pictures(e, &shape);
	e->border = pictures ? WIDE_BORDER : BORDER;
	const struct aq_box box = aq_page_take(page, height_of(e));
	if (box.h == 0)
		return AQ_OK;
	aq_canvas_frame(page->canvas, box, AQ_RULE);
	if (pictures)
		draw_filters(e, page->canvas, box, &shape);
	else
		draw_dots(e, page->canvas, box);
	return e->of_examples && !e->args->dots ? draw_thumbnails(e, page->canvas, box) : AQ_OK;
}

static void release(struct embedding *e)
{
	free(e->codes);
	free(e->y);
	free(e->label);
	free(e->index);
	free(e->split);
	free(e->image);
	free(e->classes);
	aq_pool_free(e->pool);
	aq_gallery_close(&e->gallery);
}

int aq_embed_draw(const struct aq_embed_args *args, const struct aq_drawing *drawing)
{
	struct embedding e = { .args = args, .border = BORDER };
	struct aq_page *page = NULL;
	int rc;
	AQ_TRY(aq_gallery_open(&e.gallery, args->snap));
	if (e.gallery.run) {
		rc = aq_fail(AQ_EDATA, "%s is a run; open a step of it with aquatint-snapshot cut",
			     args->snap);
		goto done;
	}
	AQ_TRY(aq_gallery_layer(&e.gallery, args->layer, &e.layer));
	AQ_TRY(read_codes(&e));
	if (e.of_examples)
		AQ_TRY(read_examples(&e));
	AQ_TRY(aq_pool_new(&e.pool, args->threads));
	AQ_TRY(lay_out(&e));
	AQ_TRY(write_files(&e, drawing));
	AQ_TRY(aq_page_new_for(&page, PLANE, drawing->out));
	AQ_TRY(draw(&e, page));
	rc = aq_credit_publish(e.gallery.file, page, drawing);
done:
	aq_page_free(page);
	release(&e);
	return rc < 0 ? aq_while(rc, "cannot draw the embedding %s", drawing->out) : rc;
}
