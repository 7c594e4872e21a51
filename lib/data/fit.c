/* SPDX-License-Identifier: MIT
 *
 * fit.c - the preparation that a training set asks for
 */
#include "data/fit.h"

#include "base/log.h"
#include "num/eigen.h"
#include "num/gram.h"

#include <math.h>
#include <stdlib.h>

int aq_fit_mean(struct aq_prepare *p, enum aq_mean kind, const uint64_t *sums, uint64_t count)
{
	const size_t d = (size_t)aq_prepare_size(p), plane = (size_t)p->height * (size_t)p->width;
	p->mean = malloc(d * sizeof *p->mean);
	if (!p->mean)
		return aq_fail(AQ_ENOMEM, "out of memory");
	p->mean_kind = kind;
	for (size_t from = 0; from < d; from += plane) {
		uint64_t all = 0;
		for (size_t i = from; i < from + plane; i++)
			all += sums[i];
		const double channel = (double)all / (double)count / (double)plane;
		for (size_t i = from; i < from + plane; i++) {
			double pixel = channel;
			if (kind == AQ_MEAN_IMAGE)
				pixel = (double)sums[i] / (double)count;
			p->mean[i] = (float)(pixel * (double)p->scale + (double)p->offset);
		}
	}
	return AQ_OK;
}

static double deviation(const float *x, size_t d)
{
	double sum = 0, squares = 0;
	for (size_t i = 0; i < d; i++)
		sum += (double)x[i];
	for (size_t i = 0; i < d; i++)
		squares += ((double)x[i] - sum / (double)d) * ((double)x[i] - sum / (double)d);
	return d > 1 ? sqrt(squares / (double)(d - 1)) : 0;
}

int aq_fit_contrast(struct aq_prepare *p, const uint8_t *pixels, uint64_t count)
{
	static const double lowest = 40; /* of a deviation divided by, in pixels */
	const size_t d = (size_t)aq_prepare_size(p);
	double sum = 0;
	float *x = malloc(d * sizeof *x);
	if (!x)
		return aq_fail(AQ_ENOMEM, "out of memory");
	p->contrast = false;
	for (uint64_t n = 0; n < count; n++) {
		aq_prepare_contrast(p, pixels + n * d, x);
		sum += deviation(x, d);
		aq_progress("contrasts", n, count);
	}
	free(x);
	if (!(sum > 0))
		return aq_fail(AQ_EDATA,
			       "all training pictures are plain areas: there is no contrast to "
			       "normalise; leave --contrast out");
	p->contrast = true;
	p->gain = sum / (double)count;
	p->floor = lowest;
	return AQ_OK;
}

/* ---- whitening ------------------------------------------------------------------------------- */

enum { BAND = 128 }; /* pictures whose products are added at a time */

struct band {
	const struct aq_prepare *prepare;
	const uint8_t *pixels;
	size_t d;
	float *x;  /* [BAND][d] */
	double *z; /* [BAND][d] */
};

static void prepare_one(void *self, int item, int worker)
{
	const struct band *band = self;
	(void)worker;
	const size_t d = band->d, at = (size_t)item * d;
	aq_prepare_contrast(band->prepare, band->pixels + at, band->x + at);
	for (size_t i = 0; i < d; i++)
		band->z[at + i] = (double)band->x[at + i];
}

/* c (d,d) = sum of x2 x2' / count */
static int covariance(const struct aq_prepare *p, const uint8_t *pixels, uint64_t count,
		      struct aq_pool *pool, double *c)
{
	const size_t d = (size_t)aq_prepare_size(p);
	struct band band = { .prepare = p, .d = d };
	int rc = AQ_OK;
	band.x = malloc(BAND * d * sizeof *band.x);
	band.z = malloc(BAND * d * sizeof *band.z);
	if (!band.x || !band.z) {
		rc = aq_fail(AQ_ENOMEM, "out of memory");
		goto done;
	}
	for (uint64_t n = 0; n < count; n += BAND) {
		const int k = count - n < BAND ? (int)(count - n) : BAND;
		band.pixels = pixels + n * d;
		aq_pool_run(pool, k, prepare_one, &band);
		AQ_TRY(aq_gram(pool, k, (int)d, band.z, c));
		aq_progress("covariances", n, count);
	}
	aq_gram_mirror(pool, (int)d, c);
	for (size_t i = 0; i < d * d; i++)
		c[i] /= (double)count;
done:
	free(band.x);
	free(band.z);
	return rc;
}

/* W = e/10 - sum over the eigenvectors v whose l > 10*10 of v v' (e/10 - e/sqrt(l)): the others
 * have all the same factor and need not be known.  `c` is destroyed and becomes W. */
static int whiten_matrix(double *c, int d, double floor_, struct aq_pool *pool)
{
	const size_t width = (size_t)d;
	double trace = 0;
	int strong = 0, rc;
	double *values = malloc(width * sizeof *values),
	       *vectors = malloc(width * width * sizeof *vectors);
	if (!values || !vectors) {
		rc = aq_fail(AQ_ENOMEM, "out of memory for whitening");
		goto done;
	}
	for (size_t i = 0; i < width; i++)
		trace += c[i * width + i];
	const double norm = sqrt(trace / d), weak = norm / floor_;
	aq_log(AQ_INFO, "whitening: eigenvectors of a matrix of %d x %d", d, d);
	AQ_TRY(aq_eigen(pool, d, c, floor_ * floor_, values, vectors, &strong));
	aq_log(AQ_DEBUG, "whitening: %d of %d directions are strong", strong, d);
	for (size_t i = 0; i < (size_t)strong; i++)
		for (size_t j = 0; j < width; j++)
			vectors[i * width + j] *= sqrt(weak - norm / sqrt(values[i]));
	for (size_t i = 0; i < width * width; i++)
		c[i] = 0;
	for (int from = 0; from < strong; from += BAND)
		AQ_TRY(aq_gram(pool, strong - from < BAND ? strong - from : BAND, d,
			       vectors + (size_t)from * width, c));
	aq_gram_mirror(pool, d, c);
	for (size_t i = 0; i < width * width; i++)
		c[i] = (i % (width + 1) ? 0 : weak) - c[i];
done:
	free(values);
	free(vectors);
	return rc;
}

int aq_fit_whiten(struct aq_prepare *p, const uint8_t *pixels, uint64_t count, struct aq_pool *pool)
{
	static const double lowest = 10; /* of a deviation divided by, in pixels */
	const int d = aq_prepare_size(p);
	const size_t all = (size_t)d * (size_t)d;
	int rc;
	double *c = calloc(all, sizeof *c);
	if (!c)
		return aq_fail(AQ_ENOMEM, "out of memory for whitening pictures of %d numbers", d);
	AQ_TRY(covariance(p, pixels, count, pool, c));
	AQ_TRY(whiten_matrix(c, d, lowest, pool));
	p->whiten = malloc(all * sizeof *p->whiten);
	if (!p->whiten) {
		rc = aq_fail(AQ_ENOMEM, "out of memory for whitening pictures of %d numbers", d);
		goto done;
	}
	for (size_t i = 0; i < all; i++)
		p->whiten[i] = (float)c[i];
done:
	free(c);
	return rc;
}
