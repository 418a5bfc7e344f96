/*
 * record_keep.c
 *	  The text of a record that is set aside, as it may be kept.
 *
 * The text may be anything, so nothing is made of its structure: wherever a
 * name of personal data is followed by what may be its value, that is blanked,
 * and so is every e-mail address. Where the end of such a value is in doubt,
 * more is blanked rather than less. Each step looks no further than the next
 * sign of its kind, so that time is linear in the length of the text.
 */
#include "record_personal.h"
#include "record_value.h"
#include "utf8.h"

/* Quotes that may close strings around a string */
#define OUTER_QUOTES_MAX 3

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

static void
put_text(Output *out, const char *text, const char *end)
{
	while (text < end && !out->full)
		text += put_character(out, text, (size_t) (end - text));
}

/* ---- steps over the text ---- */

static const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end)
	{
		Unit		unit = unit_at(p, end);

		if (!unit_is_blank(unit))
			break;
		p += unit.len;
	}
	return p;
}

/* Behind the quote at p; p itself if there is none */
static const char *
skip_quote(const char *p, const char *end)
{
	Unit		unit;

	if (p == end)
		return p;
	unit = unit_at(p, end);
	return unit_is_quote(unit) ? p + unit.len : p;
}

static bool
is_one_of(const char *p, const char *end, const char *signs)
{
	return p < end && *p != '\0' && strchr(signs, *p) != NULL;
}

/* Behind the @ at p, however it is written, or NULL */
static const char *
skip_at(const char *p, const char *end)
{
	size_t		left = (size_t) (end - p);
	Unit		unit;

	if (left >= 3 && memcmp(p, "%40", 3) == 0)
		return p + 3;
	if (left >= 5 && memcmp(p, "&#64;", 5) == 0)
		return p + 5;
	if (left == 0)
		return NULL;
	unit = unit_at(p, end);
	return unit.code == '@' ? p + unit.len : NULL;
}

/* Behind the word at p; %40 is no part of it unless it begins it */
static const char *
word_stop(const char *p, const char *end)
{
	const char *start = p;

	while (p < end)
	{
		Unit		unit = unit_at(p, end);

		if (!unit_is_word(unit) || (p > start && unit.code == '%' && skip_at(p, end) != NULL))
			break;
		p += unit.len;
	}
	return p;
}

/* p: behind a word. If it is the beginning of an e-mail address, behind that; else NULL. */
static const char *
address_stop(const char *p, const char *end)
{
	const char *at = skip_at(p, end);
	const char *stop = NULL;

	while (at != NULL)
	{
		const char *domain = word_stop(at, end);

		if (domain == at && at < end)
			break;
		stop = domain;
		at = skip_at(domain, end);
	}
	return stop;
}

/* ---- where a value ends ---- */

/* Does a name with its colon stand at p? A text that ends before the colon does not say. */
static bool
member_follows(const char *p, const char *end)
{
	p = skip_quote(skip_blanks(p, end), end);
	while (p < end)
	{
		Unit		unit = unit_at(p, end);

		if (!unit_is_word(unit) && !unit_is_blank(unit))
			break;
		p += unit.len;
	}
	p = skip_blanks(skip_quote(p, end), end);
	return is_one_of(p, end, ":=");
}

/* Is what stands at p what follows a member of an object? */
static bool
member_ended(const char *p, const char *end)
{
	if (member_follows(p, end))
		return true;
	for (int i = 0; i < OUTER_QUOTES_MAX; i++)
		p = skip_quote(p, end);
	p = skip_blanks(p, end);
	if (is_one_of(p, end, ","))
	{
		p = skip_blanks(p + 1, end);
		if (member_follows(p, end))
			return true;
	}
	return p == end || is_one_of(p, end, "}]");
}

/* The same for a string somewhere inside a value that is blanked as a whole */
static bool
inner_ended(const char *p, const char *end)
{
	p = skip_blanks(p, end);
	return p == end || is_one_of(p, end, ",:}]");
}

/* Behind the string whose opening quote is at p */
static const char *
string_stop(const char *p, const char *end, bool (*ended) (const char *, const char *))
{
	Unit		open = unit_at(p, end);

	p += open.len;
	while (p < end)
	{
		Unit		unit;

		if (open.slashes == 0 && *p == '\\')
		{
			p += end - p >= 2 ? 2 : 1;
			continue;
		}
		unit = unit_at(p, end);
		p += unit.len;
		if (unit.code == open.code && unit.slashes <= open.slashes && ended(p, end))
			return p;
	}
	return end;
}

/* Behind the object or array at p */
static const char *
bracket_stop(const char *p, const char *end)
{
	size_t		depth = 0;

	while (p < end)
	{
		Unit		unit = unit_at(p, end);

		if (unit_is_quote(unit))
		{
			p = string_stop(p, end, inner_ended);
			continue;
		}
		p += unit.len;
		if (unit.code == '{' || unit.code == '[')
			depth++;
		else if ((unit.code == '}' || unit.code == ']') && --depth == 0)
			return p;
	}
	return end;
}

/* Behind a value without quotes: up to the next member or to what closes the object or string */
static const char *
bare_stop(const char *p, const char *end)
{
	size_t		depth = 0;

	while (p < end)
	{
		Unit		unit = unit_at(p, end);

		if (unit.code == '{' || unit.code == '[')
			depth++;
		else if (unit.code == '}' || unit.code == ']')
		{
			if (depth == 0)
				return p;
			depth--;
		}
		else if (depth == 0 &&
				 ((unit.code == ',' && member_ended(p, end)) ||
				  (unit_is_quote(unit) && member_ended(p + unit.len, end))))
			return p;
		p += unit.len;
	}
	return end;
}

static const char *
value_stop(const char *p, const char *end)
{
	if (p == end)
		return end;
	if (unit_is_quote(unit_at(p, end)))
		return string_stop(p, end, member_ended);
	return is_one_of(p, end, "{[") ? bracket_stop(p, end) : bare_stop(p, end);
}

/* ---- names ---- */

typedef struct Behind
{
	const char *value;			/* where it begins */
	bool		closed;			/* a quote closes the name */
	bool		sign;			/* a colon or an equals sign is between them */
	bool		blank;
} Behind;

static Behind
behind_name(const char *p, const char *end)
{
	Behind		behind = {skip_quote(p, end), false, false, false};

	behind.closed = behind.value > p;
	while (behind.value < end)
	{
		Unit		unit = unit_at(behind.value, end);

		if (unit.code == ':' || unit.code == '=' || (unit.code == '>' && behind.sign))
			behind.sign = true;
		else if (unit_is_blank(unit))
			behind.blank = true;
		else
			break;
		behind.value += unit.len;
	}
	return behind;
}

static bool
has_value(Behind behind, const char *end)
{
	return behind.value < end && !is_one_of(behind.value, end, ",}]");
}

/* name: behind an opening quote. Where the value of a personal name begins, or NULL. */
static const char *
quoted_value(const char *name, const char *end)
{
	const char *close = name;
	bool		words = true;
	Behind		behind;

	while (close < end)
	{
		Unit		unit = unit_at(close, end);

		if (unit_is_quote(unit))
			break;
		words &= unit_is_word(unit);
		close += unit.len;
	}
	if (close == end)
		return NULL;
	behind = behind_name(close, end);
	/* without a colon, l'agent d'accueil must not pass for a name */
	if (!behind.sign && (!words || !has_value(behind, end)))
		return NULL;
	return name_is_personal(name, close) ? behind.value : NULL;
}

/* The same for a name without quotes, or one that is the last word of a text */
static const char *
bare_value(const char *name, const char *close, const char *end)
{
	Behind		behind = behind_name(close, end);

	if (!behind.sign && (!has_value(behind, end) || !(behind.closed || behind.blank)))
		return NULL;
	if (!name_is_personal(name, close))
		return NULL;
	if (behind.sign || behind.closed)
		return behind.value;
	/* a quote opens a value, or closes the text that the name ends */
	if (skip_quote(behind.value, end) > behind.value)
		return inner_ended(skip_quote(behind.value, end), end) ? NULL : behind.value;
	if (name_is_distinct(name, close))
		return behind.value;
	/* prose speaks of agents and telephones too, but not with a number behind */
	if (is_one_of(behind.value, end, "0123456789+") && name_is_telephone(name, close))
		return behind.value;
	return NULL;
}

Slice
record_text_keepable(const CoreMemory *memory, const char *text, size_t len, size_t max)
{
	const char *end = text + len;
	size_t		room = (len < SIZE_MAX / 4 && len * 4 < max) ? len * 4 : max;
	Output		out = {memory->alloc(memory->context, room + 1), 0, room, false};

	while (text < end && !out.full)
	{
		Unit		unit = unit_at(text, end);
		const char *next = text + unit.len;
		const char *value = NULL;

		if (unit_is_quote(unit))
			value = quoted_value(next, end);
		else if (unit_is_word(unit))
		{
			const char *stop;

			next = word_stop(text, end);
			stop = address_stop(next, end);
			if (stop != NULL)
			{
				put(&out, "***", 3);
				text = stop;
				continue;
			}
			value = bare_value(text, next, end);
		}
		if (value != NULL)
		{
			put_text(&out, text, value);
			put(&out, "null", 4);
			next = value_stop(value, end);
		}
		else
			put_text(&out, text, next);
		text = next;
	}
	return (Slice) {out.data, out.len};
}
