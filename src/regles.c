/*
 * regles.c
 *	  What the reader judges by, as tables: regles() and nomenclatures().
 */
#include "compat.h"

#include "arguments.h"

#include "catalog/pg_type.h"
#include "core/nomenclature.h"
#include "core/regle.h"

#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(regles_toutes);
PG_FUNCTION_INFO_V1(nomenclatures_toutes);
PG_FUNCTION_INFO_V1(nomenclature_libelle);

#define REGLES_COLONNES 8
#define NOMENCLATURES_COLONNES 4

static Datum
jeux_datum(unsigned jeux)
{
	Datum		noms[JEU_COUNT];
	int			n = 0;

	for (int bit = 0; bit < JEU_COUNT; bit++)
		if (jeux & (1U << bit))
			noms[n++] = CStringGetTextDatum(regle_jeu_nom(bit));
	return PointerGetDatum(construct_array(noms, n, TEXTOID, -1, false, TYPALIGN_INT));
}

Datum
regles_toutes(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	colonnes_verifier(rsinfo->setDesc, REGLES_COLONNES, "regles");
	for (int i = 0; i < R_COUNT; i++)
	{
		const Regle *r = regle_get((RegleId) i);
		Datum		values[REGLES_COLONNES];
		bool		nulls[REGLES_COLONNES] = {false};

		values[0] = CStringGetTextDatum(r->code);
		values[1] = CStringGetTextDatum(regle_famille_nom(r->famille));
		values[2] = CStringGetTextDatum(regle_gravite_nom(r->gravite));
		values[3] = jeux_datum(r->jeux);
		values[4] = BoolGetDatum(r->ensemble);
		nulls[5] = r->attribut == NULL;
		values[5] = nulls[5] ? (Datum) 0 : CStringGetTextDatum(r->attribut);
		values[6] = CStringGetTextDatum(r->libelle);
		values[7] = CStringGetTextDatum(r->source);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* Of the columns of contrat, titulaire and acte that hold their values */
static const char *const listes[NOM_COUNT] = {
	[NOM_NATURE] = "nature",
	[NOM_PROCEDURE] = "procedure",
	[NOM_CONSIDERATION_SOCIALE] = "considerations_sociales",
	[NOM_CONSIDERATION_ENVIRONNEMENTALE] = "considerations_environnementales",
	[NOM_TECHNIQUE] = "techniques",
	[NOM_MODALITE_EXECUTION] = "modalites_execution",
	[NOM_TYPE_PRIX] = "types_prix",
	[NOM_FORME_PRIX] = "forme_prix",
	[NOM_CCAG] = "ccag",
	[NOM_TYPE_GROUPEMENT] = "type_groupement_operateurs",
	[NOM_TYPE_IDENTIFIANT] = "type_identifiant",
	[NOM_TYPE_CODE_LIEU] = "lieu_execution_type_code",
	[NOM_VARIATION_PRIX] = "variation_prix",
};

Datum
nomenclatures_toutes(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	colonnes_verifier(rsinfo->setDesc, NOMENCLATURES_COLONNES, "nomenclatures");
	for (int list = 0; list < NOM_COUNT; list++)
	{
		for (int i = 0; i < nomenclature_count((Nomenclature) list); i++)
		{
			const NomenclatureValue *v = nomenclature_value((Nomenclature) list, i);
			Datum		values[NOMENCLATURES_COLONNES];
			bool		nulls[NOMENCLATURES_COLONNES] = {false};

			values[0] = CStringGetTextDatum(listes[list]);
			values[1] = Int32GetDatum(i + 1);
			values[2] = CStringGetTextDatum(v->nom);
			values[3] = CStringGetTextDatum(v->libelle);
			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		}
	}
	return (Datum) 0;
}

static Nomenclature
arg_liste(FunctionCallInfo fcinfo, int n)
{
	text	   *t = PG_GETARG_TEXT_PP(n);
	Slice		nom = {VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t)};

	for (int list = 0; list < NOM_COUNT; list++)
		if (slice_is(nom, listes[list]))
			return (Nomenclature) list;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown list of values \"%s\"", text_to_cstring(t)),
			 errhint("The function nomenclatures() lists them.")));
}

Datum
nomenclature_libelle(PG_FUNCTION_ARGS)
{
	Nomenclature list = arg_liste(fcinfo, 0);
	text	   *valeur = PG_GETARG_TEXT_PP(1);
	int			index = nomenclature_match(list, (Slice) {VARDATA_ANY(valeur), VARSIZE_ANY_EXHDR(valeur)});

	if (index < 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(nomenclature_value(list, index)->libelle));
}
