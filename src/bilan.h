/*
 * bilan.h
 *	  The joint distribution of profils over a set of contracts: cases whose
 *	  key is a profil.
 */
#ifndef SPASER_BILAN_H
#define SPASER_BILAN_H

#include "compte.h"

/* Does the amount of a case's contracts count in value? */
static inline bool
bilan_case_en_valeur(const CompteCase *c)
{
	Profil		p = compte_profil(c);

	return profil_en_valeur(&p);
}

#endif							/* SPASER_BILAN_H */
