/*
 * lecteur.h
 *	  What the files of the DECP reader share: lecteur.c drives,
 *	  lecteur_ligne.c makes rows, lecteur_cle.c makes what
 *	  tells copies from other contracts, and the better copy from the others.
 */
#ifndef SPASER_LECTEUR_H
#define SPASER_LECTEUR_H

#include "postgres.h"

#include "common/cryptohash.h"
#include "funcapi.h"
#include "utils/uuid.h"

#include "core/decp.h"
#include "core/framer.h"
#include "core/record.h"

/* Columns of contrat_lu, in the order of sql/lecteur.sql */
typedef enum ColonneLue
{
	COL_NUMERO, COL_OCTET, COL_TAILLE, COL_MOTIF, COL_DETAIL, COL_TEXTE,
	COL_REPRISE, COL_CLE, COL_FAMILLE, COL_EMPREINTE, COL_PROFIL, COL_TYPE_CONTRAT,
	COL_FORMAT_DECP, COL_ENCODAGE, COL_ID, COL_UID, COL_SOURCE, COL_ACHETEUR_ID,
	COL_ACHETEUR_SIREN, COL_ACHETEUR_NOM, COL_NATURE, COL_OBJET,
	COL_CODE_CPV, COL_PROCEDURE, COL_LIEU_EXECUTION_CODE,
	COL_LIEU_EXECUTION_TYPE_CODE, COL_LIEU_EXECUTION_NOM, COL_DUREE_MOIS,
	COL_DATE_NOTIFICATION, COL_DATE_PUBLICATION_DONNEES,
	COL_DATE_DEBUT_EXECUTION, COL_MONTANT, COL_MONTANT_SUBVENTION_PUBLIQUE,
	COL_FORME_PRIX, COL_TYPES_PRIX, COL_TECHNIQUES, COL_MODALITES_EXECUTION,
	COL_ID_ACCORD_CADRE, COL_MARCHE_INNOVANT, COL_CCAG, COL_OFFRES_RECUES,
	COL_ATTRIBUTION_AVANCE, COL_TAUX_AVANCE, COL_TYPE_GROUPEMENT_OPERATEURS,
	COL_SOUS_TRAITANCE_DECLAREE, COL_ORIGINE_UE, COL_ORIGINE_FRANCE,
	COL_CONSIDERATIONS_SOCIALES, COL_CONSIDERATIONS_ENVIRONNEMENTALES,
	COL_DERNIERE_PUBLICATION, COL_CHAMPS, COL_BRUT, COL_TITULAIRES_IDENTITES, COL_TITULAIRES,
	COL_MODIFICATIONS, COL_ACTES_SOUS_TRAITANCE, COL_MODIFICATIONS_ACTES,
	COL_DONNEES_EXECUTION, COL_ANOMALIES,
	COL_COUNT
} ColonneLue;

/* An array of composites: its element type and that type's row descriptor */
typedef struct ListeLue
{
	Oid			element;
	TupleDesc	desc;
	int16		typlen;
	bool		typbyval;
	char		typalign;
} ListeLue;

typedef struct LigneLue
{
	TupleDesc	desc;
	Tuplestorestate *store;
	ListeLue	titulaires;
	ListeLue	modifications;
	ListeLue	actes;
	ListeLue	modifications_actes;
	ListeLue	donnees_execution;
	ListeLue	tarifs;
	ListeLue	anomalies;
	pg_cryptohash_ctx *hash;
} LigneLue;

/* lecteur_ligne.c */
extern void ligne_init(LigneLue *ligne, TupleDesc desc, Tuplestorestate *store);
extern void ligne_contrat(LigneLue *ligne, const Frame *frame, const DecpContrat *contrat);
extern void ligne_rejet(LigneLue *ligne, const Frame *frame, const char *motif,
						const char *detail, Slice texte);
extern void ligne_reprise(LigneLue *ligne, uint64 octet, bytea *reprise);

/* lecteur_cle.c */
typedef struct ContratCles
{
	pg_uuid_t	cle;
	pg_uuid_t	famille;
	pg_uuid_t	empreinte;
} ContratCles;

extern void contrat_cles(pg_cryptohash_ctx *hash, const DecpContrat *contrat, ContratCles *cles);
extern int32 contrat_derniere_publication(const DecpContrat *contrat);
extern SliceList contrat_identites(const DecpContrat *contrat);

/* lecteur_profil.c */
extern void contrat_profil(const DecpContrat *contrat, Profil *profil);

#endif							/* SPASER_LECTEUR_H */
