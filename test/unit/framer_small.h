/*
 * framer_small.h
 *	  The framer twice: as it is, and compiled with records of FRAMER_SMALL_MAX
 *	  bytes at most, so that what it does beyond its limit can be seen on
 *	  documents of a few bytes.
 */
#ifndef SPASER_FRAMER_SMALL_H
#define SPASER_FRAMER_SMALL_H

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
#define scan_broken_end small_scan_broken_end
#include "../../src/core/framer.c"
#include "../../src/core/framer_scan.c"
#include "../../src/core/framer_state.c"
#undef FRAMER_RECORD_MAX
#undef framer_init
#undef framer_state_valid
#undef framer_next

#include "framer_run.h"

extern void framer_init(FramerState *state);
extern bool framer_state_valid(const FramerState *state);
extern FramerStatus framer_next(FramerState *state, const char *buffer, size_t len,
								bool last, Frame *frame);

static const FramerUnderTest framer_full = {framer_init, framer_state_valid, framer_next,
16 * 1024 * 1024};
static const FramerUnderTest framer_small = {small_framer_init, small_framer_state_valid,
small_framer_next, FRAMER_SMALL_MAX};

#endif							/* SPASER_FRAMER_SMALL_H */
