/*
 * compte_table.c
 *	  The working form of what aggregates count: making and checking it.
 */
#include "compat.h"

#include "miscadmin.h"

#include "compte_table.h"

uint64
working_entries(uint32 ncases)
{
	uint64		entries = INDEX_FIRST;

	while (INDEX_CASES(entries) <= ncases)
		entries *= 2;
	compte_check_size(WORKING_SIZE(entries));
	return entries;
}

/* Cases ahead whose place in the index is fetched, it being larger than the caches */
#define PREFETCH_AHEAD 16

void
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
		uint64		hash = compte_cle_hash(b->cases[i].cle);
		uint32		at = (uint32) hash & mask;

		if ((i & COMPTE_INTERRUPT_MASK) == COMPTE_INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		if (i + PREFETCH_AHEAD < b->ncases)
			__builtin_prefetch(&index[compte_cle_hash(b->cases[i + PREFETCH_AHEAD].cle) & mask], 1);
		while (index[at] != 0)
			at = (at + 1) & mask;
		index[at] = index_entry(hash, i);
	}
}

Compte *
working_from(const Compte *b, MemoryContext context)
{
	uint64		entries = working_entries(b->ncases);
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
