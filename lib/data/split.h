/* SPDX-License-Identifier: MIT
 *
 * split.h - the three parts of a data set
 */
#ifndef AQ_DATA_SPLIT_H
#define AQ_DATA_SPLIT_H

enum aq_split { AQ_TRAIN, AQ_VAL, AQ_TEST, AQ_SPLITS };

/* "train", "val", "test": the group of a data file. */
static inline const char *aq_split_name(enum aq_split split)
{
	static const char *const names[] = { "train", "val", "test" };
	return names[split];
}

#endif
