/*
 * concentration_mesures.c
 *	  Measures of inequality of a concentration, on the weights of its holders.
 *
 * Weights are whole numbers of the smallest share that occurs: a contract, or
 * a centime, divided by the least common multiple of the parts. That fits in
 * 128-bit integers but for the oddest data, which goes through numeric. Either
 * way a measure is one quotient of exact numbers.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "poids.h"

PG_FUNCTION_INFO_V1(concentration_hhi);
PG_FUNCTION_INFO_V1(concentration_hhi_normalise);
PG_FUNCTION_INFO_V1(concentration_cr);
PG_FUNCTION_INFO_V1(concentration_gini);
PG_FUNCTION_INFO_V1(concentration_premier);

/* Weights of the holders that have one, in the order of their keys */
typedef struct Titulaires
{
	uint32		n;
	bool		petits;
	int128	   *petit;			/* if petits */
	Datum	   *grand;			/* else numeric */
	const CompteCase **cases;	/* the first of each */
} Titulaires;

static inline Datum
entier(int128 n)
{
	return int128_numeric(n, false);
}

static inline Datum
fois(Datum a, Datum b)
{
	return DirectFunctionCall2(numeric_mul, a, b);
}

static inline Datum
plus(Datum a, Datum b)
{
	return DirectFunctionCall2(numeric_add, a, b);
}

static inline Datum
moins(Datum a, Datum b)
{
	return DirectFunctionCall2(numeric_sub, a, b);
}

/*
 * The sum of weights holds in two limbs of 47 bits: 2^32 products of limbs, or
 * of a weight and a rank, then hold in 128 bits.
 */
#define LIMBE_BITS 47
#define LIMBE_MASK ((INT64CONST(1) << LIMBE_BITS) - 1)
#define PETIT_MAX ((int128) 1 << (2 * LIMBE_BITS))
#define COMMUN_MAX (INT64CONST(1) << 62)

/* Least common multiple of the parts of known holders; 0 beyond 62 bits */
static int64
parts_communes(const Compte *c)
{
	bool		vues[COMPTE_PARTS_MAX + 1] = {false};
	int64		commun = 1;

	for (uint32 i = 0; i < c->ncases && !compte_inconnue(&c->cases[i]); i++)
		vues[compte_parts(&c->cases[i])] = true;
	for (int parts = 2; parts <= COMPTE_PARTS_MAX; parts++)
	{
		int64		a = commun;
		int64		b = parts;

		if (!vues[parts])
			continue;
		while (b != 0)
		{
			int64		reste = a % b;

			a = b;
			b = reste;
		}
		if (commun > COMMUN_MAX / (parts / a))
			return 0;
		commun *= parts / a;
	}
	return commun;
}

/* Are all weights, and their sum, small? None is negative then. */
static bool
tiennent(const Compte *c, CompteUnite unite, int64 commun)
{
	int128		somme = 0;

	for (uint32 i = 0; i < c->ncases && !compte_inconnue(&c->cases[i]); i++)
	{
		int64		n = compte_case_unite(&c->cases[i], unite);

		somme += (int128) n * (commun / compte_parts(&c->cases[i]));
		if (n < 0 || somme >= PETIT_MAX)
			return false;
	}
	return true;
}

/* What a share of so many parts is worth, of the smallest one: numeric, [parts] */
static Datum *
grandes_parts(const Compte *c)
{
	Datum	   *valeurs = palloc0((COMPTE_PARTS_MAX + 1) * sizeof(Datum));
	Datum		commun = entier(1);

	for (uint32 i = 0; i < c->ncases && !compte_inconnue(&c->cases[i]); i++)
		valeurs[compte_parts(&c->cases[i])] = 1;
	for (int parts = 1; parts <= COMPTE_PARTS_MAX; parts++)
	{
		if (valeurs[parts] != 0)
			commun = DirectFunctionCall2(numeric_lcm, commun, entier(parts));
	}
	for (int parts = 1; parts <= COMPTE_PARTS_MAX; parts++)
	{
		if (valeurs[parts] != 0)
			valeurs[parts] = DirectFunctionCall2(numeric_div_trunc, commun, entier(parts));
	}
	return valeurs;
}

static void
titulaires_peser(Titulaires *t, const Compte *c, CompteUnite unite)
{
	int64		commun = parts_communes(c);
	Datum	   *valeurs = NULL;

	t->n = 0;
	t->petits = commun > 0 && tiennent(c, unite, commun);
	t->cases = palloc_extended(Max(c->ncases, 1) * sizeof(CompteCase *), MCXT_ALLOC_HUGE);
	if (t->petits)
		t->petit = palloc_extended(Max(c->ncases, 1) * sizeof(int128), MCXT_ALLOC_HUGE);
	else
	{
		t->grand = palloc_extended(Max(c->ncases, 1) * sizeof(Datum), MCXT_ALLOC_HUGE);
		valeurs = grandes_parts(c);
	}
	for (uint32 i = 0, suite; i < c->ncases && !compte_inconnue(&c->cases[i]); i = suite)
	{
		int128		petit = 0;
		Datum		grand = (Datum) 0;

		CHECK_FOR_INTERRUPTS();
		for (suite = i; suite < c->ncases && compte_meme_cle(&c->cases[i], &c->cases[suite]); suite++)
		{
			int64		n = compte_case_unite(&c->cases[suite], unite);
			int			parts = compte_parts(&c->cases[suite]);

			if (t->petits)
				petit += (int128) n * (commun / parts);
			else
			{
				Datum		part = fois(entier(n), valeurs[parts]);

				grand = grand == (Datum) 0 ? part : plus(grand, part);
			}
		}
		if (t->petits ? petit == 0 : DatumGetBool(DirectFunctionCall2(numeric_eq, grand, entier(0))))
			continue;
		t->cases[t->n] = &c->cases[i];
		if (t->petits)
			t->petit[t->n++] = petit;
		else
			t->grand[t->n++] = grand;
	}
}

static void
titulaires_arg(FunctionCallInfo fcinfo, Titulaires *t, int unite)
{
	titulaires_peser(t, compte_canonical(PG_GETARG_COMPTE_P(0, COMPTE_CONCENTRATION)),
					 compte_unite_arg(fcinfo, unite));
}

/* Sum of weights, or of their squares, or of rank (from 1 on) times weight */
typedef enum Somme
{
	POIDS,
	CARRES,
	RANGS
} Somme;

/* Square of a sum of two limbs: three sums of products, put together as numeric */
static Datum
sommer_carres(const Titulaires *t)
{
	Datum		base = entier((int128) 1 << LIMBE_BITS);
	int128		hauts = 0;
	int128		croises = 0;
	int128		bas = 0;

	for (uint32 i = 0; i < t->n; i++)
	{
		int64		haut = (int64) (t->petit[i] >> LIMBE_BITS);
		int64		reste = (int64) (t->petit[i] & LIMBE_MASK);

		hauts += (int128) haut * haut;
		croises += (int128) haut * reste;
		bas += (int128) reste * reste;
	}
	return plus(fois(plus(fois(entier(hauts), base), fois(entier(croises), entier(2))), base), entier(bas));
}

static Datum
sommer(const Titulaires *t, Somme quoi, uint32 n)
{
	int128		petite = 0;
	Datum		grande;

	if (t->petits && quoi == CARRES)
		return sommer_carres(t);
	if (t->petits)
	{
		for (uint32 i = 0; i < n; i++)
			petite += quoi == POIDS ? t->petit[i] : t->petit[i] * (i + 1);
		return entier(petite);
	}
	grande = entier(0);
	for (uint32 i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		grande = plus(grande, quoi == POIDS ? t->grand[i] :
					  fois(t->grand[i], quoi == CARRES ? t->grand[i] : entier(i + 1)));
	}
	return grande;
}

/* Order of increasing weights; what they are the weights of is forgotten */
#define ST_SORT petits_trier
#define ST_ELEMENT_TYPE int128
#define ST_COMPARE(a, b) (*(a) < *(b) ? -1 : *(a) > *(b))
#define ST_CHECK_FOR_INTERRUPTS
#define ST_SCOPE static
#define ST_DEFINE
#include "lib/sort_template.h"

static int
compare_grands(const void *a, const void *b)
{
	return DatumGetInt32(DirectFunctionCall2(numeric_cmp, *(const Datum *) a, *(const Datum *) b));
}

static void
titulaires_trier(Titulaires *t)
{
	if (t->petits)
		petits_trier(t->petit, t->n);
	else
		qsort(t->grand, t->n, sizeof(Datum), compare_grands);
}

/* a / b, NULL if b is 0 */
static Datum
quotient(FunctionCallInfo fcinfo, Datum a, Datum b)
{
	if (DatumGetBool(DirectFunctionCall2(numeric_eq, b, entier(0))))
		PG_RETURN_NULL();
	return DirectFunctionCall2(numeric_div, a, b);
}

/* 10 000 times the sum of squared shares */
Datum
concentration_hhi(PG_FUNCTION_ARGS)
{
	Titulaires	t;
	Datum		total;

	titulaires_arg(fcinfo, &t, 1);
	total = sommer(&t, POIDS, t.n);
	return quotient(fcinfo, fois(sommer(&t, CARRES, t.n), entier(10000)), fois(total, total));
}

/* (H - 1/n) / (1 - 1/n), H the sum of squared shares; NULL if n = 1 */
Datum
concentration_hhi_normalise(PG_FUNCTION_ARGS)
{
	Titulaires	t;
	Datum		carre;

	titulaires_arg(fcinfo, &t, 1);
	carre = fois(sommer(&t, POIDS, t.n), sommer(&t, POIDS, t.n));
	return quotient(fcinfo, moins(fois(sommer(&t, CARRES, t.n), entier(t.n)), carre),
					fois(carre, entier((int128) t.n - 1)));
}

/* Share of the k largest */
Datum
concentration_cr(PG_FUNCTION_ARGS)
{
	int32		k = PG_GETARG_INT32(1);
	Titulaires	t;
	uint32		autres;

	if (k < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("number of holders must be positive, not %d", k)));
	titulaires_arg(fcinfo, &t, 2);
	titulaires_trier(&t);
	autres = (uint32) k < t.n ? t.n - (uint32) k : 0;
	return quotient(fcinfo, moins(sommer(&t, POIDS, t.n), sommer(&t, POIDS, autres)),
					sommer(&t, POIDS, t.n));
}

#define GINI_TITULAIRES_MIN 5

/* 2 (sum of i x_i) / (n sum of x_i) - (n + 1) / n, x in increasing order */
Datum
concentration_gini(PG_FUNCTION_ARGS)
{
	Titulaires	t;
	Datum		total;

	titulaires_arg(fcinfo, &t, 1);
	if (t.n < GINI_TITULAIRES_MIN)
		PG_RETURN_NULL();
	titulaires_trier(&t);
	total = sommer(&t, POIDS, t.n);
	return quotient(fcinfo, moins(fois(sommer(&t, RANGS, t.n), entier(2)), fois(total, entier((int128) t.n + 1))),
					fois(total, entier(t.n)));
}

/* The largest holder, the first in the order of identifiers if several are; and its share */
Datum
concentration_premier(PG_FUNCTION_ARGS)
{
	TupleDesc	desc = poids_row_desc(fcinfo, 2);
	Titulaires	t;
	uint32		premier = 0;
	char		texte[COMPTE_CLE_TEXTE + 1];
	Datum		values[2];
	bool		nulls[2] = {false};

	titulaires_arg(fcinfo, &t, 1);
	if (t.n == 0)
		PG_RETURN_NULL();
	for (uint32 i = 1; i < t.n; i++)
	{
		if (t.petits ? t.petit[i] > t.petit[premier] : compare_grands(&t.grand[i], &t.grand[premier]) > 0)
			premier = i;
	}
	texte[compte_type(COMPTE_CONCENTRATION)->cle_texte(t.cases[premier], texte)] = '\0';
	values[0] = CStringGetTextDatum(texte);
	values[1] = t.petits ? entier(t.petit[premier]) : t.grand[premier];
	nulls[1] = DatumGetBool(DirectFunctionCall2(numeric_eq, sommer(&t, POIDS, t.n), entier(0)));
	if (!nulls[1])
		values[1] = DirectFunctionCall2(numeric_div, values[1], sommer(&t, POIDS, t.n));
	return HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
}
