/* SPDX-License-Identifier: MIT
 *
 * arena.h - memory planned once and freed once
 *
 * Everything that a plan needs is taken from its arena and dies with it; nothing is given back
 * singly.  All memory comes zeroed and aligned to AQ_ALIGN bytes, a cache line and the widest
 * vector.
 */
#ifndef AQ_BASE_ARENA_H
#define AQ_BASE_ARENA_H

#include "base/err.h"

#include <stddef.h>

enum { AQ_ALIGN = 64 };

struct aq_arena;

/* An empty arena, or NULL with the story told. */
struct aq_arena *aq_arena_new(void);

/* Frees the arena and all that was taken from it; accepts NULL. */
void aq_arena_free(struct aq_arena *arena);

/* `count` zeroed elements of `size` bytes, or NULL with the story told (overflow counts as no
 * memory). */
void *aq_arena_take(struct aq_arena *arena, size_t count, size_t size) AQ_CHECKED;

/* A copy of the first `length` bytes of `text`, ended by a NUL; NULL with the story told. */
char *aq_arena_text(struct aq_arena *arena, const char *text, size_t length) AQ_CHECKED;

/* Bytes taken so far, for the report of memory use. */
size_t aq_arena_used(const struct aq_arena *arena);

/* Most bytes of memory that this process has had resident at once. */
size_t aq_memory_peak(void);

#endif
