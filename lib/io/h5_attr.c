/* SPDX-License-Identifier: MIT
 *
 * h5_attr.c - HDF5 files: attributes, texts and numbers
 */
#include "io/h5_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- writing --------------------------------------------------------------------------------- */

int aq_h5_attr_put(struct aq_h5 *file, const char *at, hid_t object, const char *key, hid_t type,
		   hid_t space, const void *value)
{
	const htri_t there = H5Aexists(object, key);
	if (there < 0 || (there > 0 && H5Adelete(object, key) < 0))
		return aq_h5_failed(file, at);
	const hid_t attr = H5Acreate2(object, key, type, space, H5P_DEFAULT, H5P_DEFAULT);
	if (attr < 0)
		return aq_h5_failed(file, at);
	if (H5Awrite(attr, type, value) < 0) {
		aq_h5_failed(file, at);
		H5Aclose(attr);
		return AQ_EIO;
	}
	return H5Aclose(attr) < 0 ? aq_h5_failed(file, at) : AQ_OK;
}

/* `count` < 0: one value, not an array of one. */
static int put(struct aq_h5 *file, const char *at, const char *key, enum aq_h5_type type,
	       size_t width, int count, const void *value)
{
	int rc;
	hid_t object = -1, id = -1, space = -1;
	const struct aq_h5_shape shape = { .rank = count < 0 ? 0 : 1, .dim = { (uint64_t)count } };
	aq_h5_begin();
	if (!file->temporary)
		return aq_fail(AQ_EBUG, "%s is read-only", file->path);
	AQ_TRY(aq_h5_object(file, at, &object));
	id = aq_h5_type_id(type, width);
	space = id < 0 ? -1 : aq_h5_space(&shape);
	rc = id < 0 || space < 0 ? aq_h5_failed(file, at) :
				   aq_h5_attr_put(file, at, object, key, id, space, value);
done:
	aq_h5_shut(space, H5Sclose);
	aq_h5_shut(id, H5Tclose);
	aq_h5_shut(object, H5Oclose);
	return rc;
}

int aq_h5_set_text(struct aq_h5 *file, const char *at, const char *key, const char *text)
{
	/* a string of length 0 is none of HDF5's */
	return put(file, at, key, AQ_STRING, *text ? strlen(text) : 1, -1, text);
}

int aq_h5_set_texts(struct aq_h5 *file, const char *at, const char *key, const char *const *texts,
		    int count)
{
	size_t width = 1;
	for (int i = 0; i < count; i++)
		width = strlen(texts[i]) > width ? strlen(texts[i]) : width;
	char *block = calloc((size_t)count + 1, width);
	if (!block)
		return aq_fail(AQ_ENOMEM, "out of memory writing %s of %s", at, file->path);
	for (int i = 0; i < count; i++)
		memcpy(block + (size_t)i * width, texts[i], strlen(texts[i]));
	const int rc = put(file, at, key, AQ_STRING, width, count, block);
	free(block);
	return rc;
}

int aq_h5_set_int(struct aq_h5 *file, const char *at, const char *key, int64_t value)
{
	int rc;
	hid_t object = -1, space = -1;
	aq_h5_begin();
	if (!file->temporary)
		return aq_fail(AQ_EBUG, "%s is read-only", file->path);
	AQ_TRY(aq_h5_object(file, at, &object));
	space = H5Screate(H5S_SCALAR);
	rc = space < 0 ? aq_h5_failed(file, at) :
			 aq_h5_attr_put(file, at, object, key, H5T_STD_I64LE, space, &value);
done:
	aq_h5_shut(space, H5Sclose);
	aq_h5_shut(object, H5Oclose);
	return rc;
}

int aq_h5_set_real(struct aq_h5 *file, const char *at, const char *key, double value)
{
	return put(file, at, key, AQ_F64, 0, -1, &value);
}

/* ---- reading --------------------------------------------------------------------------------- */

struct attr {
	hid_t object, id, type, space;
	H5T_class_t class;
	uint64_t count;
	size_t width;
	bool is_signed;
};

static void shut(struct attr *attr)
{
	aq_h5_shut(attr->space, H5Sclose);
	aq_h5_shut(attr->type, H5Tclose);
	aq_h5_shut(attr->id, H5Aclose);
	aq_h5_shut(attr->object, H5Oclose);
}

/* Open an attribute and look at it: numbers, and strings of fixed length, of a sensible size. */
static int look_in(struct aq_h5 *file, const char *at, hid_t object, const char *key,
		   struct attr *attr)
{
	int rc = AQ_OK;
	const htri_t there = H5Aexists(object, key);
	if (there == 0) {
		rc = aq_fail(AQ_EDATA, "%s: %s has no attribute %s", file->path, at, key);
		goto done;
	}
	if (there < 0 || (attr->id = H5Aopen(object, key, H5P_DEFAULT)) < 0 ||
	    (attr->type = H5Aget_type(attr->id)) < 0 ||
	    (attr->space = H5Aget_space(attr->id)) < 0) {
		rc = aq_h5_failed(file, at);
		goto done;
	}
	attr->class = H5Tget_class(attr->type);
	attr->width = H5Tget_size(attr->type);
	attr->is_signed = attr->class == H5T_INTEGER && H5Tget_sign(attr->type) == H5T_SGN_2;
	const hssize_t count = H5Sget_simple_extent_npoints(attr->space);
	attr->count = count < 0 ? 0 : (uint64_t)count;
	const bool fixed = attr->class == H5T_STRING && H5Tis_variable_str(attr->type) == 0;
	const bool number =
		(attr->class == H5T_INTEGER || attr->class == H5T_FLOAT) && attr->width <= 8;
	if (!fixed && !number)
		rc = aq_fail(AQ_EDATA,
			     "%s: attribute %s of %s is neither number nor text of fixed length",
			     file->path, key, at);
	else if (attr->width == 0 || attr->count > AQ_H5_ATTR_IN / attr->width)
		rc = aq_fail(AQ_EDATA, "%s: attribute %s of %s is too large", file->path, key, at);
done:
	return rc;
}

static int look(struct aq_h5 *file, const char *at, const char *key, struct attr *attr)
{
	int rc;
	*attr = (struct attr){ -1, -1, -1, -1, .count = 0 };
	aq_h5_begin();
	AQ_TRY(aq_h5_object(file, at, &attr->object));
	AQ_TRY(look_in(file, at, attr->object, key, attr));
done:
	if (rc < 0)
		shut(attr);
	return rc;
}

int aq_h5_find_attr(struct aq_h5 *file, const char *at, const char *key, bool *there)
{
	*there = false;
	aq_h5_begin();
	const int object = aq_h5_link(file, at);
	if (object <= 0)
		return object;
	const htri_t found = H5Aexists_by_name(file->id, at, key, H5P_DEFAULT);
	*there = found > 0;
	return found < 0 ? aq_h5_failed(file, at) : AQ_OK;
}

bool aq_h5_has_attr(struct aq_h5 *file, const char *at, const char *key)
{
	bool there;
	return aq_h5_find_attr(file, at, key, &there) == AQ_OK && there;
}

static int wrong(const struct aq_h5 *file, const char *at, const char *key, const char *what)
{
	return aq_fail(AQ_EDATA, "%s: attribute %s of %s is not %s", file->path, key, at, what);
}

int aq_h5_attr_texts(struct aq_h5 *file, const char *at, const char *key, char ***texts, int *count)
{
	struct attr attr;
	char *raw = NULL;
	*texts = NULL;
	*count = 0;
	int rc = look(file, at, key, &attr);
	if (rc < 0)
		return rc;
	if (attr.class != H5T_STRING) {
		rc = wrong(file, at, key, "text");
		goto done;
	}
	const size_t n = attr.count, slot = attr.width + 1;
	char **block = calloc(1, (n + 1) * sizeof *block + n * slot);
	raw = calloc(n + 1, attr.width);
	if (!block || !raw) {
		free(block);
		rc = aq_fail(AQ_ENOMEM, "out of memory reading %s", file->path);
		goto done;
	}
	if (n > 0 && H5Aread(attr.id, attr.type, raw) < 0) {
		free(block);
		rc = aq_h5_failed(file, at);
		goto done;
	}
	for (size_t i = 0; i < n; i++) {
		block[i] = (char *)(block + n + 1) + i * slot;
		memcpy(block[i], raw + i * attr.width, attr.width);
	}
	*texts = block;
	*count = (int)n;
done:
	free(raw);
	shut(&attr);
	return rc;
}

int aq_h5_attr_text(struct aq_h5 *file, const char *at, const char *key, char **text)
{
	char **texts;
	int count;
	*text = NULL;
	int rc = aq_h5_attr_texts(file, at, key, &texts, &count);
	if (rc < 0)
		return rc;
	if (count != 1)
		rc = wrong(file, at, key, "one text");
	else if (!(*text = strdup(texts[0])))
		rc = aq_fail(AQ_ENOMEM, "out of memory reading %s", file->path);
	free(texts);
	return rc;
}

int aq_h5_attr_int(struct aq_h5 *file, const char *at, const char *key, int64_t *value)
{
	struct attr attr;
	uint64_t large = 0;
	int rc = look(file, at, key, &attr);
	if (rc < 0)
		return rc;
	if (attr.class != H5T_INTEGER || attr.count != 1)
		rc = wrong(file, at, key, "one whole number");
	else if (attr.is_signed ? H5Aread(attr.id, H5T_NATIVE_INT64, value) < 0 :
				  H5Aread(attr.id, H5T_NATIVE_UINT64, &large) < 0)
		rc = aq_h5_failed(file, at);
	else if (large > INT64_MAX)
		rc = wrong(file, at, key, "below 2^63");
	else if (!attr.is_signed)
		*value = (int64_t)large;
	shut(&attr);
	return rc;
}

int aq_h5_attr_real(struct aq_h5 *file, const char *at, const char *key, double *value)
{
	struct attr attr;
	int rc = look(file, at, key, &attr);
	if (rc < 0)
		return rc;
	if (attr.class == H5T_STRING || attr.count != 1)
		rc = wrong(file, at, key, "one number");
	else if (H5Aread(attr.id, H5T_NATIVE_DOUBLE, value) < 0)
		rc = aq_h5_failed(file, at);
	shut(&attr);
	return rc;
}

/* ---- printing -------------------------------------------------------------------------------- */

/* The fewest digits that give the number back. */
static void print_real(struct aq_str *to, double value, bool single)
{
	char text[40];
	for (int digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, value);
		if (single ? strtof(text, NULL) == (float)value : strtod(text, NULL) == value)
			break;
	}
	aq_str_add(to, "%s", text);
}

static int print_numbers(struct aq_h5 *file, const char *at, const struct attr *attr,
			 struct aq_str *to)
{
	const bool real = attr->class == H5T_FLOAT;
	union {
		int64_t i;
		uint64_t u;
		double f;
	} *values = calloc(attr->count + 1, sizeof *values);
	if (!values)
		return aq_fail(AQ_ENOMEM, "out of memory reading %s", file->path);
	const hid_t type = real		     ? H5T_NATIVE_DOUBLE
			   : attr->is_signed ? H5T_NATIVE_INT64
					     : H5T_NATIVE_UINT64;
	const int rc =
		attr->count && H5Aread(attr->id, type, values) < 0 ? aq_h5_failed(file, at) : AQ_OK;
	for (uint64_t i = 0; rc == AQ_OK && i < attr->count; i++) {
		if (i > 0)
			aq_str_add(to, ", ");
		if (real)
			print_real(to, values[i].f, attr->width <= 4);
		else if (attr->is_signed)
			aq_str_add(to, "%lld", (long long)values[i].i);
		else
			aq_str_add(to, "%llu", (unsigned long long)values[i].u);
	}
	free(values);
	return rc;
}

int aq_h5_attr_print(struct aq_h5 *file, const char *at, const char *key, struct aq_str *to)
{
	struct attr attr;
	int rc = look(file, at, key, &attr);
	if (rc < 0)
		return rc;
	if (attr.class == H5T_STRING) {
		char **texts;
		int count;
		rc = aq_h5_attr_texts(file, at, key, &texts, &count);
		for (int i = 0; rc == AQ_OK && i < count; i++)
			aq_str_add(to, "%s%s", i ? ", " : "", texts[i]);
		free(texts);
	} else {
		rc = print_numbers(file, at, &attr, to);
	}
	shut(&attr);
	return rc;
}

/* ---- for nothing ----------------------------------------------------------------------------- */

struct tasting {
	struct aq_h5 *file;
	const char *at;
	int rc; /* of the attribute that wanted too much memory */
};

static herr_t taste(hid_t object, const char *key, const H5A_info_t *info, void *self)
{
	struct tasting *t = self;
	struct attr attr = { -1, -1, -1, -1, .count = 0 };
	(void)info;
	int rc = look_in(t->file, t->at, object, key, &attr);
	void *value = rc < 0 ? NULL : calloc(attr.count + 1, attr.width > 8 ? attr.width : 8);
	if (value && attr.count > 0) {
		const hid_t type = attr.class == H5T_STRING ? attr.type
				   : attr.class == H5T_FLOAT ? H5T_NATIVE_DOUBLE
				   : attr.is_signed	     ? H5T_NATIVE_INT64
							     : H5T_NATIVE_UINT64;
		if (H5Aread(attr.id, type, value) < 0)
			rc = aq_h5_failed(t->file, t->at);
	}
	free(value);
	shut(&attr);
	t->rc = rc == AQ_ENOMEM ? rc : t->rc;
	return 0;
}

int aq_h5_attr_taste(struct aq_h5 *file, const char *at, hid_t object)
{
	struct tasting t = { file, at, AQ_OK };
	hsize_t next = 0;
	if (!aq_h5_can_list(object, true) ||
	    H5Aiterate2(object, aq_h5_order(object, true), aq_h5_way(object, true), &next, taste,
			&t) < 0)
		return aq_h5_failed(file, at);
	return t.rc;
}
