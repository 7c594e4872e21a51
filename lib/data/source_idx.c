/* SPDX-License-Identifier: MIT
 *
 * source_idx.c - pictures and labels in pairs of IDX files
 *
 * A pair is found by name (train-images-idx3-ubyte and train-labels-idx1-ubyte, packed or not), or,
 * where names say nothing, because one file of labels alone has as many as a file of pictures.
 */
#include "base/str.h"
#include "data/source_kind.h"
#include "io/idx.h"

#include <stdlib.h>
#include <string.h>

struct pair {
	const struct aq_item *pictures, *labels;
	struct aq_idx shape; /* of the pictures */
	uint8_t *label;      /* [n] */
};

struct own {
	struct pair *pairs;
	int count;
};

static void close_idx(struct aq_source *source)
{
	struct own *own = source->own;
	for (int i = 0; own && i < own->count; i++)
		free(own->pairs[i].label);
	if (own)
		free(own->pairs);
	free(own);
}

/* ---- pairing --------------------------------------------------------------------------------- */

/* The name of a file of labels as that of its pictures would be, without folder and .gz. */
static void plain_name(const char *path, char *to, size_t room)
{
	static const char *const change[][2] = {
		{ "labels", "images" }, { "label", "image" }, { "idx1", "idx3" }, { ".gz", "" },
	};
	struct aq_str text = { 0 };
	for (const char *at = aq_path_name(path); *at;) {
		size_t k = 0, n = sizeof change / sizeof change[0];
		while (k < n && strncmp(at, change[k][0], strlen(change[k][0])) != 0)
			k++;
		if (k < n)
			aq_str_add(&text, "%s", change[k][1]);
		else
			aq_str_add(&text, "%c", *at);
		at += k < n ? strlen(change[k][0]) : 1;
	}
	const char *from = aq_str_text(&text);
	const size_t length = strlen(from) < room ? strlen(from) : room - 1;
	memcpy(to, from, length);
	to[length] = '\0';
	aq_str_free(&text);
}

static bool same_folder(const char *a, const char *b)
{
	const size_t n = (size_t)(aq_path_name(a) - a);
	return n == (size_t)(aq_path_name(b) - b) && strncmp(a, b, n) == 0;
}

static bool names_match(const struct aq_item *pictures, const struct aq_item *labels)
{
	char a[256], b[256];
	plain_name(pictures->path, a, sizeof a);
	plain_name(labels->path, b, sizeof b);
	return strcmp(a, b) == 0 && same_folder(pictures->path, labels->path);
}

/* The labels of item `p`: by name, or the only ones not spoken for of the same split or count;
 * -1. */
static int partner(const struct aq_source *source, const struct aq_idx *shapes, int p)
{
	int found = -1;
	for (int i = 0; i < source->count; i++)
		if (shapes[i].rank == 1 && names_match(&source->items[p], &source->items[i]))
			return i;
	for (int by_count = 1; by_count >= 0; by_count--) {
		int hits = 0;
		for (int i = 0; i < source->count; i++) {
			bool free_one = shapes[i].rank == 1 &&
					source->items[i].split == source->items[p].split;
			for (int k = 0; k < source->count && free_one; k++)
				free_one = shapes[k].rank == 1 ||
					   !names_match(&source->items[k], &source->items[i]);
			if (free_one && (!by_count || shapes[i].dim[0] == shapes[p].dim[0])) {
				found = i;
				hits++;
			}
		}
		if (hits == 1)
			return found;
	}
	return -1;
}

static int no_partner(const struct aq_source *source, const struct aq_idx *shapes, int item)
{
	const bool labels = shapes[item].rank == 1;
	return aq_fail(AQ_EDATA,
		       "%s: no file of %s belongs to it; name both files, as "
		       "train-images-idx3-ubyte and train-labels-idx1-ubyte",
		       source->items[item].path, labels ? "pictures" : "labels");
}

/* ---- opening --------------------------------------------------------------------------------- */

static int read_headers(const struct aq_source *source, struct aq_idx *shapes)
{
	int rc = AQ_OK;
	for (int i = 0; i < source->count && rc == AQ_OK; i++) {
		struct aq_gz *gz = NULL;
		rc = aq_gz_open(&gz, source->items[i].path);
		if (rc == AQ_OK)
			rc = aq_idx_header(gz, &shapes[i]);
		aq_gz_close(gz);
	}
	return rc;
}

/* All labels of a pair; the largest is noted. */
static int read_labels(struct pair *pair, int *largest)
{
	struct aq_gz *gz = NULL;
	struct aq_idx shape;
	int rc;
	AQ_TRY(aq_gz_open(&gz, pair->labels->path));
	AQ_TRY(aq_idx_header(gz, &shape));
	if (shape.dim[0] != pair->shape.dim[0]) {
		rc = aq_fail(AQ_EDATA,
			     "%s holds %u labels, but %s holds %u pictures; fetch both files "
			     "again",
			     pair->labels->path, shape.dim[0], pair->pictures->path,
			     pair->shape.dim[0]);
		goto done;
	}
	/* room is made as bytes come, so that a damaged header cannot ask for gigabytes */
	for (uint64_t n = 0; n < shape.dim[0];) {
		const uint64_t part = shape.dim[0] - n < 1 << 20 ? shape.dim[0] - n : 1 << 20;
		uint8_t *more = realloc(pair->label, (size_t)(n + part));
		if (!more) {
			rc = aq_fail(AQ_ENOMEM, "out of memory reading %s", pair->labels->path);
			goto done;
		}
		pair->label = more;
		AQ_TRY(aq_idx_items(gz, &shape, n, part, pair->label + n));
		for (const uint64_t end = n + part; n < end; n++)
			if (pair->label[n] > *largest)
				*largest = pair->label[n];
	}
	AQ_TRY(aq_idx_end(gz, &shape));
done:
	aq_gz_close(gz);
	return rc;
}

/* Does the full path of any file mention fashion?  Headers do not tell it from digits. */
static bool is_fashion(const struct aq_source *source)
{
	bool found = false;
	for (int i = 0; i < source->count && !found; i++) {
		char *full = realpath(source->items[i].path, NULL);
		found = strcasestr(full ? full : source->items[i].path, "fashion") != NULL;
		free(full);
	}
	return found;
}

/* Names from a file of names, the built-in ones for what looks like MNIST, or numbers. */
static int name_classes(struct aq_source *source, const struct pair *first, int largest)
{
	int rc = AQ_OK;
	const bool mnist = first->shape.rank == 3 && first->shape.dim[1] == 28 &&
			   first->shape.dim[2] == 28 && largest < 10;
	if (source->classes_told)
		return largest < source->classes.count ?
			       AQ_OK :
			       aq_fail(AQ_EDATA,
				       "there is a label %d, but the file of names has %d classes; "
				       "add the names that are missing, or remove the file",
				       largest, source->classes.count);
	if (mnist)
		return aq_names_add_all(&source->classes,
					is_fashion(source) ? aq_names_fashion : aq_names_digits);
	for (int i = 0; i <= largest && rc == AQ_OK; i++) {
		struct aq_str text = { 0 };
		aq_str_add(&text, "%d", i);
		rc = aq_str_check(&text);
		if (rc == AQ_OK)
			rc = aq_names_add(&source->classes, text.at, text.length);
		aq_str_free(&text);
	}
	return rc;
}

static int make_pairs(struct aq_source *source, struct own *own, const struct aq_idx *shapes)
{
	for (int p = 0; p < source->count; p++) {
		if (shapes[p].rank == 1)
			continue;
		const int l = partner(source, shapes, p);
		if (l < 0)
			return no_partner(source, shapes, p);
		for (int i = 0; i < own->count; i++)
			if (own->pairs[i].labels == &source->items[l])
				return no_partner(source, shapes, p);
		own->pairs[own->count++] = (struct pair){ .pictures = &source->items[p],
							  .labels = &source->items[l],
							  .shape = shapes[p] };
	}
	for (int l = 0; l < source->count; l++) {
		bool used = shapes[l].rank != 1;
		for (int i = 0; i < own->count && !used; i++)
			used = own->pairs[i].labels == &source->items[l];
		if (!used)
			return no_partner(source, shapes, l);
	}
	return AQ_OK;
}

static int open_idx(struct aq_source *source)
{
	int rc = AQ_OK, largest = 0;
	struct aq_idx *shapes = calloc((size_t)source->count, sizeof *shapes);
	struct own *own = source->own = calloc(1, sizeof *own);
	if (own)
		own->pairs = calloc((size_t)source->count, sizeof *own->pairs);
	if (!shapes || !own || !own->pairs) {
		rc = aq_fail(AQ_ENOMEM, "out of memory");
		goto done;
	}
	AQ_TRY(read_headers(source, shapes));
	AQ_TRY(make_pairs(source, own, shapes));
	for (int i = 0; i < own->count; i++) {
		AQ_TRY(read_labels(&own->pairs[i], &largest));
		source->total += own->pairs[i].shape.dim[0];
	}
	AQ_TRY(name_classes(source, &own->pairs[0], largest));
done:
	free(shapes);
	return rc;
}

/* ---- reading --------------------------------------------------------------------------------- */

static int read_pair(struct aq_source *source, const struct pair *pair, const struct aq_sink *sink)
{
	struct aq_gz *gz = NULL;
	struct aq_idx shape;
	const bool grey = pair->shape.rank == 3;
	const enum aq_split split = pair->pictures->split;
	const uint32_t *const dim = pair->shape.dim;
	uint32_t i = 0;
	int rc = AQ_OK;
	uint8_t *pixels = malloc(pair->shape.item);
	if (!pixels)
		return aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(aq_gz_open(&gz, pair->pictures->path));
	AQ_TRY(aq_idx_header(gz, &shape));
	for (; i < dim[0] && sink->wants(sink->self, split); i++) {
		AQ_TRY(aq_idx_items(gz, &shape, i, 1, pixels));
		const struct aq_planes picture = {
			.at = pixels,
			.channels = grey ? 1 : (int)dim[1],
			.height = (int)dim[grey ? 1 : 2],
			.width = (int)dim[grey ? 2 : 3],
		};
		rc = aq_source_give(source, split, pair->label[i], &picture);
		if (rc < 0) {
			aq_while(rc, "while reading picture %u of %s", i, pair->pictures->path);
			goto done;
		}
	}
	if (i == dim[0])
		AQ_TRY(aq_idx_end(gz, &shape));
done:
	aq_gz_close(gz);
	free(pixels);
	return rc;
}

static int read_idx(struct aq_source *source, const struct aq_sink *sink)
{
	const struct own *own = source->own;
	int rc = AQ_OK;
	for (int i = 0; i < own->count && rc == AQ_OK; i++)
		rc = read_pair(source, &own->pairs[i], sink);
	return rc;
}

const struct aq_source_kind aq_source_idx = {
	.name = "IDX files",
	.open = open_idx,
	.read = read_idx,
	.close = close_idx,
};
