/* SPDX-License-Identifier: MIT
 *
 * cmd.c - the frame of a command: parsing, help, exit status
 */
#include "cli/cmd.h"

#include "cli/say.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct common {
	bool help, version, quiet, verbose, json;
};

static const struct aq_opt common_opts[] = {
	AQ_SWITCH(struct common, help, "show this text", .letter = 'h', .aside = true),
	AQ_SWITCH(struct common, version, "show the version", .aside = true),
	AQ_SWITCH(struct common, quiet, "say nothing but errors", .letter = 'q', .aside = true),
	AQ_SWITCH(struct common, verbose, "say more", .letter = 'v', .aside = true),
	AQ_SWITCH(struct common, json, "one JSON object a line on stdout", .aside = true),
	AQ_END,
};

static struct aq_str program, arguments;

const char *aq_cmd_program(void)
{
	return aq_str_text(&program);
}

const char *aq_cmd_arguments(void)
{
	const char *text = aq_str_text(&arguments);
	return *text == ' ' ? text + 1 : text;
}

/* ---- help ------------------------------------------------------------------------------------ */

/* A field's name as an option: dashes for underscores. */
static const char *dashed(const char *name)
{
	static char text[64];
	snprintf(text, sizeof text, "%s", name);
	for (char *c = text; *c; c++)
		if (*c == '_')
			*c = '-';
	return text;
}

static void print_value_help(const struct aq_opt *opt)
{
	struct aq_str def = { 0 };
	if (opt->type == AQ_T_CHOICE) {
		for (int i = 0; opt->words[i]; i++)
			printf("%s%s%s", i ? ", " : ": ", opt->words[i],
			       i == (int)opt->def ? " (default)" : "");
	} else if (opt->type == AQ_T_INT || opt->type == AQ_T_LONG || opt->type == AQ_T_REAL) {
		aq_print_real(opt->def, &def);
		if (!opt->needed)
			printf(" (%s)", aq_str_text(&def));
	}
	aq_str_free(&def);
}

static void print_options(const struct aq_opt *opts)
{
	for (const struct aq_opt *opt = opts; opt && opt->name; opt++) {
		char left[96];
		if (opt->operand)
			continue;
		snprintf(left, sizeof left, "%s%c%s--%s%s%s", opt->letter ? "-" : " ",
			 opt->letter ? opt->letter : ' ', opt->letter ? ", " : "  ",
			 dashed(opt->name), opt->value ? " " : "", opt->value ? opt->value : "");
		printf("  %-28s %s", left, opt->help);
		print_value_help(opt);
		printf("\n");
	}
}

static void print_help(const struct aq_cmd *cmd)
{
	printf("usage: %s", aq_cmd_program());
	if (cmd->verbs) {
		printf(" VERB ...\n\n%s\n\n", cmd->brief);
		for (const struct aq_cmd *verb = cmd->verbs; verb->name; verb++)
			printf("  %-12s %s\n", verb->name, verb->brief);
		printf("\n%s VERB --help shows the options of a verb.\n\n", aq_cmd_program());
	} else {
		printf(" [options]");
		for (const struct aq_opt *opt = cmd->opts; opt->name; opt++)
			if (opt->operand)
				printf(" %s%s%s%s", opt->needed ? "" : "[", opt->value,
				       opt->type == AQ_T_TEXTS ? "..." : "",
				       opt->needed ? "" : "]");
		printf("\n\n%s\n\n", cmd->brief);
		for (const struct aq_opt *opt = cmd->opts; opt->name; opt++)
			if (opt->operand)
				printf("  %-28s %s\n", opt->value, opt->help);
		print_options(cmd->opts);
	}
	print_options(common_opts);
}

/* ---- parsing --------------------------------------------------------------------------------- */

struct line { /* a command line being read */
	const struct aq_cmd *cmd;
	void *args;
	struct common common;
	int argc, at;
	char **argv;
	const struct aq_opt *operand; /* the next one to fill */
};

static const struct aq_opt *by_letter(const struct aq_opt *opts, char letter)
{
	for (const struct aq_opt *opt = opts; opt && opt->name; opt++)
		if (opt->letter == letter)
			return opt;
	return NULL;
}

static int give(struct line *line, const struct aq_opt *opt, void *args, const char *shown,
		char *value)
{
	if (opt->type != AQ_T_FLAG && !value) {
		if (line->at + 1 >= line->argc)
			return aq_fail(AQ_EUSAGE, "%s needs a value (%s)", shown, opt->value);
		value = line->argv[++line->at];
	}
	return aq_opt_read(opt, args, value);
}

static int unknown(const struct line *line, const char *shown)
{
	enum { MOST = 96 };
	static char names[MOST][72];
	const char *words[MOST + 1] = { NULL };
	int n = 0;
	const struct aq_opt *const tables[] = { line->cmd->opts, common_opts };
	for (int t = 0; t < 2; t++)
		for (const struct aq_opt *opt = tables[t]; opt && opt->name && n < MOST; opt++)
			if (!opt->operand) {
				snprintf(names[n], sizeof names[n], "--%s", dashed(opt->name));
				words[n] = names[n];
				n++;
			}
	const char *near = aq_near(shown, words);
	return near ? aq_fail(AQ_EUSAGE, "unknown option %s; did you mean %s?", shown, near)
		    : aq_fail(AQ_EUSAGE, "unknown option %s (see --help)", shown);
}

static int read_option(struct line *line, char *word)
{
	const bool is_long = word[1] == '-';
	char *value = is_long ? strchr(word, '=') : word[1] && word[2] ? word + 2 : NULL;
	const size_t length = value && is_long ? (size_t)(value - word) : strlen(word);
	char name[64];
	snprintf(name, sizeof name, "%.*s", (int)(length < 63 ? length : 63), word);
	if (value && is_long)
		value++;

	void *args = line->args;
	const struct aq_opt *opt =
		is_long ? (line->cmd->opts ? aq_opt_find(line->cmd->opts, name + 2) : NULL)
			: by_letter(line->cmd->opts, word[1]);
	if (!opt || opt->operand) {
		args = &line->common;
		opt = is_long ? aq_opt_find(common_opts, name + 2)
			      : by_letter(common_opts, word[1]);
	}
	return opt ? give(line, opt, args, name, value) : unknown(line, name);
}

static int read_operand(struct line *line, char *word)
{
	while (line->operand && line->operand->name && !line->operand->operand)
		line->operand++;
	if (!line->operand || !line->operand->name)
		return aq_fail(AQ_EUSAGE, "one word too many: '%s' (see --help)", word);
	const struct aq_opt *opt = line->operand;
	if (opt->type != AQ_T_TEXTS)
		line->operand++;
	return aq_opt_read(opt, line->args, word);
}

static int check_needed(const struct line *line)
{
	for (const struct aq_opt *opt = line->cmd->opts; opt && opt->name; opt++)
		if (opt->needed && !aq_opt_given(opt, line->args))
			return opt->operand ? aq_fail(AQ_EUSAGE, "%s is missing: %s (see --help)",
						      opt->value, opt->help)
					    : aq_fail(AQ_EUSAGE, "--%s is missing: %s (see --help)",
						      dashed(opt->name), opt->help);
	return AQ_OK;
}

static int read_line(struct line *line)
{
	int rc = AQ_OK;
	bool options = true;
	line->operand = line->cmd->opts;
	for (; line->at < line->argc; line->at++) {
		char *word = line->argv[line->at];
		if (options && strcmp(word, "--") == 0)
			options = false;
		else if (options && word[0] == '-' && word[1])
			AQ_TRY(read_option(line, word));
		else
			AQ_TRY(read_operand(line, word));
	}
	if (!line->common.help && !line->common.version)
		rc = check_needed(line);
done:
	return rc;
}

/* ---- running --------------------------------------------------------------------------------- */

static const struct aq_cmd *find_verb(const struct aq_cmd *cmd, const char *word)
{
	for (const struct aq_cmd *verb = cmd->verbs; verb->name; verb++)
		if (strcmp(verb->name, word) == 0)
			return verb;
	return NULL;
}

static int no_verb(const struct aq_cmd *cmd, const char *word)
{
	enum { MOST = 32 };
	const char *words[MOST + 1] = { NULL };
	struct aq_str all = { 0 };
	for (int n = 0; n < MOST && cmd->verbs[n].name; n++) {
		words[n] = cmd->verbs[n].name;
		aq_str_add(&all, "%s%s", n ? ", " : "", words[n]);
	}
	const char *near = word ? aq_near(word, words) : NULL;
	const int rc =
		!word  ? aq_fail(AQ_EUSAGE, "say what to do: %s", aq_str_text(&all))
		: near ? aq_fail(AQ_EUSAGE, "unknown verb '%s'; did you mean %s?", word, near)
		       : aq_fail(AQ_EUSAGE, "unknown verb '%s'; there are %s", word,
				 aq_str_text(&all));
	aq_str_free(&all);
	return rc;
}

static int run(const struct aq_cmd *all, struct line *line)
{
	aq_opt_print_all(line->cmd->opts, line->args, &arguments);
	aq_say_start(line->common.json, line->common.quiet, line->common.verbose);
	int rc = aq_str_check(&arguments);
	if (rc == AQ_OK && all->check)
		rc = all->check(line->args);
	if (rc == AQ_OK)
		rc = line->cmd->run(line->args);
	return aq_say_stop(rc);
}

/* `aquatint-snapshot --quiet list` is `aquatint-snapshot list --quiet`: before a verb there are
 * switches alone. */
static void verb_first(int argc, char **argv)
{
	int at = 1;
	while (at < argc && argv[at][0] == '-')
		at++;
	if (at == argc)
		return;
	char *const verb = argv[at];
	for (; at > 1; at--)
		argv[at] = argv[at - 1];
	argv[1] = verb;
}

static int parse_and_run(const struct aq_cmd *cmd, int argc, char **argv)
{
	struct line line = { .cmd = cmd, .argc = argc, .argv = argv, .at = 1 };
	int rc = AQ_OK;
	aq_str_add(&program, "aquatint-%s", cmd->name);
	if (cmd->verbs)
		verb_first(argc, argv);
	if (cmd->verbs && argc > 1 && argv[1][0] != '-') {
		line.cmd = find_verb(cmd, argv[1]);
		line.at = 2;
		if (!line.cmd)
			return no_verb(cmd, argv[1]);
		aq_str_add(&program, " %s", line.cmd->name);
	}
	line.args = calloc(1, line.cmd->size + 1);
	if (!line.args)
		return aq_fail(AQ_ENOMEM, "out of memory");
	if (line.cmd->opts)
		aq_opt_defaults(line.cmd->opts, line.args);
	AQ_TRY(read_line(&line));
	if (line.common.help)
		print_help(line.cmd);
	else if (line.common.version)
		printf("%s " AQ_VERSION "\n", aq_cmd_program());
	else if (line.cmd->verbs)
		rc = no_verb(cmd, NULL);
	else
		rc = run(cmd, &line);
done:
	free(line.args);
	return rc;
}

/* HDF5 ends the program where it finds no memory for an identifier: not without a word from us. */
static bool inside;

static void leave(void)
{
	if (!inside)
		return;
	fprintf(stderr, "%s: out of memory: a library ended the program\n", aq_cmd_program());
	_exit(-AQ_ENOMEM);
}

/* No file may get the number of a stream that was closed: what is said would go into it.  Nothing can be written to
 * what stands there instead, so a closed output is a failing one. */
static void keep_streams(void)
{
	int fd;
	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int aq_cmd_main(const struct aq_cmd *cmd, int argc, char **argv)
{
	keep_streams();
	inside = true;
	atexit(leave);
	/* A reader that goes away and a file that grows too large are errors to report, not deaths.
	 */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	int rc = parse_and_run(cmd, argc, argv);
	if (rc == AQ_OK && (fflush(stdout) != 0 || ferror(stdout)))
		rc = aq_fail(AQ_EIO, "cannot write to standard output");
	if (rc < 0 && *aq_story())
		fprintf(stderr, "%s: %s\n", aq_cmd_program(), aq_story());
	aq_str_free(&program);
	aq_str_free(&arguments);
	inside = false;
	return rc < 0 ? -rc : 0;
}
