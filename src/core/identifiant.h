/*
 * identifiant.h
 *	  Identifiers of buyers and holders: SIRET, SIREN, intra-community VAT, and
 *	  the other types of the DECP formats.
 *
 * All take identifiers already cleaned (identifiant_nettoyer), in capitals.
 */
#ifndef SPASER_IDENTIFIANT_H
#define SPASER_IDENTIFIANT_H

#include "slice.h"

/*
 * SIREN of an identifier, or absent: first 9 digits of 14 digits (type SIRET
 * or missing; Luhn is not required), 9 digits declared as SIRET, last 9 of a
 * French VAT number. All zeros is no identifier.
 */
extern Slice identifiant_siren(Slice type_identifiant, Slice identifiant);

/*
 * Without the blanks, dots and hyphens that people put in identifiers, letters
 * in capitals. out has room for texte.len bytes; returns the length.
 */
extern size_t identifiant_nettoyer(Slice texte, char *out);

/* Luhn's sum of a run of digits is a multiple of 10 */
extern bool luhn_valide(const char *chiffres, size_t len);

/* What is wrong with a SIRET; INSEE's key, and La Poste's own rule */
typedef enum SiretDefaut
{
	SIRET_JUSTE,
	SIRET_FORMAT,				/* not 14 digits */
	SIRET_EST_SIREN,			/* 9 digits */
	SIRET_CLE,					/* the key of the 14 digits is wrong */
	SIRET_CLE_SIREN				/* that of the first 9 alone is wrong: it happens */
} SiretDefaut;

extern SiretDefaut siret_defaut(Slice siret);

/* A placeholder: one digit repeated, or 1234567890... */
extern bool identifiant_fictif(Slice identifiant);

extern bool siren_valide(Slice siren);
extern bool siret_valide(Slice siret);
extern bool tva_valide(Slice tva);

/* 1 or 0: has the form of its type or not; -1: not a type that the formats know */
extern int	identifiant_valide(Slice type_identifiant, Slice identifiant);

#endif							/* SPASER_IDENTIFIANT_H */
