/*
 * tirage.c
 *	  Draws contract number i. Frequencies are those measured on a platform's
 *	  daily deliveries of July 2024 (format v2, 780 contracts), except where
 *	  they would leave something untested: frameworks whose subsequent
 *	  contracts are present, amounts with centimes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contrat.h"

#define FLUX_TETE 1
#define FLUX_CORPS 2
#define FLUX_OBJET 3
#define FLUX_DEFAUT 4
#define FLUX_CONSULTATION 5
#define FLUX_LOT 6
#define FLUX_HABITUDE 7

/* One contract in 64 is a framework that subsequent contracts refer to */
#define PAS_ACCORD_CADRE 64
#define RESTE_ACCORD_CADRE 3
#define LOTS_MAX 16
#define PAS_CONCESSION 100
#define RESTE_CONCESSION 50

const char	JETON_ABSENT[] = "";

static const char *const regions[] = {"11", "24", "27", "28", "32", "44", "52", "53", "75", "76", "84", "93"};

/* ---------------------------------------------------------------- amounts, delays */

int
quantile_tirer(Alea *a, const Quantile *q)
{
	uint32_t	u = alea_n(a, 1000000);
	int			mille = (int) (u / 1000);

	while (q[1].mille <= mille)
		q++;
	return q[0].valeur + (int) ((int64_t) (q[1].valeur - q[0].valeur) * ((int64_t) u - q[0].mille * 1000) /
								((q[1].mille - q[0].mille) * 1000));
}

int64_t
montant_tirer(Alea *a)
{
	static const Quantile euros[] = {
		{0, 661}, {10, 2000}, {50, 4800}, {100, 8000}, {200, 20000}, {300, 36000}, {400, 55473},
		{500, 80000}, {600, 120000}, {700, 185739}, {800, 294413}, {900, 653268}, {950, 1579545},
		{980, 5068885}, {990, 9000000}, {995, 13552295}, {999, 30000000}, {1000, 160000000}
	};
	static const uint16_t arrondis[] = {364, 76, 410, 150};
	int64_t		m = quantile_tirer(a, euros);

	switch (ALEA_POIDS(a, arrondis))
	{
		case 0:
			m = (m + 500) / 1000 * 1000;
			break;
		case 1:
			m = (m + 50) / 100 * 100;
			break;
		case 2:
			break;
		default:
			return m * 100 + alea_entre(a, 1, 99);
	}
	return m > 0 ? m * 100 : 100000;
}

static int
delai_tirer(Alea *a)
{
	static const Quantile jours[] = {
		{0, -11}, {3, 0}, {100, 0}, {200, 4}, {300, 7}, {400, 13}, {500, 18}, {600, 32}, {700, 57},
		{800, 95}, {900, 218}, {950, 351}, {990, 1238}, {1000, 2400}
	};

	return quantile_tirer(a, jours);
}

static int
duree_tirer(Alea *a)
{
	static const uint16_t poids[] = {
		187, 187, 72, 46, 38, 38, 35, 33, 33, 29, 29, 28, 27, 27, 26, 26, 26, 24, 15, 12, 6, 6, 6,
		4, 4, 4, 3, 3, 3, 3, 20
	};
	static const int mois[] = {
		48, 12, 18, 6, 19, 11, 9, 24, 3, 5, 2, 36, 4, 20, 16, 14, 7, 15, 8, 10, 13, 21, 17,
		1, 120, 39, 42, 28, 72, 60
	};
	int			i = ALEA_POIDS(a, poids);

	return i < 30 ? mois[i] : alea_entre(a, 22, 60);
}

/* ---------------------------------------------------------------- one contract */

bool
contrat_est_concession(uint32_t numero)
{
	return numero % PAS_CONCESSION == RESTE_CONCESSION;
}

/*
 * Lots of one consultation follow each other and share buyer, dates, procedure,
 * techniques, considerations, prices and duration: what real deliveries show.
 * This is the number of the first of them.
 */
static uint32_t
consultation(const Generateur *g, uint32_t numero)
{
	while (numero % LOTS_MAX != 0 && !contrat_est_concession(numero) && !contrat_est_concession(numero - 1))
	{
		Alea		a = alea_flux(g->graine, numero, FLUX_LOT);

		if (alea_mille(&a, 400))
			break;
		numero--;
	}
	return numero;
}

static void
id_tirer(const Generateur *g, Contrat *c, uint32_t lot)
{
	int			annee,
				mois,
				jour;
	unsigned	n = c->numero + 1;

	date_de(c->notification, &annee, &mois, &jour);
	if (g->format == FORMAT_V1)
	{
		snprintf(c->id, sizeof(c->id), "%d%08u00", annee, n);
		return;
	}
	switch (c->rang_acheteur * 2654435761u % 6)
	{
		case 0:
			snprintf(c->id, sizeof(c->id), "%d-%07u", annee, n);
			break;
		case 1:
			snprintf(c->id, sizeof(c->id), "%02d-%06u-%u", annee % 100, n, lot);
			break;
		case 2:
			snprintf(c->id, sizeof(c->id), "%d-%06u-00", annee, n);
			break;
		case 3:
			snprintf(c->id, sizeof(c->id), "%02d%s%06u", annee % 100,
					 c->type_achat == 0 ? "TRA" : c->type_achat == 1 ? "FCS" : "SER", n);
			break;
		case 4:
			snprintf(c->id, sizeof(c->id), "%dM%05u", annee, n);
			break;
		default:
			snprintf(c->id, sizeof(c->id), "%d_%05u.%02u", annee, n, lot);
	}
}

/* What other contracts may need to know of this one: buyer, date, id, amount */
static void
tete_tirer(const Generateur *g, uint32_t numero, Contrat *c)
{
	Alea		a = alea_flux(g->graine, consultation(g, numero), FLUX_TETE);
	Alea		lot = alea_flux(g->graine, numero, FLUX_TETE);
	int			debut = jour_de(g->annee_debut, 1, 1);
	int			fin = jour_de(g->annee_fin, 12, 31);

	memset(c, 0, offsetof(Contrat, objet));
	c->numero = numero;
	c->concession = contrat_est_concession(numero);
	c->rang_acheteur = zipf_tirer(&a, g->acheteurs);
	acheteur_tirer(g, c);
	c->famille = mots_famille(&a, &c->cpv, &c->type_achat);
	c->notification = debut + (int) alea_n(&a, (uint32_t) (fin - debut + 1));
	/* 1 January 1970 was a Thursday: no notification on Saturday or Sunday */
	int			semaine = (c->notification + 3) % 7;

	if (semaine > 4 && c->notification - semaine + 4 >= debut)
		c->notification -= semaine - 4;
	c->publication = c->notification + delai_tirer(&a);
	/* lots are often of one size, to a tenth */
	if (alea_mille(&lot, 600))
	{
		c->montant = montant_tirer(&a);
		c->montant += c->montant / 1000 * alea_entre(&lot, -50, 50);
	}
	else
		c->montant = montant_tirer(&lot);
	c->origine_ue = c->origine_france = -1;
	id_tirer(g, c, 1 + alea_n(&lot, 12));
}

/* Framework, subsequent contract, or neither */
static void
accord_cadre_tirer(const Generateur *g, Alea *commun, Alea *a, Contrat *c)
{
	static const uint16_t poids[] = {45, 13, 85, 14, 843};
	int			role = ALEA_POIDS(commun, poids);
	int64_t		parent;

	if (c->numero % PAS_ACCORD_CADRE == RESTE_ACCORD_CADRE)
	{
		c->techniques = 1;
		c->modalites = alea_mille(a, 800) ? 4 : 4 | 2;
		c->montant *= 3;
		c->duree = 48;
		return;
	}
	if (role == 4)
		return;
	c->techniques = 1;
	c->modalites = alea_mille(commun, 800) ? 2 : 4;
	c->subsequent = role < 3;
	if (role == 3)
		c->montant *= 2;
	else if (role == 2)
		snprintf(c->id_accord_cadre, sizeof(c->id_accord_cadre), "%d%04u", g->annee_debut - 1, alea_n(a, 3000));
	else if (role == 1)
		memcpy(c->id_accord_cadre, c->id, sizeof(c->id));
	else
	{
		/* the framework may stand after its subsequent contract, or beyond the end */
		parent = ((int64_t) c->numero / PAS_ACCORD_CADRE + alea_entre(a, -9, 6)) * PAS_ACCORD_CADRE + RESTE_ACCORD_CADRE;
		if (parent < 0)
			parent = RESTE_ACCORD_CADRE;

		Contrat		p;

		tete_tirer(g, (uint32_t) parent, &p);
		memcpy(c->id_accord_cadre, p.id, sizeof(p.id));
		c->rang_acheteur = p.rang_acheteur;
		acheteur_tirer(g, c);
		c->notification = p.notification + alea_entre(a, 20, 700);
		if (c->notification > jour_de(g->annee_fin, 12, 31))
			c->notification = jour_de(g->annee_fin, 12, 31);
		c->publication = c->notification + delai_tirer(a);
		if (c->montant > p.montant)
			c->montant = p.montant / 4 + 100000;
		id_tirer(g, c, 1 + alea_n(a, 12));
	}
}

static void
considerations_tirer(Alea *a, Contrat *c)
{
	static const uint16_t sociales[] = {463, 284, 147, 95, 11};	/* clause, criterion, both, reserved, criterion and reserved */
	static const int masques[] = {1, 2, 3, 4, 6};
	static const uint16_t environnementales[] = {155, 457, 388};
	static const uint32_t ardeur[] = {25, 50, 100, 225};	/* buyers differ */
	uint32_t	f = ardeur[c->rang_acheteur % 4];

	if (alea_n(a, 100000) < 95 * f)
		c->sociales = masques[ALEA_POIDS(a, sociales)];
	if (alea_n(a, 100000) < (c->sociales ? 62000 : 64 * f))
		c->environnementales = 1 + ALEA_POIDS(a, environnementales);
}

static void
prix_tirer(const Generateur *g, Alea *a, Contrat *c)
{
	static const uint16_t types[] = {236, 188, 567, 9};
	static const uint16_t formes[] = {358, 591, 51};
	static const uint16_t ccag[3][7] = {
		{700, 10, 5, 0, 5, 0, 280}, {5, 0, 600, 5, 0, 20, 370}, {10, 15, 380, 0, 25, 15, 555}
	};
	static const uint16_t taux[] = {20, 805, 10, 115, 50};
	static const int centiemes[] = {0, 5, 10, 20, 30};

	/* a buyer's habits for that kind of purchase, most of the time */
	Alea		habitude = alea_flux(g->graine, c->rang_acheteur * 3 + (uint32_t) c->type_achat, FLUX_HABITUDE);
	Alea	   *h = alea_mille(a, 700) ? &habitude : a;

	c->types_prix = 1 << ALEA_POIDS(h, types);
	if (alea_mille(h, 10))
		c->types_prix |= 1;
	c->forme_prix = ALEA_POIDS(h, formes);
	c->ccag = alea_poids(h, ccag[c->type_achat], 7);
	c->avance = alea_mille(a, 77);
	if (c->avance)
		c->taux = centiemes[ALEA_POIDS(a, taux)];
}

static void
offres_tirer(Alea *a, Contrat *c)
{
	static const uint16_t poids[] = {246, 241, 206, 124, 81, 28, 17, 13, 5, 10, 3, 4, 6, 3, 3, 8, 2};
	int			i = ALEA_POIDS(a, poids);

	c->offres = i < 15 ? i + 1 : i == 15 ? alea_entre(a, 16, 40) : alea_entre(a, 41, 160);
	if (c->procedure == 4 && alea_mille(a, 900))
		c->offres = 1;
}

static void
lieu_tirer(Alea *a, Contrat *c)
{
	static const uint16_t poids[] = {774, 22, 172, 12, 20};
	static const int types[] = {0, 1, 4, 5, 6};

	c->lieu_type = types[ALEA_POIDS(a, poids)];
	switch (c->lieu_type)
	{
		case 0:
			snprintf(c->lieu_code, sizeof(c->lieu_code), "%02d%03u", c->departement, alea_n(a, 90) * 10);
			break;
		case 1:
			snprintf(c->lieu_code, sizeof(c->lieu_code), "%02d%03u", c->departement, 1 + alea_n(a, 500));
			break;
		case 4:
			snprintf(c->lieu_code, sizeof(c->lieu_code), "%02d", c->departement);
			break;
		case 5:
			memcpy(c->lieu_code, ALEA_PARMI(a, regions), 3);
			break;
		default:
			memcpy(c->lieu_code, "FR", 3);
	}
}

static void
titulaires_tirer(const Generateur *g, Alea *a, Contrat *c)
{
	static const uint16_t poids[] = {923, 26, 19, 17, 9, 2, 1, 3};
	int			i = ALEA_POIDS(a, poids);

	c->ntitulaires = i < 7 ? i + 1 : 13;
	for (int k = 0; k < c->ntitulaires; k++)
		titulaire_tirer(g, a, c, &c->titulaires[k]);
	if (c->ntitulaires > 1 && !(c->techniques & 1))
		c->groupement = alea_mille(a, 450) ? (int) alea_n(a, 2) : 2;
	else
		c->groupement = alea_mille(a, 5) ? (int) alea_n(a, 2) : 2;
	if (c->offres < c->ntitulaires)
		c->offres = c->ntitulaires;
}

/* Origins are asked for in these ranges of CPV only */
static bool
cpv_origine(const char *cpv)
{
	static const long bornes[][2] = {
		{15100000, 15982200}, {18100000, 18453000}, {18800000, 18843000}, {33100000, 33198200},
		{33600000, 33698300}, {34100000, 34144910}, {34510000, 34522700}, {34600000, 34622500},
		{34710000, 34722200}
	};
	long		code = strtol(cpv, NULL, 10);

	for (size_t i = 0; i < sizeof(bornes) / sizeof(bornes[0]); i++)
		if (code >= bornes[i][0] && code <= bornes[i][1])
			return true;
	return false;
}

static void
origines_tirer(Alea *a, Contrat *c)
{
	if (!cpv_origine(c->cpv) || alea_mille(a, 250))
		return;
	switch (alea_n(a, 10))
	{
		case 0:
			c->origine_ue = c->origine_france = 0;
			break;
		case 1:
		case 2:
			c->origine_ue = alea_entre(a, 50, 99);
			c->origine_france = alea_entre(a, 0, c->origine_ue);
			break;
		default:
			c->origine_ue = c->origine_france = 100;
	}
}

/* Contract number numero without defect */
void
contrat_base(const Generateur *g, uint32_t numero, Contrat *c)
{
	static const uint16_t procedures[] = {733, 236, 1, 12, 17, 1};
	static const uint16_t natures[] = {992, 3, 5};
	static const uint16_t modifications[] = {892, 55, 26, 15, 8, 2, 1, 1};
	static const int nmodifications[] = {0, 1, 2, 3, 4, 5, 7, 11};
	static const uint16_t techniques[] = {6, 1, 1, 992};
	static const int autres[] = {16, 2, 8, 0};
	static const uint16_t modalites[] = {20, 210, 770};
	Alea		a = alea_flux(g->graine, numero, FLUX_CORPS);
	Alea		commun = alea_flux(g->graine, consultation(g, numero), FLUX_CONSULTATION);
	Alea		mots = alea_flux(g->graine, numero, FLUX_OBJET);

	tete_tirer(g, numero, c);
	if (c->concession)
	{
		concession_corps(g, &a, c);
		mots_objet(&mots, c);
		return;
	}
	c->duree = duree_tirer(&commun);
	accord_cadre_tirer(g, &commun, &a, c);
	mots_objet(&mots, c);
	if (!c->techniques)
	{
		c->techniques = autres[ALEA_POIDS(&commun, techniques)];
		c->modalites = (1 << ALEA_POIDS(&commun, modalites)) & 3;
	}
	c->nature = ALEA_POIDS(&commun, natures);
	c->procedure = ALEA_POIDS(&commun, procedures);
	considerations_tirer(&commun, c);
	prix_tirer(g, &commun, c);
	offres_tirer(alea_mille(&a, 600) ? &commun : &a, c);
	lieu_tirer(&commun, c);
	titulaires_tirer(g, &a, c);
	c->innovant = alea_mille(&a, 21);
	origines_tirer(&a, c);
	actes_tirer(g, &a, c);
	c->date_decalee = g->format == FORMAT_V1 && c->rang_acheteur % 5 == 0;
	for (int n = nmodifications[ALEA_POIDS(alea_mille(&a, 600) ? &commun : &a, modifications)]; n > 0; n--)
		contrat_modifier(g, &a, c);
}

/* An earlier contract of the same kind */
static uint32_t
precedent(Alea *a, uint32_t numero)
{
	uint32_t	n;

	if (contrat_est_concession(numero))
		return numero - PAS_CONCESSION * (1 + alea_n(a, numero / PAS_CONCESSION));
	n = numero - 1 - alea_n(a, numero < 100000 ? numero : 100000);
	return contrat_est_concession(n) ? n - 1 : n;
}

void
contrat_tirer(const Generateur *g, uint32_t numero, Contrat *c)
{
	int			defaut = defaut_choisir(g, numero);
	Alea		a = alea_flux(g->graine, numero, FLUX_DEFAUT);
	bool		relivraison;

	if (defaut >= 0 && defaut_est_copie(defaut, &relivraison) && !g->tables &&
		numero >= (contrat_est_concession(numero) ? PAS_CONCESSION : 1))
	{
		contrat_tirer(g, precedent(&a, numero), c);
		if (!relivraison)
			return;
		for (int n = alea_entre(&a, 1, 2); n > 0; n--)
			contrat_modifier(g, &a, c);
		/* v1: the last two digits of the id count modifications, in some sources */
		if (g->format == FORMAT_V1 && alea_n(&a, 2) == 0)
			c->id[strlen(c->id) - 1] = (char) ('0' + c->nmodifications % 10);
		return;
	}
	contrat_base(g, numero, c);
	if (defaut >= 0)
		defaut_appliquer(g, &a, defaut, c);
}
