/* SPDX-License-Identifier: MIT
 *
 * prepare.h - from the bytes of a picture to the numbers a network is fed
 *
 * A data file keeps pictures as they are and, in its group /input, what to do with them.  In this
 * order:
 *
 *	x0 = pixel * scale + offset        pixel 0 .. 255
 *	x1 = x0 - mean                     if there is a mean
 *	x2 = (x1 - m) * gain / max(s, 40)  if there is contrast: m and s are this picture's own
 *	                                   mean and deviation (divisor d - 1) over all its numbers
 *	x3 = W x2                          if there is whitening: W [d,d], symmetric
 *
 * Usually scale = 1/255, offset = -0.5, as ConvNetJS has it.  With contrast or whitening, whose
 * constants are in units of pixels, scale = 1 and offset = 0.  `gain` is the mean of s over the
 * training pictures.
 *
 * Formulas and constants (40, and 10 in fit.h) are those of MatConvNet's
 * examples/cifar/cnn_cifar.m, but everything is fitted on the training pictures alone and divided
 * by their own number (it takes the deviations of the test pictures into `gain`, and divides 50000
 * products by 60000).
 *
 * In the file: attributes scale, offset, mean ("none", "channel", "image"), contrast (0 or 1),
 * gain, floor of /input; datasets /input/mean f32 [c,y,x] and /input/whiten f32 [d,d] where they
 * are used.
 */
#ifndef AQ_DATA_PREPARE_H
#define AQ_DATA_PREPARE_H

#include "base/err.h"
#include "io/h5.h"

#include <stdbool.h>
#include <stdint.h>

enum aq_mean { AQ_MEAN_NONE, AQ_MEAN_CHANNEL, AQ_MEAN_IMAGE };

struct aq_prepare {
	int channels, height, width; /* d = channels * height * width */
	float scale, offset;
	enum aq_mean mean_kind;
	float *mean; /* [c,y,x], also where it is the same all over a channel; NULL for none */
	bool contrast;
	double gain, floor;
	float *whiten; /* [d,d] or NULL */
};

/* The plain preparation: x = pixel/255 - 0.5, or pixel units. */
struct aq_prepare aq_prepare_plain(int channels, int height, int width, bool pixel_units);

/* Numbers of one picture. */
int aq_prepare_size(const struct aq_prepare *prepare);

/* One picture [c,y,x] to x [c,y,x].  `scratch`: aq_prepare_size() floats, used for whitening
 * alone. */
void aq_prepare_apply(const struct aq_prepare *prepare, const uint8_t *pixels, float *x,
		      float *scratch);

/* The same for `count` pictures that lie dense; whitening reads W once for several pictures and is
 * some times faster so, with the same bits.  `scratch`: 8 * aq_prepare_size() floats. */
void aq_prepare_apply_all(const struct aq_prepare *prepare, int count, const uint8_t *pixels,
			  float *x, float *scratch);

/* x0 .. x2 alone: what whitening is fitted on. */
void aq_prepare_contrast(const struct aq_prepare *prepare, const uint8_t *pixels, float *x);

int aq_prepare_write(const struct aq_prepare *prepare, struct aq_h5 *file) AQ_CHECKED;

/* Read /input of a data file whose pictures have this size; what does not fit is AQ_EDATA. */
int aq_prepare_read(struct aq_prepare *prepare, struct aq_h5 *file, int channels, int height,
		    int width) AQ_CHECKED;

void aq_prepare_free(struct aq_prepare *prepare);

#endif
