/* SPDX-License-Identifier: MIT
 *
 * describe.c - what a file of ours is, in words or as JSON
 *
 * One walk over the facts serves both forms: `fact` prints a value under a key, `open` and `close`
 * bracket the members of a list.
 */
#include "run/describe.h"

#include "io/file.h"
#include "io/provenance.h"
#include "run/layers.h"
#include "run/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pen {
	struct aq_str *to;
	bool json, first;
};

static void key(struct pen *pen, const char *name)
{
	if (pen->json)
		aq_str_add(pen->to, "%s\"%s\":", pen->first ? "" : ",", name);
	else
		aq_str_add(pen->to, "%-14s ", name);
	pen->first = false;
}

static void fact_text(struct pen *pen, const char *name, const char *value)
{
	key(pen, name);
	if (pen->json)
		aq_str_json(pen->to, value);
	else
		aq_str_add(pen->to, "%s\n", value);
}

static void fact_int(struct pen *pen, const char *name, long long value)
{
	key(pen, name);
	aq_str_add(pen->to, "%lld%s", value, pen->json ? "" : "\n");
}

static int history(struct pen *pen, struct aq_h5 *file)
{
	char **records = NULL;
	int count = 0, rc = AQ_OK;
	AQ_TRY(aq_history_read(file, &records, &count));
	if (!records)
		return AQ_OK;
	key(pen, "history");
	if (pen->json)
		aq_str_add(pen->to, "[");
	for (int i = 0; i < count; i++) {
		if (pen->json) {
			aq_str_add(pen->to, "%s", i ? "," : "");
			aq_str_json(pen->to, records[i]);
		} else {
			aq_str_add(pen->to, "%s%s\n", i ? "               " : "", records[i]);
		}
	}
	if (pen->json)
		aq_str_add(pen->to, "]");
done:
	free(records);
	return rc;
}

/* ---- the network ----------------------------------------------------------------------------- */

static void network(struct pen *pen, const struct aq_net *net)
{
	fact_int(pen, "parameters", (long long)net->count);
	key(pen, "layers");
	if (pen->json)
		aq_layers_json(net, pen->to);
	else
		aq_layers_text(net, pen->to);
}

/* ---- the kinds of files ---------------------------------------------------------------------- */

static void records(struct pen *pen, const struct aq_run *run)
{
	struct aq_str text = { 0 };
	for (int what = AQ_GRAD; what < AQ_WHATS; what++)
		if (run->record.wants[what])
			aq_str_add(&text, "%s%s%s", text.length ? " " : "", aq_what_names[what],
				   run->record.every[what] > 1 ? "(sparse)" : "");
	fact_text(pen, "recorded", aq_str_part(pen->to, &text));
	aq_str_free(&text);
}

/* Of the last step, where it was recorded. */
static int last_number(struct pen *pen, struct aq_run *run, const char *column, const char *name)
{
	const struct aq_column *found = aq_run_find(run, column);
	float last;
	char text[32];
	int rc = AQ_OK;
	if (!found)
		return AQ_OK;
	AQ_TRY(aq_run_read(run, found, (uint64_t)run->done - 1, 1, &last));
	snprintf(text, sizeof text, "%.5g", (double)last);
	fact_text(pen, name, text);
done:
	return rc;
}

static int describe_run(struct pen *pen, const char *path)
{
	struct aq_run *run = NULL;
	struct aq_evals evals = { 0 };
	struct aq_str options = { 0 };
	int rc;
	AQ_TRY(aq_run_open(&run, path));
	AQ_TRY(aq_run_evals(run, aq_run_evaluated(run), run->done, &evals));
	fact_int(pen, "steps", run->done);
	fact_int(pen, "steps_planned", run->steps);
	fact_int(pen, "epoch_steps", run->epoch_steps);
	fact_text(pen, "state", run->parts.folder ? "under way or stopped" : "finished");
	aq_opt_print_all(aq_train_opts(), &run->args, &options);
	const char *words = aq_str_part(pen->to, &options);
	fact_text(pen, "options", *words ? words + 1 : "");
	records(pen, run);
	if (run->done > 0) {
		AQ_TRY(last_number(pen, run, "/loss", "last_loss"));
		AQ_TRY(last_number(pen, run, "/error", "batch_error"));
	}
	if (evals.count > 0) {
		char text[64];
		const uint64_t at = evals.count - 1;
		snprintf(text, sizeof text, "%s %.5g after step %llu",
			 aq_split_name((enum aq_split)evals.split[at]), (double)evals.error[at],
			 (unsigned long long)evals.step[at]);
		fact_text(pen, "last_error", text);
	}
	network(pen, run->net);
	rc = history(pen, run->file);
done:
	aq_str_free(&options);
	aq_evals_free(&evals);
	aq_run_close(run);
	return rc;
}

static int describe_data(struct pen *pen, struct aq_h5 *file)
{
	char **classes = NULL;
	int count = 0, rc = AQ_OK;
	for (int split = 0; split < AQ_SPLITS; split++) {
		char name[32], text[64];
		struct aq_h5_shape shape;
		snprintf(name, sizeof name, "/%s/images", aq_split_name((enum aq_split)split));
		bool there;
		AQ_TRY(aq_h5_find(file, name, &there));
		if (!there)
			continue;
		AQ_TRY(aq_h5_shape(file, name, &shape));
		snprintf(text, sizeof text, "%llu pictures %llux%llux%llu",
			 (unsigned long long)shape.dim[0], (unsigned long long)shape.dim[1],
			 (unsigned long long)shape.dim[2], (unsigned long long)shape.dim[3]);
		fact_text(pen, aq_split_name((enum aq_split)split), text);
	}
	AQ_TRY(aq_h5_get_texts(file, "/classes", &classes, &count));
	struct aq_str all = { 0 };
	for (int i = 0; i < count; i++)
		aq_str_add(&all, "%s%s", i ? ", " : "", classes[i]);
	fact_text(pen, "classes", aq_str_part(pen->to, &all));
	aq_str_free(&all);
done:
	free(classes);
	return rc;
}

static int read_net(struct aq_h5 *file, struct aq_net **net)
{
	char *text = NULL;
	int rc;
	AQ_TRY(aq_h5_get_text(file, "/net", &text));
	rc = aq_net_parse(net, text, "/net");
done:
	free(text);
	return rc;
}

/* Points in a plane: how many, of what. */
static int describe_plane(struct pen *pen, struct aq_h5 *file)
{
	static const char *const facts[] = { "layer", "of", "perplexity", "divergence" };
	struct aq_h5_shape shape;
	int rc;
	AQ_TRY(aq_h5_shape(file, "/plane", &shape));
	fact_int(pen, "points", (long long)shape.dim[0]);
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
		struct aq_str value = { 0 };
		rc = aq_h5_attr_print(file, "/", facts[i], &value);
		if (rc == AQ_OK)
			fact_text(pen, facts[i], aq_str_part(pen->to, &value));
		aq_str_free(&value);
		AQ_TRY(rc);
	}
done:
	return rc;
}

/* A snap, a weights file or an embedding: the step and the network it is of. */
static int describe_step(struct pen *pen, struct aq_h5 *file)
{
	struct aq_net *net = NULL;
	int64_t step;
	bool there;
	int rc;
	AQ_TRY(aq_h5_attr_int(file, "/", "step", &step));
	fact_int(pen, "step", step);
	AQ_TRY(aq_h5_find(file, "/example/label", &there));
	if (there) {
		struct aq_h5_shape shape;
		AQ_TRY(aq_h5_shape(file, "/example/label", &shape));
		fact_int(pen, "examples", (long long)shape.dim[0]);
	}
	if (strcmp(aq_h5_format(file), "aquatint-embed") == 0)
		AQ_TRY(describe_plane(pen, file));
	AQ_TRY(read_net(file, &net));
	network(pen, net);
done:
	aq_net_free(net);
	return rc;
}

int aq_describe(const char *path, bool json, struct aq_str *to)
{
	struct pen pen = { .to = to, .json = json, .first = true };
	struct aq_h5 *file = NULL;
	int rc = AQ_OK;
	const bool folder = aq_file_is_folder(path);
	if (!folder)
		AQ_TRY(aq_h5_open(&file, path, NULL));
	const char *format = folder ? "aquatint-run" : aq_h5_format(file);
	if (json)
		aq_str_add(to, "{");
	fact_text(&pen, "file", aq_path_name(path));
	fact_text(&pen, "format", format);
	if (strcmp(format, "aquatint-run") == 0)
		AQ_TRY(describe_run(&pen, path));
	else if (strcmp(format, "aquatint-data") == 0)
		AQ_TRY(describe_data(&pen, file));
	else
		AQ_TRY(describe_step(&pen, file));
	if (file && strcmp(format, "aquatint-run") != 0)
		AQ_TRY(history(&pen, file));
	if (json)
		aq_str_add(to, "}");
	rc = aq_str_check(to);
done:
	aq_h5_close(file);
	return rc;
}

int aq_describe_layers(const char *path, struct aq_str *to)
{
	struct aq_run *run = NULL;
	struct aq_h5 *file = NULL;
	struct aq_net *net = NULL;
	int rc;
	if (!aq_file_is_folder(path))
		AQ_TRY(aq_h5_open(&file, path, NULL));
	const char *format = file ? aq_h5_format(file) : "aquatint-run";
	if (strcmp(format, "aquatint-data") == 0) {
		rc = aq_fail(AQ_EUSAGE, "%s is a data set: it has no layers", path);
	} else if (strcmp(format, "aquatint-run") == 0) {
		AQ_TRY(aq_run_open(&run, path));
		aq_layers_csv(run->net, to);
		rc = aq_str_check(to);
	} else {
		AQ_TRY(read_net(file, &net));
		aq_layers_csv(net, to);
		rc = aq_str_check(to);
	}
done:
	aq_net_free(net);
	aq_run_close(run);
	aq_h5_close(file);
	return rc;
}
