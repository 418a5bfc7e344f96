/*
 * decimal.h
 *	  Decimal numbers as DECP files write them, without ever going through
 *	  binary floating point.
 */
#ifndef SPASER_DECIMAL_H
#define SPASER_DECIMAL_H

#include "slice.h"

#define DECIMAL_DIGITS_MAX 30
#define DECIMAL_SIZE (DECIMAL_DIGITS_MAX + 2)	/* sign and point */

/*
 * Reads a JSON number or a text such as "1 234,56 €" to [-]digits[.digits],
 * exactly; an exponent is expanded. False if it is no number, is ambiguous
 * ("1,234") or needs more than DECIMAL_DIGITS_MAX digits.
 */
extern bool decimal_read(Slice text, char out[DECIMAL_SIZE], size_t *len);

/*
 * Integer part of what decimal_read wrote; up: rounded towards plus infinity.
 * False if it has a fraction and is not rounded, or does not fit.
 */
extern bool decimal_integer(const char *decimal, size_t len, bool up, int *out);

#endif							/* SPASER_DECIMAL_H */
