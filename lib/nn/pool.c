/* SPDX-License-Identifier: MIT
 *
 * pool.c - the largest or the mean of each window
 *
 * Padding never wins and is never counted: a window sees only what lies inside the picture.  Of equal
 * numbers the first in reading order wins; a NaN wins over all numbers, so that it is not lost.
 */
#include "nn/registry.h"

#include <string.h>

struct args {
	int size[2], stride[2], pad[4];
};

enum { MOST_SIZE = 1 << 12 };

static const struct aq_opt opts[] = {
	AQ_NUMBER(struct args, size, 0, 1, MOST_SIZE, "HxW", "size of a window", .needed = true),
	AQ_NUMBER(struct args, stride, 1, 1, MOST_SIZE, "HxW", "cells from one window to the next"),
	AQ_NUMBER(struct args, pad, 0, 0, MOST_SIZE, "T,B,L,R", "cells outside that windows may reach"),
	AQ_END,
};

static int plan_both(struct aq_layer *layer)
{
	const struct args *a = layer->args;
	const struct aq_shape in = layer->in[0];
	for (int side = 0; side < 4; side++)
		if (a->pad[side] >= a->size[side / 2])
			return aq_fail(AQ_EDATA, "padding of %d would hold a whole window of %dx%d",
				       a->pad[side], a->size[0], a->size[1]);
	const int y = in.y + a->pad[0] + a->pad[1] - a->size[0];
	const int x = in.x + a->pad[2] + a->pad[3] - a->size[1];
	if (y < 0 || x < 0)
		return aq_fail(AQ_EDATA, "a window of %dx%d does not fit into %dx%d with its padding",
			       a->size[0], a->size[1], in.y, in.x);
	layer->out = (struct aq_shape){ in.c, y / a->stride[0] + 1, x / a->stride[1] + 1 };
	return AQ_OK;
}

static int plan_max(struct aq_layer *layer, struct aq_arena *mem)
{
	(void)mem;
	const int rc = plan_both(layer);
	layer->scratch = aq_shape_count(layer->out); /* the winners */
	return rc;
}

static int plan_mean(struct aq_layer *layer, struct aq_arena *mem)
{
	(void)mem;
	return plan_both(layer);
}

/* The part of a window that lies inside the picture: rows y0 .. y1-1, columns x0 .. x1-1. */
struct window {
	int y0, y1, x0, x1;
};

static struct window window_of(const struct aq_layer *layer, int y, int x)
{
	const struct args *a = layer->args;
	struct window w = { y * a->stride[0] - a->pad[0], 0, x * a->stride[1] - a->pad[2], 0 };
	w.y1 = w.y0 + a->size[0];
	w.x1 = w.x0 + a->size[1];
	w.y0 = w.y0 < 0 ? 0 : w.y0;
	w.x0 = w.x0 < 0 ? 0 : w.x0;
	w.y1 = w.y1 > layer->in[0].y ? layer->in[0].y : w.y1;
	w.x1 = w.x1 > layer->in[0].x ? layer->in[0].x : w.x1;
	return w;
}

/* best, winner of one window, n lanes: in is one channel [y][x][n]. */
static void max_of_window(const struct aq_layer *layer, const struct window *w, int n, const aq_real *in,
			  aq_real *best, int32_t *winner)
{
	for (int k = 0; k < n; k++) {
		int32_t first = w->y0 * layer->in[0].x + w->x0;
		aq_real most = in[(size_t)first * (size_t)n + (size_t)k];
		for (int y = w->y0; y < w->y1; y++)
			for (int x = w->x0; x < w->x1; x++) {
				const int32_t at = y * layer->in[0].x + x;
				const aq_real value = in[(size_t)at * (size_t)n + (size_t)k];
				if (value > most || (value != value && most == most)) {
					most = value;
					first = at;
				}
			}
		best[k] = most;
		winner[k] = first;
	}
}

static void forward_max(const struct aq_layer *layer, const struct aq_block *block)
{
	const struct aq_shape in = layer->in[0], out = layer->out;
	const size_t n = (size_t)block->n, plane = (size_t)in.y * (size_t)in.x * n;
	int32_t *winner = (int32_t *)block->scratch;
	size_t at = 0;
	for (int c = 0; c < out.c; c++)
		for (int y = 0; y < out.y; y++)
			for (int x = 0; x < out.x; x++, at += n) {
				const struct window w = window_of(layer, y, x);
				max_of_window(layer, &w, block->n, block->in[0] + (size_t)c * plane,
					      block->out + at, winner + at);
			}
}

static void backward_max(const struct aq_layer *layer, const struct aq_block *block)
{
	const struct aq_shape in = layer->in[0], out = layer->out;
	const size_t n = (size_t)block->n, plane = (size_t)in.y * (size_t)in.x * n;
	const size_t cells = (size_t)out.y * (size_t)out.x * n;
	const int32_t *winner = (const int32_t *)block->scratch;
	if (!block->din[0])
		return;
	memset(block->din[0], 0, plane * (size_t)in.c * sizeof(aq_real));
	for (int c = 0; c < out.c; c++) {
		aq_real *din = block->din[0] + (size_t)c * plane;
		for (size_t i = 0; i < cells; i++) {
			const size_t at = (size_t)c * cells + i;
			din[(size_t)winner[at] * n + i % n] += block->dout[at];
		}
	}
}

/* Sum the cells of a window, or spread over them: n lanes each. */
static void forward_mean(const struct aq_layer *layer, const struct aq_block *block)
{
	const struct aq_shape in = layer->in[0], out = layer->out;
	const size_t n = (size_t)block->n;
	aq_real *to = block->out;
	for (int c = 0; c < out.c; c++)
		for (int y = 0; y < out.y; y++)
			for (int x = 0; x < out.x; x++, to += n) {
				const struct window w = window_of(layer, y, x);
				const aq_real share = 1 / (aq_real)((w.y1 - w.y0) * (w.x1 - w.x0));
				memset(to, 0, n * sizeof *to);
				for (int v = w.y0; v < w.y1; v++)
					for (int u = w.x0; u < w.x1; u++) {
						const aq_real *from = block->in[0] +
							(((size_t)c * (size_t)in.y + (size_t)v) *
							 (size_t)in.x + (size_t)u) * n;
						for (size_t k = 0; k < n; k++)
							to[k] += from[k];
					}
				for (size_t k = 0; k < n; k++)
					to[k] *= share;
			}
}

static void backward_mean(const struct aq_layer *layer, const struct aq_block *block)
{
	const struct aq_shape in = layer->in[0], out = layer->out;
	const size_t n = (size_t)block->n;
	const aq_real *from = block->dout;
	if (!block->din[0])
		return;
	memset(block->din[0], 0, aq_shape_count(in) * n * sizeof(aq_real));
	for (int c = 0; c < out.c; c++)
		for (int y = 0; y < out.y; y++)
			for (int x = 0; x < out.x; x++, from += n) {
				const struct window w = window_of(layer, y, x);
				const aq_real share = 1 / (aq_real)((w.y1 - w.y0) * (w.x1 - w.x0));
				for (int v = w.y0; v < w.y1; v++)
					for (int u = w.x0; u < w.x1; u++) {
						aq_real *to = block->din[0] +
							(((size_t)c * (size_t)in.y + (size_t)v) *
							 (size_t)in.x + (size_t)u) * n;
						for (size_t k = 0; k < n; k++)
							to[k] += from[k] * share;
					}
			}
}

static uint64_t winners_max(const struct aq_layer *layer, const struct aq_block *block)
{
	const int32_t *winner = (const int32_t *)block->scratch;
	uint64_t winners = 0;
	for (size_t i = 0, count = aq_shape_count(layer->out) * (size_t)block->n; i < count; i++)
		winners = aq_winners_mix(winners, (uint64_t)winner[i]);
	return winners;
}

const struct aq_layer_type aq_maxpool = {
	.name = "maxpool",
	.brief = "the largest number of each window",
	.opts = opts,
	.size = sizeof(struct args),
	.fewest_inputs = 1,
	.most_inputs = 1,
	.plan = plan_max,
	.forward = forward_max,
	.backward = backward_max,
	.winners = winners_max,
};

const struct aq_layer_type aq_avgpool = {
	.name = "avgpool",
	.brief = "the mean of each window, over its cells inside the picture",
	.opts = opts,
	.size = sizeof(struct args),
	.fewest_inputs = 1,
	.most_inputs = 1,
	.plan = plan_mean,
	.forward = forward_mean,
	.backward = backward_mean,
};
