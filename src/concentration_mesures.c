/*
 * concentration_mesures.c
 *	  Measures of inequality of a concentration, on the weights of its holders.
 *
 * Weights are whole numbers of the smallest share that occurs: a contract, or
 * a centime, divided by the least common multiple of the parts. They fit in 62
 * bits but for the largest data; then the same goes through numeric. Either
 * way a measure is one quotient of exact numbers.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "funcapi.h"
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
	int64	   *petit;			/* if petits */
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

#define PETIT_MAX (INT64CONST(1) << 62)

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
		if (commun > PETIT_MAX / (parts / a))
			return 0;
		commun *= parts / a;
	}
	return commun;
}

/* Do all weights, and their sum, hold in 62 bits? */
static bool
tiennent(const Compte *c, CompteUnite unite, int64 commun)
{
	int128		somme = 0;

	for (uint32 i = 0; i < c->ncases && !compte_inconnue(&c->cases[i]); i++)
	{
		int128		n = (int128) compte_case_unite(&c->cases[i], unite) * (commun / compte_parts(&c->cases[i]));

		somme += n < 0 ? -n : n;
		if (somme >= PETIT_MAX)
			return false;
	}
	return true;
}

/* Weight of a holder as numeric, once all parts are one */
static Datum
grand_poids(const Poids *p, Datum commun)
{
	Datum		numerateur;
	Datum		denominateur;

	poids_fraction(p, &numerateur, &denominateur);
	return fois(numerateur, DirectFunctionCall2(numeric_div_trunc, commun, denominateur));
}

static void
titulaires_peser(Titulaires *t, const Compte *c, CompteUnite unite)
{
	int64		commun = parts_communes(c);
	Poids		total = {0, NULL};
	Datum		rien;
	Datum		grand_commun = (Datum) 0;

	t->n = 0;
	t->petits = commun > 0 && tiennent(c, unite, commun);
	t->cases = palloc_extended(Max(c->ncases, 1) * sizeof(CompteCase *), MCXT_ALLOC_HUGE);
	t->petit = palloc_extended(Max(c->ncases, 1) * sizeof(int64), MCXT_ALLOC_HUGE);
	t->grand = (Datum *) t->petit;
	if (!t->petits)
	{
		for (uint32 i = 0; i < c->ncases && !compte_inconnue(&c->cases[i]); i++)
			poids_ajouter(&total, 1, compte_parts(&c->cases[i]));
		poids_fraction(&total, &rien, &grand_commun);
	}
	for (uint32 i = 0, suite; i < c->ncases && !compte_inconnue(&c->cases[i]); i = suite)
	{
		Poids		poids = {0, NULL};
		int64		petit = 0;
		bool		nul = true;

		for (suite = i; suite < c->ncases && compte_meme_cle(&c->cases[i], &c->cases[suite]); suite++)
		{
			int64		n = compte_case_unite(&c->cases[suite], unite);
			int			parts = compte_parts(&c->cases[suite]);

			nul = nul && n == 0;
			if (t->petits)
				petit += n * (commun / parts);
			else
				poids_ajouter(&poids, n, parts);
		}
		if (nul)
			continue;
		t->cases[t->n] = &c->cases[i];
		if (t->petits)
			t->petit[t->n++] = petit;
		else
			t->grand[t->n++] = grand_poids(&poids, grand_commun);
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

static Datum
sommer(const Titulaires *t, Somme quoi, uint32 n)
{
	int128		petite = 0;
	Datum		grande;

	if (t->petits)
	{
		for (uint32 i = 0; i < n; i++)
			petite += (int128) t->petit[i] * (quoi == POIDS ? 1 : quoi == CARRES ? t->petit[i] : i + 1);
		return entier(petite);
	}
	grande = entier(0);
	for (uint32 i = 0; i < n; i++)
		grande = plus(grande, quoi == POIDS ? t->grand[i] :
					  fois(t->grand[i], quoi == CARRES ? t->grand[i] : entier(i + 1)));
	return grande;
}

/* Order of increasing weights; what they are the weights of is forgotten */
static int
compare_petits(const void *a, const void *b)
{
	int64		x = *(const int64 *) a;
	int64		y = *(const int64 *) b;

	return x < y ? -1 : x > y;
}

static int
compare_grands(const void *a, const void *b)
{
	return DatumGetInt32(DirectFunctionCall2(numeric_cmp, *(const Datum *) a, *(const Datum *) b));
}

static void
titulaires_trier(Titulaires *t)
{
	if (t->petits)
		qsort(t->petit, t->n, sizeof(int64), compare_petits);
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
