/* SPDX-License-Identifier: MIT
 *
 * Tables of parameters: what is printed reads back as the same value, what is wrong is refused
 * with the name of the parameter, the text given and a way out.
 */
#include "base/opt.h"

#include "story.h"

#include <float.h>

static const char *const shades[] = { "plain", "dx", "dy", NULL };

struct args {
	int count;
	int64_t steps;
	double lr;
	bool flip;
	const char *net;
	struct aq_texts record;
	int size[2], pad[4];
	int view;
};

static const struct aq_opt opts[] = {
	AQ_OPERAND(struct args, net, "NET", "the network", .aside = true),
	AQ_NUMBER(struct args, count, 3, -5, 100, "N", "how many"),
	AQ_NUMBER(struct args, steps, 500, 0, 9e15, "N", "steps"),
	AQ_NUMBER(struct args, lr, 0.01, 0, 10, "F", "learning rate"),
	AQ_SWITCH(struct args, flip, "flip"),
	AQ_WORD(struct args, record, "SPEC", "what to record"),
	AQ_NUMBER(struct args, size, 1, 1, 64, "HxW", "size"),
	AQ_NUMBER(struct args, pad, 0, 0, 9, "P", "padding"),
	AQ_CHOICE(struct args, view, 1, shades, "view"),
	AQ_END,
};

static struct args defaults(void)
{
	struct args args;
	memset(&args, 0x5a, sizeof args);
	aq_opt_defaults(opts, &args);
	return args;
}

static void test_defaults(void **state)
{
	(void)state;
	const struct args a = defaults();
	assert_int_equal(a.count, 3);
	assert_int_equal(a.steps, 500);
	assert_true(a.lr >= 0.01 && a.lr <= 0.01);
	assert_false(a.flip);
	assert_null(a.net);
	assert_int_equal(a.record.count, 0);
	assert_int_equal(a.size[0] + a.size[1], 2);
	assert_int_equal(a.pad[3], 0);
	assert_int_equal(a.view, 1);
	for (const struct aq_opt *opt = opts; opt->name; opt++)
		assert_false(aq_opt_given(opt, &a));
	struct aq_str text = { 0 };
	aq_opt_print_all(opts, &a, &text);
	assert_string_equal(aq_str_text(&text), "");
	aq_str_free(&text);
}

static void test_reading(void **state)
{
	(void)state;
	struct args a = defaults();
	ok(aq_opt_set(opts, &a, "count", "-5"));
	ok(aq_opt_set(opts, &a, "steps", "9000000000000000"));
	ok(aq_opt_set(opts, &a, "lr", "1e-3"));
	ok(aq_opt_set(opts, &a, "flip", NULL));
	ok(aq_opt_set(opts, &a, "record", "grad"));
	ok(aq_opt_set(opts, &a, "record", "stats:every=2"));
	ok(aq_opt_set(opts, &a, "size", "3x5"));
	ok(aq_opt_set(opts, &a, "pad", "0,1,2,3"));
	ok(aq_opt_set(opts, &a, "view", "dy"));
	assert_int_equal(a.count, -5);
	assert_int_equal(a.steps, 9000000000000000);
	assert_int_equal(a.record.count, 2);
	assert_string_equal(a.record.at[1], "stats:every=2");
	assert_int_equal(a.size[0] * 10 + a.size[1], 35);
	assert_int_equal(a.pad[1] * 100 + a.pad[2] * 10 + a.pad[3], 123);
	assert_int_equal(a.view, 2);
	ok(aq_opt_set(opts, &a, "size", "4"));
	ok(aq_opt_set(opts, &a, "pad", "2"));
	assert_int_equal(a.size[0] * 10 + a.size[1], 44);
	assert_int_equal(a.pad[0] + a.pad[1] + a.pad[2] + a.pad[3], 8);
	struct aq_str text = { 0 };
	aq_opt_print_all(opts, &a, &text);
	assert_string_equal(aq_str_text(&text),
			    " count=-5 steps=9000000000000000 lr=0.001 flip"
			    " record=grad stats:every=2 size=4x4 pad=2,2,2,2 view=dy");
	aq_str_free(&text);
}

static void refused(const char *name, const char *text, const char *words)
{
	struct args a = defaults();
	bad(aq_opt_set(opts, &a, name, text), AQ_EUSAGE, words);
}

static void test_refusing(void **state)
{
	(void)state;
	refused("count", "101", "count: 101 is out of range (-5 to 100)");
	refused("count", "-6", "out of range");
	refused("count", "99999999999999999999", "out of range");
	refused("count", "4294967297", "out of range");
	refused("count", "3.5", "'3.5' is not a whole number");
	refused("count", "", "is not a whole number");
	refused("count", "7 ", "is not a whole number");
	refused("steps", "1e3", "is not a whole number");
	refused("lr", "fast", "lr: 'fast' is not a number");
	refused("lr", "nan", "is not a number");
	refused("lr", "inf", "out of range");
	refused("lr", "0.1x", "is not a number");
	refused("lr", "-1e-300", "out of range");
	refused("lr", NULL, "lr needs a value");
	refused("flip", "yes", "flip takes no value, got 'yes'");
	refused("size", "3x5x7", "more than 2 numbers");
	refused("size", "3x65", "out of range");
	refused("size", "x3", "is not a whole number");
	refused("pad", "1,2", "should be one number or top,bottom,left,right");
	refused("pad", "1,2,3,4,5", "more than 4 numbers");
	refused("view", "dz", "unknown word 'dz'; did you mean 'dx'?");
	refused("view", "magnitude", "choose one of plain, dx, dy");
	refused("counts", "3", "unknown option 'counts'; did you mean 'count'?");
	refused("entirely-else", "3", "unknown option 'entirely-else'");
}

static void test_too_many_texts(void **state)
{
	(void)state;
	struct args a = defaults();
	for (int i = 0; i < AQ_MOST_TEXTS; i++)
		ok(aq_opt_set(opts, &a, "record", "grad"));
	bad(aq_opt_set(opts, &a, "record", "grad"), AQ_EUSAGE, "more than 256");
	assert_int_equal(a.record.count, AQ_MOST_TEXTS);
}

static void test_dashes_are_underscores(void **state)
{
	(void)state;
	struct schedule {
		const char *lr_schedule;
	} a;
	static const struct aq_opt rows[] = {
		AQ_WORD(struct schedule, lr_schedule, "SPEC", "schedule"),
		AQ_END,
	};
	assert_ptr_equal(aq_opt_find(rows, "lr-schedule"), rows);
	assert_ptr_equal(aq_opt_find(rows, "lr_schedule"), rows);
	assert_null(aq_opt_find(rows, "lr-schedul"));
	assert_null(aq_opt_find(rows, "lr-schedules"));
	ok(aq_opt_set(rows, &a, "lr-schedule", "cosine"));
	assert_string_equal(a.lr_schedule, "cosine");
}

/* Every number printed reads back as the same bits. */
static void test_reals_round_trip(void **state)
{
	(void)state;
	static const double values[] = {
		0, 1, -1, 0.1, 1.0 / 3, 1e-8, 500, 1e12, 123456789012345678.0, DBL_MAX, DBL_MIN,
		DBL_MIN / 8, 0.1 + 0.2, 2.2250738585072011e-308, 9007199254740993.0, -1e-300,
	};
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		struct aq_str text = { 0 };
		aq_print_real(values[i], &text);
		const double back = strtod(aq_str_text(&text), NULL);
		assert_memory_equal(&back, &values[i], sizeof back);
		aq_str_free(&text);
	}
	struct aq_str text = { 0 };
	aq_print_real(0.1, &text);
	aq_str_add(&text, " ");
	aq_print_real(500, &text);
	assert_string_equal(aq_str_text(&text), "0.1 500");
	aq_str_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_refusing),
		cmocka_unit_test(test_too_many_texts),
		cmocka_unit_test(test_dashes_are_underscores),
		cmocka_unit_test(test_reals_round_trip),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
