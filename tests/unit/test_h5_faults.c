/* SPDX-License-Identifier: MIT
 *
 * test_h5_faults.c - hostile and damaged files are refused, a full disk is told and harms nothing
 */
#include "story.h"

#include "io/gz.h"
#include "io/h5.h"

#include <fcntl.h>
#include <hdf5.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The library loses memory of its own when it meets damage. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libhdf5\n";
}

/* ---- files that another program made --------------------------------------------------------- */

static void set_text(hid_t id, const char *key, const char *text)
{
	const hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
	H5Tset_size(type, strlen(text));
	const hid_t attr = H5Acreate2(id, key, type, space, H5P_DEFAULT, H5P_DEFAULT);
	assert_true(H5Awrite(attr, type, text) >= 0);
	H5Aclose(attr);
	H5Sclose(space);
	H5Tclose(type);
}

static hid_t foreign(const char *path, const char *format)
{
	const int64_t one = 1;
	const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
	assert_true(file >= 0);
	set_text(file, "format", format);
	const hid_t space = H5Screate(H5S_SCALAR);
	const hid_t attr =
		H5Acreate2(file, "format_version", H5T_STD_I64LE, space, H5P_DEFAULT, H5P_DEFAULT);
	H5Awrite(attr, H5T_NATIVE_INT64, &one);
	H5Aclose(attr);
	H5Sclose(space);
	return file;
}

static void data_of(hid_t file, const char *name, hid_t type, int rank, const hsize_t *dims,
		    hid_t dcpl)
{
	const hid_t space = H5Screate_simple(rank, dims, NULL);
	const hid_t id = H5Dcreate2(file, name, type, space, H5P_DEFAULT, dcpl, H5P_DEFAULT);
	assert_true(id >= 0);
	H5Dclose(id);
	H5Sclose(space);
}

/* Every way to look at `name` fails with a story that holds `words`. */
static void refused(struct aq_h5 *file, const char *name, const char *words)
{
	struct aq_h5_shape shape;
	void *data;
	char *text;
	bad(aq_h5_shape(file, name, &shape), AQ_EDATA, words);
	bad(aq_h5_check(file, name), AQ_EDATA, words);
	shape = AQ_SHAPE1(AQ_F32, 0);
	bad(aq_h5_get(file, name, &shape, &data), AQ_EDATA, words);
	assert_null(data);
	bad(aq_h5_get_text(file, name, &text), AQ_EDATA, words);
	float x;
	bad(aq_h5_rows(file, name, shape, 0, 1, &x), AQ_EDATA, words);
}

static int no_visit(void *self, const char *name, enum aq_h5_kind kind)
{
	(void)self;
	(void)name;
	(void)kind;
	return AQ_OK;
}

static void test_links(void **state)
{
	(void)state;
	struct aq_h5 *file;
	char **names;
	int count;
	const hsize_t four = 4;
	hid_t id = foreign("links.h5", "aquatint-test");
	data_of(id, "x", H5T_IEEE_F32LE, 1, &four, H5P_DEFAULT);
	H5Lcreate_soft("/x", id, "soft", H5P_DEFAULT, H5P_DEFAULT);
	H5Lcreate_external("other.h5", "/x", id, "away", H5P_DEFAULT, H5P_DEFAULT);
	H5Lcreate_soft("/", id, "round", H5P_DEFAULT, H5P_DEFAULT);
	H5Fclose(id);
	ok(aq_h5_open(&file, "links.h5", "aquatint-test"));
	refused(file, "/soft", "/soft is a link to elsewhere");
	refused(file, "/away", "/away is a link to elsewhere");
	refused(file, "/round/x", "/round is a link to elsewhere");
	bool there = true;
	bad(aq_h5_find(file, "/soft", &there), AQ_EDATA, "/soft is a link to elsewhere");
	assert_false(there);
	there = true;
	bad(aq_h5_find(file, "/round/x", &there), AQ_EDATA, "/round is a link to elsewhere");
	assert_false(there);
	bad(aq_h5_list(file, "/", AQ_H5_DATASET, &names, &count), AQ_EDATA,
	    "is a link to elsewhere");
	bad(aq_h5_walk(file, no_visit, NULL), AQ_EDATA, "is a link to elsewhere");
	aq_h5_close(file);

	/* a group within itself, by links that are hard */
	id = foreign("loop.h5", "aquatint-test");
	const hid_t group = H5Gcreate2(id, "g", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
	H5Lcreate_hard(id, "/g", group, "again", H5P_DEFAULT, H5P_DEFAULT);
	H5Gclose(group);
	H5Fclose(id);
	ok(aq_h5_open(&file, "loop.h5", "aquatint-test"));
	bad(aq_h5_walk(file, no_visit, NULL), AQ_EDATA, "has another name too");
	aq_h5_close(file);
}

static void test_storage_elsewhere(void **state)
{
	(void)state;
	struct aq_h5 *file;
	const hsize_t four = 4;
	put_file("secret.txt", "0123456789abcdef", 16);
	hid_t id = foreign("external.h5", "aquatint-test");
	hid_t dcpl = H5Pcreate(H5P_DATASET_CREATE);
	H5Pset_external(dcpl, "secret.txt", 0, 16);
	data_of(id, "x", H5T_IEEE_F32LE, 1, &four, dcpl);
	H5Pclose(dcpl);
	H5Fclose(id);
	ok(aq_h5_open(&file, "external.h5", "aquatint-test"));
	refused(file, "/x", "/x is stored in another file");
	aq_h5_close(file);

	for (int run = 0; run < 2; run++) {
		id = foreign("virtual.h5", run ? "aquatint-run" : "aquatint-data");
		const hid_t space = H5Screate_simple(1, &four, NULL);
		dcpl = H5Pcreate(H5P_DATASET_CREATE);
		H5Pset_virtual(dcpl, space, "../elsewhere.h5", "/x", space);
		data_of(id, "x", H5T_IEEE_F32LE, 1, &four, dcpl);
		H5Pclose(dcpl);
		H5Sclose(space);
		H5Fclose(id);
		ok(aq_h5_open(&file, "virtual.h5", NULL));
		refused(file, "/x", run ? "leads out of the folder" : "only a run in progress has");
		aq_h5_close(file);
	}
}

static void test_bombs(void **state)
{
	(void)state;
	struct aq_h5 *file;
	const hsize_t huge[2] = {1000000, 1000000}, chunk[2] = {1, 1000000},
		      large[2] = {20000, 20000};
	hid_t id = foreign("bomb.h5", "aquatint-test");
	hid_t dcpl = H5Pcreate(H5P_DATASET_CREATE);
	H5Pset_chunk(dcpl, 2, chunk);
	H5Pset_deflate(dcpl, 9);
	data_of(id, "many", H5T_IEEE_F32LE, 2, huge, dcpl);
	H5Pset_chunk(dcpl, 2, large);
	data_of(id, "chunk", H5T_IEEE_F32LE, 2, large, dcpl);
	H5Pclose(dcpl);
	data_of(id, "bare", H5T_IEEE_F32LE, 2, huge, H5P_DEFAULT);
	H5Fclose(id);
	ok(aq_h5_open(&file, "bomb.h5", "aquatint-test"));
	refused(file, "/many", "claims 4000000000000 bytes, more than a file of");
	refused(file, "/chunk", "has chunks of 1600000000 bytes");
	refused(file, "/bare", "claims 4000000000000 bytes");
	aq_h5_close(file);
}

static void test_types(void **state)
{
	(void)state;
	struct aq_h5 *file;
	const hsize_t dims[7] = { 2, 1, 1, 1, 1, 1, 1 };
	hid_t id = foreign("types.h5", "aquatint-test");
	const hid_t text = H5Tcopy(H5T_C_S1), half = H5Tcopy(H5T_IEEE_F32LE),
		    vlen = H5Tvlen_create(H5T_STD_U8LE);
	const hid_t pair = H5Tcreate(H5T_COMPOUND, 8);
	H5Tset_size(text, H5T_VARIABLE);
	H5Tset_fields(half, 15, 10, 5, 0, 10);
	H5Tset_size(half, 2);
	H5Tinsert(pair, "a", 0, H5T_IEEE_F32LE);
	H5Tinsert(pair, "b", 4, H5T_IEEE_F32LE);
	const hid_t types[] = {text,	       half,	      vlen,	      pair,
			       H5T_IEEE_F32BE, H5T_STD_I16LE, H5T_STD_REF_OBJ};
	for (int i = 0; i < 7; i++) {
		char name[16];
		snprintf(name, sizeof name, "t%d", i);
		data_of(id, name, types[i], 1, dims, H5P_DEFAULT);
	}
	data_of(id, "rank", H5T_IEEE_F32LE, 7, dims, H5P_DEFAULT);
	const hid_t dcpl = H5Pcreate(H5P_DATASET_CREATE);
	H5Pset_chunk(dcpl, 1, dims);
	H5Pset_scaleoffset(dcpl, H5Z_SO_INT, 0);
	data_of(id, "filter", H5T_STD_I32LE, 1, dims, dcpl);
	data_of(id, "plain", H5T_IEEE_F32LE, 1, dims, H5P_DEFAULT);
	H5Pclose(dcpl);
	H5Fclose(id);
	ok(aq_h5_open(&file, "types.h5", "aquatint-test"));
	for (int i = 0; i < 7; i++) {
		char name[16];
		snprintf(name, sizeof name, "/t%d", i);
		refused(file, name, "is of a type that is not used here");
	}
	refused(file, "/rank", "has 7 dimensions");
	refused(file, "/filter", "is packed by filter 6");
	refused(file, "/lost", "has no /lost");
	refused(file, "/plain/below", "/plain/below");
	float x[2];
	bad(aq_h5_get_into(file, "/plain", AQ_SHAPE1(AQ_F32, 2), x), AQ_EDATA, "has no checksum");
	aq_h5_close(file);
	H5Tclose(text);
	H5Tclose(half);
	H5Tclose(vlen);
	H5Tclose(pair);

	id = H5Fcreate("bare.h5", H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
	H5Fclose(id);
	bad(aq_h5_open(&file, "bare.h5", NULL), AQ_EDATA, "none of aquatint's");
}

/* ---- damage ---------------------------------------------------------------------------------- */

static const char *const names[] = { "/small", "/packed", "/bytes", "/text" };
static float floats[1200];
static uint8_t bytes_in[100];

static void write_sound(const char *path)
{
	struct aq_h5 *file;
	struct aq_h5_set *set;
	for (int i = 0; i < 1200; i++)
		floats[i] = (float)(i % 37) / 8;
	for (int i = 0; i < 100; i++)
		bytes_in[i] = (uint8_t)(i * i);
	ok(aq_h5_create(&file, path, "aquatint-test", false));
	ok(aq_h5_put(file, names[0], AQ_SHAPE2(AQ_F32, 5, 4), floats));
	ok(aq_h5_put(file, names[1], AQ_SHAPE2(AQ_F32, 300, 4), floats));
	ok(aq_h5_make(file, names[2], AQ_SHAPE1(AQ_U8, 100), 10, true, &set));
	ok(aq_h5_append(set, 100, bytes_in));
	ok(aq_h5_finish(set));
	ok(aq_h5_put_text(file, names[3], "input 3x32x32"));
	ok(aq_h5_publish(file));
}

/* 0 when all that can be read of the file is right; a failure must be one of the data. */
static int read_damaged(const char *path)
{
	struct aq_h5 *file;
	float few[20], many[1200];
	uint8_t bytes[100];
	char *text = NULL;
	int rc = aq_h5_open(&file, path, "aquatint-test");
	if (rc < 0)
		return rc;
	AQ_TRY(aq_h5_get_into(file, names[0], AQ_SHAPE2(AQ_F32, 5, 4), few));
	AQ_TRY(aq_h5_get_into(file, names[1], AQ_SHAPE2(AQ_F32, 300, 4), many));
	AQ_TRY(aq_h5_get_into(file, names[2], AQ_SHAPE1(AQ_U8, 100), bytes));
	AQ_TRY(aq_h5_get_text(file, names[3], &text));
	assert_memory_equal(few, floats, sizeof few);
	assert_memory_equal(many, floats, sizeof many);
	assert_memory_equal(bytes, bytes_in, sizeof bytes);
	assert_string_equal(text, "input 3x32x32");
done:
	free(text);
	aq_h5_close(file);
	return rc;
}

static void test_damage(void **state)
{
	(void)state;
	char *bytes;
	size_t length;
	int refusals = 0, tries = 0;
	write_sound("sound.h5");
	ok(read_damaged("sound.h5"));
	ok(aq_file_read("sound.h5", 1 << 20, &bytes, &length));
	const int fd = open("hurt.h5", O_RDWR | O_CREAT | O_TRUNC, 0666);
	assert_true(write(fd, bytes, length) == (ssize_t)length);
	/* a prime stride: all kinds of places are met, in a fraction of a second */
	for (size_t at = 0; at < length; at += 11) {
		const char hurt = (char)(bytes[at] ^ (1 << at % 8));
		assert_true(pwrite(fd, &hurt, 1, (off_t)at) == 1);
		const int rc = read_damaged("hurt.h5");
		if (rc != AQ_OK && rc != AQ_EDATA)
			fail_msg("byte %zu: %d: %s", at, rc, aq_story());
		refusals += rc < 0;
		tries++;
		assert_true(pwrite(fd, bytes + at, 1, (off_t)at) == 1);
	}
	close(fd);
	assert_true(tries > 500 && refusals > tries / 10);

	/* every byte of contents that are not packed is under the checksum alone */
	char *at = memmem(bytes, length, floats, 20 * sizeof *floats);
	assert_non_null(at);
	at[7] ^= 1;
	put_file("hurt.h5", bytes, length);
	bad(read_damaged("hurt.h5"), AQ_EDATA,
	    "hurt.h5: the contents of /small are damaged: their CRC-32 is");
	free(bytes);
}

static void test_cut_short(void **state)
{
	(void)state;
	char *bytes;
	size_t length;
	write_sound("sound.h5");
	ok(aq_file_read("sound.h5", 1 << 20, &bytes, &length));
	for (size_t cut = 0; cut < length; cut += 97) {
		put_file("cut.h5", bytes, cut);
		const int rc = read_damaged("cut.h5");
		if (rc != AQ_EDATA)
			fail_msg("cut at %zu: %d: %s", cut, rc,
				 rc < 0 ? aq_story() : "it was read");
	}
	free(bytes);
}

/* ---- a full disk ----------------------------------------------------------------------------- */

/* Write about 200 kB where the file may have `most` bytes; the exit status says what happened. */
static void write_limited(const char *path, rlim_t most)
{
	enum { ROWS = 500, WIDTH = 100 };
	static float noise[ROWS * WIDTH];
	const struct rlimit limit = { most, most };
	struct aq_h5 *file = NULL;
	struct aq_h5_set *set = NULL;
	int rc;
	uint32_t seed = 1;
	for (int i = 0; i < ROWS * WIDTH; i++)
		noise[i] = (float)(seed = seed * 1664525u + 1013904223u);
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	AQ_TRY(aq_h5_create(&file, path, "aquatint-test", false));
	AQ_TRY(aq_h5_put(file, "/first", AQ_SHAPE1(AQ_F32, 100), noise));
	AQ_TRY(aq_h5_make(file, "/rows", AQ_SHAPE2(AQ_F32, ROWS, WIDTH), 16, true, &set));
	for (int i = 0; i < ROWS; i++)
		AQ_TRY(aq_h5_append(set, 1, noise + i * WIDTH));
	struct aq_h5_set *full = set;
	set = NULL;
	AQ_TRY(aq_h5_finish(full));
	AQ_TRY(aq_h5_put_text(file, "/net", "input 3x32x32"));
	struct aq_h5 *whole = file;
	file = NULL;
	rc = aq_h5_publish(whole);
done:
	aq_h5_drop(set);
	aq_h5_close(file);
	if (rc < 0 && !strstr(aq_story(), "full.h5: File too large")) {
		write(2, aq_story(), strlen(aq_story()));
		exit(99);
	}
	exit(-rc); /* not _exit: the library's own end is part of what must not crash */
}

static void test_full_disk(void **state)
{
	(void)state;
	int failed = 0;
	for (rlim_t most = 0; most < 240000; most = most < 8192 ? most + 512 : most + 6000) {
		put_file("full.h5", "the old file", 12);
		fflush(NULL);
		const pid_t child = fork();
		if (child == 0)
			write_limited("full.h5", most);
		int status;
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_false(WIFSIGNALED(status));
		const int code = WEXITSTATUS(status);
		assert_false(aq_file_exists("full.h5.tmp"));
		if (code == 0)
			continue;
		failed++;
		if (code != -AQ_EIO && code != -AQ_ECREATE)
			fail_msg("with %llu bytes: %d", (unsigned long long)most, code);
		char *bytes;
		size_t length;
		ok(aq_file_read("full.h5", 100, &bytes, &length));
		assert_string_equal(bytes, "the old file");
		free(bytes);
	}
	assert_in_range(failed, 20, 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links),  cmocka_unit_test(test_storage_elsewhere),
		cmocka_unit_test(test_bombs),  cmocka_unit_test(test_types),
		cmocka_unit_test(test_damage), cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_full_disk),
	};
	struct aq_h5 *file;
	/* the layer is the first to call the library, as in the programs */
	if (aq_h5_open(&file, "nothing.h5", NULL) == AQ_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
