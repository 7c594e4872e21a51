/* SPDX-License-Identifier: MIT
 *
 * difference.c - finite differences of pictures
 */
#include "look/difference.h"

#include <math.h>
#include <string.h>

const char *const aq_view_words[] = { "plain", "dx", "dy", "mag", NULL };

const char *aq_view_caption(enum aq_view view)
{
	static const char *const captions[] = {
		"",
		"finite difference along x, per pixel",
		"finite difference along y, per pixel",
		"magnitude of the finite differences along x and y, per pixel",
	};
	return captions[view];
}

/* The difference at place `at` of `length` values that lie `step` apart. */
static float slope(const float *in, int at, int length, size_t step)
{
	const int before = at > 0 ? at - 1 : 0, behind = at < length - 1 ? at + 1 : length - 1;
	if (behind == before)
		return 0;
	return (in[(size_t)behind * step] - in[(size_t)before * step]) / (float)(behind - before);
}

/* out (y, x)   in (y, x) */
static void plane(enum aq_view view, float *out, const float *in, int height, int width)
{
	const size_t row = (size_t)width;
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++) {
			const float dx =
				view == AQ_VIEW_DY ? 0 : slope(in + (size_t)y * row, x, width, 1);
			const float dy = view == AQ_VIEW_DX ? 0 : slope(in + x, y, height, row);
			out[(size_t)y * row + (size_t)x] = view == AQ_VIEW_DX	? dx
							   : view == AQ_VIEW_DY ? dy
										: hypotf(dx, dy);
		}
}

void aq_difference(enum aq_view view, float *out, const float *in, size_t count, int height,
		   int width)
{
	const size_t size = (size_t)height * (size_t)width;
	if (view == AQ_VIEW_PLAIN) {
		memcpy(out, in, count * size * sizeof *out);
		return;
	}
	for (size_t i = 0; i < count; i++)
		plane(view, out + i * size, in + i * size, height, width);
}
