/* SPDX-License-Identifier: MIT
 *
 * describe.h - what a file of ours is, in words or as JSON
 */
#ifndef AQ_RUN_DESCRIBE_H
#define AQ_RUN_DESCRIBE_H

#include "base/str.h"

#include <stdbool.h>

/* Add the description of the file (or the folder of a live run) at `path`: lines, or one JSON
 * object. */
int aq_describe(const char *path, bool json, struct aq_str *to) AQ_CHECKED;

/* Add the table of its layers as CSV; AQ_EUSAGE where there is no network in it. */
int aq_describe_layers(const char *path, struct aq_str *to) AQ_CHECKED;

#endif
