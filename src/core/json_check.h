/*
 * json_check.h
 *	  A strict check of JSON texts (RFC 8259) and of their UTF-8, so that
 *	  nothing depends on what a version of json-c lets through. Beyond the RFC
 *	  it refuses U+0000, written or escaped: a PostgreSQL text can't hold it.
 *	  A lone surrogate escape is accepted: it stands for U+FFFD.
 */
#ifndef SPASER_JSON_CHECK_H
#define SPASER_JSON_CHECK_H

#include "slice.h"

/* Deepest nesting that can be asked for */
#define JSON_CHECK_DEPTH_MAX 512

typedef enum JsonFaultCode
{
	JSON_FAULT_END,				/* the text ends too early */
	JSON_FAULT_SYNTAX,
	JSON_FAULT_NUMBER,
	JSON_FAULT_ESCAPE,
	JSON_FAULT_CONTROL,
	JSON_FAULT_UTF8,
	JSON_FAULT_NUL,
	JSON_FAULT_DEPTH,
	JSON_FAULT_TRAILING			/* something follows the value */
} JsonFaultCode;

typedef struct JsonFault
{
	JsonFaultCode code;
	size_t		octet;			/* where, from 0 */
	const char *motif;			/* English, lower case, no period */
} JsonFault;

/* Deviations that real DECP files hold */
#define JSON_ALLOW_NONFINITE 1	/* NaN, nan, Infinity, -Infinity as values */
#define JSON_ALLOW_CONTROL 2	/* raw control characters inside strings */
#define JSON_ALLOW_ESCAPE 4		/* a backslash that begins no escape, as text */
#define JSON_ALLOW_BYTES 8		/* bytes that are no UTF-8 inside strings, one character each */

extern bool json_check_tolerant(const char *text, size_t len, int depth_max,
								unsigned tolerances, JsonFault *fault);

static inline bool
json_check(const char *text, size_t len, int depth_max, JsonFault *fault)
{
	return json_check_tolerant(text, len, depth_max, 0, fault);
}

/*
 * Bytes of the escape whose backslash is at text (len > 0), or 0 if it is
 * none; *code is the code unit that it stands for.
 */
extern size_t json_escape(const char *text, size_t len, uint32_t *code);

/* Bytes of the NaN or Infinity, with its sign, at text, or 0 */
extern size_t json_nonfinite(const char *text, size_t len);

#endif							/* SPASER_JSON_CHECK_H */
