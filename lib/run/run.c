/* SPDX-License-Identifier: MIT
 *
 * run.c - a run opened for reading
 */
#include "run/run.h"

#include "io/file.h"
#include "run/params.h"
#include "run/runfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- opening --------------------------------------------------------------------------------- */

int aq_run_segment(struct aq_run *run, uint64_t index)
{
	char name[AQ_PATH_MOST];
	struct aq_h5 *file = NULL;
	struct aq_extent extent;
	int rc;
	if (run->segment && run->index == index)
		return AQ_OK;
	aq_h5_close(run->segment);
	run->segment = NULL;
	aq_parts_segment(&run->parts, index, name);
	if (!aq_file_exists(name))
		return aq_fail(AQ_EDATA, "segment %llu of %s is missing", (unsigned long long)index, run->path);
	AQ_TRY(aq_h5_open(&file, name, "aquatint-run"));
	AQ_TRY(aq_parts_extent(file, &extent));
	if (extent.first_step != index * run->parts.length || extent.steps > run->parts.length) {
		rc = aq_fail(AQ_EDATA, "%s does not belong to the run it lies with", name);
		goto done;
	}
	run->segment = file;
	run->index = index;
	run->extent = extent;
	file = NULL;
done:
	aq_h5_close(file);
	return rc;
}

/* Steps that a folder holds: segments are full but for the last, which is found by doubling and
 * halving, so that a long run opens as fast as a short one. */
static int count_steps(struct aq_run *run)
{
	uint64_t there = 0, missing = 1;
	char name[AQ_PATH_MOST];
	int rc;
	for (aq_parts_segment(&run->parts, missing, name); aq_file_exists(name);
	     aq_parts_segment(&run->parts, missing, name)) {
		there = missing;
		missing *= 2;
	}
	while (missing - there > 1) {
		const uint64_t middle = there + (missing - there) / 2;
		aq_parts_segment(&run->parts, middle, name);
		if (aq_file_exists(name))
			there = middle;
		else
			missing = middle;
	}
	aq_parts_segment(&run->parts, there, name);
	if (there == 0 && !aq_file_exists(name))
		return AQ_OK; /* it has only begun */
	AQ_TRY(aq_run_segment(run, there));
	run->done = (int64_t)(run->extent.first_step + run->extent.steps);
	if (run->done > run->steps)
		rc = aq_fail(AQ_EDATA, "%s has steps behind the last one, %lld", aq_h5_path(run->segment),
			     (long long)run->steps);
done:
	return rc;
}

static int find_file(struct aq_run *run, const char *path)
{
	char name[AQ_PATH_MOST];
	bool is_index;
	int rc;
	if (aq_file_is_folder(path)) {
		if (snprintf(name, sizeof name, "%s/run.h5", path) >= (int)sizeof name)
			return aq_fail(AQ_EUSAGE, "the name of the run is too long");
		run->parts.folder = strdup(path);
		if (!run->parts.folder)
			return aq_fail(AQ_ENOMEM, "out of memory");
		return aq_h5_open(&run->file, name, "aquatint-run");
	}
	snprintf(name, sizeof name, "%s.part", path);
	if (!aq_file_exists(path) && aq_file_is_folder(name))
		return aq_fail(AQ_ENOINPUT,
			       "%s is not finished yet; what there is of it is in %s, name that",
			       path, name);
	AQ_TRY(aq_h5_open(&run->file, path, "aquatint-run"));
	/* the index of a folder stands for the folder: what it points to is read there */
	AQ_TRY(aq_h5_find_attr(run->file, "/", "segment_steps", &is_index));
	if (is_index) {
		const char *slash = strrchr(path, '/');
		run->parts.folder = slash ? strndup(path, (size_t)(slash - path)) : strdup(".");
		if (!run->parts.folder)
			return aq_fail(AQ_ENOMEM, "out of memory");
	}
done:
	return rc;
}

static int read_head(struct aq_run *run)
{
	int64_t length = 0, init = 0;
	int rc;
	AQ_TRY(aq_h5_get_text(run->file, "/net", &run->net_text));
	AQ_TRY(aq_net_parse(&run->net, run->net_text, "/net"));
	AQ_TRY(aq_options_read(run->file, &run->args, &run->data_digest, &run->option_texts));
	AQ_TRY(aq_h5_attr_int(run->file, "/options", "init_digest", &init));
	run->init_digest = (uint32_t)init;
	AQ_TRY(aq_h5_attr_int(run->file, "/", "steps", &run->steps));
	AQ_TRY(aq_h5_attr_int(run->file, "/", "epoch_steps", &run->epoch_steps));
	if (run->steps < 0 || run->steps > AQ_MOST_STEPS || run->epoch_steps < 1)
		return aq_fail(AQ_EDATA, "its %lld steps and epochs of %lld steps cannot be",
			       (long long)run->steps, (long long)run->epoch_steps);
	AQ_TRY(aq_record_plan(&run->record, &run->args.record, run->net, run->mem));
	AQ_TRY(aq_runfile_fit(run->file, &run->record));
	if (!run->parts.folder) {
		struct aq_h5_shape shape;
		AQ_TRY(aq_h5_shape(run->file, "/step", &shape));
		if (shape.rank != 1 || shape.dim[0] > (uint64_t)run->steps)
			return aq_fail(AQ_EDATA, "/step does not fit the %lld steps it should have",
				       (long long)run->steps);
		run->done = (int64_t)shape.dim[0];
		return AQ_OK;
	}
	AQ_TRY(aq_h5_attr_int(run->file, "/", "segment_steps", &length));
	if (length < 1 || (uint64_t)length % run->record.common)
		return aq_fail(AQ_EDATA, "segment_steps is %lld", (long long)length);
	run->parts.length = (uint64_t)length;
	AQ_TRY(count_steps(run));
done:
	return rc;
}

int aq_run_open(struct aq_run **out, const char *path)
{
	int rc;
	*out = NULL;
	struct aq_run *run = calloc(1, sizeof *run);
	if (!run)
		return aq_fail(AQ_ENOMEM, "out of memory");
	run->parts.lock = -1;
	run->path = strdup(path);
	run->mem = aq_arena_new();
	if (!run->path || !run->mem) {
		rc = aq_fail(AQ_ENOMEM, "out of memory");
		goto done;
	}
	AQ_TRY(find_file(run, path));
	AQ_TRY(read_head(run));
	*out = run;
	return AQ_OK;
done:
	aq_run_close(run);
	return aq_while(rc, "cannot open the run %s", path);
}

void aq_run_close(struct aq_run *run)
{
	if (!run)
		return;
	aq_h5_close(run->segment);
	aq_h5_close(run->file);
	aq_parts_leave(&run->parts);
	aq_net_free(run->net);
	aq_arena_free(run->mem);
	free(run->net_text);
	free(run->option_texts);
	free(run->path);
	free(run);
}

/* ---- columns --------------------------------------------------------------------------------- */

const struct aq_column *aq_run_column(const struct aq_run *run, enum aq_what what, int param,
				      int part)
{
	for (int i = 0; i < run->record.columns; i++) {
		const struct aq_column *column = &run->record.column[i];
		if (column->what == what && column->part == part &&
		    (!column->param || column->param_index == param))
			return column;
	}
	return NULL;
}

const struct aq_column *aq_run_find(const struct aq_run *run, const char *name)
{
	for (int i = 0; i < run->record.columns; i++)
		if (strcmp(run->record.column[i].name, name) == 0)
			return &run->record.column[i];
	return NULL;
}

uint64_t aq_run_rows(const struct aq_run *run, const struct aq_column *column)
{
	return aq_column_rows(column, (uint64_t)run->done);
}

int aq_run_read(struct aq_run *run, const struct aq_column *column, uint64_t first, uint64_t rows,
		void *data)
{
	struct aq_h5_shape row = column->shape;
	int rc = AQ_OK;
	row.dim[0] = 1;
	const uint64_t width = aq_h5_bytes(&row), has = aq_run_rows(run, column);
	if (first > has || rows > has - first)
		return aq_fail(AQ_EUSAGE, "%s of %s has %llu rows, %llu were asked for",
			       column->name, run->path, (unsigned long long)has,
			       (unsigned long long)(first + rows));
	if (!run->parts.folder)
		return aq_h5_rows(run->file, column->name, row, first, rows, data);

	const uint64_t each = run->parts.length / column->every;
	while (rows > 0) {
		const uint64_t at = first % each, part = rows < each - at ? rows : each - at;
		AQ_TRY(aq_run_segment(run, first / each));
		AQ_TRY(aq_h5_rows(run->segment, column->name, row, at, part, data));
		first += part;
		rows -= part;
		data = (char *)data + part * width;
	}
done:
	return rc;
}

uint64_t aq_run_stretch(const struct aq_run *run, uint64_t step, uint64_t most)
{
	const uint64_t length = run->parts.length, left = run->parts.folder ? length - step % length : most;
	return left < most ? left : most;
}

/* ---- steps and checkpoints ------------------------------------------------------------------- */

int aq_run_step(const struct aq_run *run, int64_t wanted, int64_t *step)
{
	*step = wanted < 0 ? run->done + wanted : wanted;
	if (*step < 0 || *step > run->done)
		return aq_fail(AQ_EUSAGE, "%s has no step %lld: its steps are 0 to %lld%s",
			       run->path, (long long)wanted, (long long)run->done - 1,
			       run->done < run->steps ? "; it is not finished" : "");
	return AQ_OK;
}

int aq_run_checkpoint(struct aq_run *run, int64_t step, int64_t *found)
{
	char **names = NULL;
	int count = 0, rc = AQ_OK;
	*found = -1;
	if (run->parts.folder) {
		const int64_t length = (int64_t)run->parts.length;
		*found = step >= run->done ? run->done : step / length * length;
		return AQ_OK;
	}
	AQ_TRY(aq_h5_list(run->file, "/checkpoint", AQ_H5_GROUP, &names, &count));
	for (int i = 0; i < count; i++) {
		char *end;
		const long long at = strtoll(names[i], &end, 10);
		if (*end == '\0' && at <= step && at > *found)
			*found = at;
	}
	if (*found < 0)
		rc = aq_fail(AQ_EDATA, "%s has no checkpoint at or before step %lld", run->path,
			     (long long)step);
done:
	free(names);
	return rc;
}

int aq_run_state(struct aq_run *run, int64_t step, struct aq_trainer *trainer, aq_real *previous)
{
	char prefix[64];
	const struct aq_state state = aq_state_of(trainer, previous);
	int rc = AQ_OK;
	snprintf(prefix, sizeof prefix, "/checkpoint/%lld", (long long)step);
	if (!run->parts.folder) {
		AQ_TRY(aq_state_read(run->file, prefix, &state));
	} else {
		const uint64_t at = (uint64_t)step, length = run->parts.length;
		/* The state behind the last row of a full segment stands in that one. */
		const uint64_t index =
			step == run->done && at > 0 ? (at - 1) / length : at / length;
		AQ_TRY(aq_run_segment(run, index));
		AQ_TRY(aq_state_read(run->segment, prefix, &state));
	}
	trainer->step = step;
	aq_trainer_ready(trainer);
done:
	return rc;
}
