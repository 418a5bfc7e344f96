/*
 * contrat.h
 *	  A generated contract, before it is written in one format or another.
 */
#ifndef GEN_CONTRAT_H
#define GEN_CONTRAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alea.h"

#define TITULAIRES_MAX 16
#define MODIFICATIONS_MAX 14
#define ACTES_MAX 20
#define DONNEES_MAX 5
#define NUMERO_MAX 99999999

typedef enum Format
{
	FORMAT_V1,
	FORMAT_V2,
	FORMAT_NDJSON,
	FORMAT_PLAT
} Format;

typedef struct Generateur
{
	uint64_t	graine;
	uint32_t	depuis;			/* indices depuis..contrats-1 */
	uint32_t	contrats;		/* NUMERO_MAX when a size was asked for */
	uint32_t	acheteurs;
	uint32_t	titulaires;		/* size of the pool of holders */
	int			annee_debut;
	int			annee_fin;
	int			defauts;		/* percent of records */
	int			defaut_impose;	/* index in defauts_liste, or -1 */
	Format		format;
	bool		indente;
	bool		tables;
} Generateur;

typedef struct Titulaire
{
	const char *type;			/* NULL: key absent */
	char		id[24];
	char		nom[48];
} Titulaire;

typedef struct Modification
{
	int			id;
	int			notification;	/* days since 1970-01-01, like every date here */
	int			publication;
	int			duree;			/* 0: unchanged */
	int64_t		montant;		/* centimes; 0: unchanged */
	int			ntitulaires;	/* 0: unchanged */
	Titulaire	titulaire;
} Modification;

typedef struct Acte
{
	int			id;
	Titulaire	sous_traitant;
	int			duree;
	int			notification;
	int			publication;
	int64_t		montant;
	int			variation;
} Acte;

typedef struct ModificationActe
{
	int			id;
	int			notification;
	int			publication;
	int			duree;
	int64_t		montant;
} ModificationActe;

typedef struct DonneesAnnuelles
{
	int			publication;
	int64_t		depenses;
	int			ntarifs;
	int			intitules[3];
	int64_t		tarifs[3];
} DonneesAnnuelles;

/* Fields whose JSON token a defect may replace or remove */
typedef enum Champ
{
	CH_ID, CH_ACHETEUR, CH_NATURE, CH_OBJET, CH_CPV, CH_PROCEDURE, CH_LIEU, CH_DUREE,
	CH_NOTIFICATION, CH_PUBLICATION, CH_MONTANT, CH_FORME_PRIX, CH_INNOVANT, CH_CCAG,
	CH_OFFRES, CH_AVANCE, CH_TAUX, CH_GROUPEMENT, CH_SOUS_TRAITANCE, CH_ORIGINE_UE,
	CH_ORIGINE_FRANCE, CH_SOCIALES, CH_ENVIRONNEMENTALES, CH_TECHNIQUES, CH_MODALITES,
	CH_TYPES_PRIX, CH_TITULAIRES, CH_MODIFICATIONS, CH_NOMBRE
} Champ;

typedef enum Forme
{
	FORME_NORMALE,				/* as the format wants */
	FORME_INVERSE,				/* flat where wrapped is wanted, wrapped where flat is */
	FORME_MELANGEE,				/* the first flat, the others wrapped */
	FORME_IMBRIQUEE,			/* [[[[...]]]] */
	FORME_OBJET,				/* {"titulaire":[...]} */
	FORME_EXPANSEE,				/* [{"titulaire":[...]}] */
	FORME_DOUBLE				/* [{"modification":{"modification":...}}] */
} Forme;

typedef struct Contrat
{
	uint32_t	numero;
	bool		concession;
	bool		nul;			/* the record is null */
	uint32_t	rang_acheteur;
	char		acheteur[32];
	char		acheteur_nom[96];
	int			departement;
	char		id[32];
	const char *cpv;
	int			type_achat;		/* 0 works, 1 supplies, 2 services */
	int			famille;
	int			nature;
	int			procedure;
	int			lieu_type;
	char		lieu_code[8];
	int			duree;
	int			notification;
	int			publication;
	int			debut_execution;
	int64_t		montant;
	int64_t		subvention;
	int			forme_prix;
	int			types_prix;		/* bit sets, one bit per label */
	int			techniques;
	int			modalites;
	int			sociales;		/* 0: explicit none */
	int			environnementales;
	bool		contradictoire;
	char		id_accord_cadre[32];
	bool		subsequent;
	int			innovant;
	int			ccag;
	int			offres;
	int			avance;
	int			taux;			/* hundredths */
	int			groupement;
	int			sous_traitance;
	int			origine_ue;		/* hundredths; -1: absent */
	int			origine_france;
	int			ntitulaires;
	int			nmodifications;
	int			nactes;
	int			nmodifications_actes;
	int			ndonnees;
	bool		date_decalee;	/* v1: dates carry an offset */
	const char *jetons[CH_NOMBRE];	/* token to write instead; JETON_ABSENT: no key */
	Forme		forme_titulaires;
	Forme		forme_modifications;
	Forme		forme_listes;
	const char *extra;			/* further members, written as they are */
	const char *acheteur_extra;
	/* all that precedes is zeroed for each contract, what follows is counted */
	char		objet[1024];
	Titulaire	titulaires[TITULAIRES_MAX];
	Modification modifications[MODIFICATIONS_MAX];
	Acte		actes[ACTES_MAX];
	ModificationActe modifications_actes[ACTES_MAX];
	DonneesAnnuelles donnees[DONNEES_MAX];
	char		tampon[256];	/* where tokens made up for this contract stand */
} Contrat;

extern const char JETON_ABSENT[];

/* Labels, in the order of the bits and codes above */
extern const char *const lib_nature[];	/* 0..2 v2, 3 Accord-cadre, 4 Marché subséquent */
extern const char *const lib_nature_concession[];
extern const char *const lib_procedure[];
extern const char *const lib_procedure_concession[];
extern const char *const lib_techniques[];
extern const char *const lib_modalites[];
extern const char *const lib_types_prix[];
extern const char *const lib_forme_prix[];
extern const char *const lib_forme_prix_v1[];
extern const char *const lib_ccag[];
extern const char *const lib_groupement[];
extern const char *const lib_sociales[];
extern const char *const lib_sociales_concession[];
extern const char *const lib_environnementales[];
extern const char *const lib_lieu[];
extern const char *const lib_variation[];
extern const char *const lib_tarifs[];

/* mots.c */
extern void mots_objet(Alea *a, Contrat *c);
extern void mots_acheteur(Alea *a, uint32_t categorie, char *nom, size_t taille);
extern void mots_entreprise(Alea *a, char *nom, size_t taille);
extern int	mots_famille(Alea *a, const char **cpv, int *type_achat);

/* Value below which mille per thousand of the draws fall; the list ends at 1000 */
typedef struct Quantile
{
	int			mille;
	int			valeur;
} Quantile;

/* identites.c */
extern int	jour_de(int annee, int mois, int jour);
extern void date_de(int jours, int *annee, int *mois, int *jour);
extern uint32_t zipf_tirer(Alea *a, uint32_t n);
extern void acheteur_tirer(const Generateur *g, Contrat *c);
extern void titulaire_tirer(const Generateur *g, Alea *a, const Contrat *c, Titulaire *t);

/* tirage.c, execution.c, concession.c */
extern int	quantile_tirer(Alea *a, const Quantile *q);
extern void actes_tirer(const Generateur *g, Alea *a, Contrat *c);
extern void contrat_tirer(const Generateur *g, uint32_t numero, Contrat *c);
extern void contrat_base(const Generateur *g, uint32_t numero, Contrat *c);
extern void contrat_modifier(const Generateur *g, Alea *a, Contrat *c);
extern void concession_corps(const Generateur *g, Alea *a, Contrat *c);
extern bool contrat_est_concession(uint32_t numero);
extern int64_t montant_tirer(Alea *a);

/* defauts.c */
typedef struct DefautSpec
{
	const char *nom;
	int			poids;
	const char *quoi;
} DefautSpec;

extern const DefautSpec defauts_liste[];
extern const int defauts_nombre;
extern int	defaut_choisir(const Generateur *g, uint32_t numero);	/* -1: none */
extern bool defaut_est_copie(int defaut, bool *relivraison);
extern void defaut_appliquer(const Generateur *g, Alea *a, int defaut, Contrat *c);

#endif							/* GEN_CONTRAT_H */
