/*
 * record_field.h
 *	  The fields of a DECP record at its top level, under all their names.
 *	  Private to record*.c.
 */
#ifndef SPASER_RECORD_FIELD_H
#define SPASER_RECORD_FIELD_H

#include <stdbool.h>

typedef enum RecordField
{
	F_TYPE, F_TYPE_CONTRAT, F_ID, F_UID, F_SOURCE,
	F_ACHETEUR, F_ACHETEUR_ID, F_ACHETEUR_NOM,
	F_AUTORITE, F_AUTORITE_ID, F_AUTORITE_NOM,
	F_NATURE, F_OBJET, F_CODE_CPV, F_PROCEDURE,
	F_LIEU, F_LIEU_CODE, F_LIEU_TYPE_CODE, F_LIEU_NOM,
	F_DUREE_MOIS, F_DATE_NOTIFICATION, F_DATE_SIGNATURE, F_DATE_PUBLICATION, F_DATE_DEBUT,
	F_MONTANT, F_VALEUR_GLOBALE, F_SUBVENTION, F_FORME_PRIX, F_TYPES_PRIX,
	F_TECHNIQUES, F_MODALITES, F_ID_ACCORD_CADRE, F_MARCHE_INNOVANT, F_CCAG,
	F_OFFRES_RECUES, F_ATTRIBUTION_AVANCE, F_TAUX_AVANCE, F_TYPE_GROUPEMENT,
	F_SOUS_TRAITANCE, F_ORIGINE_UE, F_ORIGINE_FRANCE,
	F_CONSIDERATIONS_SOCIALES, F_CONSIDERATIONS_ENVIRONNEMENTALES,
	F_TITULAIRES, F_CONCESSIONNAIRES, F_MODIFICATIONS, F_ACTES, F_MODIFICATIONS_ACTES,
	F_DONNEES_EXECUTION,
	F_COUNT
} RecordField;

typedef struct RecordFieldInfo
{
	const char *nom;			/* as the standard writes it */
	bool		v2;				/* format v1 has no such field */
	bool		structure;		/* an object or a list, which some exports write as a text */
} RecordFieldInfo;

extern const RecordFieldInfo record_fields[F_COUNT];

/* Field of a key folded by json_key_fold, or -1 */
extern int	record_field_find(const char *folded);

/* The buyer as a whole; and its id or name as a key of its own */
extern bool record_field_is_buyer(int field);
extern bool record_field_is_buyer_part(int field);

/* Holder columns of flat exports: titulaire_id, titulaires_typeIdentifiant_2... */
#define FLAT_TITULAIRES_MAX 10
typedef enum FlatPart
{
	FLAT_ID, FLAT_TYPE, FLAT_NOM, FLAT_PARTS
} FlatPart;

extern bool record_flat_titulaire(const char *folded, int *rang, FlatPart *part);

#endif							/* SPASER_RECORD_FIELD_H */
