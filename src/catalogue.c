/*
 * catalogue.c
 *	  The canevas that come with the extension, from sql/canevas/.
 *
 * They are in the library: as the body of a SQL function, the planner would read
 * all of them each time that a query names one.
 */
#include "compat.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

PG_FUNCTION_INFO_V1(canevas_catalogue);
PG_FUNCTION_INFO_V1(canevas_du_catalogue);

static const struct
{
	const char *code;
	const char *texte;
}			catalogue[] = {
#include "catalogue_textes.h"
};

/* catalogue() */
Datum
canevas_catalogue(PG_FUNCTION_ARGS)
{
	Datum		canevas[lengthof(catalogue)];
	Oid			type = get_element_type(get_func_rettype(fcinfo->flinfo->fn_oid));

	for (size_t i = 0; i < lengthof(catalogue); i++)
		canevas[i] = CStringGetTextDatum(catalogue[i].texte);
	PG_RETURN_ARRAYTYPE_P(construct_array(canevas, lengthof(catalogue), type, -1, false, TYPALIGN_INT));
}

/* canevas_du_catalogue(code) */
Datum
canevas_du_catalogue(PG_FUNCTION_ARGS)
{
	char	   *code = text_to_cstring(PG_GETARG_TEXT_PP(0));
	StringInfoData codes;

	initStringInfo(&codes);
	for (size_t i = 0; i < lengthof(catalogue); i++)
	{
		if (strcmp(catalogue[i].code, code) == 0)
			return CStringGetTextDatum(catalogue[i].texte);
		appendStringInfo(&codes, "%s%s", i > 0 ? ", " : "", catalogue[i].code);
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown indicator \"%s\"", code),
			 errhint("Codes are: %s.", codes.data)));
}
