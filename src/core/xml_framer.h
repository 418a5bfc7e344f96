/*
 * xml_framer.h
 *	  Cuts a DECP XML document into its records without parsing it, in constant
 *	  memory: the marche and contrat-concession elements, wherever they stand;
 *	  such an element alone; or, under a root of another name, the elements
 *	  that are its children (rows of a flat export).
 *
 * The interface is that of framer.h, and the state the same struct, marked as
 * this framer's own.
 */
#ifndef SPASER_XML_FRAMER_H
#define SPASER_XML_FRAMER_H

#include "framer.h"
#include "xml_token.h"

#define XML_FRAMER_STATE_VERSION 0x58000001

/* So that a record and the sign behind it are in FRAMER_RECORD_MAX bytes */
#define XML_RECORD_MAX (FRAMER_RECORD_MAX - XML_TOKEN_MAX)

extern void xml_framer_init(FramerState *state);

/* A stored state that came from outside is consistent */
extern bool xml_framer_state_valid(const FramerState *state);

/*
 * As framer_next. A record whose end tag is missing ends where the next one
 * begins, or its list ends; that it is no XML is for its reader to say.
 * FRAMER_NOT_DECP has a motif when there is more to say: "dtd", "utf16".
 */
extern FramerStatus xml_framer_next(FramerState *state, const char *buffer, size_t len,
									bool last, Frame *frame);

#endif							/* SPASER_XML_FRAMER_H */
