/*
 * validation_suite.c
 *	  Rules on what follows a contract: modifications and subcontracting.
 */
#include <stdio.h>

#include "calendrier.h"
#include "validation.h"

/* Deeds times their modifications that are compared; no contract comes near it */
#define COMPARAISONS_MAX 1000000

/* ---- order ---- */

/* Sign of a - b, what is missing last, as ORDER BY has it */
static int
ordre_date(int32_t a, int32_t b)
{
	if (a == b)
		return 0;
	if (a == DATE_NONE || b == DATE_NONE)
		return a == DATE_NONE ? 1 : -1;
	return a < b ? -1 : 1;
}

static bool
chiffres(Slice texte)
{
	for (size_t i = 0; i < texte.len; i++)
		if (texte.data[i] < '0' || texte.data[i] > '9')
			return false;
	return texte.len > 0;
}

/* 2 before 10; what is no number, as text */
static int
ordre_id(Slice a, Slice b)
{
	size_t		len = a.len < b.len ? a.len : b.len;
	int			cmp;

	if (a.data == NULL || b.data == NULL)
		return (a.data == NULL) - (b.data == NULL);
	if (chiffres(a) && chiffres(b) && a.len != b.len)
		return a.len < b.len ? -1 : 1;
	cmp = memcmp(a.data, b.data, len);
	return cmp != 0 ? cmp : (a.len > b.len) - (a.len < b.len);
}

static int32_t
date_ordre(int32_t notification, int32_t publication)
{
	return notification != DATE_NONE ? notification : publication;
}

/* Does b come after a, or at the same place? The order of the record is the last word. */
static bool
modification_suit(const DecpModification *a, const DecpModification *b)
{
	int			cmp = ordre_date(date_ordre(a->date_notification, a->date_publication_donnees),
								 date_ordre(b->date_notification, b->date_publication_donnees));

	if (cmp == 0)
		cmp = ordre_id(a->id, b->id);
	if (cmp == 0)
		cmp = ordre_date(a->date_publication_donnees, b->date_publication_donnees);
	return cmp <= 0;
}

/* ---- modifications ---- */

/* A new amount of 1 euro or less is no amount */
static bool
montant_nouveau(Slice montant)
{
	Montant		m;

	return montant_lire(montant, &m) && montant_compare(&m, 1) > 0;
}

/* The latest modification that has an amount, or -1 */
static int
dernier_changement(const DecpContrat *c)
{
	int			dernier = -1;

	for (int i = 0; i < c->nmodifications; i++)
		if (montant_nouveau(c->modifications[i].montant) &&
			(dernier < 0 || modification_suit(&c->modifications[dernier], &c->modifications[i])))
			dernier = i;
	return dernier;
}

Slice
contrat_dernier_montant(const DecpContrat *c)
{
	int			dernier = dernier_changement(c);

	return dernier >= 0 ? c->modifications[dernier].montant : c->montant;
}

static void
valider_modification(Releve *releve, int i)
{
	const DecpContrat *c = releve->contrat;
	const DecpModification *m = &c->modifications[i];
	int32_t		notification = m->date_notification;
	int32_t		publication = m->date_publication_donnees;

	if (m->montant.data != NULL && !montant_nouveau(m->montant))
		releve_noter(releve, R_MODIFICATION_MONTANT,
					 champ_indice(releve, "modifications", i, c->concession ? "valeurGlobale" : "montant"),
					 m->montant);
	if (m->duree_mois != INT_NONE && m->duree_mois < 1)
		releve_noter_entier(releve, R_DUREE_MINIMUM, champ_indice(releve, "modifications", i, "dureeMois"),
							m->duree_mois);
	if (date_utilisable(notification) && date_utilisable(c->date_notification) &&
		notification < c->date_notification)
		releve_noter_date(releve, R_MODIFICATION_ANTERIEURE,
						  champ_indice(releve, "modifications", i, "dateNotificationModification"), notification);
	if (!date_utilisable(notification) || !date_utilisable(publication))
		return;
	if (publication < notification)
		releve_noter_date(releve, R_MODIFICATION_PUBLICATION_AVANT,
						  champ_indice(releve, "modifications", i, "datePublicationDonneesModification"),
						  publication);
	else if (publication > date_deux_mois_apres(notification))
		releve_noter_date(releve, R_MODIFICATION_PUBLICATION_2_MOIS,
						  champ_indice(releve, "modifications", i, "datePublicationDonneesModification"),
						  publication);
}

void
valider_modifications(Releve *releve)
{
	const DecpContrat *c = releve->contrat;
	int			dernier;
	Micros		premier;
	Micros		actuel;

	if (c->nmodifications == 0)
		return;
	for (int i = 0; i < c->nmodifications; i++)
		valider_modification(releve, i);
	dernier = dernier_changement(c);
	if (dernier >= 0 && montant_nouveau(c->montant) && montant_micros(c->montant, &premier) &&
		montant_micros(c->modifications[dernier].montant, &actuel) && 2 * actuel < premier)
		releve_noter(releve, R_MODIFICATION_INCREMENT,
					 champ_indice(releve, "modifications", dernier, c->concession ? "valeurGlobale" : "montant"),
					 c->modifications[dernier].montant);
}

/* ---- subcontracting ---- */

/* Amount of a deed: of its latest modification that has one, else its own */
static Slice
acte_montant(const DecpContrat *c, const DecpActe *acte)
{
	const DecpModificationActe *derniere = NULL;

	for (int i = 0; i < c->nmodifications_actes && acte->id.data != NULL; i++)
	{
		const DecpModificationActe *m = &c->modifications_actes[i];

		if (m->montant.data != NULL && slice_equal(m->id, acte->id) &&
			(derniere == NULL ||
			 ordre_date(date_ordre(derniere->date_notification, derniere->date_publication_donnees),
						date_ordre(m->date_notification, m->date_publication_donnees)) <= 0))
			derniere = m;
	}
	return derniere ? derniere->montant : acte->montant;
}

/* Euros, rounded down */
static Slice
micros_texte(Releve *releve, Micros micros)
{
	const size_t size = 40;
	char	   *fin = (char *) releve->memory->alloc(releve->memory->context, size) + size;
	char	   *p = fin;

	micros /= 1000000;
	do
	{
		*--p = (char) ('0' + (int) (micros % 10));
		micros /= 10;
	} while (micros > 0);
	return (Slice) {p, (size_t) (fin - p)};
}

static void
valider_montant_sous_traite(Releve *releve)
{
	const DecpContrat *c = releve->contrat;
	Micros		total;
	Micros		somme = 0;

	if (!montant_micros(contrat_dernier_montant(c), &total) || total <= 0)
		return;
	for (int i = 0; i < c->nactes; i++)
	{
		Micros		acte;

		/* negative ones give no sum to compare */
		if (montant_micros(acte_montant(c, &c->actes[i]), &acte) && acte > 0)
			somme += acte;
	}
	if (somme > total)
		releve_noter(releve, R_SOUS_TRAITANCE_MONTANT, SLICE_LITERAL("actesSousTraitance"),
					 micros_texte(releve, somme));
}

void
valider_sous_traitance(Releve *releve)
{
	const DecpContrat *c = releve->contrat;

	if (c->nactes > 0 && c->sous_traitance_declaree == TRI_NO)
		releve_noter_entier(releve, R_SOUS_TRAITANCE_CONTRADICTOIRE, SLICE_LITERAL("sousTraitanceDeclaree"),
							c->nactes);
	if ((int64_t) c->nactes * c->nmodifications_actes > COMPARAISONS_MAX)
		return;
	if (c->nactes > 0)
		valider_montant_sous_traite(releve);
	for (int i = 0; i < c->nmodifications_actes; i++)
	{
		int			k = 0;

		while (k < c->nactes && !slice_equal(c->actes[k].id, c->modifications_actes[i].id))
			k++;
		if (k == c->nactes)
			releve_noter(releve, R_ACTE_INCONNU,
						 champ_indice(releve, "modificationsActesSousTraitance", i, "id"),
						 c->modifications_actes[i].id);
	}
}
