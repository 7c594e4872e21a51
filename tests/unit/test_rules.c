/* SPDX-License-Identifier: MIT
 *
 * test_rules.c - each illness is told by its own rule, and a healthy run has none
 */
#include "run/rules.h"
#include "tiny.h"

#define FOLDER "rules"
#define RUN FOLDER "/x.run.h5"

static const char healthy_net[] = "input 1x8x8\n"
				  "conv channels=6 size=5 pad=2 init=he\n"
				  "relu\n"
				  "maxpool size=2 stride=2\n"
				  "dense units=3\n"
				  "loss softmax\n";

/* Train `net` with these options and let the rules look; the training may end as `ends`. */
static void look(const char *net, const char *words, int ends, struct aq_findings *f)
{
	const char *run = RUN;
	tiny_inputs(FOLDER);
	good(aq_file_write(FOLDER "/tiny.net", false, net, strlen(net)));
	assert_int_equal(tiny_train(FOLDER, RUN, words, "", NULL), ends);
	if (ends < 0)
		run = RUN ".part";
	good(aq_rules_apply(run, f));
}

static const struct aq_finding *find(const struct aq_findings *f, const char *rule)
{
	for (int i = 0; i < f->count; i++)
		if (strcmp(f->at[i].rule, rule) == 0)
			return &f->at[i];
	return NULL;
}

/* That rule speaks, of that layer, with these words. */
static void expect(const struct aq_findings *f, const char *rule, const char *layer,
		   const char *words)
{
	const struct aq_finding *one = find(f, rule);
	for (int i = 0; i < f->count && !one; i++)
		print_message("%s %s: %s\n", f->at[i].rule, f->at[i].layer, f->at[i].words);
	if (!one)
		fail_msg("no finding of %s", rule);
	assert_string_equal(one->layer, layer);
	if (!strstr(one->words, words))
		fail_msg("'%s' is not in: %s", words, one->words);
}

static void silent(const struct aq_findings *f)
{
	if (f->count)
		fail_msg("%s %s: %s", f->at[0].rule, f->at[0].layer, f->at[0].words);
}

static void healthy_runs_are_silent(void **state)
{
	static const char *const words[] = {
		"solver=momentum lr=0.003 batch=6 steps=600",
		"solver=sgd lr=0.05 batch=6 steps=600",
		"solver=adam lr=0.001 batch=6 steps=600",
		"solver=sgd lr=0.05 batch=13 steps=600 lr_schedule=cosine",
		"solver=adadelta batch=2 steps=600",
	};
	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct aq_findings f;
		look(healthy_net, words[i], AQ_OK, &f);
		silent(&f);
		assert_string_equal(aq_str_text(&f.notes), "");
		aq_findings_free(&f);
	}
}

static void too_large_a_beginning(void **state)
{
	struct aq_findings f;
	(void)state;
	look("input 1x8x8\nconv channels=6 size=5 pad=2 init=fixed std=2\nrelu\n"
	     "dense units=3 init=fixed std=2\nloss softmax\n",
	     "solver=sgd lr=1e-5 batch=6 steps=10", AQ_OK, &f);
	expect(&f, "start", "", "ln(3) = 1.1");
	assert_int_equal(find(&f, "start")->step, 0);
	assert_true(strstr(find(&f, "start")->words, "too large") != NULL);
	aq_findings_free(&f);
}

static void a_rate_that_makes_it_explode(void **state)
{
	struct aq_findings f;
	(void)state;
	look(healthy_net, "solver=sgd lr=1e6 batch=6 steps=100", AQ_EDIVERGED, &f);
	const struct aq_finding *one = find(&f, "exploding");
	assert_non_null(one);
	assert_true(one->step >= 1 && one->step < 20);
	assert_true(strstr(one->words, "lower the learning rate") != NULL);
	aq_findings_free(&f);
}

static void a_gradient_that_vanishes(void **state)
{
	struct aq_findings f;
	char net[2048] = "input 1x8x8\n";
	(void)state;
	for (int i = 0; i < 8; i++)
		strcat(net, "dense units=10\nsigmoid\n");
	strcat(net, "dense units=3\nloss softmax\n");
	look(net, "solver=sgd lr=0.05 batch=6 steps=50", AQ_OK, &f);
	expect(&f, "vanishing", "dense1", "of that of dense9");
	assert_int_equal(find(&f, "vanishing")->step, 0);
	aq_findings_free(&f);
}

static void a_layer_that_is_dead(void **state)
{
	struct aq_findings f;
	(void)state;
	look("input 1x8x8\nconv channels=4 size=3 pad=1\nrelu\n"
	     "conv channels=6 size=3 pad=1 bias=-10\nrelu\ndense units=3\nloss softmax\n",
	     "solver=sgd lr=0.05 batch=6 steps=100", AQ_OK, &f);
	expect(&f, "dead", "conv2", "no gradient reaches it and 1 layer before it");
	assert_int_equal(find(&f, "dead")->step, 0);
	assert_null(find(&f, "ratio"));
	aq_findings_free(&f);
}

/* Two of six filters, by biases from a file. */
static void filters_that_are_dead(void **state)
{
	static const char *const records[] = { "", " record=stats", " record=grad" };
	enum { CONV = 6 * 25, DENSE = 3 * 6 * 16 };
	float conv[CONV], dense[DENSE];
	const float bias[6] = { 0.1f, -30, 0.1f, 0.1f, 0.1f, -30 }, none[3] = { 0 };
	(void)state;
	for (uint32_t i = 0; i < CONV; i++)
		conv[i] = 0.28f * (float)aq_rng_normal(1, 1, 0, 0, i);
	for (uint32_t i = 0; i < DENSE; i++)
		dense[i] = 0.1f * (float)aq_rng_normal(1, 1, 0, 1, i);
	for (int i = 0; i < 3; i++) {
		struct aq_findings f;
		struct aq_h5 *file;
		char words[256];
		good(aq_h5_create(&file, "rules.weights.h5", "aquatint-weights", false));
		good(aq_h5_put(file, "/weights/conv1/weight", AQ_SHAPE4(AQ_F32, 6, 1, 5, 5), conv));
		good(aq_h5_put(file, "/weights/conv1/bias", AQ_SHAPE1(AQ_F32, 6), bias));
		good(aq_h5_put(file, "/weights/dense1/weight", AQ_SHAPE2(AQ_F32, 3, 96), dense));
		good(aq_h5_put(file, "/weights/dense1/bias", AQ_SHAPE1(AQ_F32, 3), none));
		good(aq_h5_publish(file));
		snprintf(words, sizeof words,
			 "solver=sgd lr=0.02 batch=6 steps=300 init=rules.weights.h5%s",
			 records[i]);
		look(healthy_net, words, AQ_OK, &f);
		if (i ==
		    1) { /* a third is not enough to say it by shares alone, but that is said */
			assert_null(find(&f, "dead"));
			assert_true(strstr(f.notes.at, "--record grad tells them") != NULL);
		} else {
			expect(&f, "dead", "conv1", "2 of 6 filters (1, 5)");
			assert_int_equal(find(&f, "dead")->step, 150);
		}
		aq_findings_free(&f);
	}
}

static void rates_out_of_the_band(void **state)
{
	struct aq_findings f;
	(void)state;
	look(healthy_net, "solver=sgd lr=1e-5 batch=6 steps=100", AQ_OK, &f);
	expect(&f, "ratio", "conv1", "raise the learning rate");
	aq_findings_free(&f);
	static const char *const high[] = { "solver=sgd lr=0.5 batch=6 steps=100",
					    "solver=rmsprop lr=0.3 batch=2 steps=100" };
	for (int i = 0; i < 2; i++) {
		look("input 1x8x8\nconv channels=6 size=5 pad=2 init=he\nrelu\ndropout rate=0.9\n"
		     "dense units=3\nloss softmax\n",
		     high[i], AQ_OK, &f);
		assert_non_null(find(&f, "ratio"));
		assert_true(strstr(find(&f, "ratio")->words, i ? "to 0.05 is" : "to 0.01 is") != NULL);
		assert_true(strstr(find(&f, "ratio")->words, "lower the learning rate") != NULL);
		aq_findings_free(&f);
	}
}

static void nothing_is_learned(void **state)
{
	struct aq_findings f;
	(void)state;
	look(healthy_net, "solver=sgd lr=1e-6 batch=6 steps=400", AQ_OK, &f);
	expect(&f, "plateau", "", "nothing is learned");
	expect(&f, "noise", "conv1", "still noise");
	aq_findings_free(&f);
}

/* It learns, and then its rate becomes 0. */
static void a_loss_that_stands_still(void **state)
{
	struct aq_findings f;
	(void)state;
	look(healthy_net, "solver=sgd lr=1 batch=13 steps=600 lr_schedule=epochs:0.02x12,1e-9x1000",
	     AQ_OK, &f);
	expect(&f, "plateau", "", "stands still");
	assert_in_range(find(&f, "plateau")->step, 8, 14);
	aq_findings_free(&f);
}

/* It learns, and then its rate becomes too high. */
static void a_loss_that_rises_again(void **state)
{
	struct aq_findings f;
	(void)state;
	look(healthy_net, "solver=sgd lr=1 batch=6 steps=600 lr_schedule=epochs:0.05x80,100x1000",
	     AQ_OK, &f);
	expect(&f, "rising", "", "rises again");
	assert_in_range(find(&f, "rising")->step, 200, 599);
	aq_findings_free(&f);
}

static void what_cannot_be_judged_is_said(void **state)
{
	struct aq_findings f;
	(void)state;
	look(healthy_net, "solver=sgd lr=0.05 batch=6 steps=20", AQ_OK, &f);
	silent(&f);
	assert_true(strstr(f.notes.at, "20 steps are too few") != NULL);
	aq_findings_free(&f);
	look(healthy_net, "solver=sgd lr=0.05 batch=6 steps=600 record=none", AQ_OK, &f);
	silent(&f);
	assert_true(strstr(f.notes.at, "of 2 layers, whose statistics were not recorded") != NULL);
	aq_findings_free(&f);
	bad(aq_rules_apply("nowhere.run.h5", &f), AQ_ENOINPUT, "nowhere");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(healthy_runs_are_silent),
		cmocka_unit_test(too_large_a_beginning),
		cmocka_unit_test(a_rate_that_makes_it_explode),
		cmocka_unit_test(a_gradient_that_vanishes),
		cmocka_unit_test(a_layer_that_is_dead),
		cmocka_unit_test(filters_that_are_dead),
		cmocka_unit_test(rates_out_of_the_band),
		cmocka_unit_test(nothing_is_learned),
		cmocka_unit_test(a_loss_that_stands_still),
		cmocka_unit_test(a_loss_that_rises_again),
		cmocka_unit_test(what_cannot_be_judged_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
