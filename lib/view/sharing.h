/* SPDX-License-Identifier: MIT
 *
 * sharing.h - the sum that the gradient of one weight is, term by term
 *
 * Of a convolution: what the weight read at each place of one example, times delta there, and the
 * patches that weigh most.  Of a dense layer: one term an example, and the pictures that weigh
 * most.
 */
#ifndef AQ_VIEW_SHARING_H
#define AQ_VIEW_SHARING_H

#include "view/credit.h"

#include <stdint.h>

struct aq_sharing_args {
	const char *snap;
	const char *weight; /* "conv1[3,0,2,1]", "dense1[3,17]" */
	int64_t example;    /* of a convolution: which one */
	const char *csv;    /* the numbers as well; or NULL */
};

int aq_sharing_draw(const struct aq_sharing_args *args,
		    const struct aq_drawing *drawing) AQ_CHECKED;

#endif
