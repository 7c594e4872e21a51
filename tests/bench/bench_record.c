/* SPDX-License-Identifier: MIT
 *
 * bench_record.c - what recording costs: training with --record none and with a record, in turns
 *
 *	bench_record [PAIRS [STEPS]]       run at the top of the tree, where pipelines/nets is
 *
 * Ratios are medians over pairs, of elapsed time and of processor time (all threads).  `cpu us` is added
 * processor time a step; `us` is what training itself spends on a step's record: computing and handing over
 * its rows, waiting if the ring is full.  The size is the bytes that recording added over those of the
 * numbers recorded.  Where there is a Python with h5py and PyTorch, what that spends is told beside it.
 */
#include "bench.h"

#include "base/clock.h"
#include "base/err.h"

#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { MOST_PAIRS = 101, MOST_WORDS = 40 };

static char bin[4096]; /* where the programs are */
static const char *folder;
static char said[64];

struct cost {
	double wall, cpu; /* seconds */
	double size;      /* bytes of the run */
	double memory;    /* MiB at the most */
	double spent;     /* seconds a step, by training on its record */
};

/* Run a program to its end; what it says goes to the file `said`. */
static struct cost run(const char *program, const char *const *words)
{
	char path[sizeof bin + 64];
	struct rusage usage;
	int status = -1;
	snprintf(path, sizeof path, "%s/%s", bin, program);
	snprintf(said, sizeof said, "%s/said", folder);
	const double begin = aq_seconds();
	fflush(stdout); /* the child must not say it again */
	const pid_t child = fork();
	bench_must(child >= 0, "fork");
	if (child == 0) {
		/* the command tells there what it spent */
		if (!freopen(said, "w", stderr) || !freopen("/dev/null", "w", stdout))
			_exit(127);
		execv(path, (char *const *)(uintptr_t)words);
		_exit(127);
	}
	bench_must(wait4(child, &status, 0, &usage) == child && status == 0, path);
	return (struct cost){
		.wall = aq_seconds() - begin,
		.cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		       1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec),
		.memory = (double)usage.ru_maxrss / 1024,
	};
}

static const struct setting {
	const char *net, *batch, *solver;
	int params;
	int slower; /* steps of which take as long as one of the first */
} settings[] = {
	{ "convnetjs-cifar", "32", "adadelta", 22466, 1 },
	{ "matconvnet-cifar", "100", "momentum", 145578, 8 },
};

static const char *const records[][4] = {
	{ "stats", NULL }, { "crc", NULL }, { "grad", NULL }, { "grad", "stats", "crc", NULL },
};
enum { RECORDS = sizeof records / sizeof *records };

/* "... training spent 12.3 us a step on it ..." */
static double spent(void)
{
	static const char mark[] = "training spent ";
	char line[1024];
	double us = 0;
	FILE *file = fopen(said, "r");
	while (file && fgets(line, sizeof line, file)) {
		const char *at = strstr(line, mark);
		if (at)
			us = atof(at + sizeof mark - 1);
	}
	if (file)
		fclose(file);
	return 1e-6 * us;
}

static struct cost train(const struct setting *s, int steps, const char *const *record)
{
	char net[256], data[64], out[64], count[16];
	const char *words[MOST_WORDS] = { "aquatint-train", net, data, "--verbose", "--threads", "2",
					  "--eval-every", "1000000", "--batch", s->batch, "--solver", s->solver,
					  "--steps", count, "--force", "-o", out };
	int n = 17;
	struct stat st;
	snprintf(net, sizeof net, "pipelines/nets/%s.net", s->net);
	snprintf(data, sizeof data, "%s/shapes.data.h5", folder);
	snprintf(out, sizeof out, "%s/x.run.h5", folder);
	snprintf(count, sizeof count, "%d", steps / s->slower);
	for (; *record; record++) {
		words[n++] = "--record";
		words[n++] = *record;
	}
	struct cost cost = run("aquatint-train", words);
	bench_must(stat(out, &st) == 0, out);
	cost.size = (double)st.st_size;
	cost.spent = spent();
	return cost;
}

/* Returns what training spends on the record of the gradients alone. */
static double bench(const struct setting *s, int pairs, int steps)
{
	static const char *const none[] = { "none", NULL };
	static double wall[RECORDS][MOST_PAIRS], cpu[RECORDS][MOST_PAIRS], more[RECORDS][MOST_PAIRS],
		own[RECORDS][MOST_PAIRS];
	double size[RECORDS] = { 0 }, memory[RECORDS] = { 0 }, added = 0;
	for (int p = 0; p < pairs; p++) {
		const struct cost base = train(s, steps, none);
		for (int r = 0; r < RECORDS; r++) {
			const struct cost cost = train(s, steps, records[r]);
			wall[r][p] = cost.wall / base.wall;
			cpu[r][p] = cost.cpu / base.cpu;
			more[r][p] = (cost.cpu - base.cpu) / (steps / s->slower);
			own[r][p] = cost.spent;
			size[r] = cost.size - base.size;
			memory[r] = cost.memory - base.memory > memory[r] ? cost.memory - base.memory : memory[r];
		}
	}
	for (int r = 0; r < RECORDS; r++) {
		char what[64] = "";
		for (int i = 0; records[r][i]; i++)
			snprintf(what + strlen(what), sizeof what - strlen(what), "%s%s", i ? "+" : "",
				 records[r][i]);
		const double raw = 4.0 * s->params * (steps / s->slower);
		const bool is_grad = records[r][0][0] == 'g';
		const double us = 1e6 * bench_median(own[r], pairs);
		if (strcmp(what, "grad") == 0)
			added = us;
		const double slower = bench_median(wall[r], pairs), dearer = bench_median(cpu[r], pairs);
		const double cpu_us = 1e6 * bench_median(more[r], pairs), share = is_grad ? size[r] / raw : 0;
		printf("  %-18s %4s  %-16s  %5.3f  %5.3f  %7.0f  %7.1f  %5.3f  %5.1f\n", s->net, s->batch, what, slower,
		       dearer, cpu_us, us, share, memory[r]);
		bench_json("{\"bench\": \"record\", \"net\": \"%s\", \"batch\": %s, \"record\": \"%s\", "
			   "\"wall_ratio\": %.4f, \"cpu_ratio\": %.4f, \"cpu_us\": %.1f, \"us\": %.2f, "
			   "\"size_ratio\": %.4f, \"mib\": %.1f}", s->net, s->batch, what, slower, dearer, cpu_us,
			   us, share, memory[r]);
	}
	fflush(stdout);
	return added;
}

/* The same by h5py from PyTorch. */
static void compare(double added)
{
	static const char *const pythons[] = { "python3", "/usr/bin/python3" };
	char command[256];
	double theirs, size;
	for (size_t i = 0; i < sizeof pythons / sizeof *pythons; i++) {
		snprintf(command, sizeof command, "%s tests/bench/record_h5py.py 2> /dev/null", pythons[i]);
		FILE *pipe = popen(command, "r");
		const bool got = pipe && fscanf(pipe, "%lf %lf", &theirs, &size) == 2;
		if (pipe)
			pclose(pipe);
		if (!got)
			continue;
		printf("  %-18s %4s  %-16s  %5s  %5s  %7s  %7.1f  %5.3f       (%.0f times ours)\n", "h5py, PyTorch",
		       "32", "grad", "", "", "", 1e6 * theirs, size, 1e6 * theirs / added);
		return;
	}
	printf("  there is no Python with h5py and PyTorch to compare with\n");
}

int main(int argc, char **argv)
{
	const int pairs = argc > 1 ? atoi(argv[1]) : 7, steps = argc > 2 ? atoi(argv[2]) : 480;
	char *slash = strrchr(argv[0], '/');
	if (pairs < 1 || pairs > MOST_PAIRS || steps < 8 || !slash)
		return 1;
	snprintf(bin, sizeof bin, "%.*s/../../bin", (int)(slash - argv[0]), argv[0]);
	folder = bench_folder();
	char data[64];
	snprintf(data, sizeof data, "%s/shapes.data.h5", folder);
	run("aquatint-prep", (const char *const[]){ "aquatint-prep", "--quiet", "synth:shapes", "--limit", "3000",
						    "--test-limit", "20", "-o", data, NULL });
	printf("recording every step, 2 threads\n");
	printf("  %-18s %4s  %-16s  %5s  %5s  %7s  %7s  %5s  %5s\n", "network", "batch", "record", "wall", "cpu",
	       "cpu us", "us", "size", "MiB");
	const double added = bench(&settings[0], pairs, steps);
	compare(added);
	bench(&settings[1], pairs, steps);
	return 0;
}
