/* SPDX-License-Identifier: MIT
 *
 * file.c - files that appear whole or not at all
 */
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int aq_file_failed(int err, const char *verb, const char *path)
{
	const enum aq_code code = err == ENOENT || err == EACCES || err == EISDIR ||
						  err == ENOTDIR || err == EPERM || err == ELOOP
					  ? AQ_ENOINPUT
					  : AQ_EIO;
	return aq_fail(code, "cannot %s %s: %s", verb, path, strerror(err));
}

/* The folder that `path` stands in, to be freed. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return !slash	       ? strdup(".")
	       : slash == path ? strdup("/")
			       : strndup(path, (size_t)(slash - path));
}

bool aq_file_exists(const char *path)
{
	struct stat st;
	return lstat(path, &st) == 0;
}

bool aq_file_is_folder(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool aq_file_same(const char *a, const char *b)
{
	struct stat x, y;
	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

int aq_file_apart(const char *out, const char *in)
{
	if (!out || !in || !aq_file_same(out, in))
		return AQ_OK;
	return aq_fail(AQ_EUSAGE, "%s is an input: write to another file", out);
}

/* A device is not replaced, and a name that leads nowhere is rather a mistake than a wish. */
static int check_target(const char *path)
{
	struct stat st;
	if (lstat(path, &st) < 0)
		return AQ_OK;
	if (stat(path, &st) < 0)
		return aq_fail(AQ_ECREATE, "cannot create %s: it is a link to what is not there; remove it", path);
	if (!S_ISREG(st.st_mode))
		return aq_fail(AQ_ECREATE, "cannot create '%s': it is a %s; name a file", path,
			       S_ISDIR(st.st_mode) ? "folder" : "device or pipe");
	return AQ_OK;
}

/* The system drops a lock with its holder, however that one dies; but a child that tastes files for it may live a
 * moment longer. */
int aq_file_lock(int fd)
{
	enum { TRIES = 25 };
	const struct timespec moment = { .tv_nsec = 20000000 };
	int rc = flock(fd, LOCK_EX | LOCK_NB);
	for (int i = 0; rc < 0 && errno == EWOULDBLOCK && i < TRIES; i++) {
		nanosleep(&moment, NULL);
		rc = flock(fd, LOCK_EX | LOCK_NB);
	}
	return rc;
}

/* Make it, or take over what was left behind. */
static int hold(const char *temporary, const char *path, int *claim)
{
	struct stat mine, now;
	for (;;) {
		const int fd = open(temporary, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
		if (fd < 0)
			return aq_fail(AQ_ECREATE, "cannot create %s: %s", path, strerror(errno));
		if (aq_file_lock(fd) < 0 && errno == EWOULDBLOCK) {
			close(fd);
			return aq_fail(AQ_ECREATE, "cannot create %s: another command is writing it; wait for it",
				       path);
		}
		*claim = fd;
		if (fstat(fd, &mine) == 0 && stat(temporary, &now) == 0 && mine.st_dev == now.st_dev &&
		    mine.st_ino == now.st_ino)
			return AQ_OK;
		close(fd); /* it was published or given up in between */
	}
}

int aq_file_begin(char **temporary, int *claim, const char *path, bool keep)
{
	char *folder = NULL;
	int rc;
	*temporary = NULL;
	if (keep && aq_file_exists(path))
		return aq_fail(AQ_ECREATE, "%s exists, and --no-clobber was given", path);
	if (!*path)
		return aq_fail(AQ_ECREATE, "cannot create '': name a file");
	AQ_TRY(check_target(path));
	if (!(folder = folder_of(path)))
		rc = aq_fail(AQ_ENOMEM, "out of memory creating %s", path);
	else if (access(folder, W_OK) < 0)
		rc = aq_fail(errno == ENOMEM ? AQ_ENOMEM : AQ_ECREATE, "cannot create %s: folder %s: %s", path, folder,
			     strerror(errno));
	else if (asprintf(temporary, "%s.tmp", path) < 0) {
		*temporary = NULL;
		rc = aq_fail(AQ_ENOMEM, "out of memory creating %s", path);
	} else if (claim && (rc = hold(*temporary, path, claim)) < 0) {
		free(*temporary);
		*temporary = NULL;
	}
done:
	free(folder);
	return rc;
}

static int sync_path(const char *path, int flags)
{
	const int fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		return -1;
	/* EINVAL: the file system has nothing to sync for such an object */
	const int bad = fsync(fd) < 0 && errno != EINVAL && errno != EROFS;
	const int err = errno;
	close(fd);
	errno = err;
	return bad ? -1 : 0;
}

int aq_file_publish(const char *temporary, const char *path)
{
	char *folder = folder_of(path);
	int rc = AQ_OK;
	if (!folder)
		rc = aq_fail(AQ_ENOMEM, "out of memory");
	else if (sync_path(temporary, O_RDONLY) < 0 || rename(temporary, path) < 0 ||
		 sync_path(folder, O_RDONLY | O_DIRECTORY) < 0)
		rc = aq_fail(AQ_EIO, "cannot write %s: %s", path, strerror(errno));
	free(folder);
	return rc;
}

int aq_file_read(const char *path, size_t most, char **bytes, size_t *length)
{
	int rc = AQ_OK;
	size_t room = 1 << 16, used = 0;
	char *at = NULL;
	*bytes = NULL;
	FILE *file = aq_file_is_folder(path) ? (errno = EISDIR, NULL) : fopen(path, "rbe");
	if (!file)
		return aq_file_failed(errno, "open", path);
	for (;;) {
		char *more = realloc(at, room + 1);
		if (!more) {
			rc = aq_fail(AQ_ENOMEM, "out of memory reading %s", path);
			goto done;
		}
		at = more;
		used += fread(at + used, 1, room - used, file);
		if (used < room || used > most)
			break;
		room *= 2;
	}
	if (ferror(file))
		rc = aq_file_failed(errno, "read", path);
	else if (used > most)
		rc = aq_fail(AQ_EDATA,
			     "%s is larger than %zu bytes, too large for what it should be", path,
			     most);
done:
	fclose(file);
	if (rc < 0) {
		free(at);
		return rc;
	}
	at[used] = '\0';
	*bytes = at;
	*length = used;
	return AQ_OK;
}

int aq_file_write(const char *path, bool keep, const void *bytes, size_t length)
{
	char *temporary;
	int claim, rc = aq_file_begin(&temporary, &claim, path, keep);
	if (rc < 0)
		return rc;
	FILE *file = fopen(temporary, "wbe");
	if (!file) {
		rc = aq_fail(AQ_ECREATE, "cannot create %s: %s", path, strerror(errno));
	} else {
		aq_file_pending(temporary);
		const bool short_write = fwrite(bytes, 1, length, file) < length;
		const int err = errno;
		if (fclose(file) != 0 || short_write)
			rc = aq_fail(AQ_EIO, "cannot write %s: %s", path,
				     strerror(short_write ? err : errno));
		else
			rc = aq_file_publish(temporary, path);
		if (rc < 0)
			unlink(temporary);
		aq_file_pending(NULL);
	}
	close(claim);
	free(temporary);
	return rc;
}

/* A plain buffer and a flag: a handler may read them at any time. */
static char pending[4096];
static volatile int is_pending;

void aq_file_pending(const char *temporary)
{
	is_pending = 0;
	if (temporary && strlen(temporary) < sizeof pending) {
		memcpy(pending, temporary, strlen(temporary) + 1);
		is_pending = 1;
	}
}

void aq_file_abandon(void)
{
	if (is_pending)
		unlink(pending);
}

/* Installed to act once, so that the signal raised again does what it always did. */
static void die(int number)
{
	aq_file_abandon();
	raise(number);
}

void aq_file_guard(void)
{
	static const int ends[] = { SIGHUP, SIGINT, SIGTERM, SIGXCPU };
	struct sigaction act = { .sa_handler = die, .sa_flags = (int)SA_RESETHAND }, old;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		/* what was ignored, as by nohup, stays so */
		if (sigaction(ends[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(ends[i], &act, NULL);
}
