/* SPDX-License-Identifier: MIT
 *
 * embed.h - the examples of a snap, or the filters of a layer, laid out in a plane by t-SNE
 */
#ifndef AQ_VIEW_EMBED_H
#define AQ_VIEW_EMBED_H

#include "view/credit.h"
#include "view/tensor.h"

#include <stdbool.h>

struct aq_embed_args {
	const char *snap, *layer;
	enum aq_of of; /* activation or delta: a point an example; example_grad: of its weight, a
			  point an example; weights and the other gradients: a point an output */
	double perplexity; /* 0: 30, or what the points allow */
	double theta;
	int iterations;
	uint64_t seed;
	bool dots;	 /* no thumbnails */
	const char *csv, *coordinates; /* also a table, an HDF5 file of them; or NULL */
	int threads;
};

int aq_embed_draw(const struct aq_embed_args *args, const struct aq_drawing *drawing) AQ_CHECKED;

#endif
