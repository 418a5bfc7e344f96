/*
 * utf8.c
 *	  Strict UTF-8 (Unicode standard, table 3-7).
 */
#include "utf8.h"

static bool
is_tail(unsigned char c)
{
	return (c & 0xC0) == 0x80;
}

size_t
utf8_char(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *) text;
	unsigned char lead = s[0];
	unsigned char low = 0x80;
	unsigned char high = 0xBF;

	if (lead < 0x80)
		return 1;
	if (lead >= 0xC2 && lead <= 0xDF)
		return (len >= 2 && is_tail(s[1])) ? 2 : 0;

	/* the second byte is where overlong forms, surrogates and excess show */
	if (lead == 0xE0)
		low = 0xA0;
	else if (lead == 0xED)
		high = 0x9F;
	else if (lead == 0xF0)
		low = 0x90;
	else if (lead == 0xF4)
		high = 0x8F;

	if (lead >= 0xE0 && lead <= 0xEF)
		return (len >= 3 && s[1] >= low && s[1] <= high && is_tail(s[2])) ? 3 : 0;
	if (lead >= 0xF0 && lead <= 0xF4)
		return (len >= 4 && s[1] >= low && s[1] <= high && is_tail(s[2]) && is_tail(s[3])) ? 4 : 0;
	return 0;
}

size_t
utf8_valid_prefix(const char *text, size_t len)
{
	size_t		i = 0;

	while (i < len)
	{
		size_t		n = utf8_char(text + i, len - i);

		if (n == 0)
			break;
		i += n;
	}
	return i;
}

size_t
utf8_clip(const char *text, size_t len, size_t max)
{
	if (len <= max)
		return len;
	while (max > 0 && is_tail((unsigned char) text[max]))
		max--;
	return max;
}

size_t
utf8_encode(uint32_t code, char out[4])
{
	if ((code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF)
		code = 0xFFFD;
	if (code < 0x80)
	{
		out[0] = (char) code;
		return 1;
	}
	if (code < 0x800)
	{
		out[0] = (char) (0xC0 | (code >> 6));
		out[1] = (char) (0x80 | (code & 0x3F));
		return 2;
	}
	if (code < 0x10000)
	{
		out[0] = (char) (0xE0 | (code >> 12));
		out[1] = (char) (0x80 | ((code >> 6) & 0x3F));
		out[2] = (char) (0x80 | (code & 0x3F));
		return 3;
	}
	out[0] = (char) (0xF0 | (code >> 18));
	out[1] = (char) (0x80 | ((code >> 12) & 0x3F));
	out[2] = (char) (0x80 | ((code >> 6) & 0x3F));
	out[3] = (char) (0x80 | (code & 0x3F));
	return 4;
}
