/* SPDX-License-Identifier: MIT
 *
 * smoothness_private.h - what the parts of the page of smoothness share
 */
#ifndef AQ_VIEW_SMOOTHNESS_PRIVATE_H
#define AQ_VIEW_SMOOTHNESS_PRIVATE_H

#include "draw/page.h"
#include "view/filters.h"
#include "view/smoothness.h"

enum { AQ_SMOOTHNESS_WIDTH = 1240 };

struct aq_smoothness {
	const struct aq_smoothness_args *args;
	struct aq_filters filters;
	double most_high, most_variation; /* ends of the axes */
	int smooth, noisy;		  /* filters, at the end */
	int side;			  /* pixels of a filter on its card */
};

enum { AQ_HIGH, AQ_VARIATION };

static inline float aq_smoothness_value(const struct aq_smoothness *s, int measure, int filter,
					size_t moment)
{
	const struct aq_filters *f = &s->filters;
	return (measure == AQ_HIGH ? f->high : f->variation)[(size_t)filter * f->moments + moment];
}

/* One filter of `all`. */
static inline const float *aq_smoothness_filter(const struct aq_smoothness *s, const float *all,
						int filter)
{
	const struct aq_tensor *t = &s->filters.shape;
	return all + (size_t)filter * (size_t)t->maps * (size_t)t->height * (size_t)t->width;
}

/* All filters at the last step by `high`, each where it lies. */
int aq_smoothness_heap(const struct aq_smoothness *s, struct aq_page *page) AQ_CHECKED;

#endif
