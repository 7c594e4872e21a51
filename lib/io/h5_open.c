/* SPDX-License-Identifier: MIT
 *
 * h5_open.c - HDF5 files: finding objects, and refusing what a hostile or damaged file may hold
 *
 * A file may name other files (external storage, external links, virtual datasets), loop through
 * its own links, or claim 10^12 elements in a few bytes.  Everything is looked at before it is
 * followed or allocated.
 */
#include "io/h5_private.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static int check_name(const struct aq_h5 *file, const char *name)
{
	if (name[0] != '/' || strlen(name) >= AQ_H5_NAME || strstr(name, "//"))
		return aq_fail(AQ_EBUG, "%s: '%.60s' is no absolute path of at most %d bytes",
			       file->path, name, AQ_H5_NAME - 1);
	return AQ_OK;
}

/* The library says of what is in a damaged group that it is not there; 0 if the group can be read. */
static int check_parent(struct aq_h5 *file, char *name)
{
	*strrchr(name, '/') = '\0';
	if (!*name)
		return 0;
	const hid_t id = H5Oopen(file->id, name, H5P_DEFAULT);
	if (id < 0)
		return aq_h5_failed(file, name);
	return H5Oclose(id) < 0 ? aq_h5_failed(file, name) : 0;
}

int aq_h5_link(struct aq_h5 *file, const char *name)
{
	char part[AQ_H5_NAME];
	int rc = check_name(file, name);
	if (rc == AQ_OK)
		rc = aq_probe_object(file->probe, name);
	if (rc < 0)
		return rc;
	if (!name[1])
		return 1;
	for (const char *end = name; *end;) {
		end = strchrnul(end + 1, '/');
		const size_t length = (size_t)(end - name);
		H5L_info_t info;
		memcpy(part, name, length);
		part[length] = '\0';
		const htri_t there = H5Lexists(file->id, part, H5P_DEFAULT);
		if (there < 0 || (there > 0 && H5Lget_info(file->id, part, &info, H5P_DEFAULT) < 0))
			return aq_h5_failed(file, part);
		if (!there)
			return check_parent(file, part);
		if (info.type != H5L_TYPE_HARD)
			return aq_fail(AQ_EDATA,
				       "%s: %s is a link to elsewhere, which is never followed; "
				       "copy the file with h5repack",
				       file->path, part);
	}
	return 1;
}

int aq_h5_object(struct aq_h5 *file, const char *name, hid_t *id)
{
	*id = -1;
	const int there = aq_h5_link(file, name);
	if (there < 0)
		return there;
	if (!there)
		return aq_fail(AQ_EDATA, "%s (%s) has no %s", file->path,
			       file->format ? file->format : "no format", name);
	*id = H5Oopen(file->id, name, H5P_DEFAULT);
	return *id < 0 ? aq_h5_failed(file, name) : AQ_OK;
}

int aq_h5_parents(struct aq_h5 *file, const char *name)
{
	char part[AQ_H5_NAME];
	int rc = check_name(file, name);
	for (const char *end = strchr(name + 1, '/'); rc >= 0 && end; end = strchr(end + 1, '/')) {
		memcpy(part, name, (size_t)(end - name));
		part[end - name] = '\0';
		const htri_t there = H5Lexists(file->id, part, H5P_DEFAULT);
		if (there > 0)
			continue;
		/* not made by the library on the way: those groups would carry the time */
		const hid_t gcpl = there < 0 ? -1 : aq_h5_plist(H5P_GROUP_CREATE);
		const hid_t id =
			gcpl < 0 ? -1 : H5Gcreate2(file->id, part, H5P_DEFAULT, gcpl, H5P_DEFAULT);
		rc = id < 0 || H5Gclose(id) < 0 ? aq_h5_failed(file, part) : AQ_OK;
		aq_h5_shut(gcpl, H5Pclose);
	}
	return rc;
}

/* ---- datasets -------------------------------------------------------------------------------- */

static int check_filters(struct aq_h5 *file, const char *name, hid_t dcpl, int *filters)
{
	const int count = H5Pget_nfilters(dcpl);
	*filters = 0;
	if (count < 0)
		return aq_h5_failed(file, name);
	for (int i = 0; i < count; i++) {
		unsigned flags = 0, config = 0;
		size_t values = 0;
		char text[64] = "";
		const H5Z_filter_t id = H5Pget_filter2(dcpl, (unsigned)i, &flags, &values, NULL,
						       sizeof text, text, &config);
		const int bit = id == H5Z_FILTER_SHUFFLE ? AQ_H5_SHUFFLE
				: id == H5Z_FILTER_DEFLATE ? AQ_H5_DEFLATE
							   : 0;
		/* each once, and in this order */
		if (bit <= *filters)
			return aq_fail(AQ_EDATA,
				       "%s: %s is packed by filter %d '%.30s', which is not "
				       "used here; unpack it with h5repack -f NONE",
				       file->path, name, id, text);
		*filters |= bit;
	}
	return AQ_OK;
}

/* The index of a live run, and only that, is made of datasets of the files beside it. */
static int check_virtual(struct aq_h5 *file, const char *name, hid_t dcpl)
{
	char source[256], dataset[AQ_H5_NAME];
	size_t count = 0;
	if (!file->format || strcmp(file->format, "aquatint-run") != 0)
		return aq_fail(AQ_EDATA,
			       "%s: %s is a virtual dataset, which only a run in progress has",
			       file->path, name);
	if (H5Pget_virtual_count(dcpl, &count) < 0)
		return aq_h5_failed(file, name);
	if (count != 1)
		return aq_fail(AQ_EDATA, "%s: %s is made of %zu other datasets, not one",
			       file->path, name, count);
	const ssize_t a = H5Pget_virtual_filename(dcpl, 0, source, sizeof source);
	const ssize_t b = H5Pget_virtual_dsetname(dcpl, 0, dataset, sizeof dataset);
	if (a < 0 || b < 0)
		return aq_h5_failed(file, name);
	if (a >= (ssize_t)sizeof source || strchr(source, '/') || strcmp(dataset, name) != 0)
		return aq_fail(AQ_EDATA, "%s: %s leads out of the folder of its run", file->path,
			       name);
	return AQ_OK;
}

static int find_layout(struct aq_h5 *file, const char *name, hid_t dcpl, struct aq_h5_data *data)
{
	int rc;
	data->layout = H5Pget_layout(dcpl);
	const int external = H5Pget_external_count(dcpl);
	if (data->layout < 0 || external < 0)
		return aq_h5_failed(file, name);
	if (external > 0)
		return aq_fail(AQ_EDATA, "%s: %s is stored in another file, which is never opened",
			       file->path, name);
	AQ_TRY(check_filters(file, name, dcpl, &data->filters));
	if (data->layout == H5D_VIRTUAL)
		rc = check_virtual(file, name, dcpl);
done:
	return rc;
}

static int check_chunk(struct aq_h5 *file, const char *name, hid_t dcpl, struct aq_h5_data *data)
{
	struct aq_h5_shape chunk = data->shape;
	if (data->layout != H5D_CHUNKED)
		return AQ_OK;
	if (H5Pget_chunk(dcpl, AQ_RANK, data->chunk) != data->shape.rank)
		return aq_h5_failed(file, name);
	for (int i = 0; i < chunk.rank; i++)
		chunk.dim[i] = data->chunk[i];
	const uint64_t bytes = aq_h5_below(&chunk, 0);
	if (bytes == 0 || bytes > AQ_H5_CHUNK_IN)
		return aq_fail(AQ_EDATA, "%s: %s has chunks of %llu bytes, at most %d are accepted",
			       file->path, name, (unsigned long long)bytes, AQ_H5_CHUNK_IN);
	return AQ_OK;
}

/* How many chunks a dataset is divided into. */
static uint64_t chunks_of(const struct aq_h5_data *data)
{
	uint64_t count = 1;
	for (int i = 0; i < data->shape.rank; i++) {
		const uint64_t each = data->chunk[i], dim = data->shape.dim[i];
		if (__builtin_mul_overflow(count, dim / each + (dim % each > 0), &count))
			return UINT64_MAX;
	}
	return count;
}

/* Deflate packs at most 1032 to 1, so a file cannot hold more than about that times its size; some
 * room is left for rows that were declared and never written. */
static int check_size(const struct aq_h5 *file, const char *name, const struct aq_h5_data *data)
{
	const uint64_t bytes = aq_h5_below(&data->shape, 0), free_of_doubt = 1 << 28;
	const uint64_t most = file->size * (data->filters & AQ_H5_DEFLATE ? 1100 : 1);
	const uint64_t most_chunks = file->size + (1 << 16);
	if (bytes > most && (bytes > free_of_doubt || data->layout != H5D_CHUNKED))
		return aq_fail(AQ_EDATA,
			       "%s: %s claims %llu bytes, more than a file of %llu bytes can hold",
			       file->path, name, (unsigned long long)bytes,
			       (unsigned long long)file->size);
	if (data->layout == H5D_CHUNKED && chunks_of(data) > most_chunks)
		return aq_fail(AQ_EDATA, "%s: %s claims more chunks than a file of %llu bytes can hold",
			       file->path, name, (unsigned long long)file->size);
	return AQ_OK;
}

/* The extent of a virtual dataset follows the segments that are there: the library opens them all to tell it,
 * so only what one row is like is looked up. */
static hid_t space_of(hid_t id, hid_t dcpl, bool is_virtual)
{
	return is_virtual ? H5Pget_virtual_vspace(dcpl, 0) : H5Dget_space(id);
}

static int find_shape(struct aq_h5 *file, const char *name, hid_t dcpl, struct aq_h5_data *data)
{
	int rc = AQ_OK;
	hsize_t dims[AQ_RANK];
	const bool is_virtual = data->layout == H5D_VIRTUAL;
	const hid_t type = H5Dget_type(data->id), space = space_of(data->id, dcpl, is_virtual);
	const int rank = space < 0 ? -1 : H5Sget_simple_extent_ndims(space);
	if (type < 0 || rank < 0) {
		rc = aq_h5_failed(file, name);
	} else if (rank > AQ_RANK || H5Sget_simple_extent_type(space) == H5S_NULL) {
		rc = aq_fail(AQ_EDATA, "%s: %s has %d dimensions, at most %d are known", file->path,
			     name, rank, AQ_RANK);
	} else {
		data->shape.rank = rank;
		data->shape.type = aq_h5_type_of(type, &data->shape.width);
		data->shape.is_ascii = data->shape.type == AQ_STRING &&
				       H5Tget_cset(type) == H5T_CSET_ASCII;
		if (!data->shape.type || data->shape.width > AQ_H5_ATTR_IN)
			rc = aq_fail(AQ_EDATA,
				     "%s: %s is of a type that is not used here (ours are u8, "
				     "i32, u32, u64, f32, f64 little-endian, and strings of fixed "
				     "length)",
				     file->path, name);
		else if (rank > 0 && H5Sget_simple_extent_dims(space, dims, NULL) < 0)
			rc = aq_h5_failed(file, name);
		for (int i = is_virtual; i < rank && rc == AQ_OK; i++)
			data->shape.dim[i] = dims[i];
		data->shape.is_index = is_virtual;
	}
	aq_h5_shut(type, H5Tclose);
	aq_h5_shut(space, H5Sclose);
	return rc;
}

/* Chunks without filters are left to the library, but not to its cache of chunks: that takes their
 * size from the index, which may be damaged, where the other way takes it from the layout. */
static int open_uncached(struct aq_h5 *file, const char *name, struct aq_h5_data *data)
{
	const hid_t dapl = H5Pcreate(H5P_DATASET_ACCESS), id = data->id;
	int rc = AQ_OK;
	data->id = -1;
	if (H5Oclose(id) < 0 || dapl < 0 || H5Pset_chunk_cache(dapl, 0, 0, 0) < 0 ||
	    (data->id = H5Dopen2(file->id, name, dapl)) < 0)
		rc = aq_h5_failed(file, name);
	aq_h5_shut(dapl, H5Pclose);
	return rc;
}

int aq_h5_data_open(struct aq_h5 *file, const char *name, struct aq_h5_data *data)
{
	hid_t dcpl = -1;
	int rc;
	*data = (struct aq_h5_data){ .id = -1 };
	AQ_TRY(aq_h5_object(file, name, &data->id));
	if (H5Iget_type(data->id) != H5I_DATASET) {
		rc = aq_fail(AQ_EDATA, "%s: %s is a group, not a dataset", file->path, name);
		goto done;
	}
	if ((dcpl = H5Dget_create_plist(data->id)) < 0) {
		rc = aq_h5_failed(file, name);
		goto done;
	}
	AQ_TRY(find_layout(file, name, dcpl, data));
	AQ_TRY(find_shape(file, name, dcpl, data));
	AQ_TRY(check_chunk(file, name, dcpl, data));
	if (!file->temporary)
		AQ_TRY(check_size(file, name, data));
	if (!file->temporary && data->layout == H5D_CHUNKED && !data->filters)
		AQ_TRY(open_uncached(file, name, data));
done:
	aq_h5_shut(dcpl, H5Pclose);
	if (rc < 0)
		aq_h5_data_close(data);
	return rc;
}

void aq_h5_data_close(struct aq_h5_data *data)
{
	aq_h5_shut(data->id, H5Oclose);
	data->id = -1;
}
