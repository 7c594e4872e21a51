/* SPDX-License-Identifier: MIT
 *
 * runfile.c - what all files of a run have in common: the head and the evaluations
 */
#include "run/runfile.h"

#include "io/provenance.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// clang-format off
const struct aq_eval_column aq_eval_columns[AQ_EVAL_COLUMNS] = {
	[AQ_EVAL_STEP]  = { "/eval/step",  { .type = AQ_U64, .rank = 1 } },
	[AQ_EVAL_SPLIT] = { "/eval/split", { .type = AQ_U8,  .rank = 1 } },
	[AQ_EVAL_LOSS]  = { "/eval/loss",  { .type = AQ_F32, .rank = 1 } },
	[AQ_EVAL_ERROR] = { "/eval/error", { .type = AQ_F32, .rank = 1 } },
	[AQ_EVAL_TOP5]  = { "/eval/top5",  { .type = AQ_F32, .rank = 1 } },
};
// clang-format on

static int64_t eval_every(const struct aq_making *m)
{
	return m->args->eval_every ? m->args->eval_every : aq_feed_epoch_steps(&m->trainer->feed);
}

bool aq_runfile_eval_due(const struct aq_making *m, int64_t steps_done)
{
	return steps_done % eval_every(m) == 0 || steps_done == m->trainer->steps;
}

uint64_t aq_runfile_evals(const struct aq_making *m)
{
	const uint64_t splits = (uint64_t)(m->data->split[AQ_VAL].count > 0) + (m->data->split[AQ_TEST].count > 0);
	const uint64_t length = aq_parts_length((uint64_t)m->args->checkpoint_every, m->record);
	return splits * (length / (uint64_t)eval_every(m) + 2);
}

/* The records of the data set, and this command's. */
static int write_history(struct aq_h5 *file, const struct aq_making *m)
{
	struct aq_h5 *data = NULL;
	int rc;
	AQ_TRY(aq_h5_open(&data, m->data->path, "aquatint-data"));
	AQ_TRY(aq_history_copy(data, file));
	AQ_TRY(aq_history_add(file, m->program, m->arguments));
	AQ_TRY(aq_history_input(file, "data", m->data->digest));
	if (m->init_digest)
		AQ_TRY(aq_history_input(file, "init", m->init_digest));
done:
	aq_h5_close(data);
	return rc;
}

int aq_runfile_head(struct aq_h5 *file, const struct aq_making *m)
{
	int rc;
	AQ_TRY(write_history(file, m));
	AQ_TRY(aq_h5_put_text(file, "/net", m->net->text));
	AQ_TRY(aq_options_write(file, m->args, m->data->digest));
	AQ_TRY(aq_h5_set_int(file, "/options", "init_digest", m->init_digest));
	AQ_TRY(aq_h5_set_int(file, "/", "steps", m->trainer->steps));
	AQ_TRY(aq_h5_set_int(file, "/", "epoch_steps", aq_feed_epoch_steps(&m->trainer->feed)));
done:
	return rc;
}

int aq_runfile_mark(struct aq_h5 *file, const struct aq_column *column)
{
	int rc;
	AQ_TRY(aq_h5_axes(file, column->name, column->axes));
	if (column->bits < 23) {
		AQ_TRY(aq_h5_set_int(file, column->name, "bits", column->bits));
		AQ_TRY(aq_h5_set_real(file, column->name, "relative_error", ldexp(1, -column->bits - 1)));
	}
done:
	return rc;
}

int aq_runfile_fit(struct aq_h5 *file, struct aq_record *record)
{
	bool there;
	int rc;
	AQ_TRY(aq_h5_find(file, "/error", &there));
	if (!there)
		aq_record_without_errors(record);
done:
	return rc;
}

static int different(const char *path, const char *what, const char *then, const char *now)
{
	return aq_fail(AQ_EUSAGE, "%s was begun with another %s (%s, now %s); give the same, or --force to "
		       "throw it away", path, what, then, now);
}

static int compare_options(struct aq_h5 *file, const struct aq_making *m)
{
	struct aq_train_args then;
	struct aq_str a = { 0 }, b = { 0 };
	char *texts = NULL, was[24], is[24];
	uint32_t digest;
	int64_t init;
	int rc;
	AQ_TRY(aq_options_read(file, &then, &digest, &texts));
	AQ_TRY(aq_h5_attr_int(file, "/options", "init_digest", &init));
	snprintf(was, sizeof was, "%08x", digest);
	snprintf(is, sizeof is, "%08x", m->data->digest);
	if (digest != m->data->digest)
		rc = different(aq_h5_path(file), "data set", was, is);
	else if ((uint32_t)init != m->init_digest)
		rc = different(aq_h5_path(file), "--init", "other weights", "these");
	for (const struct aq_opt *opt = aq_train_opts(); opt->name && rc == AQ_OK; opt++) {
		if (opt->aside)
			continue;
		a.length = b.length = 0;
		aq_opt_print(opt, &then, &a);
		aq_opt_print(opt, m->args, &b);
		if ((rc = aq_str_check(&a)) == AQ_OK && (rc = aq_str_check(&b)) == AQ_OK &&
		    strcmp(aq_str_text(&a), aq_str_text(&b)) != 0)
			rc = different(aq_h5_path(file), opt->name, aq_str_text(&a), aq_str_text(&b));
	}
done:
	aq_str_free(&a);
	aq_str_free(&b);
	free(texts);
	return rc;
}

int aq_runfile_same(const char *path, const struct aq_making *m)
{
	struct aq_h5 *file = NULL;
	char *net = NULL;
	int rc;
	AQ_TRY(aq_h5_open(&file, path, "aquatint-run"));
	AQ_TRY(aq_h5_get_text(file, "/net", &net));
	if (strcmp(net, m->net->text) != 0)
		rc = aq_fail(AQ_EUSAGE, "%s was begun with another network; give the same, or --force to throw "
			     "it away", path);
	else
		rc = compare_options(file, m);
done:
	free(net);
	aq_h5_close(file);
	return rc;
}
