/* SPDX-License-Identifier: MIT
 *
 * tar.c - the members of a tar archive in one pass
 *
 * Layout after POSIX.1-2017, pax: "ustar Interchange Format" and "pax Extended Header", and the GNU
 * tar manual, "Basic Tar Format".
 */
#include "io/tar.h"

#include "io/gz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 512, NAME_MOST = 4096, EXTENDED_MOST = 1 << 20 };
static const uint64_t size_most = UINT64_C(1) << 40;

struct aq_tar {
	struct aq_gz *gz;
	bool archive, begun;
	uint8_t first[BLOCK]; /* read ahead to recognise the file */
	size_t first_length, first_at;
	uint64_t left;    /* bytes of the member not read yet; AQ_TAR_UNKNOWN in a plain file */
	unsigned padding; /* bytes behind the member, to the next block */
	char name[NAME_MOST];
	char where[NAME_MOST + 1024];
};

/* ---- headers --------------------------------------------------------------------------------- */

// clang-format off
enum { NAME = 0, NAME_LENGTH = 100, SIZE = 124, SIZE_LENGTH = 12, SUM = 148, SUM_LENGTH = 8,
       TYPE = 156, MAGIC = 257, PREFIX = 345, PREFIX_LENGTH = 155 };
// clang-format on

/* An octal number, or GNU's big-endian one marked by the top bit; false if it is neither or too
 * large. */
static bool number(const uint8_t *at, size_t length, uint64_t *value)
{
	uint64_t v = 0;
	size_t i = 0;
	if (at[0] & 0x80) {
		v = at[0] & 0x7f;
		for (i = 1; i < length; i++) {
			if (v >> 55)
				return false;
			v = v << 8 | at[i];
		}
	} else {
		while (i < length && at[i] == ' ')
			i++;
		for (; i < length && at[i] >= '0' && at[i] <= '7'; i++)
			v = v << 3 | (uint64_t)(at[i] - '0');
		if (i < length && at[i] != ' ' && at[i] != '\0')
			return false;
	}
	*value = v;
	return true;
}

bool aq_tar_is(const uint8_t block[BLOCK])
{
	uint64_t told;
	unsigned sum = 0;
	if (memcmp(block + MAGIC, "ustar", 5) != 0 || !number(block + SUM, SUM_LENGTH, &told))
		return false;
	for (int i = 0; i < BLOCK; i++)
		sum += i >= SUM && i < SUM + SUM_LENGTH ? ' ' : block[i];
	return told == sum;
}

static bool all_zero(const uint8_t *block)
{
	for (int i = 0; i < BLOCK; i++)
		if (block[i])
			return false;
	return true;
}

static bool points_outside(const char *name)
{
	if (name[0] == '/')
		return true;
	for (const char *part = name; part; part = strchr(part, '/')) {
		part += *part == '/';
		if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
			return true;
	}
	return false;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* From the block read ahead, then from the stream. */
static int take(struct aq_tar *tar, void *bytes, size_t length, size_t *got)
{
	const size_t ahead = tar->first_length - tar->first_at;
	const size_t part = ahead < length ? ahead : length;
	memcpy(bytes, tar->first + tar->first_at, part);
	tar->first_at += part;
	const int rc = aq_gz_read_some(tar->gz, (char *)bytes + part, length - part, got);
	*got += part;
	return rc;
}

static int take_all(struct aq_tar *tar, void *bytes, size_t length)
{
	size_t got;
	const int rc = take(tar, bytes, length, &got);
	if (rc == AQ_OK && got < length)
		return aq_fail(AQ_EDATA, "%s ends inside the archive, after %llu bytes; "
			       "fetch the file again", aq_gz_path(tar->gz),
			       (unsigned long long)aq_gz_tell(tar->gz));
	return rc;
}

static int pass_over(struct aq_tar *tar, uint64_t length)
{
	char waste[1 << 14];
	int rc = AQ_OK;
	while (length > 0 && rc == AQ_OK) {
		const size_t part = length < sizeof waste ? (size_t)length : sizeof waste;
		rc = take_all(tar, waste, part);
		length -= part;
	}
	return rc;
}

int aq_tar_open(struct aq_tar **out, const char *path)
{
	int rc = AQ_OK;
	*out = NULL;
	struct aq_tar *tar = calloc(1, sizeof *tar);
	if (!tar)
		return aq_fail(AQ_ENOMEM, "out of memory opening %s", path);
	AQ_TRY(aq_gz_open(&tar->gz, path));
	AQ_TRY(aq_gz_read_some(tar->gz, tar->first, BLOCK, &tar->first_length));
	tar->archive = tar->first_length == BLOCK && aq_tar_is(tar->first);
	*out = tar;
	tar = NULL;
done:
	aq_tar_close(tar);
	return rc;
}

void aq_tar_close(struct aq_tar *tar)
{
	if (!tar)
		return;
	aq_gz_close(tar->gz);
	free(tar);
}

bool aq_tar_is_archive(const struct aq_tar *tar)
{
	return tar->archive;
}

const char *aq_tar_where(const struct aq_tar *tar)
{
	return tar->where;
}

/* The records "LENGTH key=value\n" of a pax header that concern us. */
static int read_pax(struct aq_tar *tar, uint64_t length, uint64_t *size, bool *has_size)
{
	int rc = AQ_OK;
	char *text = malloc((size_t)length + 1);
	if (!text)
		return aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(take_all(tar, text, (size_t)length));
	text[length] = '\0';
	for (char *at = text, *end = text + length; at < end;) {
		char *key;
		const unsigned long span = strtoul(at, &key, 10);
		if (*key != ' ' || span < 3 || span > (size_t)(end - at) || at[span - 1] != '\n') {
			rc = aq_fail(AQ_EDATA,
				     "%s: a broken pax header before byte %llu of the archive",
				     aq_gz_path(tar->gz), (unsigned long long)aq_gz_tell(tar->gz));
			goto done;
		}
		at[span - 1] = '\0';
		if (strncmp(key + 1, "path=", 5) == 0)
			snprintf(tar->name, sizeof tar->name, "%s", key + 6);
		if (strncmp(key + 1, "size=", 5) == 0) {
			*size = strtoull(key + 6, NULL, 10);
			*has_size = true;
		}
		at += span;
	}
done:
	free(text);
	return rc;
}

static void short_name(struct aq_tar *tar, const uint8_t *block)
{
	const bool prefixed = memcmp(block + MAGIC, "ustar\0", 6) == 0 && block[PREFIX];
	snprintf(tar->name, sizeof tar->name, "%.*s%s%.*s", prefixed ? PREFIX_LENGTH : 0,
		 (const char *)block + PREFIX, prefixed ? "/" : "", NAME_LENGTH,
		 (const char *)block + NAME);
}

/* One header, and the extended ones before it.  *type is 0 behind the last. */
static int read_header(struct aq_tar *tar, uint64_t *size, char *type)
{
	uint8_t block[BLOCK];
	int rc = AQ_OK;
	uint64_t pax_size = 0;
	bool has_size = false;
	for (tar->name[0] = '\0';;) {
		const unsigned long long at = aq_gz_tell(tar->gz) -
					      (tar->first_length - tar->first_at);
		if ((rc = take_all(tar, block, BLOCK)) < 0)
			return rc;
		if (all_zero(block)) {
			*type = '\0';
			return AQ_OK;
		}
		if (!aq_tar_is(block))
			return aq_fail(AQ_EDATA, "%s: no member header at byte %llu of the archive "
				       "(wrong magic or checksum); fetch the file again",
				       aq_gz_path(tar->gz), at);
		*type = block[TYPE] ? (char)block[TYPE] : '0';
		if (!number(block + SIZE, SIZE_LENGTH, size) || *size > size_most)
			return aq_fail(AQ_EDATA,
				       "%s: the size of the member at byte %llu of the archive "
				       "overflows; fetch the file again",
				       aq_gz_path(tar->gz), at);
		const bool is_name = *type == 'L', is_pax = *type == 'x';
		/* unheeded: the name of a link, what holds for all members */
		const bool unheeded = *type == 'K' || *type == 'g';
		if (!is_name && !is_pax && !unheeded)
			break;
		if (*size > EXTENDED_MOST || (is_name && *size >= NAME_MOST))
			return aq_fail(AQ_EDATA,
				       "%s: the extended header at byte %llu of the archive is "
				       "too large",
				       aq_gz_path(tar->gz), at);
		if (is_name && (rc = take_all(tar, tar->name, (size_t)*size)) == AQ_OK)
			tar->name[*size] = '\0';
		else if (is_pax)
			rc = read_pax(tar, *size, &pax_size, &has_size);
		else if (rc == AQ_OK)
			rc = pass_over(tar, *size);
		if (rc < 0 || (rc = pass_over(tar, -*size % BLOCK)) < 0)
			return rc;
	}
	if (!tar->name[0])
		short_name(tar, block);
	if (has_size)
		*size = pax_size;
	return has_size && pax_size > size_most ?
		       aq_fail(AQ_EDATA,
			       "%s: the size of member %s overflows; fetch the file again",
			       aq_gz_path(tar->gz), tar->name) :
		       AQ_OK;
}

/* A plain file: once, as it is. */
static int next_plain(struct aq_tar *tar, struct aq_tar_member *member, bool *end)
{
	*end = tar->begun;
	tar->begun = true;
	tar->left = AQ_TAR_UNKNOWN;
	snprintf(tar->where, sizeof tar->where, "%s", aq_gz_path(tar->gz));
	*member = (struct aq_tar_member){ .name = aq_gz_path(tar->gz), .size = AQ_TAR_UNKNOWN };
	return AQ_OK;
}

int aq_tar_next(struct aq_tar *tar, struct aq_tar_member *member, bool *end)
{
	int rc = AQ_OK;
	char type = '\0';
	uint64_t size = 0;
	*end = false;
	if (!tar->archive)
		return next_plain(tar, member, end);
	do {
		/* a folder or link has no contents whatever its size says */
		if ((rc = pass_over(tar, tar->left + tar->padding)) < 0)
			return rc;
		tar->left = tar->padding = 0;
		if ((rc = read_header(tar, &size, &type)) < 0)
			return rc;
		if (type >= '1' && type <= '6')
			size = 0;
		tar->left = size;
		tar->padding = (unsigned)(-size % BLOCK);
		if (type && points_outside(tar->name))
			return aq_fail(AQ_EDATA,
				       "%s: member %s points outside the archive; this is not "
				       "an archive of pictures, do not unpack it",
				       aq_gz_path(tar->gz), tar->name);
	} while (type && type != '0' && type != '7');
	*end = !type;
	snprintf(tar->where, sizeof tar->where, "%.*s of %s", NAME_MOST - 1, tar->name,
		 aq_gz_path(tar->gz));
	*member = (struct aq_tar_member){ .name = tar->name, .size = size };
	return AQ_OK;
}

int aq_tar_read(struct aq_tar *tar, void *bytes, size_t length, size_t *got)
{
	int rc;
	*got = 0;
	if (!tar->archive)
		return take(tar, bytes, length, got);
	const size_t part = tar->left < length ? (size_t)tar->left : length;
	if ((rc = take_all(tar, bytes, part)) < 0)
		return aq_while(rc, "while reading %s", tar->where);
	tar->left -= part;
	*got = part;
	return AQ_OK;
}
