/* SPDX-License-Identifier: MIT
 *
 * flow.h - all layers over all steps of a run on one page
 *
 * Heat maps, a row a layer: the norm of the gradient, how much a step changes the weights, how many
 * of the gradient's numbers are 0, and whether it points where the one before pointed; the loss
 * above them, on the same axis of steps.
 */
#ifndef AQ_VIEW_FLOW_H
#define AQ_VIEW_FLOW_H

#include "view/credit.h"

#include <stdbool.h>

struct aq_flow_args {
	const char *run;
	const char *param; /* "weight", "bias" */
	const char *csv;   /* also write the numbers there, or NULL */
	bool log;	   /* logarithmic axis of steps */
};

int aq_flow_draw(const struct aq_flow_args *args, const struct aq_drawing *drawing) AQ_CHECKED;

#endif
