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

/* What the ministry's rules have against it; the first of them */
typedef enum MontantDefaut
{
	MONTANT_JUSTE,
	MONTANT_TROP_PETIT,
	MONTANT_TROP_GRAND,
	MONTANT_SUITE,				/* begins with 123456789 */
	MONTANT_FREQUENT			/* above 100 M, one digit more than six times */
} MontantDefaut;

extern MontantDefaut montant_defaut_ministere(const Montant *m, bool concession);

/*
 * The ministry's rule as it documents it: 8 digits or more before the point, of
 * which one other than 0 follows itself at least length - 1 times.
 */
extern bool montant_chiffre_repete(const Montant *m);

/* Sign of a - b */
extern int	montant_ordre(const Montant *a, const Montant *b);

extern bool montant_aberrant(const Montant *m, ReglesMontant regles, bool concession);

/* Code of the attribute tranche_montant */
extern int	montant_tranche(const Montant *m);

#endif							/* SPASER_MONTANT_H */
