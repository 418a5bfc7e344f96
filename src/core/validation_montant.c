/*
 * validation_montant.c
 *	  Rules on the amount of a contract, its duration, and both together.
 *
 * All on the digits, hence exactly.
 */
#include "validation.h"

#define DUREE_MAX_MARCHE 180
#define DUREE_MAX_CONCESSION 360

bool
montant_micros(Slice montant, Micros *micros)
{
	Montant		m;
	Micros		n = 0;

	if (!montant_lire(montant, &m) || m.special || m.entier.len > 24)
		return false;
	for (size_t i = 0; i < m.entier.len; i++)
		n = n * 10 + (m.entier.data[i] - '0');
	for (size_t i = 0; i < 6; i++)
		n = n * 10 + (i < m.decimales.len ? m.decimales.data[i] - '0' : 0);
	*micros = m.negative ? -n : n;
	return true;
}

static void
valider_regles_ministere(Releve *releve, const Montant *m, Slice champ)
{
	static const RegleId regles[] = {
		[MONTANT_TROP_PETIT] = R_MONTANT_MINIMUM,
		[MONTANT_TROP_GRAND] = R_MONTANT_PLAFOND,
		[MONTANT_SUITE] = R_MONTANT_SEQUENCE,
		[MONTANT_FREQUENT] = R_MONTANT_CHIFFRE_FREQUENT,
	};
	MontantDefaut defaut = montant_defaut_ministere(m, releve->contrat->concession);

	if (defaut != MONTANT_JUSTE)
		releve_noter(releve, regles[defaut], champ, releve->contrat->montant);
}

/* The amounts that people type when they have none */
static void
valider_remplissage(Releve *releve, const Montant *m, Slice champ)
{
	Slice		montant = releve->contrat->montant;

	if (montant_chiffre_repete(m))
		releve_noter(releve, R_MONTANT_CHIFFRE_REPETE, champ, montant);
	if (slice_is(m->entier, "123456") && slice_is(m->decimales, "78"))
		releve_noter(releve, R_MONTANT_DEFAUT, champ, montant);
	if (slice_is(m->entier, "12311111111") && m->decimales.len == 0)
		releve_noter(releve, R_MONTANT_MARQUEUR, champ, montant);
}

/* T05: what decp-qualite calls incoherent, each of its conditions by itself */
static void
valider_montant_duree(Releve *releve, const Montant *m, Slice champ)
{
	const Slice valeur = releve->contrat->montant;
	int			duree = releve->contrat->duree_mois;
	uint64_t	mois = (uint64_t) duree;

	if (duree == INT_NONE || duree < 1)
		return;
	if (montant_compare(m, mois) == 0)
		releve_noter(releve, R_MONTANT_DUREE_EGAUX, champ, valeur);
	if (montant_compare(m, 100 * mois) < 0)
		releve_noter(releve, R_MONTANT_DUREE_100, champ, valeur);
	if (montant_compare(m, 1000 * mois) < 0 && montant_compare(m, 200000) < 0)
		releve_noter(releve, R_MONTANT_DUREE_1000, champ, valeur);
	if ((duree == 360 || duree == 365 || duree == 366) && montant_compare(m, 10000000) < 0)
		releve_noter_entier(releve, R_MONTANT_DUREE_JOURS, SLICE_LITERAL("dureeMois"), duree);
	if (duree > 120 && montant_compare(m, 2000000) < 0)
		releve_noter_entier(releve, R_MONTANT_DUREE_120, SLICE_LITERAL("dureeMois"), duree);
}

void
valider_montant(Releve *releve)
{
	const DecpContrat *c = releve->contrat;
	const Slice champ = c->concession ? SLICE_LITERAL("valeurGlobale") : SLICE_LITERAL("montant");
	Montant		m;

	if (c->duree_mois != INT_NONE && c->duree_mois < 1)
		releve_noter_entier(releve, R_DUREE_MINIMUM, SLICE_LITERAL("dureeMois"), c->duree_mois);
	if (c->duree_mois > (c->concession ? DUREE_MAX_CONCESSION : DUREE_MAX_MARCHE))
		releve_noter_entier(releve, R_DUREE_PLAFOND, SLICE_LITERAL("dureeMois"), c->duree_mois);
	if (montant_lire(c->montant_subvention_publique, &m) && montant_compare(&m, 0) < 0)
		releve_noter(releve, R_SUBVENTION_NEGATIVE, SLICE_LITERAL("montantSubventionPublique"),
					 c->montant_subvention_publique);
	if (!montant_lire(c->montant, &m))
		return;
	if (montant_compare(&m, c->format_decp == 1 ? 0 : 1) < 0)
		releve_noter(releve, R_MONTANT_MINIMUM_SCHEMA, champ, c->montant);
	valider_regles_ministere(releve, &m, champ);
	if (montant_aberrant(&m, REGLES_DECP_QUALITE, c->concession))
		releve_noter(releve, R_MONTANT_DECP_QUALITE, champ, c->montant);
	valider_remplissage(releve, &m, champ);
	/* the value of a concession is a turnover, which months do not explain */
	if (!c->concession)
		valider_montant_duree(releve, &m, champ);
}
