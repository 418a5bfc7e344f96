/*
 * nomenclature.h
 *	  The closed lists of values of the DECP formats, and how a text is
 *	  recognised in them whatever its case, accents and apostrophes.
 */
#ifndef SPASER_NOMENCLATURE_H
#define SPASER_NOMENCLATURE_H

#include "slice.h"

typedef enum Nomenclature
{
	NOM_NATURE,					/* v1 and v2, marchés and concessions */
	NOM_PROCEDURE,				/* marchés and concessions */
	NOM_CONSIDERATION_SOCIALE,
	NOM_CONSIDERATION_ENVIRONNEMENTALE,
	NOM_TECHNIQUE,
	NOM_MODALITE_EXECUTION,
	NOM_TYPE_PRIX,				/* also v1 formePrix: Ferme, Révisable... */
	NOM_FORME_PRIX,				/* Unitaire, Forfaitaire, Mixte */
	NOM_CCAG,
	NOM_TYPE_GROUPEMENT,
	NOM_TYPE_IDENTIFIANT,
	NOM_TYPE_CODE_LIEU,
	NOM_VARIATION_PRIX,
	NOM_COUNT
} Nomenclature;

/* Indexes of values that a format turns into other attributes, or that rules look at */
enum
{
	NATURE_CONCESSION = 3,		/* the first of concessions, which end before the next */
	NATURE_ACCORD_CADRE = 7,	/* v1 only: a marché with the technique accord-cadre */
	NATURE_MARCHE_SUBSEQUENT = 8,	/* v1 only: a marché, subsequent, without link */
	MODALITE_MIXTE = 4,			/* 2.0.0 only: purchase orders and subsequent contracts */
	PROCEDURE_CONCESSION = 6,	/* the first of concessions */
	TECHNIQUE_ACCORD_CADRE = 0,
	TECHNIQUE_AUCUNE = 6,
	MODALITE_AUCUNE = 3,
	SOCIALE_AUCUNE = 3,
	ENVIRONNEMENTALE_AUCUNE = 2,
	GROUPEMENT_AUCUN = 2,
	LIEU_CODE_POSTAL = 0,
	LIEU_CODE_COMMUNE = 1,
	LIEU_CODE_DEPARTEMENT = 4
};

static inline bool
nature_concession(int nature)
{
	return nature >= NATURE_CONCESSION && nature < NATURE_ACCORD_CADRE;
}

/* One legal value. Its index in its list is stable only within a build. */
typedef struct NomenclatureValue
{
	const char *nom;			/* snake_case name used by profil and canevas */
	const char *libelle;		/* official label of format v2 (v1 where v2 has none) */
} NomenclatureValue;

/*
 * Fold a UTF-8 text: no accents, lower case, every run of anything but a
 * letter or digit becomes one space, trimmed. U+FFFD becomes '?'. Writes at
 * most size bytes, returns the length that the whole folded text has.
 */
extern size_t nomenclature_fold(Slice text, char *out, size_t size);

/*
 * Index of a text in a list, or -1. The text may be the official label of any
 * version, one of its known spellings, or the snake_case name; U+FFFD matches
 * any one character.
 */
extern int	nomenclature_match(Nomenclature list, Slice text);
/* Written exactly as some version of the schemas writes a value of the list */
extern bool nomenclature_officielle(Nomenclature list, Slice text);
extern int	nomenclature_count(Nomenclature list);
extern const NomenclatureValue *nomenclature_value(Nomenclature list, int index);

#endif							/* SPASER_NOMENCLATURE_H */
