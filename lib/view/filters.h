/* SPDX-License-Identifier: MIT
 *
 * filters.h - the filters of a layer one by one: as a picture, and how smooth at one moment or at many
 */
#ifndef AQ_VIEW_FILTERS_H
#define AQ_VIEW_FILTERS_H

#include "draw/canvas.h"
#include "look/smooth.h"
#include "view/reel.h"
#include "view/smoothness.h"

struct aq_filters {
	struct aq_gallery gallery; /* of a snap or weights file */
	struct aq_reel reel;	   /* of a run */
	bool is_run;
	struct aq_tensor shape; /* of the parameter, without numbers */
	char of[32], meaning[96];
	int count; /* of filters */
	size_t moments;
	double *step, *axis;	/* [moments]; axis: counted from 1 on a logarithmic one */
	float *high, *variation; /* [count][moments] */
	float *first, *last;	/* [count][channels][height][width], at the first and last moment */
	struct aq_smooth noise;
	struct aq_smooth_band band;
};

/* To be freed either way. */
int aq_filters_read(struct aq_filters *filters, const struct aq_smoothness_args *args) AQ_CHECKED;
void aq_filters_free(struct aq_filters *filters);

/* One filter, its numbers at `at`, as large as fits into the middle of the box, in colours of its own
 * largest number: one tile, or the first AQ_FILTER_MAPS of its maps as a square of tiles. */
enum { AQ_FILTER_MAPS = 16 };
void aq_filter_draw(struct aq_canvas *canvas, struct aq_box box, const struct aq_tensor *shape,
		    const float *at);
bool aq_filter_is_one_tile(const struct aq_tensor *shape);

/* A row for each moment and filter. */
int aq_filters_csv(const struct aq_filters *filters, const char *path) AQ_CHECKED;

#endif
