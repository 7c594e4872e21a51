/* SPDX-License-Identifier: MIT
 *
 * The words of --record and the columns they ask for; options into a file and back.
 */
#include "tiny.h"

#include "run/parts.h"
#include "run/record.h"
#include "run/runfile.h"

#include <unistd.h>

#define FOLDER "record.dir"

struct plan {
	struct aq_net *net;
	struct aq_arena *mem;
	struct aq_record record;
};

static int setup(void **state)
{
	struct plan *plan = calloc(1, sizeof *plan);
	assert_non_null(plan);
	good(aq_net_parse(&plan->net, TINY_NET, "tiny.net"));
	plan->mem = aq_arena_new();
	assert_non_null(plan->mem);
	*state = plan;
	return 0;
}

static int teardown(void **state)
{
	struct plan *plan = *state;
	aq_net_free(plan->net);
	aq_arena_free(plan->mem);
	free(plan);
	return 0;
}

static int ask(struct plan *plan, const char *a, const char *b)
{
	struct aq_texts specs = {.at = {a, b}, .count = !a ? 0 : !b ? 1 : 2};
	return aq_record_plan(&plan->record, &specs, plan->net, plan->mem);
}

static const struct aq_column *find(const struct plan *plan, const char *name)
{
	for (int i = 0; i < plan->record.columns; i++)
		if (strcmp(plan->record.column[i].name, name) == 0)
			return &plan->record.column[i];
	return NULL;
}

static void test_usual(void **state)
{
	struct plan *plan = *state;
	good(ask(plan, NULL, NULL));
	/* step, loss, lr, error; four tensors with grad, nine statistics, crc */
	assert_int_equal(plan->record.columns, 4 + 4 * (1 + AQ_STATS_COUNT + 1));
	const struct aq_column *weight = find(plan, "/grad/conv1/weight");
	assert_non_null(weight);
	assert_int_equal(weight->shape.rank, 5);
	assert_int_equal(weight->shape.dim[1], 3);
	assert_int_equal(weight->shape.dim[2], 1);
	assert_int_equal(weight->shape.dim[3], 3);
	assert_string_equal(weight->axes, "step,out,in,y,x");
	assert_non_null(find(plan, "/stats/dense1/bias/cosine"));
	assert_int_equal(find(plan, "/crc/dense1/weight")->shape.type, AQ_U32);
	assert_int_equal(plan->record.common, 1);
	/* all tensors of all kinds at once fit the room planned for them */
	const struct aq_texts all = {.at = {"grad:every=2", "reg_grad:every=3", "clip_grad:every=4",
					    "update:every=5", "weights:every=6", "stats:every=7",
					    "crc:every=8"},
				     .count = 7};
	good(aq_record_plan(&plan->record, &all, plan->net, plan->mem));
	assert_int_equal(plan->record.columns, 4 + 7 + 4 * (6 + AQ_STATS_COUNT));
	assert_int_equal(plan->record.common, 840);
}

static void test_words(void **state)
{
	struct plan *plan = *state;
	good(ask(plan, "none", NULL));
	assert_int_equal(plan->record.columns, 4);
	good(ask(plan, "weights:layers=dense1:every=6:bits=9", "crc:every=4"));
	assert_int_equal(plan->record.common, 12);
	assert_null(find(plan, "/weights/conv1/weight"));
	assert_int_equal(find(plan, "/weights/dense1/bias")->every, 6);
	assert_int_equal(find(plan, "/weights/dense1/bias")->bits, 9);
	assert_non_null(find(plan, "/weights/step"));
	assert_int_equal(find(plan, "/crc/conv1/weight")->every, 4);
	assert_int_equal(aq_column_rows(find(plan, "/crc/conv1/weight"), 0), 0);
	assert_int_equal(aq_column_rows(find(plan, "/crc/conv1/weight"), 4), 1);
	assert_int_equal(aq_column_rows(find(plan, "/crc/conv1/weight"), 5), 2);
	good(ask(plan, "grad:layers=dense1", "grad:layers=conv1"));
	assert_non_null(find(plan, "/grad/conv1/weight"));
	assert_non_null(find(plan, "/grad/dense1/weight"));
}

static void test_bad_words(void **state)
{
	struct plan *plan = *state;
	static const char *const cases[][3] = {
		{"gard", NULL, "did you mean grad"},
		{"", NULL, "unknown record ''"},
		{"velocity", NULL, "there are grad"},
		{"step", NULL, "unknown record 'step'"},
		{"none:every=2", NULL, "none takes nothing"},
		{"grad:every=0", NULL, "every"},
		{"grad:every=-3", NULL, "every"},
		{"grad:every=x", NULL, "every"},
		{"grad:every", NULL, "every"},
		{"grad:evry=2", NULL, "did you mean 'every'"},
		{"grad:", NULL, "unknown"},
		{"grad:bits=24", NULL, "bits"},
		{"grad:bits=0", NULL, "bits"},
		{"crc:bits=4", NULL, "kept whole"},
		{"stats:bits=4", NULL, "kept whole"},
		{"grad:layers=conv9", NULL, "did you mean 'conv1'"},
		{"grad:layers=relu1", NULL, "no parameters"},
		{"grad:layers=", NULL, "no layer ''"},
		{"grad:layers=conv1,", NULL, "no layer ''"},
		{"grad", "grad", "asked for twice"},
		{"grad:layers=conv1", "grad:layers=dense1:bits=3", "asked for twice"},
		{"grad:every=999983", "crc:every=999979", "common multiple"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		bad(ask(plan, cases[i][0], cases[i][1]), AQ_EUSAGE, cases[i][2]);
}

/* Segments hold whole intervals of every record, chunks fill segments evenly. */
static void test_segments(void **state)
{
	struct plan *plan = *state;
	static const uint64_t wanted[] = {1, 7, 500, 1000, 999999937};
	good(ask(plan, "grad:every=6", "weights:every=4"));
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		const struct aq_parts parts = {.length = aq_parts_length(wanted[i], &plan->record)};
		assert_true(parts.length >= wanted[i] && parts.length < wanted[i] + 12);
		assert_int_equal(parts.length % 12, 0);
		for (int c = 0; c < plan->record.columns; c++) {
			const struct aq_column *column = &plan->record.column[c];
			const uint64_t chunk = aq_parts_chunk(&parts, &plan->record, column);
			assert_true(chunk >= 1);
			assert_int_equal(parts.length / column->every % chunk, 0);
		}
	}
}

/* ---- options
 * ----------------------------------------------------------------------------------------- */

static void test_options(void **state)
{
	(void)state;
	static const char *const sets[] = {
		"",
		"solver=adadelta lr=0.1 batch=3 steps=1000000000000 seed=9000000000000000 "
		"l2=1e-300 checkpoint_every=7",
		"solver=adam beta1=0.1 beta2=0.3333333333333333 eps=1e-9 clip=2.5 "
		"augment=flip,shift=3 epochs=3",
		"lr_schedule=epochs:0.1x3,0.01x4 record=grad:every=3:layers=conv1,dense1 "
		"record=crc eval_every=12",
	};
	tiny_folder(FOLDER);
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
		struct tiny tiny;
		struct aq_train_args back;
		struct aq_h5 *file;
		struct aq_str a = {0}, b = {0};
		uint32_t digest;
		char *texts;
		tiny_words(&tiny, sets[i]);
		good(aq_h5_create(&file, FOLDER "/x.run.h5", "aquatint-run", false));
		good(aq_options_write(file, &tiny.args, 0xfedcba98));
		good(aq_h5_publish(file));
		good(aq_h5_open(&file, FOLDER "/x.run.h5", "aquatint-run"));
		good(aq_options_read(file, &back, &digest, &texts));
		assert_int_equal(digest, 0xfedcba98);
		aq_opt_print_all(aq_train_opts(), &tiny.args, &a);
		aq_opt_print_all(aq_train_opts(), &back, &b);
		assert_string_equal(aq_str_text(&a), aq_str_text(&b));
		assert_true(back.solver.l2 == tiny.args.solver.l2);
		assert_int_equal(back.record.count, tiny.args.record.count);
		aq_str_free(&a);
		aq_str_free(&b);
		free(texts);
		aq_h5_close(file);
	}
}

/* Options out of range are refused in a file as on a command line. */
static void test_bad_options(void **state)
{
	(void)state;
	struct aq_train_args back;
	struct aq_h5 *file;
	uint32_t digest;
	char *texts;
	tiny_folder(FOLDER);
	static const struct {
		const char *name, *text;
		int64_t number;
	} lies[] = {{"batch", NULL, 0},
		    {"batch", NULL, 1 << 21},
		    {"solver", "sdg", 0},
		    {"seed", "many", 0},
		    {"checkpoint_every", NULL, -5}};
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		good(aq_h5_create(&file, FOLDER "/x.run.h5", "aquatint-run", false));
		good(aq_h5_make_group(file, "/options"));
		for (const struct aq_opt *opt = aq_train_opts(); opt->name; opt++) {
			const bool lie = strcmp(opt->name, lies[i].name) == 0;
			struct aq_str text = {0};
			struct tiny tiny;
			tiny_words(&tiny, "");
			aq_opt_print(opt, &tiny.args, &text);
			if (lie && !lies[i].text)
				good(aq_h5_set_int(file, "/options", opt->name, lies[i].number));
			else if (!opt->aside)
				good(aq_h5_set_text(file, "/options", opt->name,
						    lie ? lies[i].text : aq_str_text(&text)));
			aq_str_free(&text);
		}
		good(aq_h5_set_int(file, "/options", "data_digest", 1));
		good(aq_h5_publish(file));
		good(aq_h5_open(&file, FOLDER "/x.run.h5", "aquatint-run"));
		bad(aq_options_read(file, &back, &digest, &texts), AQ_EDATA, lies[i].name);
		aq_h5_close(file);
	}
}

/* ---- the folder of a run under way
 * ------------------------------------------------------------------- */

static void test_folder(void **state)
{
	(void)state;
	struct aq_parts first, second;
	tiny_folder(FOLDER);
	good(aq_parts_enter(&first, FOLDER "/x.part", 10));
	assert_true(first.made);
	bad(aq_parts_enter(&second, FOLDER "/x.part", 10), AQ_ECREATE, "another trainer");
	aq_parts_leave(&second);
	bad(aq_parts_discard(FOLDER "/x.part"), AQ_ECREATE, "another trainer");
	aq_parts_leave(&first);
	good(aq_parts_enter(&first, FOLDER "/x.part", 10));
	assert_false(first.made);
	aq_parts_leave(&first);

	/* what is not ours stays */
	good(aq_file_write(FOLDER "/x.part/segment-0.h5", false, "x", 1));
	good(aq_file_write(FOLDER "/x.part/thesis.txt", false, "x", 1));
	bad(aq_parts_discard(FOLDER "/x.part"), AQ_EIO, "x.part");
	assert_false(aq_file_exists(FOLDER "/x.part/segment-0.h5"));
	assert_true(aq_file_exists(FOLDER "/x.part/thesis.txt"));
	assert_int_equal(unlink(FOLDER "/x.part/thesis.txt"), 0);
	good(aq_parts_discard(FOLDER "/x.part"));
	assert_false(aq_file_exists(FOLDER "/x.part"));
	good(aq_parts_discard(FOLDER "/x.part"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_usual, setup, teardown),
		cmocka_unit_test_setup_teardown(test_words, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_words, setup, teardown),
		cmocka_unit_test_setup_teardown(test_segments, setup, teardown),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_bad_options),
		cmocka_unit_test(test_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
