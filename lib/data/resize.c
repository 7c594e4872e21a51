/* SPDX-License-Identifier: MIT
 *
 * resize.c - pictures made larger or smaller without jagged edges
 */
#include "data/resize.h"

#include <math.h>
#include <stdlib.h>

/* Weights along one axis: output i is the sum over k of weight[i * most + k] * input[first[i] +
 * k]. */
struct axis {
	int most; /* weights an output has, unused ones being 0 */
	int *first;
	float *weight;
};

static void axis_free(struct axis *axis)
{
	free(axis->first);
	free(axis->weight);
}

static int axis_plan(struct axis *axis, int in, int out)
{
	const double step = (double)in / out, reach = fmax(step, 1);
	axis->most = (int)(2 * reach) + 2 < in ? (int)(2 * reach) + 2 : in;
	axis->first = calloc((size_t)out, sizeof *axis->first);
	axis->weight = calloc((size_t)out * (size_t)axis->most, sizeof *axis->weight);
	if (!axis->first || !axis->weight)
		return aq_fail(AQ_ENOMEM, "out of memory resizing a picture");
	for (int i = 0; i < out; i++) {
		const double centre = (i + 0.5) * step - 0.5; /* in input pixels */
		float *const weight = axis->weight + (size_t)i * (size_t)axis->most;
		int first = (int)ceil(centre - reach);
		double sum = 0;
		first = first < 0 ? 0 : first + axis->most > in ? in - axis->most : first;
		axis->first[i] = first;
		for (int k = 0; k < axis->most; k++)
			sum += fmax(0, 1 - fabs(first + k - centre) / reach);
		for (int k = 0; k < axis->most; k++)
			weight[k] = (float)(fmax(0, 1 - fabs(first + k - centre) / reach) / sum);
	}
	return AQ_OK;
}

/* from (h,w) -> between (h,width) -> to (height,width) */
static void resize_plane(const uint8_t *from, int h, int w, float *between, uint8_t *to, int height,
			 int width, const struct axis *across, const struct axis *down)
{
	for (int y = 0; y < h; y++)
		for (int x = 0; x < width; x++) {
			const uint8_t *at = from + (size_t)y * (size_t)w + across->first[x];
			const float *weight = across->weight + (size_t)x * (size_t)across->most;
			float sum = 0;
			for (int k = 0; k < across->most; k++)
				sum += weight[k] * (float)at[k];
			between[(size_t)y * (size_t)width + (size_t)x] = sum;
		}
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++) {
			const float *at = between + (size_t)down->first[y] * (size_t)width + x;
			const float *weight = down->weight + (size_t)y * (size_t)down->most;
			float sum = 0.5f;
			for (int k = 0; k < down->most; k++)
				sum += weight[k] * at[(size_t)k * (size_t)width];
			to[(size_t)y * (size_t)width + (size_t)x] = (uint8_t)(sum < 255 ? sum :
											  255);
		}
}

int aq_resize(const uint8_t *from, int channels, int h, int w, uint8_t *to, int height, int width)
{
	struct axis across = { 0 }, down = { 0 };
	float *between = NULL;
	int rc;
	AQ_TRY(axis_plan(&across, w, width));
	AQ_TRY(axis_plan(&down, h, height));
	between = malloc((size_t)h * (size_t)width * sizeof *between);
	if (!between) {
		rc = aq_fail(AQ_ENOMEM, "out of memory resizing a picture");
		goto done;
	}
	for (size_t c = 0; c < (size_t)channels; c++)
		resize_plane(from + c * (size_t)h * (size_t)w, h, w, between,
			     to + c * (size_t)height * (size_t)width, height, width, &across,
			     &down);
done:
	axis_free(&across);
	axis_free(&down);
	free(between);
	return rc;
}
