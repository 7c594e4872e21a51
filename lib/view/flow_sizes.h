/* SPDX-License-Identifier: MIT
 *
 * flow_sizes.h - a part of a flow: how large the numbers of each layer are, step after step
 *
 * A strip a layer, small numbers below, large ones above.  Where gradients (or weights) were
 * recorded it is a histogram a pixel; of gradients with statistics alone it shows the mean size, the
 * root of the mean square and the greatest.
 */
#ifndef AQ_VIEW_FLOW_SIZES_H
#define AQ_VIEW_FLOW_SIZES_H

#include "base/str.h"
#include "draw/page.h"
#include "run/spread.h"
#include "view/flow_maps.h"

struct aq_flow_sizes {
	enum aq_what what; /* AQ_GRAD or AQ_WEIGHTS */
	const struct aq_flow_maps *maps;
	struct aq_bins bins;       /* of the histograms: fewer than those of the maps */
	struct aq_spread *spread; /* [rows]; share is NULL where nothing was recorded */
	const float **mean, **root, **most; /* [rows], a number a bin each; NULL of weights */
	struct aq_binned binned;
	float *numbers;
	double low, high;  /* of all strips */
};

/* Has the run anything to show of that kind? */
bool aq_flow_sizes_there(const struct aq_flow_maps *maps, enum aq_what what);

int aq_flow_sizes_read(struct aq_flow_sizes *sizes, const struct aq_flow_maps *maps,
		       enum aq_what what) AQ_CHECKED;
void aq_flow_sizes_free(struct aq_flow_sizes *sizes);

/* Title, words, strips; the axis of steps begins `left` pixels from the left. */
void aq_flow_sizes_draw(const struct aq_flow_sizes *sizes, struct aq_page *page, int left,
			int right);
void aq_flow_sizes_csv(const struct aq_flow_sizes *sizes, struct aq_str *to);

#endif
