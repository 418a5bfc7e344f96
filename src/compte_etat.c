/*
 * compte_etat.c
 *	  The state of the aggregates that count, while they run.
 *
 * A small state is a flat value in working form: the transition function
 * changes it in place and returns the same pointer, and the executor copies it
 * only when it doubles. When it must grow and holds EXPANDED_CASES or more it
 * becomes an expanded object that holds the same working form: no copy at all,
 * and it grows where it stands. Rows added one by one fill 14 335 cases first.
 * An expanded object costs a memory context, and the executor's accounting of
 * memory visits each of them for every new group: small states must not be.
 * Flattened, by whoever stores or sends it, it is a canonical value.
 *
 * A large state does not fit in the processor's caches, and a row by itself
 * waits for memory twice: the index, then the case. So an expanded object lets
 * what is added wait until there is enough of it to fetch all places at once.
 */
#include "postgres.h"

#include <sys/mman.h>

#include "miscadmin.h"
#include "utils/expandeddatum.h"
#include "utils/memutils.h"

#include "compte_etat.h"
#include "compat.h"

/*
 * The index of the working form has a power of two of entries, for 7 cases in
 * 8 minus one: the whole then fills the allocator's blocks, of powers of two.
 * An entry is 0 when empty, else 7 bits of the hash and 1 + place of the case.
 */
#define INDEX_FIRST 16
#define INDEX_CASES(entries) ((uint64) (entries) / 8 * 7 - 1)
#define INDEX_ENTRIES(capacite) (((uint64) (capacite) + 1) / 7 * 8)
#define WORKING_SIZE(entries) \
	(COMPTE_SIZE(INDEX_CASES(entries)) + (Size) (entries) * sizeof(uint32))

#define PLACE_BITS 25
#define PLACE_MASK ((UINT32_C(1) << PLACE_BITS) - 1)

/* The largest state that fits in a value has a place for each of its cases */
StaticAssertDecl(WORKING_SIZE(UINT64CONST(2) << PLACE_BITS) > MaxAllocSize &&
				 INDEX_CASES(UINT64CONST(1) << PLACE_BITS) < PLACE_MASK,
				 "places are too narrow");

#define EXPANDED_CASES 8192

/*
 * Working form
 */
static inline uint32 *
working_index(Compte *b)
{
	return (uint32 *) &b->cases[b->capacite];
}

static inline uint32
index_mask(const Compte *b)
{
	return (uint32) INDEX_ENTRIES(b->capacite) - 1;
}

static inline uint64
cle_hash64(const CompteCase *c)
{
	uint64		h = c->cle[0] * UINT64CONST(0x9E3779B97F4A7C15);

	h = (h ^ (h >> 32)) + c->cle[1];
	h *= UINT64CONST(0xD6E8FEB86659FD93);
	h = (h ^ (h >> 32)) * UINT64CONST(0xD6E8FEB86659FD93);
	return h ^ (h >> 32);
}

static inline uint32
index_tag(uint64 hash)
{
	return (uint32) (hash >> 32) & ~PLACE_MASK;
}

/*
 * Place of a key in the index: *entry is the entry that leads to its case,
 * or the empty one that should.
 */
static inline bool
index_find(Compte *b, const CompteCase *c, uint64 hash, uint32 **entry)
{
	uint32	   *index = working_index(b);
	uint32		mask = index_mask(b);
	uint32		tag = index_tag(hash);
	uint32		at = (uint32) hash & mask;

	for (uint32 i = 0; i <= mask; i++, at = (at + 1) & mask)
	{
		uint32		e = index[at];

		*entry = &index[at];
		if (e == 0)
			return false;
		if ((e & ~PLACE_MASK) == tag)
		{
			uint32		place = (e & PLACE_MASK) - 1;

			if (unlikely(place >= b->ncases))
				compte_corrupted();
			if (b->cases[place].cle[0] == c->cle[0] &&
				b->cases[place].cle[1] == c->cle[1])
				return true;
		}
	}
	compte_corrupted();
}

static inline uint32
index_entry(uint64 hash, uint32 place)
{
	return index_tag(hash) | (place + 1);
}

/* False if there is no room for one more case */
static inline bool
working_add(Compte *b, const CompteCase *add, uint64 hash)
{
	uint32	   *entry;

	if (index_find(b, add, hash, &entry))
	{
		compte_case_add(&b->cases[(*entry & PLACE_MASK) - 1], add);
		return true;
	}
	if (b->ncases == b->capacite)
		return false;
	*entry = index_entry(hash, b->ncases);
	b->cases[b->ncases++] = *add;
	return true;
}

/* Entries of the index that leaves room for one more case */
static uint64
entries_for(uint32 ncases)
{
	uint64		entries = INDEX_FIRST;

	while (INDEX_CASES(entries) <= ncases)
		entries *= 2;
	compte_check_size(WORKING_SIZE(entries));
	return entries;
}

/* Cases ahead whose place in the index is fetched, it being larger than the caches */
#define PREFETCH_AHEAD 16

/* Give the cases that are there, all distinct, an index of so many entries */
static void
working_index_build(Compte *b, uint64 entries)
{
	uint32		mask = (uint32) entries - 1;
	uint32	   *index;

	SET_VARSIZE(b, WORKING_SIZE(entries));
	b->capacite = (uint32) INDEX_CASES(entries);
	index = working_index(b);
	memset(index, 0, entries * sizeof(uint32));
	for (uint32 i = 0; i < b->ncases; i++)
	{
		uint64		hash = cle_hash64(&b->cases[i]);
		uint32		at = (uint32) hash & mask;

		if ((i & COMPTE_INTERRUPT_MASK) == COMPTE_INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		if (i + PREFETCH_AHEAD < b->ncases)
			__builtin_prefetch(&index[cle_hash64(&b->cases[i + PREFETCH_AHEAD]) & mask], 1);
		while (index[at] != 0)
			at = (at + 1) & mask;
		index[at] = index_entry(hash, i);
	}
}

/* The cases of a value as a working form with room for one more, in a context */
static Compte *
working_from(const Compte *b, MemoryContext context)
{
	uint64		entries = entries_for(b->ncases);
	Compte	   *w = (Compte *) MemoryContextAlloc(context, WORKING_SIZE(entries));

	memcpy(w, b, COMPTE_SIZE(b->ncases));
	working_index_build(w, entries);
	return w;
}

bool
compte_working_sane(const Compte *b)
{
	uint64		entries;

	if (VARSIZE(b) < COMPTE_SIZE(0) || b->version != COMPTE_VERSION)
		return false;
	entries = INDEX_ENTRIES(b->capacite);
	return entries >= INDEX_FIRST && (entries & (entries - 1)) == 0 &&
		b->capacite == INDEX_CASES(entries) && b->ncases <= b->capacite &&
		VARSIZE(b) == WORKING_SIZE(entries);
}

/* Ask memory for the entries where a hash begins */
static inline void
index_prefetch(Compte *b, uint64 hash)
{
	__builtin_prefetch(&working_index(b)[(uint32) hash & index_mask(b)], 1);
}

/* These being here, ask for its case if they are enough to find it: it is a hint only */
static inline void
case_prefetch(Compte *b, uint64 hash)
{
	uint32	   *index = working_index(b);
	uint32		mask = index_mask(b);
	uint32		at = (uint32) hash & mask;

	for (int i = 0; i < INDEX_FIRST && index[at] != 0; i++, at = (at + 1) & mask)
	{
		if ((index[at] & ~PLACE_MASK) == index_tag(hash))
		{
			CompteCase  *c = &b->cases[(index[at] & PLACE_MASK) - 1];

			__builtin_prefetch(c, 1);
			__builtin_prefetch((char *) (c + 1) - 1, 1);	/* it may lie across two lines */
			return;
		}
	}
}

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
	Compte	   *working;
	int			nattentes;
	Attente		attentes[ATTENTES]; /* not in working yet */
} CompteExpanded;

/*
 * Cases are looked up all over a large block: let the kernel back it with large
 * pages, before anything is written there. It is a hint only.
 */
#define LARGE_BLOCK (4 * 1024 * 1024)
#define SMALL_PAGE 4096

static void
large_pages(void *block, Size size)
{
#ifdef MADV_HUGEPAGE
	char	   *start = (char *) TYPEALIGN(SMALL_PAGE, block);
	char	   *end = (char *) TYPEALIGN_DOWN(SMALL_PAGE, (char *) block + size);

	if (size >= LARGE_BLOCK)
		(void) madvise(start, end - start, MADV_HUGEPAGE);
#endif
}

static void
expanded_grow(CompteExpanded *e)
{
	Compte	   *old = e->working;
	uint64		entries = entries_for(old->ncases);

	e->working = (Compte *) MemoryContextAlloc(e->hdr.eoh_context, WORKING_SIZE(entries));
	large_pages(e->working, WORKING_SIZE(entries));
	memcpy(e->working, old, COMPTE_SIZE(old->ncases));
	pfree(old);
	working_index_build(e->working, entries);
}

/* Put what waits in the working form */
static void
expanded_settle(CompteExpanded *e)
{
	int			n = e->nattentes;

	e->nattentes = 0;
	for (int i = 0; i < n; i++)
		case_prefetch(e->working, e->attentes[i].hash);
	for (int i = 0; i < n; i++)
	{
		while (!working_add(e->working, &e->attentes[i].add, e->attentes[i].hash))
			expanded_grow(e);
	}
}

static Size
expanded_flat_size(ExpandedObjectHeader *eohptr)
{
	CompteExpanded *e = (CompteExpanded *) eohptr;

	expanded_settle(e);
	return COMPTE_SIZE(e->working->ncases);
}

static void
expanded_flatten(ExpandedObjectHeader *eohptr, void *result, Size allocated_size)
{
	Assert(allocated_size == expanded_flat_size(eohptr));
	compte_canonical_into(((CompteExpanded *) eohptr)->working, (Compte *) result);
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
	e->working = working_from(b, context);
	e->nattentes = 0;
	return e;
}

static inline void
expanded_add(CompteExpanded *e, const CompteCase *add, uint64 hash)
{
	e->attentes[e->nattentes].add = *add;
	e->attentes[e->nattentes].hash = hash;
	index_prefetch(e->working, hash);
	if (++e->nattentes == ATTENTES)
		expanded_settle(e);
}

/* Ours if the executor may let us change it, else NULL */
static CompteExpanded *
expanded_in_place(Datum d, CompteGenre genre)
{
	CompteExpanded *e;

	if (!VARATT_IS_EXTERNAL_EXPANDED_RW(DatumGetPointer(d)))
		return NULL;
	e = (CompteExpanded *) DatumGetEOHP(d);
	return e->hdr.eoh_methods == &expanded_methods && e->working->genre == genre ? e : NULL;
}

/*
 * State
 */
static void
etat_set(CompteEtat *etat, const Compte *b)
{
	if (b->ncases < EXPANDED_CASES)
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
	uint64		hash = cle_hash64(add);

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

Datum
compte_etat_datum(const CompteEtat *etat)
{
	if (etat->expanded != NULL)
		return EOHPGetRWDatum(&etat->expanded->hdr);
	return PointerGetDatum(etat->working);
}
