/*
 * programme.c
 *	  Canevas that are measured together over a bilan.
 *
 * Each case of the bilan goes to one of three heaps, yes, no or unknown, with
 * its number of contracts and its euros; sums are exact integers. Of a large
 * bilan cases that look alike to all the canevas (core/regard.h) are added up
 * first: that costs less than judging each of them some tens of times.
 */
#include "compat.h"

#include "miscadmin.h"

#include "bilan.h"
#include "core/regard.h"
#include "programme.h"

/* A case whose amount is of what counts in value only */
static inline CompteCase
case_en_valeur(const CompteCase *c)
{
	CompteCase	v = *c;

	if (!bilan_case_en_valeur(c))
		v.centimes = 0;
	return v;
}

static void
programme_compter(const Programme *programme, const CompteCase *cases, int n)
{
	const Predicat *population = programme->canevas->population;
	Niveau		niveau = programme->canevas->niveau;

	for (int i = 0; i < n; i++)
	{
		const CompteCase *c = &cases[i];
		Profil		profil = compte_profil(c);
		Verite		dedans;

		if (profil_niveau(&profil) != niveau)
			continue;
		dedans = predicat_juger(population, &profil);
		if (dedans == VERITE_NON)
			continue;
		for (int k = 0; k < programme->nclasses; k++)
		{
			CanevasVerdict verdict = canevas_juger(&programme->classes[k], dedans, &profil);

			poids_ajouter(&programme->sommes[k].poids[UNITE_NOMBRE][verdict], c->nombre, compte_parts(c));
			poids_ajouter(&programme->sommes[k].poids[UNITE_MONTANT][verdict], c->centimes, compte_parts(c));
			if (programme->canevas->unites[UNITE_LIGNES])
				poids_ajouter(&programme->sommes[k].poids[UNITE_LIGNES][verdict], c->nombre, 1);
		}
	}
}

/* Cases that all programs look at before the next ones come into the cache */
#define BLOC 1024

typedef struct Bloc
{
	const Programme *programmes;
	int			nprogrammes;
	int			n;
	CompteCase	cases[BLOC];	/* en valeur */
} Bloc;

static void
bloc_compter(Bloc *bloc)
{
	for (int p = 0; p < bloc->nprogrammes; p++)
	{
		CHECK_FOR_INTERRUPTS();
		programme_compter(&bloc->programmes[p], bloc->cases, bloc->n);
	}
	bloc->n = 0;
}

static inline void
bloc_ajouter(Bloc *bloc, const CompteCase *c)
{
	bloc->cases[bloc->n++] = *c;
	if (bloc->n == BLOC)
		bloc_compter(bloc);
}

/*
 * Cases that look alike, added up
 */
typedef struct Vu
{
	Profil		cle;			/* what is seen of a profil, and the parts */
	int64		nombre;
	int64		centimes;
	char		status;			/* simplehash's */
} Vu;

#define SH_PREFIX vus
#define SH_ELEMENT_TYPE Vu
#define SH_KEY_TYPE Profil
#define SH_KEY cle
#define SH_HASH_KEY(table, key) ((uint32) compte_cle_hash((key).mots))
#define SH_EQUAL(table, a, b) ((a).mots[0] == (b).mots[0] && (a).mots[1] == (b).mots[1])
#define SH_SCOPE static inline
#define SH_DEFINE
#define SH_DECLARE
#include "lib/simplehash.h"

/* False if a sum would overflow: nothing is added then */
static inline bool
vu_ajouter(Vu *vu, const CompteCase *c)
{
	int64		nombre;
	int64		centimes;

	if (pg_add_s64_overflow(vu->nombre, c->nombre, &nombre) ||
		pg_add_s64_overflow(vu->centimes, c->centimes, &centimes))
		return false;
	vu->nombre = nombre;
	vu->centimes = centimes;
	return true;
}

/* Others are judged as they are: that many look at too much for it to help */
#define VUS_MAX (1024 * 1024)

static void
compter_par_vus(const Compte *bilan, const Regard *regard, Bloc *bloc)
{
	vus_hash   *vus = vus_create(CurrentMemoryContext, BLOC, NULL);
	vus_iterator i;
	Vu		   *vu;

	for (uint32 j = 0; j < bilan->ncases; j++)
	{
		CompteCase	c = case_en_valeur(&bilan->cases[j]);
		Profil		profil = compte_profil(&c);
		Profil		cle = regard_voir(regard, &profil);
		bool		found;

		if ((j & COMPTE_INTERRUPT_MASK) == COMPTE_INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		cle.mots[1] |= c.cle[1] & COMPTE_PARTS_MASK;
		if (vus->members < VUS_MAX)
		{
			vu = vus_insert(vus, cle, &found);
			if (!found)
				vu->nombre = vu->centimes = 0;
		}
		else
			vu = vus_lookup(vus, cle);
		if (vu == NULL || !vu_ajouter(vu, &c))
			bloc_ajouter(bloc, &c);
	}
	vus_start_iterate(vus, &i);
	while ((vu = vus_iterate(vus, &i)) != NULL)
		bloc_ajouter(bloc, &(CompteCase) {{vu->cle.mots[0], vu->cle.mots[1]}, vu->nombre, vu->centimes});
	vus_destroy(vus);
}

/* Fewer cases, or classes, are judged sooner than looked at first */
#define VUS_CASES_MIN 2048
#define VUS_CLASSES_MIN 4

void
programmes_compter(const Compte *bilan, const Programme *programmes, int nprogrammes)
{
	Bloc		bloc;
	int			nclasses = 0;

	bloc.programmes = programmes;
	bloc.nprogrammes = nprogrammes;
	bloc.n = 0;
	for (int p = 0; p < nprogrammes; p++)
		nclasses += programmes[p].nclasses;
	if (bilan->ncases >= VUS_CASES_MIN && nclasses >= VUS_CLASSES_MIN)
	{
		Regard	   *regard = palloc(sizeof(Regard));

		regard_init(regard);
		for (int p = 0; p < nprogrammes; p++)
		{
			CHECK_FOR_INTERRUPTS();
			regard_ajouter(regard, programmes[p].canevas, programmes[p].classes, programmes[p].nclasses);
		}
		regard_preparer(regard);
		compter_par_vus(bilan, regard, &bloc);
		pfree(regard);
	}
	else
	{
		for (uint32 j = 0; j < bilan->ncases; j++)
		{
			CompteCase	c = case_en_valeur(&bilan->cases[j]);

			bloc_ajouter(&bloc, &c);
		}
	}
	bloc_compter(&bloc);
}
