/* SPDX-License-Identifier: MIT
 *
 * shapes.h - a data set that needs no download: ten shapes, drawn from a seed
 *
 * Each picture is 32x32 in colour: one shape at a random place, size and rotation, softly lit, over
 * a textured ground with noise.  Colours are chosen without regard to the class, so only form tells
 * it.  Classes are balanced: every ten pictures in turn hold all ten.  A picture is a function of
 * seed, split and index; only exact operations are used (+ - * / and square roots), so it is the
 * same everywhere.
 */
#ifndef AQ_DATA_SHAPES_H
#define AQ_DATA_SHAPES_H

#include <stdint.h>

enum { AQ_SHAPE_SIDE = 32, AQ_SHAPE_CLASSES = 10 };

extern const char *const aq_shape_names[]; /* ended by NULL */

/* Draw picture `index` of a split into pixels [3,32,32]; returns its class. */
int aq_shape_draw(uint64_t seed, int split, uint32_t index, uint8_t *pixels);

#endif
