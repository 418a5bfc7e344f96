/*
 * validation.c
 *	  The rules of the reader as functions: identifiers, codes, amounts, dates.
 */
#include "compat.h"

#include "core/cpv.h"
#include "core/decimal.h"
#include "core/identifiant.h"
#include "core/montant.h"
#include "core/record_date.h"

#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/numeric.h"

PG_FUNCTION_INFO_V1(validation_siret);
PG_FUNCTION_INFO_V1(validation_siren);
PG_FUNCTION_INFO_V1(validation_tva);
PG_FUNCTION_INFO_V1(validation_identifiant);
PG_FUNCTION_INFO_V1(validation_cpv);
PG_FUNCTION_INFO_V1(validation_montant);
PG_FUNCTION_INFO_V1(validation_lire_date);
PG_FUNCTION_INFO_V1(validation_lire_montant);

static Slice
arg_slice(FunctionCallInfo fcinfo, int n)
{
	text	   *t = PG_GETARG_TEXT_PP(n);

	return (Slice) {VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t)};
}

/* As the reader cleans it */
static Slice
arg_identifiant(FunctionCallInfo fcinfo, int n)
{
	Slice		texte = arg_slice(fcinfo, n);
	char	   *propre = palloc(texte.len + 1);

	return (Slice) {propre, identifiant_nettoyer(texte, propre)};
}

Datum
validation_siret(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(siret_valide(arg_identifiant(fcinfo, 0)));
}

Datum
validation_siren(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(siren_valide(arg_identifiant(fcinfo, 0)));
}

Datum
validation_tva(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(tva_valide(arg_identifiant(fcinfo, 0)));
}

Datum
validation_identifiant(PG_FUNCTION_ARGS)
{
	int			valide = identifiant_valide(arg_slice(fcinfo, 0), arg_identifiant(fcinfo, 1));

	if (valide < 0)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(valide > 0);
}

Datum
validation_cpv(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(cpv_lire(slice_trim(arg_slice(fcinfo, 0))) >= 0);
}

static bool
arg_concession(FunctionCallInfo fcinfo, int n)
{
	Slice		type = arg_slice(fcinfo, n);

	if (!slice_is(type, "marche") && !slice_is(type, "concession"))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown kind of contract \"%s\"", text_to_cstring(PG_GETARG_TEXT_PP(n))),
				 errhint("The kinds are marche and concession.")));
	return slice_is(type, "concession");
}

Datum
validation_montant(PG_FUNCTION_ARGS)
{
	Montant		m;
	ReglesMontant regles;
	bool		concession = arg_concession(fcinfo, 1);

	if (!regles_montant_find(arg_slice(fcinfo, 2), &regles))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown rule set for amounts \"%s\"", text_to_cstring(PG_GETARG_TEXT_PP(2))),
				 errhint("The rule sets are ministere, decp_qualite and aucune.")));
	if (!montant_lire(slice_from(DatumGetCString(DirectFunctionCall1(numeric_out, PG_GETARG_DATUM(0)))), &m))
		elog(ERROR, "numeric has an unexpected form");
	PG_RETURN_BOOL(!montant_aberrant(&m, regles, concession));
}

Datum
validation_lire_date(PG_FUNCTION_ARGS)
{
	int32_t		date = record_date(slice_trim(arg_slice(fcinfo, 0)));

	if (date == DATE_NONE)
		PG_RETURN_NULL();
	PG_RETURN_DATEADT((DateADT) date);
}

Datum
validation_lire_montant(PG_FUNCTION_ARGS)
{
	char		decimal[DECIMAL_SIZE + 1];
	size_t		len;

	if (!decimal_read(slice_trim(arg_slice(fcinfo, 0)), decimal, &len))
		PG_RETURN_NULL();
	decimal[len] = '\0';
	return DirectFunctionCall3(numeric_in, CStringGetDatum(decimal),
							   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}
