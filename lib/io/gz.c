/* SPDX-License-Identifier: MIT
 *
 * gz.c - zlib: streams of bytes, packed or not, and checksums
 */
#include "io/gz.h"

#include "io/file.h"
#include "num/kernels.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

struct aq_gz {
	gzFile stream;
	char *path;
	uint64_t at;
};

uint32_t aq_crc(uint32_t crc, const void *bytes, size_t length)
{
	unsigned char left[16];
	size_t done;
	aq_kernels()->crc_fold(~crc, bytes, length, left, &done);
	if (done > 0) /* zlib takes and gives complements: this one is that of 0 */
		crc = (uint32_t)crc32_z(0xffffffff, left, sizeof left);
	return (uint32_t)crc32_z(crc, (const unsigned char *)bytes + done, length - done);
}

uint32_t aq_adler(uint32_t adler, const void *bytes, size_t length)
{
	size_t done;
	aq_kernels()->adler(&adler, bytes, length, &done);
	return (uint32_t)adler32_z(adler, (const unsigned char *)bytes + done, length - done);
}

uint32_t aq_crc_join(uint32_t first, uint32_t second, uint64_t second_length)
{
	return (uint32_t)crc32_combine(first, second, (z_off_t)second_length);
}

int aq_gz_open(struct aq_gz **out, const char *path)
{
	*out = NULL;
	struct stat st;
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return aq_file_failed(errno, "open", path);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return aq_file_failed(EISDIR, "read", path);
	}
	struct aq_gz *gz = calloc(1, sizeof *gz);
	if (gz && (gz->path = strdup(path)) && (gz->stream = gzdopen(fd, "rb"))) {
		gzbuffer(gz->stream, 1 << 17);
		*out = gz;
		return AQ_OK;
	}
	close(fd);
	aq_gz_close(gz);
	return aq_fail(AQ_ENOMEM, "out of memory opening %s", path);
}

void aq_gz_close(struct aq_gz *gz)
{
	if (!gz)
		return;
	if (gz->stream)
		gzclose(gz->stream);
	free(gz->path);
	free(gz);
}

int aq_gz_read_some(struct aq_gz *gz, void *bytes, size_t length, size_t *got)
{
	*got = 0;
	while (*got < length) {
		const size_t left = length - *got;
		const int n = gzread(gz->stream, (char *)bytes + *got, left < 1 << 30 ? (unsigned)left : 1 << 30);
		int err = Z_OK;
		const char *why = gzerror(gz->stream, &err);
		if (err == Z_ERRNO)
			return aq_file_failed(errno, "read", gz->path);
		if (n < 0 || err != Z_OK)
			return aq_fail(AQ_EDATA, "%s: the gzip stream breaks after %llu bytes (%s); "
				       "fetch the file again", gz->path,
				       (unsigned long long)(gz->at + (n > 0 ? (uint64_t)n : 0)), why);
		if (n == 0)
			break;
		*got += (size_t)n;
		gz->at += (uint64_t)n;
	}
	return AQ_OK;
}

int aq_gz_read(struct aq_gz *gz, void *bytes, size_t length)
{
	size_t got;
	const int rc = aq_gz_read_some(gz, bytes, length, &got);
	if (rc == AQ_OK && got < length)
		return aq_fail(AQ_EDATA, "%s ends after %llu bytes where %llu more were expected; "
			       "the file is cut short", gz->path, (unsigned long long)gz->at,
			       (unsigned long long)(length - got));
	return rc;
}

int aq_gz_skip(struct aq_gz *gz, uint64_t length)
{
	char waste[1 << 14];
	int rc = AQ_OK;
	while (length > 0 && rc == AQ_OK) {
		const size_t part = length < sizeof waste ? (size_t)length : sizeof waste;
		rc = aq_gz_read(gz, waste, part);
		length -= part;
	}
	return rc;
}

uint64_t aq_gz_tell(const struct aq_gz *gz)
{
	return gz->at;
}

const char *aq_gz_path(const struct aq_gz *gz)
{
	return gz->path;
}
