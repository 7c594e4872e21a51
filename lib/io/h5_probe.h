/* SPDX-License-Identifier: MIT
 *
 * h5_probe.h - files of others are tasted first: what is about to be done to a file is done in a
 * child beforehand
 *
 * The HDF5 library can crash, hang or take all memory over a damaged or hostile file.  So a child
 * with bounds on time and memory opens the file too, and before the parent opens an object, lists a
 * group or reads a box, the child does; when the child dies of it, the parent refuses the file and
 * lives.  A failure that the library reports is none here: the parent will meet it and tell it.
 *
 * One child serves all files that are open at a time, so it costs a fork, and each object twice its
 * metadata.  It does not read packed elements: chunks are unpacked by us (h5_unpack.c), not by the
 * library.
 *
 * What it cannot cover: a file that is changed while it is read.
 */
#ifndef AQ_IO_H5_PROBE_H
#define AQ_IO_H5_PROBE_H

#include "base/err.h"

#include <stdint.h>

struct aq_probe;

/* Let a child open `path`. */
int aq_probe_open(struct aq_probe **probe, const char *path) AQ_CHECKED;

/* AQ_EDATA if the child died of it, now or earlier.  NULL is a file that needs no probe. */
int aq_probe_object(struct aq_probe *probe, const char *name) AQ_CHECKED;
int aq_probe_list(struct aq_probe *probe, const char *group) AQ_CHECKED;
int aq_probe_box(struct aq_probe *probe, const char *name, int rank, const uint64_t *offset,
		 const uint64_t *extent) AQ_CHECKED;

/* Let the child close the file; the child ends with its last one. */
int aq_probe_close(struct aq_probe *probe) AQ_CHECKED;

#endif
