/* SPDX-License-Identifier: MIT
 *
 * bench.h - what the benchmarks share: medians, figures as JSON, a folder to work in, other programs to compare with
 *
 * Figures go to the file that AQ_BENCH_JSON names, one object a line.  A peer is a program that says "ready
 * WORD" and then trains for as many seconds as each line of its input says, answering "IMAGES SECONDS
 * CPU_SECONDS": so it can be measured in turns with ours, and both see the same weather.
 */
#ifndef AQ_BENCH_H
#define AQ_BENCH_H

#include "base/err.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static inline int bench_by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static inline double bench_median(double *value, int count)
{
	qsort(value, (size_t)count, sizeof *value, bench_by_size);
	return count > 0 ? value[count / 2] : 0;
}

/* Seconds of processor time of all threads so far. */
static inline double bench_cpu(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

__attribute__((format(printf, 1, 2))) static inline void bench_json(const char *format, ...)
{
	const char *path = getenv("AQ_BENCH_JSON");
	FILE *file = path ? fopen(path, "a") : NULL;
	if (!file)
		return;
	va_list args;
	va_start(args, format);
	vfprintf(file, format, args);
	va_end(args);
	fputc('\n', file);
	if (fclose(file) != 0)
		perror(path);
}

static inline void bench_must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "%s failed: %s\n", what, aq_story());
	exit(1);
}

static inline void bench_leave(void);

/* A folder of this program's own, which goes away with it. */
static inline const char *bench_folder(void)
{
	static char name[] = "build/bench.XXXXXX"; /* where nothing is committed */
	static bool made;
	if (!made) {
		bench_must(mkdtemp(name) != NULL, name);
		atexit(bench_leave);
	}
	made = true;
	return name;
}

static inline void bench_leave(void)
{
	char command[64];
	snprintf(command, sizeof command, "rm -rf %s", bench_folder());
	if (system(command) != 0)
		perror(bench_folder());
}

struct bench_peer {
	bool there;
	pid_t pid;
	FILE *to, *from;
	char word[16];
};

static inline void bench_peer_stop(struct bench_peer *peer)
{
	if (peer->pid <= 0)
		return;
	fclose(peer->to); /* which ends it */
	fclose(peer->from);
	waitpid(peer->pid, NULL, 0);
	*peer = (struct bench_peer){ 0 };
}

/* Start argv; not there if it does not get ready.  A peer must not hold the pipes of another open. */
static inline void bench_peer_start(struct bench_peer *peer, const char *const *argv)
{
	int in[2], out[2];
	signal(SIGPIPE, SIG_IGN);
	*peer = (struct bench_peer){ 0 };
	fflush(stdout);
	if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 || (peer->pid = fork()) < 0)
		exit(1);
	if (peer->pid == 0) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		if (!getenv("AQ_BENCH_LOUD") && !freopen("/dev/null", "w", stderr))
			_exit(127);
		char *words[16] = { 0 };
		for (int i = 0; argv[i] && i < 15; i++)
			words[i] = strdup(argv[i]);
		execvp(words[0], words);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	peer->to = fdopen(in[1], "w");
	peer->from = fdopen(out[0], "r");
	if (!peer->to || !peer->from)
		exit(1);
	peer->there = fscanf(peer->from, "ready %15s", peer->word) == 1;
	if (!peer->there)
		bench_peer_stop(peer);
}

/* Images a second of elapsed and of processor time. */
static inline void bench_peer_run(struct bench_peer *peer, double seconds, double *wall, double *cpu)
{
	double images, took, used;
	*wall = *cpu = 0;
	if (!peer->there)
		return;
	fprintf(peer->to, "%g\n", seconds);
	fflush(peer->to);
	if (fscanf(peer->from, "%lf %lf %lf", &images, &took, &used) != 3) {
		peer->there = false;
		return;
	}
	*wall = images / took;
	*cpu = images / used;
}

#endif
