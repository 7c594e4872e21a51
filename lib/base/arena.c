/* SPDX-License-Identifier: MIT
 *
 * arena.c - a chain of aligned blocks; large requests get a block of their own
 */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { BLOCK = 1 << 16 };

struct block {
	struct block *next;
	size_t size, used; /* bytes behind the header */
};

struct aq_arena {
	struct block *blocks; /* the first one is being filled */
	size_t used;
};

enum { HEADER = (sizeof(struct block) + AQ_ALIGN - 1) / AQ_ALIGN * AQ_ALIGN };

struct aq_arena *aq_arena_new(void)
{
	struct aq_arena *arena = calloc(1, sizeof *arena);
	if (!arena)
		aq_fail(AQ_ENOMEM, "out of memory");
	return arena;
}

void aq_arena_free(struct aq_arena *arena)
{
	if (!arena)
		return;
	for (struct block *block = arena->blocks, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	free(arena);
}

static struct block *add_block(struct aq_arena *arena, size_t size)
{
	struct block *block = aligned_alloc(AQ_ALIGN, HEADER + size);
	if (!block)
		return NULL;
	*block = (struct block){ .size = size };
	if (size > BLOCK && arena->blocks) { /* keep filling the block begun before */
		block->next = arena->blocks->next;
		arena->blocks->next = block;
	} else {
		block->next = arena->blocks;
		arena->blocks = block;
	}
	return block;
}

void *aq_arena_take(struct aq_arena *arena, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX / 2) {
		aq_fail(AQ_ENOMEM, "out of memory: %zu elements of %zu bytes were wanted", count,
			size);
		return NULL;
	}
	bytes = (bytes + AQ_ALIGN - 1) / AQ_ALIGN * AQ_ALIGN;
	struct block *block = arena->blocks;
	if (!block || block->size - block->used < bytes)
		block = add_block(arena, bytes > BLOCK ? bytes : BLOCK);
	if (!block) {
		aq_fail(AQ_ENOMEM, "out of memory: %zu more bytes were wanted, %zu are in use",
			bytes, arena->used);
		return NULL;
	}
	void *taken = (char *)block + HEADER + block->used;
	block->used += bytes;
	arena->used += bytes;
	return memset(taken, 0, bytes);
}

char *aq_arena_text(struct aq_arena *arena, const char *text, size_t length)
{
	char *copy = aq_arena_take(arena, length + 1, 1);
	if (copy)
		memcpy(copy, text, length);
	return copy;
}

size_t aq_arena_used(const struct aq_arena *arena)
{
	return arena->used;
}

size_t aq_memory_peak(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (size_t)usage.ru_maxrss * 1024;
}
