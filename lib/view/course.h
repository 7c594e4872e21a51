/* SPDX-License-Identifier: MIT
 *
 * course.h - what curves show of one run: its trace, and its evaluations split by split
 */
#ifndef AQ_VIEW_COURSE_H
#define AQ_VIEW_COURSE_H

#include "base/str.h"
#include "data/dataset.h"
#include "view/trace.h"

struct aq_marks {
	double *x; /* after so many steps */
	float *loss, *error, *top5;
	size_t count;
};

struct aq_course {
	char name[64]; /* the run's, without its ending */
	int64_t steps;
	struct aq_trace trace;
	struct aq_evals evals;
	struct aq_marks split[AQ_SPLITS];
};

/* `smooth` and `log` as for traces. */
int aq_course_read(struct aq_course *course, struct aq_run *run, double smooth, bool log) AQ_CHECKED;
void aq_course_free(struct aq_course *course);

/* Every number as CSV. */
void aq_course_csv_head(struct aq_str *to);
void aq_course_csv(const struct aq_course *course, struct aq_str *to);

#endif
