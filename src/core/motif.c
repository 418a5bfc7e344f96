/*
 * motif.c
 *	  Why a profil counts as it does in a class of a canevas.
 *
 * The terms of a node whose answer is the node's own make it what it is, whatever
 * the others are: one no of "all of", one yes of "any of", every term of the
 * contrary, and all the unknown ones of what is unknown. So the same walk explains
 * each answer.
 */
#include "motif.h"

CanevasVerdict
motif_verdict(const Canevas *canevas, const CanevasClasse *classe, const Profil *profil)
{
	return canevas_juger(classe, predicat_juger(canevas->population, profil), profil);
}

/*
 * What makes p answer so, if it does. Recursion is as deep as a canevas, which is
 * bounded.
 */
static void
relever(const Predicat *p, const Profil *profil, Verite reponse, bool decident[ATT_COUNT])
{
	if (p == NULL || predicat_juger(p, profil) != reponse)
		return;
	if (p->kind == PREDICAT_FEUILLE)
		decident[attribut_id(p->attribut)] = true;
	for (int i = 0; i < p->ntermes; i++)
		relever(p->termes[i], profil, reponse, decident);
}

/* In the population: what makes yes and, where it is asked, no what they are */
static void
relever_reponse(const CanevasClasse *classe, const Profil *profil, bool inconnu, bool decident[ATT_COUNT])
{
	Verite		oui = predicat_juger(classe->oui, profil);
	Verite		non = VERITE_NON;

	if (oui != VERITE_OUI && classe->non != NULL)
		non = predicat_juger(classe->non, profil);
	/* Of what is neither, that which is not known; nothing may be: it is a third case */
	if (inconnu && (oui == VERITE_INCONNU || non == VERITE_INCONNU))
		oui = non = VERITE_INCONNU;
	relever(classe->oui, profil, oui, decident);
	if (oui != VERITE_OUI)
		relever(classe->non, profil, non, decident);
}

int
motif_attributs(const Canevas *canevas, const CanevasClasse *classe, const Profil *profil,
				AttributId ids[ATT_COUNT])
{
	bool		decident[ATT_COUNT] = {false};
	Verite		population = predicat_juger(canevas->population, profil);
	CanevasVerdict verdict = canevas_juger(classe, population, profil);
	int			n = 0;

	if (classe->population != NULL)
		population = (Verite) (population & predicat_juger(classe->population, profil));
	/* Where nothing is missing to place it, its place is no reason for not knowing */
	if (verdict != VERDICT_INCONNU || population != VERITE_OUI)
	{
		relever(canevas->population, profil, population, decident);
		relever(classe->population, profil, population, decident);
	}
	if (population == VERITE_OUI)
		relever_reponse(classe, profil, verdict == VERDICT_INCONNU, decident);
	for (int i = 0; i < ATT_COUNT; i++)
	{
		if (decident[i])
			ids[n++] = (AttributId) i;
	}
	return n;
}
