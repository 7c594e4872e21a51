/* SPDX-License-Identifier: MIT
 *
 * diff.h - the first step and tensor at which two runs part
 */
#ifndef AQ_RUN_DIFF_H
#define AQ_RUN_DIFF_H

#include "base/str.h"
#include "run/replay.h"

/* Compare two runs, open with data or without.  Networks, options and data sets that differ are
 * said in `words`, a line each.  Then everything both have recorded is compared, the CRC log of the
 * weights first; the first step that differs is looked at from its beginning: the weights it
 * started from, then its gradient, its stages, its update.  Values that were not recorded are
 * computed again, where data are given. AQ_EDIFFER with the place told when something differs;
 * AQ_OK when all that both have is equal. */
int aq_diff(struct aq_replay *a, struct aq_replay *b, struct aq_str *words) AQ_CHECKED;

#endif
