/*
 * windows1252.c
 *	  Windows-1252 to UTF-8, after the Unicode consortium's CP1252.TXT.
 */
#include "utf8.h"
#include "windows1252.h"

/* What 0x80 to 0x9F stand for; all else is ISO-8859-1, whose codes are Unicode's */
static const uint16_t high_controls[32] = {
	0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
	0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
	0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
	0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178
};

static size_t
decode_byte(char byte, char *out)
{
	unsigned char c = (unsigned char) byte;

	return utf8_encode(c >= 0x80 && c < 0xA0 ? high_controls[c - 0x80] : c, out);
}

size_t
windows1252_all_to_utf8(const char *text, size_t len, char *out)
{
	size_t		n = 0;

	for (size_t i = 0; i < len; i++)
		n += decode_byte(text[i], out + n);
	return n;
}

size_t
windows1252_to_utf8(const char *text, size_t len, char *out)
{
	size_t		n = 0;

	for (size_t i = 0; i < len;)
	{
		size_t		valid = utf8_valid_prefix(text + i, len - i);

		memcpy(out + n, text + i, valid);
		n += valid;
		i += valid;
		if (i < len)
			n += decode_byte(text[i++], out + n);
	}
	return n;
}
