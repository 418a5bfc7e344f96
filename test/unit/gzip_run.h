/*
 * gzip_run.h
 *	  Reads a gzip document in pieces as a caller would: what was not consumed
 *	  is presented again with more behind it, in memory of exactly that size,
 *	  and nothing but the state survives from one piece to the next.
 */
#ifndef SPASER_GZIP_RUN_H
#define SPASER_GZIP_RUN_H

#include <stdlib.h>

#include "core/gzip.h"
#include "core/memory.h"

typedef struct GzipRun
{
	GzipStatus	status;
	unsigned char *clair;
	size_t		clair_len;
	uint64_t	octet;
	uint64_t	faute;
	size_t		allocated;		/* of the call that took most */
	const char *why;			/* a promise of the interface that was broken */
} GzipRun;

/* How long the next piece is; NULL stands for the whole document at once */
typedef size_t (*GzipPieceLength) (void *context);

/* One call, which stops after so many boundaries (0: none) */
static inline void
gzip_run_call(GzipRun *run, GzipState *state, const unsigned char *piece, size_t len, bool last, int boundaries)
{
	Arena		arena = {0};
	CoreMemory	memory = arena_memory(&arena);
	GzipReader	reader;
	unsigned char *copy = malloc(len ? len : 1);

	if (len > 0)
		memcpy(copy, piece, len);
	gzip_begin(&reader, &memory, state, copy, len, last, 4);
	do
		run->status = gzip_next(&reader);
	while (run->status == GZIP_MOVED && --boundaries != 0);
	run->faute = reader.faute;
	if (run->status == GZIP_MOVED || run->status == GZIP_MORE || run->status == GZIP_END)
	{
		gzip_save(&reader);
		run->clair = realloc(run->clair, run->clair_len + reader.clair_len + 1);
		memcpy(run->clair + run->clair_len, reader.clair + 4, reader.clair_len);
		run->clair_len += reader.clair_len;
	}
	if (arena.allocated > run->allocated)
		run->allocated = arena.allocated;
	arena_reset(&arena);
	free(copy);
}

static inline GzipRun
gzip_run(const unsigned char *doc, size_t len, GzipPieceLength length, void *context, int boundaries)
{
	GzipRun		run = {0};
	GzipState	state;
	size_t		given = length ? 0 : len;

	gzip_init(&state);
	do
	{
		uint64_t	before = state.octet;

		gzip_run_call(&run, &state, doc + state.octet, given - state.octet, given == len, boundaries);
		if (run.status == GZIP_MORE && given == len)
			run.why = "wants more than there is";
		if (state.octet < before || state.octet > given)
			run.why = "moved backward, or beyond what it was given";
		if (run.status > GZIP_END)
			break;
		if (!gzip_state_valid(&state))
			run.why = "its own state is not valid";
		if (state.clair != run.clair_len)
			run.why = "counts other bytes than it gives";
		if (run.status == GZIP_MORE)
		{
			size_t		more = length ? length(context) : len;

			given = (more > 0 && more < len - given) ? given + more : len;
		}
	} while (run.why == NULL && run.status != GZIP_END);
	run.octet = state.octet;
	return run;
}

#endif							/* SPASER_GZIP_RUN_H */
