/*
 * numeric_centimes.h
 *	  Euros as numeric to centimes as int64.
 */
#ifndef SPASER_NUMERIC_CENTIMES_H
#define SPASER_NUMERIC_CENTIMES_H

#include "postgres.h"

/*
 * Rounded half away from zero. The datum may be packed or toasted. Error 22003
 * for NaN, infinities and what int64 does not hold.
 */
extern int64 numeric_centimes(Datum euros);

#endif							/* SPASER_NUMERIC_CENTIMES_H */
