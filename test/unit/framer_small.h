/*
 * framer_small.h
 *	  The framer twice: as it is, and compiled with records of FRAMER_SMALL_MAX
 *	  bytes at most, so that what it does beyond its limit can be seen on
 *	  documents of a few bytes.
 */
#ifndef SPASER_FRAMER_SMALL_H
#define SPASER_FRAMER_SMALL_H

#include <stdlib.h>

#define FRAMER_SMALL_MAX 48

#define FRAMER_RECORD_MAX FRAMER_SMALL_MAX
#define framer_init small_framer_init
#define framer_state_valid small_framer_state_valid
#define framer_next small_framer_next
#define scan_value small_scan_value
#define scan_kind small_scan_kind
#define scan_is_space small_scan_is_space
#define scan_space small_scan_space
#define scan_key small_scan_key
#define scan_is_list_key small_scan_is_list_key
#define scan_classify small_scan_classify
#include "../../src/core/framer.c"
#include "../../src/core/framer_scan.c"
#include "../../src/core/framer_state.c"
#undef FRAMER_RECORD_MAX
#undef framer_init
#undef framer_state_valid
#undef framer_next

extern void framer_init(FramerState *state);
extern bool framer_state_valid(const FramerState *state);
extern FramerStatus framer_next(FramerState *state, const char *buffer, size_t len,
								bool last, Frame *frame);

typedef struct FramerUnderTest
{
	void		(*init) (FramerState *state);
	bool		(*valid) (const FramerState *state);
	FramerStatus (*next) (FramerState *state, const char *buffer, size_t len, bool last, Frame *frame);
	size_t		record_max;
} FramerUnderTest;

static const FramerUnderTest framer_full = {framer_init, framer_state_valid, framer_next,
16 * 1024 * 1024};
static const FramerUnderTest framer_small = {small_framer_init, small_framer_state_valid,
small_framer_next, FRAMER_SMALL_MAX};

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

#endif							/* SPASER_FRAMER_SMALL_H */
