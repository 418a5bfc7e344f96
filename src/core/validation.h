/*
 * validation.h
 *	  What the rules have against a contract that was read. Private to
 *	  validation*.c, but for contrat_valider.
 *
 * These look at the contract as it is kept; what concerns the way it was
 * written (a number as a text, a missing field) is noted while it is read.
 */
#ifndef SPASER_VALIDATION_H
#define SPASER_VALIDATION_H

#include "anomalie.h"
#include "montant.h"

/* Appends to releve->contrat->anomalies */
extern void contrat_valider(Releve *releve);

/* The parts of it */
extern void valider_dates(Releve *releve);
extern void valider_montant(Releve *releve);
extern void valider_listes(Releve *releve);
extern void valider_modifications(Releve *releve);
extern void valider_sous_traitance(Releve *releve);

/* Is it a framework agreement? Unknown where nothing says so. */
extern Trilean contrat_accord_cadre(const DecpContrat *contrat);

/* The amount that is in force: of the latest modification that has one, else the first */
extern Slice contrat_dernier_montant(const DecpContrat *contrat);

/* "modifications[2].montant" */
extern Slice champ_indice(Releve *releve, const char *liste, int indice, const char *champ);

/* A date as value */
extern void releve_noter_date(Releve *releve, RegleId regle, Slice champ, int32_t date);

/*
 * An amount in millionths of a euro, for sums and products: false beyond 24
 * digits. Decimals beyond the sixth are left out.
 */
typedef __int128 Micros;
extern bool montant_micros(Slice montant, Micros *micros);

#endif							/* SPASER_VALIDATION_H */
