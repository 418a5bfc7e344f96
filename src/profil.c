/*
 * profil.c
 *	  SQL type profil: what is known of a contract, in 16 bytes.
 *
 * The struct, its fields and its construction are in core; here are its text
 * and binary forms, its order, its constructor from plain SQL values and the
 * functions that read or replace one attribute.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgrprotos.h"

#include "arguments.h"
#include "compat.h"
#include "profil.h"

PG_FUNCTION_INFO_V1(profil_in);
PG_FUNCTION_INFO_V1(profil_out);
PG_FUNCTION_INFO_V1(profil_recv);
PG_FUNCTION_INFO_V1(profil_send);
PG_FUNCTION_INFO_V1(profil_eq);
PG_FUNCTION_INFO_V1(profil_ne);
PG_FUNCTION_INFO_V1(profil_lt);
PG_FUNCTION_INFO_V1(profil_le);
PG_FUNCTION_INFO_V1(profil_gt);
PG_FUNCTION_INFO_V1(profil_ge);
PG_FUNCTION_INFO_V1(profil_cmp);
PG_FUNCTION_INFO_V1(profil_hash);
PG_FUNCTION_INFO_V1(profil_hash_extended);
PG_FUNCTION_INFO_V1(profil_construire);
PG_FUNCTION_INFO_V1(profil_attribut);
PG_FUNCTION_INFO_V1(profil_avec);
PG_FUNCTION_INFO_V1(profil_attributs);

static Slice
text_slice(text *t)
{
	return (Slice) {VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t)};
}

/*
 * Text and binary forms
 */
Datum
profil_in(PG_FUNCTION_ARGS)
{
	char	   *str = PG_GETARG_CSTRING(0);
	Profil	   *result = (Profil *) palloc(sizeof(Profil));
	Slice		faute;

	if (!profil_lire(slice_from(str), result, &faute))
	{
		int			len = pg_mbcliplen(faute.data, (int) Min(faute.len, 200), 200);

		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s: \"%.*s\"", "profil", len, faute.data),
				 errdetail("Expected pairs attribut=valeur, each attribute at most once."),
				 errhint("The function attributs() lists the attributes and their values.")));
	}
	PG_RETURN_PROFIL_P(result);
}

Datum
profil_out(PG_FUNCTION_ARGS)
{
	Profil	   *p = PG_GETARG_PROFIL_P(0);
	char		buffer[PROFIL_TEXTE_MAX];
	size_t		len = profil_texte(p, buffer, sizeof(buffer));

	Assert(len <= sizeof(buffer));
	PG_RETURN_CSTRING(pnstrdup(buffer, len));
}

Datum
profil_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	Profil	   *result = (Profil *) palloc(sizeof(Profil));

	result->mots[0] = (uint64_t) pq_getmsgint64(buf);
	result->mots[1] = (uint64_t) pq_getmsgint64(buf);
	if (!profil_valid(result))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary representation of type %s", "profil"),
				 errdetail("A field holds a code that its attribute does not have.")));
	PG_RETURN_PROFIL_P(result);
}

Datum
profil_send(PG_FUNCTION_ARGS)
{
	Profil	   *p = PG_GETARG_PROFIL_P(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint64(&buf, p->mots[0]);
	pq_sendint64(&buf, p->mots[1]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/*
 * Order and hashing
 */
Datum
profil_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(profil_compare(PG_GETARG_PROFIL_P(0), PG_GETARG_PROFIL_P(1)) == 0);
}

Datum
profil_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(profil_compare(PG_GETARG_PROFIL_P(0), PG_GETARG_PROFIL_P(1)) != 0);
}

Datum
profil_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(profil_compare(PG_GETARG_PROFIL_P(0), PG_GETARG_PROFIL_P(1)) < 0);
}

Datum
profil_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(profil_compare(PG_GETARG_PROFIL_P(0), PG_GETARG_PROFIL_P(1)) <= 0);
}

Datum
profil_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(profil_compare(PG_GETARG_PROFIL_P(0), PG_GETARG_PROFIL_P(1)) > 0);
}

Datum
profil_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(profil_compare(PG_GETARG_PROFIL_P(0), PG_GETARG_PROFIL_P(1)) >= 0);
}

Datum
profil_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(profil_compare(PG_GETARG_PROFIL_P(0), PG_GETARG_PROFIL_P(1)));
}

Datum
profil_hash(PG_FUNCTION_ARGS)
{
	return hash_any((unsigned char *) PG_GETARG_PROFIL_P(0), sizeof(Profil));
}

Datum
profil_hash_extended(PG_FUNCTION_ARGS)
{
	return hash_any_extended((unsigned char *) PG_GETARG_PROFIL_P(0), sizeof(Profil),
							 PG_GETARG_INT64(1));
}

/*
 * Construction
 */
static Slice
arg_text(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? SLICE_NONE : text_slice(PG_GETARG_TEXT_PP(n));
}

/* More than any list of the format can be taken to hold */
#define LISTE_MAX 1000

/* Elements that are NULL say nothing and are skipped */
static SliceList
arg_list(FunctionCallInfo fcinfo, int n)
{
	SliceList	list = {NULL, 0, false};
	Datum	   *elements;

	if (PG_ARGISNULL(n))
		return list;
	list.present = true;
	list.count = tableau_elements(PG_GETARG_ARRAYTYPE_P(n), LISTE_MAX, &elements);
	list.items = palloc(Max(list.count, 1) * sizeof(Slice));
	for (int i = 0; i < list.count; i++)
		list.items[i] = text_slice(DatumGetTextPP(elements[i]));
	return list;
}

static int
arg_int(FunctionCallInfo fcinfo, int n, int missing)
{
	return PG_ARGISNULL(n) ? missing : PG_GETARG_INT32(n);
}

static Trilean
arg_bool(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? TRI_UNKNOWN : PG_GETARG_BOOL(n) ? TRI_YES : TRI_NO;
}

static double
arg_share(FunctionCallInfo fcinfo, int n)
{
	if (PG_ARGISNULL(n))
		return NAN;
	return DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, PG_GETARG_DATUM(n)));
}

static int32_t
arg_date(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? DATE_NONE : (int32_t) PG_GETARG_DATEADT(n);
}

static Slice
arg_numeric(FunctionCallInfo fcinfo, int n)
{
	if (PG_ARGISNULL(n))
		return SLICE_NONE;
	return slice_from(DatumGetCString(DirectFunctionCall1(numeric_out, PG_GETARG_DATUM(n))));
}

static ReglesMontant
arg_regles(FunctionCallInfo fcinfo, int n)
{
	ReglesMontant regles = REGLES_MINISTERE;

	if (!PG_ARGISNULL(n) && !regles_montant_find(arg_text(fcinfo, n), &regles))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown rule set for amounts \"%s\"",
						text_to_cstring(PG_GETARG_TEXT_PP(n))),
				 errhint("The rule sets are ministere, decp_qualite and aucune.")));
	return regles;
}

/* The arguments stand in the order of ProfilFacts; see profil.sql */
Datum
profil_construire(PG_FUNCTION_ARGS)
{
	Profil	   *result = (Profil *) palloc(sizeof(Profil));
	ProfilFacts facts;
	int			n = 0;

	profil_facts_init(&facts);
	facts.type_contrat = arg_text(fcinfo, n++);
	facts.format_decp = arg_int(fcinfo, n++, 0);
	facts.nature = arg_text(fcinfo, n++);
	facts.procedure = arg_text(fcinfo, n++);
	facts.techniques = arg_list(fcinfo, n++);
	facts.modalites_execution = arg_list(fcinfo, n++);
	facts.types_prix = arg_list(fcinfo, n++);
	facts.considerations_sociales = arg_list(fcinfo, n++);
	facts.considerations_environnementales = arg_list(fcinfo, n++);
	facts.forme_prix = arg_text(fcinfo, n++);
	facts.ccag = arg_text(fcinfo, n++);
	facts.type_groupement_operateurs = arg_text(fcinfo, n++);
	facts.id_accord_cadre = arg_text(fcinfo, n++);
	facts.accord_cadre_present = arg_bool(fcinfo, n++);
	facts.marche_innovant = arg_bool(fcinfo, n++);
	facts.attribution_avance = arg_bool(fcinfo, n++);
	facts.sous_traitance_declaree = arg_bool(fcinfo, n++);
	facts.actes_sous_traitance = arg_int(fcinfo, n++, -1);
	facts.offres_recues = arg_int(fcinfo, n++, -1);
	facts.code_cpv = arg_text(fcinfo, n++);
	facts.origine_ue = arg_share(fcinfo, n++);
	facts.origine_france = arg_share(fcinfo, n++);
	facts.montant = arg_numeric(fcinfo, n++);
	facts.duree_mois = arg_int(fcinfo, n++, INT32_MIN);
	facts.date_notification = arg_date(fcinfo, n++);
	facts.date_publication_donnees = arg_date(fcinfo, n++);
	facts.modifications = arg_int(fcinfo, n++, -1);
	facts.titulaires = arg_int(fcinfo, n++, -1);
	profil_build(&facts, arg_regles(fcinfo, n), result);
	PG_RETURN_PROFIL_P(result);
}

/*
 * One attribute
 */
static const Attribut *
attribut_or_error(text *name)
{
	const Attribut *att = attribut_find(text_slice(name), NULL);
	StringInfoData names;

	if (att != NULL)
		return att;
	initStringInfo(&names);
	for (int i = 0; i < ATT_COUNT; i++)
		appendStringInfo(&names, "%s%s", i > 0 ? ", " : "", attribut_get((AttributId) i)->nom);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown attribute \"%s\"", text_to_cstring(name)),
			 errhint("The attributes are %s.", names.data)));
}

static int
code_or_error(const Attribut *att, text *value)
{
	int			code = attribut_code_lire(att, text_slice(value));
	StringInfoData names;

	if (code >= 0)
		return code;
	initStringInfo(&names);
	for (int i = 0; i < att->nvaleurs; i++)
		appendStringInfo(&names, "%s%s", i > 0 ? ", " : "", att->valeurs[i].nom);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown value \"%s\" for attribute \"%s\"", text_to_cstring(value), att->nom),
			 att->kind == ATTRIBUT_SIMPLE
			 ? errhint("The values are %s.", names.data)
			 : errhint("The values are aucune, or one or several of %s joined by +%s.", names.data,
					   att->contradiction ? ", then ! if they contradict a stated absence" : "")));
}

Datum
profil_attribut(PG_FUNCTION_ARGS)
{
	Profil	   *p = PG_GETARG_PROFIL_P(0);
	const Attribut *att = attribut_or_error(PG_GETARG_TEXT_PP(1));
	int			code = profil_get(p, att);
	char		buffer[PROFIL_TEXTE_MAX];

	if (code == 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(buffer,
											  (int) attribut_code_texte(att, code, buffer,
																		sizeof(buffer))));
}

Datum
profil_avec(PG_FUNCTION_ARGS)
{
	Profil	   *result;
	const Attribut *att;
	int			code;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("attribute name must not be null")));
	result = (Profil *) palloc(sizeof(Profil));
	*result = *PG_GETARG_PROFIL_P(0);
	att = attribut_or_error(PG_GETARG_TEXT_PP(1));
	code = PG_ARGISNULL(2) ? 0 : code_or_error(att, PG_GETARG_TEXT_PP(2));
	if (att == attribut_get(ATT_NIVEAU))
		*result = profil_de_niveau(result, (Niveau) code);
	else if (att->niveau != NIVEAU_TOUS && att->niveau != profil_niveau(result))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("attribute \"%s\" is not one of this profil", att->nom),
				 att->niveau == NIVEAU_ATTRIBUTION
				 ? errhint("It is of an attribution: see function attributions.")
				 : errhint("It is of a contract, not of an attribution.")));
	else
		profil_set(result, att, code);
	PG_RETURN_PROFIL_P(result);
}

/*
 * Dictionary: one row per attribute and value name
 */
typedef struct Dictionary
{
	int			attribut;
	int			valeur;
} Dictionary;

/* Rows of a set after its flags */
static const AttributValeur set_extra[] = {
	{"aucune", "Aucune", true},
	{"contradictoire", "Aucune et d'autres à la fois", false},
};

static int
dictionary_rows(const Attribut *att)
{
	if (att->kind == ATTRIBUT_SIMPLE)
		return att->nvaleurs;
	return att->nvaleurs + (att->contradiction ? 2 : 1);
}

Datum
profil_attributs(PG_FUNCTION_ARGS)
{
	FuncCallContext *funcctx;
	Dictionary *at;
	const Attribut *att;
	const AttributValeur *valeur;
	Datum		values[6];
	bool		nulls[6] = {false};

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext oldcontext;

		funcctx = SRF_FIRSTCALL_INIT();
		oldcontext = MemoryContextSwitchTo(funcctx->multi_call_memory_ctx);
		if (get_call_result_type(fcinfo, NULL, &funcctx->tuple_desc) != TYPEFUNC_COMPOSITE ||
			funcctx->tuple_desc->natts != 6)
			elog(ERROR, "unexpected result type");
		funcctx->tuple_desc = BlessTupleDesc(funcctx->tuple_desc);
		funcctx->user_fctx = palloc0(sizeof(Dictionary));
		MemoryContextSwitchTo(oldcontext);
	}
	funcctx = SRF_PERCALL_SETUP();
	at = (Dictionary *) funcctx->user_fctx;
	if (at->attribut < ATT_COUNT &&
		at->valeur == dictionary_rows(attribut_get((AttributId) at->attribut)))
	{
		at->attribut++;
		at->valeur = 0;
	}
	if (at->attribut >= ATT_COUNT)
		SRF_RETURN_DONE(funcctx);
	att = attribut_get((AttributId) at->attribut);
	valeur = at->valeur < att->nvaleurs ? &att->valeurs[at->valeur]
		: &set_extra[at->valeur - att->nvaleurs];
	at->valeur++;
	values[0] = CStringGetTextDatum(att->nom);
	values[1] = CStringGetTextDatum(att->libelle);
	values[2] = CStringGetTextDatum(valeur->nom);
	values[3] = CStringGetTextDatum(valeur->libelle);
	values[4] = BoolGetDatum(valeur->connu);
	nulls[5] = att->niveau == NIVEAU_TOUS;
	values[5] = nulls[5] ? (Datum) 0 :
		CStringGetTextDatum(att->niveau == NIVEAU_CONTRAT ? "contrat" : "attribution");
	SRF_RETURN_NEXT(funcctx, HeapTupleGetDatum(heap_form_tuple(funcctx->tuple_desc, values, nulls)));
}
