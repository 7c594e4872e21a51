/* SPDX-License-Identifier: MIT
 *
 * trace.h - loss and learning rate of a run over its steps, in bands
 *
 * A run of millions of steps is read in bands of rows; of each band its least, greatest and mean
 * are kept, so that memory does not grow with the run and no extreme is lost.
 */
#ifndef AQ_VIEW_TRACE_H
#define AQ_VIEW_TRACE_H

#include "run/run.h"

struct aq_trace {
	size_t bands;
	double *x;			   /* the middle step of a band */
	float *mean, *low, *high, *smooth; /* of the loss; smooth: running mean */
	float *lr;
};

/* `smooth`: steps of the running mean, 0 for a fiftieth of the run.  AQ_EUSAGE for a run without
 * steps. */
int aq_trace_read(struct aq_trace *trace, struct aq_run *run, double smooth) AQ_CHECKED;
void aq_trace_free(struct aq_trace *trace);

#endif
