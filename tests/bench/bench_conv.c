/* SPDX-License-Identifier: MIT
 *
 * bench_conv.c - how fast the convolutions are, beside their definition and the processor's peak
 *
 *	bench_conv [EXAMPLES [SECONDS]]        AQUATINT_ISA chooses the instruction set
 *
 * GFLOP/s count every tap of every output, also those that fall on padding and are not computed.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "num/conv.h"
#include "num/kernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct layer {
	const char *name;
	struct aq_conv_shape s;
} layers[] = {
	// clang-format off
	/*                             in_c y   x  out_c y   x  filter  stride pad */
	{ "convnetjs 3->16@32",      {  3, 32, 32,  16, 32, 32, 5, 5, 1, 1, 2, 2 } },
	{ "convnetjs 16->20@16",     { 16, 16, 16,  20, 16, 16, 5, 5, 1, 1, 2, 2 } },
	{ "convnetjs 20->20@8",      { 20,  8,  8,  20,  8,  8, 5, 5, 1, 1, 2, 2 } },
	{ "convnetjs dense 320->10", { 20,  4,  4,  10,  1,  1, 4, 4, 1, 1, 0, 0 } },
	{ "matconvnet 3->32@32",     {  3, 32, 32,  32, 32, 32, 5, 5, 1, 1, 2, 2 } },
	{ "matconvnet 32->32@16",    { 32, 16, 16,  32, 16, 16, 5, 5, 1, 1, 2, 2 } },
	{ "matconvnet 32->64@8",     { 32,  8,  8,  64,  8,  8, 5, 5, 1, 1, 2, 2 } },
	{ "matconvnet 64->64 4x4",   { 64,  4,  4,  64,  1,  1, 4, 4, 1, 1, 0, 0 } },
	{ "mnist 1->20@28",          {  1, 28, 28,  20, 24, 24, 5, 5, 1, 1, 0, 0 } },
	{ "mnist 20->50@12",         { 20, 12, 12,  50,  8,  8, 5, 5, 1, 1, 0, 0 } },
	{ "mnist 50->500 4x4",       { 50,  4,  4, 500,  1,  1, 4, 4, 1, 1, 0, 0 } },
	{ "stride 2 32->32@16",      { 32, 16, 16,  32,  8,  8, 5, 5, 2, 2, 2, 2 } },
	// clang-format on
};

struct work {
	const struct layer *layer;
	int n;
	struct aq_conv *conv;
	aq_real *in, *out, *din, *dout, *weight, *dweight, *bias, *packed, *scratch;
};

static aq_real *numbers(struct aq_arena *mem, size_t count)
{
	aq_real *at = aq_arena_take(mem, count + AQ_SLACK, sizeof *at);
	if (!at)
		exit(1);
	for (size_t i = 0; i < count; i++)
		at[i] = (aq_real)((double)(i * 2654435761u % 1000) / 1000 - 0.5);
	return at;
}

static void forward(const struct work *w)
{
	aq_conv_forward(w->conv, w->n, w->in, w->packed, w->bias, w->scratch, w->out);
}

static void data(const struct work *w)
{
	aq_conv_data(w->conv, w->n, w->dout, w->packed, w->weight, w->scratch, w->din);
}

static void weights(const struct work *w)
{
	aq_conv_weights(w->conv, w->n, w->in, w->dout, w->scratch, w->dweight, w->bias);
}

static void definition(const struct work *w)
{
	aq_conv_ref_forward(&w->layer->s, w->n, w->in, w->weight, w->bias, w->out);
}

/* The best of several repeats, in GFLOP/s. */
static double measure(const struct work *w, void (*run)(const struct work *), double seconds)
{
	const struct aq_conv_shape *s = &w->layer->s;
	const double flop = 2.0 * s->out_c * s->out_y * s->out_x * s->in_c * s->fy * s->fx * w->n;
	double best = 0;
	int times = 1;
	for (double spent = 0; spent < seconds;) {
		const double t = aq_seconds();
		for (int i = 0; i < times; i++)
			run(w);
		const double took = aq_seconds() - t;
		const double rate = flop * times / took * 1e-9;
		best = rate > best ? rate : best;
		spent += took;
		if (took < seconds / 20)
			times *= 2;
	}
	return best;
}

static void bench(const struct layer *layer, int n, double seconds)
{
	const struct aq_conv_shape *s = &layer->s;
	const size_t in = (size_t)(s->in_c * s->in_y * s->in_x * n);
	const size_t out = (size_t)(s->out_c * s->out_y * s->out_x * n);
	const size_t weight = (size_t)(s->out_c * s->in_c * s->fy * s->fx);
	struct aq_arena *mem = aq_arena_new();
	struct work w = { .layer = layer, .n = n };
	if (!mem || aq_conv_plan(&w.conv, s, mem) < 0)
		exit(1);
	w.in = numbers(mem, in);
	w.din = numbers(mem, in);
	w.out = numbers(mem, out);
	w.dout = numbers(mem, out);
	w.weight = numbers(mem, weight);
	w.dweight = numbers(mem, weight);
	w.bias = numbers(mem, (size_t)s->out_c + 4);
	w.packed = numbers(mem, aq_conv_packed(w.conv));
	w.scratch =
		numbers(mem, aq_conv_scratch(w.conv) * (size_t)n + aq_conv_scratch_fixed(w.conv));
	aq_conv_pack(w.conv, w.weight, w.packed);
	const double f = measure(&w, forward, seconds), d = measure(&w, data, seconds);
	const double g = measure(&w, weights, seconds), slow = measure(&w, definition, seconds / 4);
	printf("  %-26s %7.1f %7.1f %7.1f   %7.2f\n", layer->name, f, d, g, slow);
	aq_arena_free(mem);
}

static double peak(void)
{
	double best = 0;
	for (int i = 0; i < 20; i++) {
		double operations;
		aq_real sum;
		const double t = aq_seconds();
		aq_kernels()->multiply_adds(1000000, &operations, &sum);
		const double rate = operations / (aq_seconds() - t) * 1e-9;
		best = rate > best ? rate : best;
	}
	return best;
}

int main(int argc, char **argv)
{
	const int n = argc > 1 ? atoi(argv[1]) : 16;
	const double seconds = argc > 2 ? atof(argv[2]) : 0.2;
	printf("convolutions, %s, %d examples a block; GFLOP/s (multiply-adds of the processor: "
	       "%.1f)\n",
	       aq_kernels()->name, n, peak());
	printf("  %-26s %7s %7s %7s   %7s\n", "layer", "forward", "data", "weights",
	       "by definition");
	for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
		bench(&layers[i], n, seconds);
	return 0;
}
