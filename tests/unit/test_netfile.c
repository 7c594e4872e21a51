/* SPDX-License-Identifier: MIT
 *
 * What is wrong with a .net file is said with its line and column, and a way out; nothing leaks.
 */
#include "nn/net.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define IN "input 3x8x8\n"
#define END "dense units=3\nloss softmax\n"

static const struct {
	const char *text, *place, *message;
} bad[] = {
	{"", "x.net: ", "no layers"},
	{"# nothing\n\n", "x.net: ", "no layers"},
	{"conv channels=3 size=3\n", "x.net:1:1: ", "first layer must be"},
	{"loss softmax\n", "x.net:1:1: ", "first layer must be"},
	{"input\n" END, "x.net:1:1: ", "input needs CHANNELSxHEIGHTxWIDTH"},
	{"input 3x8\n" END, "x.net:1:1: ", "as in 3x32x32"},
	{"input 3x8x8x8\n" END, "x.net:1:1: ", "as in 3x32x32"},
	{"input 3x8xq\n" END, "x.net:1:1: ", "as in 3x32x32"},
	{"input 0x8x8\n" END, "x.net:1:1: ", "each number must be"},
	{"input -3x8x8\n" END, "x.net:1:1: ", "each number must be"},
	{"input 99999999999999999999x8x8\n" END, "x.net:1:1: ", "each number must be"},
	{"input 65536x65536x65536\n" END, "x.net:1:1: ", "more than 2^28"},
	{IN IN END, "x.net:2:1: ", "one input"},
	{IN "  covn channels=3 size=3\n" END, "x.net:2:3: ", "did you mean 'conv'?"},
	{IN "frobnicate\n" END, "x.net:2:1: ", "there are loss, input, conv"},
	{IN "conv size=3\n" END, "x.net:2:1: ", "conv needs channels=N"},
	{IN "conv channels=3\n" END, "x.net:2:1: ", "conv needs size=HxW"},
	{IN "conv chanels=3 size=3\n" END, "x.net:2:6: ", "did you mean 'channels'?"},
	{IN "conv channels=3 size=three\n" END, "x.net:2:22: ", "not a whole number"},
	{IN "conv channels=0 size=3\n" END, "x.net:2:15: ", "out of range"},
	{IN "conv channels=3 size=3x3x3\n" END, "x.net:2:22: ", "more than 2 numbers"},
	{IN "conv channels=3 size=3 pad=1,2\n" END, "x.net:2:28: ", "top,bottom,left,right"},
	{IN "conv channels=3 size=3 init=hee\n" END, "x.net:2:29: ", "did you mean 'he'?"},
	{IN "conv channels size=3\n" END, "x.net:2:6: ", "'channels' needs a value"},
	{IN "conv channels=3 size=9\n" END, "x.net:2:1: ", "does not fit into 8x8"},
	{IN "conv channels=3 size=9 stride=2 pad=0,0,1,1\n" END, "x.net:2:1: ", "does not fit"},
	{IN "conv channels=1000000 size=4096 pad=4096\n" END,
	 "x.net:2:1: ", "more than 2^31 weights"},
	{IN "conv channels=1000000 size=1 pad=4000\n" END, "x.net:2:1: ", "2^"},
	{IN "maxpool size=2 stride=2 pad=2\n" END, "x.net:2:1: ", "would hold a whole window"},
	{IN "avgpool size=9\n" END, "x.net:2:1: ", "does not fit into 8x8"},
	{IN "relu slope=3\n" END, "x.net:2:6: ", "relu takes no settings"},
	{IN "dropout rate=1\n" END, "x.net:2:14: ", "out of range"},
	{IN "dropout rate=nan\n" END, "x.net:2:14: ", "not a number"},
	{IN "relu stem\n" END, "x.net:2:6: ", "no layer above is called 'stem'"},
	{IN "relu -> stem\nrelu sten\n" END, "x.net:3:6: ", "did you mean 'stem'?"},
	{IN "relu input input\n" END, "x.net:2:12: ", "reads 1 layer at most"},
	{IN "add\n" END, "x.net:2:1: ", "add reads 2 layers"},
	{IN "conv channels=2 size=1\nadd input\n" END, "x.net:3:1: ", "cannot add 3x8x8 to 2x8x8"},
	{IN "conv channels=2 size=3\nconcat input\n" END,
	 "x.net:3:1: ", "height and width must agree"},
	{IN "relu ->\n" END, "x.net:2:8: ", "name is missing"},
	{IN "relu -> a b\n" END, "x.net:2:11: ", "nothing may follow"},
	{IN "relu -> 1a\n" END, "x.net:2:9: ", "is no name"},
	{IN "relu -> a/b\n" END, "x.net:2:9: ", "is no name"},
	{IN "relu -> input\n" END, "x.net:2:9: ", "line 1 is called 'input' already"},
	{IN "relu -> relu2\nrelu\n" END, "x.net:3:1: ", "would be called 'relu2' as line 2"},
	{IN "relu -> a\nrelu input\n" END, "x.net:2:1: ", "nothing reads the output of a"},
	{IN "dense units=3\n", "x.net:2:1: ", "no loss; end the file with"},
	{IN "loss softmax\n", "x.net:2:1: ", "put a line `dense units=CLASSES`"},
	{IN "dense units=1\nloss softmax\n", "x.net:3:1: ", "at least 2 classes"},
	{"input 3x1x1\nrelu\nloss softmax\n", "x.net:3:1: ", "nothing to train"},
	{IN "dense units=3\nloss\n", "x.net:3:1: ", "which loss?"},
	{IN "dense units=3\nloss sofmax\n", "x.net:3:6: ", "did you mean 'softmax'?"},
	{IN "dense units=3\nloss softmax 3\n", "x.net:3:14: ", "takes no settings"},
	{IN END "relu\n", "x.net:4:1: ", "nothing may follow the loss"},
	{IN END "loss softmax\n", "x.net:4:1: ", "a second loss"},
	{IN "dense units=1048576 -> a\ndense units=1048576\n" END, "x.net:3:1: ", "2^31 weights"},
	{"input 3x8x8 \x01\n" END, "x.net:1:13: ", "reads 0 layers at most"},
};

static void test_malformed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct aq_net *net = (struct aq_net *)&net;
		const int rc = aq_net_parse(&net, bad[i].text, "x.net");
		const char *story = aq_story();
		if (rc != AQ_EDATA || net ||
		    strncmp(story, bad[i].place, strlen(bad[i].place)) != 0 ||
		    !strstr(story, bad[i].message))
			fail_msg("code %d, wanted %s...%s, got %s", rc, bad[i].place,
				 bad[i].message, story);
	}
}

static void test_too_many(void **state)
{
	(void)state;
	enum { LAYERS = 1001, WORD = 5 };
	char *text = malloc(sizeof IN + LAYERS * WORD + sizeof END);
	assert_non_null(text);
	strcpy(text, IN);
	for (int i = 0; i < LAYERS; i++)
		strcat(text, "relu\n");
	strcat(text, END);
	struct aq_net *net;
	assert_int_equal(aq_net_parse(&net, text, "x.net"), AQ_EDATA);
	assert_non_null(strstr(aq_story(), "more than 1000 layers"));
	free(text);
}

static void test_many_words(void **state)
{
	(void)state;
	char text[1024] = IN "add";
	for (int i = 0; i < 80; i++)
		strcat(text, " input");
	struct aq_net *net;
	assert_int_equal(aq_net_parse(&net, text, "x.net"), AQ_EDATA);
	assert_non_null(strstr(aq_story(), "x.net:2:"));
}

/* Cut anywhere, the text is refused or read, never worse. */
static void test_cut_short(void **state)
{
	(void)state;
	static const char text[] =
		"input 3x8x8\nconv channels=4 size=3 pad=1,0,1,0 -> a # x\nrelu\nadd a\n"
		"dropout rate=0.5\ndense units=3 init=fixed std=0.1\nloss softmax\n";
	for (size_t length = 0; length < sizeof text; length++) {
		char *copy = calloc(1, length + 1);
		assert_non_null(copy);
		memcpy(copy, text, length);
		struct aq_net *net;
		const int rc = aq_net_parse(&net, copy, "x.net");
		assert_true(rc == AQ_OK || rc == AQ_EDATA);
		aq_net_free(net);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_many_words),
		cmocka_unit_test(test_cut_short),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
