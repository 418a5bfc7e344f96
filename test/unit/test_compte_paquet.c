/*
 * test_compte_paquet.c
 *	  Packed cases, without a server: what comes out is the sum of what went in,
 *	  and bytes that are not packed cases are refused.
 *
 * The sum expected is that of all cases in one list, sorted and added up.
 */
#include "compte_forms.h"
#include "core_test.h"
#include "random_numbers.h"

static uint64_t
random64(void)
{
	uint64_t	high = random32();

	return high << 32 | random32();
}

/* Of any magnitude, small ones as likely as large ones */
static uint64_t
random_number(unsigned bits)
{
	unsigned	shift = 64 - random64() % (bits + 1);

	return shift == 64 ? 0 : random64() >> shift;
}

static int
compare_cases(const void *a, const void *b)
{
	return compte_case_compare(a, b);
}

/* Sorted, those of the same key added up; the new number */
static uint32_t
sum_cases(CompteCase *cases, uint32_t n)
{
	uint32_t	sums = 0;

	qsort(cases, n, sizeof(CompteCase), compare_cases);
	for (uint32_t i = 0; i < n; i++)
	{
		if (sums > 0 && compte_case_compare(&cases[sums - 1], &cases[i]) == 0)
		{
			cases[sums - 1].nombre += cases[i].nombre;
			cases[sums - 1].centimes += cases[i].centimes;
		}
		else
			cases[sums++] = cases[i];
	}
	return sums;
}

/* In memory of exactly its size; the caller frees octets */
static ComptePaquet
pack(const CompteCase *cases, uint32_t n)
{
	uint8_t    *room = form_alloc(1 + (n + (size_t) 1) * COMPTE_PAQUET_MAX);
	size_t		size = compte_emballer(cases, n, room);
	ComptePaquet packed = {.octets = form_alloc(size), .taille = size, .n = n};

	memcpy((uint8_t *) packed.octets, room, size);
	free(room);
	return packed;
}

/*
 * Cases drawn from few or from many keys, whose low bits are zero or not, shared
 * out among k packets
 */
static void
random_sum(int round)
{
	int			k = 1 + round % COMPTE_PAQUETS;
	int			low_zeros = (int) (random64() % 127);
	unsigned	key_bits = 1 + (unsigned) (random64() % 64);
	CompteCase *all = form_alloc(sizeof(CompteCase) * 400 * (size_t) k);
	CompteCase *read = form_alloc(sizeof(CompteCase) * 400 * (size_t) k);
	ComptePaquet packets[COMPTE_PAQUETS];
	uint32_t	n = 0;
	uint32_t	nread;
	ComptePaquetFaute fault;

	for (int i = 0; i < k; i++)
	{
		uint32_t	first = n;
		uint32_t	size = (uint32_t) (random64() % 400);
		uint32_t	distinct;

		for (uint32_t j = 0; j < size; j++)
		{
			unsigned __int128 key = (unsigned __int128) random_number(key_bits) << 64 | random_number(64);
			CompteCase *c = &all[n++];

			key = key >> low_zeros << low_zeros;
			*c = (CompteCase) {{(uint64_t) (key >> 64), (uint64_t) key}, 1 + (int64_t) random_number(50), 0};
			c->centimes = (int64_t) random_number(50) * (random64() % 4 == 0 ? -1 : 1);
		}
		distinct = sum_cases(all + first, size);
		n = first + distinct;
		packets[i] = pack(all + first, distinct);
	}
	n = sum_cases(all, n);
	fault = compte_deballer(packets, k, read, &nread, NULL);
	check("random sums", fault == PAQUET_BON, "refused");
	check("random sums", form_same_cases(all, n, read, nread), "the sum is another");
	for (int i = 0; i < k; i++)
		free((uint8_t *) packets[i].octets);
	free(all);
	free(read);
}

static void
test_extremes(void)
{
	const CompteCase extremes[] = {
		{{0, 0}, 1, INT64_MIN},
		{{0, 1}, INT64_MAX, INT64_MAX},
		{{UINT64_MAX, UINT64_MAX}, 2, -1},
	};
	CompteCase	read[3];
	ComptePaquet packed = pack(extremes, 3);
	uint32_t	n;

	check("extremes", compte_deballer(&packed, 1, read, &n, NULL) == PAQUET_BON, "refused");
	check("extremes", form_same_cases(extremes, 3, read, n), "other cases");
	free((uint8_t *) packed.octets);
}

static void
test_overflow(void)
{
	const CompteCase high = {{1, 2}, INT64_MAX, 0};
	const CompteCase rich = {{1, 2}, 1, INT64_MAX};
	const CompteCase pairs[][2] = {{high, rich}, {rich, rich}};

	for (int i = 0; i < 2; i++)
	{
		ComptePaquet packets[] = {pack(&pairs[i][0], 1), pack(&pairs[i][1], 1)};
		CompteCase	read[2];
		uint32_t	n;

		check("overflow", compte_deballer(packets, 2, read, &n, NULL) == PAQUET_TROP_GRAND, "not seen");
		free((uint8_t *) packets[0].octets);
		free((uint8_t *) packets[1].octets);
	}
}

static ComptePaquetFaute
fault_of(const uint8_t *bytes, size_t size, uint32_t n)
{
	uint8_t    *copy = form_alloc(size);
	CompteCase *cases = form_alloc(n * sizeof(CompteCase));
	ComptePaquet packed = {.octets = memcpy(copy, bytes, size), .taille = size, .n = n};
	uint32_t	nread;
	ComptePaquetFaute fault = compte_deballer(&packed, 1, cases, &nread, NULL);

	for (uint32_t i = 0; fault == PAQUET_BON && i < nread; i++)
		check("accepted", cases[i].nombre > 0 &&
			  (i == 0 || compte_case_compare(&cases[i - 1], &cases[i]) < 0), "not valid cases in order");
	free(copy);
	free(cases);
	return fault;
}

static void
test_hostile(void)
{
	CompteCase	cases[20];
	ComptePaquet packed;
	const uint8_t no_step[] = {0, 1, 0, 5, 0, 0};	/* key 5, then the same again */
	const uint8_t too_wide[] = {0, 17, 0};
	const uint8_t shifted_out[] = {127, 1, 0, 2};
	const uint8_t no_number[] = {0, 0x01, 1, 5, 255, 255, 255, 255, 255, 255, 255, 127};

	for (int i = 0; i < 20; i++)
		cases[i] = (CompteCase) {{0, UINT64_C(1) << (3 * i)}, i + 1, 100 * i};
	packed = pack(cases, 20);
	check("whole", fault_of(packed.octets, packed.taille, 20) == PAQUET_BON, "refused");
	for (size_t size = 0; size < packed.taille; size++)
		check("cut", fault_of(packed.octets, size, 20) == PAQUET_INVALIDE, "accepted");
	check("more announced", fault_of(packed.octets, packed.taille, 21) == PAQUET_INVALIDE, "accepted");
	check("fewer announced", fault_of(packed.octets, packed.taille, 19) == PAQUET_INVALIDE, "accepted");
	for (size_t i = 0; i < packed.taille; i++)
	{
		uint8_t    *changed = memcpy(form_alloc(packed.taille), packed.octets, packed.taille);

		for (int bit = 0; bit < 8; bit++)
		{
			changed[i] ^= (uint8_t) (1 << bit);
			(void) fault_of(changed, packed.taille, 20);
			changed[i] ^= (uint8_t) (1 << bit);
		}
		free(changed);
	}
	free((uint8_t *) packed.octets);
	check("a key twice", fault_of(no_step, sizeof(no_step), 2) == PAQUET_INVALIDE, "accepted");
	check("17 bytes of a key", fault_of(too_wide, sizeof(too_wide), 1) == PAQUET_INVALIDE, "accepted");
	check("a key of 129 bits", fault_of(shifted_out, sizeof(shifted_out), 1) == PAQUET_INVALIDE, "accepted");
	check("number below 1", fault_of(no_number, sizeof(no_number), 1) == PAQUET_INVALIDE, "accepted");
}

int
main(void)
{
	for (int round = 0; round < 2000; round++)
		random_sum(round);
	test_extremes();
	test_overflow();
	test_hostile();
	return check_end();
}
