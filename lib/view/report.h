/* SPDX-License-Identifier: MIT
 *
 * report.h - a run as one page for a browser, with everything inside
 *
 * No network, no other file: pictures, numbers, style and script are part of the page.  Without
 * scripts it shows a few of the steps.  The same run gives the same bytes.
 */
#ifndef AQ_VIEW_REPORT_H
#define AQ_VIEW_REPORT_H

#include "view/credit.h"

#include <stdbool.h>
#include <stdint.h>

struct aq_report_args {
	const char *run;
	const char *data;     /* for activations and the embedding; or NULL */
	const char *examples; /* "test:0-2"; NULL: the first two of the test split */
	int64_t frames;	      /* steps that can be chosen on the page, at the most */
	bool log;	      /* dense at the beginning */
	int threads;
	const char *csv;      /* the numbers of all plots there, too; or NULL */
};

int aq_report_write(const struct aq_report_args *args, const struct aq_drawing *drawing) AQ_CHECKED;

#endif
