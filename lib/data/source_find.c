/* SPDX-License-Identifier: MIT
 *
 * source_find.c - what stands behind a name on the command line: files told by their contents,
 * folders by the files in them
 */
#include "base/log.h"
#include "base/str.h"
#include "data/source_kind.h"
#include "io/cifar.h"
#include "io/file.h"
#include "io/idx.h"
#include "io/png.h"
#include "io/tar.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- one file -------------------------------------------------------------------------------- */

/* What a file is, by its first bytes; of an archive it is left to its reader. */
static int recognise(const char *path, enum aq_item_kind *kind)
{
	struct aq_tar *tar = NULL;
	struct aq_tar_member member;
	bool end;
	size_t got = 0;
	int rc = AQ_OK;
	uint8_t *bytes = malloc(AQ_CIFAR_WINDOW);
	*kind = AQ_ITEM_OTHER;
	if (!bytes)
		return aq_fail(AQ_ENOMEM, "out of memory");
	if (aq_source_is_names(path)) {
		*kind = AQ_ITEM_NAMES;
		goto done;
	}
	AQ_TRY(aq_tar_open(&tar, path));
	if (aq_tar_is_archive(tar)) {
		*kind = AQ_ITEM_CIFAR;
		goto done;
	}
	AQ_TRY(aq_tar_next(tar, &member, &end));
	AQ_TRY(aq_tar_read(tar, bytes, AQ_CIFAR_WINDOW, &got));
	if (aq_png_is(bytes, got))
		*kind = AQ_ITEM_PNG;
	else if (aq_idx_is(bytes, got))
		*kind = AQ_ITEM_IDX;
	else if (aq_cifar_is(bytes, got, got < AQ_CIFAR_WINDOW ? got : UINT64_MAX))
		*kind = AQ_ITEM_CIFAR;
done:
	aq_tar_close(tar);
	free(bytes);
	return rc;
}

static enum aq_split split_of(const char *path)
{
	const char *name = aq_path_name(path);
	return strstr(name, "test") || strstr(name, "t10k") ? AQ_TEST :
	       strstr(name, "val")			    ? AQ_VAL : AQ_TRAIN;
}

static int read_names(struct aq_source *source, const char *path)
{
	char *text = NULL;
	size_t length;
	int rc;
	AQ_TRY(aq_file_read(path, AQ_NAMES_MOST, &text, &length));
	AQ_TRY(aq_source_take_names(source, path, text, length));
done:
	free(text);
	return rc;
}

static int add_file(struct aq_source *source, const char *path, enum aq_item_kind kind)
{
	switch (kind) {
	case AQ_ITEM_IDX:
		return aq_source_add(source, &aq_source_idx, path, split_of(path), 0);
	case AQ_ITEM_CIFAR:
		return aq_source_add(source, &aq_source_cifar, path, split_of(path), 0);
	case AQ_ITEM_NAMES:
		return read_names(source, path);
	case AQ_ITEM_PNG:
		return aq_fail(AQ_EUSAGE,
			       "%s is a single PNG; name the folder that holds one folder of "
			       "PNG for each class",
			       path);
	default:
		return aq_fail(AQ_EDATA,
			       "%s is none of the kinds of file known: IDX, CIFAR binary (or a "
			       "tar of it), PNG in folders; see aquatint-prep(1)",
			       path);
	}
}

/* ---- folders --------------------------------------------------------------------------------- */

/* The entries of a folder in the order of their bytes, hidden ones left out: files, and folders. */
static int list(const char *folder, struct aq_names *files, struct aq_names *folders)
{
	int rc = AQ_OK;
	DIR *dir = opendir(folder);
	if (!dir)
		return aq_file_failed(errno, "read folder", folder);
	for (;;) {
		struct aq_str path = { 0 };
		errno = 0;
		const struct dirent *entry = readdir(dir);
		if (!entry) {
			rc = errno ? aq_file_failed(errno, "read folder", folder) : AQ_OK;
			break;
		}
		if (entry->d_name[0] == '.')
			continue;
		aq_str_add(&path, "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/",
			   entry->d_name);
		rc = aq_str_check(&path);
		if (rc == AQ_OK)
			rc = aq_names_add(aq_file_is_folder(path.at) ? folders : files, path.at,
					  path.length);
		aq_str_free(&path);
		if (rc < 0)
			break;
	}
	closedir(dir);
	aq_names_sort(files);
	aq_names_sort(folders);
	return rc;
}

/* All PNG of a folder, as pictures of class `label`. */
static int add_class(struct aq_source *source, const char *folder, enum aq_split split, int label)
{
	struct aq_names files = { 0 }, folders = { 0 };
	int rc;
	AQ_TRY(list(folder, &files, &folders));
	if (folders.count > 0) {
		rc = aq_fail(AQ_EDATA,
			     "%s is a folder within a class; wanted is FOLDER/CLASS/x.png or "
			     "FOLDER/{train,val,test}/CLASS/x.png",
			     folders.at[0]);
		goto done;
	}
	if (files.count == 0) {
		rc = aq_fail(AQ_EDATA,
			     "%s holds no pictures; remove it, or leave the class out with "
			     "--classes",
			     folder);
		goto done;
	}
	for (int i = 0; i < files.count; i++) {
		AQ_TRY(aq_source_add(source, &aq_source_png, files.at[i], split, label));
		source->items[source->count - 1].turn = i;
	}
done:
	aq_names_free(&files);
	aq_names_free(&folders);
	return rc;
}

/* Every folder in `folders` is a class.  A class has the same label in every split. */
static int add_classes(struct aq_source *source, const struct aq_names *folders,
		       enum aq_split split)
{
	int rc = AQ_OK;
	for (int i = 0; i < folders->count && rc == AQ_OK; i++) {
		const char *name = aq_path_name(folders->at[i]);
		int label = aq_names_find(&source->classes, name);
		if (label < 0) {
			rc = aq_names_add(&source->classes, name, strlen(name));
			label = source->classes.count - 1;
		}
		if (rc == AQ_OK)
			rc = add_class(source, folders->at[i], split, label);
	}
	return rc;
}

/* FOLDER/train, FOLDER/val, FOLDER/test, each of them a folder of classes. */
static int add_splits(struct aq_source *source, const struct aq_names *folders, bool *found)
{
	int rc = AQ_OK;
	*found = false;
	for (int split = 0; split < AQ_SPLITS && rc == AQ_OK; split++)
		for (int i = 0; i < folders->count && rc == AQ_OK; i++) {
			struct aq_names files = { 0 }, classes = { 0 };
			if (strcmp(aq_path_name(folders->at[i]),
				   aq_split_name((enum aq_split)split)) != 0)
				continue;
			rc = list(folders->at[i], &files, &classes);
			if (rc == AQ_OK && classes.count > 0) {
				*found = true;
				rc = add_classes(source, &classes, (enum aq_split)split);
			}
			aq_names_free(&files);
			aq_names_free(&classes);
		}
	return rc;
}

/* The files of a folder that we know; others are passed over, with a word. */
static int add_files(struct aq_source *source, const struct aq_names *files, bool *found)
{
	const char *stray = NULL;
	int rc = AQ_OK;
	for (int i = 0; i < files->count && rc == AQ_OK; i++) {
		enum aq_item_kind kind;
		rc = recognise(files->at[i], &kind);
		if (rc == AQ_OK && (kind == AQ_ITEM_OTHER || kind == AQ_ITEM_PNG))
			stray = files->at[i];
		else if (rc == AQ_OK)
			rc = add_file(source, files->at[i], kind);
		*found |= kind == AQ_ITEM_IDX || kind == AQ_ITEM_CIFAR;
	}
	if (rc == AQ_OK && stray)
		aq_log(AQ_DEBUG,
		       "%s is passed over: neither pictures with labels nor names of classes",
		       stray);
	return rc;
}

static int find_folder(struct aq_source *source, const char *folder, int depth)
{
	struct aq_names files = { 0 }, folders = { 0 }, inner = { 0 }, beside = { 0 };
	bool found = false;
	int rc;
	AQ_TRY(list(folder, &files, &folders));
	AQ_TRY(add_files(source, &files, &found));
	if (found)
		goto done;
	AQ_TRY(add_splits(source, &folders, &found));
	if (found)
		goto done;
	if (folders.count == 0) {
		rc = files.count == 0 ?
			     aq_fail(AQ_EDATA, "%s is empty", folder) :
			     aq_fail(AQ_EDATA,
				     "%s holds neither IDX nor CIFAR files nor a folder for each "
				     "class; see aquatint-prep(1)",
				     folder);
		goto done;
	}
	/* a lone folder that is no class: what was meant stands in it (cifar-10-batches-bin) */
	if (folders.count == 1 && depth == 0) {
		enum aq_item_kind kind = AQ_ITEM_OTHER;
		AQ_TRY(list(folders.at[0], &inner, &beside));
		if (inner.count > 0)
			AQ_TRY(recognise(inner.at[0], &kind));
		if (kind != AQ_ITEM_PNG) {
			rc = find_folder(source, folders.at[0], depth + 1);
			goto done;
		}
	}
	rc = add_classes(source, &folders, AQ_TRAIN);
done:
	aq_names_free(&files);
	aq_names_free(&folders);
	aq_names_free(&inner);
	aq_names_free(&beside);
	return rc;
}

int aq_source_find(struct aq_source *source, const char *name)
{
	enum aq_item_kind kind;
	int rc;
	if (aq_file_is_folder(name))
		return find_folder(source, name, 0);
	AQ_TRY(recognise(name, &kind));
	rc = add_file(source, name, kind);
done:
	return rc;
}
