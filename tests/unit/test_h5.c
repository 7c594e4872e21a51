/* SPDX-License-Identifier: MIT
 *
 * test_h5.c - what is written is read back, the same calls give the same bytes, damage is found
 */
#include "io/file.h"
#include "io/gz.h"
#include "io/h5.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ok(expr) assert_ok(expr, __LINE__)

static void assert_ok(int rc, int line)
{
	if (rc < 0)
		fail_msg("line %d: %d: %s", line, rc, aq_story());
}

/* The call fails with `code`, and its story holds `words`. */
static void bad(int rc, int code, const char *words)
{
	assert_int_equal(rc, code);
	if (!strstr(aq_story(), words))
		fail_msg("'%s' is not in: %s", words, aq_story());
}

static struct aq_h5 *begin(const char *path)
{
	struct aq_h5 *file;
	ok(aq_h5_create(&file, path, "aquatint-test", false));
	return file;
}

static struct aq_h5 *reopen(struct aq_h5 *written, const char *path)
{
	struct aq_h5 *file;
	ok(aq_h5_publish(written));
	ok(aq_h5_open(&file, path, "aquatint-test"));
	return file;
}

static float value(uint64_t i)
{
	return (float)((i * 2654435761u) % 1000) / 8 - 20;
}

static float *ramp(uint64_t count)
{
	float *x = malloc(count * sizeof *x + 1);
	assert_non_null(x);
	for (uint64_t i = 0; i < count; i++)
		x[i] = value(i);
	return x;
}

/* ---- round trips ----------------------------------------------------------------------------- */

static void round_trip(struct aq_h5 *file, const char *name, struct aq_h5_shape shape,
		       const void *want)
{
	struct aq_h5_shape have = shape;
	void *data;
	memset(have.dim, 0, sizeof have.dim);
	ok(aq_h5_get(file, name, &have, &data));
	for (int i = 0; i < shape.rank; i++)
		assert_int_equal(have.dim[i], shape.dim[i]);
	assert_memory_equal(data, want, aq_h5_bytes(&shape));
	free(data);
	ok(aq_h5_check(file, name));
}

static void test_types(void **state)
{
	(void)state;
	static const enum aq_h5_type types[] = { AQ_U8, AQ_I32, AQ_U32, AQ_U64, AQ_F32, AQ_F64 };
	static const uint64_t dims[][4] = {
		{1, 1, 1, 1}, {3, 2, 5, 4}, {600, 1, 3, 3}, {2, 700, 40, 9}};
	uint64_t *noise = malloc(1 << 23);
	for (size_t i = 0; i < (1 << 23) / sizeof *noise; i++)
		noise[i] = i * 0x9e3779b97f4a7c15u;
	struct aq_h5 *file = begin("types.h5");
	char name[80];
	for (int reading = 0; reading < 2; reading++) {
		if (reading)
			file = reopen(file, "types.h5");
		for (int t = 0; t < 6; t++) {
			for (int d = 0; d < 4; d++) {
				struct aq_h5_shape shape = AQ_SHAPE4(
					types[t], dims[d][0], dims[d][1], dims[d][2], dims[d][3]);
				for (shape.rank = 0; shape.rank <= 4; shape.rank++) {
					snprintf(name, sizeof name, "/a%d/b%d/rank%d", t, d,
						 shape.rank);
					if (!reading)
						ok(aq_h5_put(file, name, shape, noise));
					else
						round_trip(file, name, shape, noise);
				}
			}
		}
	}
	aq_h5_close(file);
	free(noise);
}

static void test_empty(void **state)
{
	(void)state;
	struct aq_h5 *file = begin("empty.h5");
	ok(aq_h5_put(file, "/none", AQ_SHAPE2(AQ_F32, 0, 3), NULL));
	ok(aq_h5_put_text(file, "/text", ""));
	struct aq_h5_set *set;
	ok(aq_h5_make(file, "/rows", AQ_SHAPE1(AQ_I32, 0), 16, false, &set));
	ok(aq_h5_finish(set));
	ok(aq_h5_make(file, "/open", AQ_SHAPE2(AQ_U64, 0, 2), 16, true, &set));
	ok(aq_h5_finish(set));
	file = reopen(file, "empty.h5");
	round_trip(file, "/none", AQ_SHAPE2(AQ_F32, 0, 3), "");
	round_trip(file, "/rows", AQ_SHAPE1(AQ_I32, 0), "");
	round_trip(file, "/open", AQ_SHAPE2(AQ_U64, 0, 2), "");
	char *text;
	ok(aq_h5_get_text(file, "/text", &text));
	assert_string_equal(text, "");
	free(text);
	aq_h5_close(file);
}

static void test_texts(void **state)
{
	(void)state;
	static const char *const words[] = { "plane", "", "Vögel", "cat" };
	struct aq_h5 *file = begin("texts.h5");
	ok(aq_h5_put_texts(file, "/classes", words, 4));
	ok(aq_h5_put_text(file, "/net", "input 3x32x32\nconv size=5\n"));
	file = reopen(file, "texts.h5");
	char *text;
	ok(aq_h5_get_text(file, "/net", &text));
	assert_string_equal(text, "input 3x32x32\nconv size=5\n");
	free(text);
	struct aq_h5_shape shape = AQ_SHAPE1(AQ_STRING, 4);
	void *data;
	ok(aq_h5_get(file, "/classes", &shape, &data));
	assert_int_equal(shape.width, strlen("Vögel"));
	assert_memory_equal((char *)data + 2 * shape.width, "Vögel", shape.width);
	assert_memory_equal((char *)data + 3 * shape.width, "cat\0", 4);
	free(data);
	aq_h5_close(file);
}

static void test_attributes(void **state)
{
	(void)state;
	static const char *const many[] = { "first", "", "the third" };
	static const char *const keys[] = {"format", "format_version", "texts",
					   "whole",  "real",	       "text"};
	struct aq_h5 *file = begin("attr.h5");
	ok(aq_h5_put(file, "/g/x", AQ_SHAPE1(AQ_U8, 2), "ab"));
	ok(aq_h5_set_texts(file, "/", "texts", many, 3));
	ok(aq_h5_set_int(file, "/", "whole", INT64_MIN));
	ok(aq_h5_set_real(file, "/", "real", 1.0 / 255));
	ok(aq_h5_set_text(file, "/", "text", "old"));
	ok(aq_h5_set_text(file, "/", "text", "new text"));
	ok(aq_h5_set_int(file, "/g", "of group", 7));
	ok(aq_h5_set_int(file, "/g/x", "of set", -7));
	char *large = malloc(200001);
	memset(large, 'x', 200000);
	large[200000] = 0;
	ok(aq_h5_set_text(file, "/g", "large", large));
	file = reopen(file, "attr.h5");

	char **texts, *text;
	int count;
	ok(aq_h5_attr_texts(file, "/", "texts", &texts, &count));
	assert_int_equal(count, 3);
	for (int i = 0; i < 3; i++)
		assert_string_equal(texts[i], many[i]);
	free(texts);
	int64_t whole;
	double real;
	ok(aq_h5_attr_int(file, "/", "whole", &whole));
	assert_true(whole == INT64_MIN);
	ok(aq_h5_attr_real(file, "/", "real", &real));
	assert_true(real == 1.0 / 255);
	ok(aq_h5_attr_text(file, "/", "text", &text));
	assert_string_equal(text, "new text");
	free(text);
	ok(aq_h5_attr_text(file, "/g", "large", &text));
	assert_string_equal(text, large);
	free(text);
	free(large);
	ok(aq_h5_attr_int(file, "/g/x", "of set", &whole));
	assert_int_equal(whole, -7);
	assert_false(aq_h5_has_attr(file, "/g/x", "of group"));
	assert_true(aq_h5_has_attr(file, "/g", "of group"));

	ok(aq_h5_list(file, "/", AQ_H5_ATTRIBUTE, &texts, &count));
	assert_int_equal(count, 6);
	for (int i = 0; i < count; i++)
		assert_string_equal(texts[i], keys[i]);
	free(texts);
	struct aq_str to = { 0 };
	ok(aq_h5_attr_print(file, "/", "texts", &to));
	aq_str_add(&to, "|");
	ok(aq_h5_attr_print(file, "/", "real", &to));
	aq_str_add(&to, "|");
	ok(aq_h5_attr_print(file, "/", "whole", &to));
	assert_string_equal(aq_str_text(&to),
			    "first, , the third|0.00392156862745098|-9223372036854775808");
	aq_str_free(&to);

	bad(aq_h5_attr_int(file, "/", "text", &whole), AQ_EDATA,
	    "text of / is not one whole number");
	bad(aq_h5_attr_text(file, "/", "whole", &text), AQ_EDATA, "is not text");
	bad(aq_h5_attr_text(file, "/g", "lost", &text), AQ_EDATA,
	    "attr.h5: /g has no attribute lost");
	bad(aq_h5_attr_text(file, "/h", "lost", &text), AQ_EDATA, "has no /h");
	aq_h5_close(file);
}

/* ---- parts and growing sets ------------------------------------------------------------------ */

static void test_rows_and_boxes(void **state)
{
	(void)state;
	const struct aq_h5_shape shape = AQ_SHAPE3(AQ_F32, 100, 7, 11);
	float *x = ramp(100 * 77), part[5 * 77];
	struct aq_h5 *file = begin("box.h5");
	ok(aq_h5_put(file, "/x", shape, x));
	file = reopen(file, "box.h5");
	ok(aq_h5_rows(file, "/x", shape, 42, 5, part));
	assert_memory_equal(part, x + 42 * 77, sizeof part);
	const uint64_t offset[] = { 99, 2, 3 }, extent[] = { 1, 4, 5 };
	ok(aq_h5_box(file, "/x", shape, offset, extent, part));
	for (int i = 0; i < 4; i++)
		assert_memory_equal(part + 5 * i, x + 99 * 77 + (2 + i) * 11 + 3, 5 * sizeof *x);
	bad(aq_h5_rows(file, "/x", shape, 98, 3, part), AQ_EDATA,
	    "/x has 100 rows, 3 from row 98 on");
	bad(aq_h5_rows(file, "/x", shape, UINT64_MAX, 2, part), AQ_EDATA, "rows");
	const uint64_t far[] = { 0, 4, 0 };
	bad(aq_h5_box(file, "/x", shape, far, extent, part), AQ_EDATA, "dimension 1");
	bad(aq_h5_rows(file, "/x", AQ_SHAPE3(AQ_F32, 0, 7, 12), 0, 1, part), AQ_EDATA,
	    "/x is f32 [100,7,11] where f32 [any,7,12] is needed");
	bad(aq_h5_get_into(file, "/x", AQ_SHAPE3(AQ_F64, 100, 7, 11), part), AQ_EDATA,
	    "f64 [100,7,11] is needed");
	bad(aq_h5_get_into(file, "/y", shape, part), AQ_EDATA, "box.h5 (aquatint-test) has no /y");
	aq_h5_close(file);
	free(x);
}

/* Rows given one at a time, in odd parts and all at once make the same file. */
static void write_parts(const char *path, const float *x, uint64_t rows, uint64_t part,
			bool open_ended)
{
	struct aq_h5 *file = begin(path);
	struct aq_h5_set *set;
	ok(aq_h5_make(file, "/grad/conv1/weight", AQ_SHAPE3(AQ_F32, rows, 5, 9), 16, open_ended,
		      &set));
	for (uint64_t at = 0; at < rows; at += part)
		ok(aq_h5_append(set, rows - at < part ? rows - at : part, x + at * 45));
	ok(aq_h5_finish(set));
	ok(aq_h5_publish(file));
}

static void same_bytes(const char *a, const char *b)
{
	char *one, *two;
	size_t length, other;
	ok(aq_file_read(a, 1 << 28, &one, &length));
	ok(aq_file_read(b, 1 << 28, &two, &other));
	if (length != other || memcmp(one, two, length) != 0)
		fail_msg("%s and %s differ", a, b);
	free(one);
	free(two);
}

static void test_growing(void **state)
{
	(void)state;
	float *x = ramp(103 * 45);
	for (int open_ended = 0; open_ended < 2; open_ended++) {
		write_parts("rows.h5", x, 103, 103, open_ended);
		write_parts("rows1.h5", x, 103, 1, open_ended);
		write_parts("rows7.h5", x, 103, 7, open_ended);
		write_parts("rows16.h5", x, 103, 16, open_ended);
		/* an extent that grows costs nothing but its own number: contents are the same */
		struct aq_h5 *file;
		ok(aq_h5_open(&file, "rows7.h5", "aquatint-test"));
		round_trip(file, "/grad/conv1/weight", AQ_SHAPE3(AQ_F32, 103, 5, 9), x);
		aq_h5_close(file);
		if (open_ended)
			continue;
		same_bytes("rows.h5", "rows1.h5");
		same_bytes("rows.h5", "rows7.h5");
		same_bytes("rows.h5", "rows16.h5");
	}
	free(x);
}

static void test_large_rows(void **state)
{
	(void)state;
	/* a row of 1.9 MiB is split along its second dimension; chunks at the edge stand over */
	const struct aq_h5_shape shape = AQ_SHAPE3(AQ_F32, 3, 500, 1000);
	float *x = ramp(3 * 500 * 1000);
	struct aq_h5 *file = begin("large.h5");
	struct aq_h5_set *set;
	ok(aq_h5_make(file, "/x", shape, 8, false, &set));
	ok(aq_h5_append(set, 2, x));
	ok(aq_h5_append(set, 1, x + 2 * 500 * 1000));
	bad(aq_h5_append(set, 1, x), AQ_EBUG, "was made for 3");
	ok(aq_h5_finish(set));
	file = reopen(file, "large.h5");
	round_trip(file, "/x", shape, x);
	aq_h5_close(file);
	free(x);
}

/* Declared rows that are not written read as NaN, and do not count for the checksum. */
static void test_fewer_rows(void **state)
{
	(void)state;
	float *x = ramp(10 * 4), all[64 * 4];
	uint64_t steps[64] = { 5, 6, 7 };
	struct aq_h5 *file = begin("fewer.h5");
	struct aq_h5_set *set;
	ok(aq_h5_make(file, "/grad", AQ_SHAPE2(AQ_F32, 64, 4), 8, false, &set));
	ok(aq_h5_append(set, 10, x));
	ok(aq_h5_finish(set));
	ok(aq_h5_make(file, "/step", AQ_SHAPE1(AQ_U64, 64), 8, false, &set));
	ok(aq_h5_append(set, 3, steps));
	ok(aq_h5_finish(set));
	file = reopen(file, "fewer.h5");
	int64_t rows;
	ok(aq_h5_attr_int(file, "/grad", "rows", &rows));
	assert_int_equal(rows, 10);
	ok(aq_h5_get_into(file, "/grad", AQ_SHAPE2(AQ_F32, 64, 4), all));
	assert_memory_equal(all, x, 10 * 4 * sizeof *x);
	for (int i = 40; i < 64 * 4; i++)
		assert_true(isnan(all[i]));
	ok(aq_h5_get_into(file, "/step", AQ_SHAPE1(AQ_U64, 64), steps));
	assert_int_equal(steps[2], 7);
	assert_true(steps[3] == UINT64_MAX && steps[63] == UINT64_MAX);
	ok(aq_h5_check(file, "/grad"));
	aq_h5_close(file);
	free(x);
}

/* ---- files ----------------------------------------------------------------------------------- */

static void test_publish(void **state)
{
	(void)state;
	struct aq_h5 *file = begin("pub.h5");
	assert_true(aq_file_exists("pub.h5.tmp"));
	aq_h5_close(file);
	assert_false(aq_file_exists("pub.h5.tmp") || aq_file_exists("pub.h5"));
	file = begin("pub.h5");
	ok(aq_h5_put(file, "/x", AQ_SHAPE1(AQ_U8, 3), "abc"));
	assert_false(aq_file_exists("pub.h5"));
	ok(aq_h5_publish(file));
	assert_true(aq_file_exists("pub.h5"));
	assert_false(aq_file_exists("pub.h5.tmp"));
	bad(aq_h5_create(&file, "pub.h5", "aquatint-test", true), AQ_ECREATE, "pub.h5 exists");
	assert_null(file);
	bad(aq_h5_create(&file, "none/pub.h5", "aquatint-test", false), AQ_ECREATE, "folder none");
	/* superblock 2, which readers from 1.8 on know */
	char *bytes;
	size_t length;
	ok(aq_file_read("pub.h5", 1 << 20, &bytes, &length));
	assert_int_equal(bytes[8], 2);
	free(bytes);
	unlink("pub.h5");
}

static void test_open_refuses(void **state)
{
	(void)state;
	struct aq_h5 *file;
	bad(aq_h5_open(&file, "nowhere.h5", NULL), AQ_ENOINPUT,
	    "cannot open nowhere.h5: No such file");
	bad(aq_h5_open(&file, ".", NULL), AQ_ENOINPUT, "Is a directory");
	ok(aq_file_write("not.h5", false, "PNG or so, surely", 17));
	bad(aq_h5_open(&file, "not.h5", NULL), AQ_EDATA, "not.h5 is not an HDF5 file");
	ok(aq_file_write("not.h5", false, "", 0));
	bad(aq_h5_open(&file, "not.h5", NULL), AQ_EDATA, "it is empty");

	ok(aq_h5_create(&file, "snap.h5", "aquatint-snap", false));
	ok(aq_h5_publish(file));
	ok(aq_h5_open(&file, "snap.h5", NULL));
	assert_string_equal(aq_h5_format(file), "aquatint-snap");
	assert_string_equal(aq_h5_path(file), "snap.h5");
	aq_h5_close(file);
	bad(aq_h5_open(&file, "snap.h5", "aquatint-data"), AQ_EDATA,
	    "snap.h5 is of format aquatint-snap, wanted aquatint-data; that is made by "
	    "aquatint-prep");
	ok(aq_h5_create(&file, "snap.h5", "aquatint-snap", false));
	ok(aq_h5_set_int(file, "/", "format_version", 2));
	ok(aq_h5_publish(file));
	bad(aq_h5_open(&file, "snap.h5", NULL), AQ_EDATA,
	    "version 2, newer than the 1 this program knows");

	char *bytes;
	size_t length;
	ok(aq_file_read("snap.h5", 1 << 20, &bytes, &length));
	ok(aq_file_write("cut.h5", false, bytes, length / 2));
	bad(aq_h5_open(&file, "cut.h5", NULL), AQ_EDATA, "damaged or cut short");
	assert_null(file);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),	   cmocka_unit_test(test_empty),
		cmocka_unit_test(test_texts),	   cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_rows_and_boxes), cmocka_unit_test(test_growing),
		cmocka_unit_test(test_large_rows), cmocka_unit_test(test_fewer_rows),
		cmocka_unit_test(test_publish),	   cmocka_unit_test(test_open_refuses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
