/* SPDX-License-Identifier: MIT
 *
 * recorder.c - keeps the rows of a run in segments
 *
 * A segment under way is a temporary with one open set for each column.  Publishing it writes the state
 * behind its last row, so that the run can go on from there, and closes it; going on in the same segment
 * means to begin it again with a copy of what was published.
 */
#include "run/recorder.h"

#include "base/log.h"
#include "io/file.h"
#include "run/params.h"
#include "run/recorder_private.h"
#include "run/runfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a segment ------------------------------------------------------------------------------------- */

static void drop_sets(struct aq_recorder *r)
{
	for (int i = 0; i < r->making.record->columns; i++) {
		aq_h5_drop(r->set[i]);
		r->set[i] = NULL;
	}
	for (int i = 0; i < AQ_EVAL_COLUMNS; i++) {
		aq_h5_drop(r->eval[i]);
		r->eval[i] = NULL;
	}
}

/* The step that follows the last row. */
static uint64_t next_step(const struct aq_recorder *r)
{
	return r->extent.first_step + r->extent.steps;
}

static int write_state(struct aq_recorder *r, const struct aq_state *state)
{
	char prefix[64];
	snprintf(prefix, sizeof prefix, "/checkpoint/%llu", (unsigned long long)next_step(r));
	return aq_state_write(r->file, prefix, state);
}

static int make_sets(struct aq_recorder *r)
{
	const struct aq_record *record = r->making.record;
	int rc = AQ_OK;
	for (int i = 0; i < record->columns; i++) {
		const struct aq_column *column = &record->column[i];
		struct aq_h5_shape shape = column->shape;
		shape.dim[0] = r->parts.length / column->every;
		AQ_TRY(aq_h5_make(r->file, column->name, shape, aq_parts_chunk(&r->parts, record, column), false,
				  &r->set[i]));
	}
	for (int i = 0; i < AQ_EVAL_COLUMNS && r->most_evals; i++) {
		struct aq_h5_shape shape = aq_eval_columns[i].shape;
		shape.dim[0] = r->most_evals;
		AQ_TRY(aq_h5_make(r->file, aq_eval_columns[i].name, shape, r->most_evals, false, &r->eval[i]));
	}
done:
	return rc;
}

/* Begin segment `index` at its first step, where `state` belongs. */
static int begin_segment(struct aq_recorder *r, uint64_t index, const struct aq_state *state)
{
	char name[AQ_PATH_MOST];
	int rc;
	r->index = index;
	r->extent = (struct aq_extent){ .first_step = index * r->parts.length };
	aq_parts_segment(&r->parts, index, name);
	AQ_TRY(aq_h5_create(&r->file, name, "aquatint-run", false));
	AQ_TRY(write_state(r, state));
	AQ_TRY(make_sets(r));
done:
	return rc;
}

/* Begin segment `index` again with what was published of it. */
static int begin_again(struct aq_recorder *r, uint64_t index, struct aq_h5 *from, struct aq_extent had)
{
	char name[AQ_PATH_MOST], first[64];
	int rc;
	r->index = index;
	r->extent = (struct aq_extent){ .first_step = index * r->parts.length };
	aq_parts_segment(&r->parts, index, name);
	AQ_TRY(aq_h5_create(&r->file, name, "aquatint-run", false));
	snprintf(first, sizeof first, "/checkpoint/%llu", (unsigned long long)next_step(r));
	AQ_TRY(aq_h5_copy(r->file, from, first));
	AQ_TRY(make_sets(r));
	for (int i = 0; i < r->making.record->columns; i++) {
		const struct aq_column *column = &r->making.record->column[i];
		AQ_TRY(aq_h5_append_from(r->set[i], from, column->name, aq_column_rows(column, had.steps)));
	}
	for (int i = 0; i < AQ_EVAL_COLUMNS && r->most_evals; i++)
		AQ_TRY(aq_h5_append_from(r->eval[i], from, aq_eval_columns[i].name, had.evals));
	r->extent = had;
done:
	return rc;
}

/* Publish the segment under way; `state` is that behind its last row. */
static int end_segment(struct aq_recorder *r, const struct aq_state *state)
{
	int rc = AQ_OK;
	if (r->extent.steps > 0)
		AQ_TRY(write_state(r, state));
	for (int i = 0; i < r->making.record->columns; i++) {
		struct aq_h5_set *set = r->set[i];
		r->set[i] = NULL;
		AQ_TRY(aq_h5_finish(set));
	}
	for (int i = 0; i < AQ_EVAL_COLUMNS && r->most_evals; i++) {
		struct aq_h5_set *set = r->eval[i];
		r->eval[i] = NULL;
		AQ_TRY(aq_h5_finish(set));
	}
	AQ_TRY(aq_h5_set_int(r->file, "/", "first_step", (int64_t)r->extent.first_step));
	AQ_TRY(aq_h5_set_int(r->file, "/", "steps", (int64_t)r->extent.steps));
	AQ_TRY(aq_h5_set_int(r->file, "/", "evals", (int64_t)r->extent.evals));
	struct aq_h5 *file = r->file;
	r->file = NULL;
	rc = aq_h5_publish(file);
done:
	return rc;
}

/* Go on in segment `index`, which was published with `had` steps. */
static int reopen_segment(struct aq_recorder *r, uint64_t index)
{
	char name[AQ_PATH_MOST];
	struct aq_h5 *from = NULL;
	struct aq_extent had;
	int rc;
	aq_parts_segment(&r->parts, index, name);
	AQ_TRY(aq_h5_open_own(&from, name, "aquatint-run"));
	AQ_TRY(aq_parts_extent(from, &had));
	AQ_TRY(begin_again(r, index, from, had));
done:
	aq_h5_close(from);
	return rc;
}

/* ---- beginning ------------------------------------------------------------------------------------- */

static int write_index(struct aq_recorder *r)
{
	const struct aq_record *record = r->making.record;
	char name[AQ_PATH_MOST];
	struct aq_h5 *file = NULL;
	int rc;
	snprintf(name, sizeof name, "%s/run.h5", r->parts.folder);
	AQ_TRY(aq_h5_create(&file, name, "aquatint-run", false));
	AQ_TRY(aq_runfile_head(file, &r->making));
	AQ_TRY(aq_h5_set_int(file, "/", "segment_steps", (int64_t)r->parts.length));
	for (int i = 0; i < record->columns; i++) {
		const struct aq_column *column = &record->column[i];
		struct aq_h5_shape row = column->shape;
		row.dim[0] = 1;
		AQ_TRY(aq_h5_virtual(file, column->name, row, r->parts.length / column->every, "segment-%b.h5"));
		AQ_TRY(aq_runfile_mark(file, column));
	}
	for (int i = 0; i < AQ_EVAL_COLUMNS && r->most_evals; i++) {
		struct aq_h5_shape row = aq_eval_columns[i].shape;
		row.dim[0] = 1;
		AQ_TRY(aq_h5_virtual(file, aq_eval_columns[i].name, row, r->most_evals, "segment-%b.h5"));
	}
	struct aq_h5 *whole = file;
	file = NULL;
	rc = aq_h5_publish(whole);
done:
	aq_h5_close(file);
	return rc;
}

/* The state behind the last row of a published segment, into the trainer. */
static int load_state(struct aq_h5 *segment, struct aq_extent extent, struct aq_trainer *trainer,
		      const struct aq_state *state)
{
	char prefix[64];
	const uint64_t step = extent.first_step + extent.steps;
	snprintf(prefix, sizeof prefix, "/checkpoint/%llu", (unsigned long long)step);
	const int rc = aq_state_read(segment, prefix, state);
	aq_trainer_ready(trainer);
	trainer->step = (int64_t)step;
	return rc;
}

/* Find the segment to go on in, set the trainer to it and begin it. */
static int take_up(struct aq_recorder *r, const struct aq_state *state)
{
	char name[AQ_PATH_MOST];
	struct aq_h5 *file = NULL;
	int rc = AQ_OK;
	uint64_t index = 0;
	struct aq_extent extent = { 0 };
	for (;; index++) {
		aq_parts_segment(&r->parts, index, name);
		if (!aq_file_exists(name))
			break;
		aq_h5_close(file);
		file = NULL;
		AQ_TRY(aq_h5_open(&file, name, "aquatint-run"));
		AQ_TRY(aq_parts_extent(file, &extent));
		if (extent.steps < r->parts.length)
			break;
	}
	r->first_own = index;
	if (file)
		AQ_TRY(load_state(file, extent, r->making.trainer, state));
	if (file && extent.steps < r->parts.length)
		AQ_TRY(begin_again(r, index, file, extent));
	else
		AQ_TRY(begin_segment(r, index, state));
	aq_log(AQ_INFO, "going on at step %lld", (long long)r->making.trainer->step);
done:
	aq_h5_close(file);
	return rc;
}

static int start(struct aq_recorder *r, bool resume)
{
	const struct aq_making *m = &r->making;
	const struct aq_state state = aq_state_of(m->trainer, aq_rows_previous(m->rows));
	char index[AQ_PATH_MOST];
	int rc;
	snprintf(index, sizeof index, "%s/run.h5", r->parts.folder);
	if (resume && aq_file_exists(index)) {
		AQ_TRY(aq_runfile_same(index, m));
		return take_up(r, &state);
	}
	AQ_TRY(write_index(r));
	AQ_TRY(begin_segment(r, 0, &state));
	AQ_TRY(aq_recorder_save(r, &state, true));
done:
	return rc;
}

/* A folder that was made for nothing goes away again. */
static void forsake(struct aq_recorder *r)
{
	struct aq_parts parts = r->parts;
	r->parts = (struct aq_parts){ .lock = -1 };
	aq_recorder_free(r);
	if (parts.made && aq_parts_remove(parts.folder) < 0)
		aq_log(AQ_WARN, "%s is left behind", parts.folder);
	aq_parts_leave(&parts);
}

int aq_recorder_new(struct aq_recorder **out, const struct aq_making *making, const char *folder, bool resume)
{
	int rc;
	*out = NULL;
	struct aq_recorder *r = calloc(1, sizeof *r);
	if (!r)
		return aq_fail(AQ_ENOMEM, "out of memory");
	r->making = *making;
	r->parts.lock = -1;
	r->set = calloc((size_t)making->record->columns, sizeof *r->set);
	if (!r->set) {
		rc = aq_fail(AQ_ENOMEM, "out of memory");
		goto done;
	}
	r->most_evals = aq_runfile_evals(making);
	AQ_TRY(aq_parts_enter(&r->parts, folder, aq_parts_length((uint64_t)making->args->checkpoint_every,
								 making->record)));
	AQ_TRY(start(r, resume));
	*out = r;
	return AQ_OK;
done:
	aq_while(rc, "cannot record into %s", folder);
	forsake(r);
	return rc;
}

void aq_recorder_free(struct aq_recorder *r)
{
	if (!r)
		return;
	if (r->set)
		drop_sets(r);
	aq_h5_close(r->file);
	aq_parts_leave(&r->parts);
	free(r->set);
	free(r);
}

/* ---- going on -------------------------------------------------------------------------------------- */

int aq_recorder_row(struct aq_recorder *r, int column, const void *elements)
{
	return aq_h5_append(r->set[column], 1, elements);
}

void aq_recorder_stepped(struct aq_recorder *r)
{
	r->extent.steps++;
}

int aq_recorder_eval(struct aq_recorder *r, const struct aq_eval *eval)
{
	const void *const row[AQ_EVAL_COLUMNS] = { &eval->step, &eval->split, &eval->loss, &eval->error,
						   &eval->top5 };
	int rc = AQ_OK;
	for (int i = 0; i < AQ_EVAL_COLUMNS; i++)
		AQ_TRY(aq_h5_append(r->eval[i], 1, row[i]));
	r->extent.evals++;
done:
	return rc;
}

uint64_t aq_recorder_length(const struct aq_recorder *r)
{
	return r->parts.length;
}

int aq_recorder_turn(struct aq_recorder *r, const struct aq_state *state)
{
	int rc;
	const bool last = next_step(r) >= (uint64_t)r->making.trainer->steps;
	AQ_TRY(end_segment(r, state));
	if (!last)
		AQ_TRY(begin_segment(r, r->index + 1, state));
done:
	return rc;
}

int aq_recorder_save(struct aq_recorder *r, const struct aq_state *state, bool go_on)
{
	int rc = AQ_OK;
	if (!r->file)
		return AQ_OK;
	AQ_TRY(end_segment(r, state));
	if (go_on)
		AQ_TRY(reopen_segment(r, r->index));
done:
	return rc;
}
