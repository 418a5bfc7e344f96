/*
 * json_check.c
 *	  A strict check of JSON texts. Iterative: open brackets are bits.
 */
#include "json_check.h"
#include "swar.h"
#include "utf8.h"

typedef struct Check
{
	const char *text;
	const char *end;
	const char *at;
	unsigned	tolerances;
	JsonFault  *fault;
	int			depth;
	int			depth_max;
	uint64_t	objects[JSON_CHECK_DEPTH_MAX / 64];	/* bit n: level n is an object */
} Check;

static bool
fail(Check *check, JsonFaultCode code, const char *at, const char *motif)
{
	check->fault->code = code;
	check->fault->octet = (size_t) (at - check->text);
	check->fault->motif = motif;
	return false;
}

static bool
fail_end(Check *check, const char *motif)
{
	return fail(check, JSON_FAULT_END, check->end, motif);
}

static inline bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Stands for itself inside a string and needs no look at its neighbours */
static inline bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static inline void
skip_space(Check *check)
{
	const char *p = check->at;

	while (check->end - p >= 8 && swar_load(p) == SWAR_ONES * ' ')
		p += 8;
	while (p < check->end && is_space(*p))
		p++;
	check->at = p;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

size_t
json_escape(const char *text, size_t len, uint32_t *code)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char meanings[] = "\"\\/\b\f\n\r\t";
	const char *letter;

	if (len < 2 || text[1] == '\0')
		return 0;
	letter = strchr(letters, text[1]);
	if (letter != NULL)
	{
		*code = (unsigned char) meanings[letter - letters];
		return 2;
	}
	if (text[1] != 'u' || len < 6)
		return 0;
	*code = 0;
	for (int i = 2; i < 6; i++)
	{
		int			digit = hex_digit(text[i]);

		if (digit < 0)
			return 0;
		*code = *code * 16 + (uint32_t) digit;
	}
	return 6;
}

size_t
json_nonfinite(const char *text, size_t len)
{
	static const char *const words[] = {"NaN", "nan", "Infinity", "-Infinity", "-NaN"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
	{
		size_t		n = strlen(words[i]);

		if (len >= n && memcmp(text, words[i], n) == 0)
			return n;
	}
	return 0;
}

/* One byte of a string that is not plain ASCII text; at is left behind it */
static bool
check_special(Check *check)
{
	const char *p = check->at;
	size_t		left = (size_t) (check->end - p);
	unsigned char c = (unsigned char) *p;
	size_t		n;

	if (c >= 0x80)
	{
		n = utf8_char(p, left);
		if (n == 0 && (check->tolerances & JSON_ALLOW_BYTES) == 0)
			return fail(check, JSON_FAULT_UTF8, p, "invalid UTF-8");
		if (n == 0)
			n = 1;
	}
	else if (c == '\\')
	{
		uint32_t	code;

		n = json_escape(p, left, &code);
		if (n > 0 && code == 0)
			return fail(check, JSON_FAULT_NUL, p, "escaped NUL character");
		if (n == 0)
		{
			if (left == 1)
				return fail_end(check, "unterminated string");
			if ((check->tolerances & JSON_ALLOW_ESCAPE) == 0)
				return fail(check, JSON_FAULT_ESCAPE, p, "invalid escape");
			n = 1;
		}
	}
	else if (c == 0)
		return fail(check, JSON_FAULT_NUL, p, "NUL byte");
	else
	{
		if ((check->tolerances & JSON_ALLOW_CONTROL) == 0)
			return fail(check, JSON_FAULT_CONTROL, p, "control character in a string");
		n = 1;
	}
	check->at = p + n;
	return true;
}

/* at: the opening quote */
static bool
check_string(Check *check)
{
	const char *p = check->at + 1;

	for (;;)
	{
		while (check->end - p >= 8)
		{
			uint64_t	word = swar_load(p);

			if ((word & SWAR_HIGHS) | swar_byte(word, '"') | swar_byte(word, '\\') |
				swar_below(word, 0x20))
				break;
			p += 8;
		}
		while (p < check->end && is_plain((unsigned char) *p))
			p++;
		if (p == check->end)
			return fail_end(check, "unterminated string");
		if (*p == '"')
		{
			check->at = p + 1;
			return true;
		}
		check->at = p;
		if (!check_special(check))
			return false;
		p = check->at;
	}
}

static const char *
skip_digits(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

static bool
check_number(Check *check)
{
	const char *p = check->at;
	const char *end = check->end;
	const char *digits;

	if (*p == '-')
		p++;
	digits = p;
	p = skip_digits(p, end);
	if (p == digits || (*digits == '0' && p - digits > 1))
		return fail(check, JSON_FAULT_NUMBER, check->at, "invalid number");
	if (p < end && *p == '.')
	{
		digits = ++p;
		p = skip_digits(p, end);
		if (p == digits)
			return fail(check, JSON_FAULT_NUMBER, check->at, "invalid number");
	}
	if (p < end && (*p == 'e' || *p == 'E'))
	{
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		digits = p;
		p = skip_digits(p, end);
		if (p == digits)
			return fail(check, JSON_FAULT_NUMBER, check->at, "invalid number");
	}
	check->at = p;
	return true;
}

/* A number or a word */
static bool
check_plain(Check *check)
{
	static const char *const words[] = {"true", "false", "null"};
	const char *p = check->at;
	size_t		left = (size_t) (check->end - p);
	size_t		n = 0;

	if (*p >= '0' && *p <= '9')
		return check_number(check);
	if (check->tolerances & JSON_ALLOW_NONFINITE)
		n = json_nonfinite(p, left);
	for (size_t i = 0; n == 0 && i < sizeof(words) / sizeof(words[0]); i++)
		if (left >= strlen(words[i]) && memcmp(p, words[i], strlen(words[i])) == 0)
			n = strlen(words[i]);
	if (n > 0)
	{
		check->at = p + n;
		return true;
	}
	if (*p == '-')
		return check_number(check);
	if (*p == '\0')
		return fail(check, JSON_FAULT_NUL, p, "NUL byte");
	return fail(check, JSON_FAULT_SYNTAX, p, "a value was expected");
}

static bool
in_object(const Check *check)
{
	int			level = check->depth - 1;

	return (check->objects[level >> 6] >> (level & 63)) & 1;
}

static bool
push(Check *check, bool object)
{
	int			level = check->depth;
	uint64_t	bit = UINT64_C(1) << (level & 63);

	if (level == check->depth_max)
		return fail(check, JSON_FAULT_DEPTH, check->at, "nested too deeply");
	if (object)
		check->objects[level >> 6] |= bit;
	else
		check->objects[level >> 6] &= ~bit;
	check->depth++;
	check->at++;
	return true;
}

/* A key and its colon */
static bool
check_key(Check *check)
{
	skip_space(check);
	if (check->at == check->end)
		return fail_end(check, "unterminated object");
	if (*check->at != '"')
		return fail(check, JSON_FAULT_SYNTAX, check->at, "a key was expected");
	if (!check_string(check))
		return false;
	skip_space(check);
	if (check->at == check->end)
		return fail_end(check, "unterminated object");
	if (*check->at != ':')
		return fail(check, JSON_FAULT_SYNTAX, check->at, "a colon was expected");
	check->at++;
	return true;
}

/* Behind a value: brackets that close, then a comma, or the end of it all (*done) */
static bool
check_after(Check *check, bool *done)
{
	for (;;)
	{
		bool		object;
		char		c;

		skip_space(check);
		if (check->depth == 0)
		{
			*done = true;
			if (check->at == check->end)
				return true;
			return fail(check, JSON_FAULT_TRAILING, check->at, "text after the value");
		}
		object = in_object(check);
		if (check->at == check->end)
			return fail_end(check, object ? "unterminated object" : "unterminated array");
		c = *check->at;
		if (c == (object ? '}' : ']'))
		{
			check->depth--;
			check->at++;
			continue;
		}
		if (c != ',')
			return fail(check, c == '\0' ? JSON_FAULT_NUL : JSON_FAULT_SYNTAX, check->at,
						object ? "a comma or a closing brace was expected"
						: "a comma or a closing bracket was expected");
		check->at++;
		return object ? check_key(check) : true;
	}
}

bool
json_check_tolerant(const char *text, size_t len, int depth_max,
					unsigned tolerances, JsonFault *fault)
{
	Check		check = {.text = text, .end = text + len, .at = text,
	.tolerances = tolerances, .fault = fault};
	bool		done = false;

	check.depth_max = depth_max < JSON_CHECK_DEPTH_MAX ? depth_max : JSON_CHECK_DEPTH_MAX;

	while (!done)
	{
		bool		opened = false;

		skip_space(&check);
		if (check.at == check.end)
			return fail_end(&check, "a value was expected");
		if (*check.at == '"')
		{
			if (!check_string(&check))
				return false;
		}
		else if (*check.at == '{' || *check.at == '[')
		{
			bool		object = (*check.at == '{');

			if (!push(&check, object))
				return false;
			skip_space(&check);
			opened = (check.at < check.end && *check.at != (object ? '}' : ']'));
			if (opened && object && !check_key(&check))
				return false;
		}
		else if (!check_plain(&check))
			return false;
		if (!opened && !check_after(&check, &done))
			return false;
	}
	return true;
}
