/*
 * predicat.h
 *	  A question about a profil, answered yes, no or unknown.
 *
 * Answers follow Kleene's strong logic: unknown and no is no, unknown or yes
 * is yes, what is left of unknown is unknown. A predicate is a tree of "all of"
 * and "any of" nodes over leaves; a leaf looks at one attribute and holds the
 * answer for each of its codes. There is no "not" node: a negation goes down
 * to the leaves (De Morgan's laws hold in this logic). Terms of one node that
 * look at the same attribute become one leaf, which is exact since a leaf is a
 * table of answers.
 */
#ifndef SPASER_PREDICAT_H
#define SPASER_PREDICAT_H

#include "profil.h"
#include "slice.h"

/*
 * Bit 1: certainly yes; bit 0: possibly yes. So "and" is the bitwise and, and
 * "or" the bitwise or.
 */
typedef enum Verite
{
	VERITE_NON = 0,
	VERITE_INCONNU = 1,
	VERITE_OUI = 3
} Verite;

/* A field of a profil has at most 8 bits */
#define PREDICAT_CODES 256

typedef enum PredicatKind
{
	PREDICAT_CONSTANTE,
	PREDICAT_FEUILLE,
	PREDICAT_ET,
	PREDICAT_OU
} PredicatKind;

typedef struct Predicat Predicat;

struct Predicat
{
	PredicatKind kind;
	Verite		constante;		/* CONSTANTE */
	const Attribut *attribut;	/* FEUILLE */
	uint8_t    *reponses;		/* FEUILLE: PREDICAT_CODES answers, by code */
	Predicat  **termes;			/* ET, OU: two or more, no constant, none of the node's own kind */
	int			ntermes;
};

extern Predicat *predicat_constante(const CoreMemory *memory, bool valeur);

/*
 * "The attribute has one of these values": a leaf that has no value yet and
 * answers no; predicat_ajouter_valeur adds one.
 *
 * For a value, a code that it designates answers yes, any other known code no
 * and any other code unknown. "connu" and "inconnu" ask about the data
 * themselves and are always decided. False if the attribute has no such value.
 */
extern Predicat *predicat_feuille(const CoreMemory *memory, const Attribut *attribut);
extern bool predicat_ajouter_valeur(Predicat *feuille, Slice valeur);

/*
 * All of (ET) or any of (OU) two predicates, and the negation of one. The
 * arguments belong to the result, and may be changed.
 */
extern Predicat *predicat_joindre(const CoreMemory *memory, PredicatKind kind,
								  Predicat *a, Predicat *b);
extern Predicat *predicat_nier(Predicat *p);

extern Verite predicat_juger_noeud(const Predicat *p, const Profil *profil);

static inline Verite
predicat_juger(const Predicat *p, const Profil *profil)
{
	if (p->kind == PREDICAT_FEUILLE)
		return (Verite) p->reponses[profil_get(profil, p->attribut)];
	return predicat_juger_noeud(p, profil);
}

#endif							/* SPASER_PREDICAT_H */
