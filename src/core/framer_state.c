/*
 * framer_state.c
 *	  The state of the framer: a new one, and whether one from outside is one
 *	  that the framer can go on with.
 */
#include "framer_state.h"

void
framer_init(FramerState *state)
{
	memset(state, 0, sizeof(*state));
	state->version = FRAMER_STATE_VERSION;
}

bool
framer_state_valid(const FramerState *state)
{
	bool		skipping = (state->phase == PHASE_SKIP);
	uint32_t	flags = state->flags;
	bool		open = (flags & (FLAG_ROOT | FLAG_CONTAINER | EXPECT_MASK)) != 0 || framer_list_depth(state) > 0;

	if (state->version != FRAMER_STATE_VERSION || state->phase >= PHASE_COUNT ||
		state->container > CONTAINER_CONCESSION || framer_expect(state) >= EXPECT_COUNT ||
		(flags & KIND_MASK) >> KIND_SHIFT >= VALUE_COUNT)
		return false;

	/* every record and every bracket takes a byte; the mark of a cut document may take none */
	if (state->numero > state->octet + 1 || framer_list_depth(state) > state->octet)
		return false;
	if (open && (flags & FLAG_SEEN) == 0)
		return false;
	if ((flags & (FLAG_CONTAINER | EXPECT_MASK)) != 0 && (flags & FLAG_ROOT) == 0)
		return false;
	if (framer_expect(state) != EXPECT_NOTHING && framer_list_depth(state) > 0)
		return false;
	if (framer_expect(state) == EXPECT_STRANGER && (flags & FLAG_CONTAINER) == 0)
		return false;
	if (!skipping)
		return state->skip_start == 0 && state->skip_depth == 0 &&
			(flags & (LEX_MASK | KIND_MASK | FLAG_QUIET)) == 0;
	return state->skip_start <= state->octet && state->skip_depth <= state->octet - state->skip_start;
}
