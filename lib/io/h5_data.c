/* SPDX-License-Identifier: MIT
 *
 * h5_data.c - HDF5 files: whole datasets, boxes of them, and their checksums
 */
#include "io/h5_private.h"

#include "io/gz.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- making ---------------------------------------------------------------------------------- */

/* What was never written reads as NaN or as the last step there can be, not as a plausible zero. */
bool aq_h5_fill(enum aq_h5_type type, void *element)
{
	const float f32 = nanf("");
	const double f64 = nan("");
	const uint64_t u64 = UINT64_MAX;
	if (type == AQ_F32)
		memcpy(element, &f32, sizeof f32);
	else if (type == AQ_F64)
		memcpy(element, &f64, sizeof f64);
	else if (type == AQ_U64)
		memcpy(element, &u64, sizeof u64);
	return type == AQ_F32 || type == AQ_F64 || type == AQ_U64;
}

static herr_t set_fill(hid_t dcpl, hid_t type, enum aq_h5_type of)
{
	unsigned char element[8];
	return aq_h5_fill(of, element) ? H5Pset_fill_value(dcpl, type, element) : 0;
}

static herr_t set_chunk(hid_t dcpl, const struct aq_h5_shape *shape, const hsize_t *chunk)
{
	struct aq_h5_shape part = *shape;
	const unsigned level = 4; /* above it a tenth of a percent is gained for twice the time */
	for (int i = 0; i < shape->rank; i++)
		part.dim[i] = chunk[i];
	if (H5Pset_chunk(dcpl, shape->rank, chunk) < 0)
		return -1;
	if (aq_h5_bytes(&part) < AQ_H5_WORTHLESS)
		return 0;
	if (shape->type != AQ_STRING && aq_h5_width(shape) > 1 && H5Pset_shuffle(dcpl) < 0)
		return -1;
	return H5Pset_deflate(dcpl, level);
}

int aq_h5_data_make(struct aq_h5 *file, const char *name, const struct aq_h5_shape *shape,
		    const hsize_t *chunk, bool open_ended, hid_t *id)
{
	int rc = AQ_OK;
	hid_t type = -1, space = -1, dcpl = -1, dapl = -1;
	hsize_t now[AQ_RANK], most[AQ_RANK];
	*id = -1;
	if (!file->temporary || shape->rank < 0 || shape->rank > AQ_RANK || aq_h5_width(shape) == 0)
		return aq_fail(AQ_EBUG, "%s: cannot make %s: %s", file->path, name,
			       file->temporary ? "wrong rank or type" : "the file is read-only");
	AQ_TRY(aq_h5_parents(file, name));
	aq_h5_dims(now, shape->dim, shape->rank);
	aq_h5_dims(most, shape->dim, shape->rank);
	if (open_ended) {
		now[0] = 0;
		most[0] = H5S_UNLIMITED;
	}
	type = aq_h5_type_id(shape->type, shape->width);
	if (type >= 0 && shape->type == AQ_STRING && shape->is_ascii &&
	    H5Tset_cset(type, H5T_CSET_ASCII) < 0) {
		rc = aq_h5_failed(file, name);
		goto done;
	}
	space = shape->rank ? H5Screate_simple(shape->rank, now, most) : H5Screate(H5S_SCALAR);
	dcpl = aq_h5_plist(H5P_DATASET_CREATE);
	dapl = H5Pcreate(H5P_DATASET_ACCESS);
	/* No cache of chunks: a chunk is packed and written when it is given, errors come up. */
	if (type < 0 || space < 0 || dcpl < 0 || dapl < 0 ||
	    H5Pset_chunk_cache(dapl, 0, 0, 0) < 0 || set_fill(dcpl, type, shape->type) < 0 ||
	    (chunk && set_chunk(dcpl, shape, chunk) < 0) ||
	    (*id = H5Dcreate2(file->id, name, type, space, H5P_DEFAULT, dcpl, dapl)) < 0)
		rc = aq_h5_failed(file, name);
done:
	aq_h5_shut(type, H5Tclose);
	aq_h5_shut(space, H5Sclose);
	aq_h5_shut(dcpl, H5Pclose);
	aq_h5_shut(dapl, H5Pclose);
	return rc;
}

/* ---- moving elements ------------------------------------------------------------------------- */

/* By the library. */
static int move(struct aq_h5 *file, const char *name, const struct aq_h5_data *data, bool write,
		const uint64_t *offset, const uint64_t *extent, void *memory)
{
	int rc = AQ_OK;
	const bool all = !extent;
	const int rank = data->shape.rank;
	hsize_t start[AQ_RANK], count[AQ_RANK];
	const hid_t type = H5Dget_type(data->id);
	const hid_t from = all ? H5S_ALL : H5Dget_space(data->id);
	const hid_t to =
		all ? H5S_ALL : H5Screate_simple(rank, aq_h5_dims(count, extent, rank), NULL);
	herr_t done = type < 0 || from < 0 || to < 0 ? -1 : 0;
	if (done >= 0 && !all)
		done = H5Sselect_hyperslab(from, H5S_SELECT_SET, aq_h5_dims(start, offset, rank),
					   NULL, count, NULL);
	if (done >= 0)
		done = write ? H5Dwrite(data->id, type, to, from, H5P_DEFAULT, memory) :
			       H5Dread(data->id, type, to, from, H5P_DEFAULT, memory);
	if (done < 0)
		rc = aq_h5_failed(file, name);
	aq_h5_shut(type, H5Tclose);
	if (!all) {
		aq_h5_shut(from, H5Sclose);
		aq_h5_shut(to, H5Sclose);
	}
	return rc;
}

/* What stands in an index is read from the segments themselves, each with its checks. */
static int check_own(struct aq_h5 *file, const char *name, const struct aq_h5_data *data)
{
	if (data->layout != H5D_VIRTUAL)
		return AQ_OK;
	return aq_fail(AQ_EDATA,
		       "%s: %s is but an index over the segments beside it; pass the folder they are in",
		       file->path, name);
}

int aq_h5_move(struct aq_h5 *file, const char *name, const struct aq_h5_data *data, bool write,
	       const uint64_t *offset, const uint64_t *extent, void *memory)
{
	static const uint64_t start_of_all[AQ_RANK];
	const int rc = write ? AQ_OK : check_own(file, name, data);
	if (rc < 0)
		return rc;
	if (!write && data->layout == H5D_CHUNKED && data->filters && !file->temporary)
		return aq_h5_unpack_box(file, name, data, extent ? offset : start_of_all,
					extent ? extent : data->shape.dim, memory);
	return move(file, name, data, write, offset, extent, memory);
}

/* ---- checksums ------------------------------------------------------------------------------- */

int aq_h5_sum_write(struct aq_h5 *file, const char *name, hid_t data, uint32_t crc)
{
	const hid_t space = H5Screate(H5S_SCALAR);
	const int rc = space < 0 ? aq_h5_failed(file, name) :
		       aq_h5_attr_put(file, name, data, "crc32", H5T_STD_U32LE, space, &crc);
	aq_h5_shut(space, H5Sclose);
	return rc;
}

/* A whole number from an attribute of an open dataset: 1, 0 where there is none. */
static int read_number(struct aq_h5 *file, const char *name, hid_t data, const char *key,
		       uint64_t *value)
{
	const htri_t there = H5Aexists(data, key);
	if (there <= 0)
		return there < 0 ? aq_h5_failed(file, name) : 0;
	int rc = 1;
	const hid_t attr = H5Aopen(data, key, H5P_DEFAULT);
	const hid_t type = attr < 0 ? -1 : H5Aget_type(attr),
		    space = attr < 0 ? -1 : H5Aget_space(attr);
	if (type < 0 || space < 0)
		rc = aq_h5_failed(file, name);
	else if (H5Tget_class(type) != H5T_INTEGER || H5Sget_simple_extent_npoints(space) != 1)
		rc = aq_fail(AQ_EDATA, "%s: %s: attribute %s is not one number", file->path, name,
			     key);
	else if (H5Aread(attr, H5T_NATIVE_UINT64, value) < 0)
		rc = aq_h5_failed(file, name);
	aq_h5_shut(type, H5Tclose);
	aq_h5_shut(space, H5Sclose);
	aq_h5_shut(attr, H5Aclose);
	return rc;
}

int aq_h5_sum(struct aq_h5 *file, const char *name, const struct aq_h5_data *data, uint32_t *crc,
	      uint64_t *rows, bool *known)
{
	uint64_t value = 0;
	*rows = data->shape.rank ? data->shape.dim[0] : 1;
	*crc = 0;
	*known = false;
	if (data->layout == H5D_VIRTUAL)
		return AQ_OK;
	int rc = read_number(file, name, data->id, "crc32", &value);
	if (rc < 0)
		return rc;
	if (rc == 0 || value > UINT32_MAX)
		return aq_fail(AQ_EDATA,
			       "%s: %s has no checksum; it was not written by aquatint, or not to "
			       "its end",
			       file->path, name);
	*crc = (uint32_t)value;
	*known = true;
	rc = read_number(file, name, data->id, "rows", &value);
	if (rc > 0 && value > *rows)
		return aq_fail(AQ_EDATA, "%s: %s says it has %llu rows of %llu", file->path, name,
			       (unsigned long long)value, (unsigned long long)*rows);
	if (rc > 0)
		*rows = value;
	return rc < 0 ? rc : AQ_OK;
}

static int wrong_sum(const struct aq_h5 *file, const char *name, uint32_t have, uint32_t want)
{
	return aq_fail(
		AQ_EDATA,
		"%s: the contents of %s are damaged: their CRC-32 is %08x, recorded is %08x; "
		"make the file anew or fetch it again",
		file->path, name, have, want);
}

/* ---- whole datasets -------------------------------------------------------------------------- */

int aq_h5_put(struct aq_h5 *file, const char *name, struct aq_h5_shape shape, const void *bytes)
{
	int rc;
	aq_h5_begin();
	const uint64_t size = aq_h5_bytes(&shape), small = 512, usual = 1 << 18;
	if (shape.rank > 0 && size >= small) {
		/* chunks of a quarter of a MiB: a picture or a filter is read without unpacking
		 * much more */
		const uint64_t row = size / shape.dim[0];
		struct aq_h5_set *set = NULL;
		AQ_TRY(aq_h5_make(file, name, shape, row < usual ? usual / row : 1, false, &set));
		rc = aq_h5_append(set, shape.dim[0], bytes);
		if (rc == AQ_OK)
			return aq_h5_finish(set);
		aq_h5_drop(set);
		return rc;
	}
	struct aq_h5_data data = { .id = -1, .shape = shape };
	AQ_TRY(aq_h5_data_make(file, name, &shape, NULL, false, &data.id));
	/* the library takes what it writes as const, our one function for both ways does not */
	if (size > 0)
		AQ_TRY(aq_h5_move(file, name, &data, true, NULL, NULL, (void *)(uintptr_t)bytes));
	AQ_TRY(aq_h5_sum_write(file, name, data.id, aq_crc(0, bytes, size)));
	const hid_t id = data.id;
	data.id = -1;
	if (H5Dclose(id) < 0)
		rc = aq_h5_failed(file, name);
done:
	if (rc < 0)
		aq_h5_data_close(&data);
	return rc;
}

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text > 127)
			return false;
	return true;
}

int aq_h5_put_text(struct aq_h5 *file, const char *name, const char *text)
{
	const size_t length = strlen(text);
	const struct aq_h5_shape shape = {
		.type = AQ_STRING, .width = length ? length : 1, .is_ascii = is_ascii(text)
	};
	return aq_h5_put(file, name, shape, text);
}

int aq_h5_put_texts(struct aq_h5 *file, const char *name, const char *const *texts, int count)
{
	struct aq_h5_shape shape = AQ_SHAPE1(AQ_STRING, (uint64_t)count);
	shape.width = 1;
	shape.is_ascii = true;
	for (int i = 0; i < count; i++)
		shape.is_ascii &= is_ascii(texts[i]);
	for (int i = 0; i < count; i++)
		shape.width = strlen(texts[i]) > shape.width ? strlen(texts[i]) : shape.width;
	char *block = calloc((size_t)count + 1, shape.width);
	if (!block)
		return aq_fail(AQ_ENOMEM, "out of memory writing %s of %s", name, file->path);
	for (int i = 0; i < count; i++)
		memcpy(block + (size_t)i * shape.width, texts[i], strlen(texts[i]));
	const int rc = aq_h5_put(file, name, shape, block);
	free(block);
	return rc;
}

int aq_h5_shape(struct aq_h5 *file, const char *name, struct aq_h5_shape *shape)
{
	struct aq_h5_data data;
	aq_h5_begin();
	const int rc = aq_h5_data_open(file, name, &data);
	if (rc == AQ_OK)
		*shape = data.shape;
	aq_h5_data_close(&data);
	return rc;
}

/* All of an open dataset, its checksum verified. */
static int read_all(struct aq_h5 *file, const char *name, const struct aq_h5_data *data, void *to)
{
	uint32_t want;
	uint64_t rows;
	bool known;
	int rc = aq_h5_sum(file, name, data, &want, &rows, &known);
	if (rc == AQ_OK && aq_h5_bytes(&data->shape) > 0)
		rc = aq_h5_move(file, name, data, false, NULL, NULL, to);
	if (rc < 0 || !known)
		return rc;
	const uint32_t have = aq_crc(0, to, rows * aq_h5_below(&data->shape, 1));
	return have == want ? AQ_OK : wrong_sum(file, name, have, want);
}

int aq_h5_get(struct aq_h5 *file, const char *name, struct aq_h5_shape *shape, void **out)
{
	int rc;
	struct aq_h5_data data;
	void *to = NULL;
	*out = NULL;
	aq_h5_begin();
	AQ_TRY(aq_h5_data_open(file, name, &data));
	AQ_TRY(aq_h5_match(file, name, &data.shape, shape, 0, true));
	AQ_TRY(check_own(file, name, &data));
	const uint64_t bytes = aq_h5_bytes(&data.shape);
	to = malloc(bytes + 1);
	if (!to) {
		rc = aq_fail(AQ_ENOMEM, "out of memory: %s of %s takes %llu bytes", name,
			     file->path, (unsigned long long)bytes);
		goto done;
	}
	AQ_TRY(read_all(file, name, &data, to));
	*shape = data.shape;
	*out = to;
	to = NULL;
done:
	free(to);
	aq_h5_data_close(&data);
	return rc;
}

int aq_h5_get_into(struct aq_h5 *file, const char *name, struct aq_h5_shape shape, void *to)
{
	int rc;
	struct aq_h5_data data;
	aq_h5_begin();
	AQ_TRY(aq_h5_data_open(file, name, &data));
	AQ_TRY(aq_h5_match(file, name, &data.shape, &shape, 0, false));
	AQ_TRY(check_own(file, name, &data));
	AQ_TRY(read_all(file, name, &data, to));
done:
	aq_h5_data_close(&data);
	return rc;
}

int aq_h5_get_text(struct aq_h5 *file, const char *name, char **text)
{
	struct aq_h5_shape shape = { .type = AQ_STRING };
	void *bytes;
	*text = NULL;
	const int rc = aq_h5_get(file, name, &shape, &bytes);
	if (rc < 0)
		return rc;
	*text = bytes;
	(*text)[shape.width] = '\0'; /* aq_h5_get leaves a byte for it */
	return AQ_OK;
}

int aq_h5_get_texts(struct aq_h5 *file, const char *name, char ***texts, int *count)
{
	struct aq_h5_shape shape = AQ_SHAPE1(AQ_STRING, 0);
	void *data;
	*texts = NULL;
	*count = 0;
	const int rc = aq_h5_get(file, name, &shape, &data);
	if (rc < 0)
		return rc;
	const size_t n = shape.dim[0], slot = shape.width + 1;
	char **block = calloc(1, (n + 1) * sizeof *block + n * slot);
	for (size_t i = 0; block && i < n; i++) {
		block[i] = (char *)(block + n + 1) + i * slot;
		memcpy(block[i], (char *)data + i * shape.width, shape.width);
	}
	free(data);
	*texts = block;
	*count = block ? (int)n : 0;
	return block ? AQ_OK
		     : aq_fail(AQ_ENOMEM, "out of memory reading %s of %s", name, file->path);
}

/* ---- parts ----------------------------------------------------------------------------------- */

/* A box, and what vouches for it: chunks that are packed carry a checksum each; what is not packed is
 * read whole for the one of the dataset, and so is what is small. */
static int read_box(struct aq_h5 *file, const char *name, const struct aq_h5_data *data,
		    const uint64_t *offset, const uint64_t *extent, void *to)
{
	static const uint64_t corner[AQ_RANK];
	const struct aq_h5_shape *shape = &data->shape;
	const uint64_t bytes = aq_h5_bytes(shape);
	int rc = check_own(file, name, data);
	if (rc < 0)
		return rc;
	if (file->temporary || (data->filters & AQ_H5_DEFLATE && bytes > AQ_H5_WHOLE))
		return aq_h5_move(file, name, data, false, offset, extent, to);
	if (shape->rank == 0)
		return read_all(file, name, data, to);
	void *whole = malloc(bytes);
	if (!whole)
		return aq_fail(AQ_ENOMEM, "out of memory reading %s of %s", name, file->path);
	rc = read_all(file, name, data, whole);
	if (rc == AQ_OK)
		aq_h5_cut(shape->rank, aq_h5_width(shape), whole, corner, shape->dim, offset, extent, to);
	free(whole);
	return rc;
}

int aq_h5_box(struct aq_h5 *file, const char *name, struct aq_h5_shape shape,
	      const uint64_t *offset, const uint64_t *extent, void *to)
{
	int rc;
	struct aq_h5_data data;
	bool empty = false;
	aq_h5_begin();
	AQ_TRY(aq_h5_data_open(file, name, &data));
	AQ_TRY(aq_h5_match(file, name, &data.shape, &shape, data.shape.rank, true));
	for (int i = 0; i < data.shape.rank; i++) {
		const uint64_t have = data.shape.dim[i];
		empty |= extent[i] == 0;
		if (offset[i] > have || extent[i] > have - offset[i]) {
			rc = aq_fail(AQ_EDATA,
				     "%s: %s has %llu along dimension %d, %llu from %llu on are "
				     "wanted",
				     file->path, name, (unsigned long long)have, i,
				     (unsigned long long)extent[i], (unsigned long long)offset[i]);
			goto done;
		}
	}
	if (!empty)
		AQ_TRY(read_box(file, name, &data, offset, extent, to));
done:
	aq_h5_data_close(&data);
	return rc;
}

int aq_h5_rows(struct aq_h5 *file, const char *name, struct aq_h5_shape shape, uint64_t first,
	       uint64_t rows, void *to)
{
	int rc;
	struct aq_h5_data data;
	const uint64_t offset[AQ_RANK] = { first };
	aq_h5_begin();
	AQ_TRY(aq_h5_data_open(file, name, &data));
	AQ_TRY(aq_h5_match(file, name, &data.shape, &shape, 1, false));
	if (shape.rank < 1 || first > data.shape.dim[0] || rows > data.shape.dim[0] - first) {
		rc = aq_fail(AQ_EDATA, "%s: %s has %llu rows, %llu from row %llu on are wanted",
			     file->path, name, (unsigned long long)data.shape.dim[0],
			     (unsigned long long)rows, (unsigned long long)first);
		goto done;
	}
	shape.dim[0] = rows;
	if (aq_h5_bytes(&shape) > 0)
		AQ_TRY(read_box(file, name, &data, offset, shape.dim, to));
done:
	aq_h5_data_close(&data);
	return rc;
}

int aq_h5_check(struct aq_h5 *file, const char *name)
{
	int rc;
	struct aq_h5_data data;
	uint32_t want, have = 0;
	uint64_t rows, offset[AQ_RANK] = { 0 };
	bool known;
	void *part = NULL;
	aq_h5_begin();
	AQ_TRY(aq_h5_data_open(file, name, &data));
	/* an index over segments has no elements of its own */
	if (data.layout == H5D_VIRTUAL)
		goto done;
	AQ_TRY(aq_h5_sum(file, name, &data, &want, &rows, &known));
	/* by parts of about 4 MiB, whole chunks where they fit */
	struct aq_h5_shape part_shape = data.shape;
	const uint64_t row = aq_h5_below(&data.shape, 1), aim = 1 << 22;
	uint64_t step = row && row < aim ? aim / row : 1;
	if (data.layout == H5D_CHUNKED && step > data.chunk[0])
		step -= step % data.chunk[0];
	if (step > rows)
		step = rows;
	if (!(part = malloc(step * row + 1))) {
		rc = aq_fail(AQ_ENOMEM, "out of memory checking %s of %s", name, file->path);
		goto done;
	}
	for (uint64_t at = 0; row > 0 && at < rows; at += step) {
		const uint64_t count = rows - at < step ? rows - at : step;
		offset[0] = at;
		part_shape.dim[0] = count;
		AQ_TRY(aq_h5_move(file, name, &data, false, offset,
				  data.shape.rank ? part_shape.dim : NULL, part));
		have = aq_crc(have, part, count * row);
	}
	if (known && have != want)
		rc = wrong_sum(file, name, have, want);
done:
	free(part);
	aq_h5_data_close(&data);
	return rc;
}
