/* SPDX-License-Identifier: MIT
 *
 * examples.h - several examples of a snap on their way through all layers: activations and deltas
 */
#ifndef AQ_VIEW_EXAMPLES_H
#define AQ_VIEW_EXAMPLES_H

#include "view/credit.h"

enum { AQ_EXAMPLES_MOST = 16 };

struct aq_examples_args {
	const char *snap;
	const char *which; /* "0,3,5-7"; NULL: the first four */
};

int aq_examples_draw(const struct aq_examples_args *args,
		     const struct aq_drawing *drawing) AQ_CHECKED;

#endif
