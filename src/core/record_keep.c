/*
 * record_keep.c
 *	  The text of a record that is set aside, as it may be kept.
 *
 * The text may be anything, so nothing is made of its structure: wherever a
 * quoted name of personal data is followed by a colon, the value behind it is
 * blanked. Strings that hold JSON (with \" for quotes) are read alike.
 */
#include "json_key.h"
#include "record_value.h"
#include "utf8.h"

/* Backslashes before a quote: bounded, so that time stays linear */
#define ESCAPES_MAX 7

typedef struct Output
{
	char	   *data;
	size_t		len;
	size_t		max;
	bool		full;
} Output;

static void
put(Output *out, const char *text, size_t len)
{
	if (out->full || out->len + len > out->max)
	{
		out->full = true;
		return;
	}
	memcpy(out->data + out->len, text, len);
	out->len += len;
}

/* One character, or one byte that is none */
static size_t
put_character(Output *out, const char *text, size_t len)
{
	static const char hex[] = "0123456789ABCDEF";
	unsigned char c = (unsigned char) *text;
	size_t		n = c == 0 ? 0 : utf8_char(text, len);

	if (n == 0)
	{
		const char	escape[4] = {'\\', 'x', hex[c >> 4], hex[c & 15]};

		put(out, escape, sizeof(escape));
		return 1;
	}
	put(out, text, n);
	return n;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static const char *
skip_space(const char *p, const char *end)
{
	while (p < end && is_space(*p))
		p++;
	return p;
}

/* Behind a quote, plain or escaped (JSON inside JSON inside JSON), or NULL */
static const char *
skip_quote(const char *p, const char *end)
{
	for (int i = 0; i < ESCAPES_MAX && p < end && *p == '\\'; i++)
		p++;
	return (p < end && (*p == '"' || *p == '\'')) ? p + 1 : NULL;
}

/*
 * A quoted name and its colon begin at p: where the value begins, if the name
 * is one of personal data; else NULL.
 */
static const char *
personal_value(const char *p, const char *end)
{
	const char *key = skip_quote(p, end);
	const char *close;
	char		folded[JSON_KEY_MAX];

	if (key == NULL)
		return NULL;
	for (close = key; close < end && *close != '"' && *close != '\''; close++)
		if (close - key >= JSON_KEY_MAX)
			return NULL;
	if (close == end)
		return NULL;
	json_key_fold(key, (size_t) (close - key), folded);
	if (!key_is_personal(folded))
		return NULL;
	p = skip_space(close + 1, end);
	return (p < end && *p == ':') ? skip_space(p + 1, end) : NULL;
}

/* Is what follows a quote what follows a string? */
static bool
closes_string(const char *p, const char *end)
{
	p = skip_space(p, end);
	for (int i = 0; i < ESCAPES_MAX && p < end && *p == '\\'; i++)
		p++;
	return p == end || strchr(",}]\"'", *p) != NULL;
}

/* Behind the value at p: a string, an object or array, a number or a word */
static const char *
value_stop(const char *p, const char *end)
{
	const char *inside = skip_quote(p, end);
	int			depth = 0;

	if (inside != NULL)
	{
		char		quote = inside[-1];
		bool		escaped = (*p == '\\');

		for (p = inside; p < end; p++)
		{
			if (*p == '\\' && !escaped)
			{
				p++;
				continue;
			}
			if (*p == quote && closes_string(p + 1, end))
				return p + 1;
		}
		return end;
	}
	for (; p < end; p++)
	{
		if (*p == '{' || *p == '[')
			depth++;
		else if (*p == '}' || *p == ']')
		{
			if (depth == 0)
				return p;
			if (--depth == 0)
				return p + 1;
		}
		else if (*p == ',' && depth == 0)
			return p;
	}
	return end;
}

Slice
record_text_keepable(const CoreMemory *memory, const char *text, size_t len, size_t max)
{
	const char *end = text + len;
	size_t		room = (len < SIZE_MAX / 4 && len * 4 < max) ? len * 4 : max;
	Output		out = {memory->alloc(memory->context, room + 1), 0, room, false};

	while (text < end && !out.full)
	{
		const char *value = NULL;

		if (*text == '"' || *text == '\'' || *text == '\\')
			value = personal_value(text, end);
		if (value != NULL)
		{
			while (text < value)
				text += put_character(&out, text, (size_t) (value - text));
			put(&out, "null", 4);
			text = value_stop(value, end);
		}
		else
			text += put_character(&out, text, (size_t) (end - text));
	}
	return (Slice) {out.data, out.len};
}
