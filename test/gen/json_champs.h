/*
 * json_champs.h
 *	  One member of a JSON object: those that a defect may replace (champ_...),
 *	  and plain ones (cle_...).
 */
#ifndef GEN_JSON_CHAMPS_H
#define GEN_JSON_CHAMPS_H

#include "contrat.h"
#include "sortie.h"

/* Key of a field; false when a token was written instead, or the field is to be absent */
static inline bool
champ(Sortie *s, const Contrat *c, Champ champ, const char *cle)
{
	const char *jeton = c->jetons[champ];

	if (jeton == JETON_ABSENT)
		return false;
	json_cle(s, cle);
	if (jeton == NULL)
		return true;
	sortie_texte(s, jeton);
	return false;
}

static inline void
champ_chaine(Sortie *s, const Contrat *c, Champ ch, const char *cle, const char *valeur)
{
	if (champ(s, c, ch, cle))
		json_chaine(s, valeur);
}

static inline void
champ_bool(Sortie *s, const Contrat *c, Champ ch, const char *cle, int valeur)
{
	if (champ(s, c, ch, cle))
		sortie_texte(s, valeur ? "true" : "false");
}

static inline void
champ_entier(Sortie *s, const Contrat *c, Champ ch, const char *cle, int64_t valeur)
{
	if (champ(s, c, ch, cle))
		sortie_entier(s, valeur);
}

static inline void
champ_centiemes(Sortie *s, const Contrat *c, Champ ch, const char *cle, int64_t valeur)
{
	if (champ(s, c, ch, cle))
		sortie_centiemes(s, valeur);
}

static inline void
ecrire_date(Sortie *s, int jours, bool decalee)
{
	sortie_car(s, '"');
	sortie_date(s, jours);
	if (decalee)
	{
		int			annee,
					mois,
					jour;

		date_de(jours, &annee, &mois, &jour);
		sortie_texte(s, mois > 3 && mois < 11 ? "+02:00" : "+01:00");
	}
	sortie_car(s, '"');
}

static inline void
cle_date(Sortie *s, const char *cle, int jours, bool decalee)
{
	json_cle(s, cle);
	ecrire_date(s, jours, decalee);
}

static inline void
champ_date(Sortie *s, const Contrat *c, Champ ch, const char *cle, int jours)
{
	if (champ(s, c, ch, cle))
		ecrire_date(s, jours, c->date_decalee);
}

static inline void
cle_chaine(Sortie *s, const char *cle, const char *valeur)
{
	json_cle(s, cle);
	json_chaine(s, valeur);
}

static inline void
cle_centiemes(Sortie *s, const char *cle, int64_t valeur)
{
	json_cle(s, cle);
	sortie_centiemes(s, valeur);
}

static inline void
cle_entier(Sortie *s, const char *cle, int64_t valeur)
{
	json_cle(s, cle);
	sortie_entier(s, valeur);
}

#endif							/* GEN_JSON_CHAMPS_H */
