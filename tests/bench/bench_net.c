/* SPDX-License-Identifier: MIT
 *
 * bench_net.c - whole training steps a second: forward, backward, update; PyTorch and ConvNetJS too
 *
 *	bench_net [SECONDS [NET BATCH [SOLVER]]]       run at the top of the tree, where pipelines/nets is
 *
 * Rates are images a second of processor time, which other programs on the machine disturb least: medians
 * over repeats in which the peak and all contenders take turns.  The gain by a second thread is one of elapsed
 * time: of medians, and of the best repeats, which a busy machine disturbs less.  Nominal GFLOP/s count every
 * tap, also those on padding.  Peers take part where /usr/bin/python3 has torch, and node convnetjs.
 */
#include "bench.h"

#include "base/clock.h"
#include "base/str.h"
#include "nn/engine.h"
#include "nn/solver.h"
#include "num/kernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPEATS = 9, IMAGES = 512, MOST_BATCH = 100, ROUNDS = 2000000 };

static const struct setting {
	const char *net;
	int solver; /* index into aq_solver_names */
	int batch;
} settings[] = {
	{ "convnetjs-cifar", 6, 4 },  { "convnetjs-cifar", 6, 32 },  { "convnetjs-cifar", 6, 100 },
	{ "matconvnet-cifar", 1, 4 }, { "matconvnet-cifar", 1, 32 }, { "matconvnet-cifar", 1, 100 },
	{ "convnetjs-mnist", 6, 20 }, { "matconvnet-mnist", 1, 100 },
};

struct trainer {
	struct aq_net *net;
	struct aq_pool *pool;
	struct aq_engine *engine;
	struct aq_solver *solver;
	aq_real *grad, *data;
	size_t size;
	double loss[MOST_BATCH];
	struct aq_batch batch;
	uint64_t step;
};

static void must(int rc)
{
	if (rc < 0) {
		fprintf(stderr, "%s\n", aq_story());
		exit(1);
	}
}

static void fill(void *self, int first, int n, aq_real *x, int32_t *label)
{
	const struct trainer *t = self;
	for (int k = 0; k < n; k++) {
		const size_t image = (t->step * 31 + (size_t)(first + k)) % IMAGES;
		const aq_real *from = t->data + image * t->size;
		for (size_t i = 0; i < t->size; i++)
			x[i * (size_t)n + (size_t)k] = from[i];
		label[k] = (int32_t)(image % 10);
	}
}

static char *read_text(const char *name)
{
	char path[256];
	snprintf(path, sizeof path, "pipelines/nets/%s.net", name);
	static char text[1 << 16];
	FILE *file = fopen(path, "r");
	if (!file) {
		perror(path);
		exit(1);
	}
	text[fread(text, 1, sizeof text - 1, file)] = '\0';
	fclose(file);
	return text;
}

static void start(struct trainer *t, const struct setting *s, int threads)
{
	struct aq_solver_args args;
	aq_opt_defaults(aq_solver_opts, &args);
	args.solver = s->solver;
	args.l2 = 1e-4;
	must(aq_net_parse(&t->net, read_text(s->net), s->net));
	must(aq_pool_new(&t->pool, threads));
	must(aq_engine_new(&t->engine, t->net, s->batch, t->pool));
	must(aq_solver_new(&t->solver, t->net, &args, t->pool));
	aq_net_init(t->net, 1, aq_engine_weights(t->engine));
	aq_engine_pack(t->engine);
	t->size = aq_shape_count(t->net->input);
	t->grad = calloc(t->net->count + AQ_SLACK, sizeof *t->grad);
	t->data = calloc(IMAGES * t->size, sizeof *t->data);
	if (!t->grad || !t->data)
		exit(1);
	for (size_t i = 0; i < IMAGES * t->size; i++)
		t->data[i] = (aq_real)((double)(i * 2654435761u % 1000) / 1000 - 0.5);
	t->batch = (struct aq_batch){
		.count = s->batch,
		.fill = fill,
		.self = t,
		.loss = t->loss,
		.pass = {.training = true},
	};
}

static void stop(struct trainer *t)
{
	aq_solver_free(t->solver);
	aq_engine_free(t->engine);
	aq_pool_free(t->pool);
	aq_net_free(t->net);
	free(t->grad);
	free(t->data);
}

/* Train for some seconds: images a second of elapsed and of processor time. */
static void run(struct trainer *t, double seconds, double *wall, double *cpu)
{
	const double begin = aq_seconds(), used = bench_cpu();
	uint64_t steps = 0;
	double took;
	do {
		aq_engine_backward(t->engine, &t->batch, t->grad);
		aq_solver_step(t->solver, t->step, 1e-3, t->grad, aq_engine_weights(t->engine),
			       NULL);
		aq_engine_pack(t->engine);
		t->step++;
		steps++;
		took = aq_seconds() - begin;
	} while (took < seconds);
	*wall = (double)steps * t->batch.count / took;
	*cpu = (double)steps * t->batch.count / (bench_cpu() - used);
}

/* Operations of one image: forward, gradient of the weights, gradient of the input but of the first layer. */
static double flop_of(const struct aq_net *net)
{
	double sum = 0;
	for (int l = 1; l < net->layers; l++)
		sum += aq_layer_flop(&net->layer[l]) * (net->layer[l].input[0] == 0 ? 2 : 3);
	return sum;
}

/* GFLOP/s of one thread at the very best. */
static double peak(void)
{
	double operations;
	aq_real sum;
	const double begin = bench_cpu();
	aq_kernels()->multiply_adds(ROUNDS, &operations, &sum);
	return operations / (bench_cpu() - begin) * 1e-9;
}

/* Who is measured; peers may not be there. */
enum { OURS, OURS_2, TORCH, TORCH_2, CONVNETJS, CONTENDERS };

/* Images a second. */
struct rates {
	double wall, cpu, best; /* medians; best of elapsed time */
};

struct result {
	struct rates of[CONTENDERS];
	double peak, gflops;
};

static bool has_torch, has_convnetjs, wants_convnetjs;

static void start_peers(struct bench_peer *peer, const struct setting *s)
{
	char path[256], batch[16];
	snprintf(path, sizeof path, "pipelines/nets/%s.net", s->net);
	snprintf(batch, sizeof batch, "%d", s->batch);
	const char *solver = aq_solver_names[s->solver];
	const char *torch[] = { "/usr/bin/python3", "tests/bench/torch_train.py", path, solver, batch,
				"1", NULL };
	const char *js[] = { "node", "tests/bench/convnetjs_train.js", path, solver, batch, "1", NULL };
	bench_peer_start(&peer[TORCH], torch);
	torch[5] = "2";
	if (peer[TORCH].there)
		bench_peer_start(&peer[TORCH_2], torch);
	/* the batch is nothing to it, and it has no mean pooling */
	if (strncmp(s->net, "convnetjs", 9) == 0 && s->batch < 100) {
		bench_peer_start(&peer[CONVNETJS], js);
		wants_convnetjs = true;
	}
	has_torch = has_torch || peer[TORCH].there;
	has_convnetjs = has_convnetjs || peer[CONVNETJS].there;
}

/* A ratio, or blanks where one side was not measured. */
static const char *ratio(char text[16], double a, double b)
{
	snprintf(text, 16, "%.2f", b > 0 ? a / b : 0);
	return a > 0 && b > 0 ? text : "-";
}

static void show(const struct setting *s, const struct result *r)
{
	char text[4][16];
	const struct rates *ours = &r->of[OURS], *two = &r->of[OURS_2], *torch = &r->of[TORCH];
	printf("  %-16s %4d  %7.0f %6.1f %4.0f%%  %5.2f %5.2f  %7.0f %7.0f  %6s %6s  %5.0f %6s\n", s->net, s->batch,
	       ours->cpu, r->gflops, 100 * r->gflops / r->peak, two->wall / ours->wall, two->best / ours->best,
	       torch->cpu, r->of[TORCH_2].wall, ratio(text[0], ours->cpu, torch->cpu),
	       ratio(text[1], two->wall, r->of[TORCH_2].wall), r->of[CONVNETJS].cpu,
	       ratio(text[2], ours->cpu, r->of[CONVNETJS].cpu));
	fflush(stdout);
	static const char *const names[CONTENDERS] = { "aquatint", "aquatint", "torch", "torch", "convnetjs" };
	for (int c = 0; c < CONTENDERS; c++)
		if (r->of[c].cpu > 0)
			bench_json("{\"bench\": \"net\", \"net\": \"%s\", \"batch\": %d, \"by\": \"%s\", "
				   "\"threads\": %d, \"images_per_s\": %.1f, \"images_per_cpu_s\": %.1f, "
				   "\"best_images_per_s\": %.1f, \"gflops\": %.2f, \"peak_gflops\": %.2f}",
				   s->net, s->batch, names[c], c == OURS_2 || c == TORCH_2 ? 2 : 1, r->of[c].wall,
				   r->of[c].cpu, r->of[c].best, r->gflops * r->of[c].cpu / ours->cpu, r->peak);
}

static void bench(const struct setting *s, double seconds)
{
	struct trainer ours[2] = { { .step = 0 }, { .step = 0 } };
	struct bench_peer peer[CONTENDERS] = { { .there = false } };
	double wall[CONTENDERS][REPEATS], cpu[CONTENDERS][REPEATS], best[REPEATS];
	struct result result;
	start_peers(peer, s);
	for (int i = 0; i < 2; i++) {
		start(&ours[i], s, i + 1);
		run(&ours[i], seconds / 2, wall[i], cpu[i]);
	}
	for (int r = 0; r < REPEATS; r++) {
		best[r] = peak();
		for (int c = 0; c < CONTENDERS; c++)
			if (c <= OURS_2)
				run(&ours[c], seconds, &wall[c][r], &cpu[c][r]);
			else
				bench_peer_run(&peer[c], seconds, &wall[c][r], &cpu[c][r]);
	}
	result.peak = bench_median(best, REPEATS);
	for (int c = 0; c < CONTENDERS; c++) {
		result.of[c] = (struct rates){ bench_median(wall[c], REPEATS), bench_median(cpu[c], REPEATS),
					       wall[c][REPEATS - 1] }; /* in order of size by now */
		bench_peer_stop(&peer[c]);
	}
	result.gflops = result.of[OURS].cpu * flop_of(ours[0].net) * 1e-9;
	show(s, &result);
	stop(&ours[0]);
	stop(&ours[1]);
}

int main(int argc, char **argv)
{
	const double seconds = argc > 1 ? atof(argv[1]) : 0.15;
	printf("training steps, %s: images a second of processor time; nominal GFLOP/s and share of the peak, by 1 "
	       "thread;\nx2: 2 threads over 1, of medians and of best repeats; PyTorch by 1 and 2 threads, and ours "
	       "over its; ConvNetJS\n", aq_engine_isa());
	printf("  %-16s %4s  %7s %6s %5s  %5s %5s  %7s %7s  %6s %6s  %5s %6s\n", "network", "batch", "1 thr.",
	       "GFLOPs", "peak", "x2", "best", "torch", "2 thr.", "ratio1", "ratio2", "cnjs", "ratio");
	if (argc == 5) {
		const struct setting own = { argv[2], atoi(argv[4]), atoi(argv[3]) };
		bench(&own, seconds);
	}
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
		if (argc < 4 ||
		    (argc == 4 && strcmp(argv[2], settings[i].net) == 0 && atoi(argv[3]) == settings[i].batch))
			bench(&settings[i], seconds);
	if (!has_torch)
		printf("  PyTorch was not measured: /usr/bin/python3 has no torch (Debian: python3-torch)\n");
	if (wants_convnetjs && !has_convnetjs)
		printf("  ConvNetJS was not measured: node has no convnetjs (npm install convnetjs, NODE_PATH)\n");
	return 0;
}
