/* SPDX-License-Identifier: MIT
 *
 * bench_net.c - whole training steps a second: forward, backward, update
 *
 *	bench_net [SECONDS [NET BATCH]]       run at the top of the tree, where pipelines/nets is
 *
 * Rates are images/s, medians over interleaved repeats; nominal GFLOP/s count every tap, also those
 * on padding: forward and gradient of the weights, and gradient of the input but of the first
 * layer.
 */
#include "base/clock.h"
#include "base/str.h"
#include "nn/engine.h"
#include "nn/solver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPEATS = 7, IMAGES = 512, MOST_BATCH = 100 };

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
	double rate[REPEATS];
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

static double run(struct trainer *t, double seconds)
{
	const double begin = aq_seconds();
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
	return (double)steps * t->batch.count / took;
}

/* Multiply-adds of one image, twice. */
static double flop_of(const struct aq_net *net)
{
	double sum = 0;
	bool first = true;
	for (int l = 0; l < net->layers; l++) {
		const struct aq_layer *layer = &net->layer[l];
		if (layer->n_params == 0)
			continue;
		const double once = (double)layer->param[0].count * layer->out.y * layer->out.x;
		sum += once * (first ? 2 : 3);
		first = false;
	}
	return 2 * sum;
}

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *rate)
{
	qsort(rate, REPEATS, sizeof *rate, by_size);
	return rate[REPEATS / 2];
}

static void bench(const struct setting *s, double seconds)
{
	struct trainer one = { .step = 0 }, two = { .step = 0 };
	start(&one, s, 1);
	start(&two, s, 2);
	run(&one, seconds / 4);
	run(&two, seconds / 4);
	for (int r = 0; r < REPEATS; r++) {
		one.rate[r] = run(&one, seconds);
		two.rate[r] = run(&two, seconds);
	}
	const double flop = flop_of(one.net), a = median(one.rate), b = median(two.rate);
	printf("  %-18s %4d  %8.0f %7.1f  %8.0f %7.1f   %4.2f\n", s->net, s->batch, a,
	       a * flop * 1e-9, b, b * flop * 1e-9, b / a);
	fflush(stdout);
	stop(&one);
	stop(&two);
}

int main(int argc, char **argv)
{
	const double seconds = argc > 1 ? atof(argv[1]) : 0.2;
	printf("training steps, %s\n", aq_engine_isa());
	printf("  %-18s %4s  %8s %7s  %8s %7s   %4s\n", "network", "batch", "1 thread", "GFLOP/s",
	       "2 threads", "GFLOP/s", "x");
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
		if (argc < 4 ||
		    (strcmp(argv[2], settings[i].net) == 0 && atoi(argv[3]) == settings[i].batch))
			bench(&settings[i], seconds);
	return 0;
}
