/*
 * numeric_centimes.h
 *	  Euros as numeric to centimes as int64, and any numeric to nine decimals.
 */
#ifndef SPASER_NUMERIC_CENTIMES_H
#define SPASER_NUMERIC_CENTIMES_H

#include "postgres.h"

/*
 * Rounded half away from zero. The datum may be packed or toasted. Error 22003
 * for NaN, infinities and what int64 does not hold.
 */
extern int64 numeric_centimes(Datum euros);

/*
 * The same to nine decimals: entier + nano / 10^9, 0 <= nano < 10^9. Error 22003
 * for NaN, infinities and a whole part that int64 does not hold.
 */
extern void numeric_nano(Datum valeur, int64 *entier, uint32 *nano);

#endif							/* SPASER_NUMERIC_CENTIMES_H */
