/* SPDX-License-Identifier: MIT
 *
 * source.c - where pictures come from: what all kinds share
 */
#include "data/source.h"

#include "base/log.h"
#include "base/str.h"
#include "data/source_kind.h"
#include "io/gz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int aq_source_add(struct aq_source *source, const struct aq_source_kind *kind, const char *path,
		  enum aq_split split, int label)
{
	if (source->kind && source->kind != kind)
		return aq_fail(AQ_EDATA,
			       "%s: %s cannot be mixed with %s; make one data file of each", path,
			       kind->name, source->kind->name);
	source->kind = kind;
	if (source->count == source->room) {
		const int room = source->room ? 2 * source->room : 64;
		struct aq_item *items = realloc(source->items, (size_t)room * sizeof *items);
		if (!items)
			return aq_fail(AQ_ENOMEM, "out of memory");
		source->items = items;
		source->room = room;
	}
	char *copy = strdup(path);
	if (!copy)
		return aq_fail(AQ_ENOMEM, "out of memory");
	source->items[source->count++] =
		(struct aq_item){ .path = copy, .split = split, .label = label };
	return AQ_OK;
}

bool aq_source_is_names(const char *path)
{
	const char *name = aq_path_name(path);
	return strcmp(name, "batches.meta.txt") == 0 || strcmp(name, "fine_label_names.txt") == 0;
}

int aq_source_take_names(struct aq_source *source, const char *where, const char *text,
			 size_t length)
{
	struct aq_names names = { 0 };
	int rc;
	AQ_TRY(aq_names_add_lines(&names, where, text, length));
	bool same = names.count == source->classes.count;
	for (int i = 0; i < names.count && same; i++)
		same = strcmp(names.at[i], source->classes.at[i]) == 0;
	if (source->classes_told && !same) {
		rc = aq_fail(AQ_EDATA,
			     "%s names other classes than the source before it; make one data "
			     "file of each",
			     where);
		goto done;
	}
	if (names.count > 0) {
		aq_names_free(&source->classes);
		source->classes = names;
		names = (struct aq_names){ 0 };
		source->classes_told = true;
	}
done:
	aq_names_free(&names);
	return rc;
}

int aq_source_give(struct aq_source *source, enum aq_split split, int label,
		   const struct aq_planes *picture)
{
	const uint32_t word = (uint32_t)label;
	const size_t bytes = (size_t)picture->channels * (size_t)picture->height *
			     (size_t)picture->width;
	if (!source->sink->wants(source->sink->self, split))
		return AQ_OK;
	source->digest = aq_crc(source->digest, &word, sizeof word);
	source->digest = aq_crc(source->digest, picture->at, bytes);
	source->taken++;
	aq_progress("pictures", source->taken,
		    source->total > source->taken ? source->total : source->taken);
	return source->sink->take(source->sink->self, split, label, picture);
}

static int open_shapes(struct aq_source *source, const char *name)
{
	static const char *const drawn[] = { "synth:shapes", NULL };
	if (strcmp(name, drawn[0]) != 0)
		return aq_fail(AQ_EUSAGE, "%s cannot be drawn; the one set that can is %s", name,
			       drawn[0]);
	return aq_source_add(source, &aq_source_shapes, name, AQ_TRAIN, 0);
}

int aq_source_open(struct aq_source **out, const char *const *names, int count, uint64_t seed,
		   const uint64_t wanted[AQ_SPLITS])
{
	int rc = AQ_OK;
	*out = NULL;
	struct aq_source *source = calloc(1, sizeof *source);
	if (!source)
		return aq_fail(AQ_ENOMEM, "out of memory");
	source->seed = seed;
	memcpy(source->wanted, wanted, sizeof source->wanted);
	for (int i = 0; i < count; i++)
		AQ_TRY(strncmp(names[i], "synth:", 6) == 0 ? open_shapes(source, names[i]) :
							     aq_source_find(source, names[i]));
	if (!source->kind) {
		rc = aq_fail(AQ_EUSAGE, "no source of pictures was named");
		goto done;
	}
	AQ_TRY(source->kind->open(source));
	*out = source;
	source = NULL;
done:
	aq_source_close(source);
	return rc;
}

void aq_source_close(struct aq_source *source)
{
	if (!source)
		return;
	if (source->kind && source->kind->close)
		source->kind->close(source);
	for (int i = 0; i < source->count; i++)
		free(source->items[i].path);
	free(source->items);
	aq_names_free(&source->classes);
	free(source);
}

const char *aq_source_kind(const struct aq_source *source)
{
	return source->kind->name;
}

bool aq_source_has(const struct aq_source *source, const char *path)
{
	struct stat st, own;
	if (stat(path, &st) < 0)
		return false;
	for (int i = 0; i < source->count; i++)
		if (stat(source->items[i].path, &own) == 0 && own.st_dev == st.st_dev &&
		    own.st_ino == st.st_ino)
			return true;
	return false;
}

int aq_source_find_classes(struct aq_source *source)
{
	return source->kind->find_classes ? source->kind->find_classes(source) : AQ_OK;
}

const struct aq_names *aq_source_classes(const struct aq_source *source)
{
	return &source->classes;
}

uint32_t aq_source_digest(const struct aq_source *source)
{
	return source->digest;
}

int aq_source_read(struct aq_source *source, const struct aq_sink *sink)
{
	source->sink = sink;
	return source->kind->read(source, sink);
}
