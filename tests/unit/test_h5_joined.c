/* SPDX-License-Identifier: MIT
 *
 * test_h5_joined.c - segments of a run: sealed into one file, and read through the index over them
 */
#include "io/file.h"
#include "io/gz.h"
#include "io/h5.h"

#include <hdf5.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define ok(expr) assert_ok(expr, __LINE__)

static void assert_ok(int rc, int line)
{
	if (rc < 0)
		fail_msg("line %d: %d: %s", line, rc, aq_story());
}

enum { STEPS = 150, WIDTH = 4 * 25, CHUNK = 16 };

static const struct aq_h5_shape weights = { .type = AQ_F32, .rank = 3, .dim = { STEPS, 4, 25 } };
static float grad[STEPS * WIDTH];

static int fill_in(void **state)
{
	(void)state;
	for (int i = 0; i < STEPS * WIDTH; i++)
		grad[i] = (float)((uint32_t)i * 2654435761u >> 8) / 1e6f - 8;
	return 0;
}

/* Steps [first, first+rows) of `declared`. */
static void write_segment(const char *path, const char *format, int first, int rows, int declared)
{
	struct aq_h5 *file;
	struct aq_h5_set *set;
	struct aq_h5_shape shape = weights;
	uint64_t steps[STEPS];
	for (int i = 0; i < STEPS; i++)
		steps[i] = (uint64_t)i;
	ok(aq_h5_create(&file, path, format, false));
	shape.dim[0] = (uint64_t)declared;
	ok(aq_h5_make(file, "/step", AQ_SHAPE1(AQ_U64, shape.dim[0]), CHUNK, false, &set));
	ok(aq_h5_append(set, (uint64_t)rows, steps + first));
	ok(aq_h5_finish(set));
	ok(aq_h5_make(file, "/grad/conv1/weight", shape, CHUNK, false, &set));
	ok(aq_h5_append(set, (uint64_t)rows, grad + first * WIDTH));
	ok(aq_h5_finish(set));
	ok(aq_h5_publish(file));
}

/* All segments, of `rows` rows each, behind each other. */
static void seal(const char *path, int rows, int declared)
{
	static const char *const names[] = { "/step", "/grad/conv1/weight" };
	struct aq_h5 *file;
	ok(aq_h5_create(&file, path, "aquatint-test", false));
	for (int n = 0; n < 2; n++) {
		struct aq_h5_set *set;
		struct aq_h5_shape shape = n ? weights : AQ_SHAPE1(AQ_U64, STEPS);
		ok(aq_h5_make(file, names[n], shape, CHUNK, false, &set));
		for (int first = 0; first < STEPS; first += rows) {
			struct aq_h5 *from;
			const int count = STEPS - first < rows ? STEPS - first : rows;
			write_segment("part.h5", "aquatint-test", first, count,
				      declared > count ? declared : count);
			ok(aq_h5_open(&from, "part.h5", "aquatint-test"));
			ok(aq_h5_append_from(set, from, names[n], (uint64_t)count));
			aq_h5_close(from);
		}
		ok(aq_h5_finish(set));
	}
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

/* Whole chunks or parts of them, segments filled or not: one file, byte by byte. */
static void test_seal(void **state)
{
	(void)state;
	write_segment("straight.h5", "aquatint-test", 0, STEPS, STEPS);
	static const int rows[] = { 16, 48, 150, 7, 1, 50 };
	for (int i = 0; i < 6; i++) {
		seal("sealed.h5", rows[i], i % 2 ? 64 : 0);
		same_bytes("straight.h5", "sealed.h5");
	}
}

/* A chunk that is damaged in a segment is copied as it is, and found when it is read. */
static void test_damage_is_carried(void **state)
{
	(void)state;
	char *bytes;
	size_t length;
	struct aq_h5 *from, *to;
	struct aq_h5_set *set;
	write_segment("hurt.h5", "aquatint-test", 0, 64, 64);
	ok(aq_file_read("hurt.h5", 1 << 24, &bytes, &length));
	bytes[length - 100] ^= 1; /* in the last chunk of the last dataset */
	ok(aq_file_write("hurt.h5", false, bytes, length));
	free(bytes);
	for (int aligned = 0; aligned < 2; aligned++) {
		ok(aq_h5_open(&from, "hurt.h5", "aquatint-test"));
		ok(aq_h5_create(&to, "carried.h5", "aquatint-test", false));
		ok(aq_h5_make(to, "/x", weights, CHUNK, true, &set));
		ok(aq_h5_append(set, aligned ? CHUNK : 3, grad));
		const int rc = aq_h5_append_from(set, from, "/grad/conv1/weight", 64);
		if (!aligned) {
			assert_int_equal(rc, AQ_EDATA);
			aq_h5_drop(set);
			aq_h5_close(to);
		} else {
			ok(rc);
			ok(aq_h5_finish(set));
			ok(aq_h5_publish(to));
		}
		aq_h5_close(from);
	}
	ok(aq_h5_open(&to, "carried.h5", "aquatint-test"));
	assert_int_equal(aq_h5_check(to, "/x"), AQ_EDATA);
	aq_h5_close(to);
}

static void test_refusals(void **state)
{
	(void)state;
	struct aq_h5 *from, *to;
	struct aq_h5_set *set;
	write_segment("ten.h5", "aquatint-test", 0, 10, 64);
	ok(aq_h5_open(&from, "ten.h5", "aquatint-test"));
	ok(aq_h5_create(&to, "refused.h5", "aquatint-test", false));
	ok(aq_h5_make(to, "/x", weights, CHUNK, false, &set));
	assert_int_equal(aq_h5_append_from(set, from, "/grad/conv1/weight", 11), AQ_EDATA);
	assert_non_null(strstr(aq_story(), "has 10 rows, 11 are to be added"));
	assert_int_equal(aq_h5_append_from(set, from, "/step", 5), AQ_EDATA);
	ok(aq_h5_append_from(set, from, "/grad/conv1/weight", 9));
	ok(aq_h5_finish(set));
	ok(aq_h5_publish(to));
	aq_h5_close(from);
	ok(aq_h5_open(&to, "refused.h5", "aquatint-test"));
	ok(aq_h5_check(to, "/x"));
	int64_t rows;
	ok(aq_h5_attr_int(to, "/x", "rows", &rows));
	assert_int_equal(rows, 9);
	aq_h5_close(to);
}

/* ---- the index of a live run ----------------------------------------------------------------- */

/* A dataset as any program sees it; *rows is what it has. */
static void *look_through(const char *path, const char *name, hid_t type, hsize_t *rows)
{
	hsize_t dims[AQ_RANK];
	const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
	const hid_t data = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(data);
	assert_true(H5Sget_simple_extent_dims(space, dims, NULL) >= 0);
	void *to = malloc((size_t)H5Sget_simple_extent_npoints(space) * H5Tget_size(type) + 1);
	assert_non_null(to);
	assert_true(H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, to) >= 0);
	*rows = dims[0];
	H5Sclose(space);
	H5Dclose(data);
	H5Fclose(file);
	return to;
}

static void expect(const char *index, int segments, int rows, int declared)
{
	const int all_rows = segments * declared;
	hsize_t has;
	uint64_t *steps = look_through(index, "/step", H5T_NATIVE_UINT64, &has);
	assert_int_equal(has, all_rows);
	for (int i = 0; i < all_rows; i++)
		assert_true(steps[i] == (i < rows ? (uint64_t)i : UINT64_MAX));
	free(steps);
	float *all = look_through(index, "/grad/conv1/weight", H5T_NATIVE_FLOAT, &has);
	assert_int_equal(has, all_rows);
	assert_memory_equal(all, grad, (size_t)rows * WIDTH * sizeof *all);
	for (int i = rows * WIDTH; i < all_rows * WIDTH; i++)
		assert_true(isnan(all[i]));
	free(all);

	/* of ours it has the shape of a row; its elements are read from the segments */
	struct aq_h5 *file;
	struct aq_h5_shape shape;
	float row[WIDTH];
	ok(aq_h5_open(&file, index, "aquatint-run"));
	ok(aq_h5_shape(file, "/grad/conv1/weight", &shape));
	assert_true(shape.is_index && shape.type == AQ_F32 && shape.rank == weights.rank && shape.dim[0] == 0);
	for (int i = 1; i < shape.rank; i++)
		assert_int_equal(shape.dim[i], weights.dim[i]);
	ok(aq_h5_check(file, "/grad/conv1/weight"));
	if (rows > 0) {
		assert_int_equal(aq_h5_rows(file, "/grad/conv1/weight", weights, 0, 1, row), AQ_EDATA);
		assert_non_null(strstr(aq_story(), "is but an index over the segments"));
	}
	aq_h5_close(file);
}

static void test_index(void **state)
{
	(void)state;
	struct aq_h5 *file;
	enum { EACH = 40 };
	mkdir("live.part", 0777);
	for (int i = 0; i < 4; i++) {
		char name[64];
		snprintf(name, sizeof name, "live.part/segment-%d.h5", i);
		unlink(name);
	}
	ok(aq_h5_create(&file, "live.part/run.h5", "aquatint-run", false));
	ok(aq_h5_virtual(file, "/step", AQ_SHAPE1(AQ_U64, 0), EACH, "segment-%b.h5"));
	ok(aq_h5_virtual(file, "/grad/conv1/weight", weights, EACH, "segment-%b.h5"));
	ok(aq_h5_axes(file, "/grad/conv1/weight", "step,out,in"));
	ok(aq_h5_publish(file));
	expect("live.part/run.h5", 0, 0, EACH);
	write_segment("live.part/segment-0.h5", "aquatint-run", 0, 40, EACH);
	expect("live.part/run.h5", 1, 40, EACH);
	write_segment("live.part/segment-1.h5", "aquatint-run", 40, 40, EACH);
	write_segment("live.part/segment-2.h5", "aquatint-run", 80, 13, EACH);
	expect("live.part/run.h5", 3, 93, EACH);
}

/* ---- copies, marks, digests of structure ----------------------------------------------------- */

static void write_rich(const char *path, const char *copy_of)
{
	static const char *const names[] = { "/checkpoint/12", "/example", "/empty" };
	static const uint8_t pixels[6 * 5 * 3] = { 1, 2, 3 };
	struct aq_h5 *file, *from = NULL;
	ok(aq_h5_create(&file, path, "aquatint-test", false));
	if (copy_of) {
		ok(aq_h5_open(&from, copy_of, "aquatint-test"));
		for (int i = 0; i < 3; i++)
			ok(aq_h5_copy(file, from, names[i]));
		aq_h5_close(from);
	} else {
		ok(aq_h5_make_group(file, "/checkpoint/12"));
		ok(aq_h5_set_int(file, "/checkpoint/12", "step", 12));
		ok(aq_h5_put(file, "/checkpoint/12/weights/conv1/weight", weights, grad));
		ok(aq_h5_put(file, "/checkpoint/12/weights/conv1/bias", AQ_SHAPE1(AQ_F32, 4),
			     grad));
		ok(aq_h5_set_text(file, "/checkpoint/12/weights/conv1/bias", "what",
				  "one an output"));
		ok(aq_h5_put_text(file, "/checkpoint/12/solver/name", "adam"));
		ok(aq_h5_put(file, "/example/image", AQ_SHAPE3(AQ_U8, 6, 5, 3), pixels));
		ok(aq_h5_mark_image(file, "/example/image"));
		ok(aq_h5_make_group(file, "/empty"));
	}
	ok(aq_h5_publish(file));
}

static void test_copy(void **state)
{
	(void)state;
	write_rich("rich.h5", NULL);
	write_rich("rich2.h5", "rich.h5");
	same_bytes("rich.h5", "rich2.h5");
}

static void test_axes(void **state)
{
	(void)state;
	char *text;
	struct aq_h5 *file;
	for (int i = 0; i < 2; i++) {
		write_segment("plain.h5", "aquatint-test", 0, 64, 64);
		ok(aq_h5_create(&file, i ? "axes2.h5" : "axes.h5", "aquatint-test", false));
		struct aq_h5 *from;
		ok(aq_h5_open(&from, "plain.h5", "aquatint-test"));
		ok(aq_h5_copy(file, from, "/step"));
		ok(aq_h5_copy(file, from, "/grad"));
		aq_h5_close(from);
		ok(aq_h5_axes(file, "/step", "step"));
		ok(aq_h5_axes(file, "/grad/conv1/weight", "step,out,in"));
		ok(aq_h5_publish(file));
	}
	same_bytes("axes.h5", "axes2.h5");
	ok(aq_h5_open(&file, "axes.h5", "aquatint-test"));
	ok(aq_h5_attr_text(file, "/step", "CLASS", &text));
	assert_string_equal(text, "DIMENSION_SCALE");
	free(text);
	ok(aq_h5_attr_text(file, "/grad/conv1/weight", "axes", &text));
	assert_string_equal(text, "step,out,in");
	free(text);
	assert_true(aq_h5_has_attr(file, "/step", "REFERENCE_LIST"));
	assert_true(aq_h5_has_attr(file, "/grad/conv1/weight", "DIMENSION_LIST"));
	aq_h5_close(file);
}

/* The reader that everybody has. */
static void test_h5dump(void **state)
{
	(void)state;
	if (system("command -v h5dump > /dev/null") != 0)
		skip();
	write_rich("rich.h5", NULL);
	assert_int_equal(system("h5dump rich.h5 > rich.txt && grep -q IMAGE_TRUECOLOR rich.txt"),
			 0);
	assert_int_equal(system("h5dump -H axes.h5 > axes.txt && grep -q REFERENCE_LIST axes.txt"),
			 0);
	assert_int_equal(
		system("h5dump -d /step live.part/run.h5 | grep -q '18446744073709551615'"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seal),	 cmocka_unit_test(test_damage_is_carried),
		cmocka_unit_test(test_refusals), cmocka_unit_test(test_index),
		cmocka_unit_test(test_copy),	 cmocka_unit_test(test_axes),
		cmocka_unit_test(test_h5dump),
	};
	return cmocka_run_group_tests(tests, fill_in, NULL);
}
