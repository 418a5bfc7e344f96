/*
 * identifiant.h
 *	  Identifiers of buyers and holders: SIRET, SIREN, intra-community VAT.
 */
#ifndef SPASER_IDENTIFIANT_H
#define SPASER_IDENTIFIANT_H

#include "slice.h"

/*
 * SIREN of an identifier, or absent: first 9 digits of 14 digits (type SIRET
 * or missing; Luhn is not required), 9 digits declared as SIRET, last 9 of a
 * French VAT number. All zeros is no identifier.
 */
extern Slice identifiant_siren(Slice type_identifiant, Slice identifiant);

#endif							/* SPASER_IDENTIFIANT_H */
