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

#include "common/hashfn.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compte.h"
#include "compte_etat.h"

PG_FUNCTION_INFO_V1(compte_combine);
PG_FUNCTION_INFO_V1(compte_final);
PG_FUNCTION_INFO_V1(compte_ajouter);
PG_FUNCTION_INFO_V1(compte_retirer);
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

Compte *
compte_alloc(CompteGenre genre, uint64 ncases)
{
	Compte	   *c;

	compte_check_size(COMPTE_SIZE(ncases));
	c = (Compte *) palloc(COMPTE_SIZE(ncases));
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

/* A value can only come from here, but a cast made by a superuser could forge one. */
Compte *
compte_from_any(Datum d)
{
	Compte	   *c = (Compte *) PG_DETOAST_DATUM(d);

	if ((!canonical_sane(c) && !compte_working_sane(c)) || compte_type(c->genre) == NULL)
		compte_corrupted();
	return c;
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
 * What comes to be merged may have been forged where its header was not: a case
 * must follow the one before it, and count something.
 */
static inline void
case_verify(const CompteCase *c, const CompteCase *before)
{
	if (c->nombre <= 0 || (before != NULL && compte_case_compare(before, c) >= 0))
		compte_corrupted();
}

static void
cases_verify(const Compte *c)
{
	for (uint32 i = 0; i < c->ncases; i++)
	{
		if ((i & COMPTE_INTERRUPT_MASK) == COMPTE_INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		case_verify(&c->cases[i], i > 0 && c->capacite == 0 ? &c->cases[i - 1] : NULL);
	}
}

/*
 * Sum of two canonical values
 */
static Compte *
compte_sum(const Compte *a, const Compte *b)
{
	Compte	   *result;
	uint32		i = 0;
	uint32		j = 0;
	uint32		n = 0;
	uint32		common = 0;

	/* how many they share, for the exact size */
	while (i < a->ncases && j < b->ncases)
	{
		int			cmp = compte_case_compare(&a->cases[i], &b->cases[j]);

		i += cmp <= 0;
		j += cmp >= 0;
		common += cmp == 0;
	}
	result = compte_alloc((CompteGenre) a->genre, (uint64) a->ncases + b->ncases - common);
	i = j = 0;
	while (i < a->ncases || j < b->ncases)
	{
		int			cmp = i == a->ncases ? 1 : j == b->ncases ? -1
			: compte_case_compare(&a->cases[i], &b->cases[j]);

		if ((n & COMPTE_INTERRUPT_MASK) == COMPTE_INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		result->cases[n] = cmp <= 0 ? a->cases[i++] : b->cases[j++];
		if (cmp == 0)
			compte_case_add(&result->cases[n], &b->cases[j++]);
		n++;
	}
	return result;
}

/*
 * Combine, and transition of fusion. Strict: the first value is taken as is.
 *
 * Two sorted values of like size are merged, which costs a fraction of looking
 * each case up: what parallel workers bring of large groups. A state much larger
 * than what comes would be copied each time; it is one to look up in.
 */
#define MERGE_RATIO 4

static inline bool
better_merged(const Compte *state, const Compte *other)
{
	return state->capacite == 0 && other->capacite == 0 &&
		state->ncases / MERGE_RATIO <= other->ncases;
}

Datum
compte_combine(PG_FUNCTION_ARGS)
{
	Compte	   *other = compte_from_any(PG_GETARG_DATUM(1));
	CompteEtat	etat;

	(void) compte_aggregate_context(fcinfo);
	cases_verify(other);
	if (!VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(PG_GETARG_DATUM(0))))
	{
		Compte	   *state = compte_from_datum(PG_GETARG_DATUM(0), (CompteGenre) other->genre);

		if (better_merged(state, other))
		{
			cases_verify(state);
			PG_RETURN_COMPTE_P(compte_sum(state, other));
		}
	}
	compte_etat_open(&etat, fcinfo, (CompteGenre) other->genre);
	for (uint32 i = 0; i < other->ncases; i++)
	{
		if ((i & COMPTE_INTERRUPT_MASK) == COMPTE_INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		compte_etat_add(&etat, &other->cases[i]);
	}
	return compte_etat_datum(&etat);
}

/*
 * Final: the canonical form, the state untouched
 */
void
compte_canonical_into(const Compte *c, Compte *result)
{
	memcpy(result, c, COMPTE_SIZE(0));
	SET_VARSIZE(result, COMPTE_SIZE(c->ncases));
	result->capacite = 0;
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

Datum
compte_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_COMPTE_P(compte_canonical(compte_from_any(PG_GETARG_DATUM(0))));
}

/*
 * Sum of two values
 */
Datum
compte_ajouter(PG_FUNCTION_ARGS)
{
	Compte	   *a = compte_canonical(compte_from_any(PG_GETARG_DATUM(0)));

	PG_RETURN_COMPTE_P(compte_sum(a, compte_canonical(compte_from_datum(PG_GETARG_DATUM(1), (CompteGenre) a->genre))));
}

/*
 * Difference of two values: what the second holds is part of the first
 */
static pg_noinline void
not_part(const Compte *c)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("cannot take away from a %s what is not part of it", compte_type(c->genre)->nom)));
}

Datum
compte_retirer(PG_FUNCTION_ARGS)
{
	Compte	   *a = compte_canonical(compte_from_any(PG_GETARG_DATUM(0)));
	Compte	   *b = compte_canonical(compte_from_datum(PG_GETARG_DATUM(1), (CompteGenre) a->genre));
	Compte	   *result = compte_alloc((CompteGenre) a->genre, a->ncases);
	uint32		j = 0;
	uint32		n = 0;

	for (uint32 i = 0; i < a->ncases; i++)
	{
		CompteCase *c = &result->cases[n];

		*c = a->cases[i];
		if (j < b->ncases && compte_case_compare(c, &b->cases[j]) == 0)
		{
			if (pg_sub_s64_overflow(c->nombre, b->cases[j].nombre, &c->nombre) ||
				pg_sub_s64_overflow(c->centimes, b->cases[j].centimes, &c->centimes))
				compte_overflow();
			j++;
			if (c->nombre < 0 || (c->nombre == 0 && c->centimes != 0))
				not_part(a);
		}
		n += c->nombre > 0;
	}
	if (j < b->ncases)
		not_part(a);
	result->ncases = n;
	SET_VARSIZE(result, COMPTE_SIZE(n));
	PG_RETURN_COMPTE_P(result);
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
