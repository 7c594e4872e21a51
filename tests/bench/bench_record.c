/* SPDX-License-Identifier: MIT
 *
 * bench_record.c - what recording costs: training with --record none and with a record, in turns
 *
 *	bench_record [PAIRS [STEPS]]       run at the top of the tree, where pipelines/nets is
 *
 * Every training is run twice, for STEPS and for an eighth of them; what a step costs is their difference by that of
 * their steps, sealing included.  What remains is there once in a run, to begin and to end it: `once ms` is how much
 * of that the record adds.  Ratios are medians over pairs, of elapsed time and of processor time (all threads).
 * `wall us` and `cpu us` are what it adds to a step; `own us` is the part that training itself spends on it: computing
 * and handing over its rows, waiting if the ring is full.  The size is the bytes a step adds over those of the numbers
 * recorded.  Where there is a Python with h5py and PyTorch, what that spends is told beside it.
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
	double once;      /* seconds, however long the run */
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
enum { GRAD = 2, RECORDS = sizeof records / sizeof *records };

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

static struct cost train_for(const struct setting *s, int steps, const char *const *record)
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
	snprintf(count, sizeof count, "%d", steps);
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

/* A step's. */
static struct cost train(const struct setting *s, int steps, const char *const *record)
{
	const int most = steps / s->slower, least = most / 8, apart = most - least;
	const struct cost few = train_for(s, least, record), many = train_for(s, most, record);
	struct cost step = many;
	step.wall = (many.wall - few.wall) / apart;
	step.cpu = (many.cpu - few.cpu) / apart;
	step.size = (many.size - few.size) / apart;
	step.once = few.wall - least * step.wall;
	return step;
}

/* What a record costs, pair by pair. */
struct series {
	double wall[MOST_PAIRS], cpu[MOST_PAIRS];           /* ratios */
	double wall_more[MOST_PAIRS], cpu_more[MOST_PAIRS]; /* seconds a step */
	double own[MOST_PAIRS], once[MOST_PAIRS];           /* seconds a step; seconds */
	double size, memory;                                /* bytes a step; MiB */
};

static void add(struct series *all, int pair, const struct cost *base, const struct cost *cost)
{
	all->wall[pair] = cost->wall / base->wall;
	all->cpu[pair] = cost->cpu / base->cpu;
	all->wall_more[pair] = cost->wall - base->wall;
	all->cpu_more[pair] = cost->cpu - base->cpu;
	all->own[pair] = cost->spent;
	all->once[pair] = cost->once - base->once;
	all->size = cost->size - base->size;
	if (cost->memory - base->memory > all->memory)
		all->memory = cost->memory - base->memory;
}

static void print(const struct setting *s, const char *const *record, struct series *all, int pairs)
{
	char what[64] = "";
	for (int i = 0; record[i]; i++)
		snprintf(what + strlen(what), sizeof what - strlen(what), "%s%s", i ? "+" : "", record[i]);
	const double share = record[0][0] == 'g' ? all->size / (4.0 * s->params) : 0;
	const double wall = bench_median(all->wall, pairs), cpu = bench_median(all->cpu, pairs);
	const double wall_us = 1e6 * bench_median(all->wall_more, pairs);
	const double cpu_us = 1e6 * bench_median(all->cpu_more, pairs);
	const double own_us = 1e6 * bench_median(all->own, pairs), once_ms = 1e3 * bench_median(all->once, pairs);
	printf("  %-18s %4s  %-16s  %5.3f  %5.3f  %7.0f %7.0f %7.1f  %7.0f  %5.3f  %5.1f\n", s->net, s->batch, what,
	       wall, cpu, wall_us, cpu_us, own_us, once_ms, share, all->memory);
	fflush(stdout);
	bench_json("{\"bench\": \"record\", \"net\": \"%s\", \"batch\": %s, \"record\": \"%s\", "
		   "\"wall_ratio\": %.4f, \"cpu_ratio\": %.4f, \"wall_us\": %.1f, \"cpu_us\": %.1f, "
		   "\"own_us\": %.2f, \"once_ms\": %.1f, \"size_ratio\": %.4f, \"mib\": %.1f}", s->net, s->batch,
		   what, wall, cpu, wall_us, cpu_us, own_us, once_ms, share, all->memory);
}

/* Returns the seconds that the record of the gradients alone adds to a step. */
static double bench(const struct setting *s, int pairs, int steps)
{
	static const char *const none[] = { "none", NULL };
	struct series all[RECORDS];
	memset(all, 0, sizeof all);
	for (int p = 0; p < pairs; p++) {
		const struct cost base = train(s, steps, none);
		for (int r = 0; r < RECORDS; r++) {
			const struct cost cost = train(s, steps, records[r]);
			add(&all[r], p, &base, &cost);
		}
	}
	for (int r = 0; r < RECORDS; r++)
		print(s, records[r], &all[r], pairs);
	return bench_median(all[GRAD].wall_more, pairs);
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
		printf("  %-18s %4s  %-16s  %5s  %5s  %7.0f %7s %7s  %7s  %5.3f  (%.0f times ours)\n", "h5py, PyTorch",
		       "32", "grad", "", "", 1e6 * theirs, "", "", "", size, theirs / added);
		return;
	}
	printf("  there is no Python with h5py and PyTorch to compare with\n");
}

int main(int argc, char **argv)
{
	const int pairs = argc > 1 ? atoi(argv[1]) : 7, steps = argc > 2 ? atoi(argv[2]) : 4000;
	char *slash = strrchr(argv[0], '/');
	if (pairs < 1 || pairs > MOST_PAIRS || steps < 64 || !slash)
		return 1;
	snprintf(bin, sizeof bin, "%.*s/../../bin", (int)(slash - argv[0]), argv[0]);
	folder = bench_folder();
	char data[64];
	snprintf(data, sizeof data, "%s/shapes.data.h5", folder);
	run("aquatint-prep", (const char *const[]){ "aquatint-prep", "--quiet", "synth:shapes", "--limit", "3000",
						    "--test-limit", "20", "-o", data, NULL });
	printf("recording every step, 2 threads\n");
	printf("  %-18s %4s  %-16s  %5s  %5s  %7s %7s %7s  %7s  %5s  %5s\n", "network", "batch", "record", "wall",
	       "cpu", "wall us", "cpu us", "own us", "once ms", "size", "MiB");
	const double added = bench(&settings[0], pairs, steps);
	compare(added);
	bench(&settings[1], pairs, steps);
	return 0;
}
