/*
 * poids.c
 *	  Exact sums of shares, and the numbers made of them.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "poids.h"

PG_FUNCTION_INFO_V1(compte_effectif);
PG_FUNCTION_INFO_V1(compte_inconnu);

void
poids_part(Poids *p, int128 n, int parts)
{
	if (p->parts == NULL)
		p->parts = palloc0(COMPTE_PARTS_MAX * sizeof(int128));
	if (__builtin_add_overflow(p->parts[parts - 1], n, &p->parts[parts - 1]))
		compte_overflow();
}

bool
poids_nul(const Poids *p)
{
	bool		nul = p->entier == 0;

	for (int i = 0; p->parts != NULL && i < COMPTE_PARTS_MAX; i++)
		nul = nul && p->parts[i] == 0;
	return nul;
}

void
poids_sommer(Poids *p, const Poids *plus)
{
	p->entier += plus->entier;
	if (plus->parts == NULL)
		return;
	if (p->parts == NULL)
		p->parts = palloc0(COMPTE_PARTS_MAX * sizeof(int128));
	for (int i = 0; i < COMPTE_PARTS_MAX; i++)
		p->parts[i] += plus->parts[i];
}

Poids
poids_total(const Compte *c, CompteUnite unite, bool inconnu)
{
	Poids		total = {0, NULL};

	for (uint32 i = 0; i < c->ncases; i++)
	{
		if (compte_inconnue(&c->cases[i]) == inconnu)
			poids_ajouter(&total, compte_case_unite(&c->cases[i], unite), compte_parts(&c->cases[i]));
	}
	return total;
}

/* Beyond 64 bits, by way of decimal text */
static Datum
large_numeric(int128 n, bool centimes)
{
	char		buf[48];
	char	   *p = buf + sizeof(buf) - 1;
	bool		negatif = n < 0;
	int			chiffres = 0;

	*p = '\0';
	while (n != 0 || chiffres < (centimes ? 3 : 1))
	{
		int			chiffre = (int) (n % 10);

		*--p = '0' + (chiffre < 0 ? -chiffre : chiffre);
		n /= 10;
		if (++chiffres == 2 && centimes)
			*--p = '.';
	}
	if (negatif)
		*--p = '-';
	return DirectFunctionCall3(numeric_in, CStringGetDatum(p),
							   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

Datum
int128_numeric(int128 n, bool centimes)
{
	if (likely(n == (int64) n))
		return NumericGetDatum(centimes ? int64_div_fast_to_numeric((int64) n, 2) : int64_to_numeric((int64) n));
	return large_numeric(n, centimes);
}

static bool
a_des_parts(const Poids *p)
{
	for (int i = 0; p->parts != NULL && i < COMPTE_PARTS_MAX; i++)
	{
		if (p->parts[i] != 0)
			return true;
	}
	return false;
}

/* Below is the least common multiple of the parts */
void
poids_fraction(const Poids *p, Datum *numerateur, Datum *denominateur)
{
	Datum		somme;
	Datum		commun = int128_numeric(1, false);

	if (!a_des_parts(p))
	{
		*numerateur = int128_numeric(p->entier, false);
		*denominateur = commun;
		return;
	}
	for (int i = 0; i < COMPTE_PARTS_MAX; i++)
	{
		if (p->parts[i] != 0)
			commun = DirectFunctionCall2(numeric_lcm, commun, int128_numeric(i + 1, false));
	}
	somme = DirectFunctionCall2(numeric_mul, commun, int128_numeric(p->entier, false));
	for (int i = 0; i < COMPTE_PARTS_MAX; i++)
	{
		Datum		fois;

		if (p->parts[i] == 0)
			continue;
		fois = DirectFunctionCall2(numeric_div_trunc, commun, int128_numeric(i + 1, false));
		somme = DirectFunctionCall2(numeric_add, somme,
									DirectFunctionCall2(numeric_mul, fois, int128_numeric(p->parts[i], false)));
	}
	*numerateur = somme;
	*denominateur = commun;
}

/* Decimals of a share that ends: of 256 parts, and two for centimes */
#define DECIMALES 10
#define DECIMALES_UNITE INT64CONST(10000000000)

Datum
poids_numeric(const Poids *p, bool centimes)
{
	Datum		numerateur;
	Datum		denominateur;
	Datum		entier;
	Datum		valeur;

	if (!a_des_parts(p))
		return int128_numeric(p->entier, centimes);
	poids_fraction(p, &numerateur, &denominateur);
	if (centimes)
		denominateur = DirectFunctionCall2(numeric_mul, denominateur, int128_numeric(100, false));

	/* numeric_div keeps fewer decimals of large numbers than they have */
	entier = DirectFunctionCall2(numeric_mul, numerateur, int128_numeric(DECIMALES_UNITE, false));
	if (DatumGetBool(DirectFunctionCall2(numeric_eq, int128_numeric(0, false),
										 DirectFunctionCall2(numeric_mod, entier, denominateur))))
		valeur = DirectFunctionCall2(numeric_mul, DirectFunctionCall2(numeric_div_trunc, entier, denominateur),
									 NumericGetDatum(int64_div_fast_to_numeric(1, DECIMALES)));
	else
		valeur = DirectFunctionCall2(numeric_div, numerateur, denominateur);
	valeur = DirectFunctionCall1(numeric_trim_scale, valeur);
	if (centimes && DatumGetInt32(DirectFunctionCall1(numeric_scale, valeur)) < 2)
		valeur = DirectFunctionCall2(numeric_round, valeur, Int32GetDatum(2));
	return valeur;
}

Datum
poids_quotient(const Poids *a, const Poids *b, int64 unite, bool *isnull)
{
	Datum		na;
	Datum		da;
	Datum		nb;
	Datum		db;

	if (!a_des_parts(a) && !a_des_parts(b))
	{
		*isnull = b->entier == 0;
		return *isnull ? (Datum) 0 :
			DirectFunctionCall2(numeric_div, int128_numeric(a->entier, false),
								unite == 1 ? int128_numeric(b->entier, false) :
								DirectFunctionCall2(numeric_mul, int128_numeric(b->entier, false), int128_numeric(unite, false)));
	}
	poids_fraction(a, &na, &da);
	poids_fraction(b, &nb, &db);
	*isnull = DatumGetBool(DirectFunctionCall2(numeric_eq, nb, int128_numeric(0, false)));
	if (*isnull)
		return (Datum) 0;
	nb = DirectFunctionCall2(numeric_mul, DirectFunctionCall2(numeric_mul, nb, da), int128_numeric(unite, false));
	return DirectFunctionCall2(numeric_div, DirectFunctionCall2(numeric_mul, na, db), nb);
}

void
poids_mesure(const Poids *oui, const Poids *non, const Poids *inconnu,
			 bool centimes, Datum *values, bool *nulls)
{
	Poids		connu = {0, NULL};
	Poids		tout = {0, NULL};
	Poids		au_plus = {0, NULL};

	poids_sommer(&connu, oui);
	poids_sommer(&connu, non);
	poids_sommer(&tout, &connu);
	poids_sommer(&tout, inconnu);
	poids_sommer(&au_plus, oui);
	poids_sommer(&au_plus, inconnu);

	memset(nulls, 0, MESURE_COLONNES * sizeof(bool));
	values[0] = poids_numeric(oui, centimes);
	values[1] = poids_numeric(&connu, centimes);
	values[2] = poids_numeric(inconnu, centimes);
	values[3] = poids_quotient(oui, &connu, 1, &nulls[3]);
	values[4] = poids_quotient(oui, &tout, 1, &nulls[4]);
	values[5] = poids_quotient(&au_plus, &tout, 1, &nulls[5]);
}

/* effectif() and inconnu() of the types whose key may be unknown */
static Datum
total_datum(FunctionCallInfo fcinfo, bool inconnu)
{
	CompteUnite unite = compte_unite_arg(fcinfo, 1);
	Poids		total = poids_total(compte_from_any(PG_GETARG_DATUM(0)), unite, inconnu);

	return poids_numeric(&total, unite == COMPTE_MONTANT);
}

Datum
compte_effectif(PG_FUNCTION_ARGS)
{
	return total_datum(fcinfo, false);
}

Datum
compte_inconnu(PG_FUNCTION_ARGS)
{
	return total_datum(fcinfo, true);
}

struct TupleDescData *
poids_row_desc(FunctionCallInfo fcinfo, int natts)
{
	TupleDesc	desc = (TupleDesc) fcinfo->flinfo->fn_extra;
	MemoryContext oldcontext;

	if (desc != NULL)
		return desc;
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != natts)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("function must return a row of %d columns", natts)));
	oldcontext = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	desc = BlessTupleDesc(CreateTupleDescCopy(desc));
	MemoryContextSwitchTo(oldcontext);
	fcinfo->flinfo->fn_extra = desc;
	return desc;
}

Datum
poids_mesure_datum(FunctionCallInfo fcinfo, const Poids *oui, const Poids *non,
				   const Poids *inconnu, bool centimes)
{
	TupleDesc	desc = poids_row_desc(fcinfo, MESURE_COLONNES);
	Datum		values[MESURE_COLONNES];
	bool		nulls[MESURE_COLONNES];

	poids_mesure(oui, non, inconnu, centimes, values, nulls);
	return HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
}
