/* SPDX-License-Identifier: MIT
 *
 * fit.h - the preparation that a training set asks for: its mean, contrast, whitening
 *
 * All of it in the order of prepare.h, each fitted on what the steps before it give.  The number of
 * threads does not change a bit of the results.
 */
#ifndef AQ_DATA_FIT_H
#define AQ_DATA_FIT_H

#include "base/err.h"
#include "base/threads.h"
#include "data/prepare.h"

#include <stdint.h>

/* The most numbers a picture may have to be whitened: d*d numbers are stored, d^3 work is done. */
enum { AQ_WHITEN_MOST = 3 * 64 * 64 };

/* mean of x0, from `sums` [c,y,x] of the pixels of `count` pictures: exact up to the last division.
 * AQ_MEAN_CHANNEL: the mean over a channel's places too. */
int aq_fit_mean(struct aq_prepare *prepare, enum aq_mean kind, const uint64_t *sums,
		uint64_t count) AQ_CHECKED;

/* gain = mean over the pictures of the deviation s of x1; floor = 40. */
int aq_fit_contrast(struct aq_prepare *prepare, const uint8_t *pixels, uint64_t count) AQ_CHECKED;

/* ZCA with a floor: C = sum over the pictures of x2 x2' / count = V diag(l) V',
 *	W = V diag(e / max(sqrt(l), 10)) V',  e = sqrt(mean of l)
 * so that the norm of a picture is kept roughly, and weak directions are not blown up. */
int aq_fit_whiten(struct aq_prepare *prepare, const uint8_t *pixels, uint64_t count,
		  struct aq_pool *pool) AQ_CHECKED;

#endif
