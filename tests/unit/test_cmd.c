/* SPDX-License-Identifier: MIT
 *
 * The frame of a command, each time in a process of its own: what it reads from its words, what it
 * says and where, with which status it ends.
 */
#include "cli/cmd.h"

#include "base/log.h"
#include "story.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

struct args {
	const char *in, *out;
	struct aq_texts more;
	double lr;
	bool flip;
};

static const struct aq_opt opts[] = {
	AQ_OPERAND(struct args, in, "IN", "what is read", .aside = true),
	AQ_ROW(struct args, more, .operand = true, .value = "MORE", .help = "more of it",
	       .aside = true),
	AQ_WORD(struct args, out, "FILE", "what is written", .letter = 'o', .needed = true,
		.aside = true),
	AQ_NUMBER(struct args, lr, 0.5, 0, 10, "F", "learning rate"),
	AQ_SWITCH(struct args, flip, "flip it", .letter = 'f'),
	AQ_END,
};

static int work(const void *arguments)
{
	const struct args *args = arguments;
	if (strcmp(args->in, "broken") == 0)
		return aq_while(aq_fail(AQ_EDATA, "it is broken; mend it"), "while reading %s",
				args->in);
	aq_log(AQ_INFO, "working");
	aq_say("for people: %s", args->in);
	aq_say_begin("done");
	aq_say_text("out", args->out);
	aq_say_int("more", args->more.count);
	aq_say_real("lr", args->lr);
	aq_say_text("arguments", aq_cmd_arguments());
	aq_say_text("program", aq_cmd_program());
	aq_say_end();
	return AQ_OK;
}

static const struct aq_cmd plain = {
	.name = "try",
	.brief = "try things",
	.opts = opts,
	.size = sizeof(struct args),
	.run = work,
};
static const struct aq_cmd verbs[] = {
	{
		.name = "cut",
		.brief = "cut it",
		.opts = opts,
		.size = sizeof(struct args),
		.run = work,
	},
	{ .name = NULL },
};
static const struct aq_cmd many = { .name = "many", .brief = "do many things", .verbs = verbs };

enum { MOST = 12 };
static char said[8192], told[8192];

/* Run `cmd` with the words of `line`; the exit status. */
static int run(const struct aq_cmd *cmd, const char *line)
{
	char text[500], *argv[MOST + 2] = { (char[]){ "program" } };
	int argc = 1, status;
	snprintf(text, sizeof text, "%s", line);
	for (char *word = strtok(text, " "); word && argc <= MOST; word = strtok(NULL, " "))
		argv[argc++] = word;
	fflush(NULL);
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (!freopen("said", "w", stdout) || !freopen("told", "w", stderr))
			_exit(99);
		status = aq_cmd_main(cmd, argc, argv);
		fflush(NULL);
		_exit(status);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	char *bytes;
	size_t length;
	ok(aq_file_read("said", sizeof said - 1, &bytes, &length));
	memcpy(said, bytes, length + 1);
	free(bytes);
	ok(aq_file_read("told", sizeof told - 1, &bytes, &length));
	memcpy(told, bytes, length + 1);
	free(bytes);
	return WEXITSTATUS(status);
}

static void says(const char *words)
{
	if (!strstr(said, words))
		fail_msg("'%s' is not in what was said:\n%s", words, said);
}

static void refuses(const struct aq_cmd *cmd, const char *line, int status, const char *words)
{
	assert_int_equal(run(cmd, line), status);
	if (!strstr(told, words))
		fail_msg("'%s' is not in what was told:\n%s", words, told);
	assert_string_equal(said, "");
}

static void test_words(void **state)
{
	(void)state;
	static const char *const same[] = {
		"a -o x --lr 0.25 -f b c",
		"-ox -f --lr=0.25 a b c",
		"--out=x --flip a --lr 0.25 b c",
		"--lr 0.25 --flip --out x -- a b c",
	};
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		assert_int_equal(run(&plain, same[i]), 0);
		says("for people: a\n");
		says("more 2");
		says("lr 0.25");
		says("lr=0.25 flip");
		says("aquatint-try");
	}
	assert_int_equal(run(&plain, "-o x -- --strange"), 0);
	says("for people: --strange\n");
	assert_int_equal(run(&plain, "-o x -"), 0);
	says("for people: -\n");
}

static void test_json_and_quiet(void **state)
{
	(void)state;
	assert_int_equal(run(&plain, "a -o x\"y --json"), 0);
	assert_int_equal(said[0], '{');
	assert_null(strstr(said, "for people"));
	says("\"out\":");
	says("\"x\\\"y\"");
	assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
	assert_int_equal(run(&plain, "a -o x -q"), 0);
	assert_string_equal(said, "");
	assert_string_equal(told, "");
}

static void test_refusals(void **state)
{
	(void)state;
	refuses(&plain, "a", 64, "aquatint-try: --out is missing: what is written");
	refuses(&plain, "-o x", 64, "IN is missing: what is read");
	refuses(&plain, "a -o", 64, "-o needs a value (FILE)");
	refuses(&plain, "a -o x --lr", 64, "--lr needs a value (F)");
	refuses(&plain, "a -o x --lr fast", 64, "lr: 'fast' is not a number");
	refuses(&plain, "a -o x --lr=11", 64, "out of range (0 to 10)");
	refuses(&plain, "a -o x --flip=yes", 64, "takes no value");
	refuses(&plain, "a -o x --flop", 64, "unknown option --flop; did you mean --flip?");
	refuses(&plain, "a -o x --quite", 64, "did you mean --quiet?");
	refuses(&plain, "a -o x -z", 64, "unknown option -z");
	refuses(&plain, "a -o x --in b", 64, "unknown option --in");
	refuses(&many, "", 64, "aquatint-many: say what to do: cut");
	refuses(&many, "cot", 64, "unknown verb 'cot'; did you mean cut?");
	refuses(&many, "paste", 64, "there are cut");
	refuses(&plain, "broken -o x", 65,
		"aquatint-try: while reading broken\n  it is broken; mend it\n");
}

static void test_verbs(void **state)
{
	(void)state;
	assert_int_equal(run(&many, "cut a -o x"), 0);
	says("aquatint-many cut");
	assert_int_equal(run(&many, "--json cut a -o x"), 0);
	assert_int_equal(said[0], '{');
}

static void test_help(void **state)
{
	(void)state;
	assert_int_equal(run(&plain, "--help"), 0);
	says("usage: aquatint-try [options] IN [MORE...]\n");
	says("try things");
	says("-o, --out FILE");
	says("--lr F");
	says("(0.5)");
	says("--json");
	assert_int_equal(run(&many, "--help"), 0);
	says("cut          cut it");
	assert_int_equal(run(&many, "cut --help"), 0);
	says("usage: aquatint-many cut [options] IN");
	assert_int_equal(run(&plain, "--version"), 0);
	assert_string_equal(said, "aquatint-try " AQ_VERSION "\n");
}

static int full(const void *arguments)
{
	(void)arguments;
	if (!freopen("/dev/full", "w", stdout))
		return aq_fail(AQ_EBUG, "there is no /dev/full");
	aq_say("lost");
	return AQ_OK;
}

static void test_a_full_standard_output(void **state)
{
	(void)state;
	static const struct aq_opt none[] = { AQ_END };
	static const struct aq_cmd cmd = {
		.name = "full", .brief = "fill", .opts = none, .run = full
	};
	assert_int_equal(run(&cmd, ""), 74);
	assert_non_null(strstr(told, "standard output"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),	 cmocka_unit_test(test_json_and_quiet),
		cmocka_unit_test(test_refusals), cmocka_unit_test(test_verbs),
		cmocka_unit_test(test_help),	 cmocka_unit_test(test_a_full_standard_output),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
