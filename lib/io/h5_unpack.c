/* SPDX-License-Identifier: MIT
 *
 * h5_unpack.c - HDF5 files: chunks taken as they are stored and unpacked by us
 *
 * The library's filters trust a chunk to unpack to its full size and read behind its end where it
 * does not (CVE-2018-11205 and its kin).  And it takes a chunk that is not in the index for one that
 * was never written, and gives fill values; here that is damage.
 */
#include "io/h5_private.h"

#include "io/gz_unpack.h"

#include <stdlib.h>
#include <string.h>

/* ---- boxes ----------------------------------------------------------------------------------- */

struct cut {
	int rank;
	size_t width;
	const uint64_t *at, *size, *offset, *extent;
};

/* Elements of one index of dimension d, in a block of the given sizes. */
static size_t below(int rank, int d, const uint64_t *size)
{
	size_t count = 1;
	for (int i = d + 1; i < rank; i++)
		count *= (size_t)size[i];
	return count;
}

static void cut_level(const struct cut *c, int d, const unsigned char *from, unsigned char *to)
{
	const uint64_t begin = c->at[d] > c->offset[d] ? c->at[d] : c->offset[d];
	const uint64_t a = c->at[d] + c->size[d], b = c->offset[d] + c->extent[d], end = a < b ? a : b;
	const size_t in = below(c->rank, d, c->size) * c->width, out = below(c->rank, d, c->extent) * c->width;
	bool whole = in == out;
	if (begin >= end)
		return;
	for (int i = d + 1; i < c->rank; i++)
		whole &= c->at[i] == c->offset[i] && c->size[i] == c->extent[i];
	from += (begin - c->at[d]) * in;
	to += (begin - c->offset[d]) * out;
	if (whole) {
		memcpy(to, from, (end - begin) * in);
		return;
	}
	for (uint64_t i = begin; i < end; i++, from += in, to += out)
		cut_level(c, d + 1, from, to);
}

void aq_h5_cut(int rank, size_t width, const void *block, const uint64_t *at, const uint64_t *size,
	       const uint64_t *offset, const uint64_t *extent, void *to)
{
	const struct cut c = { rank, width, at, size, offset, extent };
	cut_level(&c, 0, block, to);
}

/* ---- chunks ---------------------------------------------------------------------------------- */

/* The chunks of a box are walked in order of position: the first one, and the next. */
static void first_chunk(const struct aq_h5_data *data, const uint64_t *offset, hsize_t *at)
{
	for (int i = 0; i < data->shape.rank; i++)
		at[i] = offset[i] - offset[i] % data->chunk[i];
}

static bool next_chunk(const struct aq_h5_data *data, const uint64_t *offset,
		       const uint64_t *extent, hsize_t *at)
{
	for (int i = data->shape.rank - 1; i >= 0; i--) {
		at[i] += data->chunk[i];
		if (at[i] < offset[i] + extent[i])
			return true;
		at[i] = offset[i] - offset[i] % data->chunk[i];
	}
	return false;
}

/* Bytes of a chunk as it is stored, 0 if there is none. */
static hsize_t stored(const struct aq_h5_data *data, const hsize_t *at)
{
	hsize_t size = 0;
	return H5Dget_chunk_storage_size(data->id, at, &size) < 0 ? 0 : size;
}

void aq_h5_find_chunks(const struct aq_h5_data *data, const uint64_t *offset,
		       const uint64_t *extent)
{
	hsize_t at[AQ_RANK];
	first_chunk(data, offset, at);
	do
		stored(data, at);
	while (next_chunk(data, offset, extent, at));
}

/* Memory for one chunk on its way. */
struct unpacking {
	struct aq_h5 *file;
	const char *name;
	const struct aq_h5_data *data;
	size_t width, bytes; /* of an element, of a chunk */
	unsigned char *packed, *planes, *elements;
	size_t room;	   /* of packed */
	uint64_t rows;	   /* that were written; rows_known: whether that was looked up */
	bool rows_known;
};

static int damaged(const struct unpacking *u, const hsize_t *at, const char *how)
{
	return aq_fail(AQ_EDATA,
		       "%s: %s is damaged: the chunk of row %llu %s; make the file anew or fetch it again",
		       u->file->path, u->name, (unsigned long long)at[0], how);
}

/* A chunk that is not there is right where no row of it was written, and nowhere else. */
static int check_missing(struct unpacking *u, const hsize_t *at)
{
	uint32_t crc;
	bool known;
	if (!u->rows_known) {
		const int rc = aq_h5_sum(u->file, u->name, u->data, &crc, &u->rows, &known);
		if (rc < 0)
			return rc;
		u->rows_known = true;
	}
	return at[0] < u->rows ? damaged(u, at, "is missing") : AQ_OK;
}

static void fill(const struct unpacking *u)
{
	unsigned char element[8] = { 0 };
	memset(u->elements, 0, u->bytes);
	if (aq_h5_fill(u->data->shape.type, element))
		for (size_t i = 0; i < u->bytes; i += u->width)
			memcpy(u->elements + i, element, u->width);
}

/* What the filters, as far as `mask` does not say they were skipped, made of the elements. */
static int unpack(struct unpacking *u, const hsize_t *at, size_t size, uint32_t mask)
{
	const bool shuffled = u->data->filters & AQ_H5_SHUFFLE && u->width > 1;
	/* filters are counted from the first one; only deflate gives up on what does not shrink */
	const uint32_t deflate_bit = u->data->filters & AQ_H5_SHUFFLE ? 2 : 1;
	const bool deflated = u->data->filters & AQ_H5_DEFLATE && !(mask & deflate_bit);
	if (mask & ~(u->data->filters & AQ_H5_DEFLATE ? deflate_bit : 0))
		return damaged(u, at, "says that it was not packed as it should be");
	unsigned char *to = shuffled ? u->planes : u->elements;
	const int rc = deflated ? aq_inflate(u->packed, size, to, u->bytes) : size == u->bytes ? AQ_OK : AQ_EDATA;
	if (rc == AQ_ENOMEM)
		return aq_while(rc, "reading %s of %s", u->name, u->file->path);
	if (rc < 0)
		return damaged(u, at, "does not unpack to what it should");
	if (!deflated)
		memcpy(to, u->packed, size);
	if (shuffled)
		aq_unshuffle(u->planes, u->bytes / u->width, u->width, u->elements);
	return AQ_OK;
}

static int read_chunk(struct unpacking *u, const hsize_t *at)
{
	uint32_t mask = 0;
	int rc;
	const size_t size = stored(u->data, at), most = 2 * u->bytes + 1024;
	if (size == 0) {
		AQ_TRY(check_missing(u, at));
		fill(u);
		return AQ_OK;
	}
	if (size > most)
		return damaged(u, at, "is larger than it can be");
	if (size > u->room) {
		free(u->packed);
		u->room = 0;
		if (!(u->packed = malloc(size)))
			return aq_fail(AQ_ENOMEM, "out of memory reading %s of %s", u->name,
				       u->file->path);
		u->room = size;
	}
	if (H5Dread_chunk(u->data->id, H5P_DEFAULT, at, &mask, u->packed) < 0)
		return aq_h5_failed(u->file, u->name);
	rc = unpack(u, at, size, mask);
done:
	return rc;
}

/* Chunks are written in the order of their rows: one that is missing beside those of the box says
 * that the index is damaged, and may give the chunks of other rows for them. */
static int check_neighbours(struct unpacking *u, const uint64_t *offset, const uint64_t *extent)
{
	const uint64_t each = u->data->chunk[0], first = offset[0] - offset[0] % each;
	const uint64_t last = offset[0] + extent[0] - 1;
	hsize_t at[AQ_RANK];
	int rc = AQ_OK;
	first_chunk(u->data, offset, at);
	at[0] = first - each;
	if (first > 0 && stored(u->data, at) == 0)
		AQ_TRY(check_missing(u, at));
	at[0] = last - last % each + each;
	if (at[0] < u->data->shape.dim[0] && stored(u->data, at) == 0)
		AQ_TRY(check_missing(u, at));
done:
	return rc;
}

int aq_h5_unpack_box(struct aq_h5 *file, const char *name, const struct aq_h5_data *data,
		     const uint64_t *offset, const uint64_t *extent, void *to)
{
	struct aq_h5_shape chunk = data->shape;
	hsize_t at[AQ_RANK];
	int rc;
	for (int i = 0; i < chunk.rank; i++)
		chunk.dim[i] = data->chunk[i];
	struct unpacking u = { .file = file, .name = name, .data = data };
	u.width = aq_h5_width(&chunk);
	u.bytes = aq_h5_bytes(&chunk);
	u.planes = malloc(u.bytes);
	u.elements = malloc(u.bytes);
	if (!u.planes || !u.elements) {
		rc = aq_fail(AQ_ENOMEM, "out of memory reading %s of %s", name, file->path);
		goto done;
	}
	AQ_TRY(aq_probe_box(file->probe, name, chunk.rank, offset, extent));
	AQ_TRY(check_neighbours(&u, offset, extent));
	first_chunk(data, offset, at);
	do {
		uint64_t corner[AQ_RANK];
		for (int i = 0; i < chunk.rank; i++)
			corner[i] = at[i];
		AQ_TRY(read_chunk(&u, at));
		aq_h5_cut(chunk.rank, u.width, u.elements, corner, chunk.dim, offset, extent, to);
	} while (next_chunk(data, offset, extent, at));
done:
	free(u.packed);
	free(u.planes);
	free(u.elements);
	return rc;
}
