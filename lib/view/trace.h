/* SPDX-License-Identifier: MIT
 *
 * trace.h - loss, error and learning rate of a run over its steps, in bands
 *
 * A run of millions of steps is read in bands of rows; of each band its least, greatest and mean
 * are kept, so that memory does not grow with the run and no extreme is lost.
 */
#ifndef AQ_VIEW_TRACE_H
#define AQ_VIEW_TRACE_H

#include "run/run.h"

/* Of each band; `smooth` is a running mean of `mean`.  All NULL where it was not recorded. */
struct aq_traced {
	float *mean, *least, *most, *smooth;
};

struct aq_trace {
	size_t bands;
	uint64_t *start; /* [bands+1]: band b holds the steps start[b] .. start[b+1]-1 */
	double *x;       /* the middle step of a band */
	struct aq_traced loss, error, top5;
	float *low, *high; /* of the loss, to draw: least and most, reaching half the way to those of the next bands
			    * where there is a gap, so that they form an unbroken envelope */
	float *lr;
	size_t around; /* bands that the running mean goes over */
};

/* Is every step drawn as it was: no mean, and no band around it? */
bool aq_trace_is_bare(const struct aq_trace *trace);

/* What the line is, for a caption: "a running mean over 20 steps". */
void aq_trace_words(const struct aq_trace *trace, bool log, char words[96]);

/* `smooth`: steps of the running mean, 0 for a fiftieth of the run.  With `log` the bands are even
 * on a logarithmic axis of steps counted from 1, x is a number of that axis, and the running mean
 * goes over the same share of it.  AQ_EUSAGE for a run without steps. */
int aq_trace_read_log(struct aq_trace *trace, struct aq_run *run, double smooth,
		      bool log) AQ_CHECKED;
int aq_trace_read(struct aq_trace *trace, struct aq_run *run, double smooth) AQ_CHECKED;
void aq_trace_free(struct aq_trace *trace);

#endif
