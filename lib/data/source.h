/* SPDX-License-Identifier: MIT
 *
 * source.h - where pictures come from: files of several kinds, folders, a drawing hand
 *
 * A source is opened from the names on the command line.  What a file is, its contents tell; names
 * only tell apart training and test pictures ("test" or "t10k" in the file's name) and classes
 * (folders).  Then it is read once, in order, every picture handed to a sink.
 *
 *	IDX      pairs of pictures and labels, by name (images-idx3, labels-idx1) or by counts
 *	CIFAR    binary batches of CIFAR-10 or CIFAR-100, single or in a tar archive, packed or not
 *	PNG      FOLDER/CLASS/x.png, or FOLDER/{train,val,test}/CLASS/x.png; each class gives one
 *	         picture in turn, in the order of names: the first N pictures are of all classes
 *	drawn    synth:shapes
 *
 * All names given must be of one kind.  The order of pictures depends on names and contents alone.
 */
#ifndef AQ_DATA_SOURCE_H
#define AQ_DATA_SOURCE_H

#include "base/err.h"
#include "data/names.h"
#include "data/split.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A picture on its way: bytes [c,y,x], owned by whoever hands it over. */
struct aq_planes {
	const uint8_t *at;
	int channels, height, width;
};

struct aq_sink {
	void *self;
	/* Are more pictures of this split wanted?  A source need not look at those that are not. */
	bool (*wants)(void *self, enum aq_split split);
	int (*take)(void *self, enum aq_split split, int label, const struct aq_planes *picture);
};

struct aq_source;

/* `wanted`: pictures that synth:shapes draws for each split. */
int aq_source_open(struct aq_source **source, const char *const *names, int count, uint64_t seed,
		   const uint64_t wanted[AQ_SPLITS]) AQ_CHECKED;
void aq_source_close(struct aq_source *source);

/* "IDX files", "CIFAR files", "folders of PNG", "drawn shapes". */
const char *aq_source_kind(const struct aq_source *source);

/* Is `path` one of the files it reads? */
bool aq_source_has(const struct aq_source *source, const char *path);

/* Look for the names of the classes now; otherwise they are complete when all has been read. */
int aq_source_find_classes(struct aq_source *source) AQ_CHECKED;
const struct aq_names *aq_source_classes(const struct aq_source *source);

/* The digest of what was read: CRC-32 of labels and pixels in order, for the file's history. */
uint32_t aq_source_digest(const struct aq_source *source);

/* Hand every picture to the sink, telling the progress. */
int aq_source_read(struct aq_source *source, const struct aq_sink *sink) AQ_CHECKED;

#endif
