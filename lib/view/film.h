/* SPDX-License-Identifier: MIT
 *
 * film.h - a layer's weights, gradient and update side by side over the steps of a run, as an
 * animated PNG
 */
#ifndef AQ_VIEW_FILM_H
#define AQ_VIEW_FILM_H

#include "draw/tile.h"
#include "view/credit.h"
#include "view/tensor.h"

enum { AQ_FILM_MOST = 5 };

struct aq_film_args {
	const char *run, *data; /* data: NULL unless something must be computed again */
	const char *layer, *param;
	enum aq_of of[AQ_FILM_MOST];
	int ofs;
	int filter;	     /* one output alone; -1 for all */
	int64_t from, to;    /* steps, to included; to -1 is the last */
	int64_t frames;	     /* at the most */
	double rate;	     /* frames a second */
	bool log;	     /* dense at the beginning */
	enum aq_scale scale; /* its range is fixed over the film */
	int threads;
};

/* "grad,weights,update" */
int aq_film_parse_ofs(struct aq_film_args *args, const char *text) AQ_CHECKED;

int aq_film_draw(const struct aq_film_args *args, const struct aq_drawing *drawing) AQ_CHECKED;

#endif
