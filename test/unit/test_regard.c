/*
 * test_regard.c
 *	  What canevas see of a profil: judged there as the profil itself is, by all
 *	  of them, and the same for profils that only differ where none of them looks.
 */
#include "core/memory.h"
#include "core/regard.h"
#include "core_test.h"
#include "random_numbers.h"

static Profil
random_profil(void)
{
	Profil		p = {{0, 0}};

	profil_set(&p, attribut_get(ATT_NIVEAU), random_below(NIVEAU_COUNT));
	for (int i = 0; i < ATT_COUNT; i++)
	{
		const Attribut *att = attribut_get((AttributId) i);

		if (i != ATT_NIVEAU && (att->niveau == NIVEAU_TOUS || att->niveau == profil_niveau(&p)))
			profil_set(&p, att, random_below(attribut_codes(att)));
	}
	return p;
}

/* A leaf, "all of" or "any of" two predicates, or the negation of one */
static Predicat *
random_predicat(const CoreMemory *memory, int depth)
{
	int			choice = depth == 0 ? 0 : random_below(4);
	Predicat   *a;

	if (choice < 2)
	{
		const Attribut *att = attribut_get((AttributId) random_below(ATT_COUNT));
		const char *names[] = {"connu", "inconnu", att->valeurs[random_below(att->nvaleurs)].nom};

		a = predicat_feuille(memory, att);
		for (int i = 1 + random_below(2); i > 0; i--)
			(void) predicat_ajouter_valeur(a, slice_from(names[random_below(8) < 6 ? 2 : random_below(2)]));
		return choice == 0 ? a : predicat_nier(a);
	}
	a = random_predicat(memory, depth - 1);
	return predicat_joindre(memory, choice == 2 ? PREDICAT_ET : PREDICAT_OU, a, random_predicat(memory, depth - 1));
}

#define CANEVAS 3

static void
round_of_canevas(void)
{
	Arena		arena = {0};
	CoreMemory	memory = arena_memory(&arena);
	Canevas		canevas[CANEVAS];
	CanevasClasse classes[CANEVAS];
	Regard		regard;
	int			wrong = 0;
	int			again = 0;

	regard_init(&regard);
	for (int i = 0; i < CANEVAS; i++)
	{
		classes[i] = (CanevasClasse) {.oui = random_predicat(&memory, 2),
			.population = random_below(2) ? random_predicat(&memory, 1) : NULL,
			.non = random_below(2) ? random_predicat(&memory, 1) : NULL};
		canevas[i] = (Canevas) {.population = random_predicat(&memory, 1), .classes = &classes[i], .nclasses = 1};
		regard_ajouter(&regard, &canevas[i], canevas[i].classes, canevas[i].nclasses);
	}
	regard_preparer(&regard);
	for (int n = 0; n < 200; n++)
	{
		Profil		p = random_profil();
		Profil		seen = regard_voir(&regard, &p);
		Profil		twice = regard_voir(&regard, &seen);

		again += profil_compare(&seen, &twice) != 0 || !profil_valid(&seen);
		for (int i = 0; i < CANEVAS; i++)
			wrong += canevas_juger(&classes[i], predicat_juger(canevas[i].population, &p), &p) !=
				canevas_juger(&classes[i], predicat_juger(canevas[i].population, &seen), &seen);
	}
	check("random canevas", wrong == 0, "judged otherwise");
	check("random canevas", again == 0, "seen twice is not seen once");
	arena_reset(&arena);
}

static void
test_one_attribute(void)
{
	Arena		arena = {0};
	CoreMemory	memory = arena_memory(&arena);
	Predicat   *leaf = predicat_feuille(&memory, attribut_get(ATT_OFFRES));
	CanevasClasse classe = {.oui = leaf};
	Canevas		canevas = {.population = predicat_constante(&memory, true), .classes = &classe, .nclasses = 1};
	Regard		regard;
	int			kinds = 0;
	bool		seen_codes[16] = {false};

	(void) predicat_ajouter_valeur(leaf, slice_from("1"));
	regard_init(&regard);
	regard_ajouter(&regard, &canevas, &classe, 1);
	regard_preparer(&regard);
	for (int n = 0; n < 1000; n++)
	{
		Profil		p = random_profil();
		Profil		seen = regard_voir(&regard, &p);
		int			code = profil_get(&seen, attribut_get(ATT_OFFRES));

		kinds += !seen_codes[code];
		seen_codes[code] = true;
		profil_set(&seen, attribut_get(ATT_OFFRES), 0);
		check("one attribute", profil_niveau(&seen) == profil_niveau(&p), "another level is seen");
		profil_set(&seen, attribut_get(ATT_NIVEAU), 0);
		check("one attribute", seen.mots[0] == 0 && seen.mots[1] == 0, "another is seen");
	}
	/* one bid, more than one, unknown */
	check("one attribute", kinds == 3, "codes that get the same answer are told apart");
	arena_reset(&arena);
}

int
main(void)
{
	for (int i = 0; i < 300; i++)
		round_of_canevas();
	test_one_attribute();
	return check_end();
}
