/*
 * framer_state.h
 *	  What the private fields of FramerState mean. Private to framer*.c.
 */
#ifndef SPASER_FRAMER_STATE_H
#define SPASER_FRAMER_STATE_H

#include "framer_scan.h"

/* FramerState.phase */
enum
{
	PHASE_READ,
	PHASE_SKIP,					/* inside a value that is passed over */
	PHASE_END,
	PHASE_NOT_DECP,
	PHASE_COUNT
};

/* What the value that follows the last key is */
enum
{
	EXPECT_NOTHING,				/* no key is pending */
	EXPECT_MARCHES,				/* of the root's "marches" */
	EXPECT_RECORDS,				/* of "marche" or "contrat-concession" */
	EXPECT_ANYTHING,			/* of a key that is not ours, at the root */
	EXPECT_STRANGER,			/* of a key that is not ours, inside "marches" */
	EXPECT_COUNT
};

/* FramerState.flags: where we are, then the fields below, then the list depth */
#define FLAG_SEEN 0x01			/* a document has begun */
#define FLAG_ROOT 0x02			/* inside a root object */
#define FLAG_CONTAINER 0x04		/* inside {"marches":{ */
#define FLAG_MARCHES 0x08		/* some root had a list of records */
#define FLAG_QUIET 0x10			/* the value passed over is no record */
#define EXPECT_SHIFT 5
#define EXPECT_MASK (7u << EXPECT_SHIFT)
#define LEX_SHIFT 8
#define LEX_MASK (3u << LEX_SHIFT)
#define KIND_SHIFT 10
#define KIND_MASK (3u << KIND_SHIFT)
#define LIST_SHIFT 12
#define LIST_MAX ((1u << (32 - LIST_SHIFT)) - 1)

static inline unsigned
framer_list_depth(const FramerState *state)
{
	return state->flags >> LIST_SHIFT;
}

static inline void
framer_set_list_depth(FramerState *state, unsigned depth)
{
	state->flags = (state->flags & ((1u << LIST_SHIFT) - 1)) | (depth << LIST_SHIFT);
}

static inline void
framer_set_expect(FramerState *state, unsigned expect)
{
	state->flags = (state->flags & ~EXPECT_MASK) | (expect << EXPECT_SHIFT);
}

static inline unsigned
framer_expect(const FramerState *state)
{
	return (state->flags & EXPECT_MASK) >> EXPECT_SHIFT;
}

#endif							/* SPASER_FRAMER_STATE_H */
