/* SPDX-License-Identifier: MIT
 *
 * test_reel.c - a reel shows what the training did: each state is the one before plus the update,
 * read or computed again, of all layers or of one
 */
#include "view/reel.h"
#include "tiny.h"

#include <math.h>

#define HERE "reel"
#define RUN HERE "/a.run.h5"

enum { STEPS = 60, WEIGHTS = 27 }; /* of conv1 */

static int make(void **state)
{
	(void)state;
	tiny_inputs(HERE);
	good(tiny_train(HERE, RUN,
			"solver=momentum lr=0.01 batch=4 steps=60 checkpoint-every=10 l2=0.01", "",
			NULL));
	return 0;
}

static struct aq_reel_args reel_args(const char *ofs)
{
	return (struct aq_reel_args){ .run = RUN,
				      .layer = "conv1",
				      .param = "weight",
				      .ofs = ofs,
				      .to = -1,
				      .frames = 1000,
				      .threads = 1 };
}

/* The velocity before step k+1 is the update of step k, and the weights are those before plus it. */
static void states_follow_from_updates(void **state)
{
	const struct aq_reel_args args = reel_args("weights,momentum,update,reg_grad,grad");
	struct aq_reel reel;
	float expected[WEIGHTS], update[WEIGHTS];
	(void)state;
	good(aq_reel_open(&reel, &args));
	assert_int_equal(reel.frames, STEPS);
	assert_int_equal(reel.param->count, WEIGHTS);
	assert_string_equal(reel.strip[1].name, "velocity");
	assert_null(reel.strip[0].column);
	assert_non_null(reel.strip[4].column);
	for (size_t f = 0; f < reel.frames; f++) {
		good(aq_reel_read(&reel, f));
		assert_int_equal(reel.step[f], f);
		for (int i = 0; i < WEIGHTS; i++) {
			const float w = reel.strip[0].at[i], v = reel.strip[1].at[i];
			if (f == 0)
				assert_true(v == 0);
			else
				assert_true(w == expected[i] && v == update[i]);
			update[i] = reel.strip[2].at[i];
			expected[i] = w + update[i];
			const double reg = (double)reel.strip[4].at[i] + 0.01 * (double)w;
			assert_true(fabs((double)reel.strip[3].at[i] - reg) < 1e-6);
		}
	}
	aq_reel_close(&reel);
}

/* Only some steps, and only one layer recorded: the same numbers, of other layers nothing is read. */
static void one_layer_is_enough(void **state)
{
	struct aq_reel_args args = reel_args("weights,update");
	struct aq_reel all, one;
	(void)state;
	good(tiny_train(HERE, HERE "/one.run.h5",
			"solver=momentum lr=0.01 batch=4 steps=60 checkpoint-every=10 l2=0.01 "
			"record=grad:layers=conv1",
			"", NULL));
	args.frames = 7;
	good(aq_reel_open(&all, &args));
	args.run = HERE "/one.run.h5";
	good(aq_reel_open(&one, &args));
	assert_int_equal(one.frames, 7);
	for (size_t f = 0; f < one.frames; f++) {
		good(aq_reel_read(&all, f));
		good(aq_reel_read(&one, f));
		assert_int_equal(one.step[f], all.step[f]);
		for (int i = 0; i < 2; i++)
			assert_memory_equal(one.strip[i].at, all.strip[i].at,
					    WEIGHTS * sizeof(float));
	}
	aq_reel_close(&all);
	aq_reel_close(&one);
	/* the other layer has no gradients there */
	args.layer = "dense1";
	good(aq_reel_open(&one, &args));
	bad(aq_reel_read(&one, 0), AQ_EUSAGE, "--data");
	aq_reel_close(&one);
}

/* With clipping all gradients count, so that one layer is not enough. */
static void clipping_wants_all_layers(void **state)
{
	struct aq_reel_args args = reel_args("weights");
	struct aq_reel reel;
	(void)state;
	args.run = HERE "/clip.run.h5";
	args.from = 15;
	good(tiny_train(HERE, args.run,
			"lr=0.01 clip=0.1 batch=4 steps=60 checkpoint-every=10 "
			"record=grad:layers=conv1",
			"", NULL));
	good(aq_reel_open(&reel, &args));
	bad(aq_reel_read(&reel, 0), AQ_EUSAGE, "--data");
	aq_reel_close(&reel);
	args.data = HERE "/tiny.data.h5";
	good(aq_reel_open(&reel, &args));
	good(aq_reel_read(&reel, 0));
	aq_reel_close(&reel);
}

/* Where a state nearby will do, checkpoints serve, to the one behind the last step; and where
 * nothing lies between them, they are all there is. */
static void loose_states_are_checkpoints(void **state)
{
	struct aq_reel_args args = reel_args("weights");
	struct aq_reel reel;
	(void)state;
	args.loose = true;
	args.frames = 5;
	good(aq_reel_open(&reel, &args));
	assert_int_equal(reel.frames, 5);
	static const uint64_t steps[] = { 0, 10, 30, 40, 60 };
	for (size_t f = 0; f < 5; f++)
		assert_int_equal(reel.step[f], steps[f]);
	good(aq_reel_read(&reel, 4));
	aq_reel_close(&reel);
	good(tiny_train(HERE, HERE "/none.run.h5",
			"solver=momentum lr=0.01 batch=4 steps=60 checkpoint-every=10 l2=0.01 "
			"record=none",
			"", NULL));
	args.frames = 1000;
	good(aq_reel_open(&reel, &args));
	assert_int_equal(reel.frames, 61);
	aq_reel_close(&reel);
	args.run = HERE "/none.run.h5";
	good(aq_reel_open(&reel, &args));
	assert_int_equal(reel.frames, 7);
	for (size_t f = 0; f < 7; f++)
		assert_int_equal(reel.step[f], 10 * f);
	good(aq_reel_read(&reel, 6));
	aq_reel_close(&reel);
}

static void what_is_not_there_is_told(void **state)
{
	struct aq_reel_args args = reel_args("square");
	struct aq_reel reel;
	(void)state;
	bad(aq_reel_open(&reel, &args), AQ_EUSAGE, "what the solver momentum keeps: velocity");
	aq_reel_close(&reel);
	args = reel_args("grad,grad,grad,grad,grad,grad,grad");
	bad(aq_reel_open(&reel, &args), AQ_EUSAGE, "at most 6");
	aq_reel_close(&reel);
	args = reel_args("grad");
	args.layer = "relu1";
	bad(aq_reel_open(&reel, &args), AQ_EUSAGE, "layer relu1 has no weight");
	aq_reel_close(&reel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states_follow_from_updates),
		cmocka_unit_test(one_layer_is_enough),
		cmocka_unit_test(clipping_wants_all_layers),
		cmocka_unit_test(loose_states_are_checkpoints),
		cmocka_unit_test(what_is_not_there_is_told),
	};
	return cmocka_run_group_tests(tests, make, NULL);
}
