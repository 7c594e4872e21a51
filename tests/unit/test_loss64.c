/* SPDX-License-Identifier: MIT
 *
 * The softmax loss in double precision: against its definition in long double, against central
 * differences at the threshold of cs231n, without a label, and with logits that would overflow.
 */
#include "../oracle/hash.h"
#include "nn/loss.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_CLASSES = 100, MOST_EXAMPLES = 16 };

static const int class_counts[] = { 2, 3, 10, 33, MOST_CLASSES };
static const int example_counts[] = { 1, 3, MOST_EXAMPLES };
static const double scales[] = { 0, 1, 20, 5000 };

struct loss_case {
	int classes, n;
	double scale;
	double logits[MOST_CLASSES * MOST_EXAMPLES]; /* [classes][n], as all below */
	double probability[MOST_CLASSES * MOST_EXAMPLES], delta[MOST_CLASSES * MOST_EXAMPLES];
	double loss[MOST_EXAMPLES];
	int32_t label[MOST_EXAMPLES];
};

static int cases, differences;
static double worst_definition, worst_difference;

static void run(struct loss_case *c)
{
	aq_losses[0]->run(c->classes, c->n, c->logits, c->label, c->probability, c->loss, c->delta);
}

static size_t place(const struct loss_case *c, int class, int k)
{
	return (size_t) class * (size_t)c->n + (size_t)k;
}

static void near(double got, long double want, long double size)
{
	const double error = (double)(fabsl((long double)got - want) / size) / DBL_EPSILON;
	if (!(error <= 4))
		fail_msg("%.17g, not %.17Lg", got, want);
	worst_definition = fmax(worst_definition, error);
}

/* p = exp(z) / sum exp(z), loss = -log p of the label, delta = p - [label]; long double reaches to
 * exp(11000). */
static void by_definition(const struct loss_case *c, int k)
{
	long double sum = 0, largest = 0;
	for (int i = 0; i < c->classes; i++) {
		sum += expl((long double)c->logits[place(c, i, k)]);
		largest = fmaxl(largest, fabsl((long double)c->logits[place(c, i, k)]));
	}
	for (int i = 0; i < c->classes; i++) {
		const long double p = expl((long double)c->logits[place(c, i, k)]) / sum;
		/* the rounding of z - max z grows with it */
		near(c->probability[place(c, i, k)], p, fmaxl(p, LDBL_EPSILON) * (1 + largest));
		near(c->delta[place(c, i, k)], p - (i == c->label[k]), 1 + p * largest);
	}
	const long double own = (long double)c->logits[place(c, c->label[k], k)];
	near(c->loss[k], logl(sum) - own, 1 + fabsl(logl(sum)) + fabsl(own));
}

/* Each difference is taken of one example's loss. */
static void by_differences(const struct loss_case *c, int k)
{
	const double h = 1e-5;
	struct loss_case moved = *c;
	for (int i = 0; i < c->classes; i++) {
		const size_t at = place(c, i, k);
		moved.logits[at] = c->logits[at] + h;
		run(&moved);
		const double up = moved.loss[k];
		moved.logits[at] = c->logits[at] - h;
		run(&moved);
		moved.logits[at] = c->logits[at];
		/* what the loss's own rounding makes of the quotient */
		const double noise = 4 * DBL_EPSILON * fmax(fabs(c->loss[k]), 1) / h;
		const double numeric = (up - moved.loss[k]) / (2 * h), analytic = c->delta[at];
		const double size = fmax(fmax(fabs(numeric), fabs(analytic)), noise / 1e-7);
		const double error = fabs(numeric - analytic) / size;
		if (!(error < 1e-7))
			fail_msg("%d of %d classes: %.12g by differences, %.12g", i, c->classes,
				 numeric, analytic);
		differences++;
		worst_difference = fmax(worst_difference, error);
	}
}

static void fill(struct loss_case *c, int classes, int n, double scale)
{
	memset(c, 0, sizeof *c);
	c->classes = classes;
	c->n = n;
	c->scale = scale;
	for (int k = 0; k < n; k++) {
		c->label[k] = (k * 7 + 1) % classes;
		for (int i = 0; i < classes; i++)
			c->logits[place(c, i, k)] =
				scale * oracle_value(400 + (uint32_t)k, (uint32_t)i);
	}
	run(c);
}

static void each_case(void (*visit)(struct loss_case *))
{
	static struct loss_case c;
	for (size_t i = 0; i < sizeof class_counts / sizeof *class_counts; i++)
		for (size_t k = 0; k < sizeof example_counts / sizeof *example_counts; k++)
			for (size_t s = 0; s < sizeof scales / sizeof *scales; s++) {
				fill(&c, class_counts[i], example_counts[k], scales[s]);
				visit(&c);
				cases++;
			}
}

static void check_case(struct loss_case *c)
{
	for (int k = 0; k < c->n; k++) {
		by_definition(c, k);
		if (c->scale <= 20 && k % 8 == 0)
			by_differences(c, k);
	}
}

static void test_cases(void **state)
{
	(void)state;
	each_case(check_case);
	print_message("  softmax loss: %d cases, worst %.2g epsilons; %d differences, worst %.2g\n",
		      cases, worst_definition, differences, worst_difference);
	assert_true(cases == 60 && differences > 1500);
}

/* The gradient of an example sums to nothing, its probabilities to one. */
static void check_sums(struct loss_case *c)
{
	for (int k = 0; k < c->n; k++) {
		double delta = 0, probability = 0;
		for (int i = 0; i < c->classes; i++) {
			delta += c->delta[place(c, i, k)];
			probability += c->probability[place(c, i, k)];
		}
		assert_true(fabs(delta) < 1e-14 && fabs(probability - 1) < 1e-14);
	}
}

static void test_sums(void **state)
{
	(void)state;
	each_case(check_sums);
}

/* No label, or none that exists: no loss, no gradient, but probabilities; others are untouched. */
static void check_unlabelled(struct loss_case *c)
{
	const struct loss_case before = *c;
	static const int32_t none[] = { -1, -7, INT32_MIN, INT32_MAX };
	for (int k = 0; k < c->n; k += 2)
		c->label[k] = k % 4 == 0 ? c->classes : none[k / 2 % 4];
	run(c);
	assert_memory_equal(c->probability, before.probability, sizeof c->probability);
	for (int k = 0; k < c->n; k++) {
		assert_true(c->loss[k] == (k % 2 ? before.loss[k] : 0));
		for (int i = 0; i < c->classes; i++)
			assert_true(c->delta[place(c, i, k)] ==
				    (k % 2 ? before.delta[place(c, i, k)] : 0));
	}
}

static void test_unlabelled(void **state)
{
	(void)state;
	each_case(check_unlabelled);
}

/* At first a network says nothing: the loss is the logarithm of the number of classes. */
static void test_equal_logits(void **state)
{
	(void)state;
	static struct loss_case c;
	for (int classes = 2; classes <= MOST_CLASSES; classes++) {
		fill(&c, classes, 1, 0);
		assert_true(fabs(c.loss[0] - log(classes)) < 1e-14);
	}
}

/* A wish for delta can be left out; far beyond exp() the loss is the distance of the logits. */
static void test_extremes(void **state)
{
	(void)state;
	double logits[3] = { 1e300, -1e300, 1e300 }, probability[3], loss, delta[3];
	const int32_t label = 0;
	aq_losses[0]->run(3, 1, logits, &label, probability, &loss, NULL);
	assert_true(fabs(loss - log(2)) < 1e-15);
	assert_true(probability[0] == 0.5 && probability[1] == 0 && probability[2] == 0.5);
	logits[2] = 0;
	logits[0] = -1e6;
	logits[1] = -2e6;
	aq_losses[0]->run(3, 1, logits, &label, probability, &loss, delta);
	assert_true(loss == 1e6 && delta[0] == -1 && delta[1] == 0 && delta[2] == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),	   cmocka_unit_test(test_sums),
		cmocka_unit_test(test_unlabelled), cmocka_unit_test(test_equal_logits),
		cmocka_unit_test(test_extremes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
