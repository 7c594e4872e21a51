/* SPDX-License-Identifier: MIT
 *
 * patch.h - a piece of a map, enlarged, with one of its cells marked
 */
#ifndef AQ_VIEW_PATCH_H
#define AQ_VIEW_PATCH_H

#include "draw/canvas.h"
#include "draw/tile.h"
#include "look/field.h"
#include "view/tensor.h"

struct aq_patch {
	const struct aq_tensor *tensor; /* one group of maps */
	int map;			/* which one; looked at where the tensor is not in colour */
	struct aq_shade shade;
	struct aq_field field; /* what of it; what lies outside is drawn pale */
	bool marked;
	int64_t mark_y, mark_x; /* the cell that is framed */
};

/* Drawn as large as fits into the square of `side` pixels at (x, y), in its middle. */
void aq_patch_draw(struct aq_canvas *canvas, int x, int y, int side, const struct aq_patch *patch);

#endif
