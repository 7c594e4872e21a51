/* SPDX-License-Identifier: MIT
 *
 * views.h - the two things that are called the gradient of a filter, side by side
 *
 * The weights, the gradient of the loss with respect to them, and how the picture of the weights
 * changes from pixel to pixel: along x, along y, how fast, and which way.
 */
#ifndef AQ_VIEW_VIEWS_H
#define AQ_VIEW_VIEWS_H

#include "view/tiles.h"

/* `args->view` is not looked at; `args->of` is what the differences are of.  The gradient beside
 * the weights is `of` where that is a gradient, else grad, where the file has it. */
int aq_views_page(const struct aq_tiles_args *args, const struct aq_drawing *drawing) AQ_CHECKED;

#endif
