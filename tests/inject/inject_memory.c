/* SPDX-License-Identifier: MIT
 *
 * inject_memory.c - the calls by which a program asks for memory, caught and counted; see inject.h
 */
#include "inject.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *(*next_malloc)(size_t);
static void *(*next_calloc)(size_t, size_t);
static void *(*next_realloc)(void *, size_t);
static void *(*next_aligned)(size_t, size_t);
static int (*next_posix)(void **, size_t, size_t);
static void (*next_free)(void *);

/* Looking for the functions asks for a little memory itself. */
static _Alignas(16) char early[4096];
static size_t early_used;

static void *take_early(size_t size)
{
	void *at = early + early_used;
	early_used += (size + 15) / 16 * 16;
	if (early_used > sizeof early)
		abort();
	return at;
}

static void find(const char *name, void *function)
{
	void *found = dlsym(RTLD_NEXT, name);
	memcpy(function, &found, sizeof found);
}

static bool looking;

static bool found(void)
{
	if (next_free)
		return true;
	if (looking)
		return false;
	looking = true;
	find("malloc", &next_malloc);
	find("calloc", &next_calloc);
	find("realloc", &next_realloc);
	find("aligned_alloc", &next_aligned);
	find("posix_memalign", &next_posix);
	find("free", &next_free);
	looking = false;
	return true;
}

/* ---- whose it is ----------------------------------------------------------------------------------- */

static int whose(const void *caller)
{
	static const char *const names[WHOSE] = { "aquatint-", "libhdf5", "libpng", "libz." };
	Dl_info info = { 0 };
	const char *name = dladdr(caller, &info) && info.dli_fname ? info.dli_fname : "";
	int i = 0;
	while (i < WHOSE && !strstr(name, names[i]))
		i++;
	return i;
}

static bool fails(const void *caller)
{
	static _Thread_local bool inside; /* dladdr() may ask, too */
	struct inject_plan *plan = inject_plan;
	if (!plan || plan->what != INJECT_MEMORY || inside)
		return false;
	inside = true;
	const int who = whose(caller);
	inside = false;
	if (who == WHOSE)
		return false;
	const long call = __atomic_add_fetch(&plan->requests[who], 1, __ATOMIC_RELAXED);
	if (call != plan->at || who != (int)plan->whose)
		return false;
	errno = ENOMEM;
	return true;
}

/* ---- the allocator --------------------------------------------------------------------------------- */

#define CALLER __builtin_return_address(0)

void *malloc(size_t size)
{
	return !found() ? take_early(size) : fails(CALLER) ? NULL : next_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return !found() ? take_early(count * size) : fails(CALLER) ? NULL : next_calloc(count, size);
}

void *realloc(void *at, size_t size)
{
	return !found() ? take_early(size) : fails(CALLER) ? NULL : next_realloc(at, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	return !found() || fails(CALLER) ? NULL : next_aligned(align, size);
}

int posix_memalign(void **at, size_t align, size_t size)
{
	return !found() || fails(CALLER) ? ENOMEM : next_posix(at, align, size);
}

/* What the C library takes for a caller is the caller's. */

char *strndup(const char *text, size_t most)
{
	const size_t length = strnlen(text, most);
	char *copy = !found() ? take_early(length + 1) : fails(CALLER) ? NULL : next_malloc(length + 1);
	if (copy) {
		memcpy(copy, text, length);
		copy[length] = '\0';
	}
	return copy;
}

char *strdup(const char *text)
{
	const size_t size = strlen(text) + 1;
	char *copy = !found() ? take_early(size) : fails(CALLER) ? NULL : next_malloc(size);
	return copy ? memcpy(copy, text, size) : NULL;
}

__attribute__((format(printf, 3, 0))) static int print(char **text, const void *caller, const char *fmt, va_list args)
{
	va_list again;
	va_copy(again, args);
	const int length = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	*text = length < 0 || !found() || fails(caller) ? NULL : next_malloc((size_t)length + 1);
	return *text ? vsnprintf(*text, (size_t)length + 1, fmt, args) : -1;
}

int vasprintf(char **text, const char *fmt, va_list args)
{
	return print(text, CALLER, fmt, args);
}

int asprintf(char **text, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	const int length = print(text, CALLER, fmt, args);
	va_end(args);
	return length;
}

void free(void *at)
{
	const uintptr_t where = (uintptr_t)at, from = (uintptr_t)early;
	if (where >= from && where < from + sizeof early)
		return;
	if (found())
		next_free(at);
}
