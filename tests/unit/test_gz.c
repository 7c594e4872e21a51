/* SPDX-License-Identifier: MIT
 *
 * Streams of bytes read the same whether packed or not; cut or damaged ones are refused with the
 * place.
 */
#include "io/gz.h"

#include "story.h"

#include <sys/stat.h>

enum { COUNT = 300000 };
static unsigned char bytes[COUNT];

static void packed(const char *plain, const char *gz)
{
	char command[200];
	snprintf(command, sizeof command, "gzip -c %s > %s", plain, gz);
	assert_int_equal(system(command), 0);
}

static int make_files(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < COUNT; i++)
		bytes[i] = (unsigned char)((i * 2654435761u) >> (24 + i % 5));
	put_file("plain", bytes, COUNT);
	packed("plain", "packed");
	put_file("nothing", "", 0);
	return 0;
}

static void reads(const char *path)
{
	struct aq_gz *gz;
	static unsigned char got[COUNT];
	size_t n;
	ok(aq_gz_open(&gz, path));
	assert_string_equal(aq_gz_path(gz), path);
	ok(aq_gz_read(gz, got, 10));
	ok(aq_gz_skip(gz, 100000));
	assert_int_equal(aq_gz_tell(gz), 100010);
	ok(aq_gz_read(gz, got, 50000));
	assert_memory_equal(got, bytes + 100010, 50000);
	ok(aq_gz_read_some(gz, got, COUNT, &n));
	assert_int_equal(n, COUNT - 150010);
	assert_memory_equal(got, bytes + 150010, n);
	ok(aq_gz_read_some(gz, got, 1, &n));
	assert_int_equal(n, 0);
	bad(aq_gz_read(gz, got, 3), AQ_EDATA, "ends after 300000 bytes where 3 more were expected");
	bad(aq_gz_skip(gz, 1), AQ_EDATA, path);
	aq_gz_close(gz);
	aq_gz_close(NULL);
}

static void test_packed_or_not(void **state)
{
	(void)state;
	reads("plain");
	reads("packed");
}

static void test_nothing(void **state)
{
	(void)state;
	struct aq_gz *gz;
	size_t n = 1;
	ok(aq_gz_open(&gz, "nothing"));
	ok(aq_gz_read_some(gz, bytes, 1, &n));
	assert_int_equal(n, 0);
	bad(aq_gz_read(gz, bytes, 1), AQ_EDATA, "nothing ends after 0 bytes");
	aq_gz_close(gz);
}

static void test_what_cannot_be_opened(void **state)
{
	(void)state;
	struct aq_gz *gz = (struct aq_gz *)bytes;
	bad(aq_gz_open(&gz, "missing"), AQ_ENOINPUT, "cannot open missing");
	assert_null(gz);
	mkdir("folder", 0755);
	bad(aq_gz_open(&gz, "folder"), AQ_ENOINPUT, "cannot read folder");
	assert_null(gz);
}

/* All of a stream is read until something is refused. */
static int drain(const char *path)
{
	struct aq_gz *gz;
	static unsigned char part[1000];
	size_t n;
	int rc;
	ok(aq_gz_open(&gz, path));
	do
		rc = aq_gz_read_some(gz, part, sizeof part, &n);
	while (rc == AQ_OK && n == sizeof part);
	aq_gz_close(gz);
	return rc;
}

static void test_cut_or_damaged(void **state)
{
	(void)state;
	char *gz;
	size_t length;
	ok(aq_file_read("packed", COUNT * 2, &gz, &length));
	assert_int_equal(drain("packed"), AQ_OK);
	for (size_t i = 1; i < 8; i++) {
		put_file("cut", gz, length * i / 8);
		bad(drain("cut"), AQ_EDATA, "cut: the gzip stream breaks after");
	}
	put_file("cut", gz, length - 1);
	bad(drain("cut"), AQ_EDATA, "cut: the gzip stream breaks after");
	gz[length / 2] = (char)(gz[length / 2] ^ 0x10);
	put_file("damaged", gz, length);
	bad(drain("damaged"), AQ_EDATA, "damaged: the gzip stream breaks after");
	free(gz);
}

static void test_checksums(void **state)
{
	(void)state;
	assert_int_equal(aq_crc(0, "123456789", 9), 0xcbf43926); /* the check value of CRC-32 */
	assert_int_equal(aq_adler(1, "Wikipedia", 9), 0x11e60398);
	assert_int_equal(aq_crc(0, "", 0), 0);
	const uint32_t whole = aq_crc(0, bytes, COUNT);
	static const size_t cuts[] = { 0, 1, 15, 16, 17, 63, 64, 65, 1000, COUNT - 1, COUNT };
	for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
		const uint32_t first = aq_crc(0, bytes, cuts[i]);
		const uint32_t second = aq_crc(0, bytes + cuts[i], COUNT - cuts[i]);
		assert_int_equal(aq_crc(first, bytes + cuts[i], COUNT - cuts[i]), whole);
		assert_int_equal(aq_crc_join(first, second, COUNT - cuts[i]), whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_packed_or_not),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_what_cannot_be_opened),
		cmocka_unit_test(test_cut_or_damaged),
		cmocka_unit_test(test_checksums),
	};
	return cmocka_run_group_tests(tests, make_files, NULL);
}
