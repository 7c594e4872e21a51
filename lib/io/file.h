/* SPDX-License-Identifier: MIT
 *
 * file.h - files that appear whole or not at all
 *
 * An output is written under NAME.tmp beside its place; aq_file_publish() syncs it, renames it and
 * syncs the folder.  A temporary left by a killed program is overwritten by the next one.
 */
#ifndef AQ_IO_FILE_H
#define AQ_IO_FILE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The temporary of `path`: its name, to be freed, and *claim, a descriptor that holds it against other commands until
 * it is closed behind publishing; where the file system knows no locks nobody does.  With NULL for `claim` nothing is
 * made, only tried.  Fails with AQ_ECREATE where the folder is missing or not writable, `path` is a folder, a device or
 * a link to nothing, or (with `keep`) is there already, or another command holds the temporary. */
int aq_file_begin(char **temporary, int *claim, const char *path, bool keep) AQ_CHECKED;

/* Lock an open file: 0, or -1 with errno, which is EWOULDBLOCK where another process has it. */
int aq_file_lock(int fd);

/* fsync and rename `temporary` to `path`, then fsync the folder. */
int aq_file_publish(const char *temporary, const char *path) AQ_CHECKED;

/* A whole file in memory (malloc'd, a NUL behind it); refuses more than `most` bytes with AQ_EDATA.
 */
int aq_file_read(const char *path, size_t most, char **bytes, size_t *length) AQ_CHECKED;

/* Write a whole file, published as above. */
int aq_file_write(const char *path, bool keep, const void *bytes, size_t length) AQ_CHECKED;

bool aq_file_exists(const char *path);
bool aq_file_is_folder(const char *path);

/* Do both names stand for one file that is there? */
bool aq_file_same(const char *a, const char *b);

/* AQ_EUSAGE where to write `out` would be to lose `in`; either may be NULL. */
int aq_file_apart(const char *out, const char *in) AQ_CHECKED;

/* Remember `temporary` so that a command stopped by a signal can remove it; NULL forgets it. */
void aq_file_pending(const char *temporary);

/* Remove the pending temporary; safe in a signal handler. */
void aq_file_abandon(void);

/* From now on a signal that ends the program (HUP, INT, TERM, XCPU) removes the pending temporary
 * first. For commands that have nothing else to save. */
void aq_file_guard(void);

/* AQ_ENOINPUT or AQ_EIO by `err` (an errno), after telling "cannot VERB PATH: reason". */
int aq_file_failed(int err, const char *verb, const char *path);

#endif
