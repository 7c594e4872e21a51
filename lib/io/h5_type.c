/* SPDX-License-Identifier: MIT
 *
 * h5_type.c - HDF5 files: types, shapes and chunks, ours beside the library's
 */
#include "io/h5_private.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	size_t width;
} types[] = {
	[AQ_U8] = {"u8", 1},	  [AQ_I32] = {"i32", 4}, [AQ_U32] = {"u32", 4},
	[AQ_U64] = {"u64", 8},	  [AQ_F32] = {"f32", 4}, [AQ_F64] = {"f64", 8},
	[AQ_STRING] = {"str", 0},
};

const char *aq_h5_type_name(enum aq_h5_type type)
{
	return type >= AQ_U8 && type <= AQ_STRING ? types[type].name : "?";
}

size_t aq_h5_width(const struct aq_h5_shape *shape)
{
	if (shape->type == AQ_STRING)
		return shape->width;
	return shape->type >= AQ_U8 && shape->type <= AQ_STRING ? types[shape->type].width : 0;
}

uint64_t aq_h5_count(const struct aq_h5_shape *shape)
{
	uint64_t count = 1;
	for (int i = 0; i < shape->rank; i++)
		count *= shape->dim[i];
	return count;
}

uint64_t aq_h5_bytes(const struct aq_h5_shape *shape)
{
	return aq_h5_count(shape) * aq_h5_width(shape);
}

uint64_t aq_h5_below(const struct aq_h5_shape *shape, int from)
{
	uint64_t bytes = aq_h5_width(shape);
	bool zero = false;
	for (int i = from; i < shape->rank; i++) {
		zero |= shape->dim[i] == 0;
		if (shape->dim[i] && __builtin_mul_overflow(bytes, shape->dim[i], &bytes))
			return UINT64_MAX;
	}
	return zero ? 0 : bytes;
}

void aq_h5_shape_print(const struct aq_h5_shape *shape, bool pattern, struct aq_str *to)
{
	aq_str_add(to, "%s", aq_h5_type_name(shape->type));
	if (shape->type == AQ_STRING && shape->width)
		aq_str_add(to, "(%zu)", shape->width);
	for (int i = 0; i < shape->rank; i++) {
		if (pattern && shape->dim[i] == 0)
			aq_str_add(to, "%sany", i ? "," : " [");
		else
			aq_str_add(to, "%s%llu", i ? "," : " [", (unsigned long long)shape->dim[i]);
	}
	if (shape->rank)
		aq_str_add(to, "]");
}

/* ---- ours as HDF5's -------------------------------------------------------------------------- */

static hid_t string_type(size_t width)
{
	const hid_t id = H5Tcopy(H5T_C_S1);
	if (id < 0)
		return id;
	if (H5Tset_size(id, width) < 0 || H5Tset_strpad(id, H5T_STR_NULLPAD) < 0 ||
	    H5Tset_cset(id, H5T_CSET_UTF8) < 0) {
		H5Tclose(id);
		return -1;
	}
	return id;
}

hid_t aq_h5_type_id(enum aq_h5_type type, size_t width)
{
	switch (type) {
	case AQ_U8:
		return H5Tcopy(H5T_STD_U8LE);
	case AQ_I32:
		return H5Tcopy(H5T_STD_I32LE);
	case AQ_U32:
		return H5Tcopy(H5T_STD_U32LE);
	case AQ_U64:
		return H5Tcopy(H5T_STD_U64LE);
	case AQ_F32:
		return H5Tcopy(H5T_IEEE_F32LE);
	case AQ_F64:
		return H5Tcopy(H5T_IEEE_F64LE);
	case AQ_STRING:
		return string_type(width);
	}
	return -1;
}

enum aq_h5_type aq_h5_type_of(hid_t id, size_t *width)
{
	*width = 0;
	switch (H5Tget_class(id)) {
	case H5T_STRING:
		if (H5Tis_variable_str(id) != 0 || H5Tget_size(id) == 0)
			return 0;
		*width = H5Tget_size(id);
		return AQ_STRING;
	case H5T_INTEGER:
	case H5T_FLOAT:
		for (enum aq_h5_type type = AQ_U8; type < AQ_STRING; type++) {
			const hid_t own = aq_h5_type_id(type, 0);
			const bool same = own >= 0 && H5Tequal(own, id) > 0;
			aq_h5_shut(own, H5Tclose);
			if (same)
				return type;
		}
		return 0;
	default:
		return 0;
	}
}

hid_t aq_h5_space(const struct aq_h5_shape *shape)
{
	hsize_t dims[AQ_RANK];
	return shape->rank ? H5Screate_simple(shape->rank,
					      aq_h5_dims(dims, shape->dim, shape->rank), NULL)
			   : H5Screate(H5S_SCALAR);
}

void aq_h5_chunk_of(const struct aq_h5_shape *shape, uint64_t rows, hsize_t *chunk)
{
	/* The first dimension takes what was asked for, the others all they have, as far as it
	 * fits: where one unit of a dimension is too large by itself, the next dimension is split
	 * instead. */
	uint64_t room = AQ_H5_CHUNK;
	for (int i = 0; i < shape->rank; i++) {
		const uint64_t unit = aq_h5_below(shape, i + 1), fit = unit ? room / unit : 1;
		const uint64_t most = i == 0 ? rows : shape->dim[i];
		chunk[i] = fit < 1 ? 1 : fit < most ? fit : most;
		if (chunk[i] < 1)
			chunk[i] = 1;
		if (fit > 1)
			room /= chunk[i];
	}
}

int aq_h5_match(const struct aq_h5 *file, const char *name, const struct aq_h5_shape *have,
		const struct aq_h5_shape *want, int from, bool loose)
{
	bool same =
		have->type == want->type && have->rank == want->rank &&
		(have->type != AQ_STRING || have->width == want->width || (loose && !want->width));
	for (int i = from; same && i < have->rank; i++)
		same = have->dim[i] == want->dim[i] || (loose && want->dim[i] == 0);
	if (same)
		return AQ_OK;

	struct aq_str is = { 0 }, wanted = { 0 };
	struct aq_h5_shape pattern = *want;
	for (int i = 0; i < from; i++)
		pattern.dim[i] = 0;
	aq_h5_shape_print(have, false, &is);
	aq_h5_shape_print(&pattern, loose || from > 0, &wanted);
	aq_fail(AQ_EDATA, "%s: %s is %s where %s is needed", file->path, name, aq_str_text(&is),
		aq_str_text(&wanted));
	aq_str_free(&is);
	aq_str_free(&wanted);
	return AQ_EDATA;
}
