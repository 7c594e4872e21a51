/* SPDX-License-Identifier: MIT
 *
 * h5_copy.c - HDF5 files: groups and datasets copied from one file to another
 *
 * Not by the library's own copy: what is copied has the bytes of what is written, however often it
 * was copied before.
 */
#include "io/h5_private.h"

#include <stdlib.h>
#include <string.h>

int aq_h5_make_group(struct aq_h5 *file, const char *name)
{
	char below[AQ_H5_NAME + 2];
	aq_h5_begin();
	if (strlen(name) >= AQ_H5_NAME)
		return aq_fail(AQ_EBUG, "%s: the name of a group is too long", file->path);
	strcpy(below, name);
	strcat(below, "/x"); /* a parent of what would stand in it */
	return aq_h5_parents(file, below);
}

/* Made anew where they belong: checksums by what writes, marks of dimensions by aq_h5_axes(). */
static bool is_made_anew(const char *key, bool is_scale)
{
	/* the last two belong to pictures as well */
	static const char *const keys[] = {"crc32",	     "rows",  "axes", "DIMENSION_LIST",
					   "REFERENCE_LIST", "CLASS", "NAME"};
	for (size_t i = 0; i < (is_scale ? 7 : 5); i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

static int copy_attribute(struct aq_h5 *to, struct aq_h5 *from, const char *name, const char *key,
			  hid_t source, hid_t target)
{
	int rc = AQ_OK;
	void *value = NULL;
	const hid_t id = H5Aopen(source, key, H5P_DEFAULT);
	const hid_t type = id < 0 ? -1 : H5Aget_type(id), space = id < 0 ? -1 : H5Aget_space(id);
	const hssize_t count = space < 0 ? -1 : H5Sget_simple_extent_npoints(space);
	const size_t width = type < 0 ? 0 : H5Tget_size(type);
	const H5T_class_t class = type < 0 ? H5T_NO_CLASS : H5Tget_class(type);
	if (count < 0 || width == 0) {
		rc = aq_h5_failed(from, name);
	} else if ((class != H5T_INTEGER && class != H5T_FLOAT && class != H5T_STRING) ||
		   H5Tis_variable_str(type) > 0 || (uint64_t)count > AQ_H5_ATTR_IN / width) {
		rc = aq_fail(AQ_EDATA, "%s: attribute %s of %s is of a kind or size not used here",
			     from->path, key, name);
	} else if (!(value = calloc((size_t)count + 1, width))) {
		rc = aq_fail(AQ_ENOMEM, "out of memory copying %s", name);
	} else if (count > 0 && H5Aread(id, type, value) < 0) {
		rc = aq_h5_failed(from, name);
	} else {
		rc = aq_h5_attr_put(to, name, target, key, type, space, value);
	}
	free(value);
	aq_h5_shut(space, H5Sclose);
	aq_h5_shut(type, H5Tclose);
	aq_h5_shut(id, H5Aclose);
	return rc;
}

static int copy_attributes(struct aq_h5 *to, struct aq_h5 *from, const char *name)
{
	int rc, count = 0;
	char **keys = NULL;
	hid_t source = -1, target = -1;
	AQ_TRY(aq_h5_list(from, name, AQ_H5_ATTRIBUTE, &keys, &count));
	AQ_TRY(aq_h5_object(from, name, &source));
	AQ_TRY(aq_h5_object(to, name, &target));
	bool is_scale, has_axes;
	AQ_TRY(aq_h5_find_attr(from, name, "REFERENCE_LIST", &is_scale));
	AQ_TRY(aq_h5_find_attr(from, name, "axes", &has_axes));
	for (int i = 0; i < count; i++)
		if (!is_made_anew(keys[i], is_scale))
			AQ_TRY(copy_attribute(to, from, name, keys[i], source, target));
	if (has_axes) {
		char *axes;
		AQ_TRY(aq_h5_attr_text(from, name, "axes", &axes));
		rc = aq_h5_axes(to, name, axes);
		free(axes);
	}
done:
	aq_h5_shut(source, H5Oclose);
	aq_h5_shut(target, H5Oclose);
	free(keys);
	return rc;
}

static bool grows(hid_t id)
{
	hsize_t now[AQ_RANK], most[AQ_RANK] = { 0 };
	const hid_t space = H5Dget_space(id);
	const bool yes = space >= 0 && H5Sget_simple_extent_dims(space, now, most) > 0 &&
			 most[0] == H5S_UNLIMITED;
	aq_h5_shut(space, H5Sclose);
	return yes;
}

static int copy_data(struct aq_h5 *to, struct aq_h5 *from, const char *name)
{
	int rc;
	struct aq_h5_data data;
	struct aq_h5_set *set = NULL;
	void *memory = NULL;
	uint32_t crc;
	uint64_t rows;
	bool known;
	AQ_TRY(aq_h5_data_open(from, name, &data));
	if (data.layout == H5D_CHUNKED) {
		AQ_TRY(aq_h5_sum(from, name, &data, &crc, &rows, &known));
		AQ_TRY(aq_h5_make(to, name, data.shape, data.chunk[0], grows(data.id), &set));
		AQ_TRY(aq_h5_append_from(set, from, name, rows));
		struct aq_h5_set *full = set;
		set = NULL;
		rc = aq_h5_finish(full);
	} else {
		struct aq_h5_shape shape = data.shape;
		AQ_TRY(aq_h5_get(from, name, &shape, &memory));
		rc = aq_h5_put(to, name, shape, memory);
	}
done:
	aq_h5_drop(set);
	free(memory);
	aq_h5_data_close(&data);
	return rc;
}

struct copying {
	struct aq_h5 *to, *from;
};

static int copy_one(struct aq_h5 *to, struct aq_h5 *from, const char *name, enum aq_h5_kind kind)
{
	int rc;
	AQ_TRY(kind == AQ_H5_GROUP ? aq_h5_make_group(to, name) : copy_data(to, from, name));
	AQ_TRY(copy_attributes(to, from, name));
done:
	return rc;
}

static int copy_visited(void *self, const char *name, enum aq_h5_kind kind)
{
	const struct copying *copying = self;
	return copy_one(copying->to, copying->from, name, kind);
}

int aq_h5_copy(struct aq_h5 *to, struct aq_h5 *from, const char *name)
{
	int rc;
	hid_t id;
	struct copying copying = { to, from };
	aq_h5_begin();
	AQ_TRY(aq_h5_object(from, name, &id));
	const enum aq_h5_kind kind = H5Iget_type(id) == H5I_GROUP ? AQ_H5_GROUP : AQ_H5_DATASET;
	H5Oclose(id);
	AQ_TRY(copy_one(to, from, name, kind));
	if (kind == AQ_H5_GROUP)
		AQ_TRY(aq_h5_walk_below(from, name, copy_visited, &copying));
done:
	return rc;
}
