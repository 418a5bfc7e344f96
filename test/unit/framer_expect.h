/*
 * framer_expect.h
 *	  What a framer finds in a document, as one line of text, and that it finds
 *	  the same however the document is cut into pieces.
 */
#ifndef SPASER_FRAMER_EXPECT_H
#define SPASER_FRAMER_EXPECT_H

#include "framer_run.h"
#include "core_test.h"

typedef struct Found
{
	const char *doc;
	char		text[8192];
	size_t		len;
} Found;

static inline void
found_add(Found *found, const char *text, size_t len)
{
	if (found->len + len < sizeof(found->text))
	{
		memcpy(found->text + found->len, text, len);
		found->len += len;
	}
	found->text[found->len] = '\0';
}

/* A record is container letter and text, anything else !motif(text) */
static inline void
found_report(void *context, FramerStatus status, const Frame *frame)
{
	Found	   *found = context;
	char		gone[64];

	if (found->len > 0)
		found_add(found, " ", 1);
	if (status == FRAMER_RECORD)
		found_add(found, &"-1mcMC"[frame->container], 1);
	else
	{
		found_add(found, "!", 1);
		found_add(found, frame->motif, strlen(frame->motif));
		found_add(found, "(", 1);
	}
	if (frame->debut != NULL)
		found_add(found, found->doc + frame->octet, frame->taille);
	else
	{
		snprintf(gone, sizeof(gone), "%llu+%llu", (unsigned long long) frame->octet,
				 (unsigned long long) frame->taille);
		found_add(found, gone, strlen(gone));
	}
	if (status != FRAMER_RECORD)
		found_add(found, ")", 1);
}

static inline size_t
piece_fixed(void *context)
{
	return *(size_t *) context;
}

static inline size_t
piece_random(void *context)
{
	unsigned   *seed = context;

	*seed = *seed * 1103515245u + 12345u;
	return 1 + (*seed >> 16) % 23;
}

static inline const char *
describe(const FramerUnderTest *framer, Found *found, const char *doc, size_t len,
		 PieceLength piece, void *context, const char *name)
{
	uint64_t	octet = 0;
	const char *why = NULL;
	FramerStatus status;
	char		end[64];

	memset(found, 0, sizeof(*found));
	found->doc = doc;
	status = framer_run(framer, doc, len, piece, context, found_report, found, &octet, &why);
	if (status == FRAMER_END)
		snprintf(end, sizeof(end), "%s.", found->len ? " " : "");
	else
		snprintf(end, sizeof(end), "%snot@%llu", found->len ? " " : "", (unsigned long long) octet);
	found_add(found, end, strlen(end));
	check(name, why == NULL, why ? why : "");
	return found->text;
}

/* The document as a whole, byte by byte, and in pieces of many sizes */
static inline void
expect_len(const FramerUnderTest *framer, const char *name, const char *doc, size_t len,
		   const char *expected)
{
	static Found found;

	check_text(name, describe(framer, &found, doc, len, NULL, NULL, name), expected);
	for (size_t size = 1; size <= 9; size++)
	{
		char		title[200];

		snprintf(title, sizeof(title), "%s, pieces of %zu", name, size);
		check_text(title, describe(framer, &found, doc, len, piece_fixed, &size, title), expected);
	}
	for (unsigned seed = 1; seed <= 5; seed++)
	{
		unsigned	state = seed;

		check_text(name, describe(framer, &found, doc, len, piece_random, &state, name), expected);
	}
}

#endif							/* SPASER_FRAMER_EXPECT_H */
