/*
 * motif.h
 *	  Why a profil counts as it does in a class of a canevas.
 */
#ifndef SPASER_MOTIF_H
#define SPASER_MOTIF_H

#include "canevas.h"

/* What a profil counts for, in the population of the canevas and that of the class */
extern CanevasVerdict motif_verdict(const Canevas *canevas, const CanevasClasse *classe, const Profil *profil);

/*
 * The attributes that decide the verdict: a profil of which only these are known,
 * with the values that they have, gets the same one. Outside: those that keep it out
 * of the population. Yes and no: those that place it there, and those that answer.
 * Unknown: those that are not known and matter, of the population first; where all
 * that matters is known and it is neither a yes nor a no, what makes it so. None for
 * what is true of all. Returns how many ids there are, in the order of attributes.
 */
extern int	motif_attributs(const Canevas *canevas, const CanevasClasse *classe, const Profil *profil,
							AttributId ids[ATT_COUNT]);

#endif							/* SPASER_MOTIF_H */
