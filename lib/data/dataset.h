/* SPDX-License-Identifier: MIT
 *
 * dataset.h - a data file opened: pictures as they are stored, and as a network is to see them
 *
 * Pictures stay in memory as the bytes of the file, and become numbers when a batch is made; with
 * contrast normalisation or whitening, whose cost is large, they become numbers once, when opened.
 */
#ifndef AQ_DATA_DATASET_H
#define AQ_DATA_DATASET_H

#include "base/err.h"
#include "base/threads.h"
#include "data/prepare.h"
#include "data/split.h"

#include <stdbool.h>
#include <stdint.h>

struct aq_examples {
	int64_t count;	 /* 0 where the file has no such split */
	uint8_t *pixels; /* [count][c][y][x] */
	int32_t *label;	 /* [count] */
	float *cooked;	 /* [count][c][y][x] prepared, or NULL: prepare as you go */
};

struct aq_dataset {
	int c, y, x;
	int classes;
	char **class_name;
	struct aq_examples split[AQ_SPLITS];
	struct aq_prepare prepare;
	uint32_t digest; /* of the whole file's contents */
	char *path;
};

/* AQ_EDATA where the file is not a sound data set (labels out of range, no training pictures, ...).
 */
int aq_dataset_open(struct aq_dataset **data, const char *path, struct aq_pool *pool) AQ_CHECKED;
void aq_dataset_free(struct aq_dataset *data);

/* Numbers in a picture. */
static inline int64_t aq_dataset_width(const struct aq_dataset *data)
{
	return (int64_t)data->c * data->y * data->x;
}

/* Bytes of the pictures and labels in memory. */
size_t aq_dataset_bytes(const struct aq_dataset *data);

/* "train:12" or "test:0-15": a split and a range of examples; AQ_EUSAGE when it is not there. */
int aq_dataset_range(const struct aq_dataset *data, const char *text, enum aq_split *split,
		     int64_t *first, int64_t *last) AQ_CHECKED;

#endif
