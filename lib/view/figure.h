/* SPDX-License-Identifier: MIT
 *
 * figure.h - one tensor as a labelled grid of tiles with its colour bar
 *
 *	grad  mean over the batch                       min −0.0021   max 0.0034
 *	[tiles ...]
 *	[colour bar]
 *
 * A figure is planned for a width, which gives its height, and then drawn in a box of that size.
 */
#ifndef AQ_VIEW_FIGURE_H
#define AQ_VIEW_FIGURE_H

#include "draw/canvas.h"
#include "draw/tile.h"
#include "view/tensor.h"

struct aq_figure {
	const char *label, *note; /* bold, and soft beside it; or NULL */
	const struct aq_tensor *tensor;
	enum aq_scale scale;
	struct aq_range range;	     /* for the scales layer and global; {0}: the tensor's own */
	int zoom;	 /* pixels a value; 0: the largest at which all tiles fit, within reason */
	int most_height; /* of the tiles, in pixels; 0: no limit */

	/* planned */
	struct aq_tiles tiles;
	struct aq_range own;
	int shown_groups, shown_maps; /* of a matrix: rows, columns; of a strip: 1, numbers */
	float *picked;		      /* the tiles that are shown, where these are not all */
	bool bar_beside;	      /* the colour bar stands right of a strip, else below */
	int width, height;
	int wide;		      /* what tiles and bar take of the width */
};

/* Tiles that find no room even when they are small are left out, and the figure says so. */
int aq_figure_plan(struct aq_figure *figure, int width) AQ_CHECKED;

/* After the numbers of the tensor changed (the next frame of a film). */
void aq_figure_renew(struct aq_figure *figure);

void aq_figure_draw(const struct aq_figure *figure, struct aq_canvas *canvas, int x, int y);
/* Is something left out?  Then the words that say it. */
bool aq_figure_cut(const struct aq_figure *figure, char text[128]);

void aq_figure_free(struct aq_figure *figure);

#endif
