/* SPDX-License-Identifier: MIT
 *
 * difference.c - the finite difference of a tensor's picture
 */
#include "look/difference.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

const char *const aq_view_words[] = { "plain", "dx", "dy", "mag", NULL };

/* Along one line of `count` values, `step` elements apart. */
static float slope(const float *line, int count, ptrdiff_t step, int at)
{
	const int before = at > 0 ? at - 1 : 0, after = at < count - 1 ? at + 1 : count - 1;
	if (after == before)
		return 0;
	return (line[after * step] - line[before * step]) / (float)(after - before);
}

void aq_difference(enum aq_view view, int height, int width, const float *in, float *out)
{
	if (view == AQ_VIEW_PLAIN) {
		memcpy(out, in, (size_t)height * (size_t)width * sizeof *out);
		return;
	}
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++) {
			const float dx = slope(in + (ptrdiff_t)y * width, width, 1, x);
			const float dy = slope(in + x, height, width, y);
			out[(ptrdiff_t)y * width + x] = view == AQ_VIEW_DX ? dx :
							view == AQ_VIEW_DY ? dy : hypotf(dx, dy);
		}
}
