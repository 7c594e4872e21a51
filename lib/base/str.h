/* SPDX-License-Identifier: MIT
 *
 * str.h - strings that grow, and the word nearest to a misspelt one
 *
 * A struct aq_str starts as { 0 } and is freed with aq_str_free().  When memory runs out it becomes
 * `broken`, further additions do nothing, and aq_str_check() tells at the end: one check instead of
 * one an addition.
 */
#ifndef AQ_BASE_STR_H
#define AQ_BASE_STR_H

#include "base/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct aq_str {
	char *at;      /* NULL while empty; otherwise ended by a NUL */
	size_t length; /* without the NUL */
	size_t room;
	bool broken;
};

void aq_str_add(struct aq_str *str, const char *fmt, ...) AQ_PRINTF(2, 3);
void aq_str_addv(struct aq_str *str, const char *fmt, va_list args) AQ_PRINTF(2, 0);
void aq_str_bytes(struct aq_str *str, const void *bytes, size_t length);

/* Add `text` quoted as a JSON string, control characters and invalid UTF-8 escaped. */
void aq_str_json(struct aq_str *str, const char *text);

/* Add `text` as a field of CSV (RFC 4180): quoted where it must be. */
void aq_str_csv(struct aq_str *str, const char *text);

/* Add bytes as base64. */
void aq_str_base64(struct aq_str *str, const void *bytes, size_t length);

/* The text of `part`, which goes into `str`: that is broken when its part is. */
const char *aq_str_part(struct aq_str *str, const struct aq_str *part);

/* 0, or AQ_ENOMEM with the story told when an addition failed. */
int aq_str_check(const struct aq_str *str) AQ_CHECKED;

/* The text, "" while empty. */
const char *aq_str_text(const struct aq_str *str);
void aq_str_free(struct aq_str *str);

/* The one of `words` (ended by NULL) nearest to `word` by edit distance, or NULL if none is near.
 */
const char *aq_near(const char *word, const char *const *words);

/* The part of `path` behind the last '/'. */
const char *aq_path_name(const char *path);

#endif
