/* SPDX-License-Identifier: MIT
 *
 * plane.h - points in a plane as files: a table, or HDF5 of the format aquatint-embed
 */
#ifndef AQ_VIEW_PLANE_H
#define AQ_VIEW_PLANE_H

#include "io/h5.h"
#include "view/credit.h"
#include "view/tensor.h"

struct aq_plane {
	struct aq_gallery *gallery; /* the snap it is of */
	const char *layer, *of;
	int count;
	const float *y; /* [count][2] */
	double perplexity, theta, divergence;
	int iterations;
	uint64_t seed;

	/* where points are examples, else NULL */
	const int32_t *label;
	const uint64_t *index;
	const char *split;
	const char *const *classes;
	int n_classes;
};

/* A line a point: point,x,y, of examples point,split,index,label,class,x,y. */
int aq_plane_csv(const struct aq_plane *plane, const char *path) AQ_CHECKED;

/* As schemas/embed.schema says; with the history of the snap, and `drawing` as the last command. */
int aq_plane_write(const struct aq_plane *plane, const char *path,
		   const struct aq_drawing *drawing) AQ_CHECKED;

#endif
