/* SPDX-License-Identifier: MIT
 *
 * h5_look.c - HDF5 files: what is in them
 */
#include "io/h5_private.h"

#include <stdlib.h>
#include <string.h>

/* An object of several names could lead a walk round in circles; ours have one name each. */
#if H5_VERSION_GE(1, 12, 0)
#define OBJECT_INFO(id, info) H5Oget_info3(id, info, H5O_INFO_BASIC | H5O_INFO_NUM_ATTRS)
#elif H5_VERSION_GE(1, 10, 3)
#define OBJECT_INFO(id, info) H5Oget_info2(id, info, H5O_INFO_BASIC | H5O_INFO_NUM_ATTRS)
#else
#define OBJECT_INFO(id, info) H5Oget_info(id, info)
#endif

enum { MOST_MEMBERS = 1 << 20, MOST_DEPTH = 16 };

int aq_h5_find(struct aq_h5 *file, const char *name, bool *there)
{
	aq_h5_begin();
	const int found = aq_h5_link(file, name);
	*there = found > 0;
	return found < 0 ? found : AQ_OK;
}

struct member {
	char *name;
	enum aq_h5_kind kind;
};

struct members {
	struct aq_h5 *file;
	const char *at;
	struct member *list;
	size_t count, room;
	int rc;
};

static void forget(struct members *members)
{
	for (size_t i = 0; i < members->count; i++)
		free(members->list[i].name);
	free(members->list);
}

static int add(struct members *members, const char *name, enum aq_h5_kind kind)
{
	if (members->count == MOST_MEMBERS)
		return aq_fail(AQ_EDATA, "%s: %s has more than %d members", members->file->path,
			       members->at, MOST_MEMBERS);
	if (members->count == members->room) {
		members->room = members->room ? 2 * members->room : 16;
		struct member *more = realloc(members->list, members->room * sizeof *more);
		if (!more)
			return aq_fail(AQ_ENOMEM, "out of memory listing %s", members->file->path);
		members->list = more;
	}
	struct member *member = &members->list[members->count];
	member->kind = kind;
	if (!(member->name = strdup(name)))
		return aq_fail(AQ_ENOMEM, "out of memory listing %s", members->file->path);
	members->count++;
	return AQ_OK;
}

static int kind_of(struct members *members, hid_t group, const char *name, enum aq_h5_kind *kind)
{
	struct aq_h5 *file = members->file;
	H5O_info_t info;
	const hid_t id = H5Oopen(group, name, H5P_DEFAULT);
	if (id < 0 || OBJECT_INFO(id, &info) < 0) {
		const int rc = aq_h5_failed(file, name);
		aq_h5_shut(id, H5Oclose);
		return rc;
	}
	const H5I_type_t type = H5Iget_type(id);
	H5Oclose(id);
	*kind = type == H5I_GROUP ? AQ_H5_GROUP : AQ_H5_DATASET;
	if (type != H5I_GROUP && type != H5I_DATASET)
		return aq_fail(AQ_EDATA, "%s: %s in %s is neither group nor dataset", file->path,
			       name, members->at);
	if (info.rc > 1)
		return aq_fail(AQ_EDATA,
			       "%s: %s in %s has another name too, which is not used here",
			       file->path, name, members->at);
	return AQ_OK;
}

static herr_t see_link(hid_t group, const char *name, const H5L_info_t *info, void *self)
{
	struct members *members = self;
	enum aq_h5_kind kind = 0;
	if (info->type != H5L_TYPE_HARD)
		members->rc = aq_fail(
			AQ_EDATA, "%s: %s in %s is a link to elsewhere, which is never followed",
			members->file->path, name, members->at);
	else if ((members->rc = kind_of(members, group, name, &kind)) == AQ_OK)
		members->rc = add(members, name, kind);
	return members->rc < 0 ? 1 : 0;
}

static herr_t see_attribute(hid_t object, const char *name, const H5A_info_t *info, void *self)
{
	struct members *members = self;
	(void)object;
	(void)info;
	members->rc = add(members, name, AQ_H5_ATTRIBUTE);
	return members->rc < 0 ? 1 : 0;
}

/* An object of many members or attributes keeps them in a tree, and is walked along that.  In any other
 * order HDF5 first makes a table of them, and where the tree is damaged 1.10 frees what it never filled
 * in. */
H5_iter_order_t aq_h5_way(hid_t id, bool attributes)
{
	enum { MOST_BESIDE = 8 }; /* attributes that stand in the header of their object */
	H5G_info_t group;
	H5O_info_t object;
	const bool is_tree =
		attributes ? OBJECT_INFO(id, &object) >= 0 && object.num_attrs > MOST_BESIDE
			   : H5Gget_info(id, &group) >= 0 &&
				     group.storage_type == H5G_STORAGE_TYPE_DENSE;
	return is_tree ? H5_ITER_NATIVE : H5_ITER_INC;
}

H5_index_t aq_h5_order(hid_t id, bool attributes)
{
	const H5I_type_t type = H5Iget_type(id);
	const hid_t plist = type == H5I_DATASET ? H5Dget_create_plist(id) :
			    type == H5I_GROUP	? H5Gget_create_plist(id) :
						  -1;
	unsigned kept = 0;
	if (plist >= 0 && (attributes ? H5Pget_attr_creation_order(plist, &kept)
				      : H5Pget_link_creation_order(plist, &kept)) < 0)
		kept = 0;
	aq_h5_shut(plist, H5Pclose);
	return kept & H5P_CRT_ORDER_TRACKED ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
}

/* Looking for a name goes along all of them: where that fails, 1.10 would free a table of them that it has
 * not filled in.  No name of ours is this one. */
bool aq_h5_can_list(hid_t id, bool attributes)
{
	return (attributes ? H5Aexists(id, "?") : H5Lexists(id, "?", H5P_DEFAULT)) >= 0;
}

/* Members of `at` in the order they were made, or by name in a file that did not keep the order. */
static int collect(struct aq_h5 *file, const char *at, bool attributes, struct members *members)
{
	hid_t id = -1;
	int rc = attributes ? AQ_OK : aq_probe_list(file->probe, at);
	if (rc == AQ_OK)
		rc = aq_h5_object(file, at, &id);
	*members = (struct members){ .file = file, .at = at };
	if (rc < 0)
		return rc;
	if (!attributes && H5Iget_type(id) != H5I_GROUP) {
		H5Oclose(id);
		return aq_fail(AQ_EDATA, "%s: %s is a dataset, not a group", file->path, at);
	}
	const H5_index_t order = aq_h5_order(id, attributes);
	hsize_t next = 0;
	if (!aq_h5_can_list(id, attributes)) {
		rc = aq_h5_failed(file, at);
		H5Oclose(id);
		return rc;
	}
	const herr_t done =
		attributes ? H5Aiterate2(id, order, aq_h5_way(id, true), &next, see_attribute, members)
			   : H5Literate(id, order, aq_h5_way(id, false), &next, see_link, members);
	rc = done >= 0 || members->rc < 0 ? members->rc : aq_h5_failed(file, at);
	H5Oclose(id);
	if (rc < 0)
		forget(members);
	return rc;
}

int aq_h5_list(struct aq_h5 *file, const char *at, enum aq_h5_kind kind, char ***names, int *count)
{
	struct members members;
	size_t bytes = 0, n = 0;
	*names = NULL;
	*count = 0;
	aq_h5_begin();
	const int rc = collect(file, at, kind == AQ_H5_ATTRIBUTE, &members);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < members.count; i++) {
		if (members.list[i].kind == kind) {
			bytes += strlen(members.list[i].name) + 1;
			n++;
		}
	}
	char **block = malloc((n + 1) * sizeof *block + bytes);
	if (block) {
		char *to = (char *)(block + n + 1);
		n = 0;
		for (size_t i = 0; i < members.count; i++) {
			if (members.list[i].kind != kind)
				continue;
			block[n++] = to;
			to = stpcpy(to, members.list[i].name) + 1;
		}
		block[n] = NULL;
		*names = block;
		*count = (int)n;
	}
	forget(&members);
	return block ? AQ_OK : aq_fail(AQ_ENOMEM, "out of memory listing %s", file->path);
}

typedef int visitor(void *self, const char *name, enum aq_h5_kind kind);

static int walk(struct aq_h5 *file, char *path, int depth, visitor *visit, void *self)
{
	struct members members;
	const size_t length = strlen(path);
	int rc = collect(file, length ? path : "/", false, &members);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < members.count; i++) {
		const struct member *member = &members.list[i];
		if (depth == MOST_DEPTH || length + strlen(member->name) + 2 > AQ_H5_NAME) {
			rc = aq_fail(AQ_EDATA, "%s: %s is nested too deeply", file->path, path);
			goto done;
		}
		path[length] = '/';
		strcpy(path + length + 1, member->name);
		AQ_TRY(visit(self, path, member->kind));
		if (member->kind == AQ_H5_GROUP)
			AQ_TRY(walk(file, path, depth + 1, visit, self));
		path[length] = '\0';
	}
done:
	forget(&members);
	return rc;
}

int aq_h5_walk_below(struct aq_h5 *file, const char *at, visitor *visit, void *self)
{
	char path[AQ_H5_NAME] = "";
	aq_h5_begin();
	if (strlen(at) >= sizeof path)
		return aq_fail(AQ_EBUG, "%s: the name of a group is too long", file->path);
	if (at[1])
		strcpy(path, at);
	return walk(file, path, 0, visit, self);
}

int aq_h5_walk(struct aq_h5 *file, visitor *visit, void *self)
{
	return aq_h5_walk_below(file, "/", visit, self);
}
