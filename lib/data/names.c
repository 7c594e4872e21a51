/* SPDX-License-Identifier: MIT
 *
 * names.c - the names of classes: an ordered list of texts
 */
#include "data/names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// clang-format off
const char *const aq_names_digits[] = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", NULL };
const char *const aq_names_fashion[] = { "t-shirt", "trouser", "pullover", "dress", "coat",
	"sandal", "shirt", "sneaker", "bag", "ankle boot", NULL };
const char *const aq_names_cifar10[] = { "airplane", "automobile", "bird", "cat", "deer",
	"dog", "frog", "horse", "ship", "truck", NULL };
// clang-format on

int aq_names_add(struct aq_names *names, const char *text, size_t length)
{
	if (names->count + 1 >= names->room) {
		const int room = names->room ? 2 * names->room : 16;
		char **at = realloc(names->at, (size_t)room * sizeof *at);
		if (!at)
			return aq_fail(AQ_ENOMEM, "out of memory");
		names->at = at;
		names->room = room;
	}
	char *copy = strndup(text, length);
	if (!copy)
		return aq_fail(AQ_ENOMEM, "out of memory");
	names->at[names->count++] = copy;
	names->at[names->count] = NULL;
	return AQ_OK;
}

int aq_names_add_all(struct aq_names *names, const char *const *texts)
{
	int rc = AQ_OK;
	for (; *texts && rc == AQ_OK; texts++)
		rc = aq_names_add(names, *texts, strlen(*texts));
	return rc;
}

static bool has_control(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return true;
	return false;
}

int aq_names_add_lines(struct aq_names *names, const char *where, const char *text, size_t length)
{
	int rc = AQ_OK, line = 0;
	const char *const end = text + length;
	for (const char *at = text; at < end && rc == AQ_OK;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const char *next = stop ? stop + 1 : end;
		stop = stop ? stop : end;
		while (stop > at && (stop[-1] == '\r' || stop[-1] == ' '))
			stop--;
		line++;
		if (has_control(at, (size_t)(stop - at)))
			return aq_fail(AQ_EDATA,
				       "%s, line %d: not the name of a class; the file is "
				       "damaged",
				       where, line);
		if (stop > at)
			rc = aq_names_add(names, at, (size_t)(stop - at));
		at = next;
	}
	for (int i = 0; i < names->count && rc == AQ_OK; i++)
		if (aq_names_find(names, names->at[i]) != i)
			rc = aq_fail(AQ_EDATA, "%s names the class '%s' twice", where,
				     names->at[i]);
	return rc;
}

int aq_names_add_words(struct aq_names *names, const char *text)
{
	for (const char *at = text;; at++) {
		const size_t length = strcspn(at, ",");
		int rc = length ? aq_names_add(names, at, length) :
				  aq_fail(AQ_EUSAGE, "'%s' has an empty name; write a,b,c", text);
		if (rc == AQ_OK &&
		    aq_names_find(names, names->at[names->count - 1]) != names->count - 1)
			rc = aq_fail(AQ_EUSAGE, "'%s' names '%s' twice", text,
				     names->at[names->count - 1]);
		if (rc < 0 || !at[length])
			return rc;
		at += length;
	}
}

int aq_names_find(const struct aq_names *names, const char *text)
{
	for (int i = 0; i < names->count; i++)
		if (strcmp(names->at[i], text) == 0)
			return i;
	return -1;
}

const char *const *aq_names_texts(const struct aq_names *names)
{
	static const char *const none[] = { NULL };
	return names->count ? (const char *const *)names->at : none;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void aq_names_sort(struct aq_names *names)
{
	if (names->count > 1)
		qsort(names->at, (size_t)names->count, sizeof *names->at, by_bytes);
}

void aq_names_free(struct aq_names *names)
{
	for (int i = 0; i < names->count; i++)
		free(names->at[i]);
	free(names->at);
	*names = (struct aq_names){ 0 };
}
