/* SPDX-License-Identifier: MIT
 *
 * window.h - the rows of a column one after another, read a chunk's worth at a time
 */
#ifndef AQ_RUN_WINDOW_H
#define AQ_RUN_WINDOW_H

#include "run/run.h"

struct aq_row_window {
	struct aq_run *run;
	const struct aq_column *column;
	uint64_t first, rows, room; /* what `data` holds, and could */
	size_t width;		    /* bytes of a row */
	char *data;
};

/* Room for about 1 MiB of rows, at least one. */
int aq_row_window_open(struct aq_row_window *window, struct aq_run *run,
		   const struct aq_column *column) AQ_CHECKED;
void aq_row_window_close(struct aq_row_window *window);

/* Row `row`, valid until the next call; rows must be asked for in rising order to be cheap. */
int aq_row_window_at(struct aq_row_window *window, uint64_t row, const void **data) AQ_CHECKED;

#endif
