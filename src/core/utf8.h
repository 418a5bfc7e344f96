/*
 * utf8.h
 *	  Strict UTF-8: no overlong form, no surrogate, nothing above U+10FFFF.
 */
#ifndef SPASER_UTF8_H
#define SPASER_UTF8_H

#include "slice.h"

/* Bytes of the valid character that begins at text (len > 0), or 0 */
extern size_t utf8_char(const char *text, size_t len);

/* Bytes of the longest valid prefix: len if all of it is UTF-8 */
extern size_t utf8_valid_prefix(const char *text, size_t len);

/* Largest length of at most max that does not cut a character of a valid text */
extern size_t utf8_clip(const char *text, size_t len, size_t max);

/* Write a code point (a surrogate becomes U+FFFD), return its bytes, 1 to 4 */
extern size_t utf8_encode(uint32_t code, char out[4]);

#endif							/* SPASER_UTF8_H */
