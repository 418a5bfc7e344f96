/*
 * bilan.h
 *	  The joint distribution of profils over a set of contracts, as stored.
 *
 * One varlena, two forms. Canonical: cases sorted by profil, none twice, none
 * of number 0, capacite = 0; it is what users see, store and compare. Hash
 * table: what an aggregate changes in place while it runs; capacite is a
 * power of two, a slot is empty when its nombre is 0.
 */
#ifndef SPASER_BILAN_H
#define SPASER_BILAN_H

#include "postgres.h"

#include "core/profil.h"

#define BILAN_VERSION 1

typedef struct BilanCase
{
	Profil		profil;
	int64		nombre;			/* contracts */
	int64		centimes;		/* sum of their usable amounts */
} BilanCase;

typedef struct Bilan
{
	int32		vl_len_;		/* varlena header, do not touch directly */
	uint16		version;
	uint16		reserve;		/* zero */
	uint32		ncases;
	uint32		capacite;		/* 0: canonical */
	BilanCase	cases[FLEXIBLE_ARRAY_MEMBER];
} Bilan;

#define BILAN_SIZE(slots) (offsetof(Bilan, cases) + (Size) (slots) * sizeof(BilanCase))

/* Detoasted, and of the size that its header announces, else an error */
extern Bilan *bilan_from_datum(Datum d);

#define DatumGetBilanP(d) bilan_from_datum(d)
#define PG_GETARG_BILAN_P(n) DatumGetBilanP(PG_GETARG_DATUM(n))
#define PG_RETURN_BILAN_P(b) PG_RETURN_POINTER(b)

/* Slots to walk, in either form; skip those of nombre 0 */
static inline uint32
bilan_slots(const Bilan *b)
{
	return b->capacite ? b->capacite : b->ncases;
}

/*
 * A bilan of so many slots, whose cases the caller fills; capacite 0, ncases
 * the number of slots. An error when it would not fit in a datum.
 */
extern Bilan *bilan_alloc(uint64 slots);

/* The canonical form: the bilan itself when it is, else a new one */
extern Bilan *bilan_canonical(Bilan *b);

/* Does the amount of this profil's contracts enter the sum? */
extern bool bilan_amount_counts(const Profil *p);

#endif							/* SPASER_BILAN_H */
