/* SPDX-License-Identifier: MIT
 *
 * prepare.c - from the bytes of a picture to the numbers a network is fed
 */
#include "data/prepare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const mean_names[] = { "none", "channel", "image", NULL };

struct aq_prepare aq_prepare_plain(int channels, int height, int width, bool pixel_units)
{
	return (struct aq_prepare){
		.channels = channels,
		.height = height,
		.width = width,
		.scale = pixel_units ? 1 : 1.0f / 255,
		.offset = pixel_units ? 0 : -0.5f,
	};
}

int aq_prepare_size(const struct aq_prepare *p)
{
	return p->channels * p->height * p->width;
}

void aq_prepare_free(struct aq_prepare *p)
{
	free(p->mean);
	free(p->whiten);
	p->mean = p->whiten = NULL;
}

/* ---- applying -------------------------------------------------------------------------------- */

/* x (d): subtract its mean, multiply by gain / max(deviation, floor) */
static void normalize(const struct aq_prepare *p, float *x, int d)
{
	double sum = 0, squares = 0;
	for (int i = 0; i < d; i++)
		sum += (double)x[i];
	const double mean = sum / d;
	for (int i = 0; i < d; i++)
		squares += ((double)x[i] - mean) * ((double)x[i] - mean);
	const double deviation = d > 1 ? sqrt(squares / (d - 1)) : 0;
	const float m = (float)mean, factor = (float)(p->gain / fmax(deviation, p->floor));
	for (int i = 0; i < d; i++)
		x[i] = (x[i] - m) * factor;
}

void aq_prepare_contrast(const struct aq_prepare *p, const uint8_t *pixels, float *x)
{
	const int d = aq_prepare_size(p);
	for (int i = 0; i < d; i++)
		x[i] = (float)pixels[i] * p->scale + p->offset;
	if (p->mean)
		for (int i = 0; i < d; i++)
			x[i] -= p->mean[i];
	if (p->contrast)
		normalize(p, x, d);
}

enum { TOGETHER = 8, BLOCK = 512 };

/* y (n,d) = x (n,d) W (d,d), W symmetric.  As sums of rows of W: lanes lie along i and each y[i]
 * adds its terms in the order of j, whatever n is.  A block of y stays in the first cache, four
 * rows of W are added to it for one load and store. */
static void multiply(const float *w, const float *x, float *y, int n, int d)
{
	memset(y, 0, (size_t)n * (size_t)d * sizeof *y);
	for (int first = 0; first < d; first += BLOCK) {
		const int end = first + BLOCK < d ? first + BLOCK : d;
		int j = 0;
		for (; j + 4 <= d; j += 4)
			for (int k = 0; k < n; k++) {
				const float *const a = w + (size_t)j * (size_t)d, *const b = a + d,
					    *const c = b + d, *const e = c + d;
				const float *const z = x + (size_t)k * (size_t)d + j;
				float *const restrict to = y + (size_t)k * (size_t)d;
				for (int i = first; i < end; i++)
					to[i] = (((to[i] + z[0] * a[i]) + z[1] * b[i]) +
						 z[2] * c[i]) +
						z[3] * e[i];
			}
		for (; j < d; j++)
			for (int k = 0; k < n; k++)
				for (int i = first; i < end; i++)
					y[k * d + i] += x[k * d + j] *
							w[(size_t)j * (size_t)d + (size_t)i];
	}
}

void aq_prepare_apply(const struct aq_prepare *p, const uint8_t *pixels, float *x, float *scratch)
{
	if (!p->whiten) {
		aq_prepare_contrast(p, pixels, x);
		return;
	}
	aq_prepare_contrast(p, pixels, scratch);
	multiply(p->whiten, scratch, x, 1, aq_prepare_size(p));
}

void aq_prepare_apply_all(const struct aq_prepare *p, int count, const uint8_t *pixels, float *x,
			  float *scratch)
{
	const size_t d = (size_t)aq_prepare_size(p);
	for (int first = 0; first < count; first += TOGETHER) {
		const int n = count - first < TOGETHER ? count - first : TOGETHER;
		const uint8_t *from = pixels + (size_t)first * d;
		float *to = x + (size_t)first * d;
		for (int k = 0; k < n; k++)
			aq_prepare_contrast(p, from + (size_t)k * d,
					    (p->whiten ? scratch : to) + (size_t)k * d);
		if (p->whiten)
			multiply(p->whiten, scratch, to, n, (int)d);
	}
}

/* ---- in a file ------------------------------------------------------------------------------- */

int aq_prepare_write(const struct aq_prepare *p, struct aq_h5 *file)
{
	const uint64_t c = (uint64_t)p->channels, h = (uint64_t)p->height, w = (uint64_t)p->width;
	const uint64_t d = c * h * w;
	int rc;
	AQ_TRY(aq_h5_make_group(file, "/input"));
	AQ_TRY(aq_h5_set_real(file, "/input", "scale", (double)p->scale));
	AQ_TRY(aq_h5_set_real(file, "/input", "offset", (double)p->offset));
	AQ_TRY(aq_h5_set_text(file, "/input", "mean", mean_names[p->mean_kind]));
	AQ_TRY(aq_h5_set_int(file, "/input", "contrast", p->contrast));
	if (p->contrast) {
		AQ_TRY(aq_h5_set_real(file, "/input", "gain", p->gain));
		AQ_TRY(aq_h5_set_real(file, "/input", "floor", p->floor));
	}
	if (p->mean) {
		AQ_TRY(aq_h5_put(file, "/input/mean", AQ_SHAPE3(AQ_F32, c, h, w), p->mean));
		AQ_TRY(aq_h5_axes(file, "/input/mean", "channel,y,x"));
	}
	if (p->whiten)
		AQ_TRY(aq_h5_put(file, "/input/whiten", AQ_SHAPE2(AQ_F32, d, d), p->whiten));
done:
	return rc < 0 ? aq_while(rc, "while writing /input") : AQ_OK;
}

static int read_attribute(struct aq_h5 *file, const char *key, float *value)
{
	double real;
	int rc = aq_h5_attr_real(file, "/input", key, &real);
	if (rc == AQ_OK && !isfinite(real))
		rc = aq_fail(AQ_EDATA, "attribute %s of /input in %s is not finite", key,
			     aq_h5_path(file));
	if (rc == AQ_OK)
		*value = (float)real;
	return rc;
}

static int read_contrast(struct aq_prepare *p, struct aq_h5 *file)
{
	int64_t contrast;
	int rc;
	AQ_TRY(aq_h5_attr_int(file, "/input", "contrast", &contrast));
	p->contrast = contrast != 0;
	if (p->contrast) {
		AQ_TRY(aq_h5_attr_real(file, "/input", "gain", &p->gain));
		AQ_TRY(aq_h5_attr_real(file, "/input", "floor", &p->floor));
		if (!(p->gain > 0) || !(p->floor > 0) || isinf(p->gain) || isinf(p->floor))
			rc = aq_fail(AQ_EDATA,
				     "gain and floor of /input in %s must be positive numbers",
				     aq_h5_path(file));
	}
done:
	return rc;
}

static int read_mean_kind(struct aq_prepare *p, struct aq_h5 *file)
{
	char *text = NULL;
	int rc, kind = 0;
	bool there;
	AQ_TRY(aq_h5_find(file, "/input/mean", &there));
	AQ_TRY(aq_h5_attr_text(file, "/input", "mean", &text));
	while (mean_names[kind] && strcmp(text, mean_names[kind]) != 0)
		kind++;
	if (!mean_names[kind] || (kind == AQ_MEAN_NONE) == there)
		rc = aq_fail(AQ_EDATA,
			     "attribute mean of /input in %s says '%s', which its datasets do "
			     "not bear out",
			     aq_h5_path(file), text);
	p->mean_kind = (enum aq_mean)kind;
done:
	free(text);
	return rc;
}

int aq_prepare_read(struct aq_prepare *p, struct aq_h5 *file, int channels, int height, int width)
{
	const uint64_t c = (uint64_t)channels, h = (uint64_t)height, w = (uint64_t)width,
		       d = c * h * w;
	void *data = NULL;
	bool there;
	int rc;
	*p = aq_prepare_plain(channels, height, width, false);
	AQ_TRY(read_attribute(file, "scale", &p->scale));
	AQ_TRY(read_attribute(file, "offset", &p->offset));
	AQ_TRY(read_mean_kind(p, file));
	AQ_TRY(read_contrast(p, file));
	if (p->mean_kind != AQ_MEAN_NONE) {
		struct aq_h5_shape shape = AQ_SHAPE3(AQ_F32, c, h, w);
		AQ_TRY(aq_h5_get(file, "/input/mean", &shape, &data));
		p->mean = data;
	}
	AQ_TRY(aq_h5_find(file, "/input/whiten", &there));
	if (there) {
		struct aq_h5_shape shape = AQ_SHAPE2(AQ_F32, d, d);
		AQ_TRY(aq_h5_get(file, "/input/whiten", &shape, &data));
		p->whiten = data;
	}
done:
	if (rc < 0)
		aq_prepare_free(p);
	return rc < 0 ? aq_while(rc, "while reading /input of %s", aq_h5_path(file)) : AQ_OK;
}
