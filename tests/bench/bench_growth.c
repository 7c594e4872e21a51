/* SPDX-License-Identifier: MIT
 *
 * bench_growth.c - cost grows as the work does: with images, channels, pixels, and steps
 *
 *	bench_growth [SECONDS]       run at the top of the tree
 *
 * The last column is the cost of one image, channel, pixel or step, over that of the first line: 1.00 is
 * linear, less is better.  Times are those of the processor, one thread; medians of repeats in
 * which all lines take turns.  Steps are taken by the command, with its default record; its memory is told
 * beside it.
 */
#include "bench.h"

#include "base/str.h"
#include "nn/engine.h"
#include "nn/solver.h"

#include <stdint.h>
#include <sys/resource.h>

enum { REPEATS = 7, MOST_LINES = 6 };

static char bin[4096]; /* where the programs are */
static const char *folder;

/* ---- one network, its batch ------------------------------------------------------------------------ */

struct work {
	struct aq_net *net;
	struct aq_pool *pool;
	struct aq_engine *engine;
	aq_real *grad;
	double loss[1024];
	struct aq_batch batch;
};

static void fill(void *self, int first, int n, aq_real *x, int32_t *label)
{
	const struct work *w = self;
	const size_t count = aq_shape_count(w->net->input) * (size_t)n;
	for (size_t i = 0; i < count; i++)
		x[i] = (aq_real)((i * 37 + (size_t)first) % 11) - 5;
	for (int k = 0; k < n; k++)
		label[k] = (first + k) % 10;
}

static void start(struct work *w, int images, int channels, int side)
{
	char text[512];
	snprintf(text, sizeof text,
		 "input 16x%dx%d\nconv channels=%d size=3 pad=1\nrelu\nmaxpool size=2 stride=2\n"
		 "conv channels=16 size=3 pad=1\nrelu\nconv channels=10 size=%dx%d\nloss softmax\n",
		 side, side, channels, side / 2, side / 2);
	bench_must(aq_net_parse(&w->net, text, "net") == AQ_OK, "the network");
	bench_must(aq_pool_new(&w->pool, 1) == AQ_OK, "a pool");
	bench_must(aq_engine_new(&w->engine, w->net, images, w->pool) == AQ_OK, "the engine");
	w->grad = calloc(w->net->count, sizeof *w->grad);
	bench_must(w->grad != NULL, "memory");
	w->batch = (struct aq_batch){ .count = images, .pass = { .training = true }, .fill = fill, .self = w,
				      .loss = w->loss };
	aq_net_init(w->net, 1, aq_engine_weights(w->engine));
	aq_engine_pack(w->engine);
	aq_engine_backward(w->engine, &w->batch, w->grad);
}

static void stop(struct work *w)
{
	free(w->grad);
	aq_engine_free(w->engine);
	aq_pool_free(w->pool);
	aq_net_free(w->net);
}

/* Microseconds of a pass there and back. */
static double pass(struct work *w, double seconds)
{
	const double begin = bench_cpu();
	double took, times = 0;
	do {
		aq_engine_backward(w->engine, &w->batch, w->grad);
		times++;
		took = bench_cpu() - begin;
	} while (took < seconds);
	return 1e6 * took / times;
}

static const struct growth {
	const char *what;
	int first, lines;
	int images, channels, side; /* 0: this grows */
} growths[] = {
	{ "images", 32, 5, 0, 16, 16 },
	{ "channels", 16, 5, 32, 0, 16 },
	{ "side", 8, 4, 16, 16, 0 },
};

static void show(const char *what, int count, double us, double each, double first)
{
	printf("  %-10s %6d  %12.1f  %10.3f  %5.2f\n", what, count, us, each, each / first);
	fflush(stdout);
	bench_json("{\"bench\": \"growth\", \"what\": \"%s\", \"count\": %d, \"us\": %.2f, \"us_each\": %.4f}", what,
		   count, us, each);
}

static void grow(const struct growth *g, double seconds)
{
	static struct work work[MOST_LINES];
	double us[MOST_LINES][REPEATS], first = 0;
	for (int i = 0; i < g->lines; i++)
		start(&work[i], g->images ? g->images : g->first << i, g->channels ? g->channels : g->first << i,
		      g->side ? g->side : g->first << i);
	for (int r = 0; r < REPEATS; r++)
		for (int i = 0; i < g->lines; i++)
			us[i][r] = pass(&work[i], seconds);
	for (int i = 0; i < g->lines; i++) {
		const int count = g->first << i;
		const double median = bench_median(us[i], REPEATS);
		const double each = median / count / (g->side ? 1 : count); /* cells, of a side */
		first = i ? first : each;
		show(g->what, count, median, each, first);
		stop(&work[i]);
	}
}

/* ---- the command, its steps ------------------------------------------------------------------------ */

/* Run a program silently to its end; returns seconds of the processor. */
static double run(const char *program, const char *const *words, double *mebibytes)
{
	char path[sizeof bin + 64];
	struct rusage usage;
	int status = -1;
	snprintf(path, sizeof path, "%s/%s", bin, program);
	fflush(stdout); /* the child must not say it again */
	const pid_t child = fork();
	bench_must(child >= 0, "fork");
	if (child == 0) {
		if (!freopen("/dev/null", "w", stdout))
			_exit(127);
		execv(path, (char *const *)(uintptr_t)words);
		_exit(127);
	}
	bench_must(wait4(child, &status, 0, &usage) == child && status == 0, path);
	*mebibytes = (double)usage.ru_maxrss / 1024;
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void grow_steps(void)
{
	enum { LINES = 5, FIRST = 100, TIMES = 3 };
	char data[64], out[64], steps[16];
	double us[LINES][TIMES], mebibytes[LINES], none, first = 0;
	snprintf(data, sizeof data, "%s/shapes.data.h5", folder);
	snprintf(out, sizeof out, "%s/x.run.h5", folder);
	run("aquatint-prep", (const char *const[]){ "aquatint-prep", "--quiet", "synth:shapes", "--limit", "1000",
						    "--test-limit", "20", "-o", data, NULL }, &none);
	const char *const words[] = { "aquatint-train", "--quiet", "--threads", "1", "--batch", "8", "--steps", steps,
				      "--eval-every", "1000000", "pipelines/nets/shapes.net", data, "-o", out, NULL };
	for (int r = 0; r < TIMES; r++)
		for (int i = 0; i < LINES; i++) {
			snprintf(steps, sizeof steps, "%d", FIRST << i);
			us[i][r] = 1e6 * run("aquatint-train", words, &mebibytes[i]);
		}
	for (int i = 0; i < LINES; i++) {
		const double median = bench_median(us[i], TIMES), each = median / (FIRST << i);
		first = i ? first : each;
		printf("  %-10s %6d  %12.1f  %10.3f  %5.2f  %5.1f MiB\n", "steps", FIRST << i, median, each,
		       each / first, mebibytes[i]);
		bench_json("{\"bench\": \"growth\", \"what\": \"steps\", \"count\": %d, \"us\": %.2f, "
			   "\"us_each\": %.4f, \"mib\": %.2f}", FIRST << i, median, each, mebibytes[i]);
	}
}

int main(int argc, char **argv)
{
	const double seconds = argc > 1 ? atof(argv[1]) : 0.05;
	char *slash = strrchr(argv[0], '/');
	bench_must(slash != NULL, "a path to this program");
	snprintf(bin, sizeof bin, "%.*s/../../bin", (int)(slash - argv[0]), argv[0]);
	folder = bench_folder();
	printf("growth, %s: microseconds of a pass there and back, of one of what grows, and over the first line\n",
	       aq_engine_isa());
	printf("  %-10s %6s  %12s  %10s  %5s\n", "what", "count", "us", "us each", "ratio");
	for (size_t i = 0; i < sizeof growths / sizeof *growths; i++)
		grow(&growths[i], seconds);
	grow_steps();
	return 0;
}
