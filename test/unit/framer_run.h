/*
 * framer_run.h
 *	  A framer under test, of JSON or of XML, read as a caller would. To be
 *	  included behind a framer with limits of its own.
 */
#ifndef SPASER_FRAMER_RUN_H
#define SPASER_FRAMER_RUN_H

#include <stdlib.h>

#include "core/framer.h"

typedef struct FramerUnderTest
{
	void		(*init) (FramerState *state);
	bool		(*valid) (const FramerState *state);
	FramerStatus (*next) (FramerState *state, const char *buffer, size_t len, bool last, Frame *frame);
	size_t		record_max;
} FramerUnderTest;

/* How long the next piece of a document is; the document may be cut anywhere */
typedef size_t (*PieceLength) (void *context);

/*
 * Reads a document in pieces as a caller would: what was not consumed is
 * presented again with more behind it, always in memory of exactly that size.
 * Calls report for every frame. Returns the last status; *why is set when a
 * promise of the interface is broken.
 */
static inline FramerStatus
framer_run(const FramerUnderTest *framer, const char *doc, size_t len, PieceLength piece,
		   void *piece_context, void (*report) (void *context, FramerStatus, const Frame *),
		   void *context, uint64_t *octet, const char **why)
{
	FramerState state;
	FramerStatus status;
	size_t		given = piece ? 0 : len;

	framer->init(&state);
	do
	{
		size_t		window = given - state.octet;
		uint64_t	before = state.octet;
		char	   *copy = malloc(window + 1);
		Frame		frame;

		memcpy(copy, doc + state.octet, window);
		copy = realloc(copy, window ? window : 1);
		status = framer->next(&state, copy, window, given == len, &frame);
		if (!framer->valid(&state))
			*why = "its own state is not valid";
		if (state.octet > given)
			*why = "consumed more than it was given";
		if (status == FRAMER_RECORD || status == FRAMER_BAD)
		{
			if (frame.disponible > frame.taille || (frame.debut == NULL) != (frame.disponible == 0))
				if (frame.taille != 0)
					*why = "disponible and debut disagree";
			if (frame.disponible > 0 &&
				memcmp(frame.debut, doc + frame.octet, frame.disponible) != 0)
				*why = "debut is not at octet";
			report(context, status, &frame);
		}
		free(copy);
		if (status == FRAMER_MORE)
		{
			size_t		more;

			if (given == len)
			{
				*why = "wants more than there is";
				break;
			}
			if (window >= framer->record_max && state.octet == before)
				*why = "a full buffer and nothing consumed";
			more = piece(piece_context);
			given = (more > 0 && more < len - given) ? given + more : len;
		}
	} while (status == FRAMER_RECORD || status == FRAMER_BAD || status == FRAMER_MORE);
	*octet = state.octet;
	return status;
}

#endif							/* SPASER_FRAMER_RUN_H */
