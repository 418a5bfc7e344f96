/*
 * compte.h
 *	  What the aggregates count: cases of a key, a number and an amount, and
 *	  the text and binary forms of a sorted list of them.
 *
 * Four types are such lists; they differ by what a key says only:
 *	bilan			a profil
 *	histogramme		a value, to nine decimals
 *	concentration	a holder
 *	rapport			which of its sums
 *
 * The low byte of every key is parts - 1: of a contract that is shared among
 * so many holders a case has a share each, one parts-th of the number and of
 * the amount. Kept apart by parts, shares are integers, and sums exact.
 */
#ifndef SPASER_CORE_COMPTE_H
#define SPASER_CORE_COMPTE_H

#include "profil.h"
#include "slice.h"

#define COMPTE_VERSION 1

typedef struct CompteCase
{
	uint64_t	cle[2];
	int64_t		nombre;			/* contracts, or shares of one */
	int64_t		centimes;		/* sum of their amounts */
} CompteCase;

#define COMPTE_PARTS_MAX 256
#define COMPTE_PARTS_MASK UINT64_C(0xFF)

static inline int
compte_parts(const CompteCase *c)
{
	return (int) (c->cle[1] & COMPTE_PARTS_MASK) + 1;
}

/* Do two cases have the same key, parts aside? They are neighbours when sorted. */
static inline bool
compte_meme_cle(const CompteCase *a, const CompteCase *b)
{
	return a->cle[0] == b->cle[0] && (a->cle[1] | COMPTE_PARTS_MASK) == (b->cle[1] | COMPTE_PARTS_MASK);
}

static inline int
compte_case_compare(const CompteCase *a, const CompteCase *b)
{
	int			w = a->cle[0] == b->cle[0];

	return a->cle[w] < b->cle[w] ? -1 : a->cle[w] > b->cle[w];
}

/* The profil that the key of a bilan is: its low byte is of no attribute */
static inline Profil
compte_profil(const CompteCase *c)
{
	return (Profil) {{c->cle[0], c->cle[1] & ~COMPTE_PARTS_MASK}};
}

/* Room for the text of a key, and of a case */
#define COMPTE_CLE_TEXTE 40
#define COMPTE_CASE_TEXTE 96
#define COMPTE_CASE_BINAIRE 32

typedef enum CompteGenre
{
	COMPTE_BILAN,
	COMPTE_HISTOGRAMME,
	COMPTE_CONCENTRATION,
	COMPTE_RAPPORT,
	COMPTE_GENRES
} CompteGenre;

typedef struct CompteType
{
	const char *nom;			/* of the SQL type */
	size_t		texte_min;		/* characters of the shortest case and its separator */

	/* Text of a key, its parts aside; it fits in COMPTE_CLE_TEXTE bytes */
	size_t		(*cle_texte) (const CompteCase *c, char *out);

	/* The key of that text, with parts = 1; false if there is none */
	bool		(*cle_lire) (Slice texte, CompteCase *c);

	/* What is wrong with a case by itself, in words, or NULL */
	const char *(*faute) (const CompteCase *c);

	/* The same of all of them together; no function: nothing can be */
	const char *(*faute_ensemble) (const CompteCase *cases, uint32_t n);
} CompteType;

/* NULL if there is no such kind */
extern const CompteType *compte_type(unsigned genre);

/*
 * Readers of both forms, of any bytes. They return NULL and the number of cases
 * read, or what is wrong in words. There is room for as many cases as the bytes
 * may hold (1 + the lesser of commas and len / texte_min; len / COMPTE_CASE_BINAIRE). pause,
 * if not NULL, is called now and then: the caller may leave by it.
 *
 * Text: 1:{key|parts=nombre/amount,...}, keys in increasing order, parts left
 * out when 1, amount in euros with two decimals.
 * Binary: the cases alone, each of four 64-bit words in network order.
 */
typedef void (*ComptePause) (void);

extern const char *compte_lire_texte(const CompteType *type, Slice texte,
									 CompteCase *cases, uint32_t *n, ComptePause pause);
extern const char *compte_lire_binaire(const CompteType *type, Slice octets,
									   CompteCase *cases, uint32_t *n, ComptePause pause);

/* Writers of one case; the text is not NUL-terminated */
extern size_t compte_case_texte(const CompteType *type, const CompteCase *c, char *out);
extern void compte_case_binaire(const CompteCase *c, uint8_t out[COMPTE_CASE_BINAIRE]);

/* Digits without leading zero, as a negative number: there is one more of those */
extern bool compte_lire_chiffres(Slice *s, int64_t *n);
extern size_t compte_ecrire_nombre(uint64_t n, char *out);

/*
 * Sorted cases in little room, to travel between processes (compte_paquet.c).
 * The writer has room for 1 + (n + 1) * COMPTE_PAQUET_MAX bytes and says how many
 * it took.
 */
#define COMPTE_PAQUET_MAX 34
#define COMPTE_PAQUET_MIN 2
extern size_t compte_emballer(const CompteCase *cases, uint32_t n, uint8_t *out);

typedef struct ComptePaquet
{
	const uint8_t *octets;		/* any bytes */
	size_t		taille;
	uint32_t	n;				/* cases that they should be; at most (taille - 1) / COMPTE_PAQUET_MIN are */
	/* while it is read */
	const uint8_t *p;
	uint32_t	lus;
	CompteCase	c;
} ComptePaquet;

typedef enum ComptePaquetFaute
{
	PAQUET_BON,
	PAQUET_INVALIDE,			/* not that many valid cases in order */
	PAQUET_TROP_GRAND			/* a sum exceeds 64 bits */
} ComptePaquetFaute;

/*
 * The sum of one or more of them, in order: n cases, for which there is room for
 * as many as all of them have.
 */
#define COMPTE_PAQUETS 8
extern ComptePaquetFaute compte_deballer(ComptePaquet *paquets, int k, CompteCase *cases,
										 uint32_t *n, ComptePause pause);

/* Before the first case, and after the last */
#define COMPTE_TEXTE_DEBUT "1:{"
#define COMPTE_TEXTE_FIN "}"

/*
 * Keys. A histogram's value is whole + nano / 10^9, 0 <= nano < 10^9.
 */
extern void compte_cle_valeur(CompteCase *c, int64_t entier, uint32_t nano);
extern void compte_valeur(const CompteCase *c, int64_t *entier, uint32_t *nano);

/*
 * A holder: 9 digits are a SIREN, 14 a SIRET of which the SIREN is kept, the
 * rest an identifier, whose letters become capitals. Up to 18 characters (the
 * longest that the format knows) of letters, digits, space and common
 * punctuation are kept as they are; what is longer or has others is told apart
 * by an imprint. Empty, or zeros only: unknown.
 */
extern void compte_cle_titulaire(CompteCase *c, Slice identifiant);

/* Sums of a rapport */
typedef enum CompteRapport
{
	RAPPORT_NUMERATEUR = 1,
	RAPPORT_DENOMINATEUR,
	RAPPORT_INCONNU				/* denominator of those whose numerator is unknown */
} CompteRapport;

/* The key that says "unknown", of histogramme and concentration */
extern void compte_cle_inconnue(CompteCase *c);
extern bool compte_inconnue(const CompteCase *c);

#endif							/* SPASER_CORE_COMPTE_H */
