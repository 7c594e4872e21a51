/* SPDX-License-Identifier: MIT
 *
 * h5.h - HDF5 files of typed, checked arrays; the only place that sees the HDF5 library
 *
 * Writing: chunked, shuffle + deflate, float fill value NaN, no times, no variable-length types,
 * bounds V18: the same calls give the same bytes.  Every dataset carries the CRC-32 of its contents
 * in the attribute `crc32`.  A file appears under its name when aq_h5_publish() succeeds, not
 * before.
 *
 * Reading: rank, type and size are checked against what is asked for before anything is allocated;
 * external storage, links other than hard ones and unknown filters are refused.  Reading a whole
 * dataset checks its CRC; reading a part of one checks that of the whole where it is small or not
 * packed, else the checksums of the packed chunks that are touched.  Attributes and all structure are
 * under the checksums that HDF5 itself keeps (bounds V18).  The elements of the virtual datasets of a
 * live index are read from the segments, never through it.  All failures are AQ_EDATA, AQ_ENOINPUT or
 * AQ_EIO with file and dataset named.
 *
 * Paths are absolute within the file ("/grad/conv1/weight"); missing groups on the way are made.
 * Dimensions are listed slowest first, as in C.
 */
#ifndef AQ_IO_H5_H
#define AQ_IO_H5_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	AQ_RANK = 6,       /* no dataset of ours has more dimensions */
	AQ_H5_VERSION = 1, /* format_version of what is written; newer ones are refused */
};

enum aq_h5_type { AQ_U8 = 1, AQ_I32, AQ_U32, AQ_U64, AQ_F32, AQ_F64, AQ_STRING };

struct aq_h5; /* a file */

/* What a dataset is.  `width` is the bytes of one string, its NUL padding included. */
struct aq_h5_shape {
	enum aq_h5_type type;
	int rank;
	uint64_t dim[AQ_RANK];
	size_t width;
	bool is_ascii; /* strings without other characters, marked so: Octave reads no UTF-8 */
	/* one over the segments of a live run, with no elements of its own, and as long as those: dim[0] is 0 */
	bool is_index;
};

// clang-format off
#define AQ_SHAPE1(type_, a)             ((struct aq_h5_shape){ type_, 1, { a }, 0, false, false })
#define AQ_SHAPE2(type_, a, b)          ((struct aq_h5_shape){ type_, 2, { a, b }, 0, false, false })
#define AQ_SHAPE3(type_, a, b, c)       ((struct aq_h5_shape){ type_, 3, { a, b, c }, 0, false, false })
#define AQ_SHAPE4(type_, a, b, c, d)    ((struct aq_h5_shape){ type_, 4, { a, b, c, d }, 0, false, false })
// clang-format on

/* Bytes of one element; elements and bytes of the whole (0 for an empty one). */
size_t aq_h5_width(const struct aq_h5_shape *shape);
uint64_t aq_h5_count(const struct aq_h5_shape *shape);
uint64_t aq_h5_bytes(const struct aq_h5_shape *shape);

/* "f32", ...; and "f32 [60000,3,32,32]", a dimension of 0 printed as "any" if `pattern`. */
const char *aq_h5_type_name(enum aq_h5_type type);
void aq_h5_shape_print(const struct aq_h5_shape *shape, bool pattern, struct aq_str *to);

/* ---- files ----------------------------------------------------------------------------------- */

/* Begin PATH as a temporary beside it, with root attributes format, format_version; `keep` refuses
 * to replace an existing file. */
int aq_h5_create(struct aq_h5 **file, const char *path, const char *format, bool keep) AQ_CHECKED;

/* Close, sync, rename into place.  Frees `file` whether it succeeds or not. */
int aq_h5_publish(struct aq_h5 *file) AQ_CHECKED;

/* Open for reading.  `format` is the wanted root attribute, or NULL for any of ours.  What is done
 * to the file is tried by a child first (h5_probe.h): a file that makes the HDF5 library crash, hang
 * or take all memory is refused. */
int aq_h5_open(struct aq_h5 **file, const char *path, const char *format) AQ_CHECKED;

/* The same for a file that this very process has just written: without a child. */
int aq_h5_open_own(struct aq_h5 **file, const char *path, const char *format) AQ_CHECKED;

/* Close; what was created and not published is removed.  Accepts NULL. */
void aq_h5_close(struct aq_h5 *file);

const char *aq_h5_path(const struct aq_h5 *file);
const char *aq_h5_format(const struct aq_h5 *file); /* "aquatint-run", ... */

/* ---- whole datasets -------------------------------------------------------------------------- */

int aq_h5_put(struct aq_h5 *file, const char *name, struct aq_h5_shape shape,
	      const void *data) AQ_CHECKED;
int aq_h5_put_text(struct aq_h5 *file, const char *name,
		   const char *text) AQ_CHECKED; /* one string */
int aq_h5_put_texts(struct aq_h5 *file, const char *name, const char *const *texts,
		    int count) AQ_CHECKED;

/* Is there a dataset or a group of that name?  What is damaged does not pass for what was never there. */
int aq_h5_find(struct aq_h5 *file, const char *name, bool *there) AQ_CHECKED;
int aq_h5_shape(struct aq_h5 *file, const char *name, struct aq_h5_shape *shape) AQ_CHECKED;

/* Read all of a dataset that must have exactly `shape` (dimensions of 0 in `shape` match any);
 * *data is malloc'd, *shape gets the real dimensions. */
int aq_h5_get(struct aq_h5 *file, const char *name, struct aq_h5_shape *shape,
	      void **data) AQ_CHECKED;

/* The same into memory that is there: every dimension must match. */
int aq_h5_get_into(struct aq_h5 *file, const char *name, struct aq_h5_shape shape,
		   void *data) AQ_CHECKED;

/* One string, malloc'd, NUL-ended. */
int aq_h5_get_text(struct aq_h5 *file, const char *name, char **text) AQ_CHECKED;

/* All strings of a one-dimensional dataset, malloc'd as one block: free(*texts) frees all. */
int aq_h5_get_texts(struct aq_h5 *file, const char *name, char ***texts, int *count) AQ_CHECKED;

/* A group, and those on the way to it; nothing if it is there. */
int aq_h5_make_group(struct aq_h5 *file, const char *name) AQ_CHECKED;

/* Copy a group or dataset with all below it, as it is stored, to the same name. */
int aq_h5_copy(struct aq_h5 *to, struct aq_h5 *from, const char *name) AQ_CHECKED;

/* ---- datasets that grow along their first dimension ------------------------------------------ */

struct aq_h5_set; /* an open dataset */

/* Make a dataset of `shape` whose rows are written in order.  dim[0] is the final count of rows,
 * or, with `open_ended`, the limit is none and the extent follows the rows.  A chunk holds
 * `chunk_rows` rows, fewer where a row is large: no chunk exceeds 1 MiB. */
int aq_h5_make(struct aq_h5 *file, const char *name, struct aq_h5_shape shape, uint64_t chunk_rows,
	       bool open_ended, struct aq_h5_set **set) AQ_CHECKED;

/* Append `rows` rows.  The running CRC becomes the attribute when the set is closed. */
int aq_h5_append(struct aq_h5_set *set, uint64_t rows, const void *data) AQ_CHECKED;

/* Close, writing `crc32` (over the rows written). */
int aq_h5_finish(struct aq_h5_set *set) AQ_CHECKED;

/* Close without finishing; accepts NULL. */
void aq_h5_drop(struct aq_h5_set *set);

/* Rows [first, first+rows) of a dataset into memory; its type and inner dimensions must be those of
 * `shape` (whose dim[0] is ignored). */
int aq_h5_rows(struct aq_h5 *file, const char *name, struct aq_h5_shape shape, uint64_t first,
	       uint64_t rows, void *data) AQ_CHECKED;

/* A box: offset and extent for each dimension; data is dense. */
int aq_h5_box(struct aq_h5 *file, const char *name, struct aq_h5_shape shape,
	      const uint64_t *offset, const uint64_t *extent, void *data) AQ_CHECKED;

/* Copy all rows of `from_name` behind those already in `set`.  Where the chunks line up they are
 * copied as they are stored, without unpacking.  The CRCs are joined, and checked against the
 * source's where it was unpacked. */
int aq_h5_append_from(struct aq_h5_set *set, struct aq_h5 *from, const char *from_name,
		      uint64_t rows) AQ_CHECKED;

/* ---- the index over the files of a live run -------------------------------------------------- */

/* A virtual dataset `name` over dataset `name` of the files PATTERN ("segment-%b.h5", beside
 * `file`), `rows` rows of each; its extent follows the files that are there when it is opened. */
int aq_h5_virtual(struct aq_h5 *file, const char *name, struct aq_h5_shape row, uint64_t rows,
		  const char *pattern) AQ_CHECKED;

/* ---- attributes; `at` is "/" or the path of a group or dataset ------------------------------- */

int aq_h5_set_text(struct aq_h5 *file, const char *at, const char *key,
		   const char *text) AQ_CHECKED;
int aq_h5_set_texts(struct aq_h5 *file, const char *at, const char *key, const char *const *texts,
		    int count) AQ_CHECKED;
int aq_h5_set_int(struct aq_h5 *file, const char *at, const char *key, int64_t value) AQ_CHECKED;
int aq_h5_set_real(struct aq_h5 *file, const char *at, const char *key, double value) AQ_CHECKED;

bool aq_h5_has_attr(struct aq_h5 *file, const char *at, const char *key);
/* The same where what is damaged must not pass for what was never there. */
int aq_h5_find_attr(struct aq_h5 *file, const char *at, const char *key, bool *there) AQ_CHECKED;
int aq_h5_attr_text(struct aq_h5 *file, const char *at, const char *key,
		    char **text) AQ_CHECKED; /* malloc'd */
/* All strings of an array, malloc'd as one block: free(*texts) frees all. */
int aq_h5_attr_texts(struct aq_h5 *file, const char *at, const char *key, char ***texts,
		     int *count) AQ_CHECKED;
int aq_h5_attr_int(struct aq_h5 *file, const char *at, const char *key, int64_t *value) AQ_CHECKED;
int aq_h5_attr_real(struct aq_h5 *file, const char *at, const char *key, double *value) AQ_CHECKED;
/* Any of ours as text: numbers printed exactly. */
int aq_h5_attr_print(struct aq_h5 *file, const char *at, const char *key,
		     struct aq_str *to) AQ_CHECKED;

/* ---- looking around -------------------------------------------------------------------------- */

enum aq_h5_kind { AQ_H5_GROUP = 1, AQ_H5_DATASET, AQ_H5_ATTRIBUTE };

/* Names of the members of a group in the order they were made (attributes: of any object); malloc'd
 * as one block as above. */
int aq_h5_list(struct aq_h5 *file, const char *at, enum aq_h5_kind kind, char ***names,
	       int *count) AQ_CHECKED;

/* Call visit(self, name, kind) for every group and dataset below the root, parents first. */
int aq_h5_walk(struct aq_h5 *file, int (*visit)(void *self, const char *name, enum aq_h5_kind kind),
	       void *self) AQ_CHECKED;

/* The same for what stands below the group `at`. */
int aq_h5_walk_below(struct aq_h5 *file, const char *at,
		     int (*visit)(void *self, const char *name, enum aq_h5_kind kind),
		     void *self) AQ_CHECKED;

/* Read a whole dataset of any of our types and compare with its CRC; AQ_EDATA when they differ. */
int aq_h5_check(struct aq_h5 *file, const char *name) AQ_CHECKED;

/* ---- for viewers ----------------------------------------------------------------------------- */

/* Name the dimensions ("step,out,in,y,x") as the attribute `axes` and as dimension scales where a
 * dataset of that name stands at `scales` ("/step" for "step"). */
int aq_h5_axes(struct aq_h5 *file, const char *name, const char *axes) AQ_CHECKED;

/* Mark a u8 dataset [y,x,3] or [y,x] as an image (HDF5 Image and Palette specification 1.2). */
int aq_h5_mark_image(struct aq_h5 *file, const char *name) AQ_CHECKED;

#endif
