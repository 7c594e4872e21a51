/* SPDX-License-Identifier: MIT
 *
 * shown.c - one example of a snap
 */
#include "view/shown.h"

#include "draw/plot.h"
#include "draw/text.h"

#include <stdio.h>
#include <stdlib.h>

static int read_image(struct aq_shown *s, const struct aq_gallery *g, uint64_t row)
{
	struct aq_h5_shape shape;
	int rc;
	AQ_TRY(aq_h5_shape(g->file, "/example/image", &shape));
	if (shape.rank != 4 || shape.type != AQ_U8)
		return aq_fail(AQ_EDATA, "/example/image of %s is not [n,c,y,x] of bytes", g->path);
	s->c = (int)shape.dim[1];
	s->y = (int)shape.dim[2];
	s->x = (int)shape.dim[3];
	s->image = malloc((size_t)s->c * (size_t)s->y * (size_t)s->x);
	if (!s->image)
		return aq_fail(AQ_ENOMEM, "out of memory");
	rc = aq_h5_rows(g->file, "/example/image", shape, row, 1, s->image);
done:
	return rc;
}

int aq_shown_read(struct aq_shown *s, const struct aq_gallery *g, int64_t example)
{
	const uint64_t row = (uint64_t)example;
	int32_t label;
	uint64_t index;
	float loss;
	int rc;
	*s = (struct aq_shown){ .outputs = g->net->classes };
	if (example < 0 || row >= g->examples)
		return aq_fail(AQ_EUSAGE, "%s has examples 0 to %llu, not %lld", g->path,
			       (unsigned long long)g->examples - 1, (long long)example);
	AQ_TRY(aq_h5_get_texts(g->file, "/classes", &s->classes, &s->n_classes));
	s->probability = malloc((size_t)s->outputs * sizeof *s->probability);
	if (!s->probability)
		return aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(aq_h5_rows(g->file, "/example/label", AQ_SHAPE1(AQ_I32, 1), row, 1, &label));
	AQ_TRY(aq_h5_rows(g->file, "/example/index", AQ_SHAPE1(AQ_U64, 1), row, 1, &index));
	AQ_TRY(aq_h5_rows(g->file, "/example/loss", AQ_SHAPE1(AQ_F32, 1), row, 1, &loss));
	AQ_TRY(aq_h5_rows(g->file, "/example/probability",
			  AQ_SHAPE2(AQ_F32, 1, (uint64_t)s->outputs), row, 1, s->probability));
	AQ_TRY(aq_h5_attr_text(g->file, "/example", "split", &s->split));
	AQ_TRY(read_image(s, g, row));
	s->label = label;
	s->index = (int64_t)index;
	s->loss = (double)loss;
done:
	return rc;
}

void aq_shown_free(struct aq_shown *s)
{
	free(s->split);
	free(s->probability);
	free(s->image);
	free(s->classes);
	*s = (struct aq_shown){ 0 };
}

const char *aq_shown_class(const struct aq_shown *s, int64_t label)
{
	return label >= 0 && label < s->n_classes ? s->classes[label] : "?";
}

/* [c][y][x] to [y][x][c]. */
int aq_shown_picture(const struct aq_shown *s, struct aq_canvas *canvas, int x, int y, int side)
{
	struct aq_picture picture;
	const size_t plane = (size_t)s->y * (size_t)s->x;
	const int channels = s->c == 3 ? 3 : 1;
	const int zoom = side / (s->y > s->x ? s->y : s->x);
	const int rc = aq_picture_new(&picture, s->x, s->y, channels);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < plane; i++)
		for (int c = 0; c < channels; c++)
			picture.at[i * (size_t)channels + (size_t)c] =
				s->image[(size_t)c * plane + i];
	aq_canvas_blit(canvas, x, y, &picture, zoom < 1 ? 1 : zoom);
	aq_picture_free(&picture);
	return AQ_OK;
}

/* The classes by probability, most likely first. */
static void sort_classes(const struct aq_shown *s, int *order)
{
	const float *probability = s->probability;
	for (int i = 0; i < s->outputs; i++) {
		int at = i;
		for (; at > 0 && probability[order[at - 1]] < probability[i]; at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
}

/* One class: its name, its probability as a bar and as a number. */
static void draw_class(const struct aq_shown *s, struct aq_canvas *canvas, struct aq_box row,
		       int class)
{
	enum { NAME = 110, VALUE = 56 };
	const bool right = class == s->label;
	const double share = (double)s->probability[class];
	const struct aq_rgb ink = right ? AQ_INK : AQ_SOFT;
	const int width = NAME < row.w * 2 / 5 ? NAME : row.w * 2 / 5;
	char text[32];
	struct aq_box bar = row;
	const struct aq_box name = aq_box_cut_left(&bar, width - 8, 8);
	const struct aq_box value = aq_box_cut_right(&bar, VALUE, 0);
	aq_text_in(canvas, name, AQ_FACE_TEXT, AQ_LEFT, ink, aq_shown_class(s, class));
	aq_bar_draw(canvas, (struct aq_box){ bar.x, bar.y + 4, bar.w, bar.h - 8 }, share,
		    right ? AQ_GOOD : AQ_BAD);
	snprintf(text, sizeof text, "%.1f %%", 100 * share);
	aq_text_in(canvas, value, AQ_FACE_TEXT, AQ_RIGHT, ink, text);
}

int aq_shown_predictions(const struct aq_shown *s, struct aq_canvas *canvas, struct aq_box box,
			 int most)
{
	const int shown = s->outputs < most ? s->outputs : most;
	int *order = malloc((size_t)s->outputs * sizeof *order);
	if (!order)
		return aq_fail(AQ_ENOMEM, "out of memory");
	sort_classes(s, order);
	bool has_right = false;
	for (int i = 0; i < shown; i++)
		has_right |= order[i] == s->label;
	if (!has_right && s->label >= 0 && s->label < s->outputs)
		order[shown - 1] = (int)s->label;
	for (int i = 0; i < shown; i++)
		draw_class(s, canvas,
			   (struct aq_box){ box.x, box.y + i * AQ_SHOWN_ROW, box.w, AQ_SHOWN_ROW },
			   order[i]);
	free(order);
	return AQ_OK;
}
