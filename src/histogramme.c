/*
 * histogramme.c
 *	  Aggregate histogramme(valeur [, montant [, parts]]), also of a list of
 *	  values that share a contract, and what is read from its value: mean, quantiles, shares. What it shares with the other types
 *	  that count is in compte.c.
 */
#include "compat.h"

#include <math.h>

#include "catalog/pg_type_d.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "compte_etat.h"
#include "numeric_centimes.h"
#include "poids.h"

PG_FUNCTION_INFO_V1(histogramme_accum);
PG_FUNCTION_INFO_V1(histogramme_accum_entier);
PG_FUNCTION_INFO_V1(histogramme_accum_liste);
PG_FUNCTION_INFO_V1(histogramme_moyenne);
PG_FUNCTION_INFO_V1(histogramme_quantile);
PG_FUNCTION_INFO_V1(histogramme_part);

#define PG_GETARG_HISTOGRAMME_P(n) compte_canonical(PG_GETARG_COMPTE_P(n, COMPTE_HISTOGRAMME))

#define NANO 1000000000

/*
 * Transition: state, valeur, montant, parts; the two last may be missing
 */
static Datum
accum(FunctionCallInfo fcinfo, CompteCase *add)
{
	CompteEtat	etat;

	if (PG_ARGISNULL(1))
		compte_cle_inconnue(add);
	add->nombre = 1;
	add->centimes = PG_NARGS() > 2 && !PG_ARGISNULL(2) ? numeric_centimes(PG_GETARG_DATUM(2)) : 0;
	add->cle[1] |= (uint64) (compte_parts_arg(fcinfo, 3) - 1);
	compte_etat_open(&etat, fcinfo, COMPTE_HISTOGRAMME);
	compte_etat_add(&etat, add);
	return compte_etat_datum(&etat);
}

Datum
histogramme_accum(PG_FUNCTION_ARGS)
{
	CompteCase	add;
	int64		entier;
	uint32		nano;

	if (!PG_ARGISNULL(1))
	{
		numeric_nano(PG_GETARG_DATUM(1), &entier, &nano);
		compte_cle_valeur(&add, entier, nano);
	}
	return accum(fcinfo, &add);
}

Datum
histogramme_accum_entier(PG_FUNCTION_ARGS)
{
	CompteCase	add;

	if (!PG_ARGISNULL(1))
		compte_cle_valeur(&add, PG_GETARG_INT32(1), 0);
	return accum(fcinfo, &add);
}

/* A contract without any value, or with too many to share it exactly, is unknown */
Datum
histogramme_accum_liste(PG_FUNCTION_ARGS)
{
	int64		centimes = PG_ARGISNULL(2) ? 0 : numeric_centimes(PG_GETARG_DATUM(2));
	Datum	   *valeurs = NULL;
	bool	   *nuls = NULL;
	int			n = 0;
	int			parts;
	CompteEtat	etat;

	if (!PG_ARGISNULL(1))
		deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), NUMERICOID, -1, false, TYPALIGN_INT, &valeurs, &nuls, &n);
	parts = n == 0 || n > COMPTE_PARTS_MAX ? 1 : n;
	compte_etat_open(&etat, fcinfo, COMPTE_HISTOGRAMME);
	for (int i = 0; i < parts; i++)
	{
		CompteCase	add = {{0, 0}, 1, centimes};
		int64		entier;
		uint32		nano;

		if (parts != n || nuls[i])
			compte_cle_inconnue(&add);
		else
		{
			numeric_nano(valeurs[i], &entier, &nano);
			compte_cle_valeur(&add, entier, nano);
		}
		add.cle[1] |= (uint64) (parts - 1);
		compte_etat_add(&etat, &add);
	}
	return compte_etat_datum(&etat);
}

/*
 * Accessors
 */
Datum
histogramme_moyenne(PG_FUNCTION_ARGS)
{
	Compte	   *h = PG_GETARG_HISTOGRAMME_P(0);
	CompteUnite unite = compte_unite_arg(fcinfo, 1);
	Poids		total = poids_total(h, unite, false);
	Poids		somme = {0, NULL};
	bool		isnull;
	Datum		moyenne;

	for (uint32 i = 0; i < h->ncases; i++)
	{
		const CompteCase *c = &h->cases[i];
		int64		entier;
		uint32		nano;
		int128		produit;

		if (compte_inconnue(c))
			continue;
		compte_valeur(c, &entier, &nano);
		if (__builtin_mul_overflow((int128) entier * NANO + nano, (int128) compte_case_unite(c, unite), &produit))
			compte_overflow();
		poids_ajouter(&somme, produit, compte_parts(c));
	}
	moyenne = poids_quotient(&somme, &total, NANO, &isnull);
	if (isnull)
		PG_RETURN_NULL();
	return moyenne;
}

static Datum
valeur_numeric(const CompteCase *c)
{
	char		texte[COMPTE_CLE_TEXTE + 1];

	texte[compte_type(COMPTE_HISTOGRAMME)->cle_texte(c, texte)] = '\0';
	return DirectFunctionCall3(numeric_in, CStringGetDatum(texte),
							   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

static inline int
compare(Datum a, Datum b)
{
	return DatumGetInt32(DirectFunctionCall2(numeric_cmp, a, b));
}

/* a + (b - a) * fraction */
static Datum
interpoler(const CompteCase *a, const CompteCase *b, Datum fraction)
{
	Datum		va = valeur_numeric(a);
	Datum		ecart;

	if (compte_meme_cle(a, b))
		return va;
	ecart = DirectFunctionCall2(numeric_sub, valeur_numeric(b), va);
	return DirectFunctionCall1(numeric_trim_scale,
							   DirectFunctionCall2(numeric_add, va,
												   DirectFunctionCall2(numeric_mul, ecart, fraction)));
}

/* The case of the row of that rank, from 0 on, all being of parts = 1 */
static const CompteCase *
case_de_rang(const Compte *h, int128 rang)
{
	uint32		i = 0;

	for (; i + 1 < h->ncases && rang >= h->cases[i].nombre; i++)
		rang -= h->cases[i].nombre;
	return &h->cases[i];
}

/* A rank is beyond a bigint when numbers of contracts are: it goes by two halves */
static int128
rang_entier(Datum rang)
{
	Datum		moitie = int128_numeric(INT64CONST(1) << 44, false);
	int64		haut = DatumGetInt64(DirectFunctionCall1(numeric_int8, DirectFunctionCall2(numeric_div_trunc, rang, moitie)));
	int64		bas = DatumGetInt64(DirectFunctionCall1(numeric_int8, DirectFunctionCall2(numeric_mod, rang, moitie)));

	return ((int128) haut << 44) + bas;
}

/* percentile_cont: rank q (n - 1), between two rows in proportion */
static Datum
quantile_continu(const Compte *h, int128 n, Datum q)
{
	Datum		place = DirectFunctionCall2(numeric_mul, q, int128_numeric(n - 1, false));
	Datum		rang = DirectFunctionCall1(numeric_floor, place);
	Datum		fraction = DirectFunctionCall2(numeric_sub, place, rang);
	int128		premier = rang_entier(rang);

	if (compare(fraction, int128_numeric(0, false)) == 0)
		return valeur_numeric(case_de_rang(h, premier));
	return interpoler(case_de_rang(h, premier), case_de_rang(h, premier + 1), fraction);
}

/* The same as a double: 2^25 sums of these are right to one in 10^7 of the sum of their sizes */
static inline double
approche(const CompteCase *c, CompteUnite unite)
{
	return (double) compte_case_unite(c, unite) / compte_parts(c);
}

#define APPROCHE_ERREUR 1e-7

/* Double below which a sum of weights is not q of their total, whatever the errors */
static double
seuil_approche(const Compte *h, CompteUnite unite, Datum q)
{
	double		total = 0;
	double		tailles = 0;

	for (uint32 i = 0; i < h->ncases && !compte_inconnue(&h->cases[i]); i++)
	{
		total += approche(&h->cases[i], unite);
		tailles += fabs(approche(&h->cases[i], unite));
	}
	return total * DatumGetFloat8(DirectFunctionCall1(numeric_float8, q)) - APPROCHE_ERREUR * tailles;
}

/* Order of a sum and of a target, a fraction of two whole numerics; what it takes is freed */
static int
compare_cible(const Poids *somme, Datum cible, Datum commun, MemoryContext context)
{
	MemoryContext oldcontext = MemoryContextSwitchTo(context);
	Datum		numerateur;
	Datum		denominateur;
	int			cmp;

	poids_fraction(somme, &numerateur, &denominateur);
	cmp = compare(DirectFunctionCall2(numeric_mul, numerateur, commun),
				  DirectFunctionCall2(numeric_mul, cible, denominateur));
	MemoryContextSwitchTo(oldcontext);
	MemoryContextReset(context);
	return cmp;
}

/*
 * The value where the sum of weights reaches q of their total; the mean of two
 * if between them. Sums are exact, but looked at as doubles while far away.
 */
static Datum
quantile_pondere(const Compte *h, CompteUnite unite, Datum q, const Poids *total)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "spaser weights", ALLOCSET_DEFAULT_SIZES);
	double		seuil = seuil_approche(h, unite, q);
	double		presque = 0;
	Poids		somme = {0, NULL};
	const CompteCase *atteinte = NULL;
	Datum		cible;
	Datum		commun;

	poids_fraction(total, &cible, &commun);
	cible = DirectFunctionCall2(numeric_mul, cible, q);
	for (uint32 i = 0; i < h->ncases && !compte_inconnue(&h->cases[i]); i++)
	{
		const CompteCase *c = &h->cases[i];
		int			cmp;

		if ((i & COMPTE_INTERRUPT_MASK) == COMPTE_INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		if (compte_case_unite(c, unite) == 0)
			continue;
		if (atteinte != NULL && !compte_meme_cle(atteinte, c))
			return interpoler(atteinte, c, DirectFunctionCall2(numeric_div, int128_numeric(1, false),
															   int128_numeric(2, false)));
		poids_ajouter(&somme, compte_case_unite(c, unite), compte_parts(c));
		presque += approche(c, unite);
		if (presque < seuil)
			continue;
		cmp = compare_cible(&somme, cible, commun, context);
		if (cmp > 0)
			return valeur_numeric(c);
		if (cmp == 0)
			atteinte = c;
	}
	return atteinte == NULL ? (Datum) 0 : valeur_numeric(atteinte);
}

static bool
sans_parts(const Compte *h)
{
	for (uint32 i = 0; i < h->ncases; i++)
	{
		if (compte_parts(&h->cases[i]) > 1 && !compte_inconnue(&h->cases[i]))
			return false;
	}
	return true;
}

Datum
histogramme_quantile(PG_FUNCTION_ARGS)
{
	Compte	   *h = PG_GETARG_HISTOGRAMME_P(0);
	Datum		q = PG_GETARG_DATUM(1);
	CompteUnite unite = compte_unite_arg(fcinfo, 2);
	Poids		total = poids_total(h, unite, false);
	Datum		quantile;

	if (numeric_is_nan(DatumGetNumeric(q)) || compare(q, int128_numeric(0, false)) < 0 ||
		compare(q, int128_numeric(1, false)) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("quantile %s is not between 0 and 1",
						DatumGetCString(DirectFunctionCall1(numeric_out, q)))));
	if (unite == COMPTE_MONTANT || !sans_parts(h))
		quantile = quantile_pondere(h, unite, q, &total);
	else
		quantile = total.entier == 0 ? (Datum) 0 : quantile_continu(h, total.entier, q);
	if (quantile == (Datum) 0)
		PG_RETURN_NULL();
	return quantile;
}

/* part(histogramme, min, max, unite): any argument but the bounds must not be NULL */
Datum
histogramme_part(PG_FUNCTION_ARGS)
{
	Compte	   *h;
	CompteUnite unite;
	Poids		dedans = {0, NULL};
	Poids		dehors = {0, NULL};
	Poids		inconnu;
	MemoryContext context;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(3))
		PG_RETURN_NULL();
	h = PG_GETARG_HISTOGRAMME_P(0);
	unite = compte_unite_arg(fcinfo, 3);
	inconnu = poids_total(h, unite, true);
	context = AllocSetContextCreate(CurrentMemoryContext, "spaser value", ALLOCSET_SMALL_SIZES);
	for (uint32 i = 0; i < h->ncases && !compte_inconnue(&h->cases[i]); i++)
	{
		const CompteCase *c = &h->cases[i];
		MemoryContext oldcontext = MemoryContextSwitchTo(context);
		Datum		valeur = valeur_numeric(c);
		bool		oui = (PG_ARGISNULL(1) || compare(valeur, PG_GETARG_DATUM(1)) >= 0) &&
			(PG_ARGISNULL(2) || compare(valeur, PG_GETARG_DATUM(2)) <= 0);

		MemoryContextSwitchTo(oldcontext);
		MemoryContextReset(context);
		CHECK_FOR_INTERRUPTS();
		poids_ajouter(oui ? &dedans : &dehors, compte_case_unite(c, unite), compte_parts(c));
	}
	return poids_mesure_datum(fcinfo, &dedans, &dehors, &inconnu, unite == COMPTE_MONTANT);
}
