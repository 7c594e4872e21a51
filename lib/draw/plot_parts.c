/* SPDX-License-Identifier: MIT
 *
 * plot_parts.c - keys, bars, and the running mean behind a smooth curve
 */
#include "draw/plot.h"
#include "draw/text.h"

#include <math.h>

enum {
	KEY = 14, /* the colour's sample in a legend */
	KEY_GAP = 5,
	LEGEND_GAP = 16,
};

static void put_key(struct aq_canvas *canvas, int x, int y, struct aq_rgb colour)
{
	const int middle = y + aq_text_line(AQ_FACE_SMALL) / 2;
	aq_canvas_fill(canvas, (struct aq_box){ x, middle - 1, KEY, 3 }, colour);
}

int aq_legend_draw(struct aq_canvas *canvas, int x, int y, const char *const *names,
		   const struct aq_rgb *colours, int count)
{
	const int start = x;
	for (int i = 0; i < count; i++) {
		if (canvas) {
			put_key(canvas, x, y, colours[i]);
			aq_text_draw(canvas, x + KEY + KEY_GAP, y, AQ_FACE_SMALL, AQ_LEFT, AQ_INK,
				     names[i]);
		}
		x += KEY + KEY_GAP + aq_text_width(AQ_FACE_SMALL, names[i]);
		x += i + 1 < count ? LEGEND_GAP : 0;
	}
	return x - start;
}

void aq_plot_smooth(float *out, const float *y, size_t count, double window)
{
	const size_t half = window > 1 ? (size_t)((window - 1) / 2 + 0.5) : 0;
	for (size_t i = 0; i < count; i++) {
		const size_t first = i < half ? 0 : i - half, reach = i < half ? i : half;
		const size_t last = count - i > reach ? i + reach : count - 1;
		double sum = 0;
		size_t there = 0;
		for (size_t k = first; k <= last; k++)
			if (isfinite(y[k])) {
				sum += (double)y[k];
				there++;
			}
		out[i] = isfinite(y[i]) ? (float)(sum / (double)there) : NAN;
	}
}

void aq_plot_reach(float *low, float *high, size_t count)
{
	float least = count ? low[0] : 0, most = count ? high[0] : 0; /* before anything was moved */
	for (size_t i = 1; i < count; i++) {
		const float l = low[i], h = high[i], up = most / 2 + l / 2, down = least / 2 + h / 2;
		if (l > most) {
			high[i - 1] = fmaxf(high[i - 1], up);
			low[i] = up;
		} else if (h < least) {
			low[i - 1] = fminf(low[i - 1], down);
			high[i] = down;
		}
		least = l;
		most = h;
	}
}

void aq_bar_draw(struct aq_canvas *canvas, struct aq_box box, double share, struct aq_rgb colour)
{
	const double part = share > 0 ? share < 1 ? share : 1 : 0;
	aq_canvas_fill(canvas, box, AQ_WASH);
	box.w = (int)(part * box.w + 0.5);
	aq_canvas_fill(canvas, box, colour);
}
