/*
 * compte.h
 *	  What the aggregates count, as a value: the types bilan, histogramme,
 *	  concentration and rapport, which differ by what their keys say only.
 *
 * One varlena, three forms. Canonical: cases sorted by key, none twice, none of
 * number 0, capacite = 0; it is what users see, store and compare. Working:
 * what an aggregate changes in place while it runs; the cases stand in order
 * of arrival, there is room for capacite of them, and a hash index follows.
 * Packed: what a large state becomes when it leaves its process, or is stored by
 * an aggregate that has no final function; the bytes of core/compte_paquet.c
 * stand where cases would, and capacite says so.
 */
#ifndef SPASER_COMPTE_H
#define SPASER_COMPTE_H

#include "postgres.h"

#include "common/int.h"
#include "fmgr.h"

#include "core/compte.h"

#ifndef HAVE_INT128
#error "spaser needs 128-bit integers"
#endif

typedef struct Compte
{
	int32		vl_len_;		/* varlena header, do not touch directly */
	uint16		version;
	uint16		genre;			/* CompteGenre */
	uint32		ncases;
	uint32		capacite;		/* cases that there is room for; 0: canonical; or COMPTE_PACKED */
	CompteCase	cases[FLEXIBLE_ARRAY_MEMBER];
} Compte;

#define COMPTE_PACKED PG_UINT32_MAX

#define COMPTE_SIZE(n) (offsetof(Compte, cases) + (Size) (n) * sizeof(CompteCase))

/* Long loops check for interrupts once in so many turns */
#define COMPTE_INTERRUPT_MASK 0xFFFF

/* Detoasted, of that kind, and of the size that its header announces, else an error */
extern Compte *compte_from_datum(Datum d, CompteGenre genre);

/* The same of any kind; and of any form, of which it is the only one that may be packed */
extern Compte *compte_from_any(Datum d);
extern Compte *compte_from_any_form(Datum d);

/*
 * The sum of up to COMPTE_PAQUETS packed ones, canonical, in a context: an error
 * unless their cases are valid and in order, 22003 if it overflows.
 */
extern Compte *compte_unpack(Compte *const *packed, int k, MemoryContext context);

#define PG_GETARG_COMPTE_P(n, genre) compte_from_datum(PG_GETARG_DATUM(n), genre)
#define PG_RETURN_COMPTE_P(c) PG_RETURN_POINTER(c)

/* A canonical one of so many cases, which the caller fills; an error if too many */
extern Compte *compte_alloc(CompteGenre genre, uint64 ncases);

/*
 * Room that may be large. A block of many pages is touched all over, by whoever
 * fills it: the kernel is asked to back it with large pages, before anything is
 * written there. It is a hint only.
 */
extern void compte_large_pages(void *block, Size size);
extern void *compte_large_alloc(MemoryContext context, Size size);

/*
 * compte_fusion.c. The sum of two canonical values, in a context; error 22003.
 * Is that sooner done than to look each case of the second up in the first? A
 * value much larger than what comes would be copied each time. And an error if
 * a value's cases are not in order, or count nothing.
 */
extern Compte *compte_somme(MemoryContext context, const Compte *a, const Compte *b);
extern bool compte_better_merged(const Compte *a, const Compte *b);
extern void compte_cases_verify(const Compte *c);

/* The canonical form: the value itself when it is, else a new one */
extern Compte *compte_canonical(Compte *c);

/* The same, where there is room for COMPTE_SIZE(c->ncases) bytes */
extern void compte_canonical_into(const Compte *c, Compte *result);

/* The cases in the order of their keys, elsewhere (compte_tri.c) */
extern void compte_sort_into(const CompteCase *cases, CompteCase *sorted, uint32 n);

/* An error if a value can't have that size */
extern void compte_check_size(Size size);

/* Is it a working form, of sizes that hold together? Any bytes may be asked about. */
extern bool compte_working_sane(const Compte *c);
extern _Noreturn void compte_corrupted(void);
extern _Noreturn void compte_overflow(void);

/* Add number and amount to a case of the same key; error 22003 if they overflow */
static inline void
compte_case_add(CompteCase *c, const CompteCase *add)
{
	if (pg_add_s64_overflow(c->nombre, add->nombre, &c->nombre) ||
		pg_add_s64_overflow(c->centimes, add->centimes, &c->centimes))
		compte_overflow();
}

static inline uint64
compte_cle_hash(const uint64 cle[2])
{
	uint64		h = cle[0] * UINT64CONST(0x9E3779B97F4A7C15);

	h = (h ^ (h >> 32)) + cle[1];
	h *= UINT64CONST(0xD6E8FEB86659FD93);
	h = (h ^ (h >> 32)) * UINT64CONST(0xD6E8FEB86659FD93);
	return h ^ (h >> 32);
}

/* Parts of a share, an argument that may be NULL (1); error 22023 or 54000 */
extern int	compte_parts_arg(FunctionCallInfo fcinfo, int argno);

/* Context of the aggregate that calls; error 0A000 outside one */
extern MemoryContext compte_aggregate_context(FunctionCallInfo fcinfo);

/* Argument unite: the sum that an accessor looks at; error 22023 */
typedef enum CompteUnite
{
	COMPTE_NOMBRE,
	COMPTE_MONTANT
} CompteUnite;

extern CompteUnite compte_unite_arg(FunctionCallInfo fcinfo, int argno);

static inline int64
compte_case_unite(const CompteCase *c, CompteUnite unite)
{
	return unite == COMPTE_NOMBRE ? c->nombre : c->centimes;
}

#endif							/* SPASER_COMPTE_H */
