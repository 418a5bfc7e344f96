/*
 * regard.c
 *	  What a list of canevas sees of a profil.
 */
#include "regard.h"

void
regard_init(Regard *regard)
{
	memset(regard, 0, sizeof(*regard));
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
static void
ajouter_predicat(Regard *regard, const Predicat *p)
{
	if (p == NULL)
		return;
	if (p->kind == PREDICAT_FEUILLE)
		separer(regard->representants[attribut_id(p->attribut)], p->reponses,
				1 << p->attribut->largeur);
	for (int i = 0; i < p->ntermes; i++)
		ajouter_predicat(regard, p->termes[i]);
}

void
regard_ajouter(Regard *regard, const Canevas *canevas, const CanevasClasse *classes, int nclasses)
{
	ajouter_predicat(regard, canevas->population);
	for (int k = 0; k < nclasses; k++)
	{
		ajouter_predicat(regard, classes[k].oui);
		ajouter_predicat(regard, classes[k].non);
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

/* Fields stand in the order of their attributes from the highest bits down */
void
regard_preparer(Regard *regard)
{
	int			i = 0;

	regard->ngroupes = 0;
	while (i < ATT_COUNT)
	{
		const Attribut *haut = attribut_get((AttributId) i);
		int			fin = haut->decalage + haut->largeur;
		RegardGroupe *g = &regard->groupes[regard->ngroupes];
		int			debut = i;

		if (!attribut_vu(regard, (AttributId) i++))
			continue;
		g->mot = haut->decalage >> 6;
		g->decalage = haut->decalage & 63;
		for (; i < ATT_COUNT; i++)
		{
			const Attribut *att = attribut_get((AttributId) i);

			if (att->decalage >> 6 != g->mot || fin - att->decalage > 8)
				break;
			g->decalage = att->decalage & 63;
		}
		g->masque = (UINT64_C(1) << (fin - (g->mot << 6) - g->decalage)) - 1;
		memset(g->bits, 0, sizeof(g->bits));
		for (int a = debut; a < i; a++)
			groupe_ajouter(g, attribut_get((AttributId) a), regard->representants[a]);
		regard->ngroupes++;
	}
}
