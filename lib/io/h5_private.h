/* SPDX-License-Identifier: MIT
 *
 * h5_private.h - what the files of the HDF5 layer share; the only other header that sees <hdf5.h>
 *
 * All of it runs in one thread at a time, as the HDF5 library itself does.
 */
#ifndef AQ_IO_H5_PRIVATE_H
#define AQ_IO_H5_PRIVATE_H

#include "io/h5.h"
#include "io/h5_probe.h"

#include <hdf5.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	       "elements in memory are those of the file");

enum {
	AQ_H5_NAME = 1024,        /* bytes of the longest path within a file */
	AQ_H5_CHUNK = 1 << 20,    /* bytes of the largest chunk written: the cache of a reader */
	AQ_H5_WORTHLESS = 256,    /* bytes of a chunk that is not worth packing */
	AQ_H5_SETS = 512,         /* that stay open: the library takes some 30 KiB for each */
	AQ_H5_CHUNK_IN = 1 << 26, /* bytes of the largest chunk accepted */
	AQ_H5_ATTR_IN = 1 << 24,  /* bytes of the largest attribute accepted */
	AQ_H5_WHOLE = 1 << 18,    /* bytes up to which a dataset is read whole, for its checksum */
	AQ_H5_SHUFFLE = 1,
	AQ_H5_DEFLATE = 2,
};

struct aq_h5 {
	hid_t id;
	char *path;      /* its name when it is complete */
	char *temporary; /* where it is written, NULL when it is read */
	int claim;       /* that holds it */
	char *format;
	/* bytes of a file that is read: bounds what its datasets may claim to hold */
	uint64_t size;
	bool broken;     /* a write failed: it must not be published */
	int sets;        /* that are being written and stay open */
	struct aq_packer *packer; /* and memory for one chunk, once there is something to pack */
	unsigned char *chunk;
	struct aq_probe *probe; /* of a file of others that is read */
	struct aq_h5_scale *scales; /* dimension scales, marked when the file is published */
};

/* An open dataset and what was found to be harmless about it. */
struct aq_h5_data {
	hid_t id;
	struct aq_h5_shape shape;
	H5D_layout_t layout;
	hsize_t chunk[AQ_RANK];
	int filters; /* AQ_H5_SHUFFLE, AQ_H5_DEFLATE: in this order */
};

/* Open a file to taste it: whatever its format, if any. */
int aq_h5_open_tasted(struct aq_h5 **file, const char *path) AQ_CHECKED;

/* Before any other call of HDF5, in every public function. */
void aq_h5_begin(void);

/* Tell the failure that HDF5's own stack of errors describes; `name` may be NULL.  Call it before
 * any other function of HDF5, which would empty the stack. */
int aq_h5_failed(struct aq_h5 *file, const char *name);

/* Whether `name` is there: 1, 0, or a failure where a link on the way is not a hard one. */
int aq_h5_link(struct aq_h5 *file, const char *name) AQ_CHECKED;

/* Open any object; AQ_EDATA if there is none of that name. */
int aq_h5_object(struct aq_h5 *file, const char *name, hid_t *id) AQ_CHECKED;

/* The index by which the members or attributes of an object are listed: the order in which they were
 * made, if the object keeps that.  It is not tried out: where it is damaged, another would do. */
H5_index_t aq_h5_order(hid_t id, bool attributes);
H5_iter_order_t aq_h5_way(hid_t id, bool attributes);
/* False, with HDF5's stack of errors, where they are damaged in a way that listing might not survive. */
bool aq_h5_can_list(hid_t id, bool attributes);

/* Make the groups that `name` stands in. */
int aq_h5_parents(struct aq_h5 *file, const char *name) AQ_CHECKED;

/* Creation properties of groups and datasets: no times, order of creation kept. */
hid_t aq_h5_plist(hid_t class);

/* The type of an element, in the file as in memory; to be closed.  Negative when HDF5 fails. */
hid_t aq_h5_type_id(enum aq_h5_type type, size_t width);
/* Which of ours a type of a file is, 0 for none; *width is set for strings. */
enum aq_h5_type aq_h5_type_of(hid_t id, size_t *width);

/* A dataspace of fixed extent. */
hid_t aq_h5_space(const struct aq_h5_shape *shape);

/* Chunk of a dataset: `rows` rows or fewer, the next dimensions split where a row is large. */
void aq_h5_chunk_of(const struct aq_h5_shape *shape, uint64_t rows, hsize_t *chunk);

/* A dataset that is ours in every respect, opened for reading. */
int aq_h5_data_open(struct aq_h5 *file, const char *name, struct aq_h5_data *data) AQ_CHECKED;
void aq_h5_data_close(struct aq_h5_data *data);

/* `have` as `want`, dimensions of 0 in `want` matching any if `loose`; dimensions before `from` are
 * not compared. */
int aq_h5_match(const struct aq_h5 *file, const char *name, const struct aq_h5_shape *have,
		const struct aq_h5_shape *want, int from, bool loose) AQ_CHECKED;

/* Create a dataset of the given chunk (NULL: contiguous); `open_ended` grows along the first
 * dimension. */
int aq_h5_data_make(struct aq_h5 *file, const char *name, const struct aq_h5_shape *shape,
		    const hsize_t *chunk, bool open_ended, hid_t *id) AQ_CHECKED;

/* Read or write a box of an open dataset; NULL offset and extent are all of it. */
int aq_h5_move(struct aq_h5 *file, const char *name, const struct aq_h5_data *data, bool write,
	       const uint64_t *offset, const uint64_t *extent, void *memory) AQ_CHECKED;

/* Are the chunks of a dataset being written packed by us (true) or by the library's filters? */
bool aq_h5_packs(const struct aq_h5_data *data);

/* Pack and write rows that begin at a chunk's first row `first`; the last chunk may be filled in
 * part. */
int aq_h5_pack_rows(struct aq_h5 *file, const char *name, const struct aq_h5_data *data,
		    uint64_t first, uint64_t rows, const void *bytes) AQ_CHECKED;

/* Read a box of a chunked dataset of a file that is read: chunks are taken as they are stored and
 * unpacked by us. */
int aq_h5_unpack_box(struct aq_h5 *file, const char *name, const struct aq_h5_data *data,
		     const uint64_t *offset, const uint64_t *extent, void *to) AQ_CHECKED;

/* Look up the chunks of a box. */
void aq_h5_find_chunks(const struct aq_h5_data *data, const uint64_t *offset,
		       const uint64_t *extent);

/* Copy a box out of a block of elements: both are dense, `block` begins at `at` and has `size`
 * elements a dimension. */
void aq_h5_cut(int rank, size_t width, const void *block, const uint64_t *at, const uint64_t *size,
	       const uint64_t *offset, const uint64_t *extent, void *to);

/* The next chunk of a band in order of position, dimension 0 standing still; false behind the last,
 * with the position back at the first. */
bool aq_h5_next_chunk(const struct aq_h5_data *data, hsize_t *at);

/* The element that stands where nothing was written, if it is not 0. */
bool aq_h5_fill(enum aq_h5_type type, void *element);

/* AQ_EDATA for an index: what stands there is read from the segments themselves, each with its checks. */
int aq_h5_check_own(struct aq_h5 *file, const char *name, const struct aq_h5_data *data) AQ_CHECKED;

/* Its checksum, over its first *rows rows; *virtual ones have none and give 0 for *known. */
int aq_h5_sum(struct aq_h5 *file, const char *name, const struct aq_h5_data *data, uint32_t *crc,
	      uint64_t *rows, bool *known) AQ_CHECKED;
int aq_h5_sum_write(struct aq_h5 *file, const char *name, hid_t data, uint32_t crc) AQ_CHECKED;

/* An attribute of any type on an open object, replacing one of that name.  `strpad` and `cset` as
 * HDF5 has them for strings. */
int aq_h5_attr_put(struct aq_h5 *file, const char *at, hid_t object, const char *key, hid_t type,
		   hid_t space, const void *value) AQ_CHECKED;

/* Read all attributes of an open object, as those who ask for them would, for nothing. */
int aq_h5_attr_taste(struct aq_h5 *file, const char *at, hid_t object) AQ_CHECKED;

/* Bytes of a row, of an element beneath dimension `from`; 0 where it does not fit in 64 bits. */
uint64_t aq_h5_below(const struct aq_h5_shape *shape, int from);

/* Mark the dimension scales that aq_h5_axes() was asked for. */
int aq_h5_scales_write(struct aq_h5 *file) AQ_CHECKED;
void aq_h5_scales_free(struct aq_h5 *file);

/* Dimensions as the library has them: of the size of ours, in old versions of another type. */
static inline const hsize_t *aq_h5_dims(hsize_t *to, const uint64_t *from, int rank)
{
	for (int i = 0; i < rank; i++)
		to[i] = from[i];
	return to;
}

static inline void aq_h5_shut(hid_t id, herr_t (*close)(hid_t))
{
	if (id >= 0)
		close(id);
}

#endif
