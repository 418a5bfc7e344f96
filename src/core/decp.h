/*
 * decp.h
 *	  One DECP record, marché or concession, of any version, as read: what the
 *	  tables hold, before it becomes rows.
 *
 * Text is UTF-8 without U+0000. A field that is absent, null, a sentinel ("",
 * "NC", "nan"...) or unreadable is absent here; the raw text of what was
 * present but unreadable is in bruts. Where marchés and concessions name the
 * same thing differently there is one field: acheteur (or autoriteConcedante),
 * montant (or valeurGlobale), date_notification (or dateSignature), titulaires
 * (or concessionnaires).
 */
#ifndef SPASER_DECP_H
#define SPASER_DECP_H

#include "profil.h"
#include "regle.h"
#include "slice.h"

#define INT_NONE INT32_MIN

typedef struct DecpTitulaire
{
	Slice		type_identifiant;	/* official label, or as published if unknown */
	Slice		identifiant;	/* without spaces, dots, hyphens; in capitals */
	Slice		denomination_sociale;
} DecpTitulaire;

typedef struct DecpModification
{
	Slice		id;
	Slice		objet;			/* v1 objetModification */
	int			duree_mois;		/* INT_NONE: unchanged */
	Slice		montant;		/* decimal text; absent: unchanged */
	int32_t		date_notification;	/* or signature */
	int32_t		date_publication_donnees;
	DecpTitulaire *titulaires;
	int			ntitulaires;
} DecpModification;

typedef struct DecpActe
{
	Slice		id;
	DecpTitulaire sous_traitant;
	int			duree_mois;
	int32_t		date_notification;
	int32_t		date_publication_donnees;
	Slice		montant;
	Slice		variation_prix;
} DecpActe;

typedef struct DecpModificationActe
{
	Slice		id;				/* of the deed that it modifies */
	int			duree_mois;
	int32_t		date_notification;
	int32_t		date_publication_donnees;
	Slice		montant;
} DecpModificationActe;

typedef struct DecpTarif
{
	Slice		intitule;
	Slice		tarif;			/* decimal text */
} DecpTarif;

typedef struct DecpDonneeExecution
{
	int32_t		date_publication_donnees;
	Slice		depenses_investissement;	/* decimal text */
	DecpTarif  *tarifs;
	int			ntarifs;
} DecpDonneeExecution;

/* A value that was there and could not be read: "modifications[1].montant" -> its text */
typedef struct DecpBrut
{
	Slice		chemin;
	Slice		texte;
} DecpBrut;

/* What a rule has against the record: the field as published, and its value */
typedef struct DecpAnomalie
{
	RegleId		regle;
	Slice		champ;			/* absent: the record as a whole */
	Slice		valeur;
} DecpAnomalie;

typedef struct DecpContrat
{
	bool		concession;
	int			format_decp;	/* 1 or 2 */
	Slice		encodage;		/* "windows-1252" when bytes that are not UTF-8 were read so; else absent */
	Slice		id;
	Slice		uid;
	Slice		source;
	Slice		acheteur_id;	/* cleaned */
	Slice		acheteur_nom;
	Slice		nature;			/* official label when recognised, else as published; so for every closed list */
	Slice		objet;
	Slice		code_cpv;		/* 8 digits when readable (check digit dropped), else as published */
	Slice		procedure;
	Slice		lieu_execution_code;
	Slice		lieu_execution_type_code;
	Slice		lieu_execution_nom;
	int			duree_mois;		/* INT_NONE */
	int32_t		date_notification;	/* DATE_NONE */
	int32_t		date_publication_donnees;
	int32_t		date_debut_execution;
	Slice		montant;		/* decimal text: [-]digits[.digits], at most 30 digits, no exponent */
	Slice		montant_subvention_publique;
	Slice		forme_prix;
	SliceList	types_prix;
	SliceList	techniques;
	SliceList	modalites_execution;
	Slice		id_accord_cadre;
	Trilean		marche_innovant;
	Slice		ccag;
	int			offres_recues;	/* INT_NONE */
	Trilean		attribution_avance;
	Slice		taux_avance;	/* decimal text */
	Slice		type_groupement_operateurs;
	Trilean		sous_traitance_declaree;
	Slice		origine_ue;		/* decimal text */
	Slice		origine_france;
	SliceList	considerations_sociales;
	SliceList	considerations_environnementales;
	DecpTitulaire *titulaires;	/* distinct */
	int			ntitulaires;
	DecpModification *modifications;
	int			nmodifications;
	DecpActe   *actes;
	int			nactes;
	DecpModificationActe *modifications_actes;
	int			nmodifications_actes;
	DecpDonneeExecution *donnees_execution;
	int			ndonnees_execution;
	DecpAnomalie *anomalies;
	int			nanomalies;
	DecpBrut   *bruts;
	int			nbruts;
	int			nchamps;		/* fields of the record that are filled: completeness, for choosing among copies */
} DecpContrat;

#endif							/* SPASER_DECP_H */
