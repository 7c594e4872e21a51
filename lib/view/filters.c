/* SPDX-License-Identifier: MIT
 *
 * filters.c - the filters of a layer one by one
 */
#include "view/filters.h"

#include "base/log.h"
#include "draw/tile.h"
#include "io/file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t filter_size(const struct aq_filters *f)
{
	return (size_t)f->shape.maps * (size_t)f->shape.height * (size_t)f->shape.width;
}

/* Room for so many moments. */
static int plan(struct aq_filters *f, size_t moments)
{
	const struct aq_tensor *t = &f->shape;
	int rc = AQ_OK;
	if (t->is_matrix || t->height * t->width < 2)
		return aq_fail(AQ_EUSAGE, "the numbers of this layer are no pictures: smooth or "
					  "noisy is no question; choose one that reads maps");
	if (t->height > AQ_SMOOTH_MOST || t->width > AQ_SMOOTH_MOST)
		return aq_fail(AQ_EUSAGE, "filters of %dx%d are too large to be measured; %d is the most",
			       t->height, t->width, AQ_SMOOTH_MOST);
	f->count = t->groups;
	f->moments = moments;
	const size_t count = (size_t)f->count, all = count * filter_size(f);
	f->step = malloc(moments * sizeof *f->step);
	f->axis = malloc(moments * sizeof *f->axis);
	f->high = malloc(count * moments * sizeof *f->high);
	f->variation = malloc(count * moments * sizeof *f->variation);
	f->first = malloc(all * sizeof *f->first);
	f->last = malloc(all * sizeof *f->last);
	if (!f->step || !f->axis || !f->high || !f->variation || !f->first || !f->last)
		return aq_fail(AQ_ENOMEM, "out of memory");
	f->noise = aq_smooth_of_noise(t->maps, t->height, t->width);
	rc = aq_smooth_band_of_noise(t->maps, t->height, t->width, &f->band);
	return rc;
}

/* The numbers of moment m. */
static void take(struct aq_filters *f, size_t m, double step, bool log, const float *at)
{
	const size_t size = filter_size(f);
	f->step[m] = step;
	f->axis[m] = step + (log ? 1 : 0);
	for (size_t i = 0; i < (size_t)f->count; i++) {
		const struct aq_smooth one = aq_smooth_of(at + i * size, f->shape.maps,
							  f->shape.height, f->shape.width);
		f->high[i * f->moments + m] = (float)one.high;
		f->variation[i * f->moments + m] = (float)one.variation;
	}
	if (m == 0)
		memcpy(f->first, at, (size_t)f->count * size * sizeof *at);
	if (m + 1 == f->moments)
		memcpy(f->last, at, (size_t)f->count * size * sizeof *at);
}

static int read_run(struct aq_filters *f, const struct aq_smoothness_args *args)
{
	const struct aq_reel_args reel = {
		.run = args->file,
		.data = args->data,
		.layer = args->layer,
		.param = "weight",
		.ofs = args->of,
		.from = args->from,
		.to = args->to,
		.frames = args->frames,
		.log = args->log,
		.loose = true,
		.threads = args->threads,
	};
	int rc;
	AQ_TRY(aq_reel_open(&f->reel, &reel));
	if (f->reel.strips != 1)
		return aq_fail(AQ_EUSAGE, "of: '%s' are several things; choose one", args->of);
	f->shape = aq_tensor_of_param(f->reel.layer, f->reel.param);
	memcpy(f->of, f->reel.strip[0].name, sizeof f->of);
	memcpy(f->meaning, f->reel.strip[0].meaning, sizeof f->meaning);
	AQ_TRY(plan(f, f->reel.frames));
	for (size_t m = 0; m < f->moments; m++) {
		AQ_TRY(aq_reel_read(&f->reel, m));
		take(f, m, (double)f->reel.step[m], args->log, f->reel.strip[0].at);
		aq_progress("steps measured", m + 1, f->moments);
	}
done:
	return rc;
}

static int read_moment(struct aq_filters *f, const struct aq_smoothness_args *args)
{
	const struct aq_layer *layer;
	struct aq_tensor t = { 0 };
	int of = -1, rc;
	for (int i = 0; i <= AQ_OF_UPDATE; i++)
		if (strcmp(aq_of_words[i], args->of) == 0)
			of = i;
	if (of < 0)
		return aq_fail(AQ_EUSAGE, "of: there is no '%s' in %s; choose of weights, grad, "
					  "reg_grad, clip_grad and update", args->of, args->file);
	AQ_TRY(aq_gallery_layer(&f->gallery, args->layer, &layer));
	AQ_TRY(aq_tensor_read(&t, &f->gallery, layer, (enum aq_of)of, "weight", 0, 0));
	f->shape = t;
	f->shape.at = NULL;
	snprintf(f->of, sizeof f->of, "%s", aq_of_words[of]);
	snprintf(f->meaning, sizeof f->meaning, "%s", aq_of_meanings[of]);
	AQ_TRY(plan(f, 1));
	take(f, 0, (double)f->gallery.step, false, t.at);
done:
	aq_tensor_free(&t);
	return rc;
}

int aq_filters_read(struct aq_filters *f, const struct aq_smoothness_args *args)
{
	int rc;
	*f = (struct aq_filters){ 0 };
	AQ_TRY(aq_gallery_open(&f->gallery, args->file));
	f->is_run = f->gallery.run != NULL;
	if (f->is_run)
		aq_gallery_close(&f->gallery);
	rc = f->is_run ? read_run(f, args) : read_moment(f, args);
done:
	return rc;
}

void aq_filters_free(struct aq_filters *f)
{
	free(f->step);
	free(f->axis);
	free(f->high);
	free(f->variation);
	free(f->first);
	free(f->last);
	aq_reel_close(&f->reel);
	aq_gallery_close(&f->gallery);
	*f = (struct aq_filters){ 0 };
}

int aq_filters_csv(const struct aq_filters *f, const char *path)
{
	struct aq_str text = { 0 };
	aq_str_add(&text,
		   "step,filter,high,variation,noise_high,noise_high_least,noise_high_most,"
		   "noise_variation,noise_variation_least,noise_variation_most\n");
	for (size_t m = 0; m < f->moments; m++)
		for (int i = 0; i < f->count; i++) {
			const size_t at = (size_t)i * f->moments + m;
			aq_str_add(&text, "%.0f,%d,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g\n",
				   f->step[m], i, (double)f->high[at], (double)f->variation[at],
				   f->noise.high, f->band.low.high, f->band.high.high,
				   f->noise.variation, f->band.low.variation,
				   f->band.high.variation);
		}
	int rc = aq_str_check(&text);
	if (rc == AQ_OK)
		rc = aq_file_write(path, false, text.at, text.length);
	aq_str_free(&text);
	return rc;
}

/* ---- as a picture ---------------------------------------------------------------------------- */

bool aq_filter_is_one_tile(const struct aq_tensor *shape)
{
	return shape->is_colour || shape->maps == 1;
}

void aq_filter_draw(struct aq_canvas *canvas, struct aq_box box, const struct aq_tensor *t,
		    const float *at)
{
	const int count = aq_filter_is_one_tile(t)   ? 1
			  : t->maps < AQ_FILTER_MAPS ? t->maps
						     : AQ_FILTER_MAPS;
	const int side = t->height > t->width ? t->height : t->width;
	int columns = 1;
	while (columns * columns < count)
		columns++;
	const int zoom = (box.w / columns - 3) / side;
	struct aq_tiles tiles = { .at = at,
				  .count = count,
				  .channels = t->is_colour ? 3 : 1,
				  .height = t->height,
				  .width = t->width,
				  .columns = columns,
				  .zoom = zoom < 1 ? 1 : zoom,
				  .gap = 3,
				  .scale = AQ_SCALE_SYM };
	aq_tiles_plan(&tiles);
	const struct aq_box size = aq_tiles_size(&tiles);
	aq_tiles_draw(canvas, box.x + (box.w - size.w) / 2, box.y + (box.h - size.h) / 2, &tiles);
}
