/* SPDX-License-Identifier: MIT
 *
 * quadtree.h - points of a plane in a tree of squares, for forces that fade with distance (Barnes
 * and Hut, 1986)
 */
#ifndef AQ_LOOK_QUADTREE_H
#define AQ_LOOK_QUADTREE_H

#include "base/err.h"

struct aq_quadtree;

/* For up to `most` points. */
int aq_quadtree_new(struct aq_quadtree **tree, int most) AQ_CHECKED;
void aq_quadtree_free(struct aq_quadtree *tree);

/* Sort y [count][2] into it; the points must stand still while it is used. */
void aq_quadtree_build(struct aq_quadtree *tree, const double *y, int count);

/* On point i: force [2] = sum_j q^2 (y_i - y_j), and the sum of all q = 1 / (1 + |y_i - y_j|^2),
 * which is returned.  A square counts as one point where its side is less than theta times its
 * distance. */
double aq_quadtree_repel(const struct aq_quadtree *tree, int i, double theta, double *force);

#endif
