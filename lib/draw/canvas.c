/* SPDX-License-Identifier: MIT
 *
 * canvas.c - pixels one draws on: making them, boxes, and all that is crisp
 */
#include "draw/canvas.h"

#include "draw/sketch.h"

#include <stdlib.h>
#include <string.h>

/* ---- boxes ----------------------------------------------------------------------------------- */

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int most(int a, int b)
{
	return a > b ? a : b;
}

struct aq_box aq_box_meet(struct aq_box a, struct aq_box b)
{
	const int x = most(a.x, b.x), y = most(a.y, b.y);
	const int right = least(a.x + a.w, b.x + b.w), bottom = least(a.y + a.h, b.y + b.h);
	return (struct aq_box){ x, y, most(right - x, 0), most(bottom - y, 0) };
}

struct aq_box aq_box_inset(struct aq_box box, int by)
{
	return (struct aq_box){ box.x + by, box.y + by, box.w - 2 * by, box.h - 2 * by };
}

struct aq_box aq_box_column(struct aq_box box, int index, int count, int gap)
{
	/* whole pixels; what is left over goes to the columns at the right, one each */
	const int room = box.w - gap * (count - 1);
	const int left = room * index / count, right = room * (index + 1) / count;
	return (struct aq_box){ box.x + left + gap * index, box.y, right - left, box.h };
}

struct aq_box aq_box_cut_left(struct aq_box *box, int size, int gap)
{
	const struct aq_box cut = { box->x, box->y, least(size, box->w), box->h };
	box->x += size + gap;
	box->w -= size + gap;
	return cut;
}

struct aq_box aq_box_cut_right(struct aq_box *box, int size, int gap)
{
	const int w = least(size, box->w);
	const struct aq_box cut = { box->x + box->w - w, box->y, w, box->h };
	box->w -= size + gap;
	return cut;
}

struct aq_box aq_box_cut_top(struct aq_box *box, int size, int gap)
{
	const struct aq_box cut = { box->x, box->y, box->w, least(size, box->h) };
	box->y += size + gap;
	box->h -= size + gap;
	return cut;
}

struct aq_box aq_box_cut_bottom(struct aq_box *box, int size, int gap)
{
	const int h = least(size, box->h);
	const struct aq_box cut = { box->x, box->y + box->h - h, box->w, h };
	box->h -= size + gap;
	return cut;
}

/* ---- the canvas ------------------------------------------------------------------------------ */

static struct aq_box whole(const struct aq_canvas *canvas)
{
	return (struct aq_box){ 0, 0, canvas->picture.width, canvas->picture.height };
}

static uint8_t *pixel(const struct aq_canvas *canvas, int x, int y)
{
	return canvas->picture.at + ((size_t)y * (size_t)canvas->picture.width + (size_t)x) * 3;
}

/* Rows [from, to) become paper. */
static void whiten(struct aq_canvas *canvas, int from, int to)
{
	const struct aq_rgb paper = canvas->paper;
	for (int y = from; y < to && !canvas->sketch; y++) {
		uint8_t *at = pixel(canvas, 0, y);
		for (int x = 0; x < canvas->picture.width; x++, at += 3) {
			at[0] = paper.r;
			at[1] = paper.g;
			at[2] = paper.b;
		}
	}
}

static int make(struct aq_canvas **out, int width, int height, struct aq_rgb paper, bool sketch)
{
	*out = NULL;
	if (width < 1 || height < 1 || (int64_t)width * height > AQ_CANVAS_MOST)
		return aq_fail(AQ_EUSAGE,
			       "a picture of %dx%d pixels cannot be drawn; ask for less zoom "
			       "or fewer tiles",
			       width, height);
	struct aq_canvas *canvas = calloc(1, sizeof *canvas);
	if (!canvas)
		return aq_fail(AQ_ENOMEM, "out of memory");
	int rc = AQ_OK;
	if (sketch) {
		canvas->picture = (struct aq_picture){ NULL, width, height, 3 };
		canvas->sketch = aq_sketch_new();
	} else {
		rc = aq_picture_new(&canvas->picture, width, height, 3);
		canvas->ink = calloc((size_t)width, (size_t)height);
	}
	if (rc == AQ_OK && !canvas->sketch && !canvas->ink)
		rc = aq_fail(AQ_ENOMEM, "no memory for a picture of %dx%d pixels", width, height);
	if (rc < 0) {
		aq_canvas_free(canvas);
		return rc;
	}
	canvas->paper = paper;
	canvas->clip = whole(canvas);
	whiten(canvas, 0, height);
	*out = canvas;
	return AQ_OK;
}

int aq_canvas_new(struct aq_canvas **canvas, int width, int height, struct aq_rgb paper)
{
	return make(canvas, width, height, paper, false);
}

int aq_canvas_sketch(struct aq_canvas **canvas, int width, int height, struct aq_rgb paper)
{
	return make(canvas, width, height, paper, true);
}

int aq_canvas_write(struct aq_canvas *canvas, const char *path, bool keep,
		    const struct aq_png_text *texts, int count)
{
	return canvas->sketch ? aq_sketch_write(canvas->sketch, path, keep, canvas->picture.width,
						canvas->picture.height, canvas->paper, texts, count)
			      : aq_png_write(path, keep, &canvas->picture, texts, count);
}

void aq_canvas_free(struct aq_canvas *canvas)
{
	if (!canvas)
		return;
	aq_picture_free(&canvas->picture);
	aq_sketch_free(canvas->sketch);
	free(canvas->ink);
	free(canvas);
}

int aq_canvas_resize(struct aq_canvas *canvas, int height)
{
	const int width = canvas->picture.width, before = canvas->picture.height;
	if (height < 1 || (int64_t)width * height > AQ_CANVAS_MOST)
		return aq_fail(AQ_EUSAGE,
			       "a page of %dx%d pixels cannot be drawn; ask for less zoom "
			       "or fewer parts",
			       width, height);
	if (canvas->sketch) {
		canvas->picture.height = height;
		canvas->clip = whole(canvas);
		return AQ_OK;
	}
	uint8_t *at = realloc(canvas->picture.at, (size_t)width * (size_t)height * 3);
	if (at)
		canvas->picture.at = at;
	uint8_t *ink = at ? realloc(canvas->ink, (size_t)width * (size_t)height) : NULL;
	if (!ink)
		return aq_fail(AQ_ENOMEM, "no memory for a picture of %dx%d pixels", width, height);
	canvas->ink = ink;
	canvas->picture.height = height;
	canvas->clip = whole(canvas);
	if (height > before) {
		memset(ink + (size_t)width * (size_t)before, 0,
		       (size_t)width * (size_t)(height - before));
		whiten(canvas, before, height);
	}
	return AQ_OK;
}

struct aq_box aq_canvas_clip(struct aq_canvas *canvas, struct aq_box box)
{
	const struct aq_box former = canvas->clip;
	canvas->clip = aq_box_meet(former, box);
	if (canvas->sketch)
		aq_sketch_clip(canvas->sketch, canvas->clip);
	return former;
}

void aq_canvas_unclip(struct aq_canvas *canvas, struct aq_box former)
{
	canvas->clip = aq_box_meet(former, whole(canvas));
	if (canvas->sketch)
		aq_sketch_unclip(canvas->sketch);
}

/* ---- crisp ----------------------------------------------------------------------------------- */

static bool inside(const struct aq_canvas *canvas, int x, int y)
{
	const struct aq_box clip = canvas->clip;
	return x >= clip.x && y >= clip.y && x < clip.x + clip.w && y < clip.y + clip.h;
}

void aq_canvas_clear(struct aq_canvas *canvas)
{
	whiten(canvas, 0, canvas->picture.height);
}

void aq_canvas_dot(struct aq_canvas *canvas, int x, int y, struct aq_rgb colour)
{
	if (!inside(canvas, x, y))
		return;
	if (canvas->sketch) {
		aq_sketch_fill(canvas->sketch, (struct aq_box){ x, y, 1, 1 }, colour, 255);
		return;
	}
	uint8_t *at = pixel(canvas, x, y);
	at[0] = colour.r;
	at[1] = colour.g;
	at[2] = colour.b;
}

void aq_canvas_fill(struct aq_canvas *canvas, struct aq_box box, struct aq_rgb colour)
{
	const struct aq_box part = aq_box_meet(box, canvas->clip);
	if (canvas->sketch)
		aq_sketch_fill(canvas->sketch, part, colour, 255);
	for (int y = part.y; y < part.y + part.h && !canvas->sketch; y++) {
		uint8_t *at = pixel(canvas, part.x, y);
		for (int x = 0; x < part.w; x++, at += 3) {
			at[0] = colour.r;
			at[1] = colour.g;
			at[2] = colour.b;
		}
	}
}

void aq_canvas_across(struct aq_canvas *canvas, int x, int y, int length, struct aq_rgb colour)
{
	aq_canvas_fill(canvas, (struct aq_box){ x, y, length, 1 }, colour);
}

void aq_canvas_down(struct aq_canvas *canvas, int x, int y, int length, struct aq_rgb colour)
{
	aq_canvas_fill(canvas, (struct aq_box){ x, y, 1, length }, colour);
}

void aq_canvas_frame(struct aq_canvas *canvas, struct aq_box box, struct aq_rgb colour)
{
	if (box.w < 1 || box.h < 1)
		return;
	aq_canvas_across(canvas, box.x, box.y, box.w, colour);
	aq_canvas_across(canvas, box.x, box.y + box.h - 1, box.w, colour);
	aq_canvas_down(canvas, box.x, box.y, box.h, colour);
	aq_canvas_down(canvas, box.x + box.w - 1, box.y, box.h, colour);
}

void aq_canvas_line(struct aq_canvas *canvas, int x0, int y0, int x1, int y1, struct aq_rgb colour)
{
	const int dx = abs(x1 - x0), dy = -abs(y1 - y0);
	const int right = x0 < x1 ? 1 : -1, down = y0 < y1 ? 1 : -1;
	for (int error = dx + dy;;) {
		aq_canvas_dot(canvas, x0, y0, colour);
		if (x0 == x1 && y0 == y1)
			break;
		const int twice = 2 * error;
		if (twice >= dy) {
			error += dy;
			x0 += right;
		}
		if (twice <= dx) {
			error += dx;
			y0 += down;
		}
	}
}

void aq_canvas_odd(struct aq_canvas *canvas, struct aq_box box)
{
	for (int y = box.y; y < box.y + box.h; y++)
		for (int x = box.x; x < box.x + box.w; x++)
			aq_canvas_dot(canvas, x, y,
				      (x + y - box.x - box.y) % 4 == 3 ? AQ_ODD_TOO : AQ_ODD);
}

/* ---- mixed ----------------------------------------------------------------------------------- */

/* old + (new - old) * cover / 255, rounded; exact at both ends. */
static uint8_t blend(uint8_t old, uint8_t new, unsigned cover)
{
	return (uint8_t)((old * (255 - cover) + new * cover + 127) / 255);
}

void aq_canvas_blend(struct aq_canvas *canvas, int x, int y, struct aq_rgb colour, uint8_t cover)
{
	if (!inside(canvas, x, y))
		return;
	if (canvas->sketch) {
		aq_sketch_fill(canvas->sketch, (struct aq_box){ x, y, 1, 1 }, colour, cover);
		return;
	}
	uint8_t *at = pixel(canvas, x, y);
	at[0] = blend(at[0], colour.r, cover);
	at[1] = blend(at[1], colour.g, cover);
	at[2] = blend(at[2], colour.b, cover);
}

void aq_canvas_wash(struct aq_canvas *canvas, struct aq_box box, struct aq_rgb colour,
		    uint8_t cover)
{
	const struct aq_box part = aq_box_meet(box, canvas->clip);
	if (canvas->sketch)
		aq_sketch_fill(canvas->sketch, part, colour, cover);
	for (int y = part.y; y < part.y + part.h && !canvas->sketch; y++)
		for (int x = part.x; x < part.x + part.w; x++)
			aq_canvas_blend(canvas, x, y, colour, cover);
}

/* ---- pictures -------------------------------------------------------------------------------- */

void aq_canvas_blit(struct aq_canvas *canvas, int x, int y, const struct aq_picture *picture,
		    int zoom)
{
	const int channels = picture->channels;
	const uint8_t *from = picture->at;
	if (canvas->sketch) {
		aq_sketch_picture(canvas->sketch, x, y, picture, zoom);
		return;
	}
	for (int v = 0; v < picture->height; v++)
		for (int u = 0; u < picture->width; u++, from += channels) {
			const struct aq_rgb colour = channels == 1 ?
				(struct aq_rgb){ from[0], from[0], from[0] } :
				(struct aq_rgb){ from[0], from[1], from[2] };
			aq_canvas_fill(canvas,
				       (struct aq_box){x + u * zoom, y + v * zoom, zoom, zoom},
				       colour);
		}
}

void aq_canvas_pixels(struct aq_canvas *canvas, struct aq_box box)
{
	if (canvas->sketch)
		aq_sketch_pixels(canvas->sketch, box);
}

void aq_canvas_pixels_end(struct aq_canvas *canvas)
{
	if (canvas->sketch)
		aq_sketch_pixels_end(canvas->sketch);
}
