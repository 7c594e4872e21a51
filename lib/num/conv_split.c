/* SPDX-License-Identifier: MIT
 *
 * conv_split.c - a convolution with strides, as one without
 *
 * The input is split into *phases*, every sy-th row and sx-th column of it, which are channels like
 * any others: over them the stride is 1.  The filter is split the same way; where a phase has no
 * filter row or column it is zero.
 */
#include "num/conv_private.h"

#include <string.h>

/* ---- shapes ---------------------------------------------------------------------------------- */

/* Of phases of `size` rows (or columns) behind `pad` zeros: the first one that has a row of the
 * picture, and how many do. */
static int first_of_phases(int pad, int stride, int phases)
{
	return most(0, (pad - phases + stride) / stride);
}

static int phase_size(int size, int pad, int stride, int phases)
{
	return (size - 1 + pad) / stride - first_of_phases(pad, stride, phases) + 1;
}

/* The convolution of stride 1 over phases. */
int aq_conv_split(struct aq_conv *conv, struct aq_arena *mem)
{
	const struct aq_conv_shape *w = &conv->whole;
	struct aq_conv_shape *s = &conv->s;
	conv->is_split = w->sy > 1 || w->sx > 1;
	conv->phase_y = least(w->sy, w->fy);
	conv->phase_x = least(w->sx, w->fx);
	if (!conv->is_split)
		return AQ_OK;
	conv->first_y = first_of_phases(w->top, w->sy, conv->phase_y);
	conv->first_x = first_of_phases(w->left, w->sx, conv->phase_x);
	*s = (struct aq_conv_shape){
		.in_c = w->in_c * conv->phase_y * conv->phase_x,
		.in_y = phase_size(w->in_y, w->top, w->sy, conv->phase_y),
		.in_x = phase_size(w->in_x, w->left, w->sx, conv->phase_x),
		.out_c = w->out_c, .out_y = w->out_y, .out_x = w->out_x,
		.fy = (w->fy + w->sy - 1) / w->sy, .fx = (w->fx + w->sx - 1) / w->sx,
		.sy = 1, .sx = 1, .top = conv->first_y, .left = conv->first_x,
	};
	conv->phase_at = aq_arena_take(mem, (size_t)w->fy * (size_t)w->fx, sizeof *conv->phase_at);
	if (!conv->phase_at)
		return AQ_ENOMEM;
	for (int v = 0, t = 0; v < w->fy; v++)
		for (int u = 0; u < w->fx; u++, t++) {
			const int phase = v % w->sy * conv->phase_x + u % w->sx;
			conv->phase_at[t] = (phase * s->fy + v / w->sy) * s->fx + u / w->sx;
		}
	return AQ_OK;
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* A row of a map, NULL if there is none, and that of a phase, one way or the other. */
static void split_row(const struct aq_conv *conv, int n, int rx, const aq_real *whole,
		      aq_real *phase, aq_real *back)
{
	const struct aq_conv_shape *w = &conv->whole;
	const size_t size = (size_t)n * sizeof *whole;
	int x = conv->first_x * w->sx + rx - w->left;
	for (int k = 0; k < conv->s.in_x; k++, x += w->sx, phase += n) {
		const bool inside = (whole || back) && x >= 0 && x < w->in_x;
		if (inside && back)
			memcpy(back + (size_t)x * (size_t)n, phase, size);
		else if (inside)
			memcpy(phase, whole + (size_t)x * (size_t)n, size);
		else
			memset(phase, 0, size);
	}
}

/* A map and its phases [channel][row phase][column phase][row][column]. */
void aq_conv_split_map(const struct aq_conv *conv, int n, const aq_real *whole, aq_real *phase,
		      aq_real *back)
{
	const struct aq_conv_shape *w = &conv->whole, *s = &conv->s;
	const size_t a_row = (size_t)(w->in_x * n), phase_row = (size_t)(s->in_x * n);
	if (back)
		memset(back, 0, (size_t)(w->in_c * w->in_y) * a_row * sizeof *back);
	for (int i = 0; i < w->in_c; i++)
		for (int r = 0; r < conv->phase_y * conv->phase_x; r++)
			for (int k = 0; k < s->in_y; k++, phase += phase_row) {
				const int y = (conv->first_y + k) * w->sy + r / conv->phase_x - w->top;
				const bool inside = y >= 0 && y < w->in_y;
				const size_t at = inside ? (size_t)(i * w->in_y + y) * a_row : 0;
				split_row(conv, n, r % conv->phase_x,
					  inside && whole ? whole + at : NULL, phase,
					  inside && back ? back + at : NULL);
			}
}

/* Filters and those of their phases; back they are added. */
void aq_conv_split_weights(const struct aq_conv *conv, const aq_real *whole, aq_real *phase,
			   aq_real *back)
{
	const struct aq_conv_shape *w = &conv->whole, *s = &conv->s;
	const int filter = w->fy * w->fx, phases = conv->phase_y * conv->phase_x * s->fy * s->fx;
	const int32_t *at = conv->phase_at;
	if (!back)
		memset(phase, 0, weights_size(conv) * sizeof *phase);
	for (int f = 0; f < w->out_c * w->in_c; f++, phase += phases)
		for (int t = 0; t < filter; t++)
			if (back)
				*back++ += phase[at[t]];
			else
				phase[at[t]] = *whole++;
}
