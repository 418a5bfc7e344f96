/*
 * bilan_texte.c
 *	  Text and binary forms of bilan.
 *
 * Both are versioned, canonical and read as if hostile. Both are written from
 * either form of the value, since a distributed engine sends states.
 *
 * Text: 1:{profil=nombre/montant,...}, profils as 32 hexadecimal digits in
 * increasing order, montant in euros with two decimals. Digits rather than the
 * words of a profil, which would make it ten times longer; detail() shows those.
 * Binary: version (16 bits), number of cases (32 bits), then four 64-bit
 * words a case: profil, nombre, centimes.
 */
#include "postgres.h"

#include <limits.h>

#include "common/int.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"

#include "bilan.h"
#include "compat.h"

PG_FUNCTION_INFO_V1(bilan_in);
PG_FUNCTION_INFO_V1(bilan_out);
PG_FUNCTION_INFO_V1(bilan_recv);
PG_FUNCTION_INFO_V1(bilan_send);

#define TEXT_PREFIX "1:{"

/* Shortest text of a case, 32 digits and "=1/0.00", and its separator */
#define TEXT_CASE_MIN 40
#define BINARY_CASE_SIZE 32

/* What is wrong with a case, given the one before it; NULL if nothing is */
static const char *
case_fault(const BilanCase *c, const BilanCase *before)
{
	if (!profil_valid(&c->profil))
		return "A profil holds a code that its attribute does not have.";
	if (before != NULL && profil_compare(&before->profil, &c->profil) >= 0)
		return "Profils are not in strictly increasing order.";
	if (c->nombre <= 0)
		return "A number of contracts is not positive.";
	if (c->centimes != 0 && !bilan_amount_counts(&c->profil))
		return "A profil without usable amount has an amount.";
	return NULL;
}

/*
 * Text
 */
static bool
read_char(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

static bool
read_hex(const char **s, uint64_t *word)
{
	*word = 0;
	for (int i = 0; i < 16; i++)
	{
		char		c = *(*s)++;

		if (c >= '0' && c <= '9')
			*word = *word << 4 | (uint64_t) (c - '0');
		else if (c >= 'a' && c <= 'f')
			*word = *word << 4 | (uint64_t) (c - 'a' + 10);
		else
			return false;
	}
	return true;
}

/* Digits without leading zero, as a negative number since there is one more of those */
static bool
read_digits(const char **s, int64 *n)
{
	const char *start = *s;

	*n = 0;
	for (; **s >= '0' && **s <= '9'; (*s)++)
	{
		if (pg_mul_s64_overflow(*n, 10, n) || pg_sub_s64_overflow(*n, **s - '0', n))
			return false;
	}
	return *s > start && (*start != '0' || *s == start + 1);
}

static bool
read_nombre(const char **s, int64 *nombre)
{
	int64		n;

	if (!read_digits(s, &n) || n == PG_INT64_MIN)
		return false;
	*nombre = -n;
	return true;
}

static bool
read_euros(const char **s, int64 *centimes)
{
	bool		negative = read_char(s, '-');
	int64		n;

	if (!read_digits(s, &n) || !read_char(s, '.'))
		return false;
	for (int i = 0; i < 2; i++, (*s)++)
	{
		if (**s < '0' || **s > '9' ||
			pg_mul_s64_overflow(n, 10, &n) || pg_sub_s64_overflow(n, **s - '0', &n))
			return false;
	}
	if (negative)
	{
		*centimes = n;
		return n != 0;
	}
	if (n == PG_INT64_MIN)
		return false;
	*centimes = -n;
	return true;
}

/* Reads the cases that b has room for; NULL, or what is wrong */
static const char *
read_cases(const char *s, Bilan *b, uint32 room)
{
	b->ncases = 0;
	while (*s != '}')
	{
		BilanCase  *c = &b->cases[b->ncases];
		const char *fault;

		if ((b->ncases & BILAN_INTERRUPT_MASK) == BILAN_INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		if (b->ncases == room ||
			(b->ncases > 0 && !read_char(&s, ',')) ||
			!read_hex(&s, &c->profil.mots[0]) || !read_hex(&s, &c->profil.mots[1]) ||
			!read_char(&s, '=') || !read_nombre(&s, &c->nombre) ||
			!read_char(&s, '/') || !read_euros(&s, &c->centimes))
			return "Expected 1:{profil=nombre/montant,...} with 32 digits a profil and two decimals.";
		fault = case_fault(c, b->ncases > 0 ? c - 1 : NULL);
		if (fault != NULL)
			return fault;
		b->ncases++;
	}
	return s[1] == '\0' ? NULL : "Nothing may follow the closing brace.";
}

Datum
bilan_in(PG_FUNCTION_ARGS)
{
	char	   *str = PG_GETARG_CSTRING(0);
	size_t		len = strlen(str);
	uint32		room = (uint32) Min(len / TEXT_CASE_MIN + 1, PG_UINT32_MAX);
	const char *fault = "Expected version 1, written 1:{...}.";
	Bilan	   *b = NULL;

	if (strncmp(str, TEXT_PREFIX, strlen(TEXT_PREFIX)) == 0)
	{
		b = bilan_alloc(room);
		fault = read_cases(str + strlen(TEXT_PREFIX), b, room);
	}
	if (fault != NULL)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", "bilan"),
				 errdetail_internal("%s", fault)));
	SET_VARSIZE(b, BILAN_SIZE(b->ncases));
	PG_RETURN_BILAN_P(b);
}

Datum
bilan_out(PG_FUNCTION_ARGS)
{
	Bilan	   *b = bilan_canonical(PG_GETARG_BILAN_P(0));
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoString(&buf, TEXT_PREFIX);
	for (uint32 i = 0; i < b->ncases; i++)
	{
		const BilanCase *c = &b->cases[i];
		uint64		cents = c->centimes < 0 ? 0 - (uint64) c->centimes : (uint64) c->centimes;

		if ((i & BILAN_INTERRUPT_MASK) == BILAN_INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		appendStringInfo(&buf, "%s%016llx%016llx=%lld/%s%llu.%02d", i > 0 ? "," : "",
						 (unsigned long long) c->profil.mots[0],
						 (unsigned long long) c->profil.mots[1], (long long) c->nombre,
						 c->centimes < 0 ? "-" : "", (unsigned long long) (cents / 100),
						 (int) (cents % 100));
	}
	appendStringInfoChar(&buf, '}');
	PG_RETURN_CSTRING(buf.data);
}

/*
 * Binary
 */
static _Noreturn void
bad_binary(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid binary representation of type %s", "bilan"),
			 errdetail_internal("%s", detail)));
}

Datum
bilan_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	uint16		version = (uint16) pq_getmsgint(buf, 2);
	uint32		ncases;
	Bilan	   *b;

	if (version != BILAN_VERSION)
		bad_binary("The version is unknown.");
	ncases = (uint32) pq_getmsgint(buf, 4);
	if ((uint64) (buf->len - buf->cursor) != (uint64) ncases * BINARY_CASE_SIZE)
		bad_binary("The number of cases does not fit the length.");
	b = bilan_alloc(ncases);
	for (uint32 i = 0; i < ncases; i++)
	{
		BilanCase  *c = &b->cases[i];
		const char *fault;

		if ((i & BILAN_INTERRUPT_MASK) == BILAN_INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		c->profil.mots[0] = (uint64_t) pq_getmsgint64(buf);
		c->profil.mots[1] = (uint64_t) pq_getmsgint64(buf);
		c->nombre = pq_getmsgint64(buf);
		c->centimes = pq_getmsgint64(buf);
		fault = case_fault(c, i > 0 ? c - 1 : NULL);
		if (fault != NULL)
			bad_binary(fault);
	}
	PG_RETURN_BILAN_P(b);
}

Datum
bilan_send(PG_FUNCTION_ARGS)
{
	Bilan	   *b = bilan_canonical(PG_GETARG_BILAN_P(0));
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint16(&buf, BILAN_VERSION);
	pq_sendint32(&buf, b->ncases);
	for (uint32 i = 0; i < b->ncases; i++)
	{
		const BilanCase *c = &b->cases[i];

		if ((i & BILAN_INTERRUPT_MASK) == BILAN_INTERRUPT_MASK)
			CHECK_FOR_INTERRUPTS();
		pq_sendint64(&buf, c->profil.mots[0]);
		pq_sendint64(&buf, c->profil.mots[1]);
		pq_sendint64(&buf, (uint64) c->nombre);
		pq_sendint64(&buf, (uint64) c->centimes);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}
