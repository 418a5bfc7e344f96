/*
 * anomalie.h
 *	  The anomalies of one record: which rule, on which field, with what value.
 *
 * A record that breaks one rule many times keeps the first of those only, so
 * that what a hostile record can make of them is bounded; that it breaks the
 * rule is never lost. Nothing is allocated for a record without anomaly.
 */
#ifndef SPASER_ANOMALIE_H
#define SPASER_ANOMALIE_H

#include "decp.h"

/* Of one rule in one record */
#define ANOMALIES_PAR_REGLE 20

/* Bytes of a value that are kept; the whole is in the contract or its bruts */
#define ANOMALIE_VALEUR_MAX 200

typedef struct Releve
{
	const CoreMemory *memory;
	DecpContrat *contrat;
	int			capacite;
	uint8_t		nombre[R_COUNT];	/* anomalies kept of each rule */
} Releve;

extern bool releve_plein(const Releve *releve, RegleId regle);

/*
 * champ: as published ("titulaires[0].id"), or absent. Neither is copied: both
 * must last as long as the contract.
 */
extern void releve_noter(Releve *releve, RegleId regle, Slice champ, Slice valeur);

/* The same with a whole number for value */
extern void releve_noter_entier(Releve *releve, RegleId regle, Slice champ, int valeur);

#endif							/* SPASER_ANOMALIE_H */
