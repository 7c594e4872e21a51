/* SPDX-License-Identifier: MIT
 *
 * A training is killed at every write, rename, truncation, sync and removal it makes, and each of them fails
 * once or from then on: what was published is right, --resume goes on, and the sealed file has the bytes of
 * an undisturbed run.
 *
 * The calls are caught by functions of the same names in this program, which the libraries call too.  With
 * AQUATINT_LONG set each point is tried in each way, without it some of them.
 */
#include "tiny.h"

#include "run/run.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDER "inject.dir"
#define OUT    FOLDER "/x.run.h5"
#define PART   OUT ".part"
#define WHOLE  FOLDER "/whole.run.h5"
#define WORDS                                                                                      \
	"steps=8 batch=4 solver=momentum checkpoint_every=3 eval_every=4 record=crc "              \
	"record=grad:layers=conv1 record=stats:every=2:layers=dense1"

/* ---- what is caught -------------------------------------------------------------------------------- */

enum way { KILL_AFTER, KILL_WITHIN, FAIL_ONCE, FAIL_ON, SHORT, WAYS };

/* Seen by the child that trains and by the parent. */
static struct {
	long at, calls; /* the call that goes wrong, from 1; calls so far */
	enum way way;
	int error;
	int rc;
	char story[4096];
} *plan;

static bool armed; /* in the child */

/* Is it this call's turn?  Kills at once where nothing is done before. */
static bool strikes(void)
{
	if (!armed)
		return false;
	const long call = ++plan->calls;
	if (call == plan->at && plan->way == KILL_WITHIN)
		kill(getpid(), SIGKILL);
	return call == plan->at || (plan->way == FAIL_ON && call > plan->at);
}

static long finish(bool struck, long result)
{
	if (struck && plan->way == KILL_AFTER)
		kill(getpid(), SIGKILL);
	return result;
}

static bool fails(bool struck)
{
	if (!struck || (plan->way != FAIL_ONCE && plan->way != FAIL_ON))
		return false;
	errno = plan->error;
	return true;
}

/* Half of the bytes are written before a kill within, or when the write is short. */
static long write_some(int fd, const void *bytes, size_t count, off_t offset, bool at)
{
	bool struck = false;
	if (armed && fd > 2) {
		struck = ++plan->calls == plan->at || (plan->way == FAIL_ON && plan->calls > plan->at);
		if (fails(struck))
			return -1;
		if (struck && (plan->way == KILL_WITHIN || plan->way == SHORT) && count > 1)
			count /= 2;
	}
	const long done = at ? syscall(SYS_pwrite64, fd, bytes, count, offset)
			     : syscall(SYS_write, fd, bytes, count);
	if (struck && plan->way == KILL_WITHIN)
		kill(getpid(), SIGKILL);
	return finish(struck, done);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset)
{
	return write_some(fd, bytes, count, offset, true);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset)
{
	return write_some(fd, bytes, count, offset, true);
}

ssize_t write(int fd, const void *bytes, size_t count)
{
	return write_some(fd, bytes, count, 0, false);
}

/* The others: they are done wholly or not at all. */
#define CAUGHT(struck, call)                                     \
	do {                                                     \
		const bool struck = strikes();                   \
		return (int)(fails(struck) ? -1 : finish(struck, (call))); \
	} while (0)

int ftruncate(int fd, off_t length) { CAUGHT(struck, syscall(SYS_ftruncate, fd, length)); }
int ftruncate64(int fd, off64_t length) { CAUGHT(struck, syscall(SYS_ftruncate, fd, length)); }
int rename(const char *from, const char *to) { CAUGHT(struck, syscall(SYS_rename, from, to)); }
int mkdir(const char *path, mode_t mode) { CAUGHT(struck, syscall(SYS_mkdir, path, mode)); }
/* Only power loss could tell whether it was done. */
int fsync(int fd) { (void)fd; CAUGHT(struck, 0); }

/* Removing is no longer part of the result: it is killed, but does not fail. */
int unlink(const char *path)
{
	const bool struck = plan && (plan->way == KILL_AFTER || plan->way == KILL_WITHIN) && strikes();
	return (int)finish(struck, syscall(SYS_unlink, path));
}

int rmdir(const char *path)
{
	const bool struck = plan && (plan->way == KILL_AFTER || plan->way == KILL_WITHIN) && strikes();
	return (int)finish(struck, syscall(SYS_rmdir, path));
}

/* ---- a training in a child ------------------------------------------------------------------------- */

static int setup(void **state)
{
	(void)state;
	plan = mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(plan != MAP_FAILED);
	tiny_inputs(FOLDER);
	good(tiny_train(FOLDER, WHOLE, WORDS, "threads=1", NULL));
	return 0;
}

/* Returns the status of its end. */
static int train(long at, enum way way, int error)
{
	int status;
	plan->at = at;
	plan->calls = 0;
	plan->way = way;
	plan->error = error;
	plan->story[0] = '\0';
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGSEGV, SIG_DFL); /* not cmocka's */
		signal(SIGABRT, SIG_DFL);
		armed = true;
		plan->rc = tiny_train(FOLDER, OUT, WORDS, "threads=1", NULL);
		snprintf(plan->story, sizeof plan->story, "%s", aq_story());
		armed = false;
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

/* ---- what must hold behind it ---------------------------------------------------------------------- */

static size_t row_of(const struct aq_column *column)
{
	struct aq_h5_shape row = column->shape;
	row.dim[0] = 1;
	return aq_h5_bytes(&row);
}

static void read_column(struct aq_run *run, const struct aq_column *column, uint64_t rows, unsigned char *to)
{
	good(aq_run_read(run, column, 0, rows, to));
}

/* Every row that is there equals that of the undisturbed run. */
static void check_rows(const char *path)
{
	static unsigned char have[1 << 16], want[1 << 16];
	struct aq_run *run, *whole;
	good(aq_run_open(&run, path));
	good(aq_run_open(&whole, WHOLE));
	for (int i = 0; i < run->record.columns; i++) {
		const struct aq_column *column = &run->record.column[i];
		const uint64_t rows = aq_run_rows(run, column);
		assert_true(rows * row_of(column) <= sizeof have);
		if (rows == 0)
			continue;
		read_column(run, column, rows, have);
		read_column(whole, aq_run_find(whole, column->name), rows, want);
		assert_memory_equal(have, want, rows * row_of(column));
	}
	aq_run_close(run);
	aq_run_close(whole);
}

static void go_on(void)
{
	if (aq_file_exists(OUT))
		tiny_same(WHOLE, OUT);
	else if (aq_file_exists(PART "/run.h5"))
		check_rows(PART);
	good(tiny_train(FOLDER, OUT, WORDS, "resume threads=1", NULL));
	tiny_same(WHOLE, OUT);
	assert_false(aq_file_exists(PART));
	assert_false(has_temporary(FOLDER));
	assert_int_equal(unlink(OUT), 0);
}

/* ---- tests ----------------------------------------------------------------------------------------- */

static long points(void)
{
	assert_int_equal(train(0, KILL_AFTER, 0), 0);
	assert_int_equal(plan->rc, 0);
	tiny_same(WHOLE, OUT);
	assert_int_equal(unlink(OUT), 0);
	return plan->calls;
}

static long stride(long some)
{
	return getenv("AQUATINT_LONG") ? 1 : some;
}

static void kill_at_each(enum way way, long first)
{
	const long count = points();
	long tried = 0;
	for (long at = first; at <= count; at += stride(37)) {
		const int status = train(at, way, 0);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		go_on();
		tried++;
	}
	print_message("%ld of %ld calls\n", tried, count);
}

static void test_killed_after(void **state)
{
	(void)state;
	kill_at_each(KILL_AFTER, 1);
}

static void test_killed_within(void **state)
{
	(void)state;
	kill_at_each(KILL_WITHIN, 2);
}

/* A call fails: the right status, its reason and the file in the message, nothing half done. */
static void fail_at_each(enum way way, int error, long first, long some)
{
	long tried = 0;
	for (long at = first;; at += stride(some)) {
		const int status = train(at, way, error);
		if (plan->calls < at)
			break;
		if (!WIFEXITED(status))
			fail_msg("call %ld: ended by signal %d", at, WTERMSIG(status));
		if (plan->rc == AQ_OK) { /* nobody needed it: the folder that was there, a sync of an old system */
			tiny_same(WHOLE, OUT);
			assert_int_equal(unlink(OUT), 0);
			continue;
		}
		if (plan->rc != AQ_EIO && plan->rc != AQ_ECREATE)
			fail_msg("call %ld: code %d: %s", at, plan->rc, plan->story);
		if (!strstr(plan->story, strerror(error)) || !strstr(plan->story, OUT))
			fail_msg("call %ld: neither reason nor file in: %s", at, plan->story);
		assert_false(has_temporary(FOLDER));
		assert_false(has_temporary(PART));
		go_on();
		tried++;
	}
	print_message("%ld failures of '%s'\n", tried, strerror(error));
}

static void test_no_space(void **state)
{
	(void)state;
	fail_at_each(FAIL_ON, ENOSPC, 1, 23);
}

static void test_no_space_once(void **state)
{
	(void)state;
	fail_at_each(FAIL_ONCE, ENOSPC, 2, 41);
}

static void test_io_error(void **state)
{
	(void)state;
	fail_at_each(FAIL_ON, EIO, 3, 43);
	fail_at_each(FAIL_ONCE, EIO, 4, 47);
}

static void test_no_quota(void **state)
{
	(void)state;
	fail_at_each(FAIL_ON, EDQUOT, 5, 61);
}

/* A write that takes half of the bytes is gone on with. */
static void test_short_writes(void **state)
{
	(void)state;
	const long count = points();
	for (long at = 1; at <= count; at += stride(61)) {
		assert_int_equal(train(at, SHORT, 0), 0);
		assert_int_equal(plan->rc, 0);
		tiny_same(WHOLE, OUT);
		assert_int_equal(unlink(OUT), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_killed_after),
		cmocka_unit_test(test_killed_within),
		cmocka_unit_test(test_no_space),
		cmocka_unit_test(test_no_space_once),
		cmocka_unit_test(test_io_error),
		cmocka_unit_test(test_no_quota),
		cmocka_unit_test(test_short_writes),
	};
	return cmocka_run_group_tests(tests, setup, NULL);
}
