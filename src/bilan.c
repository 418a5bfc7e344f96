/*
 * bilan.c
 *	  Aggregates bilan(profil, montant) and fusion(bilan), and their accessors.
 *
 * The state of both aggregates is the type itself, in its hash table form. The
 * transition function changes it in place and returns the same pointer, so the
 * executor copies it only when it doubles. Counts and centimes are integers:
 * the result is the same in any order and with any tree of merges.
 */
#include "postgres.h"

#include "common/int.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "bilan.h"
#include "compat.h"
#include "numeric_centimes.h"
#include "profil.h"

PG_FUNCTION_INFO_V1(bilan_accum);
PG_FUNCTION_INFO_V1(bilan_combine);
PG_FUNCTION_INFO_V1(bilan_final);
PG_FUNCTION_INFO_V1(bilan_ajouter);
PG_FUNCTION_INFO_V1(bilan_eq);
PG_FUNCTION_INFO_V1(bilan_ne);
PG_FUNCTION_INFO_V1(bilan_nombre);
PG_FUNCTION_INFO_V1(bilan_montant);
PG_FUNCTION_INFO_V1(bilan_ecartes);
PG_FUNCTION_INFO_V1(bilan_detail);

#define SLOTS_FIRST 8
#define SLOTS_MAX ((MaxAllocSize - offsetof(Bilan, cases)) / sizeof(BilanCase))

/* Cases that a table of so many slots may hold: 11 in 16 */
#define SLOTS_LOAD(slots) ((uint64) (slots) * 11 / 16)

#define INTERRUPT_MASK 0xFFFF

/*
 * Struct
 */
Bilan *
bilan_alloc(uint64 slots)
{
	Bilan	   *b;

	if (slots > SLOTS_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("bilan has too many distinct profils"),
				 errdetail("At most %llu fit in a value.", (unsigned long long) SLOTS_MAX)));
	b = (Bilan *) palloc(BILAN_SIZE(slots));
	SET_VARSIZE(b, BILAN_SIZE(slots));
	b->version = BILAN_VERSION;
	b->reserve = 0;
	b->ncases = (uint32) slots;
	b->capacite = 0;
	return b;
}

static Bilan *
table_new(uint64 slots)
{
	Bilan	   *b = bilan_alloc(slots);

	memset(b->cases, 0, slots * sizeof(BilanCase));
	b->ncases = 0;
	b->capacite = (uint32) slots;
	return b;
}

/* A value can only come from here, but a cast by a superuser could forge one */
static inline bool
bilan_sane(const Bilan *b)
{
	Size		size = VARSIZE(b);

	return size >= offsetof(Bilan, cases) && b->version == BILAN_VERSION && b->reserve == 0 &&
		size == BILAN_SIZE(bilan_slots(b)) && (b->capacite & (b->capacite - 1)) == 0 &&
		(b->capacite == 0 || b->ncases < b->capacite);
}

static pg_attribute_noreturn() void
corrupted(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("bilan value is corrupted")));
}

Bilan *
bilan_from_datum(Datum d)
{
	Bilan	   *b = (Bilan *) PG_DETOAST_DATUM(d);

	if (!bilan_sane(b))
		corrupted();
	return b;
}

bool
bilan_amount_counts(const Profil *p)
{
	return profil_get(p, attribut_get(ATT_MONTANT)) == MONTANT_UTILISABLE;
}

/*
 * Hash table
 */
static inline uint32
profil_slot(const Profil *p, uint32 mask)
{
	uint64		h = p->mots[0] * UINT64CONST(0x9E3779B97F4A7C15);

	h = (h ^ (h >> 32)) + p->mots[1];
	h *= UINT64CONST(0xD6E8FEB86659FD93);
	h = (h ^ (h >> 32)) * UINT64CONST(0xD6E8FEB86659FD93);
	return (uint32) (h >> 32) & mask;
}

/*
 * The slot that holds a profil, or the empty one where it belongs; NULL only
 * if the table is full, which a sane one never is.
 */
static inline BilanCase *
table_find(Bilan *b, const Profil *p)
{
	uint32		mask = b->capacite - 1;
	uint32		slot = profil_slot(p, mask);

	for (uint32 i = 0; i <= mask; i++)
	{
		BilanCase  *c = &b->cases[slot];

		if (c->nombre == 0 ||
			(c->profil.mots[0] == p->mots[0] && c->profil.mots[1] == p->mots[1]))
			return c;
		slot = (slot + 1) & mask;
	}
	return NULL;
}

static inline void
case_add(BilanCase *c, const BilanCase *add)
{
	if (pg_add_s64_overflow(c->nombre, add->nombre, &c->nombre) ||
		pg_add_s64_overflow(c->centimes, add->centimes, &c->centimes))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("bilan out of range"),
				 errdetail("A number of contracts or an amount in centimes exceeds a bigint.")));
}

/* Add to a table that has room for one more case */
static inline void
table_add(Bilan *b, const BilanCase *add)
{
	BilanCase  *c = table_find(b, &add->profil);

	if (unlikely(c == NULL))
		corrupted();
	if (c->nombre == 0)
	{
		*c = *add;
		b->ncases++;
	}
	else
		case_add(c, add);
}

/*
 * The same cases in a new table of at least so many slots, with room for one
 * more case. It is never smaller than the table it comes from: walking that
 * one in the order of its slots would crowd the start of a smaller one and
 * take quadratic time.
 */
static Bilan *
table_from(const Bilan *b, uint64 slots_min)
{
	uint64		slots = Max(SLOTS_FIRST, Max(b->capacite, slots_min));
	uint32		walk = bilan_slots(b);
	Bilan	   *table;

	while (SLOTS_LOAD(slots) <= b->ncases)
		slots *= 2;
	table = table_new(slots);
	for (uint32 i = 0; i < walk; i++)
	{
		if ((i & INTERRUPT_MASK) == INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		if (b->cases[i].nombre != 0)
			table_add(table, &b->cases[i]);
	}
	return table;
}

/* Add, in a larger table if this one is full; returns the table that has it */
static inline Bilan *
table_put(Bilan *b, const BilanCase *add)
{
	if (unlikely(b->ncases >= SLOTS_LOAD(b->capacite)))
		b = table_from(b, 0);
	table_add(b, add);
	return b;
}

/* Outside an aggregate nothing says that the state may be changed */
static inline void
check_aggregate(FunctionCallInfo fcinfo)
{
	if (!AggCheckCallContext(fcinfo, NULL))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("aggregate function called in non-aggregate context")));
}

/*
 * The state of an aggregate, to be changed in place. NULL if it must be copied
 * first: it is canonical, packed or toasted.
 */
static inline Bilan *
state_in_place(Datum d)
{
	Bilan	   *b = (Bilan *) DatumGetPointer(d);

	return !VARATT_IS_EXTENDED(b) && b->capacite != 0 && bilan_sane(b) ? b : NULL;
}

/* The same, or its copy as a table where it can't be */
static inline Bilan *
state_table(Datum d)
{
	Bilan	   *b = state_in_place(d);

	return b != NULL ? b : table_from(bilan_from_datum(d), 0);
}

/*
 * Transition of bilan
 */
Datum
bilan_accum(PG_FUNCTION_ARGS)
{
	BilanCase	add = {{{0, 0}}, 1, 0};
	Bilan	   *state;

	check_aggregate(fcinfo);
	if (!PG_ARGISNULL(1))
		add.profil = *PG_GETARG_PROFIL_P(1);
	if (!PG_ARGISNULL(2) && bilan_amount_counts(&add.profil))
		add.centimes = numeric_centimes(PG_GETARG_DATUM(2));
	state = PG_ARGISNULL(0) ? table_new(SLOTS_FIRST) : state_table(PG_GETARG_DATUM(0));
	PG_RETURN_BILAN_P(table_put(state, &add));
}

/*
 * Combine, and transition of fusion. Strict: the first value is taken as is.
 */
Datum
bilan_combine(PG_FUNCTION_ARGS)
{
	Bilan	   *other = PG_GETARG_BILAN_P(1);
	uint32		slots = bilan_slots(other);
	Bilan	   *state;

	check_aggregate(fcinfo);
	state = state_table(PG_GETARG_DATUM(0));
	if (state->capacite < other->capacite)
		state = table_from(state, other->capacite);
	for (uint32 i = 0; i < slots; i++)
	{
		if ((i & INTERRUPT_MASK) == INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		if (other->cases[i].nombre != 0)
			state = table_put(state, &other->cases[i]);
	}
	PG_RETURN_BILAN_P(state);
}

/*
 * Final: the canonical form, the state untouched
 */
#define ST_SORT cases_sort
#define ST_ELEMENT_TYPE BilanCase
#define ST_COMPARE(a, b) profil_compare(&(a)->profil, &(b)->profil)
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

Bilan *
bilan_canonical(Bilan *b)
{
	Bilan	   *result;
	uint32		n = 0;

	if (b->capacite == 0)
		return b;
	result = bilan_alloc(b->ncases);
	for (uint32 i = 0; i < b->capacite && n < b->ncases; i++)
	{
		if (b->cases[i].nombre != 0)
			result->cases[n++] = b->cases[i];
	}
	if (n != b->ncases)
		corrupted();
	cases_sort(result->cases, n);
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
			case_add(&result->cases[n], &b->cases[j++]);
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

	for (uint32 i = 0; i < bilan_slots(b); i++)
		case_add(&total, &(BilanCase) {{{0, 0}}, b->cases[i].nombre, 0});
	PG_RETURN_INT64(total.nombre);
}

Datum
bilan_montant(PG_FUNCTION_ARGS)
{
	Bilan	   *b = bilan_canonical(PG_GETARG_BILAN_P(0));
	BilanCase	total = {{{0, 0}}, 0, 0};

	for (uint32 i = 0; i < b->ncases; i++)
	{
		if (profil_en_valeur(&b->cases[i].profil))
			case_add(&total, &b->cases[i]);
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
	for (uint32 i = 0; i < bilan_slots(b); i++)
	{
		const BilanCase *c = &b->cases[i];

		if (c->nombre != 0 && !profil_en_valeur(&c->profil))
			case_add(&totals[case_ecart(&c->profil)], &(BilanCase) {{{0, 0}}, c->nombre, 0});
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
