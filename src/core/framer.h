/*
 * framer.h
 *	  Cuts a DECP JSON document into its records without parsing it, in
 *	  constant memory, whatever its root: {"marches":[...]},
 *	  {"marches":{"marche":[...],"contrat-concession":[...]}} (a lone object in
 *	  place of a list too), a bare array, a bare record, or records one after
 *	  the other (NDJSON).
 *
 * The framer is a pure function of its state and a buffer, and the state is a
 * plain struct that can be stored between two calls: the caller may read the
 * document in pieces, in as many calls as it likes.
 */
#ifndef SPASER_FRAMER_H
#define SPASER_FRAMER_H

#include "slice.h"

#define FRAMER_STATE_VERSION 1

/* Records of this size or more are set aside unread; their place is known all the same */
#ifndef FRAMER_RECORD_MAX
#define FRAMER_RECORD_MAX (16 * 1024 * 1024)
#endif

typedef enum FramerContainer
{
	CONTAINER_UNKNOWN,			/* bare array, bare record, NDJSON */
	CONTAINER_V1,				/* {"marches":[...]} */
	CONTAINER_MARCHE,			/* {"marches":{"marche":...}} */
	CONTAINER_CONCESSION,		/* {"marches":{"contrat-concession":...}} */
	CONTAINER_XML_MARCHE,		/* <marche>: alike in v1 and v2 */
	CONTAINER_XML_CONCESSION	/* <contrat-concession> */
} FramerContainer;

typedef struct FramerState
{
	uint64_t	octet;			/* bytes of the document consumed so far */
	uint64_t	numero;			/* records met so far, bad ones included */
	uint32_t	version;
	uint32_t	phase;			/* private to framer.c, like all that follows */
	uint64_t	skip_start;		/* where an oversized record began */
	uint64_t	skip_depth;
	uint32_t	flags;
	uint32_t	container;		/* FramerContainer */
} FramerState;

typedef enum FramerStatus
{
	FRAMER_RECORD,				/* a record: frame is set */
	FRAMER_BAD,					/* something that is no record: frame and reason are set */
	FRAMER_MORE,				/* nothing complete left: give more bytes from state->octet on */
	FRAMER_END,					/* end of a document that was whole */
	FRAMER_NOT_DECP				/* what stands here can't be the start of a DECP document */
} FramerStatus;

typedef struct Frame
{
	uint64_t	numero;			/* from 1 */
	uint64_t	octet;			/* of its first byte in the document */
	uint64_t	taille;			/* bytes in the document */
	const char *debut;			/* first byte in the caller's buffer; NULL when it is gone (oversized) */
	size_t		disponible;		/* bytes of it that are in the buffer */
	FramerContainer container;
	bool		latin;			/* the document says that it is ISO-8859-1 or Windows-1252 */
	const char *motif;			/* FRAMER_BAD: code, e.g. "tronque", "trop_grand", "pas_un_objet" */
} Frame;

extern void framer_init(FramerState *state);

/* A stored state that came from outside is consistent */
extern bool framer_state_valid(const FramerState *state);

/*
 * buffer holds the document from byte state->octet on; last: nothing follows.
 * FRAMER_MORE with a buffer of FRAMER_RECORD_MAX bytes or more is never
 * returned without consuming, so a caller that grows its buffer ends.
 */
extern FramerStatus framer_next(FramerState *state, const char *buffer, size_t len,
								bool last, Frame *frame);

#endif							/* SPASER_FRAMER_H */
