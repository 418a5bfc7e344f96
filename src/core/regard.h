/*
 * regard.h
 *	  What a list of canevas sees of a profil.
 *
 * Most canevas look at a few attributes, and ask little of each. Two codes of
 * an attribute that get the same answer in every leaf are one to them: each is
 * replaced by the lowest such code. Profils that become equal are counted
 * together, so that canevas judge a few thousand profils and not a million.
 */
#ifndef SPASER_CORE_REGARD_H
#define SPASER_CORE_REGARD_H

#include "canevas.h"
#include "profil.h"

/* Neighbouring fields, of eight bits in all at most, whose codes are replaced together */
typedef struct RegardGroupe
{
	int			mot;
	int			decalage;
	uint64_t	masque;			/* of the bits, moved down by decalage */
	uint64_t	bits[256];		/* what they become, in their place */
} RegardGroupe;

typedef struct Regard
{
	int			ngroupes[NIVEAU_COUNT];
	RegardGroupe groupes[NIVEAU_COUNT][ATT_COUNT];
	uint8_t		representants[ATT_COUNT][PREDICAT_CODES];
} Regard;

/*
 * Of each code of each attribute, the lowest one that is answered alike: add what a
 * predicate tells apart. All 0 to begin with: nothing is told from anything.
 */
extern void regard_separer(uint8_t representants[ATT_COUNT][PREDICAT_CODES], const Predicat *p);

/* A regard that sees nothing, and what a canevas adds to it */
extern void regard_init(Regard *regard);
extern void regard_ajouter(Regard *regard, const Canevas *canevas, const CanevasClasse *classes, int nclasses);

/* To be called when all are added */
extern void regard_preparer(Regard *regard);

/* What is seen of a profil: itself a profil, judged alike */
static inline Profil
regard_voir(const Regard *regard, const Profil *profil)
{
	Profil		vu = {{0, 0}};
	Niveau		niveau = profil_niveau(profil);

	for (int i = 0; i < regard->ngroupes[niveau]; i++)
	{
		const RegardGroupe *g = &regard->groupes[niveau][i];

		vu.mots[g->mot] |= g->bits[profil->mots[g->mot] >> g->decalage & g->masque];
	}
	return vu;
}

#endif							/* SPASER_CORE_REGARD_H */
