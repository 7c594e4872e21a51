/* SPDX-License-Identifier: MIT
 *
 * bench_conv.c - how fast the convolutions are, beside their definition and the processor's peak
 *
 *	bench_conv [EXAMPLES [SECONDS]]        AQUATINT_ISA chooses the instruction set
 *
 * GFLOP/s count every tap of every output, also those that fall on padding and are not computed: they may pass
 * the peak.  Of processor time; medians over repeats in which peak, passes and definition take turns.
 * Where the filter is the picture, the gradient of the weights is that of a whole batch (nn/gather.c): of BATCH.
 */
#include "bench.h"

#include "base/arena.h"
#include "num/conv.h"
#include "num/dense.h"
#include "num/kernels.h"

#include <stdio.h>
#include <stdlib.h>

enum { REPEATS = 7, ROUNDS = 100000, BATCH = 100 };

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
	struct aq_dense dense;
	bool is_dense; /* the filter is the picture */
	aq_real *in, *out, *din, *dout, *weight, *dweight, *bias, *packed, *scratch, *kept;
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
	if (w->is_dense)
		aq_dense_forward(&w->dense, w->n, w->in, w->packed, w->bias, w->scratch, w->out);
	else
		aq_conv_forward(w->conv, w->n, w->in, w->packed, w->bias, w->scratch, w->out);
}

static void data(const struct work *w)
{
	if (w->is_dense)
		aq_dense_data(&w->dense, w->n, w->dout, w->weight, w->scratch, w->din);
	else
		aq_conv_data(w->conv, w->n, w->dout, w->packed, w->scratch, w->din);
}

static void weights(const struct work *w)
{
	if (w->is_dense) {
		const size_t row = aq_dense_row(&w->dense);
		for (int k = 0; k < BATCH; k += w->n)
			aq_dense_turn(&w->dense, w->n, w->in, w->dout, w->kept + (size_t)k * row);
		aq_dense_weights(&w->dense, BATCH, w->kept, 0, w->dense.units, false, w->dweight, w->bias);
	} else {
		aq_conv_weights(w->conv, w->n, w->in, w->dout, w->scratch, w->dweight, w->bias);
	}
}

static void definition(const struct work *w)
{
	aq_conv_ref_forward(&w->layer->s, w->n, w->in, w->weight, w->bias, w->out);
}

static void peak(const struct work *w)
{
	double operations;
	aq_real sum;
	(void)w;
	aq_kernels()->multiply_adds(ROUNDS, &operations, &sum);
}

enum { PEAK, FORWARD, DATA, WEIGHTS, DEFINITION, PASSES };
static void (*const passes[PASSES])(const struct work *) = { peak, forward, data, weights, definition };

/* Operations of one call. */
static double flop_of(const struct work *w, int pass)
{
	const struct aq_conv_shape *s = &w->layer->s;
	double operations;
	aq_real sum;
	aq_kernels()->multiply_adds(1, &operations, &sum);
	return pass == PEAK ? ROUNDS * operations :
	       2.0 * s->out_c * s->out_y * s->out_x * s->in_c * s->fy * s->fx *
		       (w->is_dense && pass == WEIGHTS ? BATCH : w->n);
}

/* GFLOP/s of one pass, over some seconds of processor time. */
static double rate(const struct work *w, int pass, double seconds)
{
	const double begin = bench_cpu();
	double took, times = 0;
	do {
		passes[pass](w);
		times++;
		took = bench_cpu() - begin;
	} while (took < seconds);
	return flop_of(w, pass) * times / took * 1e-9;
}

static void show(const struct work *w, double (*rates)[REPEATS])
{
	double r[PASSES];
	for (int pass = 0; pass < PASSES; pass++)
		r[pass] = bench_median(rates[pass], REPEATS);
	printf("  %-24s %7.1f %3.0f%% %7.1f %3.0f%% %7.1f %3.0f%% %7.1f %8.2f\n", w->layer->name, r[FORWARD],
	       100 * r[FORWARD] / r[PEAK], r[DATA], 100 * r[DATA] / r[PEAK], r[WEIGHTS],
	       100 * r[WEIGHTS] / r[PEAK], r[PEAK], r[DEFINITION]);
	fflush(stdout);
	bench_json("{\"bench\": \"conv\", \"layer\": \"%s\", \"isa\": \"%s\", \"examples\": %d, "
		   "\"forward_gflops\": %.2f, \"data_gflops\": %.2f, \"weights_gflops\": %.2f, "
		   "\"peak_gflops\": %.2f, \"definition_gflops\": %.3f}",
		   w->layer->name, aq_kernels()->name, w->n, r[FORWARD], r[DATA], r[WEIGHTS], r[PEAK],
		   r[DEFINITION]);
}

static void plan(struct work *w, struct aq_arena *mem)
{
	const struct aq_conv_shape *s = &w->layer->s;
	w->is_dense = s->out_y == 1 && s->out_x == 1;
	w->dense = (struct aq_dense){ s->in_c * s->in_y * s->in_x, s->out_c };
	if (aq_conv_plan(&w->conv, s, mem) < 0)
		exit(1);
	const size_t scratch = w->is_dense ? aq_dense_row(&w->dense) * (size_t)w->n :
			       aq_conv_scratch(w->conv) * (size_t)w->n + aq_conv_scratch_fixed(w->conv);
	w->packed = numbers(mem, w->is_dense ? aq_dense_packed(&w->dense) : aq_conv_packed(w->conv));
	w->scratch = numbers(mem, scratch);
	w->kept = numbers(mem, w->is_dense ? aq_dense_row(&w->dense) * (size_t)(BATCH + w->n) : 1);
}

static void bench(const struct layer *layer, int n, double seconds)
{
	const struct aq_conv_shape *s = &layer->s;
	const size_t in = (size_t)(s->in_c * s->in_y * s->in_x * n);
	const size_t out = (size_t)(s->out_c * s->out_y * s->out_x * n);
	const size_t weight = (size_t)(s->out_c * s->in_c * s->fy * s->fx);
	struct aq_arena *mem = aq_arena_new();
	struct work w = { .layer = layer, .n = n };
	double rates[PASSES][REPEATS];
	if (!mem)
		exit(1);
	plan(&w, mem);
	w.in = numbers(mem, in);
	w.din = numbers(mem, in);
	w.out = numbers(mem, out);
	w.dout = numbers(mem, out);
	w.weight = numbers(mem, weight);
	w.dweight = numbers(mem, weight);
	w.bias = numbers(mem, (size_t)s->out_c + 4);
	for (int strip = 0; w.is_dense && strip < aq_dense_strips(&w.dense); strip++)
		aq_dense_pack(&w.dense, strip, w.weight, w.packed);
	if (!w.is_dense)
		aq_conv_pack(w.conv, w.weight, w.packed);
	for (int r = 0; r < REPEATS; r++)
		for (int pass = 0; pass < PASSES; pass++)
			rates[pass][r] = rate(&w, pass, seconds);
	show(&w, rates);
	aq_arena_free(mem);
}

int main(int argc, char **argv)
{
	const int n = argc > 1 ? atoi(argv[1]) : 8; /* a block of batch 32 */
	const double seconds = argc > 2 ? atof(argv[2]) : 0.02;
	printf("convolutions, %s, %d examples a block: GFLOP/s, and share of the processor's multiply-adds (peak)\n",
	       aq_kernels()->name, n);
	printf("  %-24s %12s %12s %12s %7s %8s\n", "layer", "forward", "data", "weights", "peak", "naive");
	for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
		bench(&layers[i], n, seconds);
	return 0;
}
