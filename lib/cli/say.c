/* SPDX-License-Identifier: MIT
 *
 * say.c - the voice of a command: results on stdout, lines and progress on stderr
 *
 * On a terminal long work shows a bar with rate and time left, redrawn in place; elsewhere one
 * plain line at growing intervals, for a job's log.
 */
#include "cli/say.h"

#include "base/clock.h"
#include "base/log.h"
#include "cli/cmd.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct {
	bool json, quiet, verbose, terminal, first_field;
	struct aq_str record;
} voice;

static struct {
	char what[32];
	double began, shown, pause; /* seconds; `pause` between plain lines */
	uint64_t from;
	bool on_line; /* a bar stands on the terminal's line */
} bar;

bool aq_say_is_json(void)
{
	return voice.json;
}

bool aq_say_is_quiet(void)
{
	return voice.quiet;
}

bool aq_say_is_verbose(void)
{
	return voice.verbose;
}

static void clear_bar(void)
{
	if (bar.on_line)
		fputs("\r\033[K", stderr);
	bar.on_line = false;
}

static void line(enum aq_level level, const char *text)
{
	if ((level == AQ_DEBUG && !voice.verbose) || (level != AQ_WARN && voice.quiet))
		return;
	clear_bar();
	fprintf(stderr, "%s: %s%s\n", aq_cmd_program(), level == AQ_WARN ? "warning: " : "", text);
}

static void draw_bar(uint64_t done, uint64_t total, double rate, const char *left)
{
	enum { WIDTH = 30 };
	char cells[WIDTH + 1];
	const int full = total ? (int)(done * WIDTH / total) : 0;
	memset(cells, '.', WIDTH);
	memset(cells, '#', (size_t)(full < WIDTH ? full : WIDTH));
	cells[WIDTH] = '\0';
	fprintf(stderr, "\r\033[K[%s] %llu/%llu %s  %.4g/s  %s left", cells,
		(unsigned long long)done, (unsigned long long)total, bar.what, rate, left);
	bar.on_line = true;
}

static void progress(const char *what, uint64_t done, uint64_t total)
{
	enum { FIRST_PAUSE = 5, LONGEST_PAUSE = 60 };
	if (voice.quiet)
		return;
	const double now = aq_seconds();
	if (strcmp(bar.what, what) != 0 || done < bar.from) {
		snprintf(bar.what, sizeof bar.what, "%s", what);
		bar.began = bar.shown = now;
		bar.from = done;
		bar.pause = FIRST_PAUSE;
		return;
	}
	if (now - bar.shown < (voice.terminal ? 0.1 : bar.pause) || now - bar.began < 1)
		return;
	char left[32];
	const double rate = (double)(done - bar.from) / (now - bar.began);
	aq_duration(left, sizeof left, rate > 0 ? (double)(total - done) / rate : 0);
	if (voice.terminal) {
		draw_bar(done, total, rate, left);
	} else {
		fprintf(stderr, "%s: %llu of %llu %s, %.4g/s, %s left\n", aq_cmd_program(),
			(unsigned long long)done, (unsigned long long)total, what, rate, left);
		bar.pause = fmin(bar.pause * 1.5, LONGEST_PAUSE);
	}
	bar.shown = now;
}

void aq_say_start(bool json, bool quiet, bool verbose)
{
	static const struct aq_listener ear = { line, progress };
	voice.json = json;
	voice.quiet = quiet;
	voice.verbose = verbose;
	voice.terminal = isatty(STDERR_FILENO);
	aq_listen(&ear);
}

int aq_say_stop(int rc)
{
	clear_bar();
	if (rc == AQ_OK)
		rc = aq_str_check(&voice.record);
	aq_str_free(&voice.record);
	return rc;
}

/* ---- records --------------------------------------------------------------------------------- */

void aq_say_begin(const char *kind)
{
	voice.record.length = 0;
	voice.first_field = true;
	if (voice.json)
		aq_say_text("event", kind);
}

static void key(const char *name)
{
	struct aq_str *to = &voice.record;
	if (voice.json) {
		aq_str_add(to, "%s", voice.first_field ? "{" : ",");
		aq_str_json(to, name);
		aq_str_add(to, ":");
	} else {
		aq_str_add(to, "%s%s ", voice.first_field ? "" : "  ", name);
	}
	voice.first_field = false;
}

void aq_say_text(const char *name, const char *value)
{
	key(name);
	if (voice.json)
		aq_str_json(&voice.record, value);
	else
		aq_str_add(&voice.record, "%s", value);
}

void aq_say_int(const char *name, long long value)
{
	key(name);
	aq_str_add(&voice.record, "%lld", value);
}

void aq_say_real(const char *name, double value)
{
	key(name);
	if (voice.json && !isfinite(value))
		aq_str_add(&voice.record, "null");
	else if (voice.json)
		aq_print_real(value, &voice.record);
	else
		aq_str_add(&voice.record, "%.5g", value);
}

void aq_say_end(void)
{
	if ((voice.quiet && !voice.json) || voice.record.broken)
		return;
	clear_bar();
	printf("%s%s\n", aq_str_text(&voice.record), voice.json ? "}" : "");
	fflush(stdout);
}

void aq_say(const char *fmt, ...)
{
	if (voice.quiet || voice.json)
		return;
	clear_bar();
	va_list args;
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

void aq_say_aside(const char *fmt, ...)
{
	if (voice.quiet || voice.json)
		return;
	clear_bar();
	va_list args;
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	putc('\n', stderr);
}

void aq_say_raw(const char *text)
{
	if (voice.quiet && !voice.json)
		return;
	clear_bar();
	fputs(text, stdout);
	if (voice.json)
		putchar('\n');
	fflush(stdout);
}
