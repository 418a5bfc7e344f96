/*
 * memory.h
 *	  A CoreMemory for programs without a backend: one arena, released as a
 *	  whole. When there is no memory left it aborts.
 */
#ifndef SPASER_MEMORY_H
#define SPASER_MEMORY_H

#include "slice.h"

typedef struct Arena
{
	struct ArenaBlock *blocks;	/* newest first */
	size_t		allocated;		/* bytes asked for since the last reset */
} Arena;

extern CoreMemory arena_memory(Arena *arena);
extern void arena_reset(Arena *arena);

#endif							/* SPASER_MEMORY_H */
