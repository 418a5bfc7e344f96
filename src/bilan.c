/*
 * bilan.c
 *	  Aggregate bilan(profil, montant [, parts]) and the accessors of its value.
 *	  What it shares with the other types that count is in compte.c.
 */
#include "compat.h"

#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "bilan.h"
#include "compte_etat.h"
#include "numeric_centimes.h"
#include "poids.h"
#include "profil.h"

PG_FUNCTION_INFO_V1(bilan_accum);
PG_FUNCTION_INFO_V1(bilan_attributions_accum);
PG_FUNCTION_INFO_V1(bilan_nombre);
PG_FUNCTION_INFO_V1(bilan_montant);
PG_FUNCTION_INFO_V1(bilan_ecartes);
PG_FUNCTION_INFO_V1(profil_en_valeur_montant);

static bool
montant_utilisable(const Profil *p)
{
	return profil_get(p, attribut_get(ATT_MONTANT)) == MONTANT_UTILISABLE;
}

/*
 * Transition
 */
Datum
bilan_accum(PG_FUNCTION_ARGS)
{
	CompteCase	add = {{0, 0}, 1, 0};
	CompteEtat	etat;

	if (!PG_ARGISNULL(1))
		memcpy(add.cle, PG_GETARG_PROFIL_P(1), sizeof(add.cle));
	if (!PG_ARGISNULL(2))
	{
		Profil		p = compte_profil(&add);

		if (montant_utilisable(&p))
			add.centimes = numeric_centimes(PG_GETARG_DATUM(2));
	}
	add.cle[1] |= (uint64) (compte_parts_arg(fcinfo, 3) - 1);
	compte_etat_open(&etat, fcinfo, COMPTE_BILAN);
	compte_etat_add(&etat, &add);
	return compte_etat_datum(&etat);
}

/* bilan_attributions(profil[], montant): a contract by its attributions, each for its part */
Datum
bilan_attributions_accum(PG_FUNCTION_ARGS)
{
	CompteCase	add = {{0, 0}, 1, 0};
	CompteEtat	etat;
	ArrayType  *array = PG_ARGISNULL(1) ? NULL : PG_GETARG_ARRAYTYPE_P(1);
	int			n = array == NULL ? 0 : ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	const Profil *profils;

	if (n > COMPTE_PARTS_MAX || (n > 0 && ARR_HASNULL(array)))
		ereport(ERROR,
				(errcode(n > COMPTE_PARTS_MAX ? ERRCODE_PROGRAM_LIMIT_EXCEEDED : ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 n > COMPTE_PARTS_MAX ? errmsg("contract has too many attributions")
				 : errmsg("attribution must not be null"),
				 n > COMPTE_PARTS_MAX ? errdetail("It has %d, the limit is %d.", n, COMPTE_PARTS_MAX) : 0));
	compte_etat_open(&etat, fcinfo, COMPTE_BILAN);
	if (n == 0)
	{
		add.cle[0] = NIVEAU_ATTRIBUTION;
		compte_etat_add(&etat, &add);
		return compte_etat_datum(&etat);
	}
	profils = (const Profil *) ARR_DATA_PTR(array);
	for (int i = 0; i < n; i++)
	{
		memcpy(add.cle, &profils[i], sizeof(add.cle));
		add.centimes = PG_ARGISNULL(2) || !montant_utilisable(&profils[i]) ? 0
			: numeric_centimes(PG_GETARG_DATUM(2));
		add.cle[1] |= (uint64) (n - 1);
		compte_etat_add(&etat, &add);
	}
	return compte_etat_datum(&etat);
}

/* en_valeur(profil, montant): the amount if it counts in value */
Datum
profil_en_valeur_montant(PG_FUNCTION_ARGS)
{
	if (!profil_en_valeur(PG_GETARG_PROFIL_P(0)))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(1));
}

/*
 * Accessors
 */
Datum
bilan_nombre(PG_FUNCTION_ARGS)
{
	Compte	   *b = PG_GETARG_COMPTE_P(0, COMPTE_BILAN);
	Poids		total = {0, NULL};

	for (uint32 i = 0; i < b->ncases; i++)
		poids_ajouter(&total, b->cases[i].nombre, compte_parts(&b->cases[i]));
	return poids_numeric(&total, false);
}

Datum
bilan_montant(PG_FUNCTION_ARGS)
{
	Compte	   *b = PG_GETARG_COMPTE_P(0, COMPTE_BILAN);
	Poids		total = {0, NULL};

	for (uint32 i = 0; i < b->ncases; i++)
	{
		if (bilan_case_en_valeur(&b->cases[i]))
			poids_ajouter(&total, b->cases[i].centimes, compte_parts(&b->cases[i]));
	}
	return poids_numeric(&total, true);
}

/* Columns of ecartes(): why a case is out of value */
typedef enum Ecart
{
	SANS_MONTANT,
	ABERRANTS,
	SUBSEQUENTS_LIES,
	SUBSEQUENTS_V1,
	ECART_COUNT
} Ecart;

static Ecart
profil_ecart(const Profil *p)
{
	if (profil_get(p, attribut_get(ATT_MONTANT)) == 0)
		return SANS_MONTANT;
	if (!montant_utilisable(p))
		return ABERRANTS;
	return profil_get(p, attribut_get(ATT_SUBSEQUENT)) == SUBSEQUENT_LIE
		? SUBSEQUENTS_LIES : SUBSEQUENTS_V1;
}

Datum
bilan_ecartes(PG_FUNCTION_ARGS)
{
	Compte	   *b = PG_GETARG_COMPTE_P(0, COMPTE_BILAN);
	TupleDesc	desc = poids_row_desc(fcinfo, ECART_COUNT);
	Poids		totals[ECART_COUNT] = {{0, NULL}};
	Datum		values[ECART_COUNT];
	bool		nulls[ECART_COUNT] = {false};

	for (uint32 i = 0; i < b->ncases; i++)
	{
		const CompteCase *c = &b->cases[i];
		Profil		p = compte_profil(c);

		if (!profil_en_valeur(&p))
			poids_ajouter(&totals[profil_ecart(&p)], c->nombre, compte_parts(c));
	}
	for (int i = 0; i < ECART_COUNT; i++)
		values[i] = poids_numeric(&totals[i], false);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, values, nulls)));
}
