/* SPDX-License-Identifier: MIT
 *
 * err.c - the story of a failure, one per thread, in a fixed buffer so that it can be told even
 * when memory has run out
 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char story[4096];

int aq_fail(enum aq_code code, const char *fmt, ...)
{
	char text[sizeof story]; /* the present story may be among the arguments */
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	memcpy(story, text, sizeof story);
	return code;
}

int aq_while(int code, const char *fmt, ...)
{
	char line[1024];
	va_list args;
	va_start(args, fmt);
	vsnprintf(line, sizeof line, fmt, args);
	va_end(args);

	/* The new line goes in front; a story too long loses its middle context, never this line.
	 */
	const size_t head = strlen(line), gap = 3;
	size_t tail = strlen(story);
	if (head + gap + tail >= sizeof story)
		tail = sizeof story - head - gap - 1;
	memmove(story + head + gap, story, tail);
	story[head + gap + tail] = '\0';
	memcpy(story, line, head);
	memcpy(story + head, "\n  ", gap);
	return code;
}

const char *aq_story(void)
{
	return story;
}
