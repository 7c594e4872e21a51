/* SPDX-License-Identifier: MIT
 *
 * readers.c - everything that reads files of ours: lists, checks, replays, rules, comparisons, pictures
 */
#include "readers.h"

#include "../unit/tiny.h"
#include "io/gz.h"
#include "io/schema.h"
#include "run/describe.h"
#include "run/diff.h"
#include "run/params.h"
#include "run/replay.h"
#include "run/rules.h"
#include "run/snap.h"
#include "run/verify.h"
#include "view/curves.h"
#include "view/embed.h"
#include "view/film.h"
#include "view/panel.h"
#include "view/sharing.h"
#include "view/snap_tiles.h"
#include "view/tiles.h"

#include <signal.h>

enum { STEPS = 7, STOPPED = 6, CUT = 5 };
#define WORDS \
	"steps=7 batch=4 solver=momentum lr=0.05 record=grad record=crc eval_every=3 checkpoint_every=4"
#define DATA	"tiny.data.h5"
#define RUN	"a.run.h5"
#define PART	"b.run.h5.part"
#define SNAP	"a.snap.h5"
#define WEIGHTS "a.weights.h5"
#define OUT	"out.tmp"

static void add_numbers(struct sums *sums, const void *at, size_t bytes)
{
	sums->numbers = aq_crc(sums->numbers, at, bytes);
}

static void add_words(struct sums *sums, const void *at, size_t bytes)
{
	sums->words = aq_crc(sums->words, at, bytes);
}

/* What was written is part of what was read. */
static int add_output(struct sums *sums)
{
	char *bytes;
	size_t length;
	const int rc = aq_file_read(OUT, 1 << 26, &bytes, &length);
	if (rc == AQ_OK)
		add_words(sums, bytes, length);
	free(bytes);
	unlink(OUT);
	return rc;
}

/* ---- any file -------------------------------------------------------------------------------- */

static int read_list(const char *path, struct sums *sums)
{
	struct aq_str text = { 0 };
	const int rc = aq_describe(path, true, &text);
	if (rc == AQ_OK)
		add_words(sums, text.at, text.length);
	aq_str_free(&text);
	return rc;
}

static int read_check(const char *path, struct sums *sums)
{
	struct aq_h5 *file;
	(void)sums;
	int rc = aq_h5_open(&file, path, NULL);
	if (rc < 0)
		return rc;
	rc = aq_schema_check(file);
	aq_h5_close(file);
	return rc;
}

/* ---- data ------------------------------------------------------------------------------------ */

static int read_data(const char *path, struct sums *sums)
{
	struct aq_dataset *data;
	struct aq_pool *pool = NULL;
	int rc;
	AQ_TRY(aq_pool_new(&pool, 1));
	AQ_TRY(aq_dataset_open(&data, path, pool));
	for (int i = 0; i < AQ_SPLITS; i++) {
		const struct aq_examples *e = &data->split[i];
		sums->gaps += e->count == 0;
		add_numbers(sums, e->pixels, (size_t)(e->count * aq_dataset_width(data)));
		add_numbers(sums, e->label, (size_t)e->count * sizeof *e->label);
	}
	for (int i = 0; i < data->classes; i++)
		add_numbers(sums, data->class_name[i], strlen(data->class_name[i]));
	if (data->prepare.mean)
		add_numbers(sums, data->prepare.mean, (size_t)aq_dataset_width(data) * sizeof(float));
	add_words(sums, &data->prepare.scale, sizeof data->prepare.scale);
	add_words(sums, &data->prepare.offset, sizeof data->prepare.offset);
	add_words(sums, &data->digest, sizeof data->digest);
	aq_dataset_free(data);
done:
	aq_pool_free(pool);
	return rc;
}

/* ---- runs ------------------------------------------------------------------------------------ */

static int read_columns(struct aq_run *run, struct sums *sums)
{
	static unsigned char rows[1 << 18];
	int rc = AQ_OK;
	for (int i = 0; i < run->record.columns; i++) {
		const struct aq_column *column = &run->record.column[i];
		struct aq_h5_shape shape = column->shape;
		shape.dim[0] = aq_run_rows(run, column);
		if (aq_h5_bytes(&shape) > sizeof rows)
			return aq_fail(AQ_EDATA, "too many rows");
		AQ_TRY(aq_run_read(run, column, 0, shape.dim[0], rows));
		add_numbers(sums, rows, aq_h5_bytes(&shape));
	}
done:
	return rc;
}

static int read_run(const char *path, struct sums *sums)
{
	struct aq_run *run = NULL;
	struct aq_evals evals = { 0 };
	struct aq_str options = { 0 };
	int rc;
	AQ_TRY(aq_run_open(&run, path));
	add_numbers(sums, run->net_text, strlen(run->net_text));
	aq_opt_print_all(aq_train_opts(), &run->args, &options);
	add_words(sums, options.at, options.length);
	AQ_TRY(read_columns(run, sums));
	AQ_TRY(aq_run_evals(run, 0, run->done, &evals));
	sums->gaps += evals.count == 0;
	add_numbers(sums, evals.step, evals.count * sizeof *evals.step);
	add_numbers(sums, evals.split, evals.count * sizeof *evals.split);
	add_numbers(sums, evals.loss, evals.count * sizeof *evals.loss);
	add_numbers(sums, evals.error, evals.count * sizeof *evals.error);
done:
	aq_str_free(&options);
	aq_evals_free(&evals);
	aq_run_close(run);
	return rc;
}

static const struct aq_snap_args snap_args = { .step = CUT, .out = OUT, .program = "p", .arguments = "" };

static int read_weights(const char *path, struct sums *sums)
{
	struct aq_replay replay = { 0 };
	int rc;
	AQ_TRY(aq_replay_open(&replay, path, NULL, 1, (struct aq_wants){ 0 }, false));
	AQ_TRY(aq_snap_weights(&replay, &snap_args));
	rc = add_output(sums);
done:
	aq_replay_close(&replay);
	return rc;
}

static int read_cut(const char *path, struct sums *sums)
{
	struct aq_replay replay = { 0 };
	int rc;
	AQ_TRY(aq_replay_open(&replay, path, DATA, 1, aq_snap_wants(), false));
	AQ_TRY(aq_snap_write(&replay, &snap_args));
	rc = add_output(sums);
done:
	aq_replay_close(&replay);
	return rc;
}

static int read_verify(const char *path, struct sums *sums)
{
	struct aq_replay replay = { 0 };
	struct aq_verified verified;
	int rc;
	AQ_TRY(aq_replay_open(&replay, path, DATA, 1, (struct aq_wants){ 0 }, true));
	AQ_TRY(aq_verify(&replay, NULL, &verified));
	add_words(sums, &verified.rows, sizeof verified.rows);
	add_words(sums, &verified.states, sizeof verified.states);
done:
	aq_replay_close(&replay);
	return rc;
}

static int read_diff(const char *path, struct sums *sums)
{
	const struct aq_wants all = { true, true, true, true };
	struct aq_replay left = { 0 }, right = { 0 };
	struct aq_str words = { 0 };
	int rc;
	AQ_TRY(aq_replay_open(&left, path, DATA, 1, all, false));
	AQ_TRY(aq_replay_open(&right, RUN, DATA, 1, all, false));
	AQ_TRY(aq_diff(&left, &right, &words));
	add_words(sums, words.at, words.length);
done:
	aq_str_free(&words);
	aq_replay_close(&left);
	aq_replay_close(&right);
	return rc;
}

static int read_rules(const char *path, struct sums *sums)
{
	struct aq_findings found;
	const int rc = aq_rules_apply(path, &found);
	if (rc < 0)
		return rc;
	for (int i = 0; i < found.count; i++)
		add_words(sums, found.at[i].words, strlen(found.at[i].words));
	aq_findings_free(&found);
	return rc;
}

/* ---- snaps and weights ----------------------------------------------------------------------- */

static int read_tensor(struct aq_gallery *g, int layer, enum aq_of of, const char *param, bool always,
		       struct sums *sums)
{
	struct aq_tensor t = { 0 };
	int rc = aq_tensor_read(&t, g, &g->net->layer[layer], of, param, AQ_LAST_RECORDED, 0);
	if (rc == AQ_OK)
		add_numbers(sums, t.at, aq_tensor_count(&t) * sizeof *t.at);
	aq_tensor_free(&t);
	return rc == AQ_EUSAGE && !always ? AQ_OK : rc;
}

/* The tensors that are in a sound file must be in a damaged one. */
static int read_tensors(const char *path, struct sums *sums)
{
	struct aq_gallery g;
	int rc = aq_gallery_open(&g, path);
	if (rc < 0)
		return rc;
	const bool snap = g.is_snap;
	for (int i = 0; i < g.net->layers; i++) {
		for (int of = AQ_OF_WEIGHTS; of <= AQ_OF_EXAMPLE_GRAD; of++) {
			const bool always = g.net->layer[i].n_params &&
					    (snap || (g.run ? of == AQ_OF_GRAD : of == AQ_OF_WEIGHTS));
			AQ_TRY(read_tensor(&g, i, (enum aq_of)of, "weight", always, sums));
			AQ_TRY(read_tensor(&g, i, (enum aq_of)of, "bias", always, sums));
		}
		if (snap)
			AQ_TRY(read_tensor(&g, i, AQ_OF_ACTIVATION, "weight", true, sums));
		if (snap)
			AQ_TRY(read_tensor(&g, i, AQ_OF_DELTA, "weight", true, sums));
	}
	add_words(sums, &g.step, sizeof g.step);
done:
	aq_gallery_close(&g);
	return rc;
}

static int read_params(const char *path, struct sums *sums)
{
	struct aq_h5 *file = NULL;
	struct aq_net *net = NULL;
	float flat[4096];
	int rc;
	AQ_TRY(aq_net_parse(&net, TINY_NET, "tiny.net"));
	AQ_TRY(aq_h5_open(&file, path, "aquatint-weights"));
	AQ_TRY(aq_params_read(file, "/weights", net, flat));
	add_numbers(sums, flat, net->count * sizeof *flat);
done:
	aq_h5_close(file);
	aq_net_free(net);
	return rc;
}

/* ---- pictures -------------------------------------------------------------------------------- */

static const struct aq_drawing drawing = { .out = OUT, .program = "p", .arguments = "" };

static int draw_tiles(const char *path, struct sums *sums)
{
	const struct aq_tiles_args args = { .file = path, .layer = "conv1", .param = "weight",
					    .of = AQ_OF_GRAD, .step = AQ_LAST_RECORDED };
	const int rc = aq_tiles_page(&args, &drawing);
	return rc < 0 ? rc : add_output(sums);
}

static int draw_film(const char *path, struct sums *sums)
{
	const struct aq_film_args args = {
		.reel = { .run = path, .layer = "conv1", .param = "weight", .ofs = "grad,weights", .to = -1,
			  .frames = 4, .threads = 1 },
		.filter = -1,
		.rate = 12,
	};
	const int rc = aq_film_draw(&args, &drawing);
	return rc < 0 ? rc : add_output(sums);
}

static int draw_curves(const char *path, struct sums *sums)
{
	const struct aq_texts runs = { { path }, 1 };
	const int rc = aq_curves_draw(&(struct aq_curves_args){ .runs = &runs }, &drawing);
	return rc < 0 ? rc : add_output(sums);
}

static int draw_panel(const char *path, struct sums *sums)
{
	const struct aq_panel_args args = { .snap = path, .of = AQ_OF_GRAD };
	const int rc = aq_panel_draw(&args, &drawing);
	return rc < 0 ? rc : add_output(sums);
}

static int draw_sharing(const char *path, struct sums *sums)
{
	const struct aq_sharing_args args = { .snap = path, .weight = "conv1[0,0,1,1]" };
	const int rc = aq_sharing_draw(&args, &drawing);
	return rc < 0 ? rc : add_output(sums);
}

static int draw_embed(const char *path, struct sums *sums)
{
	const struct aq_embed_args args = { .snap = path, .layer = "dense1", .of = AQ_OF_ACTIVATION,
					    .iterations = 5, .seed = 1, .threads = 1 };
	const int rc = aq_embed_draw(&args, &drawing);
	return rc < 0 ? rc : add_output(sums);
}

/* ---- subjects -------------------------------------------------------------------------------- */

// clang-format off
static const struct reader of_data[] = {
	{ "data", read_data, 1 }, { "list", read_list, 4 }, { "check", read_check, 4 }, { 0 }
};
static const struct reader of_run[] = {
	{ "run", read_run, 1 }, { "list", read_list, 5 }, { "check", read_check, 6 },
	{ "tensors", read_tensors, 7 }, { "weights", read_weights, 12 }, { "cut", read_cut, 24 },
	{ "verify", read_verify, 12 }, { "diff", read_diff, 24 }, { "rules", read_rules, 12 },
	{ "tiles", draw_tiles, 40 }, { "film", draw_film, 60 }, { "curves", draw_curves, 60 }, { 0 }
};
static const struct reader of_folder[] = {
	{ "run", read_run, 1 }, { "list", read_list, 5 }, { "tensors", read_tensors, 7 },
	{ "weights", read_weights, 12 }, { "verify", read_verify, 12 }, { "rules", read_rules, 12 },
	{ "film", draw_film, 60 }, { "curves", draw_curves, 60 }, { 0 }
};
static const struct reader of_snap[] = {
	{ "tensors", read_tensors, 1 }, { "list", read_list, 4 }, { "check", read_check, 4 },
	{ "panel", draw_panel, 40 }, { "sharing", draw_sharing, 60 }, { "embed", draw_embed, 60 }, { 0 }
};
static const struct reader of_weights[] = {
	{ "parameters", read_params, 1 }, { "tensors", read_tensors, 4 }, { "list", read_list, 4 },
	{ "check", read_check, 4 }, { 0 }
};

const struct subject subjects[SUBJECTS] = {
	{ "data",            DATA,                "x.data.h5",               "x.data.h5",     of_data },
	{ "run",             RUN,                 "x.run.h5",                "x.run.h5",      of_run },
	{ "part/run",        PART "/run.h5",       "x.part/run.h5",           "x.part",        of_folder },
	{ "part/segment-0",  PART "/segment-0.h5", "y.part/segment-0.h5",     "y.part",        of_folder },
	{ "part/segment-1",  PART "/segment-1.h5", "z.part/segment-1.h5",     "z.part",        of_folder },
	{ "snap",            SNAP,                "x.snap.h5",               "x.snap.h5",     of_snap },
	{ "weights",         WEIGHTS,             "x.weights.h5",            "x.weights.h5",  of_weights },
};
// clang-format on

static void stop_it(const struct aq_trainer *t, enum aq_split split, struct aq_score score)
{
	(void)score;
	if (t->step == STOPPED && split == AQ_TEST)
		raise(SIGTERM);
}

void make_subjects(void)
{
	static const struct aq_session_ear ear = { .scored = stop_it };
	struct aq_replay replay;
	struct aq_snap_args args = snap_args;
	good(aq_file_write("tiny.net", false, TINY_NET, strlen(TINY_NET)));
	tiny_data(DATA, 1);
	good(tiny_train(".", RUN, WORDS, "threads=1", NULL));
	assert_int_equal(tiny_train(".", "b.run.h5", WORDS, "threads=1", &ear), AQ_ESTOPPED);
	assert_int_equal(system("cp -r " PART " x.part; cp -r " PART " y.part; cp -r " PART " z.part"), 0);
	args.out = SNAP;
	args.decorate = aq_view_snap_tiles;
	good(aq_replay_open(&replay, RUN, DATA, 1, aq_snap_wants(), false));
	good(aq_snap_write(&replay, &args));
	aq_replay_close(&replay);
	args.out = WEIGHTS;
	good(aq_replay_open(&replay, RUN, DATA, 1, (struct aq_wants){ 0 }, false));
	good(aq_snap_weights(&replay, &args));
	aq_replay_close(&replay);
}
