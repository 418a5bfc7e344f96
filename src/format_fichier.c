/*
 * format_fichier.c
 *	  format_fichier(): what a file is, told by its first bytes.
 */
#include "compat.h"

#include "core/format_fichier.h"

#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(format_fichier);

Datum
format_fichier(PG_FUNCTION_ARGS)
{
	bytea	   *octets = PG_GETARG_BYTEA_PP(0);
	Slice		debut = {VARDATA_ANY(octets), VARSIZE_ANY_EXHDR(octets)};

	PG_RETURN_TEXT_P(cstring_to_text(format_fichier_name(debut)));
}
