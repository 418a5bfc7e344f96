/*
 * xml_small.h
 *	  The XML framer twice: as it is, and compiled with limits of a few bytes,
 *	  so that what it does beyond them can be seen on small documents.
 */
#ifndef SPASER_XML_SMALL_H
#define SPASER_XML_SMALL_H

#define FRAMER_RECORD_MAX 96
#define XML_TOKEN_MAX 32
#define XML_SMALL_MAX 64		/* FRAMER_RECORD_MAX - XML_TOKEN_MAX */
#define xml_framer_init small_xml_framer_init
#define xml_framer_state_valid small_xml_framer_state_valid
#define xml_framer_next small_xml_framer_next
#define xml_token small_xml_token
#define xml_local_name small_xml_local_name
#include "../../src/core/xml_token.c"
#include "../../src/core/xml_framer.c"
#undef xml_framer_init
#undef xml_framer_state_valid
#undef xml_framer_next
#undef xml_token
#undef xml_local_name

#include "framer_run.h"

extern void xml_framer_init(FramerState *state);
extern bool xml_framer_state_valid(const FramerState *state);
extern FramerStatus xml_framer_next(FramerState *state, const char *buffer, size_t len,
									bool last, Frame *frame);

static const FramerUnderTest xml_full = {xml_framer_init, xml_framer_state_valid, xml_framer_next,
16 * 1024 * 1024};
static const FramerUnderTest xml_small = {small_xml_framer_init, small_xml_framer_state_valid,
small_xml_framer_next, FRAMER_RECORD_MAX};

#endif							/* SPASER_XML_SMALL_H */
