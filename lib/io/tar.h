/* SPDX-License-Identifier: MIT
 *
 * tar.h - the members of a tar archive in one pass, packed or not; nothing is unpacked to disk
 *
 * A file that is no archive is read as an archive whose only member is the file itself, so that a
 * reader of members need not care.  ustar, GNU (long names, large sizes) and pax (path, size) are
 * understood; folders, links and devices are passed over.  Member names are only ever looked at,
 * yet an archive with a name that points outside ("/etc/x", "../x") is refused: it is not what it
 * says it is.
 */
#ifndef AQ_IO_TAR_H
#define AQ_IO_TAR_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AQ_TAR_UNKNOWN UINT64_MAX /* the size of a plain file that may be packed */

struct aq_tar;

struct aq_tar_member {
	const char *name; /* "folder/file"; of a plain file its path.  Valid until the next call. */
	uint64_t size;    /* bytes, or AQ_TAR_UNKNOWN */
};

/* Is this block of 512 bytes a tar header: the magic and a checksum that holds? */
bool aq_tar_is(const uint8_t block[512]);

int aq_tar_open(struct aq_tar **tar, const char *path) AQ_CHECKED;
void aq_tar_close(struct aq_tar *tar);

/* Is the file an archive, or a plain file read as one member? */
bool aq_tar_is_archive(const struct aq_tar *tar);

/* Go to the next member, past what is left of the present one; *end is set behind the last. */
int aq_tar_next(struct aq_tar *tar, struct aq_tar_member *member, bool *end) AQ_CHECKED;

/* Up to `length` bytes of the member; *got is less only at its end.  A broken or short stream is
 * AQ_EDATA. */
int aq_tar_read(struct aq_tar *tar, void *bytes, size_t length, size_t *got) AQ_CHECKED;

/* "member of archive", or the path of a plain file: for messages.  Valid until the next member. */
const char *aq_tar_where(const struct aq_tar *tar);

#endif
