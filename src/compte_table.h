/*
 * compte_table.h
 *	  The working form of what aggregates count: a hash table in one block.
 */
#ifndef SPASER_COMPTE_TABLE_H
#define SPASER_COMPTE_TABLE_H

#include "postgres.h"

#include "utils/memutils.h"

#include "compte.h"

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

/* Entries of the index that leaves room for one more case; error 54000 */
extern uint64 working_entries(uint32 ncases);

/* Give the cases that are there, all distinct, an index of so many entries */
extern void working_index_build(Compte *b, uint64 entries);

/* The cases of a value as a working form with room for one more, in a context */
extern Compte *working_from(const Compte *b, MemoryContext context);

#endif							/* SPASER_COMPTE_TABLE_H */
