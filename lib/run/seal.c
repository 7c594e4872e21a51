/* SPDX-License-Identifier: MIT
 *
 * seal.c - the segments of a finished run become one file
 *
 * Everything is made in a fixed order from what the segments hold, so the bytes of the sealed file do not
 * tell how often the run was stopped.  Full segments are copied chunk by chunk as they are packed.
 */
#include "base/log.h"
#include "run/recorder_private.h"
#include "run/runfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sealing {
	struct aq_recorder *r;
	struct aq_h5 *to;
	struct aq_h5_set **set;
	struct aq_h5_set *eval[AQ_EVAL_COLUMNS];
};

static int open_sets(struct sealing *s)
{
	const struct aq_record *record = s->r->making.record;
	int rc = AQ_OK;
	for (int i = 0; i < record->columns; i++)
		AQ_TRY(aq_h5_make(s->to, record->column[i].name, record->column[i].shape,
				  aq_parts_chunk(&s->r->parts, record, &record->column[i]), true, &s->set[i]));
	for (int i = 0; i < AQ_EVAL_COLUMNS && s->r->most_evals; i++)
		AQ_TRY(aq_h5_make(s->to, aq_eval_columns[i].name, aq_eval_columns[i].shape, 1024, true,
				  &s->eval[i]));
done:
	return rc;
}

static int close_sets(struct sealing *s)
{
	const struct aq_record *record = s->r->making.record;
	int rc = AQ_OK;
	for (int i = 0; i < record->columns; i++) {
		struct aq_h5_set *set = s->set[i];
		s->set[i] = NULL;
		AQ_TRY(aq_h5_finish(set));
		AQ_TRY(aq_runfile_mark(s->to, &record->column[i]));
	}
	for (int i = 0; i < AQ_EVAL_COLUMNS && s->r->most_evals; i++) {
		struct aq_h5_set *set = s->eval[i];
		s->eval[i] = NULL;
		AQ_TRY(aq_h5_finish(set));
	}
	if (s->r->most_evals)
		AQ_TRY(aq_h5_set_text(s->to, "/eval/split", "names", "0 train, 1 val, 2 test"));
done:
	return rc;
}

/* One segment's rows and the state before its first step; of the last one also the state at its end. */
static int add_segment(struct sealing *s, uint64_t index, bool last)
{
	const struct aq_record *record = s->r->making.record;
	char name[AQ_PATH_MOST], checkpoint[64];
	struct aq_h5 *from = NULL;
	struct aq_extent extent;
	int rc;
	aq_parts_segment(&s->r->parts, index, name);
	if (index >= s->r->first_own)
		AQ_TRY(aq_h5_open_own(&from, name, "aquatint-run"));
	else
		AQ_TRY(aq_h5_open(&from, name, "aquatint-run"));
	AQ_TRY(aq_parts_extent(from, &extent));
	for (int i = 0; i < record->columns; i++)
		AQ_TRY(aq_h5_append_from(s->set[i], from, record->column[i].name,
					 aq_column_rows(&record->column[i], extent.steps)));
	for (int i = 0; i < AQ_EVAL_COLUMNS && s->r->most_evals; i++)
		AQ_TRY(aq_h5_append_from(s->eval[i], from, aq_eval_columns[i].name, extent.evals));
	snprintf(checkpoint, sizeof checkpoint, "/checkpoint/%llu", (unsigned long long)extent.first_step);
	AQ_TRY(aq_h5_copy(s->to, from, checkpoint));
	snprintf(checkpoint, sizeof checkpoint, "/checkpoint/%llu",
		 (unsigned long long)(extent.first_step + extent.steps));
	if (last)
		AQ_TRY(aq_h5_copy(s->to, from, checkpoint));
done:
	aq_h5_close(from);
	return rc;
}

static int fill(struct sealing *s)
{
	const struct aq_recorder *r = s->r;
	const uint64_t steps = (uint64_t)r->making.trainer->steps;
	const uint64_t segments = (steps + r->parts.length - 1) / r->parts.length;
	int rc;
	AQ_TRY(aq_runfile_head(s->to, &r->making));
	AQ_TRY(open_sets(s));
	for (uint64_t i = 0; i < segments; i++) {
		AQ_TRY(add_segment(s, i, i + 1 == segments));
		aq_progress("segments sealed", i + 1, segments);
	}
	AQ_TRY(close_sets(s));
done:
	return rc;
}

int aq_recorder_seal(struct aq_recorder *r, const char *out)
{
	struct sealing s = { .r = r };
	const int columns = r->making.record->columns;
	int rc;
	s.set = calloc((size_t)columns, sizeof(struct aq_h5_set *));
	if (!s.set)
		return aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(aq_h5_create(&s.to, out, "aquatint-run", r->making.args->no_clobber));
	AQ_TRY(fill(&s));
	struct aq_h5 *to = s.to;
	s.to = NULL;
	AQ_TRY(aq_h5_publish(to));
	if (aq_parts_remove(r->parts.folder) < 0)
		aq_log(AQ_WARN, "%s; the run itself is complete", aq_story());
done:
	for (int i = 0; i < columns && s.set; i++)
		aq_h5_drop(s.set[i]);
	for (int i = 0; i < AQ_EVAL_COLUMNS; i++)
		aq_h5_drop(s.eval[i]);
	aq_h5_close(s.to);
	free(s.set);
	return rc < 0 ? aq_while(rc, "cannot make %s of %s", out, r->parts.folder) : rc;
}
