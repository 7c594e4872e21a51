/* SPDX-License-Identifier: MIT
 *
 * flow_maps.h - what the heat maps of a run are drawn from: rows, bins, scales and words
 */
#ifndef AQ_VIEW_FLOW_MAPS_H
#define AQ_VIEW_FLOW_MAPS_H

#include "draw/heat.h"
#include "run/bins.h"

enum { AQ_FLOW_MAPS = 4 };

struct aq_flow_map {
	enum aq_stat stat;
	const char *title, *words;
};
extern const struct aq_flow_map aq_flow_map[AQ_FLOW_MAPS];

/* A row for each layer that has the parameter, if its statistics were recorded. */
struct aq_flow_maps {
	struct aq_run *run; /* borrowed */
	struct aq_bins bins;
	int rows;
	char **names;			  /* [rows] */
	const struct aq_column **columns; /* [AQ_FLOW_MAPS][rows], then the loss */
	struct aq_binned binned;	  /* of those */
	uint64_t every;			  /* steps a row of the statistics */
};

/* Rows of "weight" or "bias" statistics that the run has; too many for a picture are AQ_EUSAGE. */
int aq_flow_rows(const struct aq_run *run, const char *param, int *rows) AQ_CHECKED;

/* AQ_EUSAGE where there are none. */
int aq_flow_read(struct aq_flow_maps *maps, struct aq_run *run, const char *param, int pixels,
		 bool log) AQ_CHECKED;
void aq_flow_free(struct aq_flow_maps *maps);

/* Where the numbers of bin k of row r of map m stand in `binned`; the loss is row 0 of map
 * AQ_FLOW_MAPS. */
size_t aq_flow_at(const struct aq_flow_maps *maps, int m, int r, int k);

/* How the numbers of map m become colours, for this run. */
struct aq_heat_scale aq_flow_scale(const struct aq_flow_maps *maps, int m);

/* Row r of map m as pixels: the mean, the least and the greatest of each.  A bin with a number that
 * is not finite is drawn as that, unless it is a gap. */
void aq_flow_spread(const struct aq_flow_maps *maps, int m, int r, bool gaps, float *mean, float *low,
		    float *high);

#endif
