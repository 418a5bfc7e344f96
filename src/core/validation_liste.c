/*
 * validation_liste.c
 *	  Rules on what format v2 asks beside the contract: origins, advance, bids,
 *	  closed lists that contradict themselves, groups and frameworks.
 */
#include "cpv.h"
#include "nomenclature.h"
#include "validation.h"

#define OFFRES_MAX 500

static bool
contient(const SliceList *list, Nomenclature nomenclature, int valeur)
{
	for (int i = 0; i < list->count; i++)
		if (nomenclature_match(nomenclature, list->items[i]) == valeur)
			return true;
	return false;
}

Trilean
contrat_accord_cadre(const DecpContrat *c)
{
	if (nomenclature_match(NOM_NATURE, c->nature) == NATURE_ACCORD_CADRE ||
		contient(&c->techniques, NOM_TECHNIQUE, TECHNIQUE_ACCORD_CADRE))
		return TRI_YES;
	return c->format_decp == 1 || c->techniques.present ? TRI_NO : TRI_UNKNOWN;
}

/* The value that says "none" beside another that is recognised */
static void
valider_contradiction(Releve *releve, RegleId regle, const char *champ, const SliceList *list,
					  Nomenclature nomenclature, int aucune)
{
	bool		autre = false;

	if (list->count < 2 || !contient(list, nomenclature, aucune))
		return;
	for (int i = 0; i < list->count; i++)
	{
		int			index = nomenclature_match(nomenclature, list->items[i]);

		autre |= index >= 0 && index != aucune;
	}
	if (autre)
		releve_noter(releve, regle, slice_from(champ),
					 slice_from(nomenclature_value(nomenclature, aucune)->libelle));
}

/* ---- origins ---- */

static void
valider_part(Releve *releve, Slice champ, Slice part)
{
	Montant		m;

	if (!montant_lire(part, &m) || (montant_compare(&m, 0) >= 0 && montant_compare(&m, 1) <= 0))
		return;
	releve_noter(releve, R_ORIGINE_BORNES, champ, part);
	if (montant_compare(&m, 1) > 0 && montant_compare(&m, 100) <= 0)
		releve_noter(releve, R_ORIGINE_POURCENTAGE, champ, part);
}

static void
valider_origines(Releve *releve)
{
	const DecpContrat *c = releve->contrat;
	const Slice ue = SLICE_LITERAL("origineUE");
	const Slice france = SLICE_LITERAL("origineFrance");
	Montant		mue;
	Montant		mfrance;

	valider_part(releve, ue, c->origine_ue);
	valider_part(releve, france, c->origine_france);
	if (montant_lire(c->origine_ue, &mue) && montant_lire(c->origine_france, &mfrance) &&
		montant_ordre(&mfrance, &mue) > 0)
		releve_noter(releve, R_ORIGINE_FRANCE_UE, france, c->origine_france);
	if (c->format_decp == 2 && !c->concession && cpv_origine_attendue(cpv_lire(c->code_cpv)))
	{
		if (c->origine_ue.data == NULL)
			releve_noter(releve, R_ORIGINE_MANQUANTE, ue, SLICE_NONE);
		if (c->origine_france.data == NULL)
			releve_noter(releve, R_ORIGINE_MANQUANTE, france, SLICE_NONE);
	}
}

/* ---- advance, bids, groups ---- */

static void
valider_avance(Releve *releve)
{
	const DecpContrat *c = releve->contrat;
	const Slice champ = SLICE_LITERAL("tauxAvance");
	Montant		taux;

	if (!montant_lire(c->taux_avance, &taux))
	{
		if (c->attribution_avance == TRI_YES)
			releve_noter(releve, R_AVANCE_TAUX_ABSENT, champ, SLICE_NONE);
		return;
	}
	if (montant_compare(&taux, 0) < 0 || montant_compare(&taux, 1) > 0)
		releve_noter(releve, R_AVANCE_BORNES, champ, c->taux_avance);
	if (c->attribution_avance == TRI_NO && montant_compare(&taux, 0) > 0)
		releve_noter(releve, R_AVANCE_CONTRADICTOIRE, champ, c->taux_avance);
	/* the schema says that 0 stands for a rate that is not known */
	if (c->attribution_avance == TRI_YES && montant_compare(&taux, 0) == 0)
		releve_noter(releve, R_AVANCE_TAUX_ABSENT, champ, c->taux_avance);
}

static void
valider_offres(Releve *releve)
{
	const DecpContrat *c = releve->contrat;
	const Slice champ = SLICE_LITERAL("offresRecues");

	if (c->offres_recues == INT_NONE)
		return;
	if (c->offres_recues == 0)
		releve_noter_entier(releve, R_OFFRES_ZERO, champ, c->offres_recues);
	else if (c->offres_recues > OFFRES_MAX)
		releve_noter_entier(releve, R_OFFRES_PLAFOND, champ, c->offres_recues);
	/* holders of one group made one bid; those of a framework made one each */
	else if (c->offres_recues < c->ntitulaires && contrat_accord_cadre(c) == TRI_YES &&
			 nomenclature_match(NOM_TYPE_GROUPEMENT, c->type_groupement_operateurs) == GROUPEMENT_AUCUN)
		releve_noter_entier(releve, R_OFFRES_TITULAIRES, champ, c->offres_recues);
}

static void
valider_groupement(Releve *releve)
{
	const DecpContrat *c = releve->contrat;

	if (c->ntitulaires > 1 && c->type_groupement_operateurs.data != NULL &&
		nomenclature_match(NOM_TYPE_GROUPEMENT, c->type_groupement_operateurs) == GROUPEMENT_AUCUN &&
		contrat_accord_cadre(c) == TRI_NO)
		releve_noter_entier(releve, R_GROUPEMENT_CONTRADICTOIRE, SLICE_LITERAL("typeGroupementOperateurs"),
							c->ntitulaires);
}

void
valider_listes(Releve *releve)
{
	const DecpContrat *c = releve->contrat;

	valider_origines(releve);
	valider_avance(releve);
	valider_offres(releve);
	valider_groupement(releve);
	valider_contradiction(releve, R_CONSIDERATIONS_SOCIALES_CONTRADICTOIRES, "considerationsSociales",
						  &c->considerations_sociales, NOM_CONSIDERATION_SOCIALE, SOCIALE_AUCUNE);
	valider_contradiction(releve, R_CONSIDERATIONS_ENVIRONNEMENTALES_CONTRADICTOIRES,
						  "considerationsEnvironnementales", &c->considerations_environnementales,
						  NOM_CONSIDERATION_ENVIRONNEMENTALE, ENVIRONNEMENTALE_AUCUNE);
	valider_contradiction(releve, R_TECHNIQUES_CONTRADICTOIRES, "techniques", &c->techniques,
						  NOM_TECHNIQUE, TECHNIQUE_AUCUNE);
	valider_contradiction(releve, R_MODALITES_CONTRADICTOIRES, "modalitesExecution", &c->modalites_execution,
						  NOM_MODALITE_EXECUTION, MODALITE_AUCUNE);
	if (c->id.data != NULL && c->id_accord_cadre.data != NULL && slice_equal(c->id, c->id_accord_cadre))
		releve_noter(releve, R_ACCORD_CADRE_LUI_MEME, SLICE_LITERAL("idAccordCadre"), c->id_accord_cadre);
}
