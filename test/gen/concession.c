/*
 * concession.c
 *	  The part of a concession that a marché does not have.
 */
#include "contrat.h"

static void
donnees_tirer(const Generateur *g, Alea *a, Contrat *c)
{
	int			annee,
				mois,
				jour;

	date_de(c->debut_execution, &annee, &mois, &jour);
	for (int an = annee + 1; an <= g->annee_fin && c->ndonnees < DONNEES_MAX; an++)
	{
		DonneesAnnuelles *d;

		if (alea_mille(a, 400))
			continue;
		d = &c->donnees[c->ndonnees++];
		d->publication = jour_de(an, 3, 1) + alea_entre(a, 0, 200);
		d->depenses = c->montant / 100 * alea_entre(a, 0, 80) / 1000 * 100;
		d->ntarifs = alea_entre(a, 1, 3);
		for (int i = 0; i < d->ntarifs; i++)
		{
			d->intitules[i] = (int) (c->numero + (uint32_t) i) % 8;
			d->tarifs[i] = 50 * (2 + (int64_t) ((c->numero * 7 + (uint32_t) i * 13) % 60)) * (100 + 2 * (an - annee)) / 100;
		}
	}
}

void
concession_corps(const Generateur *g, Alea *a, Contrat *c)
{
	static const uint16_t natures[] = {80, 330, 220, 370};
	static const uint16_t procedures[] = {620, 190, 120, 70};
	static const uint16_t durees[] = {180, 200, 170, 150, 120, 100, 80};
	static const int mois[] = {36, 60, 84, 120, 180, 240, 360};

	c->nature = ALEA_POIDS(a, natures);
	c->procedure = ALEA_POIDS(a, procedures);
	c->duree = mois[ALEA_POIDS(a, durees)];
	c->montant = montant_tirer(a) * 4;
	c->subvention = alea_mille(a, 800) ? 0 : c->montant / 100 * alea_entre(a, 10, 400) / 1000 * 100;
	c->debut_execution = c->notification + alea_entre(a, 5, 120);
	/* most are published before the execution starts, as they must be */
	c->publication = c->notification + (alea_mille(a, 750) ? alea_entre(a, 0, 30) : alea_entre(a, 31, 400));
	if (alea_mille(a, 180))
		c->sociales = 1 + (int) alea_n(a, 3);
	else if (alea_mille(a, 12))
		c->sociales = 4;
	if (alea_mille(a, c->sociales ? 620 : 140))
		c->environnementales = 1 + (int) alea_n(a, 3);
	c->ntitulaires = alea_mille(a, 930) ? 1 : 2;
	for (int i = 0; i < c->ntitulaires; i++)
		titulaire_tirer(g, a, c, &c->titulaires[i]);
	donnees_tirer(g, a, c);
	if (alea_mille(a, 90))
		contrat_modifier(g, a, c);
}
