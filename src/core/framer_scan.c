/*
 * framer_scan.c
 *	  Ends of values, and what an object is.
 *
 * Unescaped quotes inside strings are met in real files; a plain scanner then
 * takes text for structure until the end of the document. Two facts put it
 * right again, within the record nearly always: after a string only , : } and
 * ] can follow, so anything else means that the quote was a part of the text;
 * and bytes that no JSON token holds mean that we are inside a string. Valid
 * JSON never meets either rule. Line ends play no part: raw ones occur inside
 * strings as well.
 *
 * Brackets in such a text may still have been counted. So the end of a value
 * that met a rule is looked for in another way first: where a brace closes
 * and a record opens behind it, as its keys say.
 *
 * Nesting is counted, not stacked: depth costs nothing.
 */
#include "framer_scan.h"
#include "json_key.h"
#include "swar.h"

enum
{
	CLASS_OTHER,				/* stands in no JSON token */
	CLASS_TOKEN,				/* of a number or a literal */
	CLASS_SPACE,
	CLASS_QUOTE,
	CLASS_OPEN,
	CLASS_CLOSE,
	CLASS_COMMA,
	CLASS_COLON
};

#define T CLASS_TOKEN
static const unsigned char byte_class[256] = {
	['\t'] = CLASS_SPACE,['\n'] = CLASS_SPACE,['\r'] = CLASS_SPACE,[' '] = CLASS_SPACE,
	['"'] = CLASS_QUOTE,['{'] = CLASS_OPEN,['['] = CLASS_OPEN,['}'] = CLASS_CLOSE,[']'] = CLASS_CLOSE,
	[','] = CLASS_COMMA,[':'] = CLASS_COLON,
	['0'] = T,['1'] = T,['2'] = T,['3'] = T,['4'] = T,['5'] = T,['6'] = T,['7'] = T,['8'] = T,['9'] = T,
	['+'] = T,['-'] = T,['.'] = T,['E'] = T,
	/* true false null NaN Infinity, and True False */
	['a'] = T,['e'] = T,['f'] = T,['i'] = T,['l'] = T,['n'] = T,['r'] = T,['s'] = T,['t'] = T,['u'] = T,
	['y'] = T,['F'] = T,['I'] = T,['N'] = T,['T'] = T,
};
#undef T

/* First quote or backslash */
static const char *
string_stop(const char *p, const char *end)
{
	while (end - p >= 8)
	{
		uint64_t	word = swar_load(p);

		if (swar_byte(word, '"') | swar_byte(word, '\\'))
			break;
		p += 8;
	}
	while (p < end && *p != '"' && *p != '\\')
		p++;
	return p;
}

/* Indented files are half blanks */
const char *
scan_space(const char *p, const char *end)
{
	while (end - p >= 8 && swar_load(p) == SWAR_ONES * ' ')
		p += 8;
	while (p < end && byte_class[(unsigned char) *p] == CLASS_SPACE)
		p++;
	return p;
}

/*
 * One byte between strings. True if the value ends here: *p is then its end.
 */
static inline bool
scan_between(Scan *scan, const char **p)
{
	unsigned	class = byte_class[(unsigned char) **p];
	bool		after = (scan->lex == LEX_AFTER);

	switch (class)
	{
		case CLASS_COMMA:
			if (scan->kind == VALUE_SCALAR && scan->depth == 0)
				return true;
			scan->lex = LEX_OUT;
			break;
		case CLASS_COLON:
			scan->lex = LEX_OUT;
			break;
		case CLASS_CLOSE:
			if (scan->depth == 0)
				return true;
			scan->lex = LEX_OUT;
			if (--scan->depth == 0 && scan->kind == VALUE_NESTED)
			{
				(*p)++;
				return true;
			}
			break;
		case CLASS_QUOTE:
			/* two quotes in a row: the first was text, this one may close */
			scan->broken |= after;
			scan->lex = after ? LEX_AFTER : LEX_STRING;
			break;
		case CLASS_OPEN:
			scan->broken |= after;
			if (after)
				scan->lex = LEX_STRING;
			else
				scan->depth++;
			break;
		case CLASS_TOKEN:
			scan->broken |= after;
			if (after)
				scan->lex = LEX_STRING;
			break;
		case CLASS_OTHER:
			/* a backslash keeps its meaning in the string we are in */
			scan->broken = true;
			scan->lex = (**p == '\\') ? LEX_ESCAPE : LEX_STRING;
			break;
		default:
			break;
	}
	(*p)++;
	return false;
}

const char *
scan_value(Scan *scan, const char *p, const char *end)
{
	if (scan->kind == VALUE_LINE)
		return memchr(p, '\n', (size_t) (end - p));

	while (p < end)
	{
		switch (scan->lex)
		{
			case LEX_STRING:
				p = string_stop(p, end);
				if (p == end)
					return NULL;
				scan->lex = (*p == '"') ? LEX_AFTER : LEX_ESCAPE;
				p++;
				break;
			case LEX_ESCAPE:
				scan->lex = LEX_STRING;
				p++;
				break;
			default:
				if (*p == ' ' || *p == '\n')
					p = scan_space(p, end);
				else if (scan_between(scan, &p))
					return p;
				break;
		}
	}
	return NULL;
}

bool
scan_is_space(char c)
{
	return byte_class[(unsigned char) c] == CLASS_SPACE;
}

unsigned
scan_kind(char first)
{
	return byte_class[(unsigned char) first] == CLASS_OPEN ? VALUE_NESTED : VALUE_SCALAR;
}

const char *
scan_key(const char *p, const char *end)
{
	for (p++; (p = string_stop(p, end)) < end; p += 2)
	{
		if (*p == '"')
			return p + 1;
		if (p + 1 == end)
			break;
	}
	return NULL;
}

static bool
has_prefix(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool
scan_is_list_key(const char *folded)
{
	return strcmp(folded, "marche") == 0 || strcmp(folded, "contratconcession") == 0;
}

/* Some two of these make a record */
static bool
is_common_key(const char *folded)
{
	static const char *const common[] = {
		"id", "objet", "nature", "procedure", "codecpv", "montant", "valeurglobale",
		"datenotification", "datesignature", "titulaires", "concessionnaires"
	};

	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (strcmp(folded, common[i]) == 0)
			return true;
	return false;
}

Decision
scan_classify(const char *p, const char *end, bool root)
{
	bool		clipped = (end - p >= FRAMER_RECORD_MAX);
	Decision	cut = clipped ? DECIDE_WRAPPER : DECIDE_MORE;
	int			common = 0;

	if (clipped)
		end = p + FRAMER_RECORD_MAX;
	p++;
	for (;;)
	{
		char		folded[JSON_KEY_MAX];
		const char *key;
		Scan		scan = {.lex = LEX_OUT};

		while (p < end && (*p == ',' || byte_class[(unsigned char) *p] == CLASS_SPACE))
			p++;
		if (p == end)
			return cut;
		if (*p != '"')
			return DECIDE_NEITHER;
		key = p + 1;
		p = scan_key(p, end);
		if (p == NULL)
			return cut;
		json_key_fold(key, (size_t) (p - 1 - key), folded);
		p = scan_space(p, end);
		if (p == end)
			return cut;
		if (*p != ':')
			return DECIDE_NEITHER;

		if (scan_is_list_key(folded) || (root && strcmp(folded, "marches") == 0))
			return DECIDE_WRAPPER;
		if (has_prefix(folded, "acheteur") || has_prefix(folded, "autoriteconcedante") ||
			(is_common_key(folded) && ++common == 2))
			return DECIDE_RECORD;

		p = scan_space(p + 1, end);
		if (p == end)
			return cut;
		scan.kind = scan_kind(*p);
		p = scan_value(&scan, p, end);
		if (p == NULL)
			return cut;
	}
}

/* What no object inside a record has */
static bool
is_record_key(const char *folded)
{
	return has_prefix(folded, "acheteur") || has_prefix(folded, "autoriteconcedante") ||
		strcmp(folded, "objet") == 0 || strcmp(folded, "nature") == 0 ||
		strcmp(folded, "procedure") == 0 || strcmp(folded, "codecpv") == 0;
}

/* Does a record begin at p, as far as can be seen? */
static bool
is_record(const char *p, const char *end)
{
	for (p++;;)
	{
		char		folded[JSON_KEY_MAX];
		const char *key;
		Scan		scan = {.lex = LEX_OUT};

		while (p < end && (*p == ',' || byte_class[(unsigned char) *p] == CLASS_SPACE))
			p++;
		if (p == end || *p != '"')
			return false;
		key = p + 1;
		p = scan_key(p, end);
		if (p == NULL)
			return false;
		json_key_fold(key, (size_t) (p - 1 - key), folded);
		p = scan_space(p, end);
		if (p == end || *p != ':')
			return false;
		if (is_record_key(folded))
			return true;
		p = scan_space(p + 1, end);
		if (p == end)
			return false;
		scan.kind = scan_kind(*p);
		p = scan_value(&scan, p, end);
		if (p == NULL)
			return false;
	}
}

const char *
scan_broken_end(const char *p, const char *end)
{
	for (int objects = 0; objects < BROKEN_OBJECTS_MAX;)
	{
		const char *next;

		p = memchr(p, '}', (size_t) (end - p));
		if (p == NULL)
			return NULL;
		next = scan_space(++p, end);
		if (next < end && *next == ',')
			next = scan_space(next + 1, end);
		if (next == end || *next != '{')
			continue;
		objects++;
		if (is_record(next, end - next > BROKEN_OBJECT_SIZE ? next + BROKEN_OBJECT_SIZE : end))
			return p;
	}
	return NULL;
}
