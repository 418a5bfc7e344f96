/*
 * gzip.h
 *	  Clear bytes of a gzip document that is read in pieces, in as many calls
 *	  as the caller likes, with nothing kept alive between two of them: the
 *	  state is a plain struct that can be stored.
 *
 * A call goes from one boundary to the next: after a member's header, between
 * two deflate blocks, after a member's trailer. What lies behind the last
 * boundary in a piece is given again at the start of the next one.
 */
#ifndef SPASER_GZIP_H
#define SPASER_GZIP_H

#include <zlib.h>

#include "slice.h"

#define GZIP_STATE_VERSION 1

/* How far back deflate may refer */
#define GZIP_WINDOW 32768

/* Beyond this name, comment and extra field are no header but an attack */
#define GZIP_HEADER_MAX (256 * 1024)

/*
 * Deflate can make 1032 bytes of one; DECP documents make 5 to 30. The ratio
 * is judged over the whole document up to there, once this much came out.
 */
#define GZIP_RATIO_MAX 200
#define GZIP_RATIO_FROM (1024 * 1024)

/* Clear bytes of one call */
#ifndef GZIP_CLAIR_MAX
#define GZIP_CLAIR_MAX (256 * 1024 * 1024)
#endif

typedef struct GzipState
{
	uint64_t	octet;			/* of the compressed document: where the next piece must begin */
	uint64_t	clair;			/* clear bytes given so far */
	uint64_t	membres;		/* members that have ended */
	uint64_t	membre_clair;	/* clear bytes of the member that has not */
	uint32_t	version;
	uint32_t	phase;			/* private to gzip.c, like all that follows */
	uint32_t	crc;			/* of the member so far */
	uint32_t	bits;			/* of the byte before octet that belong to the next block */
	uint32_t	bits_value;
	uint32_t	window_len;
	unsigned char window[GZIP_WINDOW];	/* the last clear bytes of the member */
} GzipState;

typedef enum GzipStatus
{
	GZIP_MOVED,					/* one boundary further: go on, or stop here */
	GZIP_MORE,					/* no further boundary: give more bytes from state->octet on */
	GZIP_END,					/* end of a document that was whole */
	GZIP_NOT_GZIP,				/* the document does not begin like one */
	GZIP_CORRUPT,
	GZIP_MISMATCH,				/* the clear bytes are not those that were compressed */
	GZIP_TRUNCATED,				/* the document ends too early */
	GZIP_EXPANDS,				/* more than GZIP_RATIO_MAX clear bytes of each */
	GZIP_TOO_LARGE				/* more than GZIP_CLAIR_MAX clear bytes in this call */
} GzipStatus;

typedef struct GzipReader
{
	char	   *clair;			/* the clear bytes, behind `reserve` bytes left free */
	size_t		clair_len;
	uint64_t	faute;			/* after an error: where in the compressed document */
	const char *detail;			/* after an error: a sentence, or NULL */
	GzipState  *state;			/* private to gzip.c, like all that follows */
	const CoreMemory *memory;
	const unsigned char *piece;
	size_t		len;
	size_t		position;
	size_t		reserve;
	size_t		size;			/* of what clair points to */
	bool		last;
	bool		inflating;
	z_stream	stream;
} GzipReader;

extern void gzip_init(GzipState *state);

/* A stored state that came from outside is consistent */
extern bool gzip_state_valid(const GzipState *state);

/*
 * piece holds the document from byte state->octet on; last: nothing follows.
 * The reader must not move in memory. All it takes comes from memory and is
 * released by whoever gave that.
 */
extern void gzip_begin(GzipReader *reader, const CoreMemory *memory, GzipState *state,
					   const void *piece, size_t len, bool last, size_t reserve);

/* To the next boundary; clair and clair_len grow, state->octet moves */
extern GzipStatus gzip_next(GzipReader *reader);

/* Makes the state complete, after the last gzip_next of a call */
extern void gzip_save(GzipReader *reader);

#endif							/* SPASER_GZIP_H */
