/*
 * compte_etat.c
 *	  The state of the aggregates that count, while they run.
 *
 * A small state is a flat value in working form: the transition function
 * changes it in place and returns the same pointer, and the executor copies it
 * only when it doubles. When it must grow and holds COMPTE_LARGE cases or more it
 * becomes an expanded object that holds the same working form: no copy at all,
 * and it grows where it stands. Rows added one by one fill 14 335 cases first.
 * An expanded object costs a memory context, and the executor's accounting of
 * memory visits each of them for every new group: small states must not be.
 * Flattened, for another process or for what stores a state, it is packed.
 *
 * A large state does not fit in the processor's caches, and a row by itself
 * waits for memory twice: the index, then the case. So an expanded object lets
 * what is added wait until there is enough of it to fetch all places at once.
 * What is merged into it stays beside the working form: large values are sorted,
 * and to merge them in order costs a fraction of looking each case up. Those of
 * parallel workers wait, packed, until the whole is asked for.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/expandeddatum.h"
#include "utils/memutils.h"

#include "compte_etat.h"
#include "compte_table.h"
#include "compat.h"

/*
 * Expanded object
 */
typedef struct Attente
{
	CompteCase	add;
	uint64		hash;
} Attente;

#define ATTENTES 64

typedef struct CompteExpanded
{
	ExpandedObjectHeader hdr;
	CompteGenre genre;
	Compte	   *working;		/* what was added; NULL: nothing */
	Compte	   *merged;			/* sum of what was merged, canonical; NULL: nothing */
	Compte	   *parts[COMPTE_PAQUETS];	/* what was to be merged too, packed */
	int			nparts;
	Compte	   *packed;			/* the whole, asked for its size and not written yet; else NULL */
	int			nattentes;
	Attente		attentes[ATTENTES]; /* not in working yet */
} CompteExpanded;

#define GROW_FAST (1024 * 1024)

static void
expanded_grow(CompteExpanded *e)
{
	uint64		entries = working_entries(e->working->ncases);

	/* Room costs little until it is filled, and an index that is made anew does */
	if (entries < GROW_FAST)
		entries *= 2;

	/* The system moves a block of many pages without copying it */
	e->working = (Compte *) repalloc(e->working, WORKING_SIZE(entries));
	compte_large_pages(e->working, WORKING_SIZE(entries));
	working_index_build(e->working, entries);
}

/* The whole is about to change */
static void
expanded_forget_packed(CompteExpanded *e)
{
	if (e->packed != NULL)
		pfree(e->packed);
	e->packed = NULL;
}

/* Put what waits in the working form */
static void
expanded_settle(CompteExpanded *e)
{
	int			n = e->nattentes;

	if (n > 0)
		expanded_forget_packed(e);
	e->nattentes = 0;
	for (int i = 0; i < n; i++)
		case_prefetch(e->working, e->attentes[i].hash);
	for (int i = 0; i < n; i++)
	{
		while (!working_add(e->working, &e->attentes[i].add, e->attentes[i].hash))
			expanded_grow(e);
	}
}

static inline void
expanded_add(CompteExpanded *e, const CompteCase *add, uint64 hash)
{
	if (unlikely(e->working == NULL))
		e->working = working_from(compte_alloc(e->genre, 0), e->hdr.eoh_context);
	e->attentes[e->nattentes].add = *add;
	e->attentes[e->nattentes].hash = hash;
	index_prefetch(e->working, hash);
	if (++e->nattentes == ATTENTES)
		expanded_settle(e);
}

static void
expanded_add_all(CompteExpanded *e, const Compte *b)
{
	for (uint32 i = 0; i < b->ncases; i++)
	{
		if ((i & COMPTE_INTERRUPT_MASK) == COMPTE_INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		expanded_add(e, &b->cases[i], compte_cle_hash(b->cases[i].cle));
	}
}

/* Merge a large canonical value, if that is better than to add its cases */
static bool
expanded_merge(CompteExpanded *e, const Compte *b)
{
	MemoryContext context = e->hdr.eoh_context;
	Compte	   *old = e->merged;

	if (old != NULL && !compte_better_merged(old, b))
		return false;
	if (old != NULL)
		e->merged = compte_somme(context, old, b);
	else
		e->merged = memcpy(compte_large_alloc(context, COMPTE_SIZE(b->ncases)), b, COMPTE_SIZE(b->ncases));
	if (old != NULL)
		pfree(old);
	expanded_forget_packed(e);
	return true;
}

/* Merge the parts: all at once, so that each case is written once */
static void
expanded_merge_parts(CompteExpanded *e)
{
	Compte	   *sum;

	if (e->nparts == 0)
		return;
	sum = compte_unpack(e->parts, e->nparts, e->hdr.eoh_context);
	if (e->merged == NULL)
		e->merged = sum;
	else
	{
		if (!expanded_merge(e, sum))
			expanded_add_all(e, sum);
		pfree(sum);
	}
	while (e->nparts > 0)
		pfree(e->parts[--e->nparts]);
}

static void
expanded_add_part(CompteExpanded *e, const Compte *packed)
{
	if (e->nparts == COMPTE_PAQUETS)
		expanded_merge_parts(e);
	expanded_forget_packed(e);
	e->parts[e->nparts] = memcpy(compte_large_alloc(e->hdr.eoh_context, VARSIZE(packed)), packed, VARSIZE(packed));
	e->nparts++;
}

/* All that it holds, in either form, which it goes on to hold so */
static const Compte *
expanded_whole(CompteExpanded *e)
{
	expanded_merge_parts(e);
	expanded_settle(e);
	if (e->merged != NULL && e->working != NULL)
	{
		Compte	   *added = compte_canonical(e->working);
		Compte	   *whole = compte_somme(e->hdr.eoh_context, e->merged, added);

		pfree(added);
		pfree(e->merged);
		pfree(e->working);
		e->merged = whole;
		e->working = NULL;
	}
	return e->merged != NULL ? e->merged : e->working;
}

/* Where all of it stands in little room: what leaves the process */
static Compte *
expanded_pack(CompteExpanded *e, const Compte *whole)
{
	Compte	   *sorted = whole->capacite == 0 ? NULL : compte_canonical(unconstify(Compte *, whole));
	Size		room = COMPTE_SIZE(0) + 1 + ((Size) whole->ncases + 1) * COMPTE_PAQUET_MAX;
	Compte	   *packed = (Compte *) MemoryContextAllocHuge(e->hdr.eoh_context, room);
	Size		size;

	compte_large_pages(packed, room);
	memcpy(packed, whole, COMPTE_SIZE(0));
	packed->capacite = COMPTE_PACKED;
	size = COMPTE_SIZE(0) +
		compte_emballer(sorted ? sorted->cases : whole->cases, whole->ncases, (uint8 *) packed->cases);
	compte_check_size(size);
	SET_VARSIZE(packed, size);
	if (sorted != NULL)
		pfree(sorted);
	return packed;
}

/* The executor asks for the size more than once before it has the value written */
static Size
expanded_flat_size(ExpandedObjectHeader *eohptr)
{
	CompteExpanded *e = (CompteExpanded *) eohptr;
	const Compte *whole = expanded_whole(e);

	if (e->packed == NULL)
		e->packed = expanded_pack(e, whole);
	return VARSIZE(e->packed);
}

static void
expanded_flatten(ExpandedObjectHeader *eohptr, void *result, Size allocated_size)
{
	CompteExpanded *e = (CompteExpanded *) eohptr;
	Size		size PG_USED_FOR_ASSERTS_ONLY = expanded_flat_size(eohptr);

	Assert(allocated_size == size);
	compte_large_pages(result, allocated_size);
	memcpy(result, e->packed, allocated_size);
	expanded_forget_packed(e);
}

static const ExpandedObjectMethods expanded_methods = {
	expanded_flat_size,
	expanded_flatten
};

static CompteExpanded *
expanded_from(const Compte *b, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "spaser aggregate", ALLOCSET_START_SMALL_SIZES);
	CompteExpanded *e = (CompteExpanded *) MemoryContextAlloc(context, sizeof(CompteExpanded));

	EOH_init_header(&e->hdr, &expanded_methods, context);
	e->genre = (CompteGenre) b->genre;
	e->working = NULL;
	e->merged = NULL;
	e->packed = NULL;
	e->nparts = 0;
	e->nattentes = 0;
	if (b->capacite == 0 && b->ncases >= COMPTE_LARGE)
	{
		compte_cases_verify(b);
		(void) expanded_merge(e, b);
	}
	else if (b->ncases > 0)
		e->working = working_from(b, context);
	return e;
}

/* Ours, else NULL */
static CompteExpanded *
expanded_of(Datum d)
{
	CompteExpanded *e;

	if (!VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(d)))
		return NULL;
	e = (CompteExpanded *) DatumGetEOHP(d);
	return e->hdr.eoh_methods == &expanded_methods ? e : NULL;
}

/* Ours if the executor lets us change it, else NULL */
static CompteExpanded *
expanded_in_place(Datum d, CompteGenre genre)
{
	CompteExpanded *e = VARATT_IS_EXTERNAL_EXPANDED_RW(DatumGetPointer(d)) ? expanded_of(d) : NULL;

	return e != NULL && e->genre == genre ? e : NULL;
}

/*
 * State
 */
static void
etat_set(CompteEtat *etat, const Compte *b)
{
	if (b->ncases < COMPTE_LARGE)
	{
		etat->expanded = NULL;
		etat->working = working_from(b, CurrentMemoryContext);
	}
	else
	{
		etat->expanded = expanded_from(b, etat->context);
		etat->working = NULL;
	}
}

void
compte_etat_open(CompteEtat *etat, FunctionCallInfo fcinfo, CompteGenre genre)
{
	Datum		d = fcinfo->args[0].value;

	etat->context = compte_aggregate_context(fcinfo);
	etat->genre = genre;
	etat->expanded = NULL;
	if (fcinfo->args[0].isnull)
		etat_set(etat, compte_alloc(genre, 0));
	else if (!VARATT_IS_EXTENDED(DatumGetPointer(d)))
	{
		etat->working = compte_from_datum(d, genre);
		if (etat->working->capacite == 0)
			etat_set(etat, etat->working);
	}
	else if ((etat->expanded = expanded_in_place(d, genre)) == NULL)
		etat_set(etat, compte_from_datum(d, genre));
}

void
compte_etat_add(CompteEtat *etat, const CompteCase *add)
{
	uint64		hash = compte_cle_hash(add->cle);

	if (etat->expanded == NULL)
	{
		if (working_add(etat->working, add, hash))
			return;
		etat_set(etat, etat->working);
	}
	if (etat->expanded == NULL)
		(void) working_add(etat->working, add, hash);
	else
		expanded_add(etat->expanded, add, hash);
}

void
compte_etat_fusionner(CompteEtat *etat, const Compte *other)
{
	bool		packed = other->capacite == COMPTE_PACKED;

	if (packed || (other->capacite == 0 && other->ncases >= COMPTE_LARGE))
	{
		if (etat->expanded == NULL)
			etat->expanded = expanded_from(etat->working, etat->context);
		if (packed)
			expanded_add_part(etat->expanded, other);
		else if (!expanded_merge(etat->expanded, other))
			expanded_add_all(etat->expanded, other);
		return;
	}
	for (uint32 i = 0; i < other->ncases; i++)
	{
		if ((i & COMPTE_INTERRUPT_MASK) == COMPTE_INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		compte_etat_add(etat, &other->cases[i]);
	}
}

Compte *
compte_etat_canonical(Datum d)
{
	CompteExpanded *e = expanded_of(d);
	const Compte *whole;
	Compte	   *result;

	if (e == NULL)
		return NULL;

	/* What parallel workers brought, and nothing else: written where it is wanted at once */
	if (e->nparts > 0 && e->merged == NULL && e->working == NULL)
		return compte_unpack(e->parts, e->nparts, CurrentMemoryContext);
	whole = expanded_whole(e);
	result = compte_alloc(e->genre, whole->ncases);
	compte_canonical_into(whole, result);
	return result;
}

Datum
compte_etat_datum(const CompteEtat *etat)
{
	if (etat->expanded != NULL)
		return EOHPGetRWDatum(&etat->expanded->hdr);
	return PointerGetDatum(etat->working);
}
