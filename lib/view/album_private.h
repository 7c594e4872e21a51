/* SPDX-License-Identifier: MIT
 *
 * album_private.h - planning an album, for album.c; in this order
 */
#ifndef AQ_VIEW_ALBUM_PRIVATE_H
#define AQ_VIEW_ALBUM_PRIVATE_H

#include "view/album.h"

/* Add an exhibit for weights, gradient and update of each parameter that can be had, and for each
 * layer's activation and delta of each onlooker. */
int aq_album_params(struct aq_album *album) AQ_CHECKED;
int aq_album_maps(struct aq_album *album) AQ_CHECKED;

/* Lay the exhibits out: as many frames, and figures as high, as the room allows. */
int aq_album_plan(struct aq_album *album) AQ_CHECKED;

/* The steps of the frames. */
int aq_album_steps(struct aq_album *album) AQ_CHECKED;

#endif
