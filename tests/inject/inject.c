/* SPDX-License-Identifier: MIT
 *
 * inject.c - the calls by which a program changes files, caught and counted; see inject.h
 */
#include "inject.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct inject_plan *inject_plan;

static void forget(void)
{
	inject_plan = NULL;
}

/* A child that the process forks, as one that tastes files, goes its way undisturbed. */
__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("AQ_INJECT");
	const int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	if (fd < 0)
		return;
	struct inject_plan *plan =
		mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (plan != MAP_FAILED)
		inject_plan = plan;
	pthread_atfork(NULL, NULL, forget);
}

/* ---- whose turn it is ------------------------------------------------------------------------------ */

static bool strikes(void)
{
	const struct inject_plan *plan = inject_plan;
	if (!plan || plan->what != INJECT_FILES)
		return false;
	const long call = __atomic_add_fetch(&inject_plan->calls, 1, __ATOMIC_RELAXED);
	return call == plan->at || (plan->at > 0 && plan->way == FAIL_ON && call > plan->at);
}

static void die(bool struck, enum inject_way way)
{
	if (struck && inject_plan->way == way)
		kill(getpid(), SIGKILL);
}

static bool fails(bool struck)
{
	if (!struck || (inject_plan->way != FAIL_ONCE && inject_plan->way != FAIL_ON))
		return false;
	errno = inject_plan->error;
	return true;
}

/* ---- writing --------------------------------------------------------------------------------------- */

/* What goes to the terminal is no file. */
static long write_some(int fd, const void *bytes, size_t count, long offset)
{
	const bool struck = fd > 2 && strikes();
	if (fails(struck))
		return -1;
	const bool half = struck && (inject_plan->way == KILL_WITHIN || inject_plan->way == SHORT);
	if (half && count > 1)
		count /= 2;
	const long done = offset < 0 ? syscall(SYS_write, fd, bytes, count)
				     : syscall(SYS_pwrite64, fd, bytes, count, offset);
	die(struck, KILL_WITHIN);
	die(struck, KILL_AFTER);
	return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset)
{
	return write_some(fd, bytes, count, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset)
{
	return write_some(fd, bytes, count, offset);
}

ssize_t write(int fd, const void *bytes, size_t count)
{
	return write_some(fd, bytes, count, -1);
}

/* ---- what is done wholly or not at all ------------------------------------------------------------- */

#define CAUGHT(call)                           \
	do {                                   \
		const bool struck = strikes(); \
		if (fails(struck))             \
			return -1;             \
		die(struck, KILL_WITHIN);      \
		const long done = (call);      \
		die(struck, KILL_AFTER);       \
		return (int)done;              \
	} while (0)

int ftruncate(int fd, off_t length)
{
	CAUGHT(syscall(SYS_ftruncate, fd, length));
}

int ftruncate64(int fd, off64_t length)
{
	CAUGHT(syscall(SYS_ftruncate, fd, length));
}

int rename(const char *from, const char *to)
{
	CAUGHT(syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to));
}

int mkdir(const char *path, mode_t mode)
{
	CAUGHT(syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}

/* Only power loss could tell whether it was done. */
int fsync(int fd)
{
	(void)fd;
	CAUGHT(0);
}

/* A file system that knows no locks has none for anybody. */
int flock(int fd, int operation)
{
	if (!inject_plan || inject_plan->what != INJECT_LOCKS)
		return (int)syscall(SYS_flock, fd, operation);
	__atomic_add_fetch(&inject_plan->calls, 1, __ATOMIC_RELAXED);
	errno = inject_plan->error;
	return -1;
}

static int open_file(const char *path, int flags, mode_t mode)
{
	if (flags & O_CREAT)
		CAUGHT(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

#define OPEN(name)                                        \
	int name(const char *path, int flags, ...)        \
	{                                                 \
		va_list args;                             \
		va_start(args, flags);                    \
		const mode_t mode = va_arg(args, mode_t); \
		va_end(args);                             \
		return open_file(path, flags, mode);      \
	}

OPEN(open)
OPEN(open64)

/* Removing is no part of the result: it is killed, but does not fail. */
static int remove_it(const char *path, int flags)
{
	const bool kills = inject_plan && inject_plan->way <= KILL_WITHIN;
	const bool struck = kills && strikes();
	die(struck, KILL_WITHIN);
	const long done = syscall(SYS_unlinkat, AT_FDCWD, path, flags);
	die(struck, KILL_AFTER);
	return (int)done;
}

int unlink(const char *path)
{
	return remove_it(path, 0);
}

int rmdir(const char *path)
{
	return remove_it(path, AT_REMOVEDIR);
}

/* ---- streams --------------------------------------------------------------------------------------- */

/* The C library writes its streams without the functions above: those that write are built anew on them. */

struct stream {
	int fd;
};

static ssize_t stream_read(void *cookie, char *bytes, size_t count)
{
	return read(((struct stream *)cookie)->fd, bytes, count);
}

static ssize_t stream_write(void *cookie, const char *bytes, size_t count)
{
	size_t done = 0;
	while (done < count) {
		const ssize_t some = write(((struct stream *)cookie)->fd, bytes + done, count - done);
		if (some < 0)
			return 0;
		done += (size_t)some;
	}
	return (ssize_t)done;
}

static int stream_seek(void *cookie, off64_t *offset, int whence)
{
	const off_t at = lseek(((struct stream *)cookie)->fd, *offset, whence);
	*offset = at;
	return at < 0 ? -1 : 0;
}

static int stream_close(void *cookie)
{
	const int rc = close(((struct stream *)cookie)->fd);
	free(cookie);
	return rc;
}

static FILE *open_stream(const char *path, const char *mode)
{
	static const cookie_io_functions_t functions = { stream_read, stream_write, stream_seek,
							 stream_close };
	const bool writes = *mode == 'w';
	struct stream *stream = malloc(sizeof *stream);
	if (!stream)
		return NULL;
	stream->fd = open(path, (writes ? O_RDWR | O_CREAT | O_TRUNC : O_RDONLY) | O_CLOEXEC, 0666);
	FILE *file = stream->fd < 0 ? NULL : fopencookie(stream, writes ? "w+" : "r", functions);
	if (!file)
		free(stream);
	return file;
}

FILE *fopen(const char *path, const char *mode)
{
	return open_stream(path, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
	return open_stream(path, mode);
}
