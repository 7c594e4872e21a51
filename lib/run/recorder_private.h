/* SPDX-License-Identifier: MIT
 *
 * recorder_private.h - what recording and sealing share
 */
#ifndef AQ_RUN_RECORDER_PRIVATE_H
#define AQ_RUN_RECORDER_PRIVATE_H

#include "run/recorder.h"
#include "run/runfile.h"

struct aq_recorder {
	struct aq_making making;
	struct aq_parts parts;
	uint64_t index;               /* of the segment under way */
	uint64_t first_own;           /* from this one on, this process wrote the segments */
	struct aq_extent extent;      /* what it has */
	struct aq_h5 *file;           /* NULL between segments */
	struct aq_h5_set **set;       /* one for each column */
	struct aq_h5_set *eval[AQ_EVAL_COLUMNS];
	uint64_t most_evals;          /* rows of evaluations a segment has room for; 0: nothing to evaluate */
};

#endif
