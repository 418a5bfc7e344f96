/*
 * defauts_valeurs.c
 *	  Defects of numbers, dates and identifiers.
 */
#include <stdio.h>
#include <string.h>

#include "defauts.h"

/* ---------------------------------------------------------------- numbers */

void
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

void
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

void
nombres_flottants(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	snprintf(c->tampon, 20, "%d.%d", c->duree, alea_n(a, 2) ? 0 : 5);
	snprintf(c->tampon + 20, 20, "%d.0", c->offres);
	c->jetons[CH_DUREE] = c->tampon;
	c->jetons[CH_OFFRES] = c->tampon + 20;
}

void
montant_aberrant(const Generateur *g, Alea *a, Contrat *c)
{
	static const int64_t euros[] = {999999999, 1, 0, 99999999, 123456789, 888888888, 12311111111, 5000000000};

	(void) g;
	c->montant = ALEA_PARMI(a, euros) * 100;
	if (alea_n(a, 6) == 0)
		c->jetons[CH_MONTANT] = alea_n(a, 2) ? "1e17" : "100000000000000000";
}

void
pas_un_nombre(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	c->jetons[alea_n(a, 2) ? CH_MONTANT : CH_DUREE] = alea_n(a, 3) ? "NaN" : "Infinity";
}

void
offres_zero(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	(void) a;
	c->offres = 0;
}

void
duree_en_jours(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	c->duree = 360 + 5 * (int) alea_n(a, 2);
}

void
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

void
date_decalee(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	(void) a;
	c->date_decalee = true;
}

void
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

void
annee_absurde(const Generateur *g, Alea *a, Contrat *c)
{
	static const char *const dates[] = {
		"\"0218-05-14\"", "\"0019-11-04\"", "\"0001-01-03\"", "\"5021-02-01\"", "\"2921-06-30\"", "\"2024-02-30\"",
		"\"1900-01-01\""
	};

	(void) g;
	c->jetons[alea_n(a, 3) ? CH_NOTIFICATION : CH_PUBLICATION] = ALEA_PARMI(a, dates);
}

void
publication_avant(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	c->publication = c->notification - alea_entre(a, 1, 60);
}

void
publication_absente(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	(void) a;
	c->jetons[CH_PUBLICATION] = JETON_ABSENT;
}

/* ---------------------------------------------------------------- identifiers */

void
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

void
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
void
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

void
type_identifiant(const Generateur *g, Alea *a, Contrat *c)
{
	static const char *const types[] = {NULL, "Siret", "TVA_INTRACOMMUNAUTAIRE", "HORS_UE", "UE", ""};

	(void) g;
	c->titulaires[0].type = ALEA_PARMI(a, types);
}

void
acheteur_faux(const Generateur *g, Alea *a, Contrat *c)
{
	static const char *const jetons[] = {"{\"id\":null}", "null", "{\"id\":\"\"}", "\"\"", "{\"id\":2144}"};

	(void) g;
	if (alea_n(a, 2))
		c->acheteur[13] = (char) ('0' + (c->acheteur[13] - '0' + 3) % 10);
	else
		c->jetons[CH_ACHETEUR] = ALEA_PARMI(a, jetons);
}

void
id_reutilise(const Generateur *g, Alea *a, Contrat *c)
{
	Contrat		autre;

	if (c->numero == 0)
		return;
	contrat_base(g, c->numero - 1 - alea_n(a, c->numero < 500 ? c->numero : 500), &autre);
	memcpy(c->id, autre.id, sizeof(c->id));
	memcpy(c->acheteur, autre.acheteur, sizeof(c->acheteur));
}

void
id_etrange(const Generateur *g, Alea *a, Contrat *c)
{
	static const char *const jetons[] = {
		"\"\"", "null", "20240017", "\"2024/17,B.3\"", "\" 2024-17 \"", "\"MARCHE NUMERO TRES LONG 2024-0017\""
	};

	(void) g;
	c->jetons[CH_ID] = ALEA_PARMI(a, jetons);
}

void
accord_cadre_soi(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	(void) a;
	memcpy(c->id_accord_cadre, c->id, sizeof(c->id));
}

void
agents(const Generateur *g, Alea *a, Contrat *c)
{
	(void) g;
	(void) a;
	c->acheteur_extra = "\"idAgent\":\"4217\",\"nomAgent\":\"DUPONTEL\",\"prenomAgent\":\"Camille\","
		"\"loginAgent\":\"cdupontel\",\"emailAgent\":\"camille.dupontel@exemple.fr\",\"idOrganisme\":\"9\",\"accesChorus\":true";
}
