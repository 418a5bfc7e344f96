/*
 * motif.c
 *	  Why a profil counts as it does in a class of a canevas.
 *
 * An attribute is tried with each of its codes, all else being equal: that says
 * what decides whatever the shape of the predicates, where a walk through them
 * would have to know how each operator hides or shows its terms.
 */
#include "motif.h"

CanevasVerdict
motif_verdict(const Canevas *canevas, const CanevasClasse *classe, const Profil *profil)
{
	return canevas_juger(classe, predicat_juger(canevas->population, profil), profil);
}

/* Recursion is as deep as a canevas, which is bounded */
static void
relever(const Predicat *p, bool demandes[ATT_COUNT])
{
	if (p == NULL)
		return;
	if (p->kind == PREDICAT_FEUILLE)
		demandes[attribut_id(p->attribut)] = true;
	for (int i = 0; i < p->ntermes; i++)
		relever(p->termes[i], demandes);
}

static bool
decide(const Canevas *canevas, const CanevasClasse *classe, const Profil *profil, const Attribut *att)
{
	CanevasVerdict verdict = motif_verdict(canevas, classe, profil);

	for (int code = 0; code < attribut_codes(att); code++)
	{
		Profil		autre = *profil;

		profil_set(&autre, att, code);
		if (motif_verdict(canevas, classe, &autre) != verdict)
			return true;
	}
	return false;
}

int
motif_attributs(const Canevas *canevas, const CanevasClasse *classe, const Profil *profil,
				AttributId ids[ATT_COUNT])
{
	bool		demandes[ATT_COUNT] = {false};
	bool		inconnu = motif_verdict(canevas, classe, profil) == VERDICT_INCONNU;
	int			n = 0;

	relever(canevas->population, demandes);
	relever(classe->population, demandes);
	relever(classe->oui, demandes);
	relever(classe->non, demandes);
	for (int seul = 1; seul >= 0 && n == 0; seul--)
	{
		for (int i = 0; i < ATT_COUNT; i++)
		{
			const Attribut *att = attribut_get((AttributId) i);

			if (demandes[i] && !(inconnu && attribut_connu(att, profil_get(profil, att))) &&
				(!seul || decide(canevas, classe, profil, att)))
				ids[n++] = (AttributId) i;
		}
	}
	return n;
}
