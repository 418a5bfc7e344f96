/*
 * compte_etat.h
 *	  The state of the aggregates that count, while they run.
 */
#ifndef SPASER_COMPTE_ETAT_H
#define SPASER_COMPTE_ETAT_H

#include "postgres.h"

#include "compte.h"

/* A state of so many cases is an expanded object once it has to grow: by single rows, beyond 14 335 */
#define COMPTE_LARGE 8192

/* A state opened for change: a flat value in working form, or an expanded object */
typedef struct CompteEtat
{
	Compte	   *working;		/* if flat */
	struct CompteExpanded *expanded;	/* NULL: flat */
	MemoryContext context;		/* the aggregate's */
	CompteGenre genre;
} CompteEtat;

/*
 * State of the aggregate that calls, its first argument (NULL: a new one). Any
 * value of that kind can be a state; one that can't be changed in place is copied.
 */
extern void compte_etat_open(CompteEtat *etat, FunctionCallInfo fcinfo, CompteGenre genre);

/* Error 22003 if a sum overflows, 54000 if the state would not fit in a value */
extern void compte_etat_add(CompteEtat *etat, const CompteCase *add);

/*
 * Add all cases of another value of any form, each valid; the same errors. Those
 * of a packed one may be checked, and added, later only.
 */
extern void compte_etat_fusionner(CompteEtat *etat, const Compte *other);

/* The canonical form of a large state that is not flat, else NULL */
extern Compte *compte_etat_canonical(Datum d);

/* What the transition function returns */
extern Datum compte_etat_datum(const CompteEtat *etat);

#endif							/* SPASER_COMPTE_ETAT_H */
