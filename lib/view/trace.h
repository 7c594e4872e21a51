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
	uint64_t *start;             /* [bands+1]: band b holds the steps start[b] .. start[b+1]-1 */
	double *x;                   /* the middle step of a band */
	float *mean, *least, *most;  /* of the loss */
	float *low, *high, *smooth;  /* to draw: least and most reaching to the next band's, so that
				      * they form an unbroken envelope; a running mean */
	float *lr;
};

/* `smooth`: steps of the running mean, 0 for a fiftieth of the run.  With `log` the bands are even
 * on a logarithmic axis of steps counted from 1, x is a number of that axis, and the running mean
 * goes over the same share of it.  AQ_EUSAGE for a run without steps. */
int aq_trace_read_log(struct aq_trace *trace, struct aq_run *run, double smooth,
		      bool log) AQ_CHECKED;
int aq_trace_read(struct aq_trace *trace, struct aq_run *run, double smooth) AQ_CHECKED;
void aq_trace_free(struct aq_trace *trace);

#endif
