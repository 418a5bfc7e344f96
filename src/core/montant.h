/*
 * montant.h
 *	  An amount as decimal text, and the rules that tell whether it can be
 *	  used. Everything is computed on the digits, hence exactly.
 */
#ifndef SPASER_MONTANT_H
#define SPASER_MONTANT_H

#include "profil.h"

typedef struct Montant
{
	bool		special;		/* NaN or infinite: no digits */
	bool		negative;
	Slice		entier;			/* integer digits without leading zeros */
	Slice		decimales;		/* without trailing zeros */
} Montant;

/* False: no amount, or not [-]digits[.digits], NaN, [-]Infinity */
extern bool montant_lire(Slice texte, Montant *m);

/* Sign of the difference with a number of euros, which is not negative */
extern int	montant_compare(const Montant *m, uint64_t euros);

extern bool montant_aberrant(const Montant *m, ReglesMontant regles, bool concession);

/* Code of the attribute tranche_montant */
extern int	montant_tranche(const Montant *m);

#endif							/* SPASER_MONTANT_H */
