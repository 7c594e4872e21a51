/* SPDX-License-Identifier: MIT
 *
 * spool.c - bytes put aside in order and taken back in the same order
 */
#include "io/spool.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct aq_spool {
	FILE *file;
	bool taking;
};

static int failed(const char *verb)
{
	return aq_fail(AQ_EIO, "cannot %s what was put aside in a temporary file: %s", verb,
		       strerror(errno));
}

int aq_spool_new(struct aq_spool **out)
{
	struct aq_spool *spool = calloc(1, sizeof *spool);
	*out = NULL;
	if (!spool)
		return aq_fail(AQ_ENOMEM, "out of memory");
	spool->file = tmpfile();
	if (!spool->file) {
		free(spool);
		return aq_fail(AQ_ECREATE, "cannot create a temporary file: %s", strerror(errno));
	}
	*out = spool;
	return AQ_OK;
}

int aq_spool_put(struct aq_spool *spool, const void *bytes, size_t length)
{
	return fwrite(bytes, 1, length, spool->file) == length ? AQ_OK : failed("write");
}

int aq_spool_take(struct aq_spool *spool, void *bytes, size_t length)
{
	if (!spool->taking && (fflush(spool->file) || fseek(spool->file, 0, SEEK_SET)))
		return failed("write");
	spool->taking = true;
	return fread(bytes, 1, length, spool->file) == length ? AQ_OK : failed("read");
}

void aq_spool_free(struct aq_spool *spool)
{
	if (!spool)
		return;
	fclose(spool->file);
	free(spool);
}
