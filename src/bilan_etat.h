/*
 * bilan_etat.h
 *	  The state of the aggregates over profils, while they run.
 */
#ifndef SPASER_BILAN_ETAT_H
#define SPASER_BILAN_ETAT_H

#include "postgres.h"

#include "bilan.h"

/* A state opened for change: a flat value in working form, or an expanded object */
typedef struct BilanEtat
{
	Bilan	   *working;		/* if flat */
	struct BilanExpanded *expanded; /* NULL: flat */
	MemoryContext context;		/* the aggregate's */
} BilanEtat;

/* context: from AggCheckCallContext */
extern void bilan_etat_new(BilanEtat *etat, MemoryContext context);

/* Any bilan can be a state; one that can't be changed in place is copied */
extern void bilan_etat_open(BilanEtat *etat, Datum d, MemoryContext context);

/* Error 22003 if a sum overflows, 54000 if the state would not fit in a value */
extern void bilan_etat_add(BilanEtat *etat, const BilanCase *add);

/* What the transition function returns */
extern Datum bilan_etat_datum(const BilanEtat *etat);

#endif							/* SPASER_BILAN_ETAT_H */
