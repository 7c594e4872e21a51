/* SPDX-License-Identifier: MIT
 *
 * h5_mark.c - HDF5 files: the index of a live run, and what viewers look for
 *
 * Dimension scales are written here by hand, after the HDF5 Dimension Scale Specification, because
 * the library's own functions rewrite the list of references once a dataset and put strings of
 * variable length beside it.
 */
#include "io/h5_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- virtual datasets ------------------------------------------------------------------------ */

int aq_h5_virtual(struct aq_h5 *file, const char *name, struct aq_h5_shape row, uint64_t rows,
		  const char *pattern)
{
	int rc;
	hsize_t now[AQ_RANK], most[AQ_RANK], each[AQ_RANK], start[AQ_RANK] = { 0 }, count[AQ_RANK];
	hid_t type = -1, to = -1, from = -1, dcpl = -1, id = -1;
	unsigned char fill[8];
	aq_h5_begin();
	AQ_TRY(aq_h5_parents(file, name));
	for (int i = 0; i < row.rank; i++) {
		now[i] = most[i] = each[i] = row.dim[i];
		count[i] = 1;
	}
	now[0] = 0;
	most[0] = count[0] = H5S_UNLIMITED;
	each[0] = rows;
	if ((type = aq_h5_type_id(row.type, row.width)) < 0 ||
	    (to = H5Screate_simple(row.rank, now, most)) < 0 ||
	    (from = H5Screate_simple(row.rank, each, NULL)) < 0 ||
	    (dcpl = aq_h5_plist(H5P_DATASET_CREATE)) < 0 ||
	    (aq_h5_fill(row.type, fill) && H5Pset_fill_value(dcpl, type, fill) < 0) ||
	    H5Sselect_hyperslab(to, H5S_SELECT_SET, start, each, count, each) < 0 ||
	    H5Pset_virtual(dcpl, to, pattern, name, from) < 0 ||
	    (id = H5Dcreate2(file->id, name, type, to, H5P_DEFAULT, dcpl, H5P_DEFAULT)) < 0 ||
	    H5Dclose(id) < 0)
		rc = aq_h5_failed(file, name);
done:
	aq_h5_shut(type, H5Tclose);
	aq_h5_shut(to, H5Sclose);
	aq_h5_shut(from, H5Sclose);
	aq_h5_shut(dcpl, H5Pclose);
	return rc;
}

/* ---- attributes that specifications ask for: ASCII, ended by a NUL --------------------------- */

static int set_ascii(struct aq_h5 *file, const char *at, hid_t object, const char *key,
		     const char *text)
{
	int rc = AQ_OK;
	const hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
	if (type < 0 || space < 0 || H5Tset_size(type, strlen(text) + 1) < 0)
		rc = aq_h5_failed(file, at);
	else
		rc = aq_h5_attr_put(file, at, object, key, type, space, text);
	aq_h5_shut(type, H5Tclose);
	aq_h5_shut(space, H5Sclose);
	return rc;
}

static int set_bytes(struct aq_h5 *file, const char *at, hid_t object, const char *key, int count,
		     const uint8_t *values)
{
	const hsize_t dim = (hsize_t)count;
	const hid_t space = count == 1 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &dim, NULL);
	const int rc = space < 0 ? aq_h5_failed(file, at) :
		       aq_h5_attr_put(file, at, object, key, H5T_STD_U8LE, space, values);
	aq_h5_shut(space, H5Sclose);
	return rc;
}

int aq_h5_mark_image(struct aq_h5 *file, const char *name)
{
	static const uint8_t range[2] = { 0, 255 }, zero = 0;
	int rc;
	struct aq_h5_data data;
	aq_h5_begin();
	AQ_TRY(aq_h5_data_open(file, name, &data));
	const bool colour = data.shape.rank == 3 && data.shape.dim[2] == 3;
	if (data.shape.type != AQ_U8 || (!colour && data.shape.rank != 2)) {
		rc = aq_fail(AQ_EBUG, "%s: %s is no picture", file->path, name);
		goto done;
	}
	AQ_TRY(set_ascii(file, name, data.id, "CLASS", "IMAGE"));
	AQ_TRY(set_ascii(file, name, data.id, "IMAGE_VERSION", "1.2"));
	AQ_TRY(set_ascii(file, name, data.id, "IMAGE_SUBCLASS",
			 colour ? "IMAGE_TRUECOLOR" : "IMAGE_GRAYSCALE"));
	if (colour)
		AQ_TRY(set_ascii(file, name, data.id, "INTERLACE_MODE", "INTERLACE_PIXEL"));
	else
		AQ_TRY(set_bytes(file, name, data.id, "IMAGE_WHITE_IS_ZERO", 1, &zero));
	AQ_TRY(set_bytes(file, name, data.id, "IMAGE_MINMAXRANGE", 2, range));
	AQ_TRY(set_ascii(file, name, data.id, "DISPLAY_ORIGIN", "UL"));
done:
	aq_h5_data_close(&data);
	return rc;
}

/* ---- dimension scales ------------------------------------------------------------------------ */

/* A use of a scale; the compound of the specification's REFERENCE_LIST. */
struct use {
	hobj_ref_t dataset;
	int32_t dimension;
};

struct aq_h5_scale {
	struct aq_h5_scale *next;
	char *name; /* "/step" */
	struct use *uses;
	size_t count, room;
};

void aq_h5_scales_free(struct aq_h5 *file)
{
	for (struct aq_h5_scale *scale = file->scales, *next; scale; scale = next) {
		next = scale->next;
		free(scale->name);
		free(scale->uses);
		free(scale);
	}
	file->scales = NULL;
}

static int use_scale(struct aq_h5 *file, const char *name, struct use use)
{
	struct aq_h5_scale **at = &file->scales;
	while (*at && strcmp((*at)->name, name) != 0)
		at = &(*at)->next;
	if (!*at) {
		struct aq_h5_scale *made = calloc(1, sizeof *made);
		if (!made || !(made->name = strdup(name))) {
			free(made);
			return aq_fail(AQ_ENOMEM, "out of memory writing %s", file->path);
		}
		*at = made;
	}
	struct aq_h5_scale *scale = *at;
	if (scale->count == scale->room) {
		scale->room = scale->room ? 2 * scale->room : 8;
		struct use *more = realloc(scale->uses, scale->room * sizeof *more);
		if (!more)
			return aq_fail(AQ_ENOMEM, "out of memory writing %s", file->path);
		scale->uses = more;
	}
	scale->uses[scale->count++] = use;
	return AQ_OK;
}

static hid_t use_type(void)
{
	const hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(struct use));
	if (type >= 0 &&
	    (H5Tinsert(type, "dataset", HOFFSET(struct use, dataset), H5T_STD_REF_OBJ) < 0 ||
	     H5Tinsert(type, "dimension", HOFFSET(struct use, dimension), H5T_STD_I32LE) < 0)) {
		H5Tclose(type);
		return -1;
	}
	return type;
}

static int write_scale(struct aq_h5 *file, const struct aq_h5_scale *scale)
{
	int rc;
	hid_t id = -1, type = -1, packed = -1, space = -1;
	const hsize_t count = scale->count;
	AQ_TRY(aq_h5_object(file, scale->name, &id));
	AQ_TRY(set_ascii(file, scale->name, id, "CLASS", "DIMENSION_SCALE"));
	AQ_TRY(set_ascii(file, scale->name, id, "NAME", scale->name + 1));
	/* bytes between members would be whatever was in memory: the file leaves them out */
	if ((type = use_type()) < 0 || (packed = H5Tcopy(type)) < 0 || H5Tpack(packed) < 0 ||
	    (space = H5Screate_simple(1, &count, NULL)) < 0) {
		rc = aq_h5_failed(file, scale->name);
		goto done;
	}
	const hid_t attr =
		H5Acreate2(id, "REFERENCE_LIST", packed, space, H5P_DEFAULT, H5P_DEFAULT);
	if (attr < 0 || H5Awrite(attr, type, scale->uses) < 0)
		rc = aq_h5_failed(file, scale->name);
	if (attr >= 0 && H5Aclose(attr) < 0 && rc == AQ_OK)
		rc = aq_h5_failed(file, scale->name);
done:
	aq_h5_shut(space, H5Sclose);
	aq_h5_shut(packed, H5Tclose);
	aq_h5_shut(type, H5Tclose);
	aq_h5_shut(id, H5Oclose);
	return rc;
}

int aq_h5_scales_write(struct aq_h5 *file)
{
	int rc = AQ_OK;
	for (const struct aq_h5_scale *scale = file->scales; scale && rc == AQ_OK;
	     scale = scale->next)
		rc = write_scale(file, scale);
	return rc;
}

/* The list of scales of each dimension: arrays of variable length, as the specification has it. */
static int write_list(struct aq_h5 *file, const char *name, const struct aq_h5_data *data,
		      hobj_ref_t *refs)
{
	int rc;
	hvl_t lists[AQ_RANK];
	const hsize_t rank = (hsize_t)data->shape.rank;
	for (hsize_t i = 0; i < rank; i++)
		lists[i] = (hvl_t){ .len = refs[i] ? 1 : 0, .p = refs[i] ? &refs[i] : NULL };
	const hid_t type = H5Tvlen_create(H5T_STD_REF_OBJ),
		    space = H5Screate_simple(1, &rank, NULL);
	rc = type < 0 || space < 0 ? aq_h5_failed(file, name) :
	     aq_h5_attr_put(file, name, data->id, "DIMENSION_LIST", type, space, lists);
	aq_h5_shut(space, H5Sclose);
	aq_h5_shut(type, H5Tclose);
	return rc;
}

/* Whether `word` names a scale for a dimension of `extent` (any extent where it grows with the
 * scale). */
static bool is_scale(struct aq_h5 *file, const char *scale, const char *name, uint64_t extent)
{
	struct aq_h5_shape shape;
	return strcmp(scale, name) != 0 && aq_h5_link(file, scale) > 0 &&
	       aq_h5_shape(file, scale, &shape) == AQ_OK && shape.rank == 1 &&
	       shape.dim[0] == extent;
}

int aq_h5_axes(struct aq_h5 *file, const char *name, const char *axes)
{
	int rc;
	struct aq_h5_data data;
	hobj_ref_t own = 0, refs[AQ_RANK] = { 0 };
	bool any = false;
	aq_h5_begin();
	AQ_TRY(aq_h5_set_text(file, name, "axes", axes));
	AQ_TRY(aq_h5_data_open(file, name, &data));
	if (H5Rcreate(&own, file->id, name, H5R_OBJECT, -1) < 0) {
		rc = aq_h5_failed(file, name);
		goto close;
	}
	const char *word = axes;
	for (int i = 0; i < data.shape.rank && *word; i++) {
		char scale[64];
		const int length = (int)strcspn(word, ",");
		snprintf(scale, sizeof scale, "/%.*s", length, word);
		word += length + (word[length] == ',');
		if (!is_scale(file, scale, name, data.shape.dim[i]))
			continue;
		if (H5Rcreate(&refs[i], file->id, scale, H5R_OBJECT, -1) < 0) {
			rc = aq_h5_failed(file, scale);
			goto close;
		}
		rc = use_scale(file, scale, (struct use){ own, i });
		if (rc < 0)
			goto close;
		any = true;
	}
	if (any)
		rc = write_list(file, name, &data, refs);
close:
	aq_h5_data_close(&data);
done:
	return rc;
}
