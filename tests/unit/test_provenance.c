/* SPDX-License-Identifier: MIT
 *
 * test_provenance.c - histories follow the files, digests tell contents apart
 */
#include "story.h"

#include "io/provenance.h"

static struct aq_h5 *begin(const char *path)
{
	struct aq_h5 *file;
	ok(aq_h5_create(&file, path, "aquatint-test", false));
	return file;
}

static struct aq_h5 *reopen(struct aq_h5 *file, const char *path)
{
	ok(aq_h5_publish(file));
	ok(aq_h5_open(&file, path, "aquatint-test"));
	return file;
}

static void expect(struct aq_h5 *file, const char *const *want)
{
	char **have;
	int count, n = 0;
	ok(aq_history_read(file, &have, &count));
	for (; want[n]; n++) {
		assert_true(n < count);
		assert_string_equal(have[n], want[n]);
	}
	assert_int_equal(count, n);
	free(have);
}

static void test_history(void **state)
{
	(void)state;
	static const char *const none[] = { NULL };
	static const char *const data[] = {"aquatint-prep " AQ_VERSION ": seed=1; idx 0000beef",
					   NULL};
	static const char *const a[] = {
		"aquatint-prep " AQ_VERSION ": seed=1; idx 0000beef",
		"aquatint-train " AQ_VERSION ": lr=0.1; data 12345678; init 00000001", NULL};
	static const char *const both[] = {"aquatint-prep " AQ_VERSION ": seed=1; idx 0000beef",
					   "aquatint-train " AQ_VERSION
					   ": lr=0.1; data 12345678; init 00000001",
					   "aquatint-train " AQ_VERSION,
					   "aquatint-snapshot diff " AQ_VERSION,
					   "aquatint-snapshot diff " AQ_VERSION,
					   NULL};
	struct aq_h5 *d = begin("d.h5"), *r = begin("r.h5"), *s = begin("s.h5"), *t = begin("t.h5");
	expect(d, none);
	bad(aq_history_input(d, "idx", 1), AQ_EBUG, "no history");
	ok(aq_history_add(d, "aquatint-prep", "seed=1"));
	ok(aq_history_input(d, "idx", 0xbeef));
	d = reopen(d, "d.h5");
	expect(d, data);
	ok(aq_history_copy(d, r));
	ok(aq_history_add(r, "aquatint-train", "lr=0.1"));
	ok(aq_history_input(r, "data", 0x12345678));
	ok(aq_history_input(r, "init", 1));
	r = reopen(r, "r.h5");
	expect(r, a);
	ok(aq_history_copy(d, s));
	ok(aq_history_add(s, "aquatint-train", ""));
	s = reopen(s, "s.h5");
	/* several inputs: no record twice, but a command that was given twice stands twice */
	ok(aq_history_copy(r, t));
	ok(aq_history_copy(s, t));
	ok(aq_history_copy(d, t));
	ok(aq_history_add(t, "aquatint-snapshot diff", ""));
	ok(aq_history_add(t, "aquatint-snapshot diff", ""));
	t = reopen(t, "t.h5");
	expect(t, both);
	aq_h5_close(d);
	aq_h5_close(r);
	aq_h5_close(s);
	aq_h5_close(t);
}

/* The digest of a small file; `change` is one thing that is different in it. */
static uint32_t digest(int change)
{
	float x[6] = { 1, 2, 3, 4, 5, change == 1 ? 7 : 6 };
	uint32_t crc;
	struct aq_h5 *file = begin("digest.h5");
	ok(aq_h5_put(file, change == 2 ? "/g/y" : "/g/x", change == 3 ? AQ_SHAPE2(AQ_F32, 3, 2) :
		     AQ_SHAPE2(AQ_F32, 2, 3), x));
	ok(aq_h5_set_real(file, "/g", "scale", change == 4 ? 0.25 : 0.5));
	if (change == 5)
		ok(aq_h5_set_int(file, "/g/x", "more", 1));
	if (change == 6)
		ok(aq_h5_make_group(file, "/h"));
	if (change == 7)
		ok(aq_history_add(file, "aquatint-prep", "on another day"));
	if (change == 8)
		ok(aq_h5_axes(file, "/g/x", "y,x"));
	file = reopen(file, "digest.h5");
	ok(aq_h5_digest(file, &crc));
	aq_h5_close(file);
	return crc;
}

static void test_digest(void **state)
{
	(void)state;
	const uint32_t same = digest(0);
	assert_int_equal(digest(0), same);
	for (int change = 1; change <= 6; change++)
		assert_int_not_equal(digest(change), same);
	assert_int_equal(digest(7), same);
	assert_int_equal(digest(8), same);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_history),
		cmocka_unit_test(test_digest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
