/* SPDX-License-Identifier: MIT
 *
 * provenance.c - which commands led to a file, and what its contents are known by
 */
#include "io/provenance.h"

#include "io/gz.h"

#include <stdlib.h>
#include <string.h>

static const char key[] = "history";

int aq_history_read(struct aq_h5 *file, char ***records, int *count)
{
	bool there;
	*records = NULL;
	*count = 0;
	const int rc = aq_h5_find_attr(file, "/", key, &there);
	return rc == AQ_OK && there ? aq_h5_attr_texts(file, "/", key, records, count) : rc;
}

/* Write the records of `to` with `more` of them behind: those it has not got, or all if `again`. */
static int extend(struct aq_h5 *to, char *const *more, int count, bool again)
{
	char **had = NULL;
	int n = 0;
	int rc = aq_history_read(to, &had, &n);
	if (rc < 0)
		return rc;
	const char **all = malloc((size_t)(n + count + 1) * sizeof *all);
	if (!all) {
		free(had);
		return aq_fail(AQ_ENOMEM, "out of memory writing the history of %s",
			       aq_h5_path(to));
	}
	for (int i = 0; i < n; i++)
		all[i] = had[i];
	for (int i = 0; i < count; i++) {
		bool known = false;
		for (int k = 0; k < n && !again; k++)
			known |= strcmp(all[k], more[i]) == 0;
		if (!known)
			all[n++] = more[i];
	}
	rc = n > 0 ? aq_h5_set_texts(to, "/", key, all, n) : AQ_OK;
	free(all);
	free(had);
	return rc;
}

int aq_history_copy(struct aq_h5 *from, struct aq_h5 *to)
{
	char **records;
	int count;
	int rc = aq_history_read(from, &records, &count);
	if (rc == AQ_OK)
		rc = extend(to, records, count, false);
	free(records);
	return rc;
}

int aq_history_add(struct aq_h5 *to, const char *program, const char *arguments)
{
	struct aq_str record = { 0 };
	int rc;
	aq_str_add(&record, "%s %s%s%s", program, AQ_VERSION, *arguments ? ": " : "", arguments);
	if ((rc = aq_str_check(&record)) == AQ_OK)
		rc = extend(to, &record.at, 1, true);
	aq_str_free(&record);
	return rc;
}

int aq_history_input(struct aq_h5 *to, const char *what, uint32_t digest)
{
	struct aq_str record = { 0 };
	char **had;
	int count;
	int rc = aq_history_read(to, &had, &count);
	if (rc < 0)
		return rc;
	if (count == 0) {
		rc = aq_fail(AQ_EBUG, "%s has no history to name an input in", aq_h5_path(to));
		goto done;
	}
	aq_str_add(&record, "%s; %s %08x", had[count - 1], what, digest);
	AQ_TRY(aq_str_check(&record));
	had[count - 1] = record.at;
	rc = aq_h5_set_texts(to, "/", key, (const char *const *)had, count);
done:
	aq_str_free(&record);
	free(had);
	return rc;
}

/* ---- digest ---------------------------------------------------------------------------------- */

struct digest {
	struct aq_h5 *file;
	struct aq_str text;
	uint32_t crc;
};

/* Marks for viewers say nothing about the contents. */
static bool is_mark(const char *name)
{
	static const char *const marks[] = { "history", "axes", "CLASS", "NAME", "DIMENSION_LIST",
					     "REFERENCE_LIST" };
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (strcmp(name, marks[i]) == 0)
			return true;
	return false;
}

/* Everything that is known of an object is printed, and the print is what the CRC is of. */
static int add_object(void *self, const char *name, enum aq_h5_kind kind)
{
	struct digest *digest = self;
	struct aq_str *text = &digest->text;
	struct aq_h5_shape shape;
	char **keys = NULL;
	int count = 0, rc = AQ_OK;
	text->length = 0;
	aq_str_add(text, "%s\n", name);
	if (kind == AQ_H5_DATASET) {
		AQ_TRY(aq_h5_shape(digest->file, name, &shape));
		/* an index grows with its segments, and is the same run */
		if (shape.is_index)
			aq_str_add(text, "%s of segments", aq_h5_type_name(shape.type));
		else
			aq_h5_shape_print(&shape, false, text);
		aq_str_add(text, "\n");
	}
	AQ_TRY(aq_h5_list(digest->file, name, AQ_H5_ATTRIBUTE, &keys, &count));
	for (int i = 0; i < count; i++) {
		if (is_mark(keys[i]))
			continue;
		aq_str_add(text, "%s=", keys[i]);
		AQ_TRY(aq_h5_attr_print(digest->file, name, keys[i], text));
		aq_str_add(text, "\n");
	}
	AQ_TRY(aq_str_check(text));
	digest->crc = aq_crc(digest->crc, text->at, text->length);
done:
	free(keys);
	return rc;
}

int aq_h5_digest(struct aq_h5 *file, uint32_t *out)
{
	struct digest digest = { .file = file };
	int rc;
	AQ_TRY(add_object(&digest, "/", AQ_H5_GROUP));
	AQ_TRY(aq_h5_walk(file, add_object, &digest));
	*out = digest.crc;
done:
	aq_str_free(&digest.text);
	return rc;
}
