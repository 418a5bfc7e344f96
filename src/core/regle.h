/*
 * regle.h
 *	  The rules that judge the records of DECP: one entry per rule, with the
 *	  quality category it counts in, how grave a breach is, the rule sets it
 *	  belongs to and where it comes from.
 *
 * The code is what is stored with an anomaly: it never changes. Rules that need
 * more than one record (portee "ensemble") are listed too, and computed in SQL.
 */
#ifndef SPASER_REGLE_H
#define SPASER_REGLE_H

#include "slice.h"

typedef enum RegleId
{
	/* what is missing */
	R_CHAMP_MANQUANT,
	R_ORIGINE_MANQUANTE,
	R_AVANCE_TAUX_ABSENT,
	/* how values are written */
	R_NOMBRE_ILLISIBLE,
	R_NOMBRE_TEXTE,
	R_TEXTE_NOMBRE,
	R_BOOLEEN_ILLISIBLE,
	R_BOOLEEN_TEXTE,
	R_DATE_ILLISIBLE,
	R_DATE_ANNEE,
	R_DATE_FORMAT,
	R_DATE_FUSEAU,
	R_VALEUR_ILLISIBLE,
	R_CHAMP_DOUBLE,
	R_HORS_LISTE,
	R_LIBELLE_APPROCHANT,
	R_NATURE_TYPE_CONTRAT,
	R_PROCEDURE_TYPE_CONTRAT,
	R_ID_LONGUEUR,
	R_ID_CARACTERES,
	R_ID_SUFFIXE,
	R_UID_INCOHERENT,
	R_OBJET_LONGUEUR,
	R_OBJET_ABIME,
	R_OBJET_ENTITES_HTML,
	R_CPV_FORMAT,
	R_CPV_DIVISION,
	R_CPV_REPARE,
	R_CPV_INCONNU,
	R_DUREE_DECIMALE,
	R_DUREE_MINIMUM,
	R_DUREE_PLAFOND,
	R_LIEU_INCOHERENT,
	/* identifiers */
	R_IDENTIFIANT_NETTOYE,
	R_SIRET_ACHETEUR_FORMAT,
	R_SIRET_ACHETEUR_SIREN,
	R_SIRET_ACHETEUR_LUHN,
	R_SIREN_ACHETEUR_LUHN,
	R_SIRET_ACHETEUR_FICTIF,
	R_SIRET_TITULAIRE_FORMAT,
	R_SIRET_TITULAIRE_SIREN,
	R_SIRET_TITULAIRE_LUHN,
	R_SIREN_TITULAIRE_LUHN,
	R_SIRET_TITULAIRE_FICTIF,
	R_IDENTIFIANT_TITULAIRE_FORMAT,
	R_TYPE_IDENTIFIANT_INCOHERENT,
	R_IDENTIFIANT_SOUS_TRAITANT,
	R_TITULAIRE_DOUBLE,
	R_TITULAIRES_TRONQUES,
	R_TITULAIRE_ACHETEUR,
	/* dates */
	R_DATE_FUTURE,
	R_PUBLICATION_AVANT_NOTIFICATION,
	R_PUBLICATION_62_JOURS,
	R_PUBLICATION_2_MOIS,
	R_PUBLICATION_APRES_DEBUT,
	R_DEBUT_AVANT_SIGNATURE,
	R_FORMAT_V1_APRES_2024,
	/* amounts */
	R_MONTANT_MINIMUM_SCHEMA,
	R_MONTANT_MINIMUM,
	R_MONTANT_PLAFOND,
	R_MONTANT_SEQUENCE,
	R_MONTANT_CHIFFRE_FREQUENT,
	R_MONTANT_DECP_QUALITE,
	R_MONTANT_CHIFFRE_REPETE,
	R_MONTANT_DEFAUT,
	R_MONTANT_MARQUEUR,
	R_MONTANT_EXTREME,
	R_SUBVENTION_NEGATIVE,
	R_MONTANT_DUREE_EGAUX,
	R_MONTANT_DUREE_100,
	R_MONTANT_DUREE_1000,
	R_MONTANT_DUREE_JOURS,
	R_MONTANT_DUREE_120,
	/* other values of format v2 */
	R_ORIGINE_BORNES,
	R_ORIGINE_POURCENTAGE,
	R_ORIGINE_FRANCE_UE,
	R_AVANCE_BORNES,
	R_AVANCE_CONTRADICTOIRE,
	R_OFFRES_ZERO,
	R_OFFRES_PLAFOND,
	R_OFFRES_TITULAIRES,
	R_CONSIDERATIONS_SOCIALES_CONTRADICTOIRES,
	R_CONSIDERATIONS_ENVIRONNEMENTALES_CONTRADICTOIRES,
	R_TECHNIQUES_CONTRADICTOIRES,
	R_MODALITES_CONTRADICTOIRES,
	R_GROUPEMENT_CONTRADICTOIRE,
	R_ACCORD_CADRE_LUI_MEME,
	R_SUBSEQUENT_AVANT_ACCORD_CADRE,
	/* what follows the contract */
	R_MODIFICATION_MONTANT,
	R_MODIFICATION_INCREMENT,
	R_MODIFICATION_ANTERIEURE,
	R_MODIFICATION_PUBLICATION_AVANT,
	R_MODIFICATION_PUBLICATION_2_MOIS,
	R_SOUS_TRAITANCE_CONTRADICTOIRE,
	R_SOUS_TRAITANCE_MONTANT,
	R_ACTE_INCONNU,
	/* the record among others */
	R_CONTRAT_FICTIF,
	R_UID_NON_UNIQUE,
	R_MONTANT_REPETE,
	R_LOT_SUSPECT,
	R_DOUBLON_POSSIBLE,
	R_COUNT
} RegleId;

/* The six categories of decp-qualite */
typedef enum RegleFamille
{
	FAMILLE_VALIDITE,
	FAMILLE_COMPLETUDE,
	FAMILLE_CONFORMITE,
	FAMILLE_EXACTITUDE,
	FAMILLE_COHERENCE,
	FAMILLE_SINGULARITE,
	FAMILLE_COUNT
} RegleFamille;

typedef enum RegleGravite
{
	GRAVITE_ERREUR,				/* the value is wrong, or is not there */
	GRAVITE_AVERTISSEMENT,		/* it is very likely wrong */
	GRAVITE_INFORMATION,		/* it may be right, or was put right */
	GRAVITE_COUNT
} RegleGravite;

/* Rule sets, as bits */
enum
{
	JEU_SCHEMA_V1 = 1 << 0,		/* official schema 1.5.0 (1.4.0 for procedures) */
	JEU_SCHEMA_V2 = 1 << 1,		/* official schema 2.0.3 */
	JEU_MINISTERE = 1 << 2,		/* what the ministry's consolidation excludes */
	JEU_DECP_QUALITE = 1 << 3,
	JEU_ROBUSTE = 1 << 4,		/* ours, above the others */
	JEU_LEGAL = 1 << 5,			/* a duty of the arrêtés, T05's coherence included */
	JEU_COUNT = 6
};

typedef struct Regle
{
	const char *code;
	RegleFamille famille;
	RegleGravite gravite;
	unsigned	jeux;			/* JEU_... */
	bool		ensemble;		/* needs more than one record: computed in SQL */
	const char *attribut;		/* of a profil, that the breach makes unknown (or aberrant); NULL: none */
	const char *libelle;		/* French, for people */
	const char *source;			/* French */
} Regle;

extern const Regle *regle_get(RegleId id);
extern const char *regle_famille_nom(RegleFamille famille);
extern const char *regle_gravite_nom(RegleGravite gravite);
extern const char *regle_jeu_nom(int bit);

#endif							/* SPASER_REGLE_H */
