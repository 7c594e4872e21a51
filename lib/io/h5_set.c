/* SPDX-License-Identifier: MIT
 *
 * h5_set.c - HDF5 files: datasets that are written row by row
 *
 * Rows gather in a band, the rows of one chunk, so that each chunk is packed and written once. What
 * is in the file does not depend on how many rows were given at a time, nor on whether chunks were
 * copied packed or were unpacked on the way: both are tested.
 */
#include "io/h5_private.h"

#include "io/gz.h"

#include <stdlib.h>
#include <string.h>

struct aq_h5_set {
	struct aq_h5 *file;
	char *name;
	/* shape.dim[0]: rows declared, or written so far where it is open-ended */
	struct aq_h5_data data;
	bool open_ended;
	bool stays;       /* the dataset stays open from one write to the next */
	size_t row;       /* bytes of a row */
	uint64_t written; /* rows in the file */
	uint64_t held;    /* rows in the band behind them */
	uint32_t crc;     /* of written and held ones */
	unsigned char *band; /* [chunk[0]][row] */
};

static void destroy(struct aq_h5_set *set)
{
	if (set->stays)
		set->file->sets--;
	aq_h5_shut(set->data.id, H5Dclose);
	free(set->name);
	free(set->band);
	free(set);
}

/* Of very many datasets most are closed between their writes. */
static int rest(struct aq_h5_set *set)
{
	const hid_t id = set->data.id;
	if (set->stays || id < 0)
		return AQ_OK;
	set->data.id = -1;
	return H5Dclose(id) < 0 ? aq_h5_failed(set->file, set->name) : AQ_OK;
}

static int rouse(struct aq_h5_set *set)
{
	int rc = AQ_OK;
	if (set->data.id >= 0)
		return AQ_OK;
	const hid_t dapl = H5Pcreate(H5P_DATASET_ACCESS);
	if (dapl < 0 || H5Pset_chunk_cache(dapl, 0, 0, 0) < 0 ||
	    (set->data.id = H5Dopen2(set->file->id, set->name, dapl)) < 0)
		rc = aq_h5_failed(set->file, set->name);
	aq_h5_shut(dapl, H5Pclose);
	return rc;
}

int aq_h5_make(struct aq_h5 *file, const char *name, struct aq_h5_shape shape, uint64_t chunk_rows,
	       bool open_ended, struct aq_h5_set **out)
{
	int rc;
	*out = NULL;
	aq_h5_begin();
	const uint64_t row = shape.rank > 0 ? aq_h5_below(&shape, 1) : 0;
	/* no chunk is small enough for no rows */
	const bool empty = !open_ended && shape.dim[0] == 0;
	if (shape.rank < 1 || row == 0 || row > SIZE_MAX / 2)
		return aq_fail(AQ_EBUG, "%s: %s has no rows or too large ones", file->path, name);
	struct aq_h5_set *set = calloc(1, sizeof *set);
	if (!set)
		return aq_fail(AQ_ENOMEM, "out of memory making %s of %s", name, file->path);
	*set = (struct aq_h5_set){ .file = file, .open_ended = open_ended, .row = row };
	set->data = (struct aq_h5_data){ .id = -1, .shape = shape, .layout = H5D_CHUNKED };
	if (open_ended)
		set->data.shape.dim[0] = 0;
	else if (chunk_rows > shape.dim[0])
		chunk_rows = shape.dim[0];
	aq_h5_chunk_of(&shape, chunk_rows, set->data.chunk);
	set->name = strdup(name);
	/* rows that are a chunk each are never held */
	set->band = malloc(set->data.chunk[0] > 1 ? set->data.chunk[0] * row : 1);
	if (!set->name || !set->band) {
		rc = aq_fail(AQ_ENOMEM, "out of memory making %s of %s", name, file->path);
		goto done;
	}
	AQ_TRY(aq_h5_data_make(file, name, &shape, empty ? NULL : set->data.chunk, open_ended,
			       &set->data.id));
	set->stays = file->sets < AQ_H5_SETS;
	file->sets += set->stays;
	*out = set;
	AQ_TRY(rest(set));
done:
	if (rc < 0) {
		*out = NULL;
		destroy(set);
	}
	return rc;
}

/* The extent of an open-ended dataset follows its rows. */
static int make_room(struct aq_h5_set *set, uint64_t rows)
{
	struct aq_h5_shape *shape = &set->data.shape;
	hsize_t dims[AQ_RANK];
	if (!set->open_ended)
		return AQ_OK;
	shape->dim[0] = set->written + rows;
	if (H5Dset_extent(set->data.id, aq_h5_dims(dims, shape->dim, shape->rank)) < 0)
		return aq_h5_failed(set->file, set->name);
	return AQ_OK;
}

/* Write whole bands, or the last part of one: the one place where rows become chunks. */
static int write_rows(struct aq_h5_set *set, uint64_t rows, const void *bytes)
{
	struct aq_h5_data *data = &set->data;
	uint64_t offset[AQ_RANK] = { set->written }, extent[AQ_RANK];
	int rc;
	AQ_TRY(rouse(set));
	AQ_TRY(make_room(set, rows));
	memcpy(extent, data->shape.dim, sizeof extent);
	extent[0] = rows;
	AQ_TRY(aq_h5_packs(data)
		       ? aq_h5_pack_rows(set->file, set->name, data, set->written, rows, bytes)
		       : aq_h5_move(set->file, set->name, data, true, offset, extent,
				    (void *)(uintptr_t)bytes));
	set->written += rows;
	AQ_TRY(rest(set));
done:
	return rc;
}

int aq_h5_append(struct aq_h5_set *set, uint64_t rows, const void *bytes)
{
	const unsigned char *from = bytes;
	const uint64_t room = set->data.chunk[0], used = set->written + set->held;
	int rc = AQ_OK;
	aq_h5_begin();
	if (!set->open_ended && rows > set->data.shape.dim[0] - used)
		return aq_fail(AQ_EBUG,
			       "%s: %llu rows are added to the %llu of %s, which was made for %llu",
			       set->file->path, (unsigned long long)rows, (unsigned long long)used,
			       set->name, (unsigned long long)set->data.shape.dim[0]);
	set->crc = aq_crc(set->crc, from, rows * set->row);
	while (rows > 0 && rc == AQ_OK) {
		uint64_t part = room - set->held < rows ? room - set->held : rows;
		if (part == room) {
			rc = write_rows(set, room, from);
		} else {
			memcpy(set->band + set->held * set->row, from, part * set->row);
			set->held += part;
			if (set->held == room) {
				set->held = 0;
				rc = write_rows(set, room, set->band);
			}
		}
		from += part * set->row;
		rows -= part;
	}
	return rc;
}

int aq_h5_finish(struct aq_h5_set *set)
{
	int rc = AQ_OK;
	aq_h5_begin();
	if (set->held > 0) {
		const uint64_t held = set->held;
		set->held = 0;
		AQ_TRY(write_rows(set, held, set->band));
	}
	AQ_TRY(rouse(set));
	AQ_TRY(aq_h5_sum_write(set->file, set->name, set->data.id, set->crc));
	if (set->written < set->data.shape.dim[0]) {
		const hid_t space = H5Screate(H5S_SCALAR);
		rc = space < 0 ? aq_h5_failed(set->file, set->name)
			       : aq_h5_attr_put(set->file, set->name, set->data.id, "rows",
						H5T_STD_U64LE, space, &set->written);
		aq_h5_shut(space, H5Sclose);
		AQ_TRY(rc);
	}
	const hid_t id = set->data.id;
	set->data.id = -1;
	if (H5Dclose(id) < 0)
		rc = aq_h5_failed(set->file, set->name);
done:
	destroy(set);
	return rc;
}

void aq_h5_drop(struct aq_h5_set *set)
{
	if (set)
		destroy(set);
}

/* ---- copying from another file --------------------------------------------------------------- */

static bool same_chunks(const struct aq_h5_set *set, const struct aq_h5_data *from)
{
	/* of chunks that are not packed the library does not tell the size that the index has */
	bool same = from->layout == H5D_CHUNKED && from->filters;
	for (int i = 0; same && i < from->shape.rank; i++)
		same = from->chunk[i] == set->data.chunk[i];
	if (!same)
		return false;
	/* ours are all packed one way, so the filters of the two need only be the same ones */
	struct aq_h5_data own = { .id = set->data.id };
	const hid_t dcpl = H5Dget_create_plist(own.id);
	const int filters = dcpl < 0 ? -1 : H5Pget_nfilters(dcpl);
	for (int i = 0; i < filters; i++) {
		unsigned flags, config;
		size_t values = 0;
		const H5Z_filter_t id =
			H5Pget_filter2(dcpl, (unsigned)i, &flags, &values, NULL, 0, NULL, &config);
		own.filters |= id == H5Z_FILTER_SHUFFLE ? AQ_H5_SHUFFLE
			       : id == H5Z_FILTER_DEFLATE ? AQ_H5_DEFLATE
							  : 0;
	}
	aq_h5_shut(dcpl, H5Pclose);
	return filters >= 0 && own.filters == from->filters;
}

bool aq_h5_next_chunk(const struct aq_h5_data *data, hsize_t *at)
{
	for (int i = data->shape.rank - 1; i > 0; i--) {
		at[i] += data->chunk[i];
		if (at[i] < data->shape.dim[i])
			return true;
		at[i] = 0;
	}
	return false;
}

/* Copy the chunks of whole bands, `rows` rows, as they are stored. */
static int copy_chunks(struct aq_h5_set *set, struct aq_h5 *from, const char *name,
		       const struct aq_h5_data *data, uint64_t rows)
{
	int rc;
	const uint64_t band = set->data.chunk[0], most = AQ_H5_CHUNK_IN;
	unsigned char *packed = NULL;
	hsize_t room = 0;
	const uint64_t start[AQ_RANK] = { 0 };
	uint64_t extent[AQ_RANK];
	memcpy(extent, data->shape.dim, sizeof extent);
	extent[0] = rows;
	AQ_TRY(aq_probe_box(from->probe, name, data->shape.rank, start, extent));
	AQ_TRY(make_room(set, rows));
	for (uint64_t first = 0; first < rows; first += band) {
		hsize_t at[AQ_RANK] = { first };
		do {
			hsize_t size = 0;
			uint32_t mask = 0;
			at[0] = first;
			if (H5Dget_chunk_storage_size(data->id, at, &size) < 0 || size == 0 ||
			    size > most) {
				rc = aq_fail(AQ_EDATA, "%s: a chunk of %s is missing or damaged",
					     from->path, name);
				goto done;
			}
			if (size > room) {
				free(packed);
				packed = malloc(room = size);
			}
			if (!packed) {
				rc = aq_fail(AQ_ENOMEM, "out of memory copying %s", name);
				goto done;
			}
			if (H5Dread_chunk(data->id, H5P_DEFAULT, at, &mask, packed) < 0) {
				rc = aq_h5_failed(from, name);
				goto done;
			}
			at[0] = set->written;
			if (H5Dwrite_chunk(set->data.id, H5P_DEFAULT, mask, at, size, packed) < 0) {
				rc = aq_h5_failed(set->file, set->name);
				goto done;
			}
		} while (aq_h5_next_chunk(data, at));
		set->written += band;
	}
done:
	free(packed);
	return rc;
}

/* Copy rows first to `rows` through memory; *crc runs on over them. */
static int copy_rows(struct aq_h5_set *set, struct aq_h5 *from, const char *name,
		     const struct aq_h5_data *data, uint64_t first, uint64_t rows, uint32_t *crc)
{
	int rc = AQ_OK;
	const uint64_t aim = 1 << 22, fit = set->row < aim ? aim / set->row : 1;
	const uint64_t step = fit < rows - first ? fit : rows - first;
	uint64_t offset[AQ_RANK] = { 0 }, extent[AQ_RANK];
	if (step == 0)
		return AQ_OK;
	void *part = malloc(step * set->row);
	if (!part)
		return aq_fail(AQ_ENOMEM, "out of memory copying %s of %s", name, from->path);
	memcpy(extent, data->shape.dim, sizeof extent);
	for (uint64_t at = first; at < rows; at += extent[0]) {
		offset[0] = at;
		extent[0] = rows - at < step ? rows - at : step;
		AQ_TRY(aq_h5_move(from, name, data, false, offset, extent, part));
		*crc = aq_crc(*crc, part, extent[0] * set->row);
		AQ_TRY(aq_h5_append(set, extent[0], part));
	}
done:
	free(part);
	return rc;
}

int aq_h5_append_from(struct aq_h5_set *set, struct aq_h5 *from, const char *name, uint64_t rows)
{
	int rc;
	struct aq_h5_data data;
	uint32_t want, have = 0;
	uint64_t there, packed = 0;
	bool known;
	const uint32_t before = set->crc;
	const uint64_t used = set->written + set->held;
	aq_h5_begin();
	AQ_TRY(aq_h5_data_open(from, name, &data));
	AQ_TRY(aq_h5_match(from, name, &data.shape, &set->data.shape, 1, false));
	AQ_TRY(aq_h5_sum(from, name, &data, &want, &there, &known));
	if (rows > there || (!set->open_ended && rows > set->data.shape.dim[0] - used)) {
		rc = aq_fail(AQ_EDATA,
			     "%s: %s has %llu rows, %llu are to be added to the %llu of %s",
			     from->path, name, (unsigned long long)there, (unsigned long long)rows,
			     (unsigned long long)used, set->file->path);
		goto done;
	}
	AQ_TRY(rouse(set));
	/* Whole bands go packed, if they land on a band and their checksum is of all we copy. */
	if (known && rows == there && set->held == 0 && same_chunks(set, &data))
		packed = rows - rows % set->data.chunk[0];
	if (packed > 0)
		AQ_TRY(copy_chunks(set, from, name, &data, packed));
	AQ_TRY(copy_rows(set, from, name, &data, packed, rows, &have));
	if (packed > 0)
		set->crc = aq_crc_join(before, want, rows * set->row);
	else if (known && rows == there && have != want)
		rc = aq_fail(
			AQ_EDATA,
			"%s: the contents of %s are damaged: their CRC-32 is %08x, recorded is "
			"%08x",
			from->path, name, have, want);
	AQ_TRY(rc);
	AQ_TRY(rest(set));
done:
	aq_h5_data_close(&data);
	return rc;
}
