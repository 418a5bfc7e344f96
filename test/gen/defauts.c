/*
 * defauts.c
 *	  Defects of real DECP files, each put on a record that was right: numbers
 *	  as text, wrappers that are mixed up, dates and amounts that can't be,
 *	  identifiers with spaces, copies, and so on.
 */
#include "defauts.h"

/* ---------------------------------------------------------------- codes and lists */

static void
cpv_faux(const Generateur *g, Alea *a, Contrat *c)
{
	static const char *const jetons[] = {
		"3111000", "\"45000000-7\"", "45210000", "\"4521\"", "\"12345678\"", "\"\"", "\"45 21 00 00\""
	};

	(void) g;
	c->jetons[CH_CPV] = ALEA_PARMI(a, jetons);
}

static void
considerations_contradictoires(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	c->contradictoire = true;
	if (c->sociales == 0)
		c->sociales = 1 + (int) alea_n(a, 3);
}

static void
considerations_mal_ecrites(const Generateur *g, Alea *a, Contrat *c)
{
	static const char *const jetons[] = {
		"{\"considerationSociale\":[\"CLAUSE SOCIALE\"]}", "{\"considerationSociale\":[\"Critere social\",\"NC\"]}",
		"{\"considerationSociale\":\"March\xef\xbf\xbd r\xef\xbf\xbdserv\xef\xbf\xbd\"}", "\"Clause sociale, Critère social\"",
		"{\"considerationSociale\":[\"Pas de consideration sociale\"]}", "[{\"considerationSociale\":[\"Clause sociale\"]}]",
		"{\"considerationSociale\":[\"Autre considération\"]}"
	};

	(void) g;
	c->jetons[CH_SOCIALES] = ALEA_PARMI(a, jetons);
}

static void
considerations_vides(const Generateur *g, Alea *a, Contrat *c)
{
	static const char *const jetons[] = {
		"null", "\"\"", "[]", "{\"considerationSociale\":[]}", "{\"considerationSociale\":[\"NC\"]}", "\"NC\"", "[null]", "\"MQ\""
	};

	(void) g;
	c->jetons[CH_SOCIALES] = ALEA_PARMI(a, jetons);
	if (alea_n(a, 2))
		c->jetons[CH_ENVIRONNEMENTALES] = JETON_ABSENT;
}

static void
booleens_texte(const Generateur *g, Alea *a, Contrat *c)
{
	static const char *const vrais[] = {"\"oui\"", "\"true\"", "\"True\"", "1", "\"1\""};
	static const char *const faux[] = {"\"non\"", "\"false\"", "\"False\"", "0", "\"0\""};
	uint32_t	k = alea_n(a, 5);

	(void) g;
	c->jetons[CH_INNOVANT] = c->innovant ? vrais[k] : faux[k];
	c->jetons[CH_AVANCE] = c->avance ? vrais[k] : faux[k];
	c->jetons[CH_SOUS_TRAITANCE] = c->sous_traitance ? vrais[k] : faux[k];
}

static void
non_communique(const Generateur *g, Alea *a, Contrat *c)
{
	static const Champ champs[] = {CH_OFFRES, CH_INNOVANT, CH_AVANCE, CH_SOUS_TRAITANCE, CH_DUREE, CH_CCAG, CH_GROUPEMENT};

	(void) g;
	for (size_t i = 0; i < sizeof(champs) / sizeof(champs[0]); i++)
		if (alea_n(a, 2))
			c->jetons[champs[i]] = "\"NC\"";
}

static void
champ_manquant(const Generateur *g, Alea *a, Contrat *c)
{
	static const char *const vides[] = {JETON_ABSENT, JETON_ABSENT, "null", "\"\"", "\"nan\"", "\"None\""};

	(void) g;
	c->jetons[alea_n(a, CH_NOMBRE)] = ALEA_PARMI(a, vides);
}

static void
titulaires_vides(const Generateur *g, Alea *a, Contrat *c)
{
	static const char *const jetons[] = {
		"[]", "[null]", "\"\"", "null", JETON_ABSENT, "[{\"titulaire\":\"typeIdentifiant\"},{\"titulaire\":\"id\"}]", "[{}]"
	};

	(void) g;
	c->jetons[CH_TITULAIRES] = ALEA_PARMI(a, jetons);
}

static void
titulaires_deformes(const Generateur *g, Alea *a, Contrat *c)
{
	c->forme_titulaires = (Forme) alea_entre(a, FORME_INVERSE, FORME_EXPANSEE);
	if (c->forme_titulaires == FORME_MELANGEE && c->ntitulaires == 1)
		titulaire_tirer(g, a, c, &c->titulaires[c->ntitulaires++]);
}

static void
listes_deformees(const Generateur *g, Alea *a, Contrat *c)
{
	static const Forme formes[] = {FORME_INVERSE, FORME_OBJET, FORME_EXPANSEE};

	(void) g;
	c->forme_listes = ALEA_PARMI(a, formes);
}

static void
modifications_deformees(const Generateur *g, Alea *a, Contrat *c)
{
	static const char *const jetons[] = {"\"\"", "null", "[]", "[null]", "{}"};
	static const Forme formes[] = {FORME_INVERSE, FORME_OBJET, FORME_DOUBLE};

	if (c->nmodifications == 0 && alea_n(a, 2))
	{
		c->jetons[CH_MODIFICATIONS] = ALEA_PARMI(a, jetons);
		return;
	}
	if (c->nmodifications == 0)
		contrat_modifier(g, a, c);
	c->forme_modifications = ALEA_PARMI(a, formes);
}

static void
modification_increment(const Generateur *g, Alea *a, Contrat *c)
{
	contrat_modifier(g, a, c);
	if (c->nmodifications > 0)
		c->modifications[c->nmodifications - 1].montant = c->montant / 100 * alea_entre(a, 5, 150) / 1000 * 100 + 100;
}

static void
objet_abime(const Generateur *g, Alea *a, Contrat *c)
{
	static const char *const jetons[] = {
		"\"R\xef\xbf\xbd" "fection de la toiture de l'\xef\xbf\xbd" "cole\"", "\"Entretien\\u00a0des r\\u00e9seaux\\nlot 2\"",
		"\"Travaux\tdivers &amp; am\\u00e9nagement &eacute;tage\"", "\"\"", "\"X\"", "\"Lib\\u00e9ll\\u00e9 \\ud83d tronqu\\u00e9\"",
		"\"Fourniture et pose d'un \\\"totem\\\" \\\\ signal\\u00e9tique\""
	};

	(void) g;
	c->jetons[CH_OBJET] = ALEA_PARMI(a, jetons);
}

/* The record is no JSON any more */
static void
echappement_faux(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	(void) a;
	c->jetons[CH_OBJET] = "\"Fournitures \\q de bureau\"";
}

static void
champs_en_trop(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	(void) a;
	if (c->concession)
		c->extra = "\"source\":\"essai\",\"uuid\":\"0\",\"created_at\":null";
	else
		c->extra = "\"source\":\"essai\",\"valeurGlobale\":0.0,\"montantSubventionPublique\":0.0,"
			"\"autoriteConcedante\":\"\",\"dateDebutExecution\":\"nan\",\"concessionnaires\":NaN";
}

static void
enregistrement_nul(const Generateur *g, Alea *a, Contrat *c)
{
	(void) a;
	c->nul = !g->tables;
}

/* ---------------------------------------------------------------- the list: name, weight, what it is */

const DefautSpec defauts_liste[] = {
	{"doublon", 6, "exact copy of an earlier record"},
	{"relivraison", 8, "an earlier contract again, with more modifications"},
	{"enregistrement_nul", 1, "null in the list of records"},
	{"nombres_texte", 4, "amount, duration, bids as text"},
	{"nombres_francais", 1, "\"1 234,50 €\""},
	{"nombres_flottants", 2, "12.0 or 1.5 months"},
	{"montant_aberrant", 6, "999999999, 1, 0, 1e17..."},
	{"pas_un_nombre", 1, "bare NaN, Infinity"},
	{"offres_zero", 3, "0 bids"},
	{"duree_en_jours", 2, "360 or 365 months"},
	{"origines_fausses", 2, "France above EU, percent, 0.0"},
	{"date_decalee", 4, "2024-05-01+02:00"},
	{"date_mal_ecrite", 2, "2024-5-1, 01/05/2024, T00:00:00, -04:00"},
	{"annee_absurde", 2, "0218, 5021, 30 February"},
	{"publication_avant", 3, "published before notification"},
	{"publication_absente", 3, "no publication date"},
	{"siret_espaces", 2, "spaces in a SIRET"},
	{"siret_faux", 2, "SIREN, placeholder, Luhn fails"},
	{"siret_la_poste", 1, "valid by the other rule"},
	{"type_identifiant", 2, "type missing or under another name"},
	{"acheteur_faux", 1, "buyer missing or wrong"},
	{"id_reutilise", 2, "identifier of another contract of the buyer"},
	{"id_etrange", 1, "empty, number, punctuation, too long"},
	{"accord_cadre_soi", 2, "framework named by itself"},
	{"agents", 1, "personal data in acheteur"},
	{"cpv_faux", 2, "7 digits, number, check digit"},
	{"considerations_contradictoires", 3, "none and a value"},
	{"considerations_mal_ecrites", 2, "case, accents, comma list"},
	{"considerations_vides", 4, "null, NC, empty list"},
	{"booleens_texte", 2, "oui, True, 1"},
	{"non_communique", 4, "NC in several fields"},
	{"champ_manquant", 5, "a field absent, null, nan"},
	{"titulaires_vides", 2, "no holder"},
	{"titulaires_deformes", 3, "flat, mixed, nested, as object"},
	{"listes_deformees", 2, "lists bare, as string, in a list"},
	{"modifications_deformees", 2, "as string, object, wrapped twice"},
	{"modification_increment", 3, "increment typed as total"},
	{"objet_abime", 2, "U+FFFD, escapes, entities, empty"},
	{"champs_en_trop", 2, "fields of concessions on a marché"},
	{"echappement_faux", 0, "\\q in a string: not JSON (on request only)"}
};

/* The first two are copies: the caller makes them */
static const DefautFonction fonctions[] = {
	NULL, NULL, enregistrement_nul, nombres_texte, nombres_francais, nombres_flottants, montant_aberrant, pas_un_nombre,
	offres_zero, duree_en_jours, origines_fausses, date_decalee, date_mal_ecrite, annee_absurde, publication_avant,
	publication_absente, siret_espaces, siret_faux, siret_la_poste, type_identifiant, acheteur_faux, id_reutilise, id_etrange,
	accord_cadre_soi, agents, cpv_faux, considerations_contradictoires, considerations_mal_ecrites, considerations_vides,
	booleens_texte, non_communique, champ_manquant, titulaires_vides, titulaires_deformes, listes_deformees,
	modifications_deformees, modification_increment, objet_abime, champs_en_trop, echappement_faux
};

const int	defauts_nombre = (int) (sizeof(defauts_liste) / sizeof(defauts_liste[0]));

_Static_assert(sizeof(defauts_liste) / sizeof(defauts_liste[0]) == sizeof(fonctions) / sizeof(fonctions[0]),
			   "each defect has its function");

int
defaut_choisir(const Generateur *g, uint32_t numero)
{
	Alea		a = alea_flux(g->graine, numero, 8);
	int			total = 0;
	int			u;
	int			i = 0;

	if ((int) alea_n(&a, 100) >= g->defauts)
		return -1;
	if (g->defaut_impose >= 0)
		return g->defaut_impose;
	for (int k = 0; k < defauts_nombre; k++)
		total += defauts_liste[k].poids;
	u = (int) alea_n(&a, (uint32_t) total);
	while (u >= defauts_liste[i].poids)
		u -= defauts_liste[i++].poids;
	return i;
}

bool
defaut_est_copie(int defaut, bool *relivraison)
{
	*relivraison = defaut == 1;
	return defaut < 2;
}

void
defaut_appliquer(const Generateur *g, Alea *a, int defaut, Contrat *c)
{
	if (fonctions[defaut])
		fonctions[defaut] (g, a, c);
}
