/*
 * compte_tri.c
 *	  Cases in the order of their keys.
 *
 * Of the 128 bits of a key few differ between the keys of one value: those, put
 * side by side, keep the order. So a large value is sorted by digits of a short
 * number, with the place of its case beside it, and cases move once: several
 * times faster than by comparing keys, and this is where much of the time of a
 * large aggregate went.
 */
#include "compat.h"

#include "miscadmin.h"

#include "compte.h"

#define ST_SORT cases_sort
#define ST_ELEMENT_TYPE CompteCase
#define ST_COMPARE(a, b) compte_case_compare(a, b)
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

/* Fewer are compared; so are more, for which the room beside would be large */
#define RADIX_MIN 512
#define RADIX_MAX (8 * 1024 * 1024)

#define DIGIT_BITS 11
#define DIGITS (1 << DIGIT_BITS)

/* Bits that differ: runs of them, from the highest on, 64 in all at most */
typedef struct Bits
{
	int			nruns;
	int			total;
	bool		all;			/* there are no others */
	struct
	{
		int			word;
		int			shift;
		int			width;
	}			runs[64];
} Bits;

typedef struct Rank
{
	uint64		number;			/* the bits that differ */
	uint32		place;
} Rank;

static void
bits_add(Bits *bits, int word, uint64 differ)
{
	for (int top = 63; top >= 0; top--)
	{
		int			shift = top;

		if (!(differ >> top & 1))
			continue;
		if (bits->total == 64)
		{
			bits->all = false;
			return;
		}
		while (shift > 0 && (differ >> (shift - 1) & 1) && bits->total + top - shift + 1 < 64)
			shift--;
		bits->runs[bits->nruns].word = word;
		bits->runs[bits->nruns].shift = shift;
		bits->runs[bits->nruns++].width = top - shift + 1;
		bits->total += top - shift + 1;
		top = shift;
	}
}

static Bits
bits_that_differ(const CompteCase *cases, uint32 n)
{
	Bits		bits = {.all = true};
	uint64		differ[2] = {0, 0};

	for (uint32 i = 1; i < n; i++)
	{
		differ[0] |= cases[i].cle[0] ^ cases[0].cle[0];
		differ[1] |= cases[i].cle[1] ^ cases[0].cle[1];
	}
	bits_add(&bits, 0, differ[0]);
	bits_add(&bits, 1, differ[1]);
	return bits;
}

static inline uint64
number_of(const CompteCase *c, const Bits *bits)
{
	uint64		number = 0;

	for (int i = 0; i < bits->nruns; i++)
	{
		uint64		mask = PG_UINT64_MAX >> (64 - bits->runs[i].width);

		/* a width of 64 leaves nothing to shift */
		number = (bits->runs[i].width < 64 ? number << bits->runs[i].width : 0) |
			(c->cle[bits->runs[i].word] >> bits->runs[i].shift & mask);
	}
	return number;
}

/* One digit, stable; to and from have n ranks each */
static void
sort_digit(const Rank *from, Rank *to, uint32 n, int shift)
{
	uint32		first[DIGITS] = {0};
	uint32		sum = 0;

	for (uint32 i = 0; i < n; i++)
		first[from[i].number >> shift & (DIGITS - 1)]++;
	for (int d = 0; d < DIGITS; d++)
	{
		uint32		count = first[d];

		first[d] = sum;
		sum += count;
	}
	for (uint32 i = 0; i < n; i++)
		to[first[from[i].number >> shift & (DIGITS - 1)]++] = from[i];
}

/* What the bits that were looked at leave equal */
static void
sort_ties(const Rank *ranks, CompteCase *cases, uint32 n)
{
	for (uint32 i = 0, next; i < n; i = next)
	{
		for (next = i + 1; next < n && ranks[next].number == ranks[i].number; next++)
			;
		if (next > i + 1)
			cases_sort(cases + i, next - i);
	}
}

void
compte_sort_into(const CompteCase *cases, CompteCase *sorted, uint32 n)
{
	Bits		bits;
	Rank	   *ranks;
	Rank	   *other;

	if (n < RADIX_MIN || n > RADIX_MAX)
	{
		memcpy(sorted, cases, (Size) n * sizeof(CompteCase));
		cases_sort(sorted, n);
		return;
	}
	bits = bits_that_differ(cases, n);
	ranks = compte_large_alloc(CurrentMemoryContext, (Size) n * sizeof(Rank));
	other = compte_large_alloc(CurrentMemoryContext, (Size) n * sizeof(Rank));
	for (uint32 i = 0; i < n; i++)
	{
		ranks[i].number = number_of(&cases[i], &bits);
		ranks[i].place = i;
	}
	for (int shift = 0; shift < bits.total; shift += DIGIT_BITS)
	{
		Rank	   *swap = ranks;

		CHECK_FOR_INTERRUPTS();
		sort_digit(ranks, other, n, shift);
		ranks = other;
		other = swap;
	}
	for (uint32 i = 0; i < n; i++)
		sorted[i] = cases[ranks[i].place];
	if (!bits.all)
		sort_ties(ranks, sorted, n);
	pfree(ranks);
	pfree(other);
}
