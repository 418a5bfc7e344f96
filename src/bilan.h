/*
 * bilan.h
 *	  The joint distribution of profils over a set of contracts, as stored.
 *
 * One varlena, two forms. Canonical: cases sorted by profil, none twice, none
 * of number 0, capacite = 0; it is what users see, store and compare. Working:
 * what an aggregate changes in place while it runs; the cases stand in order
 * of arrival, there is room for capacite of them, and a hash index follows.
 */
#ifndef SPASER_BILAN_H
#define SPASER_BILAN_H

#include "postgres.h"

#include "common/int.h"

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
	uint32		capacite;		/* cases that there is room for; 0: canonical */
	BilanCase	cases[FLEXIBLE_ARRAY_MEMBER];
} Bilan;

#define BILAN_SIZE(n) (offsetof(Bilan, cases) + (Size) (n) * sizeof(BilanCase))

/* Long loops check for interrupts once in so many turns */
#define BILAN_INTERRUPT_MASK 0xFFFF

/* Detoasted, and of the size that its header announces, else an error */
extern Bilan *bilan_from_datum(Datum d);

#define DatumGetBilanP(d) bilan_from_datum(d)
#define PG_GETARG_BILAN_P(n) DatumGetBilanP(PG_GETARG_DATUM(n))
#define PG_RETURN_BILAN_P(b) PG_RETURN_POINTER(b)

/* A canonical one of so many cases, which the caller fills; an error if too many */
extern Bilan *bilan_alloc(uint64 ncases);

/* The canonical form: the bilan itself when it is, else a new one */
extern Bilan *bilan_canonical(Bilan *b);

/* The same, where there is room for BILAN_SIZE(b->ncases) bytes */
extern void bilan_canonical_into(const Bilan *b, Bilan *result);

/* An error if a value can't have that size */
extern void bilan_check_size(Size size);

/* Is it a working form, of sizes that hold together? Any bytes may be asked about. */
extern bool bilan_working_sane(const Bilan *b);
extern _Noreturn void bilan_corrupted(void);
extern _Noreturn void bilan_case_overflow(void);

/* Add number and amount to a case of the same profil; error 22003 if they overflow */
static inline void
bilan_case_add(BilanCase *c, const BilanCase *add)
{
	if (pg_add_s64_overflow(c->nombre, add->nombre, &c->nombre) ||
		pg_add_s64_overflow(c->centimes, add->centimes, &c->centimes))
		bilan_case_overflow();
}

/* Does the amount of this profil's contracts enter the sum? */
extern bool bilan_amount_counts(const Profil *p);

#endif							/* SPASER_BILAN_H */
