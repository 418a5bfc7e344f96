/*
 * profil.h
 *	  What is known of a contract, as 16 bytes: one field of a few bits per
 *	  attribute that indicators look at, 0 meaning unknown in every field.
 *
 * A profil is of one of two levels (niveau): of a contract, or of an attribution,
 * that is a contract and one of its holders. Most attributes are of both; those
 * of one level have the bits of those that are of the other only, and are
 * unknown in a profil of the other.
 *
 * Bits that no attribute uses are zero. An attribute added later takes unused
 * bits, so a stored profil keeps its meaning: it does not know the newcomer.
 */
#ifndef SPASER_CORE_PROFIL_H
#define SPASER_CORE_PROFIL_H

#include "slice.h"

typedef struct Profil
{
	uint64_t	mots[2];
} Profil;

/* Order of the list is the order of the text form and of profil_compare */
typedef enum AttributId
{
	ATT_TYPE_CONTRAT,			/* marche, concession */
	ATT_FORMAT,					/* v1, v2 */
	ATT_NATURE,
	ATT_CONSIDERATIONS_SOCIALES,	/* set: clause, critere, reserve */
	ATT_CONSIDERATIONS_ENVIRONNEMENTALES,	/* set: clause, critere */
	ATT_ACCORD_CADRE,			/* oui, non */
	ATT_SUBSEQUENT,				/* non, lie, non_lie, v1 */
	ATT_TECHNIQUES,				/* set */
	ATT_MODALITES_EXECUTION,	/* set */
	ATT_PROCEDURE,
	ATT_TYPES_PRIX,				/* set: ferme, actualisable, revisable, provisoire */
	ATT_FORME_PRIX,
	ATT_CCAG,
	ATT_GROUPEMENT,				/* conjoint, solidaire, aucun */
	ATT_MARCHE_INNOVANT,		/* oui, non */
	ATT_AVANCE,					/* oui, non */
	ATT_SOUS_TRAITANCE,			/* oui, non */
	ATT_NIVEAU,					/* attribution; unknown for a contract */
	ATT_OFFRES,					/* 1, 2, 3_4, 5_9, 10_19, 20_plus */
	ATT_TYPE_ACHAT,				/* travaux, fournitures, services */
	ATT_ORIGINE,				/* non_concerne, renseignee, non_renseignee; invalide is not known */
	ATT_PUBLICATION,			/* dans_les_delais, en_retard; absente and avant_notification are not known */
	ATT_MONTANT,				/* utilisable, aberrant */
	ATT_TRANCHE_MONTANT,		/* moins_40k, 40k_60k, 60k_90k, 90k_100k, 100k_1m, 1m_plus */
	ATT_MODIFIE,				/* oui, non */
	ATT_DUREE,					/* 1_12, 13_24, 25_36, 37_48, 49_180, 181_360 (concessions); hors_bornes is not known */
	ATT_PERIODE,				/* avant_2024, 2024_2026, depuis_2026_08_21 */
	ATT_TITULAIRES,				/* un, plusieurs */
	ATT_SEGMENT,				/* family of purchases */
	ATT_AGEC,					/* category of the AGEC law, or aucune */
	ATT_SEUIL_EUROPEEN,			/* au_dessus, en_dessous */
	ATT_SEUIL_PROCEDURE,		/* au_dessus, en_dessous */
	ATT_CHANGEMENT_TITULAIRE,	/* oui, non, sans_objet */
	ATT_DEPASSEMENT,			/* sans, 10_15, 15_50, 50_plus; suspect is not known */

	/*
	 * Of an attribution. Unknown for all holders of a contract if it is for one:
	 */
	ATT_TAILLE,					/* pme, eti, ge */
	ATT_TPE,
	ATT_ESS,
	ATT_SOCIETE_MISSION,
	ATT_ETRANGER,
	ATT_LOCAL,					/* set: commune, departement, region */
	ATT_EPCI,					/* apart: a commune may be known and its EPCI not */
	ATT_LIEU,
	ATT_IDENTIFIES,				/* oui, else unknown */
	/* the holder's own */
	ATT_TAILLE_TITULAIRE,
	ATT_ESS_TITULAIRE,
	ATT_ETRANGER_TITULAIRE,
	ATT_LOCAL_TITULAIRE,
	ATT_EPCI_TITULAIRE,
	ATT_LIEU_TITULAIRE,
	ATT_ESUS,
	ATT_INCLUSION,				/* siae, ea, esat, aucun */
	ATT_DISTANCE,				/* 0_10, 10_50, 50_100, 100_200, 200_plus */
	/* of at least one holder of the contract */
	ATT_PME_UN,
	ATT_ESS_UN,
	ATT_INCLUSION_UN,
	ATT_DEPARTEMENT_UN,
	ATT_LIEU_UN,
	ATT_ETRANGER_UN,
	ATT_COUNT
} AttributId;

/* Codes that code looks at, as attribut.c numbers them */
enum
{
	CODE_OUI = 1,				/* of every oui/non attribute */
	CODE_NON = 2,
	CONTRAT_MARCHE = 1,
	CONTRAT_CONCESSION = 2,
	SUBSEQUENT_NON = 1,
	SUBSEQUENT_LIE = 2,
	SUBSEQUENT_NON_LIE = 3,
	SUBSEQUENT_V1 = 4,
	MONTANT_UTILISABLE = 1,
	MONTANT_ABERRANT = 2,
	TAILLE_PME = 1
};

/*
 * Kinds of attribute.
 *
 * ATTRIBUT_SIMPLE: the code is an index in valeurs.
 * ATTRIBUT_ENSEMBLE: a set of flags. With n flags: code 0 unknown, 1 none
 * ("aucune"), 1 + m for the non-empty subset m (bit i = valeurs[i]). When
 * contradiction is possible ("Pas de..." beside a value) the 2^n - 1 codes
 * that follow are those subsets again, contradictory, hence not known.
 */
typedef enum AttributKind
{
	ATTRIBUT_SIMPLE,
	ATTRIBUT_ENSEMBLE
} AttributKind;

/* Which profils have an attribute */
typedef enum Niveau
{
	NIVEAU_CONTRAT,
	NIVEAU_ATTRIBUTION,
	NIVEAU_COUNT,
	NIVEAU_TOUS = NIVEAU_COUNT
} Niveau;

typedef struct AttributValeur
{
	const char *nom;			/* as in canevas and in the text form */
	const char *libelle;		/* French, for people */
	bool		connu;			/* false: says why it is unknown (absente, invalide...) */
} AttributValeur;

typedef struct Attribut
{
	const char *nom;
	const char *libelle;
	AttributKind kind;
	bool		contradiction;
	Niveau		niveau;
	int			decalage;		/* first bit, 0..127; a field never straddles the two words */
	int			largeur;		/* bits */
	int			nvaleurs;
	const AttributValeur *valeurs;	/* SIMPLE: valeurs[code - 1]; ENSEMBLE: flags */
} Attribut;

extern const Attribut *attribut_get(AttributId id);
extern AttributId attribut_id(const Attribut *att);

/* Attribute of that name, or NULL */
extern const Attribut *attribut_find(Slice nom, AttributId *id);

/* Number of codes, 0 (unknown) included; every code below is legal */
extern int	attribut_codes(const Attribut *att);

/* Is the code a known value? (0, contradictory and "why unknown" codes are not) */
extern bool attribut_connu(const Attribut *att, int code);

/*
 * The set of codes that a value name designates, as a bitmap over codes
 * (largest attribute: 129 codes, hence the array). For a set attribute a flag
 * name designates every non-contradictory subset that holds it; "aucune" code
 * 1; "contradictoire" all contradictory codes. "inconnu" designates code 0,
 * "connu" every known code. False if there is no such value.
 */
#define ATTRIBUT_BITMAP_WORDS 4
extern bool attribut_designe(const Attribut *att, Slice valeur,
							 uint64_t bitmap[ATTRIBUT_BITMAP_WORDS]);

/* Text of one code ("clause+critere", "aucune", "clause!" if contradictory) and back */
extern size_t attribut_code_texte(const Attribut *att, int code, char *out, size_t size);
extern int	attribut_code_lire(const Attribut *att, Slice texte);	/* -1: none */

static inline Niveau
profil_niveau(const Profil *p)
{
	return (Niveau) (p->mots[0] & 1);
}

static inline int
profil_get(const Profil *p, const Attribut *att)
{
	if (att->niveau != NIVEAU_TOUS && att->niveau != profil_niveau(p))
		return 0;
	return (int) ((p->mots[att->decalage >> 6] >> (att->decalage & 63)) &
				  ((UINT64_C(1) << att->largeur) - 1));
}

/* An attribute that a profil of this level has */
extern void profil_set(Profil *p, const Attribut *att, int code);
extern int	profil_compare(const Profil *a, const Profil *b);

/* The same at another level: what is not of both is unknown */
extern Profil profil_de_niveau(const Profil *p, Niveau niveau);

/* Every field holds a legal code and every other bit is zero */
extern bool profil_valid(const Profil *p);

/*
 * Text form: "attribut=valeur" pairs, known fields only, in the order of
 * AttributId, separated by one space; the empty string is all unknown.
 * profil_lire accepts any order and spacing, refuses a name twice and an
 * attribute of the other level; on failure it returns false and the offending
 * piece.
 */
#define PROFIL_TEXTE_MAX 2048
extern size_t profil_texte(const Profil *p, char *out, size_t size);
extern bool profil_lire(Slice texte, Profil *p, Slice *faute);

/*
 * The amount counts in value: usable, and not that of a subsequent contract
 * whose framework is in the data (or of a v1 one, which has no link).
 */
extern bool profil_en_valeur(const Profil *p);

typedef enum Trilean
{
	TRI_UNKNOWN = 0,
	TRI_YES = 1,
	TRI_NO = 2
} Trilean;

#define DATE_NONE INT32_MIN		/* dates are days since 2000-01-01 */

/* The facts a profil is built from: plain, unparsed, each possibly absent */
typedef struct ProfilFacts
{
	Slice		type_contrat;	/* marche | concession (or MARCHE_PUBLIC, Marché, Contrat de concession...) */
	int			format_decp;	/* 1, 2, or 0 unknown */
	Slice		nature;
	Slice		procedure;
	SliceList	techniques;
	SliceList	modalites_execution;
	SliceList	types_prix;
	SliceList	considerations_sociales;
	SliceList	considerations_environnementales;
	Slice		forme_prix;		/* v1 values (Ferme, Révisable) are price types */
	Slice		ccag;
	Slice		type_groupement_operateurs;
	Slice		id_accord_cadre;
	Trilean		accord_cadre_present;	/* the framework is in the data */
	Trilean		marche_innovant;
	Trilean		attribution_avance;
	Trilean		sous_traitance_declaree;
	int			actes_sous_traitance;	/* number of deeds, -1 unknown */
	int			offres_recues;	/* -1 unknown */
	Slice		code_cpv;
	double		origine_ue;		/* NAN: absent */
	double		origine_france;
	Slice		montant;		/* [-]digits[.digits], or NaN/Infinity; absent: no amount */
	int			duree_mois;		/* INT32_MIN: absent */
	int32_t		date_notification;	/* DATE_NONE: absent */
	int32_t		date_publication_donnees;
	int			modifications;	/* number, -1 unknown */
	int			titulaires;		/* number of distinct holders, -1 unknown */
} ProfilFacts;

extern void profil_facts_init(ProfilFacts *facts);

/* Rule sets for amounts; the default is the ministry's (indicateurs T07, lectures 7) */
typedef enum ReglesMontant
{
	REGLES_MINISTERE,
	REGLES_DECP_QUALITE,		/* 200 < m < 999 999 999 */
	REGLES_AUCUNE				/* any amount that is a number */
} ReglesMontant;

extern bool regles_montant_find(Slice nom, ReglesMontant *regles);	/* ministere, decp_qualite, aucune */

/* What is known of one holder of a contract; 0 or NAN: nothing */
typedef struct TitulaireConnu
{
	int			taille;			/* codes of ATT_TAILLE, ATT_LOCAL, ATT_INCLUSION */
	int			local;
	int			inclusion;
	Trilean		tpe;
	Trilean		ess;
	Trilean		societe_mission;
	Trilean		etranger;
	Trilean		epci;
	Trilean		lieu;
	Trilean		esus;
	bool		identifie;		/* has a SIREN */
	double		distance;		/* km */
} TitulaireConnu;

/*
 * The n attributions of a contract. What is read at the level of the contract
 * is unknown in all of them when it is for one holder; that at least one holder
 * is something is yes when one is, no when all are known not to be.
 */
extern void profil_attributions(const Profil *contrat, const TitulaireConnu *titulaires, int n,
								Profil *attributions);

extern void profil_build(const ProfilFacts *facts, ReglesMontant regles, Profil *p);

#endif							/* SPASER_CORE_PROFIL_H */
