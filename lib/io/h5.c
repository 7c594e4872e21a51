/* SPDX-License-Identifier: MIT
 *
 * h5.c - HDF5 files: begun, published, opened, and how their failures are told
 */
#include "io/h5_private.h"

#include "io/file.h"
#include "io/gz_pack.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Files that appear whole need no locks of the library's, which fails where the file system has none
 * (ENOLCK, EOPNOTSUPP), and with which a reader stands in a writer's way. */
#if H5_VERSION_GE(1, 10, 7)
#define SET_NO_LOCKING(fapl) H5Pset_file_locking(fapl, false, true)
#else
#define SET_NO_LOCKING(fapl) ((void)(fapl), 0)
#endif

/* ---- failures -------------------------------------------------------------------------------- */

/* The library closes itself at exit, and crashes there when a file could not be written to its end
 * (h5py issue 914).  What we close ourselves needs no such help. */
static bool started;

static void start(void)
{
	H5dont_atexit();
	started = H5open() >= 0;
	/* it ends the program where there is no memory for an identifier */
	atexit(aq_file_abandon);
}

/* Nothing else is done without a file, and no file is without this. */
static int check_started(const char *path)
{
	aq_h5_begin();
	return started ? AQ_OK : aq_fail(AQ_ENOMEM, "out of memory for the HDF5 library, before %s", path);
}

void aq_h5_begin(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	/* the library prints its errors, by default, a thread each */
	static _Thread_local bool quiet;
	if (quiet)
		return;
	pthread_once(&once, start);
	H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
	quiet = true;
}

struct cause {
	int err;
	bool memory;
	char text[240]; /* the innermost message */
};

static herr_t find_cause(unsigned n, const H5E_error2_t *error, void *self)
{
	static const char mark[] = "errno = ";
	struct cause *cause = self;
	const char *text = error->desc ? error->desc : "";
	if (n == 0)
		snprintf(cause->text, sizeof cause->text, "%s", text);
	const char *at = strstr(text, mark);
	if (at && !cause->err)
		cause->err = atoi(at + sizeof mark - 1);
	/* file space is of this kind as well, but is short for a reason of the system's */
	if (error->maj_num == H5E_RESOURCE || strstr(text, "memory allocation failed") ||
	    strstr(text, "flateInit() failed"))
		cause->memory = true;
	return 0;
}

int aq_h5_failed(struct aq_h5 *file, const char *name)
{
	struct cause cause = { .text = "unknown error" };
	const bool writing = file->temporary;
	H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, find_cause, &cause);
	if (writing)
		file->broken = true;
	if (cause.err)
		return aq_fail(AQ_EIO, "cannot %s %s: %s", writing ? "write" : "read", file->path,
			       strerror(cause.err));
	if (cause.memory)
		return aq_fail(AQ_ENOMEM, "out of memory with %s of %s",
			       name ? name : "the contents", file->path);
	if (writing)
		return aq_fail(AQ_EIO, "cannot write %s of %s: HDF5 says '%s'",
			       name ? name : "the end", file->path, cause.text);
	return aq_fail(AQ_EDATA,
		       "%s: cannot read %s: HDF5 says '%s'; the file is damaged or cut short, "
		       "make it anew",
		       file->path, name ? name : "it", cause.text);
}

/* ---- writing --------------------------------------------------------------------------------- */

static void destroy(struct aq_h5 *file)
{
	aq_h5_scales_free(file);
	if (file->temporary)
		close(file->claim);
	aq_packer_free(file->packer);
	free(file->chunk);
	free(file->path);
	free(file->temporary);
	free(file->format);
	free(file);
}

hid_t aq_h5_plist(hid_t class)
{
	const unsigned kept = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
	const hid_t plist = H5Pcreate(class);
	if (plist < 0)
		return plist;
	if (H5Pset_obj_track_times(plist, false) < 0 ||
	    H5Pset_attr_creation_order(plist, kept) < 0 ||
	    (class != H5P_DATASET_CREATE && H5Pset_link_creation_order(plist, kept) < 0)) {
		H5Pclose(plist);
		return -1;
	}
	return plist;
}

/* Low bound V18: superblock 2 and checked metadata.  The library goes above it for what cannot be
 * said otherwise, the virtual datasets of a live index, so the high bound is the next. */
static hid_t access_list(void)
{
	const hid_t fapl = H5Pcreate(H5P_FILE_ACCESS);
	if (fapl < 0)
		return fapl;
	if (H5Pset_libver_bounds(fapl, H5F_LIBVER_V18, H5F_LIBVER_V110) < 0 ||
	    SET_NO_LOCKING(fapl) < 0) {
		H5Pclose(fapl);
		return -1;
	}
	return fapl;
}

int aq_h5_create(struct aq_h5 **out, const char *path, const char *format, bool keep)
{
	hid_t fcpl = -1, fapl = -1;
	int rc = check_started(path);
	*out = NULL;
	if (rc < 0)
		return rc;
	struct aq_h5 *file = calloc(1, sizeof *file);
	if (!file)
		return aq_fail(AQ_ENOMEM, "out of memory creating %s", path);
	file->id = -1;
	if ((rc = aq_file_begin(&file->temporary, &file->claim, path, keep)) < 0) {
		destroy(file);
		return rc;
	}
	file->path = strdup(path);
	file->format = strdup(format);
	if (!file->path || !file->format) {
		rc = aq_fail(AQ_ENOMEM, "out of memory creating %s", path);
		goto done;
	}
	aq_file_pending(file->temporary);
	if ((fcpl = aq_h5_plist(H5P_FILE_CREATE)) < 0 || (fapl = access_list()) < 0 ||
	    (file->id = H5Fcreate(file->temporary, H5F_ACC_TRUNC, fcpl, fapl)) < 0) {
		rc = aq_h5_failed(file, NULL) == AQ_ENOMEM ? AQ_ENOMEM : AQ_ECREATE;
		aq_while(rc, "cannot create %s", path);
		goto done;
	}
	AQ_TRY(aq_h5_set_text(file, "/", "format", format));
	AQ_TRY(aq_h5_set_int(file, "/", "format_version", AQ_H5_VERSION));
	*out = file;
done:
	aq_h5_shut(fcpl, H5Pclose);
	aq_h5_shut(fapl, H5Pclose);
	if (rc < 0)
		aq_h5_close(file);
	return rc;
}

int aq_h5_publish(struct aq_h5 *file)
{
	int rc = AQ_OK;
	aq_h5_begin();
	AQ_TRY(aq_h5_scales_write(file));
	const ssize_t open =
		H5Fget_obj_count(file->id, H5F_OBJ_DATASET | H5F_OBJ_GROUP | H5F_OBJ_ATTR);
	if (open != 0)
		rc = aq_fail(AQ_EBUG, "%s is published with %zd objects open", file->path, open);
	else if (file->broken)
		rc = aq_fail(AQ_EIO, "cannot write %s: an earlier write failed", file->path);
	/* Both are asked: closing has been seen to succeed where flushing had failed. */
	else if (H5Fflush(file->id, H5F_SCOPE_LOCAL) < 0)
		rc = aq_h5_failed(file, NULL);
	else {
		const hid_t id = file->id;
		file->id = -1;
		if (H5Fclose(id) < 0)
			rc = aq_h5_failed(file, NULL);
	}
	AQ_TRY(rc);
	AQ_TRY(aq_file_publish(file->temporary, file->path));
	aq_file_pending(NULL);
	destroy(file);
	return AQ_OK;
done:
	aq_h5_close(file);
	return rc;
}

void aq_h5_close(struct aq_h5 *file)
{
	if (!file)
		return;
	/* what the child died of closing stays open */
	if (aq_probe_close(file->probe) == AQ_OK)
		aq_h5_shut(file->id, H5Fclose);
	if (file->temporary) {
		unlink(file->temporary);
		aq_file_pending(NULL);
	}
	destroy(file);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* What makes each kind of file, for messages. */
static const struct {
	const char *format, *maker;
} makers[] = {
	{ "aquatint-data", "aquatint-prep" },
	{ "aquatint-run", "aquatint-train" },
	{ "aquatint-snap", "aquatint-snapshot cut" },
	{ "aquatint-weights", "aquatint-snapshot weights" },
	{ "aquatint-embed", "aquatint-render embed" },
};

static const char *maker_of(const char *format)
{
	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
		if (strcmp(makers[i].format, format) == 0)
			return makers[i].maker;
	return NULL;
}

/* The system's word comes first: HDF5 would say of a missing file that it is damaged. */
static int look_at(const char *path, uint64_t *size)
{
	static const unsigned char signature[8] = { 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n' };
	unsigned char head[8] = { 0 };
	struct stat st;
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return aq_file_failed(errno, "open", path);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return aq_file_failed(EISDIR, "read", path);
	}
	const ssize_t got = read(fd, head, sizeof head);
	const int err = errno;
	close(fd);
	if (got < 0)
		return aq_file_failed(err, "read", path);
	if (got < (ssize_t)sizeof head || memcmp(head, signature, sizeof head) != 0)
		return aq_fail(AQ_EDATA, "%s is not an HDF5 file%s", path,
			       got == 0 ? ", it is empty"
					: "; pass one that an aquatint program wrote");
	*size = (uint64_t)st.st_size;
	return AQ_OK;
}

static int check_format(struct aq_h5 *file, const char *wanted)
{
	int64_t version;
	bool is_ours, has_version;
	int rc;
	AQ_TRY(aq_h5_find_attr(file, "/", "format", &is_ours));
	AQ_TRY(aq_h5_find_attr(file, "/", "format_version", &has_version));
	if (!is_ours || !has_version)
		return aq_fail(AQ_EDATA,
			       "%s is an HDF5 file, but none of aquatint's: it has no attributes "
			       "format and format_version",
			       file->path);
	AQ_TRY(aq_h5_attr_text(file, "/", "format", &file->format));
	AQ_TRY(aq_h5_attr_int(file, "/", "format_version", &version));
	const char *maker = wanted ? maker_of(wanted) : NULL;
	if (wanted && strcmp(file->format, wanted) != 0)
		return aq_fail(AQ_EDATA, "%s is of format %.40s, wanted %s%s%s", file->path,
			       file->format, wanted, maker ? "; that is made by " : "",
			       maker ? maker : "");
	if (!maker_of(file->format) && !wanted)
		return aq_fail(AQ_EDATA, "%s is of format %.40s, which this program does not know",
			       file->path, file->format);
	if (version < 1)
		return aq_fail(AQ_EDATA, "%s has format_version %lld, which never was", file->path,
			       (long long)version);
	if (version > AQ_H5_VERSION)
		return aq_fail(AQ_EDATA,
			       "%s is %s version %lld, newer than the %d this program knows; "
			       "use a newer aquatint",
			       file->path, file->format, (long long)version, AQ_H5_VERSION);
done:
	return rc;
}

enum way { PROBED, OWN, TASTED };

static int open_file(struct aq_h5 **out, const char *path, const char *format, enum way way)
{
	hid_t fapl = -1;
	int rc = check_started(path);
	*out = NULL;
	if (rc < 0)
		return rc;
	struct aq_h5 *file = calloc(1, sizeof *file);
	if (!file)
		return aq_fail(AQ_ENOMEM, "out of memory opening %s", path);
	file->id = -1;
	file->path = strdup(path);
	if (!file->path) {
		rc = aq_fail(AQ_ENOMEM, "out of memory opening %s", path);
		goto done;
	}
	AQ_TRY(look_at(path, &file->size));
	if (way == PROBED)
		AQ_TRY(aq_probe_open(&file->probe, path));
	if ((fapl = access_list()) < 0 ||
	    (file->id = H5Fopen(path, H5F_ACC_RDONLY, fapl)) < 0) {
		rc = aq_h5_failed(file, NULL);
		goto done;
	}
	/* who tastes does not judge */
	rc = check_format(file, format);
	if (way == TASTED && rc != AQ_ENOMEM)
		rc = AQ_OK;
	AQ_TRY(rc);
	*out = file;
done:
	aq_h5_shut(fapl, H5Pclose);
	if (rc < 0)
		aq_h5_close(file);
	return rc;
}

int aq_h5_open(struct aq_h5 **file, const char *path, const char *format)
{
	return open_file(file, path, format, PROBED);
}

int aq_h5_open_own(struct aq_h5 **file, const char *path, const char *format)
{
	return open_file(file, path, format, OWN);
}

int aq_h5_open_tasted(struct aq_h5 **file, const char *path)
{
	return open_file(file, path, NULL, TASTED);
}

const char *aq_h5_path(const struct aq_h5 *file)
{
	return file->path;
}

const char *aq_h5_format(const struct aq_h5 *file)
{
	return file->format;
}
