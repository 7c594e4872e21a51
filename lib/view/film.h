/* SPDX-License-Identifier: MIT
 *
 * film.h - a layer's weights, gradient, update and solver state side by side over the steps of a
 * run, as an animated PNG or as numbered pictures
 */
#ifndef AQ_VIEW_FILM_H
#define AQ_VIEW_FILM_H

#include "draw/tile.h"
#include "view/credit.h"
#include "view/reel.h"

struct aq_film_args {
	struct aq_reel_args reel;
	int filter;	     /* one output alone; -1 for all */
	double rate;	     /* frames a second */
	enum aq_scale scale; /* its range is fixed over the film */
};

int aq_film_draw(const struct aq_film_args *args, const struct aq_drawing *drawing) AQ_CHECKED;

#endif
