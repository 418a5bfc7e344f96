/*
 * profil_build.c
 *	  How a profil is built from the facts of a contract.
 *
 * Three values everywhere: a fact that is absent, unreadable, contradictory
 * or not collected by the record's format leaves its attribute unknown.
 */
#include <math.h>

#include "calendrier.h"
#include "cpv.h"
#include "montant.h"
#include "nomenclature.h"
#include "profil.h"

void
profil_facts_init(ProfilFacts *facts)
{
	memset(facts, 0, sizeof(*facts));
	facts->actes_sous_traitance = -1;
	facts->offres_recues = -1;
	facts->origine_ue = NAN;
	facts->origine_france = NAN;
	facts->duree_mois = INT32_MIN;
	facts->date_notification = DATE_NONE;
	facts->date_publication_donnees = DATE_NONE;
	facts->modifications = -1;
	facts->titulaires = -1;
}

static void
put(Profil *p, AttributId id, int code)
{
	profil_set(p, attribut_get(id), code);
}

static int
trilean_code(Trilean t)
{
	return t == TRI_YES ? CODE_OUI : t == TRI_NO ? CODE_NON : 0;
}

/*
 * Closed lists
 */

/* Code of a simple attribute whose values are those of a list, in its order */
static int
simple_code(Nomenclature list, Slice text)
{
	return nomenclature_match(list, text) + 1;
}

/* Code of a set attribute. Texts that nothing recognises don't count. */
static int
set_code(AttributId id, Nomenclature list, const SliceList *items)
{
	const Attribut *att = attribut_get(id);
	int			subset = 0;
	bool		none = false;

	for (int i = 0; items->present && i < items->count; i++)
	{
		int			index = nomenclature_match(list, items->items[i]);

		if (index < 0)
			continue;
		if (index < att->nvaleurs)
			subset |= 1 << index;
		else if (list == NOM_MODALITE_EXECUTION && index == MODALITE_MIXTE)
			subset |= 1 << 1 | 1 << 2;	/* bons de commande and marchés subséquents */
		else
			none = true;
	}
	if (subset == 0)
		return none ? 1 : 0;
	if (none && att->contradiction)
		return (1 << att->nvaleurs) + subset;
	return 1 + subset;
}

/* By value, not by format: v1 formePrix holds price types, v2 typesPrix nothing else */
static void
build_prix(const ProfilFacts *facts, Profil *p)
{
	int			types = set_code(ATT_TYPES_PRIX, NOM_TYPE_PRIX, &facts->types_prix);
	int			forme = nomenclature_match(NOM_FORME_PRIX, facts->forme_prix);
	int			type = forme < 0 ? nomenclature_match(NOM_TYPE_PRIX, facts->forme_prix) : -1;

	if (type >= 0)
		types = 1 + ((types > 0 ? types - 1 : 0) | 1 << type);
	put(p, ATT_TYPES_PRIX, types);
	put(p, ATT_FORME_PRIX, forme + 1);
}

/*
 * Kind of contract
 */
static int
type_contrat_code(Slice type, int nature)
{
	static const char *const marche[] = {"marche", "marches", "marche public", "marches publics"};
	static const char *const concession[] = {"concession", "concessions", "contrat concession",
	"contrats concession", "contrat de concession", "contrats de concession"};
	char		folded[32];
	Slice		t = {folded, type.data ? nomenclature_fold(type, folded, sizeof(folded)) : 0};

	if (t.len > 0 && t.len <= sizeof(folded))
	{
		for (size_t i = 0; i < sizeof(marche) / sizeof(marche[0]); i++)
		{
			if (slice_is(t, marche[i]))
				return CONTRAT_MARCHE;
		}
		for (size_t i = 0; i < sizeof(concession) / sizeof(concession[0]); i++)
		{
			if (slice_is(t, concession[i]))
				return CONTRAT_CONCESSION;
		}
	}
	if (nature < 0)
		return 0;
	/* concession natures come after the three of marchés, v1's two after those */
	return nature >= 3 && nature < NATURE_ACCORD_CADRE ? CONTRAT_CONCESSION : CONTRAT_MARCHE;
}

/* The ways files write that a text is missing */
static bool
is_missing(Slice text)
{
	static const char *const sentinels[] = {"nc", "mq", "mq nc", "cdl", "inx", "nan", "null",
	"none", "m q", "c d l", "sans objet"};
	char		folded[16];
	Slice		t = {folded, 0};

	if (text.data == NULL)
		return true;
	t.len = nomenclature_fold(text, folded, sizeof(folded));
	if (t.len == 0)
		return true;
	for (size_t i = 0; t.len <= sizeof(folded) && i < sizeof(sentinels) / sizeof(sentinels[0]); i++)
	{
		if (slice_is(t, sentinels[i]))
			return true;
	}
	return false;
}

/*
 * A framework agreement is a nature in v1, a technique in v2. What a concession
 * is not is known whatever was collected.
 */
static int
accord_cadre_code(const ProfilFacts *facts, int nature, int type, int techniques)
{
	if (nature == NATURE_ACCORD_CADRE)
		return CODE_OUI;
	if (techniques > 0)
		return ((techniques - 1) & 1) ? CODE_OUI : CODE_NON;	/* the first flag */
	if (type == CONTRAT_CONCESSION || nature == NATURE_MARCHE_SUBSEQUENT)
		return CODE_NON;
	return facts->format_decp == 1 && nature >= 0 ? CODE_NON : 0;
}

/* A link is a link in any format; without one, v1 tells by the nature and v2 by the absence */
static int
subsequent_code(const ProfilFacts *facts, int nature, int type)
{
	if (!is_missing(facts->id_accord_cadre))
		return facts->accord_cadre_present == TRI_YES ? SUBSEQUENT_LIE : SUBSEQUENT_NON_LIE;
	if (nature == NATURE_MARCHE_SUBSEQUENT)
		return SUBSEQUENT_V1;
	if (facts->format_decp == 2 || type == CONTRAT_CONCESSION)
		return SUBSEQUENT_NON;
	return facts->format_decp == 1 && nature >= 0 ? SUBSEQUENT_NON : 0;
}

static void
build_nature(const ProfilFacts *facts, Profil *p)
{
	int			nature = nomenclature_match(NOM_NATURE, facts->nature);
	int			type = type_contrat_code(facts->type_contrat, nature);
	int			techniques = set_code(ATT_TECHNIQUES, NOM_TECHNIQUE, &facts->techniques);

	put(p, ATT_TYPE_CONTRAT, type);
	put(p, ATT_FORMAT, facts->format_decp == 1 || facts->format_decp == 2 ? facts->format_decp : 0);
	put(p, ATT_NATURE, nature >= NATURE_ACCORD_CADRE ? 1 : nature + 1);
	put(p, ATT_TECHNIQUES, techniques);
	put(p, ATT_ACCORD_CADRE, accord_cadre_code(facts, nature, type, techniques));
	put(p, ATT_SUBSEQUENT, subsequent_code(facts, nature, type));
}

/*
 * CPV
 */
static int
type_achat_code(int cpv)
{
	int			division = cpv / 1000000;

	if (cpv < 0)
		return 0;
	if (division == 45)
		return 1;
	if ((division >= 1 && division <= 44) || division == 48)
		return 2;
	return division >= 50 && division <= 98 ? 3 : 0;
}

static int
origine_code(const ProfilFacts *facts, int cpv)
{
	enum
	{
		NON_CONCERNE = 1, RENSEIGNEE, NON_RENSEIGNEE, INVALIDE
	};
	double		ue = facts->origine_ue;
	double		france = facts->origine_france;

	if (!cpv_division_connue(cpv))
		return 0;
	if (!cpv_origine_attendue(cpv))
		return NON_CONCERNE;
	if ((!isnan(ue) && !(ue >= 0 && ue <= 1)) || (!isnan(france) && !(france >= 0 && france <= 1)))
		return INVALIDE;
	if (!isnan(ue) && !isnan(france))
		return france <= ue ? RENSEIGNEE : INVALIDE;
	/* v1 has no place for them; one share alone is not the pair that is asked */
	return facts->format_decp == 2 || !isnan(ue) || !isnan(france) ? NON_RENSEIGNEE : 0;
}

/*
 * Dates: days since 2000-01-01
 */

static int
publication_code(int32_t notification, int32_t publication)
{
	enum
	{
		DANS_LES_DELAIS = 1, EN_RETARD, ABSENTE, AVANT_NOTIFICATION
	};

	if (!date_utilisable(notification))
		return 0;
	if (!date_utilisable(publication))
		return ABSENTE;
	if (publication < notification)
		return AVANT_NOTIFICATION;
	return publication <= date_deux_mois_apres(notification) ? DANS_LES_DELAIS : EN_RETARD;
}

static int
periode_code(int32_t notification)
{
	if (!date_utilisable(notification))
		return 0;
	if (notification < 8766)	/* 2024-01-01 */
		return 1;
	return notification < 9729 ? 2 : 3; /* 2026-08-21 */
}

/*
 * Numbers
 */

/* Code of the class that a number falls in; bounds are the highest of each class but the last */
static int
class_code(int n, const int *bounds, int nbounds)
{
	int			i = 0;

	while (i < nbounds && n > bounds[i])
		i++;
	return i + 1;
}

static int
offres_code(int n)
{
	static const int bounds[] = {1, 2, 4, 9, 19};

	return n < 1 ? 0 : class_code(n, bounds, 5);
}

static int
duree_code(int mois, int type)
{
	static const int bounds[] = {12, 24, 36, 48, 180, 360};

	if (mois == INT32_MIN)
		return 0;
	if (mois < 1 || (mois > 180 && type != CONTRAT_CONCESSION))
		return 7;
	return class_code(mois, bounds, 6);
}

static void
build_montant(const ProfilFacts *facts, ReglesMontant regles, Profil *p)
{
	bool		concession = profil_get(p, attribut_get(ATT_TYPE_CONTRAT)) == CONTRAT_CONCESSION;
	Montant		m;

	if (!montant_lire(facts->montant, &m))
		return;
	if (montant_aberrant(&m, regles, concession))
	{
		put(p, ATT_MONTANT, MONTANT_ABERRANT);
		return;
	}
	put(p, ATT_MONTANT, MONTANT_UTILISABLE);
	put(p, ATT_TRANCHE_MONTANT, montant_tranche(&m));
}

static int
sous_traitance_code(const ProfilFacts *facts)
{
	if (facts->actes_sous_traitance >= 1)
		return CODE_OUI;
	return trilean_code(facts->sous_traitance_declaree);
}

void
profil_build(const ProfilFacts *facts, ReglesMontant regles, Profil *p)
{
	int			cpv = cpv_lire(facts->code_cpv);

	*p = (Profil) {{0, 0}};
	build_nature(facts, p);
	put(p, ATT_CONSIDERATIONS_SOCIALES,
		set_code(ATT_CONSIDERATIONS_SOCIALES, NOM_CONSIDERATION_SOCIALE,
				 &facts->considerations_sociales));
	put(p, ATT_CONSIDERATIONS_ENVIRONNEMENTALES,
		set_code(ATT_CONSIDERATIONS_ENVIRONNEMENTALES, NOM_CONSIDERATION_ENVIRONNEMENTALE,
				 &facts->considerations_environnementales));
	put(p, ATT_MODALITES_EXECUTION,
		set_code(ATT_MODALITES_EXECUTION, NOM_MODALITE_EXECUTION, &facts->modalites_execution));
	put(p, ATT_PROCEDURE, simple_code(NOM_PROCEDURE, facts->procedure));
	build_prix(facts, p);
	put(p, ATT_CCAG, simple_code(NOM_CCAG, facts->ccag));
	put(p, ATT_GROUPEMENT, simple_code(NOM_TYPE_GROUPEMENT, facts->type_groupement_operateurs));
	put(p, ATT_MARCHE_INNOVANT, trilean_code(facts->marche_innovant));
	put(p, ATT_AVANCE, trilean_code(facts->attribution_avance));
	put(p, ATT_SOUS_TRAITANCE, sous_traitance_code(facts));
	put(p, ATT_OFFRES, offres_code(facts->offres_recues));
	put(p, ATT_TYPE_ACHAT, type_achat_code(cpv));
	put(p, ATT_ORIGINE, origine_code(facts, cpv));
	put(p, ATT_PUBLICATION,
		publication_code(facts->date_notification, facts->date_publication_donnees));
	build_montant(facts, regles, p);
	put(p, ATT_MODIFIE, facts->modifications < 0 ? 0 : facts->modifications > 0 ? CODE_OUI : CODE_NON);
	put(p, ATT_DUREE,
		duree_code(facts->duree_mois, profil_get(p, attribut_get(ATT_TYPE_CONTRAT))));
	put(p, ATT_PERIODE, periode_code(facts->date_notification));
	put(p, ATT_TITULAIRES, facts->titulaires < 1 ? 0 : facts->titulaires == 1 ? 1 : 2);
}
