/* SPDX-License-Identifier: MIT
 *
 * h5_array.c - HDF5 files: arrays in memory become datasets, datasets or parts of them arrays, under their
 * checksums
 */
#include "io/h5_private.h"

#include "io/gz.h"

#include <stdlib.h>
#include <string.h>

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

static int wrong_sum(const struct aq_h5 *file, const char *name, uint32_t have, uint32_t want)
{
	return aq_fail(
		AQ_EDATA,
		"%s: the contents of %s are damaged: their CRC-32 is %08x, recorded is %08x; "
		"make the file anew or fetch it again",
		file->path, name, have, want);
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

/* Open a dataset that has elements of its own. */
static int open_own(struct aq_h5 *file, const char *name, struct aq_h5_data *data)
{
	int rc;
	aq_h5_begin();
	AQ_TRY(aq_h5_data_open(file, name, data));
	AQ_TRY(aq_h5_check_own(file, name, data));
done:
	return rc;
}

int aq_h5_get(struct aq_h5 *file, const char *name, struct aq_h5_shape *shape, void **out)
{
	int rc;
	struct aq_h5_data data;
	void *to = NULL;
	*out = NULL;
	AQ_TRY(open_own(file, name, &data));
	AQ_TRY(aq_h5_match(file, name, &data.shape, shape, 0, true));
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
	AQ_TRY(open_own(file, name, &data));
	AQ_TRY(aq_h5_match(file, name, &data.shape, &shape, 0, false));
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
	int rc;
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
	AQ_TRY(open_own(file, name, &data));
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
	AQ_TRY(open_own(file, name, &data));
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
