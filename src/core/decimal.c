/*
 * decimal.c
 *	  Decimal numbers as text.
 */
#include "decimal.h"

/* Longer than any number that can be kept, blanks left out */
#define COMPACT_MAX 64

#define EXPONENT_MAX 9999

/* The parts of a number: digits with the point before digits[point] */
typedef struct Parts
{
	bool		negative;
	char		digits[COMPACT_MAX];
	int			count;
	int			point;
} Parts;

/* Bytes of a blank, or of the euro sign, at text; 0 if there is none */
static size_t
ignored(const char *text, size_t len)
{
	static const char *const runs[] = {" ", "\t", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x82\xAC"};

	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++)
	{
		size_t		n = strlen(runs[i]);

		if (len >= n && memcmp(text, runs[i], n) == 0)
			return n;
	}
	return 0;
}

static bool
compact(Slice text, char out[COMPACT_MAX], int *len)
{
	*len = 0;
	for (size_t i = 0; i < text.len;)
	{
		size_t		n = ignored(text.data + i, text.len - i);

		if (n > 0)
		{
			i += n;
			continue;
		}
		if (*len == COMPACT_MAX - 1)
			return false;
		out[(*len)++] = text.data[i++];
	}
	out[*len] = '\0';
	return true;
}

static int
digit_run(const char *s)
{
	int			n = 0;

	while (s[n] >= '0' && s[n] <= '9')
		n++;
	return n;
}

static bool
read_exponent(const char *s, int *exponent)
{
	bool		negative = (*s == '-');
	int			n;

	if (*s == '-' || *s == '+')
		s++;
	n = digit_run(s);
	if (n == 0 || s[n] != '\0')
		return false;
	*exponent = 0;
	for (int i = 0; i < n && *exponent <= EXPONENT_MAX; i++)
		*exponent = *exponent * 10 + (s[i] - '0');
	if (negative)
		*exponent = -*exponent;
	return true;
}

static bool
read_parts(const char *s, Parts *parts)
{
	int			exponent = 0;
	int			whole;
	int			fraction = 0;

	parts->negative = (*s == '-');
	if (*s == '-' || *s == '+')
		s++;
	whole = digit_run(s);
	memcpy(parts->digits, s, (size_t) whole);
	s += whole;
	if (*s == '.' || *s == ',')
	{
		bool		comma = (*s == ',');

		fraction = digit_run(++s);
		memcpy(parts->digits + whole, s, (size_t) fraction);
		s += fraction;
		/* "1,234" may be thousands; "0,125" can't */
		if (comma && (*s != '\0' || whole == 0 ||
					  ((fraction < 1 || fraction > 2) && !(whole == 1 && parts->digits[0] == '0'))))
			return false;
	}
	parts->count = whole + fraction;
	if (parts->count == 0)
		return false;
	if (*s == 'e' || *s == 'E')
	{
		if (!read_exponent(s + 1, &exponent))
			return false;
	}
	else if (*s != '\0')
		return false;
	parts->point = whole + exponent;
	return true;
}

bool
decimal_read(Slice text, char out[DECIMAL_SIZE], size_t *len)
{
	char		compacted[COMPACT_MAX];
	int			compacted_len;
	Parts		parts;
	int			skip = 0;
	int			whole;
	int			fraction;
	char	   *p = out;

	if (!compact(text, compacted, &compacted_len) || !read_parts(compacted, &parts))
		return false;

	while (skip < parts.count && parts.digits[skip] == '0')
		skip++;
	if (skip == parts.count)
	{
		/* zero, whatever its sign and exponent; its decimals are kept */
		parts.negative = false;
		if (parts.point > 1 || parts.point < 0)
			parts.point = parts.count;
	}
	while (parts.count > 1 && parts.point > 1 && parts.digits[0] == '0')
	{
		parts.count--;
		parts.point--;
		memmove(parts.digits, parts.digits + 1, (size_t) parts.count);
	}

	whole = parts.point > 1 ? parts.point : 1;
	fraction = parts.count > parts.point ? parts.count - parts.point : 0;
	if (whole > DECIMAL_DIGITS_MAX || fraction > DECIMAL_DIGITS_MAX ||
		whole + fraction > DECIMAL_DIGITS_MAX)
		return false;

	if (parts.negative)
		*p++ = '-';
	for (int i = parts.point - whole; i < parts.point; i++)
		*p++ = (i >= 0 && i < parts.count) ? parts.digits[i] : '0';
	if (fraction > 0)
		*p++ = '.';
	for (int i = parts.point; i < parts.count; i++)
		*p++ = i >= 0 ? parts.digits[i] : '0';
	*len = (size_t) (p - out);
	return true;
}

bool
decimal_integer(const char *decimal, size_t len, bool up, int *out)
{
	bool		negative = (len > 0 && decimal[0] == '-');
	bool		fraction = false;
	int64_t		value = 0;
	size_t		i = negative ? 1 : 0;

	for (; i < len && decimal[i] != '.'; i++)
	{
		value = value * 10 + (decimal[i] - '0');
		if (value > INT32_MAX)
			return false;
	}
	for (i++; i < len; i++)
		if (decimal[i] != '0')
			fraction = true;
	if (fraction && !up)
		return false;
	if (fraction && !negative)
		value++;
	if (value > INT32_MAX)
		return false;
	*out = (int) (negative ? -value : value);
	return true;
}
