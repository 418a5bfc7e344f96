/*
 * poids.h
 *	  Exact sums of shares: integers, each divided by a small number of parts.
 *
 * Shares of the same parts are added as integers; they meet in a fraction at
 * the very end, which is rounded once.
 */
#ifndef SPASER_POIDS_H
#define SPASER_POIDS_H

#include "compte.h"

typedef struct Poids
{
	int128		entier;			/* of parts = 1 */
	int128	   *parts;			/* [parts - 1], NULL until a share comes */
} Poids;

extern void poids_part(Poids *p, int128 n, int parts);

/* Error 22003 if the sum overflows: cases of 64 bits can't, products could */
static inline void
poids_ajouter(Poids *p, int128 n, int parts)
{
	if (unlikely(parts > 1))
		poids_part(p, n, parts);
	else if (__builtin_add_overflow(p->entier, n, &p->entier))
		compte_overflow();
}

extern bool poids_nul(const Poids *p);

/* What is added to p's own shares */
extern void poids_sommer(Poids *p, const Poids *plus);

/* Weight of the keys that are known, or of the one that is not */
extern Poids poids_total(const Compte *c, CompteUnite unite, bool inconnu);

/* numeric: the sum, in units or (centimes) in hundredths of them, exact if its decimals end */
extern Datum poids_numeric(const Poids *p, bool centimes);

/* The sum as a fraction of two whole numerics, the lower one positive */
extern void poids_fraction(const Poids *p, Datum *numerateur, Datum *denominateur);

/* numeric: a / b / unite, rounded once; *isnull if b is 0 */
extern Datum poids_quotient(const Poids *a, const Poids *b, int64 unite, bool *isnull);

/* The six numbers of a rate, in the order of the type mesure */
#define MESURE_COLONNES 6
#define MESURE_TAUX 3

extern void poids_mesure(const Poids *oui, const Poids *non, const Poids *inconnu,
						 bool centimes, Datum *values, bool *nulls);

/* The same as a value of type mesure, what the function that calls returns */
extern Datum poids_mesure_datum(FunctionCallInfo fcinfo, const Poids *oui, const Poids *non,
								const Poids *inconnu, bool centimes);

/* Descriptor of the row that the function returns, looked up once per query */
extern struct TupleDescData *poids_row_desc(FunctionCallInfo fcinfo, int natts);

/* numeric of an integer, in units or in hundredths */
extern Datum int128_numeric(int128 n, bool centimes);

#endif							/* SPASER_POIDS_H */
