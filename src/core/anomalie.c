/*
 * anomalie.c
 *	  The anomalies of one record.
 */
#include <stdio.h>

#include "anomalie.h"
#include "utf8.h"

bool
releve_plein(const Releve *releve, RegleId regle)
{
	return releve->nombre[regle] == ANOMALIES_PAR_REGLE;
}

void
releve_noter(Releve *releve, RegleId regle, Slice champ, Slice valeur)
{
	DecpContrat *contrat = releve->contrat;

	if (releve_plein(releve, regle))
		return;
	releve->nombre[regle]++;
	if (contrat->nanomalies == releve->capacite)
	{
		releve->capacite = releve->capacite > 0 ? releve->capacite * 2 : 4;
		contrat->anomalies = releve->memory->resize(releve->memory->context, contrat->anomalies,
													(size_t) releve->capacite * sizeof(DecpAnomalie));
	}
	if (valeur.data != NULL)
		valeur.len = utf8_clip(valeur.data, valeur.len, ANOMALIE_VALEUR_MAX);
	contrat->anomalies[contrat->nanomalies++] = (DecpAnomalie) {regle, champ, valeur};
}

void
releve_noter_entier(Releve *releve, RegleId regle, Slice champ, int valeur)
{
	const size_t size = 16;
	char	   *texte;

	if (releve_plein(releve, regle))
		return;
	texte = releve->memory->alloc(releve->memory->context, size);
	releve_noter(releve, regle, champ,
				 (Slice) {texte, (size_t) snprintf(texte, size, "%d", valeur)});
}
