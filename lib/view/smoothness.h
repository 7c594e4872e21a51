/* SPDX-License-Identifier: MIT
 *
 * smoothness.h - whether filters are smooth or noise, in pictures and in numbers over the steps
 */
#ifndef AQ_VIEW_SMOOTHNESS_H
#define AQ_VIEW_SMOOTHNESS_H

#include "view/credit.h"

#include <stdint.h>

struct aq_smoothness_args {
	const char *file, *data; /* a run, snap or weights file; the data of a run, or NULL */
	const char *layer;
	const char *of;	  /* "weights", "grad", ... */
	int64_t from, to; /* of a run: as of a film */
	int64_t frames;
	bool log;
	const char *csv; /* the numbers as well; or NULL */
	int threads;
};

int aq_smoothness_draw(const struct aq_smoothness_args *args,
		       const struct aq_drawing *drawing) AQ_CHECKED;

#endif
