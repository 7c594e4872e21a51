/* SPDX-License-Identifier: MIT
 *
 * patch.c - a piece of a map, enlarged
 */
#include "view/patch.h"

static struct aq_rgb colour_at(const struct aq_patch *p, int64_t y, int64_t x)
{
	const struct aq_tensor *t = p->tensor;
	if (y < 0 || y >= t->height || x < 0 || x >= t->width)
		return AQ_RULE;
	const size_t plane = (size_t)t->height * (size_t)t->width;
	const float *at = t->at + (size_t)y * (size_t)t->width + (size_t)x;
	if (t->is_colour)
		return aq_shade_colour(&p->shade, at[0], at[plane], at[2 * plane]);
	return aq_shade_pixel(&p->shade, at[(size_t)p->map * plane]);
}

/* The pixel at which cell i of `count` begins, of `size` pixels in all. */
static int edge(int64_t i, int64_t count, int size)
{
	return (int)(i * size / count);
}

void aq_patch_draw(struct aq_canvas *canvas, int x, int y, int side, const struct aq_patch *p)
{
	const struct aq_field f = p->field;
	const int64_t rows = f.bottom - f.top + 1, columns = f.right - f.left + 1;
	const int64_t most = rows > columns ? rows : columns;
	const int64_t zoom = side / most;
	const int h = (int)(zoom > 0 ? rows * zoom : rows * side / most);
	const int w = (int)(zoom > 0 ? columns * zoom : columns * side / most);
	x += (side - w) / 2;
	y += (side - h) / 2;
	for (int v = 0; v < h; v++)
		for (int u = 0; u < w; u++)
			aq_canvas_dot(canvas, x + u, y + v,
				      colour_at(p, f.top + v * rows / h, f.left + u * columns / w));
	aq_canvas_frame(canvas, (struct aq_box){ x - 1, y - 1, w + 2, h + 2 }, AQ_FRAME);
	if (!p->marked)
		return;
	const int64_t my = p->mark_y - f.top, mx = p->mark_x - f.left;
	const int top = y + edge(my, rows, h), left = x + edge(mx, columns, w);
	const struct aq_box cell = { left, top, x + edge(mx + 1, columns, w) - left,
				     y + edge(my + 1, rows, h) - top };
	aq_canvas_frame(canvas, aq_box_inset(cell, -2), AQ_PAPER);
	aq_canvas_frame(canvas, aq_box_inset(cell, -1), AQ_INK);
}
