/* SPDX-License-Identifier: MIT
 *
 * parts.h - X.run.h5.part/: the files of a run that is not finished
 *
 *	run.h5          /net, /options, and a virtual dataset for every column over all segments
 *	segment-N.h5    the rows of `length` steps from step N * length; /checkpoint/S with the state before its
 *	                first step and the state before the step that follows its last row; attributes
 *	                first_step, steps (rows that are there), evals
 *	lock            held by the trainer at work
 *
 * A segment is published whole when it is full, when the run is stopped, and on demand; until then it is
 * a temporary.  The first segment that is not full is where --resume goes on.
 */
#ifndef AQ_RUN_PARTS_H
#define AQ_RUN_PARTS_H

#include "io/h5.h"
#include "run/record.h"

#include <stdint.h>

struct aq_parts {
	char *folder;
	int lock;             /* what is locked, as a descriptor, or -1 */
	bool made;            /* the folder was not there before */
	uint64_t length;      /* steps a segment */
};

/* "X.run.h5.part" of `out`, to be freed; NULL with the story told. */
char *aq_parts_folder(const char *out) AQ_CHECKED;

/* The name of segment `index`, written to `name`. */
enum { AQ_PATH_MOST = 4096 };
void aq_parts_segment(const struct aq_parts *parts, uint64_t index, char name[AQ_PATH_MOST]);

/* Make the folder if needed and lock it; AQ_ECREATE when another trainer holds the lock: on any machine where the
 * file system has locks, else on this one. */
int aq_parts_enter(struct aq_parts *parts, const char *folder, uint64_t length) AQ_CHECKED;
void aq_parts_leave(struct aq_parts *parts);

/* Remove what aquatint puts into such a folder, and the folder; the caller holds its lock. */
int aq_parts_remove(const char *folder) AQ_CHECKED;

/* The same for a folder that nobody is at work in, if it is there; AQ_ECREATE when somebody is. */
int aq_parts_discard(const char *folder) AQ_CHECKED;

/* Rows of a column in a chunk, so that chunks fill a segment evenly, and memory is bounded. */
uint64_t aq_parts_chunk(const struct aq_parts *parts, const struct aq_record *record,
			const struct aq_column *column);

/* Segments are a multiple of every sparse record's interval: `wanted` steps rounded up to that. */
uint64_t aq_parts_length(uint64_t wanted, const struct aq_record *record);

/* How far a segment got. */
struct aq_extent {
	uint64_t first_step, steps, evals;
};
int aq_parts_extent(struct aq_h5 *segment, struct aq_extent *extent) AQ_CHECKED;

#endif
