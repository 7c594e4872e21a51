/* SPDX-License-Identifier: MIT
 *
 * parts.c - X.run.h5.part/: the files of a run that is not finished
 */
#include "run/parts.h"

#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

char *aq_parts_folder(const char *out)
{
	char *folder;
	if (strlen(out) > AQ_PATH_MOST - 64) {
		aq_fail(AQ_EUSAGE, "the name of the run is too long");
		return NULL;
	}
	if (asprintf(&folder, "%s.part", out) < 0) {
		aq_fail(AQ_ENOMEM, "out of memory");
		return NULL;
	}
	return folder;
}

void aq_parts_segment(const struct aq_parts *parts, uint64_t index, char name[AQ_PATH_MOST])
{
	snprintf(name, AQ_PATH_MOST, "%s/segment-%llu.h5", parts->folder, (unsigned long long)index);
}

/* Where the file system knows no locks, a name of a socket is taken that says which folder it is: the system gives
 * that up with its holder, too, but knows it on this machine alone. */
static int take_name(int lock, int *held)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	struct stat st;
	const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	*held = -1;
	if (fd < 0 || fstat(lock, &st) < 0) {
		close(fd);
		return 0;
	}
	const int length = snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "aquatint-train %llx:%llx",
				    (unsigned long long)st.st_dev, (unsigned long long)st.st_ino);
	const size_t size = offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length;
	if (bind(fd, (const struct sockaddr *)&name, (socklen_t)size) == 0) {
		*held = fd;
		return 0;
	}
	const bool taken = errno == EADDRINUSE;
	close(fd);
	return taken ? -1 : 0;
}

/* 0; -1 where another trainer has it. */
static int take_lock(struct aq_parts *parts)
{
	int held;
	if (aq_file_lock(parts->lock) == 0)
		return 0;
	if (errno == EWOULDBLOCK || take_name(parts->lock, &held) < 0)
		return -1;
	if (held >= 0) {
		close(parts->lock);
		parts->lock = held;
	}
	return 0;
}

int aq_parts_enter(struct aq_parts *parts, const char *folder, uint64_t length)
{
	char name[AQ_PATH_MOST];
	*parts = (struct aq_parts){ .folder = strdup(folder), .lock = -1, .length = length };
	if (!parts->folder)
		return aq_fail(AQ_ENOMEM, "out of memory");
	parts->made = mkdir(folder, 0777) == 0;
	if (!parts->made && errno != EEXIST)
		return aq_fail(AQ_ECREATE, "cannot create folder %s: %s", folder, strerror(errno));
	snprintf(name, sizeof name, "%s/lock", folder);
	parts->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (parts->lock < 0)
		return aq_fail(AQ_ECREATE, "cannot create %s: %s", name, strerror(errno));
	if (take_lock(parts) < 0)
		return aq_fail(AQ_ECREATE, "another trainer is at work in %s; wait for it, or write to another file",
			       folder);
	return AQ_OK;
}

void aq_parts_leave(struct aq_parts *parts)
{
	if (parts->folder && parts->lock >= 0)
		close(parts->lock);
	free(parts->folder);
	*parts = (struct aq_parts){ .lock = -1 };
}

static bool is_ours(const char *name)
{
	return strcmp(name, "lock") == 0 || strncmp(name, "run.h5", 6) == 0 || strncmp(name, "segment-", 8) == 0;
}

int aq_parts_remove(const char *folder)
{
	char path[AQ_PATH_MOST + 256];
	DIR *dir = opendir(folder);
	if (!dir)
		return errno == ENOENT ? AQ_OK : aq_file_failed(errno, "open", folder);
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (!is_ours(entry->d_name))
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		if (unlink(path) < 0) {
			closedir(dir);
			return aq_fail(AQ_EIO, "cannot remove %s: %s", path, strerror(errno));
		}
	}
	closedir(dir);
	if (rmdir(folder) < 0)
		return aq_fail(AQ_EIO, "cannot remove folder %s: %s", folder, strerror(errno));
	return AQ_OK;
}

int aq_parts_discard(const char *folder)
{
	struct aq_parts parts = { .lock = -1 };
	int rc = AQ_OK;
	if (!aq_file_exists(folder))
		return AQ_OK;
	AQ_TRY(aq_parts_enter(&parts, folder, 0));
	AQ_TRY(aq_parts_remove(folder));
done:
	aq_parts_leave(&parts);
	return rc;
}

uint64_t aq_parts_chunk(const struct aq_parts *parts, const struct aq_record *record,
			const struct aq_column *column)
{
	/* The rows of a chunk are kept in memory until it is full: all columns together may have BUDGET bytes. */
	enum { SMALL = 1 << 18, MOST_TENSORS = 64, MOST_NUMBERS = 8192, BUDGET = 16 << 20, LEAST = 1 << 10 };
	const uint64_t rows = parts->length / column->every, share = BUDGET / (uint64_t)record->columns;
	const uint64_t aim = share > SMALL ? SMALL : share < LEAST ? LEAST : share;
	struct aq_h5_shape row = column->shape;
	row.dim[0] = 1;
	const uint64_t bytes = aq_h5_bytes(&row);
	uint64_t most = aim / (bytes ? bytes : 1);
	const uint64_t cap = row.rank > 1 ? MOST_TENSORS : MOST_NUMBERS;
	most = most < 1 ? 1 : most > cap ? cap : most;
	while (rows % most)
		most--;
	return most;
}

uint64_t aq_parts_length(uint64_t wanted, const struct aq_record *record)
{
	return (wanted + record->common - 1) / record->common * record->common;
}

int aq_parts_extent(struct aq_h5 *segment, struct aq_extent *extent)
{
	int64_t first, steps, evals;
	int rc;
	AQ_TRY(aq_h5_attr_int(segment, "/", "first_step", &first));
	AQ_TRY(aq_h5_attr_int(segment, "/", "steps", &steps));
	AQ_TRY(aq_h5_attr_int(segment, "/", "evals", &evals));
	if (first < 0 || steps < 0 || evals < 0)
		return aq_fail(AQ_EDATA, "%s says it begins at step %lld and has %lld; remove it", aq_h5_path(segment),
			       (long long)first, (long long)steps);
	*extent = (struct aq_extent){ (uint64_t)first, (uint64_t)steps, (uint64_t)evals };
done:
	return rc;
}
