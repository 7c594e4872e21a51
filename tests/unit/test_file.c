/* SPDX-License-Identifier: MIT
 *
 * Files appear whole or not at all, and what cannot be read or created is said with its name.
 */
#include "story.h"

#include "io/apng.h"
#include "io/h5.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void holds(const char *path, const char *text)
{
	char *bytes;
	size_t length;
	ok(aq_file_read(path, 1000, &bytes, &length));
	assert_int_equal(length, strlen(text));
	assert_string_equal(bytes, text);
	free(bytes);
}

static void test_whole_or_not_at_all(void **state)
{
	(void)state;
	ok(aq_file_write("one", false, "first", 5));
	holds("one", "first");
	char *temporary;
	ok(aq_file_begin(&temporary, NULL, "one", false));
	assert_string_equal(temporary, "one.tmp");
	FILE *file = fopen(temporary, "w");
	assert_non_null(file);
	fputs("second", file);
	fclose(file);
	holds("one", "first");
	ok(aq_file_publish(temporary, "one"));
	holds("one", "second");
	assert_false(aq_file_exists(temporary));
	free(temporary);
}

static void test_keeping(void **state)
{
	(void)state;
	ok(aq_file_write("kept", true, "old", 3));
	char *temporary;
	bad(aq_file_begin(&temporary, NULL, "kept", true), AQ_ECREATE, "kept exists");
	assert_null(temporary);
	bad(aq_file_write("kept", true, "new", 3), AQ_ECREATE, "kept exists");
	holds("kept", "old");
	/* a link that leads nowhere is there, too */
	unlink("dangling");
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	bad(aq_file_write("dangling", true, "new", 3), AQ_ECREATE, "dangling exists");
}

static void test_what_cannot_be_created(void **state)
{
	(void)state;
	mkdir("folder", 0755);
	bad(aq_file_write("folder", false, "x", 1), AQ_ECREATE, "cannot create 'folder'");
	bad(aq_file_write("", false, "x", 1), AQ_ECREATE, "cannot create ''");
	bad(aq_file_write("missing/file", false, "x", 1), AQ_ECREATE, "folder missing: No such");
	bad(aq_file_write("one/file", false, "x", 1), AQ_ECREATE, "cannot create one/file");
	bad(aq_file_publish("nothing.tmp", "nothing"), AQ_EIO, "cannot write nothing");
	mkdir("blocked.tmp", 0755); /* where the temporary should stand */
	bad(aq_file_write("blocked", false, "x", 1), AQ_ECREATE, "cannot create blocked");
}

/* A file that grows beyond a limit is refused by the system, as on a full disk. */
static void test_no_room(void **state)
{
	(void)state;
	struct rlimit all, little = { .rlim_cur = 4096 };
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &all), 0);
	little.rlim_max = all.rlim_max;
	char *bytes = calloc(1, 100000);
	assert_non_null(bytes);
	ok(aq_file_write("tight", false, "small", 5));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	const int rc = aq_file_write("tight", false, bytes, 100000);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
	bad(rc, AQ_EIO, "cannot write tight");
	holds("tight", "small");
	assert_false(aq_file_exists("tight.tmp"));
	free(bytes);
}

static void test_reading(void **state)
{
	(void)state;
	char *bytes;
	size_t length;
	bad(aq_file_read("missing", 10, &bytes, &length), AQ_ENOINPUT, "cannot open missing");
	assert_null(bytes);
	mkdir("folder", 0755);
	bad(aq_file_read("folder", 10, &bytes, &length), AQ_ENOINPUT, "cannot open folder");
	ok(aq_file_write("ten", false, "0123456789", 10));
	ok(aq_file_read("ten", 10, &bytes, &length));
	assert_int_equal(length, 10);
	free(bytes);
	bad(aq_file_read("ten", 9, &bytes, &length), AQ_EDATA, "ten is larger than 9 bytes");
	ok(aq_file_write("none", false, "", 0));
	holds("none", "");
	enum { LARGE = 300001 };
	char *large = malloc(LARGE);
	assert_non_null(large);
	for (int i = 0; i < LARGE; i++)
		large[i] = (char)(i * 7 >> 3);
	ok(aq_file_write("large", false, large, LARGE));
	ok(aq_file_read("large", LARGE, &bytes, &length));
	assert_int_equal(length, LARGE);
	assert_memory_equal(bytes, large, LARGE);
	free(bytes);
	free(large);
}

static void test_looking(void **state)
{
	(void)state;
	mkdir("folder", 0755);
	ok(aq_file_write("one", false, "1", 1));
	ok(aq_file_write("two", false, "1", 1));
	unlink("again");
	assert_int_equal(link("one", "again"), 0);
	assert_true(aq_file_exists("one") && aq_file_exists("folder"));
	assert_false(aq_file_exists("none such"));
	assert_true(aq_file_is_folder("folder") && !aq_file_is_folder("one"));
	assert_true(aq_file_same("one", "folder/../one") && aq_file_same("one", "again"));
	assert_false(aq_file_same("one", "two") || aq_file_same("none such", "none such"));
	assert_int_equal(aq_file_failed(EIO, "read", "x"), AQ_EIO);
	assert_int_equal(aq_file_failed(EACCES, "read", "x"), AQ_ENOINPUT);
}

/* Two commands with one output: the second is refused while the first writes, and does it no harm. */
static void test_claim(void **state)
{
	(void)state;
	struct aq_h5 *first, *second;
	struct aq_apng *film;
	const float x[4] = { 1, 2, 3, 4 };
	int claim;
	char *temporary;
	ok(aq_file_write("both", false, "old", 3));
	ok(aq_h5_create(&first, "both", "aquatint-test", false));
	ok(aq_h5_put(first, "/x", AQ_SHAPE1(AQ_F32, 4), x));
	bad(aq_h5_create(&second, "both", "aquatint-test", false), AQ_ECREATE, "another command is writing it");
	bad(aq_file_write("both", false, "new", 3), AQ_ECREATE, "another command is writing it");
	bad(aq_apng_begin(&film, "both", false, 8, 8, 0, NULL, 0), AQ_ECREATE, "another command is writing it");
	assert_true(aq_file_exists("both.tmp"));
	holds("both", "old");
	ok(aq_h5_publish(first));
	ok(aq_h5_open(&first, "both", "aquatint-test"));
	ok(aq_h5_check(first, "/x"));
	aq_h5_close(first);

	/* given up, published or left behind, it is nobody's */
	ok(aq_apng_begin(&film, "both", false, 8, 8, 0, NULL, 0));
	bad(aq_file_write("both", false, "new", 3), AQ_ECREATE, "another command is writing it");
	aq_apng_drop(film);
	ok(aq_file_write("both", false, "new", 3));
	holds("both", "new");
	ok(aq_file_write("both.tmp", false, "left behind", 11));
	ok(aq_file_begin(&temporary, &claim, "both", false));
	close(claim);
	free(temporary);
	ok(aq_file_write("both", false, "newer", 5));
	holds("both", "newer");
	assert_false(aq_file_exists("both.tmp"));
}

/* A command that is ended by a signal removes what it had not finished, and still dies of it. */
static void test_guard(void **state)
{
	(void)state;
	ok(aq_file_write("unfinished.tmp", false, "half", 4));
	fflush(NULL);
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		aq_file_guard();
		aq_file_pending("forgotten.tmp");
		aq_file_pending("unfinished.tmp");
		raise(SIGTERM);
		_exit(0);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
	assert_false(aq_file_exists("unfinished.tmp"));
	ok(aq_file_write("published.tmp", false, "all", 3));
	aq_file_pending("published.tmp");
	aq_file_pending(NULL);
	aq_file_abandon();
	holds("published.tmp", "all");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_or_not_at_all),
		cmocka_unit_test(test_keeping),
		cmocka_unit_test(test_what_cannot_be_created),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_looking),
		cmocka_unit_test(test_claim),
		cmocka_unit_test(test_guard),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
