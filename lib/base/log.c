/* SPDX-License-Identifier: MIT
 *
 * log.c - what the library has to say while it works
 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

static const struct aq_listener *ear;

void aq_listen(const struct aq_listener *listener)
{
	ear = listener;
}

void aq_log(enum aq_level level, const char *fmt, ...)
{
	if (!ear || !ear->line)
		return;
	char text[1024];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	ear->line(level, text);
}

void aq_progress(const char *what, uint64_t done, uint64_t total)
{
	if (ear && ear->progress)
		ear->progress(what, done, total);
}
