/*
 * xml_token.h
 *	  The signs of an XML text, one after the other: tags, comments, CDATA
 *	  sections, processing instructions, and the text between them. Whatever is
 *	  none of these is text, so that any bytes can be walked through.
 */
#ifndef SPASER_XML_TOKEN_H
#define SPASER_XML_TOKEN_H

#include "slice.h"

/* A sign whose end is further away is text: what was never closed costs no more than this */
#ifndef XML_TOKEN_MAX
#define XML_TOKEN_MAX (1024 * 1024)
#endif

typedef enum XmlTokenKind
{
	XML_TOKEN_TEXT,
	XML_TOKEN_START,			/* <name ...> */
	XML_TOKEN_EMPTY,			/* <name .../> */
	XML_TOKEN_END,				/* </name> */
	XML_TOKEN_INSTRUCTION,		/* <?name ...?>, the XML declaration among them */
	XML_TOKEN_OTHER,			/* comment or CDATA section */
	XML_TOKEN_DOCTYPE,			/* the beginning of a document type declaration */
	XML_TOKEN_CUT				/* more bytes must say what it is */
} XmlTokenKind;

typedef struct XmlToken
{
	XmlTokenKind kind;
	const char *stop;			/* behind it */
	Slice		name;			/* of a tag, with its prefix */
} XmlToken;

/*
 * What is known of the bytes ahead; zero at the start of a walk, which goes
 * forward only. Keeps the walk linear where many comments are never closed.
 */
typedef struct XmlWalk
{
	const char *end;
	bool		last;			/* nothing follows end */
	const char *searched[3];	/* no end of comment, CDATA section, instruction before */
} XmlWalk;

/* p < walk->end */
extern XmlToken xml_token(XmlWalk *walk, const char *p);

/* The name without its prefix */
extern Slice xml_local_name(Slice name);

#endif							/* SPASER_XML_TOKEN_H */
