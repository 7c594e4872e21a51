/* SPDX-License-Identifier: MIT
 *
 * source_cifar.c - CIFAR-10 and CIFAR-100, from binary files or from a tar of them, in one pass
 */
#include "base/str.h"
#include "data/source_kind.h"
#include "io/cifar.h"
#include "io/tar.h"

#include <stdlib.h>
#include <string.h>

/* What one pass over the files is for. */
struct pass {
	struct aq_source *source;
	const struct aq_sink *sink; /* NULL: names alone are wanted */
	uint8_t *window;            /* AQ_CIFAR_WINDOW bytes read ahead */
	const struct aq_cifar *kind; /* of all files so far */
	char where[256];             /* the first of them */
	int batches;
};

static enum aq_split split_of_member(const char *name)
{
	return strstr(aq_path_name(name), "test") ? AQ_TEST : AQ_TRAIN;
}

static int take_names(struct pass *pass, struct aq_tar *tar)
{
	size_t got;
	int rc = AQ_OK;
	char *text = malloc(AQ_NAMES_MOST);
	if (!text)
		return aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(aq_tar_read(tar, text, AQ_NAMES_MOST, &got));
	AQ_TRY(aq_source_take_names(pass->source, aq_tar_where(tar), text, got));
done:
	free(text);
	return rc;
}

static int check_kind(struct pass *pass, const struct aq_cifar *kind, const char *where)
{
	if (pass->kind && pass->kind != kind)
		return aq_fail(AQ_EDATA,
			       "%s is CIFAR-%d, but %s is CIFAR-%d; make one data file of each",
			       where, kind->classes, pass->where, pass->kind->classes);
	if (!pass->kind) {
		const size_t length = strlen(where) < sizeof pass->where ? strlen(where) :
									   sizeof pass->where - 1;
		memcpy(pass->where, where, length);
		pass->where[length] = '\0';
	}
	pass->kind = kind;
	return AQ_OK;
}

static int take_record(struct pass *pass, const uint8_t *record, const char *where, uint64_t index,
		       enum aq_split split)
{
	const struct aq_planes picture = { record + pass->kind->labels, 3, 32, 32 };
	int label, rc;
	if ((rc = aq_cifar_label(pass->kind, record, where, index, &label)) < 0)
		return rc;
	if (pass->source->classes_told && label >= pass->source->classes.count)
		return aq_fail(AQ_EDATA,
			       "%s: picture %llu has the label %d, but the file of names has %d "
			       "classes",
			       where, (unsigned long long)index, label,
			       pass->source->classes.count);
	rc = aq_source_give(pass->source, split, label, &picture);
	return rc < 0 ? aq_while(rc, "while reading picture %llu of %s", (unsigned long long)index,
				 where) :
			AQ_OK;
}

/* A batch whose first `got` bytes are in the window; the window is filled again and again. */
static int take_batch(struct pass *pass, struct aq_tar *tar, size_t got, enum aq_split split)
{
	const size_t record = pass->kind->record;
	const char *where = aq_tar_where(tar);
	uint64_t index = 0;
	for (;;) {
		size_t at = 0, more;
		for (; at + record <= got; at += record, index++) {
			if (!pass->sink->wants(pass->sink->self, split))
				return AQ_OK;
			const int rc = take_record(pass, pass->window + at, where, index, split);
			if (rc < 0)
				return rc;
		}
		memmove(pass->window, pass->window + at, got - at);
		got -= at;
		const int rc = aq_tar_read(tar, pass->window + got, AQ_CIFAR_WINDOW - got, &more);
		if (rc < 0)
			return rc;
		if (more == 0 && got > 0)
			return aq_fail(AQ_EDATA,
				       "%s is cut short: picture %llu has %zu of %zu bytes; "
				       "fetch the file again",
				       where, (unsigned long long)index, got, record);
		if (more == 0)
			return AQ_OK;
		got += more;
	}
}

static int take_member(struct pass *pass, struct aq_tar *tar, const struct aq_tar_member *member,
		       enum aq_split split)
{
	const bool archive = aq_tar_is_archive(tar);
	size_t got;
	int rc;
	if (archive && aq_source_is_names(member->name))
		return take_names(pass, tar);
	if ((rc = aq_tar_read(tar, pass->window, AQ_CIFAR_WINDOW, &got)) < 0)
		return rc;
	const uint64_t size = got < AQ_CIFAR_WINDOW ? got : member->size;
	const struct aq_cifar *kind = aq_cifar_is(pass->window, got, size);
	if (!kind)
		return archive ? AQ_OK : aq_fail(AQ_EDATA, "%s is no longer CIFAR", member->name);
	if ((rc = check_kind(pass, kind, aq_tar_where(tar))) < 0)
		return rc;
	pass->batches++;
	if (!pass->sink)
		return AQ_OK;
	if (archive)
		split = split_of_member(member->name);
	if (size != AQ_TAR_UNKNOWN)
		pass->source->total += size / kind->record;
	return pass->sink->wants(pass->sink->self, split) ? take_batch(pass, tar, got, split) :
							    AQ_OK;
}

/* Has this pass got all it is for? */
static bool satisfied(const struct pass *pass)
{
	const struct aq_sink *sink = pass->sink;
	bool wanted = false;
	for (int split = 0; split < AQ_SPLITS && sink && !wanted; split++)
		wanted = sink->wants(sink->self, (enum aq_split)split);
	return pass->source->classes_told && !wanted;
}

static int take_file(struct pass *pass, const struct aq_item *item)
{
	struct aq_tar *tar = NULL;
	struct aq_tar_member member;
	const int before = pass->batches;
	bool end;
	int rc;
	AQ_TRY(aq_tar_open(&tar, item->path));
	while (!satisfied(pass)) {
		AQ_TRY(aq_tar_next(tar, &member, &end));
		if (end)
			break;
		AQ_TRY(take_member(pass, tar, &member, item->split));
	}
	if (pass->batches == before && !satisfied(pass))
		rc = aq_fail(AQ_EDATA, "%s is a tar archive without CIFAR batches; wanted is "
			     "cifar-10-binary.tar.gz or cifar-100-binary.tar.gz", item->path);
done:
	aq_tar_close(tar);
	return rc;
}

/* Names that no file told: CIFAR-10's are known, CIFAR-100's come with every copy of it. */
static int default_names(struct aq_source *source, const struct aq_cifar *kind)
{
	int rc = AQ_OK;
	if (source->classes_told || source->classes.count > 0)
		return AQ_OK;
	if (kind->classes == 10)
		return aq_names_add_all(&source->classes, aq_names_cifar10);
	for (int i = 0; i < kind->classes && rc == AQ_OK; i++) {
		struct aq_str text = { 0 };
		aq_str_add(&text, "fine%02d", i);
		rc = aq_str_check(&text);
		if (rc == AQ_OK)
			rc = aq_names_add(&source->classes, text.at, text.length);
		aq_str_free(&text);
	}
	return rc;
}

static int run(struct aq_source *source, const struct aq_sink *sink)
{
	struct pass pass = { .source = source, .sink = sink, .window = malloc(AQ_CIFAR_WINDOW) };
	int rc = AQ_OK;
	if (!pass.window)
		return aq_fail(AQ_ENOMEM, "out of memory");
	for (int i = 0; i < source->count; i++)
		AQ_TRY(take_file(&pass, &source->items[i]));
	if (pass.kind)
		AQ_TRY(default_names(source, pass.kind));
	if (pass.kind && source->classes.count != pass.kind->classes)
		rc = aq_fail(AQ_EDATA, "the file of names has %d classes, CIFAR-%d has %d",
			     source->classes.count, pass.kind->classes, pass.kind->classes);
done:
	free(pass.window);
	return rc;
}

static int open_cifar(struct aq_source *source)
{
	(void)source;
	return AQ_OK;
}

static int find_classes(struct aq_source *source)
{
	return source->classes_told ? AQ_OK : run(source, NULL);
}

const struct aq_source_kind aq_source_cifar = {
	.name = "CIFAR files",
	.open = open_cifar,
	.find_classes = find_classes,
	.read = run,
};
