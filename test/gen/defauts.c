/*
 * defauts.c
 *	  Defects of real DECP files, each put on a record that was right: numbers
 *	  as text, wrappers that are mixed up, dates and amounts that can't be,
 *	  identifiers with spaces, copies, and so on.
 */
#include <stdio.h>
#include <string.h>

#include "contrat.h"

typedef void (*DefautFonction) (const Generateur *g, Alea *a, Contrat *c);

/* ---------------------------------------------------------------- numbers */

static void
nombres_texte(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	(void) a;
	snprintf(c->tampon, 60, "\"%lld.%02d\"", (long long) (c->montant / 100), (int) (c->montant % 100));
	snprintf(c->tampon + 60, 20, "\"%d\"", c->duree);
	snprintf(c->tampon + 80, 20, "\"%d\"", c->offres);
	c->jetons[CH_MONTANT] = c->tampon;
	c->jetons[CH_DUREE] = c->tampon + 60;
	c->jetons[CH_OFFRES] = c->tampon + 80;
}

static void
nombres_francais(const Generateur *g, Alea *a, Contrat *c)
{
	int64_t		e = c->montant / 100;

	(void) g;
	if (e >= 1000 && e < 1000000)
		snprintf(c->tampon, 60, "\"%d%s%03d,%02d €\"", (int) (e / 1000), alea_n(a, 2) ? " " : "\u00a0",
				 (int) (e % 1000), (int) (c->montant % 100));
	else
		snprintf(c->tampon, 60, "\"%lld,%02d\"", (long long) e, (int) (c->montant % 100));
	c->jetons[CH_MONTANT] = c->tampon;
}

static void
nombres_flottants(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	snprintf(c->tampon, 20, "%d.%d", c->duree, alea_n(a, 2) ? 0 : 5);
	snprintf(c->tampon + 20, 20, "%d.0", c->offres);
	c->jetons[CH_DUREE] = c->tampon;
	c->jetons[CH_OFFRES] = c->tampon + 20;
}

static void
montant_aberrant(const Generateur *g, Alea *a, Contrat *c)
{
	static const int64_t euros[] = {999999999, 1, 0, 99999999, 123456789, 888888888, 12311111111, 5000000000};

	(void) g;
	c->montant = ALEA_PARMI(a, euros) * 100;
	if (alea_n(a, 6) == 0)
		c->jetons[CH_MONTANT] = alea_n(a, 2) ? "1e17" : "100000000000000000";
}

static void
pas_un_nombre(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	c->jetons[alea_n(a, 2) ? CH_MONTANT : CH_DUREE] = alea_n(a, 3) ? "NaN" : "Infinity";
}

static void
offres_zero(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	(void) a;
	c->offres = 0;
}

static void
duree_en_jours(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	c->duree = 360 + 5 * (int) alea_n(a, 2);
}

static void
origines_fausses(const Generateur *g, Alea *a, Contrat *c)
{
	static const char *const ue[] = {"0.3", "60", "0.0", "1.2"};
	static const char *const france[] = {"0.7", "40", "0.0", "0.5"};
	uint32_t	k = alea_n(a, 4);

	(void) g;
	c->jetons[CH_ORIGINE_UE] = ue[k];
	c->jetons[CH_ORIGINE_FRANCE] = france[k];
}

/* ---------------------------------------------------------------- dates */

static void
date_decalee(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	(void) a;
	c->date_decalee = true;
}

static void
date_mal_ecrite(const Generateur *g, Alea *a, Contrat *c)
{
	int			annee,
				mois,
				jour;

	(void) g;
	date_de(c->notification, &annee, &mois, &jour);
	switch (alea_n(a, 4))
	{
		case 0:
			snprintf(c->tampon, 40, "\"%d-%d-%d\"", annee, mois, jour);
			break;
		case 1:
			snprintf(c->tampon, 40, "\"%02d/%02d/%d\"", jour, mois, annee);
			break;
		case 2:
			snprintf(c->tampon, 40, "\"%d-%02d-%02dT00:00:00\"", annee, mois, jour);
			break;
		default:
			snprintf(c->tampon, 40, "\"%d-%02d-%02d-04:00\"", annee, mois, jour);
	}
	c->jetons[CH_NOTIFICATION] = c->tampon;
}

static void
annee_absurde(const Generateur *g, Alea *a, Contrat *c)
{
	static const char *const dates[] = {
		"\"0218-05-14\"", "\"0019-11-04\"", "\"0001-01-03\"", "\"5021-02-01\"", "\"2921-06-30\"", "\"2024-02-30\"",
		"\"1900-01-01\""
	};

	(void) g;
	c->jetons[alea_n(a, 3) ? CH_NOTIFICATION : CH_PUBLICATION] = ALEA_PARMI(a, dates);
}

static void
publication_avant(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	c->publication = c->notification - alea_entre(a, 1, 60);
}

static void
publication_absente(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	(void) a;
	c->jetons[CH_PUBLICATION] = JETON_ABSENT;
}

/* ---------------------------------------------------------------- identifiers */

static void
siret_espaces(const Generateur *g, Alea *a, Contrat *c)
{
	Titulaire  *t = &c->titulaires[0];
	char		brut[16];

	(void) g;
	if (strlen(t->id) != 14)
		return;
	memcpy(brut, t->id, sizeof(brut) - 1);
	brut[14] = '\0';
	if (alea_n(a, 2))
		snprintf(t->id, sizeof(t->id), "%.3s %.3s %.3s %.5s", brut, brut + 3, brut + 6, brut + 9);
	else
		snprintf(t->id, sizeof(t->id), " %s ", brut);
}

static void
siret_faux(const Generateur *g, Alea *a, Contrat *c)
{
	static const char *const faux[] = {"00000000000000", "12345678901234", "Non disponible", "11111111111111"};
	Titulaire  *t = &c->titulaires[0];

	(void) g;
	switch (alea_n(a, 3))
	{
		case 0:					/* a SIREN in place of a SIRET */
			t->id[9] = '\0';
			break;
		case 1:					/* Luhn fails */
			if (strlen(t->id) == 14)
				t->id[13] = (char) ('0' + (t->id[13] - '0' + 1) % 10);
			break;
		default:
			snprintf(t->id, sizeof(t->id), "%s", ALEA_PARMI(a, faux));
	}
}

/* An establishment of La Poste: Luhn fails, the sum of the digits is a multiple of 5 */
static void
siret_la_poste(const Generateur *g, Alea *a, Contrat *c)
{
	char	   *id = c->titulaires[0].id;
	int			somme = 3 + 5 + 6;

	(void) g;
	snprintf(id, sizeof(c->titulaires[0].id), "356000000%04u", alea_n(a, 10000));
	for (int i = 9; i < 13; i++)
		somme += id[i] - '0';
	id[13] = (char) ('0' + (5 - somme % 5) % 5);
	id[14] = '\0';
}

static void
type_identifiant(const Generateur *g, Alea *a, Contrat *c)
{
	static const char *const types[] = {NULL, "Siret", "TVA_INTRACOMMUNAUTAIRE", "HORS_UE", "UE", ""};

	(void) g;
	c->titulaires[0].type = ALEA_PARMI(a, types);
}

static void
acheteur_faux(const Generateur *g, Alea *a, Contrat *c)
{
	static const char *const jetons[] = {"{\"id\":null}", "null", "{\"id\":\"\"}", "\"\"", "{\"id\":2144}"};

	(void) g;
	if (alea_n(a, 2))
		c->acheteur[13] = (char) ('0' + (c->acheteur[13] - '0' + 3) % 10);
	else
		c->jetons[CH_ACHETEUR] = ALEA_PARMI(a, jetons);
}

static void
id_reutilise(const Generateur *g, Alea *a, Contrat *c)
{
	Contrat		autre;

	if (c->numero == 0)
		return;
	contrat_base(g, c->numero - 1 - alea_n(a, c->numero < 500 ? c->numero : 500), &autre);
	memcpy(c->id, autre.id, sizeof(c->id));
	memcpy(c->acheteur, autre.acheteur, sizeof(c->acheteur));
}

static void
id_etrange(const Generateur *g, Alea *a, Contrat *c)
{
	static const char *const jetons[] = {
		"\"\"", "null", "20240017", "\"2024/17,B.3\"", "\" 2024-17 \"", "\"MARCHE NUMERO TRES LONG 2024-0017\""
	};

	(void) g;
	c->jetons[CH_ID] = ALEA_PARMI(a, jetons);
}

static void
accord_cadre_soi(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	(void) a;
	memcpy(c->id_accord_cadre, c->id, sizeof(c->id));
}

static void
agents(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	(void) a;
	c->acheteur_extra = "\"idAgent\":\"4217\",\"nomAgent\":\"DUPONTEL\",\"prenomAgent\":\"Camille\","
		"\"loginAgent\":\"cdupontel\",\"emailAgent\":\"camille.dupontel@exemple.fr\",\"idOrganisme\":\"9\",\"accesChorus\":true";
}

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

/* ---------------------------------------------------------------- the list */

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
	{"champs_en_trop", 2, "fields of concessions on a marché"}
};

/* The first two are copies: the caller makes them */
static const DefautFonction fonctions[] = {
	NULL, NULL, enregistrement_nul, nombres_texte, nombres_francais, nombres_flottants, montant_aberrant, pas_un_nombre,
	offres_zero, duree_en_jours, origines_fausses, date_decalee, date_mal_ecrite, annee_absurde, publication_avant,
	publication_absente, siret_espaces, siret_faux, siret_la_poste, type_identifiant, acheteur_faux, id_reutilise, id_etrange,
	accord_cadre_soi, agents, cpv_faux, considerations_contradictoires, considerations_mal_ecrites, considerations_vides,
	booleens_texte, non_communique, champ_manquant, titulaires_vides, titulaires_deformes, listes_deformees,
	modifications_deformees, modification_increment, objet_abime, champs_en_trop
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
