/*
 * validation.c
 *	  What the rules have against a contract that was read: what it is, what it
 *	  is about, who holds it.
 */
#include <stdio.h>

#include "cpv.h"
#include "identifiant.h"
#include "nomenclature.h"
#include "validation.h"

#define OBJET_MAX_V1 256
#define OBJET_MAX_V2 1000
#define ID_MIN_V1 7
#define ID_MAX 16

/* ---- tools of the parts ---- */

Slice
champ_indice(Releve *releve, const char *liste, int indice, const char *champ)
{
	const size_t size = 80;
	char	   *texte = releve->memory->alloc(releve->memory->context, size);
	int			len = snprintf(texte, size, "%s[%d]%s%s", liste, indice, champ ? "." : "", champ ? champ : "");

	return (Slice) {texte, (size_t) len < size ? (size_t) len : size - 1};
}

/* Characters of a UTF-8 text */
static size_t
caracteres(Slice texte)
{
	size_t		n = 0;

	for (size_t i = 0; i < texte.len; i++)
		n += ((unsigned char) texte.data[i] & 0xC0) != 0x80;
	return n;
}

static bool
chiffre(char c)
{
	return c >= '0' && c <= '9';
}

/* ---- identity ---- */

/* The characters that the ministry's consolidation lets through */
static bool
id_caracteres(Slice id)
{
	for (size_t i = 0; i < id.len; i++)
	{
		char		c = id.data[i];

		if (!chiffre(c) && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') &&
			memchr("/-_ .#", c, 6) == NULL)
			return false;
	}
	return true;
}

/* Format v1: the two last characters number the modifications */
static bool
id_suffixe(Slice id, int modifications)
{
	const char *fin = id.data + id.len - 2;

	if (id.len < 2 || !chiffre(fin[0]) || !chiffre(fin[1]))
		return false;
	return (fin[0] - '0') * 10 + (fin[1] - '0') == modifications;
}

static void
valider_id(Releve *releve)
{
	const DecpContrat *c = releve->contrat;
	const Slice champ = SLICE_LITERAL("id");
	size_t		longueur;

	if (c->id.data == NULL)
		return;
	longueur = caracteres(c->id);
	if (longueur > ID_MAX || (c->format_decp == 1 && longueur < ID_MIN_V1))
		releve_noter(releve, R_ID_LONGUEUR, champ, c->id);
	if (!id_caracteres(c->id))
		releve_noter(releve, R_ID_CARACTERES, champ, c->id);
	if (c->format_decp == 1 && !id_suffixe(c->id, c->nmodifications))
		releve_noter(releve, R_ID_SUFFIXE, champ, c->id);
	if (c->uid.data != NULL && c->acheteur_id.data != NULL &&
		(c->uid.len != c->acheteur_id.len + c->id.len ||
		 memcmp(c->uid.data, c->acheteur_id.data, c->acheteur_id.len) != 0 ||
		 memcmp(c->uid.data + c->acheteur_id.len, c->id.data, c->id.len) != 0))
		releve_noter(releve, R_UID_INCOHERENT, SLICE_LITERAL("uid"), c->uid);
}

static void
valider_acheteur(Releve *releve)
{
	static const RegleId regles[] = {
		[SIRET_FORMAT] = R_SIRET_ACHETEUR_FORMAT,
		[SIRET_EST_SIREN] = R_SIRET_ACHETEUR_SIREN,
		[SIRET_CLE] = R_SIRET_ACHETEUR_LUHN,
		[SIRET_CLE_SIREN] = R_SIREN_ACHETEUR_LUHN,
	};
	const DecpContrat *c = releve->contrat;
	const Slice champ = c->concession ? SLICE_LITERAL("autoriteConcedante.id") : SLICE_LITERAL("acheteur.id");
	SiretDefaut defaut;

	if (c->acheteur_id.data == NULL)
		return;
	defaut = siret_defaut(c->acheteur_id);
	if (defaut != SIRET_JUSTE)
		releve_noter(releve, regles[defaut], champ, c->acheteur_id);
	if (identifiant_fictif(c->acheteur_id))
		releve_noter(releve, R_SIRET_ACHETEUR_FICTIF, champ, c->acheteur_id);
	for (int i = 0; i < c->ntitulaires; i++)
		if (slice_equal(c->titulaires[i].identifiant, c->acheteur_id))
			releve_noter(releve, R_TITULAIRE_ACHETEUR,
						 c->concession ? SLICE_LITERAL("concessionnaires") : SLICE_LITERAL("titulaires"),
						 c->acheteur_id);
}

/* Records that were published to try the machinery out */
static bool
fictif(const DecpContrat *c)
{
	static const char siecle[] = "le marche du siecle";
	char		plie[sizeof(siecle)];

	if (slice_is(c->source, "AIFE_test"))
		return true;
	if (slice_is(c->acheteur_id, "80128543800017") && slice_is(c->id, "2018123456789100"))
		return true;
	return c->objet.data != NULL && c->objet.len >= sizeof(siecle) - 1 && c->objet.len <= sizeof(siecle) + 8 &&
		(c->objet.data[0] == 'L' || c->objet.data[0] == 'l') &&
		nomenclature_fold(c->objet, plie, sizeof(plie)) == sizeof(siecle) - 1 &&
		memcmp(plie, siecle, sizeof(siecle) - 1) == 0;
}

/* ---- what it is about ---- */

/* "&amp;", "&#39;", "&#xE9;": "R&D;" is none, for no entity has a name of one letter */
static bool
entite_html(Slice texte)
{
	const char *fin = texte.data + texte.len;
	const char *p = texte.data;

	while ((p = memchr(p, '&', (size_t) (fin - p))) != NULL)
	{
		bool		numero = fin - p > 1 && p[1] == '#';
		const char *debut = p += numero ? 2 : 1;

		while (p < fin && (chiffre(*p) || ((*p | 32) >= 'a' && (*p | 32) <= 'z')))
			p++;
		if (p < fin && *p == ';' && p - debut >= (numero ? 1 : 2))
			return true;
	}
	return false;
}

static bool
caractere_perdu(Slice texte)
{
	const char *fin = texte.data + texte.len;
	const char *p = texte.data;

	while ((p = memchr(p, 0xEF, (size_t) (fin - p))) != NULL)
	{
		if (fin - p >= 3 && memcmp(p, "\xEF\xBF\xBD", 3) == 0)
			return true;
		p++;
	}
	return false;
}

static void
valider_objet(Releve *releve)
{
	const DecpContrat *c = releve->contrat;
	const Slice champ = SLICE_LITERAL("objet");
	size_t		max = c->format_decp == 1 ? OBJET_MAX_V1 : OBJET_MAX_V2;

	if (c->objet.data == NULL)
		return;
	if (c->objet.len > max && caracteres(c->objet) > max)
		releve_noter_entier(releve, R_OBJET_LONGUEUR, champ, (int) caracteres(c->objet));
	if (caractere_perdu(c->objet))
		releve_noter(releve, R_OBJET_ABIME, champ, c->objet);
	if (entite_html(c->objet))
		releve_noter(releve, R_OBJET_ENTITES_HTML, champ, c->objet);
}

static void
valider_cpv(Releve *releve)
{
	const DecpContrat *c = releve->contrat;
	const Slice champ = SLICE_LITERAL("codeCPV");
	int			cpv = cpv_lire(c->code_cpv);

	if (c->code_cpv.data == NULL)
		return;
	if (cpv < 0)
		releve_noter(releve, R_CPV_FORMAT, champ, c->code_cpv);
	else if (!cpv_division_connue(cpv))
		releve_noter(releve, R_CPV_DIVISION, champ, c->code_cpv);
}

/* Natures and procedures of concessions stand together in their lists */
static void
valider_type(Releve *releve)
{
	const DecpContrat *c = releve->contrat;
	int			nature = nomenclature_match(NOM_NATURE, c->nature);
	int			procedure = nomenclature_match(NOM_PROCEDURE, c->procedure);

	if (nature >= 0 && c->concession != nature_concession(nature))
		releve_noter(releve, R_NATURE_TYPE_CONTRAT, SLICE_LITERAL("nature"), c->nature);
	if (procedure >= 0 && c->concession != (procedure >= PROCEDURE_CONCESSION))
		releve_noter(releve, R_PROCEDURE_TYPE_CONTRAT, SLICE_LITERAL("procedure"), c->procedure);
}

/* 01 to 95, 2A, 2B, 971 to 988; some write 078 */
static bool
departement(Slice code)
{
	if (code.len == 2 && code.data[0] == '2' && memchr("ABab", code.data[1], 4) != NULL)
		return true;
	if (code.len != 2 && code.len != 3)
		return false;
	return chiffre(code.data[0]) && chiffre(code.data[1]) && (code.len == 2 || chiffre(code.data[2]));
}

static void
valider_lieu(Releve *releve)
{
	const DecpContrat *c = releve->contrat;
	bool		juste = true;

	if (c->lieu_execution_code.data == NULL || c->lieu_execution_type_code.data == NULL)
		return;
	switch (nomenclature_match(NOM_TYPE_CODE_LIEU, c->lieu_execution_type_code))
	{
		case LIEU_CODE_POSTAL:
		case LIEU_CODE_COMMUNE:
			juste = caracteres(c->lieu_execution_code) == 5;
			break;
		case LIEU_CODE_DEPARTEMENT:
			juste = departement(c->lieu_execution_code);
			break;
	}
	if (!juste)
		releve_noter(releve, R_LIEU_INCOHERENT, SLICE_LITERAL("lieuExecution.code"), c->lieu_execution_code);
}

void
contrat_valider(Releve *releve)
{
	const DecpContrat *c = releve->contrat;

	valider_id(releve);
	valider_acheteur(releve);
	valider_objet(releve);
	valider_cpv(releve);
	valider_type(releve);
	valider_lieu(releve);
	valider_dates(releve);
	valider_montant(releve);
	valider_listes(releve);
	valider_modifications(releve);
	valider_sous_traitance(releve);
	if (fictif(c))
		releve_noter(releve, R_CONTRAT_FICTIF, SLICE_NONE, SLICE_NONE);
}
