/* SPDX-License-Identifier: MIT
 *
 * aquatint-snapshot - open a step of a run, take its weights, say what a file is
 */
#include "aquatint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- list ------------------------------------------------------------------------------------ */

struct list_args {
	const char *file, *csv;
};

static const struct aq_opt list_opts[] = {
	AQ_OPERAND(struct list_args, file, "FILE", "a file of ours, or the folder of a live run",
		   .aside = true),
	AQ_WORD(struct list_args, csv, "CSV", "write the table of layers, too", .aside = true),
	AQ_END,
};

static int write_layers(const struct list_args *a)
{
	struct aq_str text = { 0 };
	int rc;
	AQ_TRY(aq_file_apart(a->csv, a->file));
	AQ_TRY(aq_describe_layers(a->file, &text));
	rc = aq_file_write(a->csv, false, text.at, text.length);
done:
	aq_str_free(&text);
	return rc;
}

static int list(const void *args)
{
	const struct list_args *a = args;
	struct aq_str text = { 0 };
	int rc;
	if (a->csv)
		AQ_TRY(write_layers(a));
	AQ_TRY(aq_describe(a->file, aq_say_is_json(), &text));
	aq_say_raw(aq_str_text(&text));
done:
	aq_str_free(&text);
	return rc;
}

/* ---- check ----------------------------------------------------------------------------------- */

struct check_args {
	struct aq_texts files;
};

static const struct aq_opt check_opts[] = {
	AQ_OPERAND(struct check_args, files, "FILE", "files to check, or folders of live runs", .aside = true),
	AQ_END,
};

static int check_one(const char *path)
{
	struct aq_h5 *file = NULL;
	int rc;
	AQ_TRY(aq_h5_open(&file, path, NULL));
	AQ_TRY(aq_schema_check(file));
	aq_say_begin("checked");
	aq_say_text("file", path);
	aq_say_text("format", aq_h5_format(file));
	aq_say_text("result", "sound");
	aq_say_end();
done:
	aq_h5_close(file);
	return rc;
}

/* The index of a live run, and its segments: the numbers are in these. */
static int check_folder(const char *path)
{
	char name[AQ_PATH_MOST];
	char *folder = strdup(path);
	const struct aq_parts parts = { .folder = folder };
	int rc = AQ_OK;
	if (!folder)
		return aq_fail(AQ_ENOMEM, "out of memory");
	if (snprintf(name, sizeof name, "%s/run.h5", path) >= (int)sizeof name - 64)
		rc = aq_fail(AQ_EUSAGE, "the name of the run is too long");
	for (uint64_t i = 0; rc == AQ_OK; i++) {
		AQ_TRY(check_one(name));
		aq_parts_segment(&parts, i, name);
		if (!aq_file_exists(name))
			break;
	}
done:
	free(folder);
	return rc;
}

/* All files are looked at; the last story is told by the frame, those before it here. */
static int check(const void *args)
{
	const struct check_args *a = args;
	int rc = AQ_OK;
	for (int i = 0; i < a->files.count; i++) {
		if (rc < 0)
			aq_log(AQ_WARN, "%s", aq_story());
		const char *path = a->files.at[i];
		const int one = aq_file_is_folder(path) ? check_folder(path) : check_one(path);
		rc = one < 0 ? one : rc;
	}
	return rc == AQ_EDATA ? AQ_EDIFFER : rc;
}

/* ---- cut and weights ------------------------------------------------------------------------- */

struct cut_args {
	const char *run, *data, *examples, *out;
	int64_t step;
	int threads;
	bool no_clobber;
};

#define CUT struct cut_args
// clang-format off
#define SHARED_ROWS \
	AQ_OPERAND(CUT, run, "RUN", "a run, or the folder of a live one", .aside = true), \
	AQ_NUMBER(CUT, step, -1, -1e15, 1e15, "S", "the step; negative ones count from the end"), \
	AQ_WORD(CUT, out, "FILE", "the file to write", .letter = 'o', .needed = true, .aside = true), \
	AQ_NUMBER(CUT, threads, 0, 0, 1024, "N", "threads; 0 is one a processor", .aside = true), \
	AQ_SWITCH(CUT, no_clobber, "refuse to replace an existing FILE", .aside = true)

static const struct aq_opt cut_opts[] = {
	SHARED_ROWS,
	AQ_WORD(CUT, data, "DATA", "the data set of the run", .needed = true, .aside = true),
	AQ_WORD(CUT, examples, "RANGE", "test:0-15 and the like; the step's own batch if not given"),
	AQ_END,
};

static const struct aq_opt weights_opts[] = {
	SHARED_ROWS,
	AQ_WORD(CUT, data, "DATA", "the data set of the run, where gradients were not recorded", .aside = true),
	AQ_END,
};
// clang-format on

static struct aq_snap_args snap_args(const struct cut_args *a)
{
	return (struct aq_snap_args){
		.step = a->step,
		.examples = a->examples,
		.out = a->out,
		.no_clobber = a->no_clobber,
		.program = aq_cmd_program(),
		.arguments = aq_cmd_arguments(),
		.decorate = aq_view_snap_tiles,
	};
}

static void say_written(const char *out, int64_t step)
{
	aq_say_begin("written");
	aq_say_text("file", out);
	aq_say_int("step", step);
	aq_say_end();
}

static int cut(const void *args)
{
	const struct cut_args *a = args;
	const struct aq_snap_args snap = snap_args(a);
	struct aq_replay replay;
	int rc;
	AQ_TRY(aq_replay_open(&replay, a->run, a->data, a->threads, aq_snap_wants(), false));
	AQ_TRY(aq_snap_write(&replay, &snap));
	say_written(a->out, replay.trainer->step - 1);
done:
	aq_replay_close(&replay);
	return rc;
}

static int weights(const void *args)
{
	const struct cut_args *a = args;
	const struct aq_snap_args snap = snap_args(a);
	struct aq_replay replay;
	int rc;
	AQ_TRY(aq_replay_open(&replay, a->run, a->data, a->threads, (struct aq_wants){ 0 }, false));
	AQ_TRY(aq_snap_weights(&replay, &snap));
	say_written(a->out, replay.trainer->step);
done:
	aq_replay_close(&replay);
	return rc;
}

/* ---- verify and diff ------------------------------------------------------------------------- */

struct verify_args {
	const char *run, *other, *data, *steps;
	int threads;
};

#define VERIFY struct verify_args
static const struct aq_opt verify_opts[] = {
	AQ_OPERAND(VERIFY, run, "RUN", "a run, or the folder of a live one", .aside = true),
	AQ_WORD(VERIFY, data, "DATA", "the data set of the run", .needed = true, .aside = true),
	AQ_WORD(VERIFY, steps, "A:B", "steps A up to but not including B; all if not given"),
	AQ_NUMBER(VERIFY, threads, 0, 0, 1024, "N", "threads; 0 is one a processor", .aside = true),
	AQ_END,
};

static const struct aq_opt diff_opts[] = {
	AQ_OPERAND(VERIFY, run, "RUN1", "a run, or the folder of a live one", .aside = true),
	AQ_OPERAND(VERIFY, other, "RUN2", "another", .aside = true),
	AQ_WORD(VERIFY, data, "DATA", "the data set of both, to compute what was not recorded",
		.aside = true),
	AQ_NUMBER(VERIFY, threads, 0, 0, 1024, "N", "threads; 0 is one a processor", .aside = true),
	AQ_END,
};

static int verify(const void *args)
{
	const struct verify_args *a = args;
	struct aq_verified verified;
	struct aq_replay replay;
	int rc;
	AQ_TRY(aq_replay_open(&replay, a->run, a->data, a->threads, (struct aq_wants){ 0 }, true));
	AQ_TRY(aq_verify(&replay, a->steps, &verified));
	aq_say_begin("verified");
	aq_say_int("first", verified.first);
	aq_say_int("last", verified.last);
	aq_say_int("rows", (long long)verified.rows);
	aq_say_int("states", (long long)verified.states);
	aq_say_int("evals", (long long)verified.evals);
	aq_say_real("seconds", verified.seconds);
	aq_say_text("result", "equal to the last bit");
	aq_say_end();
done:
	aq_replay_close(&replay);
	return rc;
}

static int diff(const void *args)
{
	const struct verify_args *a = args;
	const struct aq_wants all = { true, true, true, true };
	struct aq_replay left = { 0 }, right = { 0 };
	struct aq_str words = { 0 };
	int rc;
	AQ_TRY(aq_replay_open(&left, a->run, a->data, a->threads, all, false));
	AQ_TRY(aq_replay_open(&right, a->other, a->data, a->threads, all, false));
	rc = aq_diff(&left, &right, &words);
	if (words.length)
		aq_say("%.*s", (int)words.length - 1, words.at);
	if (rc == AQ_OK)
		aq_say("%s and %s are equal in all that both have recorded", a->run, a->other);
	if (aq_say_is_json() && (rc == AQ_OK || rc == AQ_EDIFFER)) {
		aq_say_begin("diff");
		aq_say_text("result", rc == AQ_OK ? "equal" : aq_story());
		aq_say_text("told", aq_str_text(&words));
		aq_say_end();
	}
done:
	aq_str_free(&words);
	aq_replay_close(&left);
	aq_replay_close(&right);
	return rc;
}

/* ---- rules ----------------------------------------------------------------------------------- */

static const struct aq_opt rules_opts[] = {
	AQ_OPERAND(struct list_args, file, "RUN", "a run, or the folder of a live one",
		   .aside = true),
	AQ_END,
};

static void say_finding(const struct aq_finding *f)
{
	aq_say("%s%s%s, step %lld: %s", f->rule, *f->layer ? ", " : "", f->layer,
	       (long long)f->step, f->words);
	if (!aq_say_is_json())
		return;
	aq_say_begin("finding");
	aq_say_text("rule", f->rule);
	aq_say_text("layer", f->layer);
	aq_say_int("step", f->step);
	aq_say_text("words", f->words);
	aq_say_end();
}

static int rules(const void *args)
{
	const struct list_args *a = args;
	struct aq_findings findings;
	const int rc = aq_rules_apply(a->file, &findings);
	if (rc < 0)
		return rc;
	char *rest = findings.notes.at;
	for (char *line; (line = strsep(&rest, "\n")) && *line;)
		aq_log(AQ_INFO, "%s", line);
	const int count = findings.count;
	for (int i = 0; i < count; i++)
		say_finding(&findings.at[i]);
	aq_findings_free(&findings);
	return count ? aq_fail(AQ_EDIFFER, "%d finding%s in %s", count, count > 1 ? "s" : "",
			       a->file)
		     : AQ_OK;
}

/* ---------------------------------------------------------------------------------------------- */

int main(int argc, char **argv)
{
	static const struct aq_cmd verbs[] = {
		{ .name = "list",
		  .brief = "say what a file is: its history, layers, steps",
		  .opts = list_opts,
		  .size = sizeof(struct list_args),
		  .run = list },
		{ .name = "check",
		  .brief = "do files obey their schema, do their checksums hold",
		  .opts = check_opts,
		  .size = sizeof(struct check_args),
		  .run = check },
		{ .name = "cut",
		  .brief = "open one step: all its gradients, activations and deltas",
		  .opts = cut_opts,
		  .size = sizeof(struct cut_args),
		  .run = cut },
		{ .name = "weights",
		  .brief = "the weights and solver state before a step",
		  .opts = weights_opts,
		  .size = sizeof(struct cut_args),
		  .run = weights },
		{ .name = "verify",
		  .brief = "compute steps again and compare the bits of everything recorded",
		  .opts = verify_opts,
		  .size = sizeof(struct verify_args),
		  .run = verify },
		{ .name = "diff",
		  .brief = "the first step and tensor at which two runs differ",
		  .opts = diff_opts,
		  .size = sizeof(struct verify_args),
		  .run = diff },
		{ .name = "rules",
		  .brief = "what is wrong with a training, in words; nothing if nothing is",
		  .opts = rules_opts,
		  .size = sizeof(struct list_args),
		  .run = rules },
		{ .name = NULL },
	};
	static const struct aq_cmd cmd = {
		.name = "snapshot",
		.brief = "open a step of a run, take its weights, say what a file is",
		.verbs = verbs,
	};
	aq_file_guard();
	return aq_cmd_main(&cmd, argc, argv);
}
