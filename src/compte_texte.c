/*
 * compte_texte.c
 *	  Text and binary forms of the types that count; core/compte.c reads and
 *	  writes their cases. Both forms are written from either form of the value,
 *	  since a distributed engine sends states.
 *
 * Binary: version and kind (16 bits each), then the cases.
 */
#include "compat.h"

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"

#include "compte.h"

PG_FUNCTION_INFO_V1(bilan_in);
PG_FUNCTION_INFO_V1(histogramme_in);
PG_FUNCTION_INFO_V1(concentration_in);
PG_FUNCTION_INFO_V1(rapport_in);
PG_FUNCTION_INFO_V1(compte_out);
PG_FUNCTION_INFO_V1(bilan_recv);
PG_FUNCTION_INFO_V1(histogramme_recv);
PG_FUNCTION_INFO_V1(concentration_recv);
PG_FUNCTION_INFO_V1(rapport_recv);
PG_FUNCTION_INFO_V1(compte_send);

static void
pause_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

/* No key holds a comma: one stands between two cases and nowhere else */
static uint64
cases_au_plus(const CompteType *type, Slice texte)
{
	uint64		virgules = 0;

	for (const char *p = texte.data; (p = memchr(p, ',', texte.data + texte.len - p)) != NULL; p++)
		virgules++;
	return Min(texte.len / type->texte_min, virgules) + 1;
}

static Datum
compte_in(FunctionCallInfo fcinfo, CompteGenre genre)
{
	const CompteType *type = compte_type(genre);
	Slice		texte = slice_from(PG_GETARG_CSTRING(0));
	Compte	   *c = compte_alloc(genre, cases_au_plus(type, texte));
	const char *faute = compte_lire_texte(type, texte, c->cases, &c->ncases, pause_interrupts);

	if (faute != NULL)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", type->nom),
				 errdetail_internal("%s", faute)));
	SET_VARSIZE(c, COMPTE_SIZE(c->ncases));
	PG_RETURN_COMPTE_P(c);
}

Datum
bilan_in(PG_FUNCTION_ARGS)
{
	return compte_in(fcinfo, COMPTE_BILAN);
}

Datum
histogramme_in(PG_FUNCTION_ARGS)
{
	return compte_in(fcinfo, COMPTE_HISTOGRAMME);
}

Datum
concentration_in(PG_FUNCTION_ARGS)
{
	return compte_in(fcinfo, COMPTE_CONCENTRATION);
}

Datum
rapport_in(PG_FUNCTION_ARGS)
{
	return compte_in(fcinfo, COMPTE_RAPPORT);
}

Datum
compte_out(PG_FUNCTION_ARGS)
{
	Compte	   *c = compte_canonical(compte_from_any(PG_GETARG_DATUM(0)));
	const CompteType *type = compte_type(c->genre);
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoString(&buf, COMPTE_TEXTE_DEBUT);
	for (uint32 i = 0; i < c->ncases; i++)
	{
		if ((i & COMPTE_INTERRUPT_MASK) == COMPTE_INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		if (i > 0)
			appendStringInfoChar(&buf, ',');
		enlargeStringInfo(&buf, COMPTE_CASE_TEXTE);
		buf.len += (int) compte_case_texte(type, &c->cases[i], buf.data + buf.len);
	}
	appendStringInfoString(&buf, COMPTE_TEXTE_FIN);
	PG_RETURN_CSTRING(buf.data);
}

static Datum
compte_recv(FunctionCallInfo fcinfo, CompteGenre genre)
{
	const CompteType *type = compte_type(genre);
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	const char *faute = NULL;
	Compte	   *c = NULL;

	if (pq_getmsgint(buf, 2) != COMPTE_VERSION)
		faute = "The version is unknown.";
	else if (pq_getmsgint(buf, 2) != (unsigned) genre)
		faute = "It is of another type.";
	else
	{
		Slice		octets = {buf->data + buf->cursor, (size_t) (buf->len - buf->cursor)};

		c = compte_alloc(genre, octets.len / COMPTE_CASE_BINAIRE);
		faute = compte_lire_binaire(type, octets, c->cases, &c->ncases, pause_interrupts);
		buf->cursor = buf->len;
	}
	if (faute != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary representation of type %s", type->nom),
				 errdetail_internal("%s", faute)));
	PG_RETURN_COMPTE_P(c);
}

Datum
bilan_recv(PG_FUNCTION_ARGS)
{
	return compte_recv(fcinfo, COMPTE_BILAN);
}

Datum
histogramme_recv(PG_FUNCTION_ARGS)
{
	return compte_recv(fcinfo, COMPTE_HISTOGRAMME);
}

Datum
concentration_recv(PG_FUNCTION_ARGS)
{
	return compte_recv(fcinfo, COMPTE_CONCENTRATION);
}

Datum
rapport_recv(PG_FUNCTION_ARGS)
{
	return compte_recv(fcinfo, COMPTE_RAPPORT);
}

Datum
compte_send(PG_FUNCTION_ARGS)
{
	Compte	   *c = compte_canonical(compte_from_any(PG_GETARG_DATUM(0)));
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint16(&buf, COMPTE_VERSION);
	pq_sendint16(&buf, c->genre);
	for (uint32 i = 0; i < c->ncases; i++)
	{
		if ((i & COMPTE_INTERRUPT_MASK) == COMPTE_INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		enlargeStringInfo(&buf, COMPTE_CASE_BINAIRE);
		compte_case_binaire(&c->cases[i], (uint8_t *) buf.data + buf.len);
		buf.len += COMPTE_CASE_BINAIRE;
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}
