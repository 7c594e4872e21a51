/* SPDX-License-Identifier: MIT
 *
 * credit.h - where a picture comes from, as the texts it carries
 */
#ifndef AQ_VIEW_CREDIT_H
#define AQ_VIEW_CREDIT_H

#include "base/err.h"
#include "draw/page.h"
#include "io/h5.h"
#include "io/png.h"

enum { AQ_CREDITS = 16 };

/* The commands that led to `file`, oldest first, and the one that draws: keys "Source 1", "Source
 * 2", ..., "Software", "Command". */
struct aq_credit {
	char **records;
	char keys[AQ_CREDITS][24];
	struct aq_png_text text[AQ_CREDITS + 2];
	int count;
};

int aq_credit_take(struct aq_credit *credit, struct aq_h5 *file, const char *program,
		   const char *arguments) AQ_CHECKED;
void aq_credit_free(struct aq_credit *credit);

/* What every picture's command has in common. */
struct aq_drawing {
	const char *out;
	bool keep; /* refuse to replace `out` */
	const char *program, *arguments;
};

/* The page as the picture that the command was to draw, with where it comes from: `file`, and this command. */
int aq_credit_publish(struct aq_h5 *file, struct aq_page *page, const struct aq_drawing *drawing) AQ_CHECKED;

#endif
