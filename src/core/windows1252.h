/*
 * windows1252.h
 *	  Bytes of Windows-1252 (of which ISO-8859-1 is a part, but for control
 *	  characters) to UTF-8.
 */
#ifndef SPASER_WINDOWS1252_H
#define SPASER_WINDOWS1252_H

#include "slice.h"

/* Bytes of UTF-8 that one byte may become */
#define WINDOWS1252_GROWTH 3

/*
 * Every byte above 0x7F is a character of Windows-1252; the five that it
 * leaves undefined become U+FFFD. out: room for WINDOWS1252_GROWTH * len
 * bytes. Returns the bytes written.
 */
extern size_t windows1252_all_to_utf8(const char *text, size_t len, char *out);

/*
 * The same for a text that is UTF-8 in part: characters of UTF-8 are kept, and
 * only the bytes that are none are decoded.
 */
extern size_t windows1252_to_utf8(const char *text, size_t len, char *out);

#endif							/* SPASER_WINDOWS1252_H */
