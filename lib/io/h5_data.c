/* SPDX-License-Identifier: MIT
 *
 * h5_data.c - HDF5 files: datasets are made, their elements moved, their checksums noted and looked up
 */
#include "io/h5_private.h"

#include <math.h>
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
int aq_h5_check_own(struct aq_h5 *file, const char *name, const struct aq_h5_data *data)
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
	const int rc = write ? AQ_OK : aq_h5_check_own(file, name, data);
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
