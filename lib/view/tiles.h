/* SPDX-License-Identifier: MIT
 *
 * tiles.h - one tensor of a layer as a montage
 */
#ifndef AQ_VIEW_TILES_H
#define AQ_VIEW_TILES_H

#include "draw/tile.h"
#include "view/credit.h"
#include "view/tensor.h"

struct aq_tiles_args {
	const char *file, *layer, *param;
	enum aq_of of;
	enum aq_view view;
	enum aq_scale scale;
	int zoom;
	int64_t step;	 /* of a run; AQ_LAST_RECORDED */
	int64_t example; /* of a snap */
};

int aq_tiles_page(const struct aq_tiles_args *args, const struct aq_drawing *drawing) AQ_CHECKED;

#endif
