/*
 * identites.c
 *	  Dates, and the identifiers of buyers and holders: valid SIRETs of
 *	  establishments that don't exist.
 */
#include <stdio.h>
#include <string.h>

#include "contrat.h"

/* Streams 1 to 4 are those of tirage.c, 8 that of defauts.c */
#define FLUX_ACHETEUR 5
#define FLUX_HABITUES 6
#define FLUX_NOM 7

/* ---------------------------------------------------------------- dates, identifiers */

int
jour_de(int annee, int mois, int jour)
{
	int			a = annee - (mois <= 2);
	int			siecle = a / 400;
	int			reste = a - siecle * 400;
	int			rang = (153 * (mois + (mois > 2 ? -3 : 9)) + 2) / 5 + jour - 1;

	return siecle * 146097 + reste * 365 + reste / 4 - reste / 100 + rang - 719468;
}

void
date_de(int jours, int *annee, int *mois, int *jour)
{
	int			z = jours + 719468;
	int			siecle = z / 146097;
	int			dans = z - siecle * 146097;
	int			an = (dans - dans / 1460 + dans / 36524 - dans / 146096) / 365;
	int			rang = dans - (365 * an + an / 4 - an / 100);
	int			mp = (5 * rang + 2) / 153;

	*jour = rang - (153 * mp + 2) / 5 + 1;
	*mois = mp < 10 ? mp + 3 : mp - 9;
	*annee = an + siecle * 400 + (*mois <= 2);
}

/* Append the digit that makes n digits valid in Luhn's sense */
static void
finir_luhn(char *chiffres, int n)
{
	int			somme = 0;

	for (int i = 0; i < n; i++)
	{
		int			c = chiffres[n - 1 - i] - '0';

		if (i % 2 == 0)
			c = c < 5 ? 2 * c : 2 * c - 9;
		somme += c;
	}
	chiffres[n] = (char) ('0' + (10 - somme % 10) % 10);
	chiffres[n + 1] = '\0';
}

static void
siret_de(uint32_t huit_chiffres, uint32_t etablissement, char *siret)
{
	for (int i = 7; i >= 0; i--, huit_chiffres /= 10)
		siret[i] = (char) ('0' + huit_chiffres % 10);
	finir_luhn(siret, 8);
	for (int i = 12; i >= 9; i--, etablissement /= 10)
		siret[i] = (char) ('0' + etablissement % 10);
	finir_luhn(siret, 13);
}

/* Rank with frequency roughly inverse to it: uniform in the octave, octaves equally likely */
uint32_t
zipf_tirer(Alea *a, uint32_t n)
{
	int			octaves = 1;
	uint32_t	rang;

	while (octaves < 31 && (UINT32_C(2) << octaves) <= n)
		octaves++;
	int			e = 1 + (int) alea_n(a, (uint32_t) octaves);

	rang = e == 1 ? alea_n(a, 4) : (UINT32_C(1) << e) + alea_n(a, UINT32_C(1) << e);
	return rang < n ? rang : alea_n(a, n);
}

void
acheteur_tirer(const Generateur *g, Contrat *c)
{
	static const uint16_t poids[] = {560, 150, 60, 30, 100, 60, 40};
	static const uint32_t prefixes[] = {21, 20, 22, 23, 26, 27, 13};
	uint32_t	rang = c->rang_acheteur;
	uint32_t	tour = rang / 10000;
	Alea		a = alea_flux(g->graine, rang % 10000, FLUX_ACHETEUR);
	int			categorie = ALEA_POIDS(&a, poids);

	/* shifting the département at each turn keeps identifiers distinct */
	c->departement = (int) ((alea_n(&a, 95) + tour * 7) % 95) + 1;
	if (c->departement == 20)
		c->departement = 96;
	siret_de(prefixes[categorie] * 1000000 + (uint32_t) c->departement * 10000 + rang % 10000, 1, c->acheteur);
	if (c->departement == 96)
		c->departement = 44;
	if (g->format == FORMAT_V1)
		mots_acheteur(&a, (uint32_t) categorie, c->acheteur_nom, sizeof(c->acheteur_nom));
}

void
titulaire_tirer(const Generateur *g, Alea *a, const Contrat *c, Titulaire *t)
{
	uint32_t	h;

	/* half of the awards go to regulars of the buyer for this kind of purchase */
	if (alea_n(a, 2) == 0)
	{
		Alea		local = alea_flux(g->graine, (uint64_t) c->rang_acheteur * 64 + (uint64_t) c->famille, FLUX_HABITUES);

		local.etat += zipf_tirer(a, 24);
		h = alea_n(&local, g->titulaires);
	}
	else
		h = zipf_tirer(a, g->titulaires);
	t->type = "SIRET";
	/* 7919 and 60 000 000 are coprime: distinct holders, distinct SIREN */
	siret_de(30000000 + (uint32_t) ((uint64_t) h * 7919 % 60000000),
			 alea_mille(a, 870) ? 1 + h % 7 : 1 + alea_n(a, 40), t->id);
	if (alea_mille(a, 3))
	{
		int			k = (int) alea_n(a, 3);

		t->type = k == 0 ? "TVA" : k == 1 ? "HORS-UE" : "RIDET";
		snprintf(t->id, sizeof(t->id), k == 0 ? "BE0%09u" : k == 1 ? "CH%09u" : "%010u", h % 1000000000);
	}
	t->nom[0] = '\0';
	if (g->format == FORMAT_V1)
	{
		Alea		nom = alea_flux(g->graine, h, FLUX_NOM);

		mots_entreprise(&nom, t->nom, sizeof(t->nom));
	}
}
