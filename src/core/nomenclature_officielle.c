/*
 * nomenclature_officielle.c
 *	  Spellings that some official schema has beside the labels of the lists.
 */
#include "nomenclature.h"

static const struct
{
	Nomenclature list;
	const char *libelle;
}			officielles[] = {
	/* format 1.4 */
	{NOM_PROCEDURE, "Procédure concurrentielle avec négociation"},
	{NOM_PROCEDURE, "Procédure négociée avec mise en concurrence préalable"},
	{NOM_PROCEDURE, "Marché négocié sans publicité ni mise en concurrence préalable"},
	/* formePrix of format 1 */
	{NOM_TYPE_PRIX, "Ferme"},
	{NOM_TYPE_PRIX, "Ferme et actualisable"},
	{NOM_TYPE_PRIX, "Révisable"},
	/* concessions */
	{NOM_CONSIDERATION_SOCIALE, "Concession réservée"},
	/* drafts 2.0.0 and 2.0.1 */
	{NOM_TECHNIQUE, "Système d’acquisition dynamique"},
	{NOM_CCAG, "Maitrise d’œuvre"},
	{NOM_CCAG, "Maîtrise d'œuvre"},
	{NOM_CCAG, "Maîtrise d’œuvre"},
	{NOM_CCAG, "Techniques de l’information et de la communication"},
	{NOM_MODALITE_EXECUTION, "Marché à tranches"},
	{NOM_MODALITE_EXECUTION, "Bon de commande"},
	{NOM_MODALITE_EXECUTION, "Marché subséquent"},
};

bool
nomenclature_officielle(Nomenclature list, Slice text)
{
	for (int i = 0; i < nomenclature_count(list); i++)
		if (slice_is(text, nomenclature_value(list, i)->libelle))
			return true;
	for (size_t i = 0; i < sizeof(officielles) / sizeof(officielles[0]); i++)
		if (officielles[i].list == list && slice_is(text, officielles[i].libelle))
			return true;
	return false;
}
