/* SPDX-License-Identifier: MIT
 *
 * credit.c - where a picture comes from
 */
#include "view/credit.h"

#include "io/provenance.h"

#include <stdio.h>
#include <stdlib.h>

int aq_credit_take(struct aq_credit *credit, struct aq_h5 *file, const char *program,
		   const char *arguments)
{
	int records;
	*credit = (struct aq_credit){ 0 };
	const int rc = aq_history_read(file, &credit->records, &records);
	if (rc < 0)
		return rc;
	/* The newest ones count, should there ever be too many. */
	for (int i = records > AQ_CREDITS ? records - AQ_CREDITS : 0; i < records; i++) {
		char *key = credit->keys[credit->count];
		snprintf(key, sizeof credit->keys[0], "Source %d", i + 1);
		credit->text[credit->count++] = (struct aq_png_text){ key, credit->records[i] };
	}
	credit->text[credit->count++] = (struct aq_png_text){ "Software", program };
	if (*arguments)
		credit->text[credit->count++] = (struct aq_png_text){ "Command", arguments };
	return AQ_OK;
}

void aq_credit_free(struct aq_credit *credit)
{
	free(credit->records);
	credit->records = NULL;
}

int aq_credit_publish(struct aq_h5 *file, struct aq_page *page, const struct aq_drawing *drawing)
{
	struct aq_credit credit = { 0 };
	int rc;
	AQ_TRY(aq_credit_take(&credit, file, drawing->program, drawing->arguments));
	rc = aq_page_write(page, drawing->out, drawing->keep, credit.text, credit.count);
done:
	aq_credit_free(&credit);
	return rc;
}
