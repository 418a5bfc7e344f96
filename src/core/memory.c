/*
 * memory.c
 *	  An arena for programs without a backend.
 *
 * Every allocation is a malloc of its own, so that sanitizers see an overrun
 * of each; speed is not what it is for.
 */
#include <stdlib.h>

#include "memory.h"

typedef struct ArenaBlock
{
	struct ArenaBlock *next;
	size_t		size;
	char		data[] __attribute__((aligned(16)));
} ArenaBlock;

static void *
arena_alloc(void *context, size_t size)
{
	Arena	   *arena = context;
	ArenaBlock *block = malloc(sizeof(ArenaBlock) + size);

	if (block == NULL)
		abort();
	block->next = arena->blocks;
	block->size = size;
	arena->blocks = block;
	arena->allocated += size;
	return block->data;
}

static void *
arena_resize(void *context, void *old, size_t size)
{
	char	   *data = arena_alloc(context, size);

	if (old != NULL)
	{
		const ArenaBlock *block = (const ArenaBlock *) ((char *) old - offsetof(ArenaBlock, data));

		memcpy(data, old, block->size < size ? block->size : size);
	}
	return data;
}

CoreMemory
arena_memory(Arena *arena)
{
	return (CoreMemory) {arena_alloc, arena_resize, arena};
}

void
arena_reset(Arena *arena)
{
	while (arena->blocks != NULL)
	{
		ArenaBlock *next = arena->blocks->next;

		free(arena->blocks);
		arena->blocks = next;
	}
	arena->allocated = 0;
}
