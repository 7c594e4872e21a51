/* SPDX-License-Identifier: MIT
 *
 * report_private.h - what the parts of a report are written from; for report*.c alone
 *
 * Each part is a word within double braces in report/page.html, and a function that puts its text
 * there.
 */
#ifndef AQ_VIEW_REPORT_PRIVATE_H
#define AQ_VIEW_REPORT_PRIVATE_H

#include "run/rules.h"
#include "view/album.h"
#include "view/course.h"
#include "view/html.h"
#include "view/report.h"

struct aq_report {
	const struct aq_report_args *args;
	const struct aq_drawing *drawing;
	struct aq_album album;
	struct aq_run *run; /* the album's */
	struct aq_course course;
	struct aq_findings findings;
	char name[128]; /* of the run, without its endings */
	struct aq_str csv; /* the numbers of the parts written so far, in the columns of aq_course_csv_head() */
};

/* A line of the table: what, of what, at which step or steps; NAN for numbers that it has not. */
void aq_report_line(struct aq_report *r, const char *what, const char *of, unsigned long long first,
		    unsigned long long last, double value, double min, double max);

/* Words and tables. */
int aq_report_summary(struct aq_report *r, struct aq_str *to) AQ_CHECKED;
int aq_report_findings(struct aq_report *r, struct aq_str *to) AQ_CHECKED;
int aq_report_network(struct aq_report *r, struct aq_str *to) AQ_CHECKED;
int aq_report_options(struct aq_report *r, struct aq_str *to) AQ_CHECKED;
int aq_report_history(struct aq_report *r, struct aq_str *to) AQ_CHECKED;

/* Curves, and all layers over all steps. */
int aq_report_curves(struct aq_report *r, struct aq_str *to) AQ_CHECKED;

int aq_report_flow(struct aq_report *r, struct aq_str *to) AQ_CHECKED;

/* Pictures laid out by what the last layer but one makes of them; nothing without data. */
int aq_report_embed(struct aq_report *r, struct aq_str *to) AQ_CHECKED;
int aq_report_embed_link(struct aq_report *r, struct aq_str *to) AQ_CHECKED;

/* Every layer at the chosen steps: what is seen, and the numbers behind it. */
int aq_report_layers(struct aq_report *r, struct aq_str *to) AQ_CHECKED;
int aq_report_examples(struct aq_report *r, struct aq_str *to) AQ_CHECKED;
int aq_report_numbers(struct aq_report *r, struct aq_str *to) AQ_CHECKED;

/* 1,234,567 */
void aq_report_count(struct aq_str *to, long long count);

#endif
