/* SPDX-License-Identifier: MIT
 *
 * cmd.h - the frame of a command: tables in, exit status out
 *
 * A command is a struct for its arguments, a table over it and a function.  The frame parses,
 * prints
 * --help and --version, listens to the library, prints the story of a failure and returns the exit
 * status.  All options may also be written --name=value.
 */
#ifndef AQ_CLI_CMD_H
#define AQ_CLI_CMD_H

#include "base/err.h"
#include "base/opt.h"

struct aq_cmd {
	const char *name;  /* "prep" is aquatint-prep; of a verb: its word */
	const char *brief; /* one line, no capital, no full stop */
	const struct aq_opt *opts;
	size_t size;		      /* of the struct that `opts` fills */
	int (*run)(const void *args); /* 0, or a negative aq_code with the story told */
	int (*check)(const void *args); /* before any verb is run; or NULL */
	const struct aq_cmd
		*verbs; /* ended by a NULL name; such a command has no opts of its own */
};

/* Parse, run, report; returns the exit status. */
int aq_cmd_main(const struct aq_cmd *cmd, int argc, char **argv);

/* "lr=0.1 seed=7": what belongs into the history of a file made by the command that is running.
 * Asides are left out: inputs are named by their digests. */
const char *aq_cmd_arguments(void);
const char *aq_cmd_program(void); /* "aquatint-snapshot cut" */

/* ---- what a command says on stdout: lines for people, or one JSON object a line with --json -- */

/* A record: begin, fields in order, end.  For people: `  key value  key value`, or a line of text.
 */
void aq_say_begin(const char *kind);
void aq_say_text(const char *key, const char *value);
void aq_say_int(const char *key, long long value);
void aq_say_real(const char *key, double value);
void aq_say_end(void);

/* A line for people only; with --json or --quiet nothing. */
void aq_say(const char *fmt, ...) AQ_PRINTF(1, 2);

/* The same on stderr, for tables that are not the result. */
void aq_say_aside(const char *fmt, ...) AQ_PRINTF(1, 2);

/* A text that is ready for both: lines, or a JSON object. */
void aq_say_raw(const char *text);

bool aq_say_is_json(void);
bool aq_say_is_quiet(void);
bool aq_say_is_verbose(void);

#endif
