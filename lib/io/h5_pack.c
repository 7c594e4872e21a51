/* SPDX-License-Identifier: MIT
 *
 * h5_pack.c - HDF5 files: rows become chunks, packed by us and handed to the library as they are
 *
 * The library's own way, its filters one after another, packs a tenth as fast (gz_pack.h says why
 * ours is faster).  What comes out is what its filters read.
 */
#include "io/h5_private.h"

#include "io/gz_pack.h"

#include <stdlib.h>
#include <string.h>

bool aq_h5_packs(const struct aq_h5_data *data)
{
	struct aq_h5_shape chunk = data->shape;
	for (int i = 0; i < chunk.rank; i++)
		chunk.dim[i] = data->chunk[i];
	return data->shape.type != AQ_STRING && aq_h5_width(&data->shape) > 1 &&
	       aq_h5_bytes(&chunk) >= AQ_H5_WORTHLESS;
}

/* One chunk as it goes through the levels of its dimensions. */
struct gather {
	const struct aq_h5_data *data;
	size_t width;
	uint64_t rows;         /* of the band, from the chunk's first one on */
	const hsize_t *at;     /* the chunk's place; at[0] is 0 */
};

/* Elements below dimension d, in the chunk and in the rows. */
static size_t below(const struct gather *g, int d, bool chunk)
{
	size_t count = 1;
	for (int i = d + 1; i < g->data->shape.rank; i++)
		count *= (size_t)(chunk ? g->data->chunk[i] : g->data->shape.dim[i]);
	return count;
}

/* Copy what the rows have of dimension d and below; the rest of the chunk keeps its fill. */
static void copy_level(const struct gather *g, int d, const unsigned char *from, unsigned char *to)
{
	const uint64_t whole = d == 0 ? g->rows : g->data->shape.dim[d], left = whole - g->at[d];
	const uint64_t count = left < g->data->chunk[d] ? left : g->data->chunk[d];
	const size_t in = below(g, d, false) * g->width, out = below(g, d, true) * g->width;
	from += g->at[d] * in;
	if (in == out) {
		memcpy(to, from, count * in);
		return;
	}
	for (uint64_t i = 0; i < count; i++)
		copy_level(g, d + 1, from + i * in, to + i * out);
}

static void fill(const struct aq_h5_data *data, unsigned char *to, size_t count, size_t width)
{
	unsigned char element[8] = { 0 };
	aq_h5_fill(data->shape.type, element);
	for (size_t i = 0; i < count; i++)
		memcpy(to + i * width, element, width);
}

/* Pack the chunk at `at` of a band of rows and write it at row `first`. */
static int write_chunk(struct aq_h5 *file, const char *name, const struct aq_h5_data *data,
		       uint64_t first, uint64_t rows, const void *bytes, hsize_t *at)
{
	const struct gather g = { data, aq_h5_width(&data->shape), rows, at };
	const size_t count = below(&g, -1, true);
	const void *packed, *elements = bytes;
	size_t size;
	int rc;
	at[0] = 0;
	if (rows < data->chunk[0] || below(&g, 0, true) != below(&g, 0, false)) {
		fill(data, file->chunk, count, g.width);
		copy_level(&g, 0, bytes, file->chunk);
		elements = file->chunk;
	}
	AQ_TRY(aq_packer_pack(file->packer, elements, count, g.width, &packed, &size));
	at[0] = first;
	if (H5Dwrite_chunk(data->id, H5P_DEFAULT, 0, at, size, packed) < 0)
		rc = aq_h5_failed(file, name);
done:
	return rc;
}

int aq_h5_pack_rows(struct aq_h5 *file, const char *name, const struct aq_h5_data *data,
		    uint64_t first, uint64_t rows, const void *bytes)
{
	struct aq_h5_shape row = data->shape;
	hsize_t at[AQ_RANK] = { 0 };
	int rc = AQ_OK;
	row.dim[0] = 1;
	if (!file->packer) {
		AQ_TRY(aq_packer_new(&file->packer, AQ_H5_CHUNK));
		file->chunk = malloc(AQ_H5_CHUNK);
	}
	if (!file->chunk)
		return aq_fail(AQ_ENOMEM, "out of memory writing %s of %s", name, file->path);
	while (rows > 0) {
		const uint64_t part = rows < data->chunk[0] ? rows : data->chunk[0];
		do
			AQ_TRY(write_chunk(file, name, data, first, part, bytes, at));
		while (aq_h5_next_chunk(data, at));
		bytes = (const char *)bytes + part * aq_h5_bytes(&row);
		first += part;
		rows -= part;
	}
done:
	return rc;
}
