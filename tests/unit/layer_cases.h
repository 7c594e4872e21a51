/* SPDX-License-Identifier: MIT
 *
 * layer_cases.h - the settings at which layers are tested: families, each the product of a few
 * lists
 *
 * The families named after nnconv, nnpool, nnrelu, ... have the parameters of the test suite of
 * MatConvNet (matlab/xtest/suite), for the layers that we have; what it asks of empty filters is
 * asked of filters of 1x1.  The others are our own.
 */
#ifndef AQ_TESTS_LAYER_CASES_H
#define AQ_TESTS_LAYER_CASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum kind { CONV, DENSE, MAXPOOL, AVGPOOL, RELU, SIGMOID, TANH, DROPOUT, ADD, CONCAT };

/* Input channels, rows, columns; filters or units; is there a bias; window, stride, padding; how
 * many inputs; rate of dropout in percent. */
// clang-format off
enum axis {
	KIND, C, Y, X, OUT, BIAS, FY, FX, SY, SX, TOP, BOTTOM, LEFT, RIGHT, INPUTS, PERCENT, AXES
};
// clang-format on

struct layer_case {
	const char *family;
	int at[AXES];
	char text[512]; /* the network; the layer is the last but one */
};

struct family {
	const char *name;
	struct list {
		int count, of[12];
	} list[AXES];
};

/* An axis without a list repeats another one, or has one value. */
static const struct {
	bool repeats;
	int what;
} layer_fallback[AXES] = {
	[OUT] = { false, 1 },	  [BIAS] = { false, 1 },    [FY] = { false, 1 },
	[FX] = { true, FY },	  [SY] = { false, 1 },	    [SX] = { true, SY },
	[TOP] = { false, 0 },	  [BOTTOM] = { true, TOP }, [LEFT] = { true, TOP },
	[RIGHT] = { true, LEFT }, [INPUTS] = { false, 1 },
};

// clang-format off
#define ONE(v)       { 1, { v } }
#define SET(n, ...)  { n, { __VA_ARGS__ } }
#define MAP(c, y, x) [C] = ONE(c), [Y] = ONE(y), [X] = ONE(x)
#define UP_TO_2      SET(3, 0, 1, 2)

static const struct family layer_families[] = {
	{ "nnconv identity_filters", {
		[KIND] = ONE(CONV), MAP(10, 1, 1), [OUT] = ONE(10),
	} },
	{ "nnconv filter_shapes", {
		[KIND] = ONE(CONV), MAP(10, 3, 5), [OUT] = ONE(5), [BIAS] = SET(2, 0, 1),
		[FY] = SET(3, 1, 2, 3), [FX] = SET(3, 1, 3, 5),
	} },
	{ "nnconv stride_correctness", {
		[KIND] = ONE(CONV), MAP(1, 9, 9), [BIAS] = ONE(0), [FY] = SET(2, 1, 3),
		[SY] = SET(3, 1, 2, 3), [SX] = SET(3, 1, 2, 3),
	} },
	{ "nnconv pad_correctness", {
		[KIND] = ONE(CONV), MAP(1, 9, 9), [BIAS] = ONE(0), [FY] = ONE(3),
		[TOP] = UP_TO_2, [BOTTOM] = UP_TO_2, [LEFT] = UP_TO_2, [RIGHT] = UP_TO_2,
	} },
	{ "nnconv pad_and_stride", {
		[KIND] = ONE(CONV), MAP(4, 16, 15), [OUT] = ONE(5), [FY] = SET(2, 1, 3),
		[SY] = SET(4, 1, 2, 3, 4), [TOP] = UP_TO_2,
	} },
	{ "conv strides and paddings", {
		[KIND] = ONE(CONV), MAP(2, 7, 8), [OUT] = ONE(3), [FY] = ONE(2), [FX] = ONE(3),
		[SY] = ONE(2), [SX] = ONE(1), [TOP] = UP_TO_2, [BOTTOM] = UP_TO_2,
		[LEFT] = UP_TO_2, [RIGHT] = UP_TO_2,
	} },
	{ "conv channels", {
		[KIND] = ONE(CONV), [C] = SET(3, 1, 3, 16), [Y] = ONE(6), [X] = ONE(5),
		[OUT] = SET(5, 1, 4, 6, 16, 17), [FY] = ONE(5), [TOP] = ONE(2),
	} },
	{ "dense", {
		[KIND] = ONE(DENSE), [C] = SET(2, 1, 7), [Y] = ONE(3), [X] = SET(2, 1, 4),
		[OUT] = SET(7, 1, 2, 5, 15, 16, 17, 33),
	} },
	{ "nnpool pool_type", {
		[KIND] = SET(2, AVGPOOL, MAXPOOL), MAP(3, 15, 14), [FY] = SET(3, 1, 2, 3),
		[SY] = SET(4, 1, 2, 3, 4), [TOP] = UP_TO_2,
	} },
	{ "nnpool pool_type_and_pad", {
		[KIND] = SET(2, AVGPOOL, MAXPOOL), MAP(3, 15, 14), [FY] = SET(2, 1, 2),
		[FX] = SET(3, 1, 2, 3), [SY] = SET(4, 1, 2, 3, 4),
	} },
	{ "nnpool pool_type_and_stride", {
		[KIND] = SET(2, AVGPOOL, MAXPOOL), MAP(3, 15, 14), [FY] = ONE(3),
		[FX] = ONE(2), [SY] = SET(2, 1, 2), [SX] = SET(3, 1, 2, 3),
	} },
	{ "nnpool asym_pad1", {
		[KIND] = SET(2, AVGPOOL, MAXPOOL), MAP(3, 15, 14), [FY] = ONE(3),
		[FX] = ONE(4), [SY] = ONE(2), [SX] = ONE(1), [LEFT] = UP_TO_2,
		[RIGHT] = UP_TO_2,
	} },
	{ "nnpool asym_pad2", {
		[KIND] = SET(2, AVGPOOL, MAXPOOL), MAP(3, 15, 14), [FY] = ONE(3),
		[FX] = ONE(4), [SY] = ONE(2), [SX] = ONE(1), [TOP] = UP_TO_2,
		[BOTTOM] = UP_TO_2, [LEFT] = ONE(2), [RIGHT] = ONE(1),
	} },
	{ "pools and paddings", {
		[KIND] = SET(2, AVGPOOL, MAXPOOL), MAP(2, 6, 7), [FY] = ONE(3), [SY] = ONE(2),
		[TOP] = UP_TO_2, [BOTTOM] = UP_TO_2, [LEFT] = UP_TO_2, [RIGHT] = UP_TO_2,
	} },
	{ "nnrelu, nnsigmoid, tanh", {
		[KIND] = SET(3, RELU, SIGMOID, TANH), [C] = SET(2, 1, 10), [Y] = SET(2, 1, 5),
		[X] = SET(2, 1, 4),
	} },
	{ "nndropout", {
		[KIND] = ONE(DROPOUT), MAP(10, 5, 4), [PERCENT] = SET(5, 0, 10, 40, 50, 90),
	} },
	{ "dagnn Sum", {
		[KIND] = ONE(ADD), MAP(3, 5, 4), [INPUTS] = SET(4, 2, 3, 4, 8),
	} },
	{ "nnconcat", {
		[KIND] = ONE(CONCAT), MAP(3, 5, 4), [INPUTS] = SET(4, 2, 3, 4, 8),
	} },
};
// clang-format on

enum { LAYER_FAMILIES = sizeof layer_families / sizeof *layer_families };

/* Inputs of `concat` differ in depth. */
static inline int layer_case_depth(const struct layer_case *c, int input)
{
	return c->at[KIND] == CONCAT ? c->at[C] + input % 3 : c->at[C];
}

static inline bool layer_case_linear(const struct layer_case *c)
{
	const int kind = c->at[KIND];
	return kind == CONV || kind == DENSE || kind == AVGPOOL || kind == DROPOUT || kind == ADD ||
	       kind == CONCAT;
}

/* A window may not lie in the padding, as MatConvNet has it too. */
static inline bool layer_case_exists(const struct layer_case *c)
{
	const int *at = c->at;
	return (at[KIND] != MAXPOOL && at[KIND] != AVGPOOL) ||
	       (at[TOP] < at[FY] && at[BOTTOM] < at[FY] && at[LEFT] < at[FX] && at[RIGHT] < at[FX]);
}

static inline void layer_case_write(struct layer_case *c)
{
	static const char *const words[] = { "conv",	"dense", "maxpool", "avgpool", "relu",
					     "sigmoid", "tanh",	 "dropout", "add",     "concat" };
	const int *at = c->at, kind = at[KIND];
	char *to = c->text, *const end = to + sizeof c->text;
	to += snprintf(to, (size_t)(end - to), "input %dx%dx%d\n", at[C], at[Y], at[X]);
	for (int k = 0; k < at[INPUTS] && at[INPUTS] > 1; k++)
		to += snprintf(to, (size_t)(end - to), "conv input channels=%d size=1 -> i%d\n",
			       layer_case_depth(c, k), k);
	to += snprintf(to, (size_t)(end - to), "%s", words[kind]);
	for (int k = 0; k < at[INPUTS] && at[INPUTS] > 1; k++)
		to += snprintf(to, (size_t)(end - to), " i%d", k);
	if (kind == DENSE)
		to += snprintf(to, (size_t)(end - to), " units=%d", at[OUT]);
	if (kind == CONV)
		to += snprintf(to, (size_t)(end - to), " channels=%d", at[OUT]);
	if (kind == CONV || kind == MAXPOOL || kind == AVGPOOL)
		to += snprintf(to, (size_t)(end - to), " size=%dx%d stride=%dx%d pad=%d,%d,%d,%d",
			       at[FY], at[FX], at[SY], at[SX], at[TOP], at[BOTTOM], at[LEFT],
			       at[RIGHT]);
	if (kind == DROPOUT)
		to += snprintf(to, (size_t)(end - to), " rate=%.2f", at[PERCENT] / 100.0);
	snprintf(to, (size_t)(end - to), "\ndense units=2\nloss softmax\n");
}

/* Call `visit` for every case of the family. */
static inline void layer_family_each(const struct family *family,
				     void (*visit)(const struct layer_case *, void *), void *self)
{
	int counter[AXES] = { 0 };
	for (int moved = AXES - 1; moved >= 0;) {
		struct layer_case c = { .family = family->name };
		for (int a = 0; a < AXES; a++)
			c.at[a] = family->list[a].count	      ? family->list[a].of[counter[a]]
				  : layer_fallback[a].repeats ? c.at[layer_fallback[a].what]
							      : layer_fallback[a].what;
		layer_case_write(&c);
		if (layer_case_exists(&c))
			visit(&c, self);
		for (moved = AXES - 1; moved >= 0 && ++counter[moved] >= family->list[moved].count;
		     moved--)
			counter[moved] = 0;
	}
}

#endif
