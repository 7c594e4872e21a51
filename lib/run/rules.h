/* SPDX-License-Identifier: MIT
 *
 * rules.h - what is wrong with a training, in words, with the step and the layer
 *
 * Rules of thumb, most of them from Stanford's CS231n ("Neural networks part 3"), read off what a
 * run has recorded.  A healthy run has no findings.  What cannot be judged, since it was not
 * recorded or there are too few steps, is said as well.
 */
#ifndef AQ_RUN_RULES_H
#define AQ_RUN_RULES_H

#include "base/str.h"
#include "run/run.h"

/*	start      the loss of the first step is not ln(classes): the first weights are too large
 *	exploding  gradients a hundred times those of the start while the loss grows, or not finite
 *	vanishing  the gradient of a layer is a thousandth of the last one's
 *	dead       layers, or many of their filters, that no gradient reaches any more
 *	ratio      a step changes more than 1e-2 (5e-2 with solvers that scale each weight's step) or
 *	           less than 1e-4 of the weights' length, in more than half of the layers, or three
 *	           times that in one
 *	plateau    the loss stands still, and not because there is nothing left to learn
 *	rising     the loss has become worse again
 *	noise      the first layer cannot be told from random weights
 */
struct aq_finding {
	const char *rule;
	char layer[64]; /* "" where it is about all of the network */
	int64_t step;	/* since when, as exactly as is known */
	char words[400];
};

struct aq_findings {
	struct aq_finding *at;
	int count;
	struct aq_str notes; /* what was not judged, a line each */
};

int aq_rules_apply(const char *run, struct aq_findings *findings) AQ_CHECKED;
void aq_findings_free(struct aq_findings *findings);

#endif
