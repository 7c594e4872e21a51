/* SPDX-License-Identifier: MIT
 *
 * trim.h - how pictures are made alike: colour, size, border, crop, in this order
 */
#ifndef AQ_DATA_TRIM_H
#define AQ_DATA_TRIM_H

#include "base/err.h"
#include "data/source.h"

#include <stdbool.h>

struct aq_trim {
	bool gray, rgb;  /* one channel (0.299 R + 0.587 G + 0.114 B), or three */
	int size[2];     /* resize to height, width; 0 for as it is */
	int pad;         /* black pixels added on each side */
	int crop[2];     /* the middle height, width; 0 for all */
	/* Room for the steps between; freed by aq_trim_free(). */
	uint8_t *room[2];
	size_t bytes[2];
};

enum { AQ_SIDE_MOST = 4096 }; /* of a picture in a data file */

/* What contradicts itself is AQ_EUSAGE. */
int aq_trim_check(const struct aq_trim *trim) AQ_CHECKED;

/* `to` is `from` itself or lies in the trim's room until the next call. */
int aq_trim_apply(struct aq_trim *trim, const struct aq_planes *from,
		  struct aq_planes *to) AQ_CHECKED;

void aq_trim_free(struct aq_trim *trim);

#endif
