/* SPDX-License-Identifier: MIT
 *
 * resize.h - pictures made larger or smaller without jagged edges
 *
 * Separable: each output pixel is a weighted mean of the input pixels under a triangle as wide as
 * two output pixels (or two input pixels where the picture grows: then it is linear interpolation).
 * Pixel centres lie at half integers; at the border the weights inside are scaled up to sum to one.
 */
#ifndef AQ_DATA_RESIZE_H
#define AQ_DATA_RESIZE_H

#include "base/err.h"

#include <stdint.h>

/* from [c,h,w] -> to [c,height,width]; the value is rounded to the nearest byte. */
int aq_resize(const uint8_t *from, int channels, int h, int w, uint8_t *to, int height,
	      int width) AQ_CHECKED;

#endif
