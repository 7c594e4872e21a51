/* SPDX-License-Identifier: MIT
 *
 * source_kind.h - what the kinds of sources share; for source*.c alone
 */
#ifndef AQ_DATA_SOURCE_KIND_H
#define AQ_DATA_SOURCE_KIND_H

#include "data/source.h"

enum aq_item_kind { AQ_ITEM_OTHER, AQ_ITEM_IDX, AQ_ITEM_CIFAR, AQ_ITEM_PNG, AQ_ITEM_NAMES };

/* A file to be read. */
struct aq_item {
	char *path;
	enum aq_split split;
	int label; /* PNG: the class its folder names */
	int turn;  /* PNG: its place within its class */
};

struct aq_source_kind {
	const char *name;
	/* Look at the items and learn what can be had cheaply; called once, after finding. */
	int (*open)(struct aq_source *source);
	int (*find_classes)(struct aq_source *source); /* may be NULL */
	int (*read)(struct aq_source *source, const struct aq_sink *sink);
	void (*close)(struct aq_source *source); /* may be NULL */
};

extern const struct aq_source_kind aq_source_idx, aq_source_cifar, aq_source_png, aq_source_shapes;

struct aq_source {
	const struct aq_source_kind *kind;
	struct aq_item *items;
	int count, room;
	struct aq_names classes;
	bool classes_told; /* by a file of names */
	uint64_t seed, wanted[AQ_SPLITS];
	uint64_t taken, total; /* pictures, for the progress */
	uint32_t digest;
	const struct aq_sink *sink;
	void *own; /* of the kind */
};

/* Find the items behind a name on the command line. */
int aq_source_find(struct aq_source *source, const char *name) AQ_CHECKED;

int aq_source_add(struct aq_source *source, const struct aq_source_kind *kind, const char *path,
		  enum aq_split split, int label) AQ_CHECKED;

/* Names of classes out of a text file of one name a line; a second such text must say the same. */
int aq_source_take_names(struct aq_source *source, const char *where, const char *text,
			 size_t length) AQ_CHECKED;
bool aq_source_is_names(const char *path); /* batches.meta.txt or fine_label_names.txt */
enum { AQ_NAMES_MOST = 1 << 20 };          /* bytes of such a file */

/* Hand one picture to the sink, if it wants it. */
int aq_source_give(struct aq_source *source, enum aq_split split, int label,
		   const struct aq_planes *picture) AQ_CHECKED;

#endif
