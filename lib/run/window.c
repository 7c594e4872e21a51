/* SPDX-License-Identifier: MIT
 *
 * window.c - the rows of a column one after another
 */
#include "run/window.h"

#include <stdlib.h>

int aq_row_window_open(struct aq_row_window *window, struct aq_run *run, const struct aq_column *column)
{
	enum { SIZE = 1 << 20, MOST_ROWS = 4096 };
	struct aq_h5_shape row = column->shape;
	row.dim[0] = 1;
	*window = (struct aq_row_window){ .run = run, .column = column, .width = aq_h5_bytes(&row) };
	window->room = window->width >= SIZE ? 1 : SIZE / window->width;
	window->room = window->room > MOST_ROWS ? MOST_ROWS : window->room;
	window->data = malloc(window->room * window->width);
	return window->data ? AQ_OK : aq_fail(AQ_ENOMEM, "out of memory");
}

void aq_row_window_close(struct aq_row_window *window)
{
	free(window->data);
	*window = (struct aq_row_window){ 0 };
}

int aq_row_window_at(struct aq_row_window *window, uint64_t row, const void **data)
{
	int rc = AQ_OK;
	if (row < window->first || row >= window->first + window->rows) {
		/* Windows begin at multiples of their room, as chunks do: a chunk is unpacked once.  They
		 * end with a segment: those of other columns are read while it is open. */
		const uint64_t every = window->column->every, length = window->run->parts.length;
		const uint64_t begin = length ? row * every / length * length / every : 0;
		const uint64_t first = begin + (row - begin) / window->room * window->room;
		const uint64_t left = aq_run_rows(window->run, window->column) - first;
		const uint64_t most = left < window->room ? left : window->room;
		const uint64_t rows = aq_run_stretch(window->run, first * every, most * every) / every;
		window->rows = 0;
		AQ_TRY(aq_run_read(window->run, window->column, first, rows, window->data));
		window->first = first;
		window->rows = rows;
	}
	*data = window->data + (row - window->first) * window->width;
done:
	return rc;
}
