/*
 * swar.h
 *	  Looking at eight bytes at once, in portable C.
 */
#ifndef SPASER_SWAR_H
#define SPASER_SWAR_H

#include "slice.h"

#define SWAR_ONES UINT64_C(0x0101010101010101)
#define SWAR_HIGHS UINT64_C(0x8080808080808080)

static inline uint64_t
swar_load(const char *p)
{
	uint64_t	word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* Non-zero if some byte of word is zero */
static inline uint64_t
swar_zero(uint64_t word)
{
	return (word - SWAR_ONES) & ~word & SWAR_HIGHS;
}

/* Non-zero if some byte of word is c */
static inline uint64_t
swar_byte(uint64_t word, unsigned char c)
{
	return swar_zero(word ^ (SWAR_ONES * c));
}

/* Non-zero if some byte of word is below n; exact when n <= 128 and no byte is above 127 */
static inline uint64_t
swar_below(uint64_t word, unsigned char n)
{
	return (word - SWAR_ONES * n) & ~word & SWAR_HIGHS;
}

#endif							/* SPASER_SWAR_H */
