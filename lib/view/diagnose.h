/* SPDX-License-Identifier: MIT
 *
 * diagnose.h - the numbers of every layer at one step on one page: how large, how spread
 *
 * The plot of MatConvNet's vl_simplenn_diagnose, with bars that reach from the least to the
 * greatest number (there they begin at the mean, and end twice as far off).
 */
#ifndef AQ_VIEW_DIAGNOSE_H
#define AQ_VIEW_DIAGNOSE_H

#include "view/credit.h"
#include "view/tensor.h"

struct aq_diagnose_args {
	const char *snap;
	enum aq_of of;   /* which gradient of the parameters */
	const char *csv; /* every number, too; or NULL */
};

int aq_diagnose_draw(const struct aq_diagnose_args *args,
		     const struct aq_drawing *drawing) AQ_CHECKED;

#endif
