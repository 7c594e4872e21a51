/* SPDX-License-Identifier: MIT
 *
 * commands.h - the programs themselves, run on something tiny with faults put into them
 *
 * A command writes one file, "out/..."; before it stands there another, which only a success may replace.
 */
#ifndef AQ_TESTS_COMMANDS_H
#define AQ_TESTS_COMMANDS_H

#include "tiny.h"

#include "../inject/inject.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define OLDER "what was there before"

struct command {
	const char *words, *out;
};

/* The first of them have all the ways in which files are written, and take little time. */
static const struct command commands[] = {
	{ "prep synth:shapes --limit 12 --test-limit 6 --mean channel -o", "out/x.data.h5" },
	{ "snapshot cut in/tiny.run.h5 --data in/tiny.data.h5 --step 3 -o", "out/x.snap.h5" },
	{ "snapshot weights in/tiny.run.h5 --step 3 -o", "out/x.weights.h5" },
	{ "render tiles in/tiny.snap.h5 --layer conv1 -o", "out/tiles.png" },
	{ "render film in/tiny.run.h5 --layer conv1 --of weights --frames 2 -o", "out/film.png" },
	{ "train in/tiny.net in/tiny.data.h5 --resume --threads 1 --batch 4 --steps 8 --solver momentum "
	  "--record grad:layers=conv1 --record crc "
	  "--checkpoint-every 3 --eval-every 4 -o", "out/x.run.h5" },
	{ "render embed in/tiny.snap.h5 --layer dense1 --csv out/embed.csv --iterations 20 -o", "out/embed.png" },
	{ "render flow in/tiny.run.h5 --csv out/flow.csv -o", "out/flow.png" },
	{ "render curves in/tiny.run.h5 -o", "out/curves.png" },
	{ "render panel in/tiny.snap.h5 -o", "out/panel.png" },
	{ "render sharing in/tiny.snap.h5 --weight conv1[1,0,2,1] -o", "out/sharing.png" },
};
enum { COMMANDS = sizeof commands / sizeof *commands, FEW = 6 };

static inline bool is_long(void)
{
	return getenv("AQUATINT_LONG") != NULL;
}

static inline int how_many(void)
{
	return is_long() ? COMMANDS : FEW;
}

/* ---- running --------------------------------------------------------------------------------------- */

static inline void make_plan(void)
{
	const int fd = open("plan", O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	assert_true(fd >= 0 && ftruncate(fd, sizeof *inject_plan) == 0);
	inject_plan = mmap(NULL, sizeof *inject_plan, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(inject_plan != MAP_FAILED);
	close(fd);
}

/* "snapshot cut RUN" as aquatint-snapshot's arguments, `out` at their end. */
static inline void execute(const char *words, const char *out)
{
	enum { MOST = 32 };
	char text[1024], path[64];
	char *argv[MOST + 2] = { NULL }, *rest = text;
	int argc = 0;
	snprintf(text, sizeof text, "%s %s", words, out);
	for (char *word; argc < MOST && (word = strsep(&rest, " "));)
		if (*word)
			argv[argc++] = word;
	snprintf(path, sizeof path, "../../../bin/aquatint-%s", argv[0]);
	argv[0] = path;
	execv(path, argv);
	_exit(127);
}

/* A child of no output but what it says on stderr, kept in the file "said". */
static inline pid_t start(const char *words, const char *out, bool injected)
{
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child > 0)
		return child;
	const int nothing = open("/dev/null", O_RDWR), said = open("said", O_WRONLY | O_CREAT | O_TRUNC, 0666);
	dup2(nothing, 0);
	dup2(nothing, 1);
	dup2(said, 2);
	close(nothing);
	close(said);
	if (injected) {
		setenv("AQ_INJECT", "plan", 1);
		setenv("LD_PRELOAD", "../../inject.so", 1);
		/* preloading comes before the sanitizer, which finds that suspicious */
		setenv("ASAN_OPTIONS", "verify_asan_link_order=0:detect_leaks=0", 1);
	}
	signal(SIGSEGV, SIG_DFL); /* not cmocka's */
	signal(SIGABRT, SIG_DFL);
	execute(words, out);
	return -1;
}

static inline int end(pid_t child)
{
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

/* The status of its end, with call `at` of those that `plan` says going wrong. */
static inline int run_injected(const struct command *command, struct inject_plan plan)
{
	*inject_plan = plan;
	return end(start(command->words, command->out, true));
}

static inline void run_well(const char *words, const char *out)
{
	const int status = end(start(words, out, false));
	if (status != 0)
		fail_msg("%s %s: status %x", words, out, (unsigned)status);
}

/* ---- looking --------------------------------------------------------------------------------------- */

static inline bool said(const char *text)
{
	char *have;
	size_t length;
	good(aq_file_read("said", 1 << 20, &have, &length));
	const bool is = strstr(have, text) != NULL;
	free(have);
	return is;
}

static inline bool holds(const char *path, const char *other)
{
	char *a, *b;
	size_t length, wanted;
	good(aq_file_read(path, 1 << 26, &a, &length));
	good(aq_file_read(other, 1 << 26, &b, &wanted));
	const bool same = length == wanted && memcmp(a, b, length) == 0;
	free(a);
	free(b);
	return same;
}

/* "out/x.run.h5" as "whole/x.run.h5" or "out/x.run.h5.part". */
static inline const char *whole_of(const char *out, char path[64])
{
	snprintf(path, 64, "whole%s", strchr(out, '/'));
	return path;
}

static inline const char *part_of(const char *out, char path[64])
{
	snprintf(path, 64, "%s.part", out);
	return path;
}

/* A good run from what is left: it ends with the bytes it should and leaves nothing else. */
static inline void recover(const struct command *command)
{
	char path[64];
	run_well(command->words, command->out);
	if (!holds(command->out, whole_of(command->out, path)))
		fail_msg("%s: other bytes than undisturbed", command->words);
	assert_false(has_temporary("out"));
	assert_false(aq_file_exists(part_of(command->out, path)));
	good(aq_file_write(command->out, false, OLDER, strlen(OLDER)));
}

/* The inputs, and of every command what it makes undisturbed. */
static inline int commands_setup(void **state)
{
	(void)state;
	make_plan();
	tiny_inputs("in");
	tiny_folder("out");
	tiny_folder("whole");
	good(aq_file_write("older", false, OLDER, strlen(OLDER)));
	run_well("train in/tiny.net in/tiny.data.h5 --batch 4 --steps 8 --checkpoint-every 3 -o",
		 "in/tiny.run.h5");
	run_well("snapshot cut in/tiny.run.h5 --data in/tiny.data.h5 --step 5 --examples train:0-9 -o",
		 "in/tiny.snap.h5");
	for (int i = 0; i < how_many(); i++) {
		char path[64];
		run_well(commands[i].words, whole_of(commands[i].out, path));
		good(aq_file_write(commands[i].out, false, OLDER, strlen(OLDER)));
	}
	return 0;
}

#endif
