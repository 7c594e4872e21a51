/* SPDX-License-Identifier: MIT
 *
 * trim.c - how pictures are made alike: colour, size, border, crop
 */
#include "data/trim.h"

#include "data/resize.h"

#include <stdlib.h>
#include <string.h>

static size_t bytes_of(const struct aq_planes *p)
{
	return (size_t)p->channels * (size_t)p->height * (size_t)p->width;
}

/* Room for `picture` that does not overlap what it is made from. */
static uint8_t *room_for(struct aq_trim *trim, const struct aq_planes *picture, const uint8_t *from)
{
	const int k = trim->room[0] && from == trim->room[0];
	const size_t need = bytes_of(picture);
	if (trim->bytes[k] < need) {
		uint8_t *more = realloc(trim->room[k], need);
		if (!more) {
			aq_fail(AQ_ENOMEM, "out of memory changing a picture");
			return NULL;
		}
		trim->room[k] = more;
		trim->bytes[k] = need;
	}
	return trim->room[k];
}

int aq_trim_check(const struct aq_trim *trim)
{
	if (trim->gray && trim->rgb)
		return aq_fail(AQ_EUSAGE, "--gray and --rgb exclude each other");
	for (int k = 0; k < 2; k++)
		if (trim->size[k] && trim->crop[k] > trim->size[k] + 2 * trim->pad)
			return aq_fail(AQ_EUSAGE,
				       "--crop %dx%d is larger than the picture of %dx%d it "
				       "would be cut from; crop less or pad more",
				       trim->crop[0], trim->crop[1], trim->size[0] + 2 * trim->pad,
				       trim->size[1] + 2 * trim->pad);
	return AQ_OK;
}

static int to_gray(struct aq_trim *trim, struct aq_planes *p)
{
	const size_t n = (size_t)p->height * (size_t)p->width;
	struct aq_planes out = { NULL, 1, p->height, p->width };
	if (p->channels != 3)
		return aq_fail(AQ_EDATA, "a picture of %d channels cannot be made gray; it needs 3",
			       p->channels);
	uint8_t *to = room_for(trim, &out, p->at);
	if (!to)
		return AQ_ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const unsigned r = p->at[i], g = p->at[n + i], b = p->at[2 * n + i];
		to[i] = (uint8_t)((299 * r + 587 * g + 114 * b + 500) / 1000);
	}
	out.at = to;
	*p = out;
	return AQ_OK;
}

static int to_rgb(struct aq_trim *trim, struct aq_planes *p)
{
	const size_t n = (size_t)p->height * (size_t)p->width;
	struct aq_planes out = { NULL, 3, p->height, p->width };
	if (p->channels != 1)
		return aq_fail(AQ_EDATA,
			       "a picture of %d channels cannot be made colour; it needs 1 or 3",
			       p->channels);
	uint8_t *to = room_for(trim, &out, p->at);
	if (!to)
		return AQ_ENOMEM;
	for (size_t c = 0; c < 3; c++)
		memcpy(to + c * n, p->at, n);
	out.at = to;
	*p = out;
	return AQ_OK;
}

static int to_size(struct aq_trim *trim, struct aq_planes *p)
{
	struct aq_planes out = { NULL, p->channels, trim->size[0], trim->size[1] };
	if (out.height == p->height && out.width == p->width)
		return AQ_OK;
	uint8_t *to = room_for(trim, &out, p->at);
	if (!to)
		return AQ_ENOMEM;
	const int rc = aq_resize(p->at, p->channels, p->height, p->width, to, out.height,
				 out.width);
	out.at = to;
	*p = out;
	return rc;
}

/* The window of (height, width) whose corner is at (top, left) of p, black outside it. */
static int window(struct aq_trim *trim, struct aq_planes *p, int height, int width, int top,
		  int left)
{
	struct aq_planes out = { NULL, p->channels, height, width };
	uint8_t *to = room_for(trim, &out, p->at);
	if (!to)
		return AQ_ENOMEM;
	memset(to, 0, bytes_of(&out));
	const int x0 = left < 0 ? -left : 0;
	const int x1 = p->width - left < width ? p->width - left : width;
	for (int c = 0; c < p->channels; c++)
		for (int y = 0; y < height; y++) {
			const int above = y + top;
			if (above < 0 || above >= p->height || x1 <= x0)
				continue;
			const size_t row = (size_t)c * (size_t)height + (size_t)y;
			const size_t from = (size_t)c * (size_t)p->height + (size_t)above;
			memcpy(to + row * (size_t)width + x0,
			       p->at + from * (size_t)p->width + (x0 + left), (size_t)(x1 - x0));
		}
	out.at = to;
	*p = out;
	return AQ_OK;
}

static int to_crop(struct aq_trim *trim, struct aq_planes *p)
{
	const int height = trim->crop[0], width = trim->crop[1];
	if (height > p->height || width > p->width)
		return aq_fail(AQ_EDATA,
			       "--crop %dx%d is larger than a picture of %dx%d; crop less, pad "
			       "more, or resize with --size",
			       height, width, p->height, p->width);
	return window(trim, p, height, width, (p->height - height) / 2, (p->width - width) / 2);
}

int aq_trim_apply(struct aq_trim *trim, const struct aq_planes *from, struct aq_planes *to)
{
	int rc = AQ_OK;
	*to = *from;
	if (trim->gray && to->channels != 1)
		AQ_TRY(to_gray(trim, to));
	if (trim->rgb && to->channels != 3)
		AQ_TRY(to_rgb(trim, to));
	if (trim->size[0])
		AQ_TRY(to_size(trim, to));
	if (trim->pad)
		AQ_TRY(window(trim, to, to->height + 2 * trim->pad, to->width + 2 * trim->pad,
			      -trim->pad, -trim->pad));
	if (trim->crop[0])
		AQ_TRY(to_crop(trim, to));
	if (to->height > AQ_SIDE_MOST || to->width > AQ_SIDE_MOST)
		rc = aq_fail(AQ_EDATA,
			     "a picture of %dx%d is larger than %d a side; shrink it with --size",
			     to->height, to->width, AQ_SIDE_MOST);
done:
	return rc;
}

void aq_trim_free(struct aq_trim *trim)
{
	free(trim->room[0]);
	free(trim->room[1]);
	trim->room[0] = trim->room[1] = NULL;
	trim->bytes[0] = trim->bytes[1] = 0;
}
