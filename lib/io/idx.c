/* SPDX-License-Identifier: MIT
 *
 * idx.c - the IDX files of MNIST and its relatives
 */
#include "io/idx.h"

enum { UNSIGNED_BYTE = 0x08 };

/* Types of the format: name and bytes of an element. */
static const char *type_name(unsigned type)
{
	switch (type) {
	case UNSIGNED_BYTE: return "unsigned bytes";
	case 0x09: return "signed bytes";
	case 0x0b: return "16-bit integers";
	case 0x0c: return "32-bit integers";
	case 0x0d: return "floats";
	case 0x0e: return "doubles";
	default: return NULL;
	}
}

bool aq_idx_is(const uint8_t *bytes, size_t length)
{
	return length >= 4 && bytes[0] == 0 && bytes[1] == 0 && type_name(bytes[2]) &&
	       bytes[3] >= 1 && bytes[3] <= 8;
}

static int check_sizes(const char *path, struct aq_idx *idx)
{
	const uint64_t item_most = UINT64_C(1) << 26, all_most = UINT64_C(1) << 40;
	uint64_t item = 1;
	for (int d = 0; d < idx->rank; d++) {
		if (idx->dim[d] == 0)
			return aq_fail(AQ_EDATA, "%s: dimension %d is empty", path, d);
		if (idx->dim[d] > INT32_MAX)
			return aq_fail(AQ_EDATA,
				       "%s: dimension %d is %u, larger than any data set; "
				       "the header is damaged",
				       path, d, idx->dim[d]);
		if (d > 0)
			item *= idx->dim[d];
		if (item > item_most)
			return aq_fail(AQ_EDATA,
				       "%s: one picture would take more than %llu bytes; "
				       "the header is damaged",
				       path, (unsigned long long)item_most);
	}
	if (item * idx->dim[0] > all_most)
		return aq_fail(AQ_EDATA,
			       "%s: %u items of %llu bytes are larger than any data set; "
			       "the header is damaged",
			       path, idx->dim[0], (unsigned long long)item);
	idx->item = (size_t)item;
	return AQ_OK;
}

int aq_idx_header(struct aq_gz *gz, struct aq_idx *idx)
{
	uint8_t head[4], sizes[4 * AQ_IDX_RANK];
	int rc;
	if ((rc = aq_gz_read(gz, head, sizeof head)) < 0)
		return aq_while(rc, "while reading the IDX header of %s", aq_gz_path(gz));
	if (!aq_idx_is(head, sizeof head))
		return aq_fail(AQ_EDATA,
			       "%s is not an IDX file: it begins with %02x %02x %02x %02x",
			       aq_gz_path(gz), head[0], head[1], head[2], head[3]);
	if (head[2] != UNSIGNED_BYTE)
		return aq_fail(AQ_EDATA, "%s holds %s; pictures and labels must be unsigned bytes",
			       aq_gz_path(gz), type_name(head[2]));
	if (head[3] != 1 && head[3] != 3 && head[3] != 4)
		return aq_fail(AQ_EDATA,
			       "%s has %d dimensions; labels have 1, pictures 3 (n,y,x) or 4 "
			       "(n,c,y,x)",
			       aq_gz_path(gz), head[3]);
	*idx = (struct aq_idx){ .rank = head[3] };
	if ((rc = aq_gz_read(gz, sizes, 4 * (size_t)idx->rank)) < 0)
		return aq_while(rc, "while reading the IDX header of %s", aq_gz_path(gz));
	for (int d = 0; d < idx->rank; d++) {
		const uint8_t *at = sizes + 4 * d;
		idx->dim[d] = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
			      at[3];
	}
	return check_sizes(aq_gz_path(gz), idx);
}

int aq_idx_items(struct aq_gz *gz, const struct aq_idx *idx, uint64_t first, uint64_t count,
		 uint8_t *bytes)
{
	size_t got = 0;
	const size_t want = (size_t)count * idx->item;
	const int rc = aq_gz_read_some(gz, bytes, want, &got);
	if (rc < 0 || got < want) {
		const unsigned long long at = first + got / idx->item;
		return rc < 0 ? aq_while(rc, "while reading item %llu of %u", at, idx->dim[0]) :
				aq_fail(AQ_EDATA,
					"%s is cut short: item %llu of %u is missing; fetch the "
					"file again",
					aq_gz_path(gz), at, idx->dim[0]);
	}
	return AQ_OK;
}

int aq_idx_end(struct aq_gz *gz, const struct aq_idx *idx)
{
	uint8_t byte;
	size_t got;
	const int rc = aq_gz_read_some(gz, &byte, 1, &got);
	if (rc == AQ_OK && got > 0)
		return aq_fail(AQ_EDATA,
			       "%s goes on behind its %u items; its header is damaged, or two "
			       "files were joined",
			       aq_gz_path(gz), idx->dim[0]);
	return rc;
}
