/* SPDX-License-Identifier: MIT
 *
 * test_tar.c - members come out whole and in order; headers that lie are refused
 */
#include "io/tar.h"

#include "story.h"

#include <stdbool.h>

struct archive {
	uint8_t at[1 << 16];
	size_t length;
};

static void seal(uint8_t *header)
{
	unsigned sum = 0;
	memset(header + 148, ' ', 8);
	for (int i = 0; i < 512; i++)
		sum += header[i];
	snprintf((char *)header + 148, 8, "%06o", sum & 0777777);
}

static uint8_t *add(struct archive *a, const char *name, char type, const char *text)
{
	uint8_t *header = a->at + a->length;
	const size_t length = strlen(text);
	memset(header, 0, 512);
	memcpy(header, name, strlen(name) < 100 ? strlen(name) : 100);
	snprintf((char *)header + 124, 12, "%011o", (unsigned)length & 0xfffff);
	header[156] = (uint8_t)type;
	memcpy(header + 257, "ustar\00000", 8);
	seal(header);
	memcpy(header + 512, text, length);
	a->length += 512 + (length + 511) / 512 * 512;
	return header;
}

static struct aq_tar *open_it(struct archive *a, bool end)
{
	struct aq_tar *tar;
	if (end)
		a->length += 1024;
	put_file("tar.tar", a->at, a->length);
	ok(aq_tar_open(&tar, "tar.tar"));
	assert_true(aq_tar_is_archive(tar));
	return tar;
}

static void next_is(struct aq_tar *tar, const char *name, const char *text)
{
	struct aq_tar_member member;
	bool end;
	char got[4096];
	size_t n;
	ok(aq_tar_next(tar, &member, &end));
	assert_false(end);
	assert_string_equal(member.name, name);
	assert_int_equal(member.size, strlen(text));
	ok(aq_tar_read(tar, got, sizeof got, &n));
	assert_int_equal(n, strlen(text));
	assert_memory_equal(got, text, n);
}

static void ended(struct aq_tar *tar)
{
	struct aq_tar_member member;
	bool end;
	ok(aq_tar_next(tar, &member, &end));
	assert_true(end);
	aq_tar_close(tar);
}

static void members_in_order(void **state)
{
	(void)state;
	static struct archive a;
	char longer[1500];
	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	a = (struct archive){ 0 };
	add(&a, "folder/", '5', "");
	add(&a, "folder/a", '0', "first");
	add(&a, "link", '2', "");
	add(&a, "empty", '0', "");
	add(&a, "b", '\0', longer);
	struct aq_tar *tar = open_it(&a, true);
	next_is(tar, "folder/a", "first");
	next_is(tar, "empty", "");
	next_is(tar, "b", longer);
	ended(tar);
}

static void members_may_be_left_unread(void **state)
{
	(void)state;
	static struct archive a;
	struct aq_tar_member member;
	bool end;
	char some[3];
	size_t n;
	a = (struct archive){ 0 };
	add(&a, "a", '0', "0123456789");
	add(&a, "b", '0', "second");
	struct aq_tar *tar = open_it(&a, true);
	ok(aq_tar_next(tar, &member, &end));
	ok(aq_tar_read(tar, some, 3, &n));
	assert_memory_equal(some, "012", 3);
	next_is(tar, "b", "second");
	ended(tar);
}

static void long_names(void **state)
{
	(void)state;
	static struct archive a;
	char name[300], pax[400];
	memset(name, 'n', sizeof name);
	name[150] = '/';
	name[sizeof name - 1] = '\0';
	a = (struct archive){ 0 };
	add(&a, "././@LongLink", 'L', name);
	add(&a, name, '0', "gnu");
	snprintf(pax, sizeof pax, "%zu path=%s\n", strlen(name) + 10, name);
	add(&a, "pax", 'x', pax);
	add(&a, "short", '0', "pax");
	uint8_t *header = add(&a, "tail", '0', "ustar");
	memcpy(header + 345, "head/of/it", 10);
	seal(header);
	struct aq_tar *tar = open_it(&a, true);
	next_is(tar, name, "gnu");
	next_is(tar, name, "pax");
	next_is(tar, "head/of/it/tail", "ustar");
	ended(tar);
}

static void sizes_in_base_256(void **state)
{
	(void)state;
	static struct archive a;
	a = (struct archive){ 0 };
	uint8_t *header = add(&a, "a", '0', "abc");
	memset(header + 124, 0, 12);
	header[124] = 0x80;
	header[135] = 3;
	seal(header);
	struct aq_tar *tar = open_it(&a, true);
	next_is(tar, "a", "abc");
	ended(tar);
}

/* The next member of an archive of one is refused with these words. */
static void refused(struct archive *a, const char *words)
{
	struct aq_tar_member member;
	bool end;
	struct aq_tar *tar = open_it(a, true);
	bad(aq_tar_next(tar, &member, &end), AQ_EDATA, words);
	aq_tar_close(tar);
}

static void lies_are_refused(void **state)
{
	(void)state;
	static const char *const outside[] = { "/etc/passwd", "../x", "a/../../x", "a/.." };
	static struct archive a;
	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
		a = (struct archive){ 0 };
		add(&a, outside[i], '0', "x");
		refused(&a, "points outside");
	}
	a = (struct archive){ 0 };
	uint8_t *header = add(&a, "a", '0', "x");
	memset(header + 124, 0xff, 12);
	seal(header);
	refused(&a, "overflows");
	a = (struct archive){ 0 };
	add(&a, "pax", 'x', "999 path=short\n");
	add(&a, "b", '0', "x");
	refused(&a, "broken pax header");
	a = (struct archive){ 0 };
	add(&a, "pax", 'x', "31 size=9999999999999999999999\n");
	add(&a, "b", '0', "x");
	refused(&a, "overflows");
}

static void dots_within_names_are_fine(void **state)
{
	(void)state;
	static struct archive a;
	a = (struct archive){ 0 };
	add(&a, "./a..b/..c/d..", '0', "x");
	struct aq_tar *tar = open_it(&a, true);
	next_is(tar, "./a..b/..c/d..", "x");
	ended(tar);
}

static void a_short_archive_is_told(void **state)
{
	(void)state;
	static struct archive a;
	struct aq_tar_member member;
	bool end;
	char got[64];
	size_t n;
	a = (struct archive){ 0 };
	add(&a, "a", '0', "0123456789");
	a.length = 512 + 5;
	struct aq_tar *tar = open_it(&a, false);
	ok(aq_tar_next(tar, &member, &end));
	bad(aq_tar_read(tar, got, sizeof got, &n), AQ_EDATA, "while reading a of tar.tar");
	aq_tar_close(tar);
}

static void a_plain_file_is_its_own_member(void **state)
{
	(void)state;
	struct aq_tar *tar;
	struct aq_tar_member member;
	bool end;
	char got[64];
	size_t n;
	put_file("tar.plain", "no archive", 10);
	ok(aq_tar_open(&tar, "tar.plain"));
	assert_false(aq_tar_is_archive(tar));
	ok(aq_tar_next(tar, &member, &end));
	assert_false(end);
	assert_true(member.size == AQ_TAR_UNKNOWN);
	ok(aq_tar_read(tar, got, 4, &n));
	assert_int_equal(n, 4);
	ok(aq_tar_read(tar, got + 4, sizeof got - 4, &n));
	assert_int_equal(n, 6);
	assert_memory_equal(got, "no archive", 10);
	ended(tar);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_in_order),
		cmocka_unit_test(members_may_be_left_unread),
		cmocka_unit_test(long_names),
		cmocka_unit_test(sizes_in_base_256),
		cmocka_unit_test(lies_are_refused),
		cmocka_unit_test(dots_within_names_are_fine),
		cmocka_unit_test(a_short_archive_is_told),
		cmocka_unit_test(a_plain_file_is_its_own_member),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
