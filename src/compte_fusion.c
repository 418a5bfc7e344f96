/*
 * compte_fusion.c
 *	  Sum and difference of values, and the function that merges the states of
 *	  an aggregate.
 */
#include "compat.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "compte.h"
#include "compte_etat.h"

PG_FUNCTION_INFO_V1(compte_combine);
PG_FUNCTION_INFO_V1(compte_final);
PG_FUNCTION_INFO_V1(compte_ajouter);
PG_FUNCTION_INFO_V1(compte_retirer);

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

void
compte_cases_verify(const Compte *c)
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

/* The key as one number, in the order of keys */
static inline uint128
case_cle(const CompteCase *c)
{
	return (uint128) c->cle[0] << 64 | c->cle[1];
}

static uint64
cases_communes(const Compte *a, const Compte *b)
{
	uint32		i = 0;
	uint32		j = 0;
	uint64		n = 0;

	while (i < a->ncases && j < b->ncases)
	{
		uint128		ca = case_cle(&a->cases[i]);
		uint128		cb = case_cle(&b->cases[j]);

		i += ca <= cb;
		j += cb <= ca;
		n += ca == cb;
	}
	return n;
}

/*
 * Which of two keys comes first can't be foreseen, so nothing here branches on
 * it. Returns the number of cases written.
 */
static uint32
cases_fondre(const Compte *a, const Compte *b, CompteCase *cases)
{
	uint32		i = 0;
	uint32		j = 0;
	uint32		n = 0;
	bool		overflow = false;

	while (i < a->ncases && j < b->ncases)
	{
		const CompteCase *x = &a->cases[i];
		const CompteCase *y = &b->cases[j];
		uint128		cx = case_cle(x);
		uint128		cy = case_cle(y);
		int64		same = -(int64) (cx == cy);
		CompteCase	c = cx <= cy ? *x : *y;

		if ((n & COMPTE_INTERRUPT_MASK) == COMPTE_INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		overflow |= pg_add_s64_overflow(c.nombre, y->nombre & same, &c.nombre);
		overflow |= pg_add_s64_overflow(c.centimes, y->centimes & same, &c.centimes);
		cases[n++] = c;
		i += cx <= cy;
		j += cy <= cx;
	}
	if (overflow)
		compte_overflow();
	memcpy(&cases[n], &a->cases[i], (a->ncases - i) * sizeof(CompteCase));
	n += a->ncases - i;
	memcpy(&cases[n], &b->cases[j], (b->ncases - j) * sizeof(CompteCase));
	return n + b->ncases - j;
}

Compte *
compte_somme(MemoryContext context, const Compte *a, const Compte *b)
{
	uint64		ncases = (uint64) a->ncases + b->ncases;
	MemoryContext old = MemoryContextSwitchTo(context);
	Compte	   *result;

	/* Their number is counted only where it decides whether the sum is possible */
	if (COMPTE_SIZE(ncases) > MaxAllocSize)
		ncases -= cases_communes(a, b);
	result = compte_alloc((CompteGenre) a->genre, ncases);
	MemoryContextSwitchTo(old);
	result->ncases = cases_fondre(a, b, result->cases);
	SET_VARSIZE(result, COMPTE_SIZE(result->ncases));
	return result;
}

#define MERGE_RATIO 4

bool
compte_better_merged(const Compte *a, const Compte *b)
{
	return a->capacite == 0 && b->capacite == 0 && a->ncases / MERGE_RATIO <= b->ncases;
}

/*
 * Combine, and transition of fusion. Not strict: the executor would copy a first
 * value that is large once more.
 */
Datum
compte_combine(PG_FUNCTION_ARGS)
{
	Compte	   *other;
	CompteEtat	etat;

	(void) compte_aggregate_context(fcinfo);
	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	other = compte_from_any_form(PG_GETARG_DATUM(1));
	if (other->capacite != COMPTE_PACKED)
		compte_cases_verify(other);
	if (PG_ARGISNULL(0) && other->ncases < COMPTE_LARGE)
		PG_RETURN_COMPTE_P(other);
	if (!PG_ARGISNULL(0) && other->capacite == 0 && !VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(PG_GETARG_DATUM(0))))
	{
		Compte	   *state = compte_from_datum(PG_GETARG_DATUM(0), (CompteGenre) other->genre);

		if (compte_better_merged(state, other) && state->ncases + other->ncases < COMPTE_LARGE)
		{
			compte_cases_verify(state);
			PG_RETURN_COMPTE_P(compte_somme(CurrentMemoryContext, state, other));
		}
	}
	compte_etat_open(&etat, fcinfo, (CompteGenre) other->genre);
	compte_etat_fusionner(&etat, other);
	return compte_etat_datum(&etat);
}

/* Final: the canonical form; the state goes on to be the same value */
Datum
compte_final(PG_FUNCTION_ARGS)
{
	Compte	   *whole = compte_etat_canonical(PG_GETARG_DATUM(0));

	PG_RETURN_COMPTE_P(whole != NULL ? whole : compte_canonical(compte_from_any(PG_GETARG_DATUM(0))));
}

/* Sum of two values */
Datum
compte_ajouter(PG_FUNCTION_ARGS)
{
	Compte	   *a = compte_canonical(compte_from_any(PG_GETARG_DATUM(0)));
	Compte	   *b = compte_canonical(compte_from_datum(PG_GETARG_DATUM(1), (CompteGenre) a->genre));

	PG_RETURN_COMPTE_P(compte_somme(CurrentMemoryContext, a, b));
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
