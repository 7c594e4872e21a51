/* SPDX-License-Identifier: MIT
 *
 * snap_tiles.c - /tiles of a snap: weights and gradients as HDF5 images
 */
#include "view/snap_tiles.h"

#include "view/figure.h"

#include <stdio.h>

enum { WIDTH = 800 };

/* One weight tensor, or its gradient, as a picture without words. */
static int write_one(struct aq_h5 *file, const char *what, const struct aq_layer *layer,
		     const struct aq_param *param, const aq_real *flat)
{
	struct aq_tensor tensor = aq_tensor_of_param(layer, param);
	struct aq_canvas *canvas = NULL;
	/* aq_real is float wherever there are pictures, and a figure does not write to its tensor.
	 */
	tensor.at = (float *)(uintptr_t)(flat + param->offset);
	struct aq_figure figure = { .tensor = &tensor, .scale = AQ_SCALE_SYM };
	char name[512];
	int rc;
	AQ_TRY(aq_figure_plan(&figure, WIDTH));
	const struct aq_box size = aq_tiles_size(&figure.tiles);
	AQ_TRY(aq_canvas_new(&canvas, size.w, size.h, AQ_PAPER));
	aq_tiles_draw(canvas, 0, 0, &figure.tiles);
	snprintf(name, sizeof name, "/tiles/%s/%s", what, layer->name);
	AQ_TRY(aq_h5_put(file, name, AQ_SHAPE3(AQ_U8, (uint64_t)size.h, (uint64_t)size.w, 3),
			 canvas->picture.at));
	AQ_TRY(aq_h5_mark_image(file, name));
done:
	aq_canvas_free(canvas);
	aq_figure_free(&figure);
	return rc;
}

int aq_view_snap_tiles(struct aq_h5 *file, const struct aq_replay *replay)
{
	const struct aq_trainer *t = replay->trainer;
	int rc = AQ_OK;
	for (int i = 0; i < t->net->params; i++) {
		const struct aq_param *param = t->net->param[i];
		if (param->rank < 2)
			continue;
		AQ_TRY(write_one(file, "weights", t->net->owner[i], param, t->before));
		AQ_TRY(write_one(file, "grad", t->net->owner[i], param, t->grad));
	}
done:
	return rc;
}
