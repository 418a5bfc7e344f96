/*
 * canevas_sens.c
 *	  Does a canevas say something? Its population must be met by some profil, and
 *	  no profil may be a yes and a no at once.
 *
 * Codes that no predicate tells apart are one, so that few profils have to be
 * tried. A canevas that asks so much that they are many is taken as it is.
 */
#include <stdio.h>

#include "canevas_lecture.h"
#include "regard.h"

#define ESSAIS_MAX 65536

/* A profil for which all predicates are certainly yes */
typedef struct Recherche
{
	const Predicat *predicats[4];	/* NULL: none */
	Niveau		niveau;
	Profil		temoin;			/* found */
	AttributId	ids[ATT_COUNT]; /* attributes that are asked about */
	int			nids;
	int			essais;
	uint8_t		representants[ATT_COUNT][PREDICAT_CODES];
} Recherche;

static bool
demande(const Recherche *r, AttributId id)
{
	for (int code = 0; code < PREDICAT_CODES; code++)
	{
		if (r->representants[id][code] != 0)
			return true;
	}
	return false;
}

static bool
juger(Recherche *r)
{
	r->essais++;
	for (size_t i = 0; i < sizeof(r->predicats) / sizeof(r->predicats[0]); i++)
	{
		if (r->predicats[i] != NULL && predicat_juger(r->predicats[i], &r->temoin) != VERITE_OUI)
			return false;
	}
	return true;
}

/* Each code that answers differently, of the attributes from rang on */
static bool
essayer(Recherche *r, int rang)
{
	const Attribut *att;

	if (rang == r->nids)
		return juger(r);
	att = attribut_get(r->ids[rang]);
	for (int code = 0; code < attribut_codes(att) && r->essais < ESSAIS_MAX; code++)
	{
		if (r->representants[r->ids[rang]][code] != code)
			continue;
		profil_set(&r->temoin, att, code);
		if (essayer(r, rang + 1))
			return true;
	}
	return false;
}

/* False: there is none, unless too many would have to be tried */
static bool
chercher(Recherche *r)
{
	memset(r->representants, 0, sizeof(r->representants));
	for (size_t i = 0; i < sizeof(r->predicats) / sizeof(r->predicats[0]); i++)
		regard_separer(r->representants, r->predicats[i]);
	r->nids = r->essais = 0;
	memset(&r->temoin, 0, sizeof(r->temoin));
	if (r->niveau == NIVEAU_ATTRIBUTION)
		profil_set(&r->temoin, attribut_get(ATT_NIVEAU), 1);
	for (int i = 0; i < ATT_COUNT; i++)
	{
		Niveau		niveau = attribut_get((AttributId) i)->niveau;

		if (i != ATT_NIVEAU && (niveau == r->niveau || niveau == NIVEAU_TOUS) && demande(r, (AttributId) i))
			r->ids[r->nids++] = (AttributId) i;
	}
	return essayer(r, 0);
}

/* The profil that was found, for a message */
static void
citer_temoin(Lecture *lecture, const Recherche *r)
{
	for (int i = 0; i < r->nids; i++)
	{
		const Attribut *att = attribut_get(r->ids[i]);
		char		code[PROFIL_TEXTE_MAX];
		size_t		len = attribut_code_texte(att, profil_get(&r->temoin, att), code, sizeof(code));

		lecture_conseil(lecture, "%s%s=%.*s", i == 0 ? "Both hold for " : " ", att->nom, (int) len, code);
	}
	lecture_conseil(lecture, r->nids == 0 ? "Both hold always." : ".");
}

/* What is neither a yes nor excluded may be said to be a no by true: that is no contradiction */
static bool
tout_le_reste(const Predicat *non)
{
	return non->kind == PREDICAT_CONSTANTE;
}

bool
lecture_sens(Lecture *lecture, const Canevas *canevas)
{
	for (int k = 0; k < canevas->nclasses; k++)
	{
		const CanevasClasse *classe = &canevas->classes[k];
		Recherche	r = {.predicats = {canevas->population, classe->population}, .niveau = canevas->niveau};
		char		chemin[32] = "";

		if (classe->code.data != NULL)
			snprintf(chemin, sizeof(chemin), "classes[%d].", k);
		if (!chercher(&r) && r.essais < ESSAIS_MAX)
		{
			lecture_fault(lecture, "\"%spopulation\" holds for no %s", classe->population != NULL ? chemin : "",
						  canevas->niveau == NIVEAU_CONTRAT ? "contract" : "attribution");
			lecture_conseil(lecture, "Its conditions exclude each other%s.",
							canevas->niveau == NIVEAU_CONTRAT ? "" : ", or speak of contracts only");
			return false;
		}
		if (classe->non == NULL || tout_le_reste(classe->non))
			continue;
		r.predicats[2] = classe->oui;
		r.predicats[3] = classe->non;
		if (chercher(&r))
		{
			lecture_fault(lecture, "\"%soui\" and \"%snon\" overlap", chemin, chemin);
			citer_temoin(lecture, &r);
			return false;
		}
	}
	return true;
}
