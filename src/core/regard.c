/*
 * regard.c
 *	  What a list of canevas sees of a profil.
 */
#include <stdlib.h>

#include "regard.h"

void
regard_init(Regard *regard)
{
	memset(regard->representants, 0, sizeof(regard->representants));
	/* the level itself is always seen: what the other bits mean depends on it */
	regard->representants[ATT_NIVEAU][1] = 1;
}

/* Tell apart, among the codes that were one so far, those that a leaf answers differently */
static void
separer(uint8_t representants[PREDICAT_CODES], const uint8_t *reponses, int ncodes)
{
	int			premier[PREDICAT_CODES][VERITE_OUI + 1];	/* of each former group and answer */

	memset(premier, -1, ncodes * sizeof(premier[0]));
	for (int code = 0; code < ncodes; code++)
	{
		int		   *p = &premier[representants[code]][reponses[code]];

		if (*p < 0)
			*p = code;
		representants[code] = (uint8_t) *p;
	}
}

/* Recursion is as deep as a canevas, which is bounded */
void
regard_separer(uint8_t representants[ATT_COUNT][PREDICAT_CODES], const Predicat *p)
{
	if (p == NULL)
		return;
	if (p->kind == PREDICAT_FEUILLE)
		separer(representants[attribut_id(p->attribut)], p->reponses, 1 << p->attribut->largeur);
	for (int i = 0; i < p->ntermes; i++)
		regard_separer(representants, p->termes[i]);
}

void
regard_ajouter(Regard *regard, const Canevas *canevas, const CanevasClasse *classes, int nclasses)
{
	regard_separer(regard->representants, canevas->population);
	for (int k = 0; k < nclasses; k++)
	{
		regard_separer(regard->representants, classes[k].population);
		regard_separer(regard->representants, classes[k].oui);
		regard_separer(regard->representants, classes[k].non);
	}
}

/* Is any code of an attribute told from the unknown one? */
static bool
attribut_vu(const Regard *regard, AttributId id)
{
	for (int code = 0; code < PREDICAT_CODES; code++)
	{
		if (regard->representants[id][code] != 0)
			return true;
	}
	return false;
}

/* Replace a field in all that the bits of its group may be */
static void
groupe_ajouter(RegardGroupe *g, const Attribut *att, const uint8_t *representants)
{
	int			dans = (att->decalage & 63) - g->decalage;
	uint64_t	masque = (UINT64_C(1) << att->largeur) - 1;

	for (uint64_t bits = 0; bits <= g->masque; bits++)
		g->bits[bits] |= (uint64_t) representants[bits >> dans & masque] << (att->decalage & 63);
}

/* Word 0 first, from its highest bits down */
static int
compare_places(const void *a, const void *b)
{
	const Attribut *x = attribut_get(*(const AttributId *) a);
	const Attribut *y = attribut_get(*(const AttributId *) b);

	if (x->decalage >> 6 != y->decalage >> 6)
		return (x->decalage >> 6) - (y->decalage >> 6);
	return y->decalage - x->decalage;
}

/* The attributes of a level that are looked at, in their places' order */
static int
attributs_vus(const Regard *regard, Niveau niveau, AttributId ids[ATT_COUNT])
{
	int			n = 0;

	for (int i = 0; i < ATT_COUNT; i++)
	{
		Niveau		a = attribut_get((AttributId) i)->niveau;

		if ((a == niveau || a == NIVEAU_TOUS) && attribut_vu(regard, (AttributId) i))
			ids[n++] = (AttributId) i;
	}
	qsort(ids, n, sizeof(AttributId), compare_places);
	return n;
}

static void
preparer_niveau(Regard *regard, Niveau niveau)
{
	AttributId	ids[ATT_COUNT];
	int			n = attributs_vus(regard, niveau, ids);
	int			i = 0;

	regard->ngroupes[niveau] = 0;
	while (i < n)
	{
		const Attribut *haut = attribut_get(ids[i]);
		int			fin = haut->decalage + haut->largeur;
		RegardGroupe *g = &regard->groupes[niveau][regard->ngroupes[niveau]++];
		int			debut = i;

		g->mot = haut->decalage >> 6;
		g->decalage = haut->decalage & 63;
		for (i++; i < n; i++)
		{
			const Attribut *att = attribut_get(ids[i]);

			if (att->decalage >> 6 != g->mot || fin - att->decalage > 8)
				break;
			g->decalage = att->decalage & 63;
		}
		g->masque = (UINT64_C(1) << (fin - (g->mot << 6) - g->decalage)) - 1;
		memset(g->bits, 0, sizeof(g->bits));
		for (int a = debut; a < i; a++)
			groupe_ajouter(g, attribut_get(ids[a]), regard->representants[ids[a]]);
	}
}

void
regard_preparer(Regard *regard)
{
	for (int niveau = 0; niveau < NIVEAU_COUNT; niveau++)
		preparer_niveau(regard, (Niveau) niveau);
}
