/*
 * cpv.h
 *	  Codes of the Common Procurement Vocabulary (CPV 2008): their form.
 *
 * The ninth digit cannot be computed from the other eight: it is never
 * verified, only dropped.
 */
#ifndef SPASER_CPV_H
#define SPASER_CPV_H

#include "slice.h"

/* The 8 digits of a code, with or without its check digit ("-d"), or -1 */
extern int	cpv_lire(Slice cpv);

/* Is its division (two first digits) one of the 45 of CPV 2008? */
extern bool cpv_division_connue(int cpv);

/* Is it a purchase whose origin must be stated: food, vehicles, health, clothing? */
extern bool cpv_origine_attendue(int cpv);

#endif							/* SPASER_CPV_H */
