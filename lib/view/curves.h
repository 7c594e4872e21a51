/* SPDX-License-Identifier: MIT
 *
 * curves.h - loss, error and learning rate of one or several runs over their steps
 */
#ifndef AQ_VIEW_CURVES_H
#define AQ_VIEW_CURVES_H

#include "base/opt.h"
#include "view/credit.h"

#include <stdbool.h>

struct aq_curves_args {
	const struct aq_texts *runs;
	const char *csv; /* every number, too; or NULL */
	bool log;        /* logarithmic loss */
	bool log_steps;
	double smooth;   /* steps of the running mean; 0: a fiftieth of the run */
};

int aq_curves_draw(const struct aq_curves_args *args, const struct aq_drawing *drawing) AQ_CHECKED;

#endif
