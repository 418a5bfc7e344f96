/*
 * execution.c
 *	  What happens to a contract after its award: modifications, deeds of
 *	  sub-contracting.
 */
#include <string.h>

#include "contrat.h"

/* Add one modification, later than those that are there */
void
contrat_modifier(const Generateur *g, Alea *a, Contrat *c)
{
	static const uint16_t quoi[] = {824, 84, 80, 6, 6};
	Modification *m;
	int			k;
	int64_t		avant = c->montant;

	if (c->nmodifications == MODIFICATIONS_MAX)
		return;
	for (int i = 0; i < c->nmodifications; i++)
		if (c->modifications[i].montant)
			avant = c->modifications[i].montant;
	m = &c->modifications[c->nmodifications];
	memset(m, 0, sizeof(*m));
	m->id = ++c->nmodifications;
	m->notification = (m->id > 1 ? m[-1].notification : c->notification) + alea_entre(a, 15, 300);
	m->publication = m->notification + (alea_mille(a, 500) ? 0 : alea_entre(a, 1, 90));
	k = ALEA_POIDS(a, quoi);
	if (k == 0 || k == 2 || k == 3)
	{
		/* the lowest ones are increments typed as totals */
		static const Quantile pour_mille[] = {
			{0, 1}, {75, 250}, {76, 850}, {110, 980}, {200, 1000}, {460, 1000}, {500, 1009}, {600, 1017},
			{700, 1041}, {800, 1079}, {900, 1165}, {990, 2000}, {1000, 6000}
		};

		m->montant = avant / 100 * quantile_tirer(a, pour_mille) / 1000 * 100;
		if (m->montant < 100)
			m->montant = 100;
	}
	if (k == 1 || k == 2)
		m->duree = c->duree + alea_entre(a, 1, 12);
	if (k >= 3)
	{
		m->ntitulaires = 1;
		titulaire_tirer(g, a, c, &m->titulaire);
	}
}

void
actes_tirer(const Generateur *g, Alea *a, Contrat *c)
{
	static const uint16_t poids[] = {940, 33, 8, 4, 4, 3, 3, 5};
	static const int nombres[] = {0, 1, 2, 3, 4, 10, 12, 18};

	c->sous_traitance = alea_mille(a, 29);
	c->nactes = nombres[ALEA_POIDS(a, poids)];
	for (int i = 0; i < c->nactes; i++)
	{
		Acte	   *acte = &c->actes[i];

		acte->id = i + 1;
		titulaire_tirer(g, a, c, &acte->sous_traitant);
		acte->duree = alea_entre(a, 1, c->duree);
		acte->notification = c->notification + alea_entre(a, 0, 250);
		acte->publication = acte->notification + alea_entre(a, 0, 60);
		acte->montant = c->montant / 100 * alea_entre(a, 5, 300) / 1000 * 100 + 100;
		acte->variation = (int) alea_n(a, 3);
	}
	c->nmodifications_actes = c->nactes && alea_mille(a, 230) ? alea_entre(a, 1, c->nactes < 4 ? c->nactes : 4) : 0;
	for (int i = 0; i < c->nmodifications_actes; i++)
	{
		ModificationActe *m = &c->modifications_actes[i];
		const Acte *acte = &c->actes[alea_n(a, (uint32_t) c->nactes)];

		m->id = acte->id;
		m->notification = acte->notification + alea_entre(a, 10, 200);
		m->publication = m->notification + alea_entre(a, 0, 60);
		m->duree = alea_mille(a, 300) ? acte->duree + alea_entre(a, 1, 6) : 0;
		m->montant = acte->montant + alea_entre(a, 1, 200) * 10000;
	}
}
