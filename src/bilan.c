/*
 * bilan.c
 *	  Aggregates bilan(profil, montant) and fusion(bilan), and their accessors.
 *
 * The state of both aggregates is the type itself, in its working form (see
 * bilan_etat.c). Counts and centimes are integers: the result is the same in
 * any order and with any tree of merges.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "bilan.h"
#include "bilan_etat.h"
#include "compat.h"
#include "numeric_centimes.h"
#include "profil.h"

PG_FUNCTION_INFO_V1(bilan_accum);
PG_FUNCTION_INFO_V1(bilan_combine);
PG_FUNCTION_INFO_V1(bilan_final);
PG_FUNCTION_INFO_V1(bilan_ajouter);
PG_FUNCTION_INFO_V1(bilan_eq);
PG_FUNCTION_INFO_V1(bilan_ne);
PG_FUNCTION_INFO_V1(bilan_hash);
PG_FUNCTION_INFO_V1(bilan_hash_extended);
PG_FUNCTION_INFO_V1(bilan_nombre);
PG_FUNCTION_INFO_V1(bilan_montant);
PG_FUNCTION_INFO_V1(bilan_ecartes);
PG_FUNCTION_INFO_V1(bilan_detail);

/*
 * Struct
 */
void
bilan_check_size(Size size)
{
	if (size > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many distinct profils in a bilan"),
				 errdetail("A bilan, and the state of its aggregate, are limited to 1 GB.")));
}

Bilan *
bilan_alloc(uint64 ncases)
{
	Bilan	   *b;

	bilan_check_size(BILAN_SIZE(ncases));
	b = (Bilan *) palloc(BILAN_SIZE(ncases));
	SET_VARSIZE(b, BILAN_SIZE(ncases));
	b->version = BILAN_VERSION;
	b->reserve = 0;
	b->ncases = (uint32) ncases;
	b->capacite = 0;
	return b;
}

void
bilan_corrupted(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("bilan value is corrupted")));
}

static inline bool
bilan_canonical_sane(const Bilan *b)
{
	return VARSIZE(b) >= BILAN_SIZE(0) && b->version == BILAN_VERSION && b->reserve == 0 &&
		b->capacite == 0 && VARSIZE(b) == BILAN_SIZE(b->ncases);
}

/* A value can only come from here, but a cast made by a superuser could forge one */
Bilan *
bilan_from_datum(Datum d)
{
	Bilan	   *b = (Bilan *) PG_DETOAST_DATUM(d);

	if (!bilan_canonical_sane(b) && !bilan_working_sane(b))
		bilan_corrupted();
	return b;
}

bool
bilan_amount_counts(const Profil *p)
{
	return profil_get(p, attribut_get(ATT_MONTANT)) == MONTANT_UTILISABLE;
}

void
bilan_case_overflow(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("bilan out of range"),
			 errdetail("A number of contracts or an amount in centimes exceeds a bigint.")));
}

/* Outside an aggregate nothing says that the state may be changed */
static inline MemoryContext
aggregate_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("aggregate function called in non-aggregate context")));
	return context;
}

/*
 * Transition of bilan
 */
Datum
bilan_accum(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	BilanCase	add = {{{0, 0}}, 1, 0};
	BilanEtat	etat;

	if (!PG_ARGISNULL(1))
		add.profil = *PG_GETARG_PROFIL_P(1);
	if (!PG_ARGISNULL(2) && bilan_amount_counts(&add.profil))
		add.centimes = numeric_centimes(PG_GETARG_DATUM(2));
	if (PG_ARGISNULL(0))
		bilan_etat_new(&etat, context);
	else
		bilan_etat_open(&etat, PG_GETARG_DATUM(0), context);
	bilan_etat_add(&etat, &add);
	return bilan_etat_datum(&etat);
}

/*
 * Combine, and transition of fusion. Strict: the first value is taken as is.
 */
Datum
bilan_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	Bilan	   *other = PG_GETARG_BILAN_P(1);
	BilanEtat	etat;

	bilan_etat_open(&etat, PG_GETARG_DATUM(0), context);
	for (uint32 i = 0; i < other->ncases; i++)
	{
		if ((i & BILAN_INTERRUPT_MASK) == BILAN_INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		bilan_etat_add(&etat, &other->cases[i]);
	}
	return bilan_etat_datum(&etat);
}

/*
 * Final: the canonical form, the state untouched
 */
static inline int
case_compare(const BilanCase *a, const BilanCase *b)
{
	int			w = a->profil.mots[0] == b->profil.mots[0];

	return a->profil.mots[w] < b->profil.mots[w] ? -1 : a->profil.mots[w] > b->profil.mots[w];
}

#define ST_SORT cases_sort
#define ST_ELEMENT_TYPE BilanCase
#define ST_COMPARE(a, b) case_compare(a, b)
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

void
bilan_canonical_into(const Bilan *b, Bilan *result)
{
	memcpy(result, b, BILAN_SIZE(b->ncases));
	SET_VARSIZE(result, BILAN_SIZE(b->ncases));
	result->capacite = 0;
	cases_sort(result->cases, b->ncases);
}

Bilan *
bilan_canonical(Bilan *b)
{
	Bilan	   *result;

	if (b->capacite == 0)
		return b;
	result = bilan_alloc(b->ncases);
	bilan_canonical_into(b, result);
	return result;
}

Datum
bilan_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_BILAN_P(bilan_canonical(PG_GETARG_BILAN_P(0)));
}

/*
 * Sum of two values: both are sorted
 */
Datum
bilan_ajouter(PG_FUNCTION_ARGS)
{
	Bilan	   *a = bilan_canonical(PG_GETARG_BILAN_P(0));
	Bilan	   *b = bilan_canonical(PG_GETARG_BILAN_P(1));
	Bilan	   *result;
	uint32		i = 0;
	uint32		j = 0;
	uint32		n = 0;
	uint32		common = 0;

	/* how many they share, for the exact size */
	while (i < a->ncases && j < b->ncases)
	{
		int			cmp = profil_compare(&a->cases[i].profil, &b->cases[j].profil);

		i += cmp <= 0;
		j += cmp >= 0;
		common += cmp == 0;
	}
	result = bilan_alloc((uint64) a->ncases + b->ncases - common);
	i = j = 0;
	while (i < a->ncases || j < b->ncases)
	{
		int			cmp = i == a->ncases ? 1 : j == b->ncases ? -1
			: profil_compare(&a->cases[i].profil, &b->cases[j].profil);

		result->cases[n] = cmp <= 0 ? a->cases[i++] : b->cases[j++];
		if (cmp == 0)
			bilan_case_add(&result->cases[n], &b->cases[j++]);
		n++;
	}
	PG_RETURN_BILAN_P(result);
}

/*
 * Equality
 */
static bool
bilan_equal(Bilan *a, Bilan *b)
{
	a = bilan_canonical(a);
	b = bilan_canonical(b);
	return VARSIZE(a) == VARSIZE(b) && memcmp(a, b, VARSIZE(a)) == 0;
}

Datum
bilan_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(bilan_equal(PG_GETARG_BILAN_P(0), PG_GETARG_BILAN_P(1)));
}

Datum
bilan_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!bilan_equal(PG_GETARG_BILAN_P(0), PG_GETARG_BILAN_P(1)));
}

/* Of the canonical form, less the header that says its length */
static const unsigned char *
hashed_bytes(Bilan *b, int *len)
{
	b = bilan_canonical(b);
	*len = (int) (VARSIZE(b) - VARHDRSZ);
	return (const unsigned char *) VARDATA(b);
}

Datum
bilan_hash(PG_FUNCTION_ARGS)
{
	int			len;
	const unsigned char *bytes = hashed_bytes(PG_GETARG_BILAN_P(0), &len);

	return hash_any(bytes, len);
}

Datum
bilan_hash_extended(PG_FUNCTION_ARGS)
{
	int			len;
	const unsigned char *bytes = hashed_bytes(PG_GETARG_BILAN_P(0), &len);

	return hash_any_extended(bytes, len, (uint64) PG_GETARG_INT64(1));
}

/*
 * Accessors
 */
static Datum
euros_datum(int64 centimes)
{
	return NumericGetDatum(int64_div_fast_to_numeric(centimes, 2));
}

Datum
bilan_nombre(PG_FUNCTION_ARGS)
{
	Bilan	   *b = PG_GETARG_BILAN_P(0);
	BilanCase	total = {{{0, 0}}, 0, 0};

	for (uint32 i = 0; i < b->ncases; i++)
		bilan_case_add(&total, &(BilanCase) {{{0, 0}}, b->cases[i].nombre, 0});
	PG_RETURN_INT64(total.nombre);
}

Datum
bilan_montant(PG_FUNCTION_ARGS)
{
	Bilan	   *b = PG_GETARG_BILAN_P(0);
	BilanCase	total = {{{0, 0}}, 0, 0};

	for (uint32 i = 0; i < b->ncases; i++)
	{
		if (profil_en_valeur(&b->cases[i].profil))
			bilan_case_add(&total, &b->cases[i]);
	}
	return euros_datum(total.centimes);
}

/* Columns of ecartes(): why a case is out of value */
typedef enum Ecart
{
	SANS_MONTANT,
	ABERRANTS,
	SUBSEQUENTS_LIES,
	SUBSEQUENTS_V1,
	ECART_COUNT
} Ecart;

static Ecart
case_ecart(const Profil *p)
{
	if (profil_get(p, attribut_get(ATT_MONTANT)) == 0)
		return SANS_MONTANT;
	if (!bilan_amount_counts(p))
		return ABERRANTS;
	return profil_get(p, attribut_get(ATT_SUBSEQUENT)) == SUBSEQUENT_LIE
		? SUBSEQUENTS_LIES : SUBSEQUENTS_V1;
}

Datum
bilan_ecartes(PG_FUNCTION_ARGS)
{
	Bilan	   *b = PG_GETARG_BILAN_P(0);
	TupleDesc	desc;
	BilanCase	totals[ECART_COUNT] = {0};
	Datum		values[ECART_COUNT];
	bool		nulls[ECART_COUNT] = {false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE ||
		desc->natts != ECART_COUNT)
		elog(ERROR, "unexpected result type");
	for (uint32 i = 0; i < b->ncases; i++)
	{
		const BilanCase *c = &b->cases[i];

		if (!profil_en_valeur(&c->profil))
			bilan_case_add(&totals[case_ecart(&c->profil)], &(BilanCase) {{{0, 0}}, c->nombre, 0});
	}
	for (int i = 0; i < ECART_COUNT; i++)
		values[i] = Int64GetDatum(totals[i].nombre);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

Datum
bilan_detail(PG_FUNCTION_ARGS)
{
	FuncCallContext *funcctx;
	BilanCase  *c;
	Datum		values[3];
	bool		nulls[3] = {false};

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext oldcontext;
		Bilan	   *b;

		funcctx = SRF_FIRSTCALL_INIT();
		oldcontext = MemoryContextSwitchTo(funcctx->multi_call_memory_ctx);
		if (get_call_result_type(fcinfo, NULL, &funcctx->tuple_desc) != TYPEFUNC_COMPOSITE ||
			funcctx->tuple_desc->natts != 3)
			elog(ERROR, "unexpected result type");
		funcctx->tuple_desc = BlessTupleDesc(funcctx->tuple_desc);
		/* a copy: the argument does not outlive this call */
		b = bilan_canonical(bilan_from_datum(PointerGetDatum(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0)))));
		funcctx->user_fctx = b->cases;
		funcctx->max_calls = b->ncases;
		MemoryContextSwitchTo(oldcontext);
	}
	funcctx = SRF_PERCALL_SETUP();
	if (funcctx->call_cntr >= funcctx->max_calls)
		SRF_RETURN_DONE(funcctx);
	c = (BilanCase *) funcctx->user_fctx + funcctx->call_cntr;
	values[0] = ProfilPGetDatum(&c->profil);
	values[1] = Int64GetDatum(c->nombre);
	if (bilan_amount_counts(&c->profil))
		values[2] = euros_datum(c->centimes);
	else
		nulls[2] = true;
	SRF_RETURN_NEXT(funcctx, HeapTupleGetDatum(heap_form_tuple(funcctx->tuple_desc, values, nulls)));
}
