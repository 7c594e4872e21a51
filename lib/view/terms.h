/* SPDX-License-Identifier: MIT
 *
 * terms.h - what a snap holds about one weight: the terms of its gradient, and their sums as stored
 */
#ifndef AQ_VIEW_TERMS_H
#define AQ_VIEW_TERMS_H

#include "look/sharing.h"
#include "view/tensor.h"

/* Of a convolution the terms of one example, a map of places; of a dense layer those of all
 * examples, one each. */
struct aq_terms {
	int64_t example; /* of a convolution: whose terms */
	struct aq_gallery gallery;
	const struct aq_layer *layer, *input; /* and the layer it reads */
	struct aq_place place;
	bool is_conv;
	int height, width; /* of the terms: places, or 1 x examples */
	size_t count;
	float *seen, *delta, *terms; /* [height][width] */
	double sum, slack;
	float *stored; /* [examples]: example_grad of the weight */
	float grad;
	int32_t *label;
	char **classes;
	int n_classes;
};

/* `weight`: "conv1[3,0,2,1]", "dense1[3,17]".  AQ_EUSAGE where there is no such weight or example,
 * AQ_EDATA when the file is no snap.  To be freed either way. */
int aq_terms_read(struct aq_terms *terms, const char *snap, const char *weight,
		  int64_t example) AQ_CHECKED;
void aq_terms_free(struct aq_terms *terms);

/* The terms, what they are products of, and the sums of the file, as CSV. */
int aq_terms_csv(const struct aq_terms *terms, const char *path) AQ_CHECKED;

/* The name of an example's class. */
const char *aq_terms_class(const struct aq_terms *terms, int64_t example);

/* Channel, row and column of the input that a dense weight reads. */
void aq_terms_unit(const struct aq_terms *terms, int *c, int *y, int *x);

#endif
