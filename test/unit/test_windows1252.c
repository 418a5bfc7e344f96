/*
 * test_windows1252.c
 *	  Windows-1252 to UTF-8. What is expected was written by hand from the code
 *	  chart, in UTF-8.
 */
#include "windows1252.h"
#include "core_test.h"

static const char *
decoded(size_t (*decode) (const char *, size_t, char *), const char *text, size_t len)
{
	static char out[WINDOWS1252_GROWTH * 256 + 1];
	size_t		n = decode(text, len, out);

	out[n] = '\0';
	return out;
}

static const char *
mixed(const char *text)
{
	return decoded(windows1252_to_utf8, text, strlen(text));
}

static const char *
all(const char *text)
{
	return decoded(windows1252_all_to_utf8, text, strlen(text));
}

/* Every byte alone: as many characters as bytes, and the longest is within the growth */
static void
test_every_byte(void)
{
	char		bytes[128];
	const char *out;
	size_t		characters = 0;
	size_t		replaced = 0;

	for (int i = 0; i < 128; i++)
		bytes[i] = (char) (128 + i);
	out = decoded(windows1252_all_to_utf8, bytes, sizeof(bytes));
	for (const char *p = out; *p; p++)
	{
		characters += ((unsigned char) *p & 0xC0) != 0x80;
		replaced += strncmp(p, "\xEF\xBF\xBD", 3) == 0;
	}
	check("every byte", characters == 128, "one character for each byte");
	check("undefined bytes", replaced == 5, "81, 8D, 8F, 90 and 9D are none");
	check_text("they are those", all("\x81\x8D\x8F\x90\x9D"), "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
}

int
main(void)
{
	check_text("nothing", mixed(""), "");
	check_text("ASCII", mixed("Marche n. 1 <&>"), "Marche n. 1 <&>");
	check_text("Latin-1", mixed("March\xE9 \xE0 proc\xE9""dure adapt\xE9""e"), "Marché à procédure adaptée");
	check_text("Windows", mixed("l\x92""\x9Cuvre \x96 10 \x80"), "l’œuvre – 10 €");
	check_text("UTF-8 is kept", mixed("Marché à 10 €"), "Marché à 10 €");
	check_text("some of each", mixed("Marché \xE0 l\x92""été"), "Marché à l’été");
	check_text("a character cut short", mixed("fin \xC3"), "fin Ã");
	check_text("an overlong form", mixed("\xC0\xAF"), "À¯");
	check_text("a surrogate", mixed("\xED\xA0\x80"), "í\u00A0€");
	check_text("a tail alone", mixed("\xA9 2024"), "© 2024");
	/* these two bytes are É » and, read as UTF-8, another letter */
	check_text("UTF-8 by chance", mixed("QUALIT\xC9\xBB"), "QUALITɻ");
	check_text("declared", all("QUALIT\xC9\xBB"), "QUALITÉ»");
	test_every_byte();
	return check_end();
}
