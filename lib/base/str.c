/* SPDX-License-Identifier: MIT
 *
 * str.c - strings that grow, and the word nearest to a misspelt one
 */
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(struct aq_str *str, size_t more)
{
	if (str->broken)
		return false;
	if (str->length + more + 1 <= str->room)
		return true;
	size_t room = str->room ? str->room : 64;
	while (room < str->length + more + 1)
		room *= 2;
	char *at = realloc(str->at, room);
	if (!at) {
		str->broken = true;
		return false;
	}
	str->at = at;
	str->room = room;
	return true;
}

void aq_str_bytes(struct aq_str *str, const void *bytes, size_t length)
{
	if (!reserve(str, length))
		return;
	memcpy(str->at + str->length, bytes, length);
	str->length += length;
	str->at[str->length] = '\0';
}

void aq_str_addv(struct aq_str *str, const char *fmt, va_list args)
{
	va_list again;
	va_copy(again, args);
	const int length = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (length < 0 || !reserve(str, (size_t)length))
		return;
	vsnprintf(str->at + str->length, (size_t)length + 1, fmt, args);
	str->length += (size_t)length;
}

void aq_str_add(struct aq_str *str, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	aq_str_addv(str, fmt, args);
	va_end(args);
}

/* Bytes of the well-formed UTF-8 sequence at `s`, 0 if there is none (RFC 3629). */
static size_t utf8_length(const unsigned char *s)
{
	const size_t length = s[0] < 0x80		    ? 1
			      : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
			      : s[0] >= 0xe0 && s[0] < 0xf0 ? 3
			      : s[0] >= 0xf0 && s[0] < 0xf5 ? 4
							    : 0;
	for (size_t i = 1; i < length; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return length;
}

void aq_str_json(struct aq_str *str, const char *text)
{
	aq_str_bytes(str, "\"", 1);
	for (const unsigned char *s = (const unsigned char *)text; *s;) {
		const size_t length = utf8_length(s);
		if (*s == '"' || *s == '\\')
			aq_str_add(str, "\\%c", *s);
		else if (*s < 0x20)
			aq_str_add(str, "\\u%04x", *s);
		else if (length == 0)
			aq_str_add(str, "\\ufffd");
		else
			aq_str_bytes(str, s, length);
		s += length ? length : 1;
	}
	aq_str_bytes(str, "\"", 1);
}

void aq_str_csv(struct aq_str *str, const char *text)
{
	if (!text[strcspn(text, ",\"\r\n")]) {
		aq_str_add(str, "%s", text);
		return;
	}
	aq_str_add(str, "\"");
	for (; *text; text++)
		aq_str_add(str, *text == '"' ? "\"\"" : "%c", *text);
	aq_str_add(str, "\"");
}

void aq_str_base64(struct aq_str *str, const void *bytes, size_t length)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *from = bytes;
	if (!reserve(str, (length + 2) / 3 * 4))
		return;
	char *to = str->at + str->length;
	for (size_t i = 0; i < length; i += 3, to += 4) {
		const unsigned a = from[i], b = i + 1 < length ? from[i + 1] : 0,
			       c = i + 2 < length ? from[i + 2] : 0;
		to[0] = digits[a >> 2];
		to[1] = digits[(a << 4 | b >> 4) & 63];
		to[2] = i + 1 < length ? digits[(b << 2 | c >> 6) & 63] : '=';
		to[3] = i + 2 < length ? digits[c & 63] : '=';
	}
	*to = '\0';
	str->length = (size_t)(to - str->at);
}

const char *aq_str_part(struct aq_str *str, const struct aq_str *part)
{
	str->broken |= part->broken;
	return aq_str_text(part);
}

int aq_str_check(const struct aq_str *str)
{
	return str->broken ? aq_fail(AQ_ENOMEM, "out of memory") : AQ_OK;
}

const char *aq_str_text(const struct aq_str *str)
{
	return str->at ? str->at : "";
}

void aq_str_free(struct aq_str *str)
{
	free(str->at);
	*str = (struct aq_str){ 0 };
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* Levenshtein's distance, row by row; words longer than the row are never near. */
static int distance(const char *a, const char *b)
{
	enum { LONGEST = 40 };
	int row[LONGEST + 1];
	const int n = (int)strlen(b);
	if (n > LONGEST)
		return LONGEST;
	for (int j = 0; j <= n; j++)
		row[j] = j;
	for (int i = 1; a[i - 1]; i++) {
		int diagonal = row[0];
		row[0] = i;
		for (int j = 1; j <= n; j++) {
			const int above = row[j];
			row[j] = least(diagonal + (a[i - 1] != b[j - 1]),
				       1 + least(above, row[j - 1]));
			diagonal = above;
		}
	}
	return row[n];
}

const char *aq_near(const char *word, const char *const *words)
{
	const char *best = NULL;
	int best_distance = least(3, (int)strlen(word) / 2 + 1);
	for (; *words; words++) {
		const int d = distance(word, *words);
		if (d < best_distance) {
			best_distance = d;
			best = *words;
		}
	}
	return best;
}

const char *aq_path_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}
