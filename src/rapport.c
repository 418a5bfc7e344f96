/*
 * rapport.c
 *	  Aggregate rapport(numerateur, denominateur), a ratio of two sums, and its
 *	  accessors. What it shares with the other types that count is in compte.c.
 */
#include "compat.h"

#include "access/htup_details.h"
#include "funcapi.h"

#include "compte_etat.h"
#include "numeric_centimes.h"
#include "poids.h"

PG_FUNCTION_INFO_V1(rapport_accum);
PG_FUNCTION_INFO_V1(rapport_numerateur);
PG_FUNCTION_INFO_V1(rapport_denominateur);
PG_FUNCTION_INFO_V1(rapport_connus);
PG_FUNCTION_INFO_V1(rapport_inconnus);
PG_FUNCTION_INFO_V1(rapport_taux);
PG_FUNCTION_INFO_V1(rapport_mesurer);

/* A row without numerator is unknown, with its denominator; without denominator it is unknown alone */
Datum
rapport_accum(PG_FUNCTION_ARGS)
{
	bool		connu = !PG_ARGISNULL(1) && !PG_ARGISNULL(2);
	int64		denominateur = PG_ARGISNULL(2) ? 0 : numeric_centimes(PG_GETARG_DATUM(2));
	CompteEtat	etat;

	compte_etat_open(&etat, fcinfo, COMPTE_RAPPORT);
	if (connu)
		compte_etat_add(&etat, &(CompteCase) {{RAPPORT_NUMERATEUR, 0}, 1, numeric_centimes(PG_GETARG_DATUM(1))});
	compte_etat_add(&etat, &(CompteCase) {{connu ? RAPPORT_DENOMINATEUR : RAPPORT_INCONNU, 0}, 1, denominateur});
	return compte_etat_datum(&etat);
}

/* One of its sums, zero if nothing came */
static CompteCase
somme(FunctionCallInfo fcinfo, CompteRapport laquelle)
{
	Compte	   *r = PG_GETARG_COMPTE_P(0, COMPTE_RAPPORT);

	for (uint32 i = 0; i < r->ncases; i++)
	{
		if (r->cases[i].cle[0] == (uint64) laquelle)
			return r->cases[i];
	}
	return (CompteCase) {{0, 0}, 0, 0};
}

Datum
rapport_numerateur(PG_FUNCTION_ARGS)
{
	return int128_numeric(somme(fcinfo, RAPPORT_NUMERATEUR).centimes, true);
}

Datum
rapport_denominateur(PG_FUNCTION_ARGS)
{
	return int128_numeric(somme(fcinfo, RAPPORT_DENOMINATEUR).centimes, true);
}

Datum
rapport_connus(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(somme(fcinfo, RAPPORT_DENOMINATEUR).nombre);
}

Datum
rapport_inconnus(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(somme(fcinfo, RAPPORT_INCONNU).nombre);
}

static Datum
taux(FunctionCallInfo fcinfo, bool *isnull)
{
	Poids		numerateur = {somme(fcinfo, RAPPORT_NUMERATEUR).centimes, NULL};
	Poids		denominateur = {somme(fcinfo, RAPPORT_DENOMINATEUR).centimes, NULL};

	return poids_quotient(&numerateur, &denominateur, 1, isnull);
}

Datum
rapport_taux(PG_FUNCTION_ARGS)
{
	bool		isnull;
	Datum		result = taux(fcinfo, &isnull);

	if (isnull)
		PG_RETURN_NULL();
	return result;
}

/* A ratio of sums has no bounds: an unknown numerator may be anything */
Datum
rapport_mesurer(PG_FUNCTION_ARGS)
{
	TupleDesc	desc = poids_row_desc(fcinfo, MESURE_COLONNES);
	Datum		values[MESURE_COLONNES] = {0};
	bool		nulls[MESURE_COLONNES] = {false, false, false, false, true, true};

	values[0] = int128_numeric(somme(fcinfo, RAPPORT_NUMERATEUR).centimes, true);
	values[1] = int128_numeric(somme(fcinfo, RAPPORT_DENOMINATEUR).centimes, true);
	values[2] = int128_numeric(somme(fcinfo, RAPPORT_INCONNU).centimes, true);
	values[3] = taux(fcinfo, &nulls[3]);
	return HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
}
