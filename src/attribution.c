/*
 * attribution.c
 *	  Function attributions(profil, titulaire_connu[]): a contract's profils,
 *	  one for each of its holders.
 */
#include "compat.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "arguments.h"
#include "compte.h"
#include "profil.h"

PG_FUNCTION_INFO_V1(profil_attributions_sql);

/* Columns of the type titulaire_connu, in its order */
typedef enum Colonne
{
	COL_TAILLE,
	COL_TPE,
	COL_ESS,
	COL_SOCIETE_MISSION,
	COL_ETRANGER,
	COL_LOCAL,
	COL_EPCI,
	COL_LIEU,
	COL_ESUS,
	COL_INCLUSION,
	COL_DISTANCE,
	COL_IDENTIFIE,
	COL_COUNT
} Colonne;

static int
code_lu(AttributId id, Datum valeur, bool nul)
{
	const Attribut *att = attribut_get(id);
	text	   *texte;
	int			code;

	if (nul)
		return 0;
	texte = DatumGetTextPP(valeur);
	code = attribut_code_lire(att, (Slice) {VARDATA_ANY(texte), VARSIZE_ANY_EXHDR(texte)});
	if (code < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown value \"%s\" for attribute \"%s\"", text_to_cstring(texte), att->nom),
				 errhint("The values are in attributs().")));
	return code;
}

static Trilean
oui_non(Datum valeur, bool nul)
{
	return nul ? TRI_UNKNOWN : DatumGetBool(valeur) ? TRI_YES : TRI_NO;
}

static void
titulaire_lire(TupleDesc desc, Datum titulaire, TitulaireConnu *t)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(titulaire);
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(header), .t_data = header};
	Datum		v[COL_COUNT];
	bool		nul[COL_COUNT];

	heap_deform_tuple(&tuple, desc, v, nul);
	t->taille = code_lu(ATT_TAILLE, v[COL_TAILLE], nul[COL_TAILLE]);
	t->local = code_lu(ATT_LOCAL, v[COL_LOCAL], nul[COL_LOCAL]);
	t->inclusion = code_lu(ATT_INCLUSION, v[COL_INCLUSION], nul[COL_INCLUSION]);
	t->tpe = oui_non(v[COL_TPE], nul[COL_TPE]);
	t->ess = oui_non(v[COL_ESS], nul[COL_ESS]);
	t->societe_mission = oui_non(v[COL_SOCIETE_MISSION], nul[COL_SOCIETE_MISSION]);
	t->etranger = oui_non(v[COL_ETRANGER], nul[COL_ETRANGER]);
	t->epci = oui_non(v[COL_EPCI], nul[COL_EPCI]);
	t->lieu = oui_non(v[COL_LIEU], nul[COL_LIEU]);
	t->esus = oui_non(v[COL_ESUS], nul[COL_ESUS]);
	t->identifie = !nul[COL_IDENTIFIE] && DatumGetBool(v[COL_IDENTIFIE]);
	t->distance = nul[COL_DISTANCE] ? NAN : DatumGetFloat8(v[COL_DISTANCE]);
}

/* Descriptor of the elements, which another session may change while the query runs */
static TupleDesc
desc_titulaire(Oid type)
{
	TypeCacheEntry *entry = lookup_type_cache(type, TYPECACHE_TUPDESC);

	if (entry->tupDesc == NULL)
		elog(ERROR, "type %u is not composite", type);
	colonnes_verifier(entry->tupDesc, COL_COUNT, "titulaire_connu");
	return entry->tupDesc;
}

Datum
profil_attributions_sql(PG_FUNCTION_ARGS)
{
	ArrayType  *array;
	Oid			type = InvalidOid;
	Datum	   *elements;
	bool	   *nuls;
	int			n = 0;
	TitulaireConnu *titulaires;
	Profil	   *profils;
	Datum	   *results;
	Profil		contrat = {{0, 0}};

	if (!PG_ARGISNULL(0))
		contrat = *PG_GETARG_PROFIL_P(0);
	if (!PG_ARGISNULL(1))
	{
		array = PG_GETARG_ARRAYTYPE_P(1);
		type = ARR_ELEMTYPE(array);
		deconstruct_array(array, type, -1, false, TYPALIGN_DOUBLE, &elements, &nuls, &n);
	}
	if (n > COMPTE_PARTS_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("contract has too many holders"),
				 errdetail("It has %d, the limit is %d.", n, COMPTE_PARTS_MAX)));
	/* A contract without holder is one attribution of which nothing is known */
	titulaires = palloc0(Max(n, 1) * sizeof(TitulaireConnu));
	titulaires[0].distance = NAN;
	for (int i = 0; i < n; i++)
	{
		titulaires[i].distance = NAN;
		if (!nuls[i])
			titulaire_lire(desc_titulaire(type), elements[i], &titulaires[i]);
	}
	n = Max(n, 1);
	profils = palloc(n * sizeof(Profil));
	profil_attributions(&contrat, titulaires, n, profils);
	results = palloc(n * sizeof(Datum));
	for (int i = 0; i < n; i++)
		results[i] = PointerGetDatum(&profils[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(results, n,
										  get_element_type(get_func_rettype(fcinfo->flinfo->fn_oid)),
										  sizeof(Profil), false, TYPALIGN_DOUBLE));
}
