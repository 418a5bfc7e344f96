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
 * The attributes that decide the verdict: those of which another value alone would
 * change it; where it is unknown, those only that are not known. If no single one
 * would, all those that the class asks about (of an unknown verdict: all of them
 * that are not known). Returns how many ids there are, in the order of attributes.
 */
extern int	motif_attributs(const Canevas *canevas, const CanevasClasse *classe, const Profil *profil,
							AttributId ids[ATT_COUNT]);

#endif							/* SPASER_MOTIF_H */
