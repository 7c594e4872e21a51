/* SPDX-License-Identifier: MIT
 *
 * rows.h - the row of every column after a step: what training writes and what replay compares
 */
#ifndef AQ_RUN_ROWS_H
#define AQ_RUN_ROWS_H

#include "run/record.h"
#include "run/trainer.h"

struct aq_rows;

/* What a trainer must keep for these columns. */
struct aq_wants aq_rows_wants(const struct aq_record *record);

int aq_rows_new(struct aq_rows **rows, const struct aq_record *record, struct aq_trainer *trainer) AQ_CHECKED;
void aq_rows_free(struct aq_rows *rows);

/* After aq_trainer_step(): compute what the columns need. */
void aq_rows_take(struct aq_rows *rows);

/* Does the column have a row for the step just taken?  Its elements, valid until the next call. */
bool aq_rows_due(const struct aq_rows *rows, const struct aq_column *column);
const void *aq_rows_at(struct aq_rows *rows, const struct aq_column *column);

/* The gradient of the step before, which the cosine needs: state that a checkpoint keeps (flat; NULL if no
 * statistics are recorded).  All NaN before the first step. */
aq_real *aq_rows_previous(struct aq_rows *rows);

#endif
