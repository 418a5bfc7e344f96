/*
 * lecteur_profil.c
 *	  The profil of a record that the reader has read.
 */
#include "compat.h"

#include <math.h>

#include "lecteur.h"

/* Decimal text as a double, for range checks only */
static double
decimal_double(Slice s)
{
	char		buffer[64];

	if (s.data == NULL || s.len >= sizeof(buffer))
		return NAN;
	memcpy(buffer, s.data, s.len);
	buffer[s.len] = '\0';
	return strtod(buffer, NULL);
}

/* The profil of a record as read, by the ministry's rules on amounts */
void
contrat_profil(const DecpContrat *c, Profil *profil)
{
	ProfilFacts f;

	profil_facts_init(&f);
	f.type_contrat = c->concession ? SLICE_LITERAL("concession") : SLICE_LITERAL("marche");
	f.format_decp = c->format_decp;
	f.nature = c->nature;
	f.procedure = c->procedure;
	f.techniques = c->techniques;
	f.modalites_execution = c->modalites_execution;
	f.types_prix = c->types_prix;
	f.considerations_sociales = c->considerations_sociales;
	f.considerations_environnementales = c->considerations_environnementales;
	f.forme_prix = c->forme_prix;
	f.ccag = c->ccag;
	f.type_groupement_operateurs = c->type_groupement_operateurs;
	f.id_accord_cadre = c->id_accord_cadre;
	f.marche_innovant = c->marche_innovant;
	f.attribution_avance = c->attribution_avance;
	f.sous_traitance_declaree = c->sous_traitance_declaree;
	f.actes_sous_traitance = c->nactes;
	f.offres_recues = c->offres_recues == INT_NONE ? -1 : c->offres_recues;
	f.code_cpv = c->code_cpv;
	f.origine_ue = decimal_double(c->origine_ue);
	f.origine_france = decimal_double(c->origine_france);
	f.montant = c->montant;
	f.duree_mois = c->duree_mois;
	f.date_notification = c->date_notification;
	f.date_publication_donnees = c->date_publication_donnees;
	f.modifications = c->nmodifications;
	f.titulaires = c->ntitulaires;
	profil_build(&f, REGLES_MINISTERE, profil);
}
