/* SPDX-License-Identifier: MIT
 *
 * smooth.h - how smooth the picture of a filter is, in numbers
 *
 * A first layer that has learned looks smooth, one that has not looks like the noise it began as.
 * Two numbers say how much of either a filter is, and both are known for noise:
 *
 *	high       the share of its energy at more than a quarter of a cycle a pixel.  The spectrum
 *	           is that of the orthonormal discrete cosine transform (DCT-II, as in JPEG; Ahmed,
 *	           Natarajan and Rao, "Discrete cosine transform", 1974), which does not mind that
 *	           the right edge differs from the left one: it is the discrete Fourier transform of
 *	           the picture continued by its mirror images.  Term (v, u) of an HxW picture has
 *	           v/2H and u/2W cycles a pixel.
 *	variation  the mean difference of neighbours, |a - b|, over the root mean square of all
 *	           values: total variation (Rudin, Osher and Fatemi, 1992), whatever the filter's
 *	           size and strength.
 */
#ifndef AQ_LOOK_SMOOTH_H
#define AQ_LOOK_SMOOTH_H

#include "base/err.h"

#include <stddef.h>

enum { AQ_SMOOTH_MOST = 64 }; /* pixels a side at the most; what is larger is NaN */

struct aq_smooth {
	double high, variation;
};

/* Of one filter, planes [channels][height][width] whose energies add up.  NaN where all is 0, where
 * something is not finite, or where there is no high frequency at all (1x1). */
struct aq_smooth aq_smooth_of(const float *filter, int channels, int height, int width);

/* What independent normal weights have in the mean, exactly.  White noise has the same energy in all
 * terms, so `high` is the share of the terms that count as high.  The direction of such a filter
 * does not depend on its length, so the mean of `variation` is that of |a - b|, 2 / sqrt(pi), over
 * that of the root mean square of n of them, sqrt(2/n) gamma((n+1)/2) / gamma(n/2). */
struct aq_smooth aq_smooth_of_noise(int channels, int height, int width);

/* Between which two values 95 of 100 such filters lie, found from a thousand of them (fewer where
 * they are large), the same ones every time. */
struct aq_smooth_band {
	struct aq_smooth low, high;
};
int aq_smooth_band_of_noise(int channels, int height, int width,
			    struct aq_smooth_band *band) AQ_CHECKED;

#endif
