/*
 * compte_detail.c
 *	  detail() of the types that count: a row for each key, its shares put
 *	  together, in the order of the keys.
 */
#include "compat.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "arguments.h"
#include "poids.h"
#include "profil.h"

PG_FUNCTION_INFO_V1(bilan_detail);
PG_FUNCTION_INFO_V1(histogramme_detail);
PG_FUNCTION_INFO_V1(concentration_detail);

#define DETAIL_COLONNES 3

/* What the key says, as the first column; *isnull: unknown */
static Datum
cle_datum(const CompteCase *c, CompteGenre genre, bool *isnull)
{
	char		texte[COMPTE_CLE_TEXTE + 1];
	Profil	   *p;

	*isnull = false;
	if (genre == COMPTE_BILAN)
	{
		p = palloc(sizeof(Profil));
		*p = compte_profil(c);
		return ProfilPGetDatum(p);
	}
	*isnull = compte_inconnue(c);
	if (*isnull)
		return (Datum) 0;
	texte[compte_type(genre)->cle_texte(c, texte)] = '\0';
	if (genre == COMPTE_HISTOGRAMME)
		return DirectFunctionCall3(numeric_in, CStringGetDatum(texte),
								   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	return CStringGetTextDatum(texte);
}

static Datum
compte_detail(FunctionCallInfo fcinfo, CompteGenre genre)
{
	Compte	   *compte = compte_canonical(PG_GETARG_COMPTE_P(0, genre));
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext row = AllocSetContextCreate(CurrentMemoryContext, "spaser row", ALLOCSET_SMALL_SIZES);
	MemoryContext oldcontext;

	InitMaterializedSRF(fcinfo, 0);
	colonnes_verifier(rsinfo->setDesc, DETAIL_COLONNES, "detail");
	oldcontext = MemoryContextSwitchTo(row);
	for (uint32 i = 0, suite; i < compte->ncases; i = suite)
	{
		const CompteCase *c = &compte->cases[i];
		Poids		nombre = {0, NULL};
		Poids		montant = {0, NULL};
		Datum		values[DETAIL_COLONNES];
		bool		nulls[DETAIL_COLONNES] = {false};

		CHECK_FOR_INTERRUPTS();
		for (suite = i; suite < compte->ncases && compte_meme_cle(c, &compte->cases[suite]); suite++)
		{
			poids_ajouter(&nombre, compte->cases[suite].nombre, compte_parts(&compte->cases[suite]));
			poids_ajouter(&montant, compte->cases[suite].centimes, compte_parts(&compte->cases[suite]));
		}
		values[0] = cle_datum(c, genre, &nulls[0]);
		values[1] = poids_numeric(&nombre, false);
		values[2] = poids_numeric(&montant, true);
		if (genre == COMPTE_BILAN)
		{
			Profil		p = compte_profil(c);

			nulls[2] = profil_get(&p, attribut_get(ATT_MONTANT)) != MONTANT_UTILISABLE;
		}
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		MemoryContextReset(row);
	}
	MemoryContextSwitchTo(oldcontext);
	return (Datum) 0;
}

Datum
bilan_detail(PG_FUNCTION_ARGS)
{
	return compte_detail(fcinfo, COMPTE_BILAN);
}

Datum
histogramme_detail(PG_FUNCTION_ARGS)
{
	return compte_detail(fcinfo, COMPTE_HISTOGRAMME);
}

Datum
concentration_detail(PG_FUNCTION_ARGS)
{
	return compte_detail(fcinfo, COMPTE_CONCENTRATION);
}
