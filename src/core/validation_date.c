/*
 * validation_date.c
 *	  Rules on the dates of a contract. No date of today has a part in them: a
 *	  record is judged alike whenever it is read.
 */
#include "calendrier.h"
#include "validation.h"

/* decp-qualite's reading of two months */
#define DELAI_JOURS 62

/* 2024-01-01: from there on contracts are published in format v2 */
#define FORMAT_V2 8766

void
releve_noter_date(Releve *releve, RegleId regle, Slice champ, int32_t date)
{
	char	   *texte;

	if (releve_plein(releve, regle))
		return;
	texte = releve->memory->alloc(releve->memory->context, DATE_TEXTE + 1);
	date_texte(date, texte);
	releve_noter(releve, regle, champ, (Slice) {texte, DATE_TEXTE});
}

static void
valider_publication(Releve *releve)
{
	const DecpContrat *c = releve->contrat;
	const Slice champ = SLICE_LITERAL("datePublicationDonnees");
	int32_t		notification = c->date_notification;
	int32_t		publication = c->date_publication_donnees;

	if (!date_utilisable(publication))
		return;
	/* concessions are published before they begin, whenever they were signed */
	if (c->concession && date_utilisable(c->date_debut_execution) && publication > c->date_debut_execution)
		releve_noter_date(releve, R_PUBLICATION_APRES_DEBUT, champ, publication);
	if (!date_utilisable(notification))
		return;
	if (publication < notification)
		releve_noter_date(releve, R_PUBLICATION_AVANT_NOTIFICATION, champ, publication);
	else if (!c->concession)
	{
		if (publication - notification > DELAI_JOURS)
			releve_noter_date(releve, R_PUBLICATION_62_JOURS, champ, publication);
		if (publication > date_deux_mois_apres(notification))
			releve_noter_date(releve, R_PUBLICATION_2_MOIS, champ, publication);
	}
}

void
valider_dates(Releve *releve)
{
	const DecpContrat *c = releve->contrat;

	valider_publication(releve);
	if (!date_utilisable(c->date_notification))
		return;
	if (date_utilisable(c->date_debut_execution) && c->date_debut_execution < c->date_notification)
		releve_noter_date(releve, R_DEBUT_AVANT_SIGNATURE, SLICE_LITERAL("dateDebutExecution"),
						  c->date_debut_execution);
	if (c->format_decp == 1 && c->date_notification >= FORMAT_V2)
		releve_noter_date(releve, R_FORMAT_V1_APRES_2024,
						  c->concession ? SLICE_LITERAL("dateSignature") : SLICE_LITERAL("dateNotification"),
						  c->date_notification);
}
