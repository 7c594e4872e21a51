/* SPDX-License-Identifier: MIT
 *
 * log.h - what the library has to say while it works
 *
 * The library never prints: it hands its lines and its progress to whoever listens.  A command's
 * frame installs the listener; without one nothing is said.
 */
#ifndef AQ_BASE_LOG_H
#define AQ_BASE_LOG_H

#include "base/err.h"

#include <stdint.h>

enum aq_level { AQ_WARN, AQ_INFO, AQ_DEBUG };

struct aq_listener {
	/* One line without its end. */
	void (*line)(enum aq_level level, const char *text);
	/* `done` of `total` units of `what` ("steps", "pictures"); called often, must be cheap. */
	void (*progress)(const char *what, uint64_t done, uint64_t total);
};

/* Not thread-safe: installed once, before any thread starts. */
void aq_listen(const struct aq_listener *listener);

void aq_log(enum aq_level level, const char *fmt, ...) AQ_PRINTF(2, 3);
void aq_progress(const char *what, uint64_t done, uint64_t total);

#endif
