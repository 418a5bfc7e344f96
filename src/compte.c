/*
 * compte.c
 *	  What the types bilan, histogramme, concentration and rapport share: one
 *	  counting core, whose keys alone tell the types apart (core/compte_cle.c).
 *
 * The state of their aggregates is the type itself, in its working form (see
 * compte_etat.c). Counts and centimes are integers: the result is the same in
 * any order and with any tree of merges.
 */
#include "compat.h"

#include <sys/mman.h>

#include "common/hashfn.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compte.h"

PG_FUNCTION_INFO_V1(compte_eq);
PG_FUNCTION_INFO_V1(compte_ne);
PG_FUNCTION_INFO_V1(compte_hash);
PG_FUNCTION_INFO_V1(compte_hash_extended);

/*
 * Struct
 */
void
compte_check_size(Size size)
{
	if (size > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many distinct keys in an aggregate"),
				 errdetail("A value, and the state of its aggregate, are limited to 1 GB: about 29 million distinct profils, values or holders."),
				 errhint("Aggregate fewer contracts at once, by year for instance.")));
}

/* Below it, small pages are as good */
#define LARGE_BLOCK (2 * 1024 * 1024)
#define SMALL_PAGE 4096

void
compte_large_pages(void *block, Size size)
{
#ifdef MADV_HUGEPAGE
	char	   *start = (char *) TYPEALIGN(SMALL_PAGE, block);
	char	   *end = (char *) TYPEALIGN_DOWN(SMALL_PAGE, (char *) block + size);

	if (size >= LARGE_BLOCK)
		(void) madvise(start, end - start, MADV_HUGEPAGE);
#endif
}

void *
compte_large_alloc(MemoryContext context, Size size)
{
	void	   *block = MemoryContextAlloc(context, size);

	compte_large_pages(block, size);
	return block;
}

Compte *
compte_alloc(CompteGenre genre, uint64 ncases)
{
	Compte	   *c;

	compte_check_size(COMPTE_SIZE(ncases));
	c = (Compte *) compte_large_alloc(CurrentMemoryContext, COMPTE_SIZE(ncases));
	SET_VARSIZE(c, COMPTE_SIZE(ncases));
	c->version = COMPTE_VERSION;
	c->genre = genre;
	c->ncases = (uint32) ncases;
	c->capacite = 0;
	return c;
}

void
compte_corrupted(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("aggregate value is corrupted")));
}

static inline bool
canonical_sane(const Compte *c)
{
	return VARSIZE(c) >= COMPTE_SIZE(0) && c->version == COMPTE_VERSION &&
		c->capacite == 0 && VARSIZE(c) == COMPTE_SIZE(c->ncases);
}

static bool
packed_sane(const Compte *c)
{
	return VARSIZE(c) >= COMPTE_SIZE(0) && c->version == COMPTE_VERSION && c->capacite == COMPTE_PACKED &&
		c->ncases <= (VARSIZE(c) - COMPTE_SIZE(0)) / COMPTE_PAQUET_MIN;
}

/* A value can only come from here, but a cast made by a superuser could forge one. */
Compte *
compte_from_any_form(Datum d)
{
	Compte	   *c = (Compte *) PG_DETOAST_DATUM(d);

	if ((!canonical_sane(c) && !compte_working_sane(c) && !packed_sane(c)) || compte_type(c->genre) == NULL)
		compte_corrupted();
	return c;
}

static void
pause_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

/* Too many cases to make room for before it is known how many are the same */
static Compte *
unpack_halves(Compte *const *packed, int k, MemoryContext context)
{
	Compte	   *a = compte_unpack(packed, k / 2, context);
	Compte	   *b = compte_unpack(packed + k / 2, k - k / 2, context);
	Compte	   *sum = compte_somme(context, a, b);

	pfree(a);
	pfree(b);
	return sum;
}

Compte *
compte_unpack(Compte *const *packed, int k, MemoryContext context)
{
	ComptePaquet paquets[COMPTE_PAQUETS];
	MemoryContext old;
	uint64		ncases = 0;
	Compte	   *plain;
	ComptePaquetFaute faute;

	for (int i = 0; i < k; i++)
	{
		paquets[i] = (ComptePaquet) {.octets = (const uint8 *) packed[i]->cases,
			.taille = VARSIZE(packed[i]) - COMPTE_SIZE(0), .n = packed[i]->ncases};
		ncases += packed[i]->ncases;
	}
	if (k > 1 && COMPTE_SIZE(ncases) > MaxAllocSize)
		return unpack_halves(packed, k, context);
	old = MemoryContextSwitchTo(context);
	plain = compte_alloc((CompteGenre) packed[0]->genre, ncases);
	MemoryContextSwitchTo(old);
	faute = compte_deballer(paquets, k, plain->cases, &plain->ncases, pause_interrupts);
	if (faute == PAQUET_TROP_GRAND)
		compte_overflow();
	if (faute != PAQUET_BON)
		compte_corrupted();
	SET_VARSIZE(plain, COMPTE_SIZE(plain->ncases));
	return plain;
}

Compte *
compte_from_any(Datum d)
{
	Compte	   *c = compte_from_any_form(d);

	return c->capacite == COMPTE_PACKED ? compte_unpack(&c, 1, CurrentMemoryContext) : c;
}

Compte *
compte_from_datum(Datum d, CompteGenre genre)
{
	Compte	   *c = compte_from_any(d);

	if (c->genre != genre)
		compte_corrupted();
	return c;
}

void
compte_overflow(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("aggregate value out of range"),
			 errdetail("A number of contracts or an amount in centimes exceeds a bigint.")));
}

/* Outside an aggregate nothing says that the state may be changed */
MemoryContext
compte_aggregate_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("aggregate function called in non-aggregate context")));
	return context;
}

int
compte_parts_arg(FunctionCallInfo fcinfo, int argno)
{
	int32		parts;

	if (PG_NARGS() <= argno || PG_ARGISNULL(argno))
		return 1;
	parts = PG_GETARG_INT32(argno);
	if (parts < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a contract is shared among at least one holder, not %d", parts)));
	if (parts > COMPTE_PARTS_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a contract is shared among too many holders: %d", parts),
				 errdetail("Shares are exact up to %d holders.", COMPTE_PARTS_MAX)));
	return parts;
}

CompteUnite
compte_unite_arg(FunctionCallInfo fcinfo, int argno)
{
	text	   *nom = PG_GETARG_TEXT_PP(argno);
	Slice		slice = {VARDATA_ANY(nom), VARSIZE_ANY_EXHDR(nom)};

	if (slice_is(slice, "nombre"))
		return COMPTE_NOMBRE;
	if (!slice_is(slice, "montant"))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown unit \"%s\"", text_to_cstring(nom)),
				 errhint("Units are: nombre, montant.")));
	return COMPTE_MONTANT;
}

/*
 * Canonical form
 */
void
compte_canonical_into(const Compte *c, Compte *result)
{
	memcpy(result, c, COMPTE_SIZE(0));
	SET_VARSIZE(result, COMPTE_SIZE(c->ncases));
	result->capacite = 0;
	if (c->capacite == 0)
		memcpy(result->cases, c->cases, c->ncases * sizeof(CompteCase));
	else
		compte_sort_into(c->cases, result->cases, c->ncases);
}

Compte *
compte_canonical(Compte *c)
{
	Compte	   *result;

	if (c->capacite == 0)
		return c;
	result = compte_alloc((CompteGenre) c->genre, c->ncases);
	compte_canonical_into(c, result);
	return result;
}

/*
 * Equality
 */
static bool
compte_equal(Datum a, Datum b)
{
	Compte	   *ca = compte_canonical(compte_from_any(a));
	Compte	   *cb = compte_canonical(compte_from_any(b));

	return VARSIZE(ca) == VARSIZE(cb) && memcmp(ca, cb, VARSIZE(ca)) == 0;
}

Datum
compte_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compte_equal(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)));
}

Datum
compte_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!compte_equal(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)));
}

/* Of the canonical form, less the header that says its length */
static const unsigned char *
hashed_bytes(Datum d, int *len)
{
	Compte	   *c = compte_canonical(compte_from_any(d));

	*len = (int) (VARSIZE(c) - VARHDRSZ);
	return (const unsigned char *) VARDATA(c);
}

Datum
compte_hash(PG_FUNCTION_ARGS)
{
	int			len;
	const unsigned char *bytes = hashed_bytes(PG_GETARG_DATUM(0), &len);

	return hash_any(bytes, len);
}

Datum
compte_hash_extended(PG_FUNCTION_ARGS)
{
	int			len;
	const unsigned char *bytes = hashed_bytes(PG_GETARG_DATUM(0), &len);

	return hash_any_extended(bytes, len, (uint64) PG_GETARG_INT64(1));
}
