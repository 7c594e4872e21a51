/* SPDX-License-Identifier: MIT
 *
 * evals.c - the evaluations of a run
 *
 * Of a folder only the segments are opened in which there must be some: the options say after which steps.
 */
#include "run/run.h"

#include "run/runfile.h"

#include <stdlib.h>

/* ---- when ------------------------------------------------------------------------------------ */

static int64_t interval(const struct aq_run *run)
{
	return run->args.eval_every > 0 ? run->args.eval_every : run->epoch_steps;
}

/* The first one after at least so many steps; the end of a run has one. */
static int64_t due_from(const struct aq_run *run, int64_t steps)
{
	const int64_t each = interval(run), next = (steps + each - 1) / each * each;
	return steps <= run->steps && next > run->steps ? run->steps : next;
}

int64_t aq_run_evaluated(const struct aq_run *run)
{
	return run->done == run->steps ? run->done : run->done / interval(run) * interval(run);
}

/* ---- reading --------------------------------------------------------------------------------- */

static void *grown(void *at, uint64_t count, size_t width)
{
	return reallocarray(at, (size_t)count, width);
}

/* Append rows first .. first+count-1 of the evaluations of one file, which has `steps` steps. */
static int add(struct aq_h5 *file, uint64_t first, uint64_t count, uint64_t steps, struct aq_evals *evals)
{
	const uint64_t all = evals->count + count;
	int rc = AQ_OK;
	void **const at[AQ_EVAL_COLUMNS] = { (void **)&evals->step, (void **)&evals->split,
					     (void **)&evals->loss, (void **)&evals->error,
					     (void **)&evals->top5 };
	if (count > AQ_SPLITS * steps)
		return aq_fail(AQ_EDATA, "%s says it has %llu rows of evaluations in %llu steps",
			       aq_h5_path(file), (unsigned long long)count,
			       (unsigned long long)steps);
	if (count == 0)
		return AQ_OK;
	for (int i = 0; i < AQ_EVAL_COLUMNS; i++) {
		const size_t width = aq_h5_width(&aq_eval_columns[i].shape);
		void *more = grown(*at[i], all, width);
		if (!more)
			return aq_fail(AQ_ENOMEM, "out of memory");
		*at[i] = more;
		AQ_TRY(aq_h5_rows(file, aq_eval_columns[i].name, aq_eval_columns[i].shape, first, count,
				  (char *)more + evals->count * width));
	}
	for (uint64_t i = evals->count; i < all; i++)
		if (evals->split[i] >= AQ_SPLITS)
			return aq_fail(AQ_EDATA, "/eval/split of %s is %d", aq_h5_path(file),
				       evals->split[i]);
	evals->count = all;
done:
	return rc;
}

/* The one after so many steps stands in the segment of the last of them. */
static int read_folder(struct aq_run *run, int64_t first, int64_t last, struct aq_evals *evals)
{
	const int64_t length = (int64_t)run->parts.length;
	int rc = AQ_OK;
	for (int64_t steps = due_from(run, first); steps <= last;) {
		const int64_t index = (steps - 1) / length;
		AQ_TRY(aq_run_segment(run, (uint64_t)index));
		AQ_TRY(add(run->segment, 0, run->extent.evals, run->extent.steps, evals));
		steps = due_from(run, (index + 1) * length + 1);
	}
done:
	return rc;
}

/* Those from `first` on cannot be more than the last so many. */
static int read_file(struct aq_run *run, int64_t first, struct aq_evals *evals)
{
	struct aq_h5_shape shape;
	int rc;
	AQ_TRY(aq_h5_shape(run->file, "/eval/step", &shape));
	const uint64_t count = shape.rank ? shape.dim[0] : 0;
	const uint64_t most = AQ_SPLITS * (uint64_t)((run->done - first) / interval(run) + 2);
	const uint64_t from = count > most ? count - most : 0;
	rc = add(run->file, from, count - from, (uint64_t)run->done, evals);
done:
	return rc;
}

int aq_run_evals(struct aq_run *run, int64_t first, int64_t last, struct aq_evals *evals)
{
	bool there;
	int rc;
	*evals = (struct aq_evals){ 0 };
	first = first > 1 ? first : 1;
	last = last < run->done ? last : run->done;
	AQ_TRY(aq_h5_find(run->file, "/eval/step", &there));
	if (there && first <= last)
		AQ_TRY(run->parts.folder ? read_folder(run, first, last, evals) : read_file(run, first, evals));
done:
	if (rc < 0)
		aq_evals_free(evals);
	return rc;
}

void aq_evals_free(struct aq_evals *evals)
{
	free(evals->step);
	free(evals->split);
	free(evals->loss);
	free(evals->error);
	free(evals->top5);
	*evals = (struct aq_evals){ 0 };
}
