/* SPDX-License-Identifier: MIT
 *
 * story.h - what tests of fallible functions share: success, or a failure that says the right thing
 */
#ifndef AQ_TESTS_STORY_H
#define AQ_TESTS_STORY_H

#include "base/err.h"
#include "io/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ok(expr) ok_at(expr, __LINE__)
#define bad(expr, code, words) bad_at(expr, code, words, __LINE__)

static inline void ok_at(int rc, int line)
{
	if (rc < 0)
		fail_msg("line %d: %d: %s", line, rc, aq_story());
}

static inline void bad_at(int rc, int code, const char *words, int line)
{
	if (rc != code)
		fail_msg("line %d: %d instead of %d: %s", line, rc, code,
			 rc < 0 ? aq_story() : "it succeeded");
	if (!strstr(aq_story(), words))
		fail_msg("line %d: '%s' is not in: %s", line, words, aq_story());
}

/* A file of these bytes. */
static inline void put_file(const char *path, const void *bytes, size_t length)
{
	ok(aq_file_write(path, false, bytes, length));
}

#endif
