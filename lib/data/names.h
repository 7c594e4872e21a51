/* SPDX-License-Identifier: MIT
 *
 * names.h - the names of classes: an ordered list of texts
 */
#ifndef AQ_DATA_NAMES_H
#define AQ_DATA_NAMES_H

#include "base/err.h"

#include <stddef.h>

struct aq_names { /* begins as { 0 } */
	char **at;
	int count, room;
};

/* Add a copy of the first `length` bytes of `text`. */
int aq_names_add(struct aq_names *names, const char *text, size_t length) AQ_CHECKED;

/* Add the texts of a list ended by NULL. */
int aq_names_add_all(struct aq_names *names, const char *const *texts) AQ_CHECKED;

/* Add each line of a text (batches.meta.txt: one name a line, perhaps empty lines at the end).
 * Control characters and repeated names are AQ_EDATA; `where` is the file's name. */
int aq_names_add_lines(struct aq_names *names, const char *where, const char *text,
		       size_t length) AQ_CHECKED;

/* Add the words of "a,b,c"; an empty or repeated one is AQ_EUSAGE. */
int aq_names_add_words(struct aq_names *names, const char *text) AQ_CHECKED;

/* The place of a name, or -1. */
int aq_names_find(const struct aq_names *names, const char *text);

/* The texts, ended by NULL, for aq_near() and for files. */
const char *const *aq_names_texts(const struct aq_names *names);

/* In the order of their bytes. */
void aq_names_sort(struct aq_names *names);

void aq_names_free(struct aq_names *names);

/* Class names that a file's header does not tell. */
extern const char *const aq_names_digits[], *const aq_names_fashion[], *const aq_names_cifar10[];

#endif
