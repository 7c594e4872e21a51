/* SPDX-License-Identifier: MIT
 *
 * snap_tiles.h - /tiles of a snap: weights and gradients as HDF5 images, for viewers such as
 * HDFView
 */
#ifndef AQ_VIEW_SNAP_TILES_H
#define AQ_VIEW_SNAP_TILES_H

#include "run/replay.h"

/* Write /tiles/weights/LAYER and /tiles/grad/LAYER, u8 [y,x,3], of the step that the replay has
 * just taken (HDF5 Image and Palette specification 1.2). */
int aq_view_snap_tiles(struct aq_h5 *file, const struct aq_replay *replay) AQ_CHECKED;

#endif
