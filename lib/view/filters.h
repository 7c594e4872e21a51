/* SPDX-License-Identifier: MIT
 *
 * filters.h - how smooth the filters of a layer are, at one moment or at many
 */
#ifndef AQ_VIEW_FILTERS_H
#define AQ_VIEW_FILTERS_H

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

/* A row for each moment and filter. */
int aq_filters_csv(const struct aq_filters *filters, const char *path) AQ_CHECKED;

#endif
