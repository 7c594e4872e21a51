/* SPDX-License-Identifier: MIT
 *
 * The errors of the batches that a run keeps: counted right, and runs of before they were kept are read and gone
 * on with.
 */
#include "tiny.h"

#include "run/describe.h"
#include "run/snap.h"
#include "run/verify.h"
#include "view/curves.h"

#include <signal.h>
#include <unistd.h>

#define FOLDER "errors.dir"
#define DATA   FOLDER "/tiny.data.h5"
#define RUN    FOLDER "/x.run.h5"
#define SNAP   FOLDER "/x.snap.h5"
#define OLD    FOLDER "/old.run.h5"

/* Seven classes, of which the data has three: the first five guesses can miss. */
#define WIDE_NET "input 1x8x8\nconv channels=3 size=3\nrelu\ndropout rate=0.3\ndense units=7\nloss softmax\n"

enum { STEPS = 20, STOPPED = 11, BATCH = 5, CLASSES = 7 };

#define COMMON "steps=20 batch=5 solver=momentum lr=0.02 augment=flip,shift=1 eval_every=50 checkpoint_every=6 "

static int setup(void **state)
{
	(void)state;
	tiny_inputs(FOLDER);
	good(aq_file_write(FOLDER "/tiny.net", false, WIDE_NET, strlen(WIDE_NET)));
	good(tiny_train(FOLDER, RUN, COMMON, "", NULL));
	return 0;
}

static float number(struct aq_run *run, const char *name, uint64_t step)
{
	float value;
	const struct aq_column *column = aq_run_find(run, name);
	assert_non_null(column);
	good(aq_run_read(run, column, step, 1, &value));
	return value;
}

/* How many of the others are likelier than the true class. */
static int rank_of(const float *probability, int label)
{
	int rank = 0;
	for (int c = 0; c < CLASSES; c++)
		rank += probability[c] > probability[label];
	return rank;
}

/* The step opened tells the probabilities that its batch had: count again. */
static void test_counted_right(void **state)
{
	(void)state;
	struct aq_run *run;
	int differ = 0;
	good(aq_run_open(&run, RUN));
	for (int64_t step = 0; step < STEPS; step++) {
		struct aq_replay replay;
		const struct aq_snap_args args = { .step = step, .out = SNAP, .program = "test", .arguments = "" };
		struct aq_h5_shape many = { .type = AQ_F32, .rank = 2 }, one = { .type = AQ_I32, .rank = 1 };
		void *probability, *label;
		struct aq_h5 *snap;
		double said;
		good(aq_replay_open(&replay, RUN, DATA, 2, aq_snap_wants(), false));
		good(aq_snap_write(&replay, &args));
		aq_replay_close(&replay);
		good(aq_h5_open(&snap, SNAP, NULL));
		good(aq_h5_get(snap, "/example/probability", &many, &probability));
		good(aq_h5_get(snap, "/example/label", &one, &label));
		int wrong = 0, missed = 0;
		const int count = (int)one.dim[0];
		for (int k = 0; k < count; k++) {
			const int rank = rank_of((float *)probability + k * CLASSES, ((int32_t *)label)[k]);
			wrong += rank > 0;
			missed += rank > 4;
		}
		assert_true(number(run, "/error", (uint64_t)step) == (float)((double)wrong / count));
		assert_true(number(run, "/top5", (uint64_t)step) == (float)((double)missed / count));
		good(aq_h5_attr_real(snap, "/", "error", &said));
		assert_true(said == (double)wrong / count);
		differ += wrong != missed && missed > 0;
		free(probability);
		free(label);
		aq_h5_close(snap);
	}
	assert_true(differ > 0); /* else nothing was tested */
	aq_run_close(run);
}

/* ---- runs of before ---------------------------------------------------------------------------------- */

/* `from` without what runs did not keep then; of the index over a folder what is not in its segments. */
static void make_old(const char *from, const char *to, bool is_index)
{
	static const char *const numbers[] = { "steps", "epoch_steps", "first_step", "evals", "segment_steps" };
	struct aq_h5 *in, *out;
	good(aq_h5_open(&in, from, NULL));
	good(aq_h5_create(&out, to, "aquatint-run", false));
	for (int kind = AQ_H5_GROUP; kind <= AQ_H5_DATASET; kind++) {
		char **names, path[256];
		int count;
		good(aq_h5_list(in, "/", (enum aq_h5_kind)kind, &names, &count));
		for (int i = 0; i < count; i++) {
			snprintf(path, sizeof path, "/%s", names[i]);
			if (is_index ? strcmp(path, "/net") == 0 || strcmp(path, "/options") == 0
				     : strcmp(path, "/error") != 0 && strcmp(path, "/top5") != 0)
				good(aq_h5_copy(out, in, path));
		}
		free(names);
	}
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		int64_t value;
		bool there;
		good(aq_h5_find_attr(in, "/", numbers[i], &there));
		if (!there)
			continue;
		good(aq_h5_attr_int(in, "/", numbers[i], &value));
		good(aq_h5_set_int(out, "/", numbers[i], value));
	}
	good(aq_h5_publish(out));
	aq_h5_close(in);
}

static void test_old_run(void **state)
{
	(void)state;
	struct aq_run *run;
	struct aq_replay replay;
	struct aq_verified verified;
	struct aq_str text = { 0 };
	const struct aq_texts runs = { .at = { OLD, RUN }, .count = 2 };
	const struct aq_curves_args args = { .runs = &runs };
	const struct aq_drawing drawing = { .out = FOLDER "/x.png", .program = "test", .arguments = "" };
	make_old(RUN, OLD, false);
	good(aq_run_open(&run, OLD));
	assert_null(aq_run_find(run, "/error"));
	assert_null(aq_run_find(run, "/top5"));
	aq_run_close(run);
	good(aq_replay_open(&replay, OLD, DATA, 1, (struct aq_wants){ 0 }, true));
	good(aq_verify(&replay, NULL, &verified));
	aq_replay_close(&replay);
	good(aq_describe(OLD, false, &text));
	assert_null(strstr(aq_str_text(&text), "batch_error"));
	text.length = 0;
	good(aq_describe(RUN, false, &text));
	assert_non_null(strstr(aq_str_text(&text), "batch_error"));
	aq_str_free(&text);
	good(aq_curves_draw(&args, &drawing));
}

static void ear_scored(const struct aq_trainer *t, enum aq_split split, struct aq_score score)
{
	(void)score;
	if (t->step == STOPPED && split == AQ_TEST)
		raise(SIGTERM);
}

/* What was begun without errors is gone on with without them. */
static void test_old_run_goes_on(void **state)
{
	(void)state;
	static const struct aq_session_ear ear = { .scored = ear_scored };
	static const char *const files[] = { "run.h5", "segment-0.h5", "segment-1.h5" };
	struct aq_run *run, *whole;
	bad(tiny_train(FOLDER, FOLDER "/y.run.h5", COMMON, "eval_every=1", &ear), AQ_ESTOPPED, "11 of 20");
	tiny_folder(OLD ".part");
	for (int i = 0; i < 3; i++) {
		char from[256], to[256];
		snprintf(from, sizeof from, FOLDER "/y.run.h5.part/%s", files[i]);
		snprintf(to, sizeof to, OLD ".part/%s", files[i]);
		make_old(from, to, i == 0);
	}
	good(tiny_train(FOLDER, OLD, COMMON, "eval_every=1 resume", NULL));
	good(aq_run_open(&run, OLD));
	good(aq_run_open(&whole, RUN));
	assert_null(aq_run_find(run, "/error"));
	assert_int_equal(run->done, STEPS);
	for (uint64_t step = 0; step < STEPS; step++)
		assert_true(number(run, "/loss", step) == number(whole, "/loss", step));
	aq_run_close(run);
	aq_run_close(whole);
	/* and what was begun with them has them of all steps */
	good(tiny_train(FOLDER, FOLDER "/y.run.h5", COMMON, "eval_every=1 resume", NULL));
	good(aq_run_open(&run, FOLDER "/y.run.h5"));
	good(aq_run_open(&whole, RUN));
	for (uint64_t step = 0; step < STEPS; step++)
		assert_true(number(run, "/error", step) == number(whole, "/error", step));
	aq_run_close(run);
	aq_run_close(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counted_right),
		cmocka_unit_test(test_old_run),
		cmocka_unit_test(test_old_run_goes_on),
	};
	return cmocka_run_group_tests(tests, setup, NULL);
}
