/*
 * format_fichier.c
 *	  What a file is, told by its first bytes: signatures first, then whether
 *	  it is text, then the first character that is no space.
 */
#include "format_fichier.h"

/* Nothing but UTF-8's mark and spaces within this much is an empty file */
#define LOOKED_AT 4096

typedef struct Signature
{
	Slice		bytes;
	const char *name;
} Signature;

/* UTF-16 comes last: its mark is the shortest */
static const Signature signatures[] = {
	{SLICE_LITERAL("\x1F\x8B"), "gzip"},
	{SLICE_LITERAL("PK\x03\x04"), "zip"},
	{SLICE_LITERAL("PK\x05\x06"), "zip"},
	{SLICE_LITERAL("PK\x07\x08"), "zip"},
	{SLICE_LITERAL("\x28\xB5\x2F\xFD"), "zstd"},
	{SLICE_LITERAL("\xFD" "7zXZ\x00"), "xz"},
	{SLICE_LITERAL("7z\xBC\xAF\x27\x1C"), "7z"},
	{SLICE_LITERAL("PAR1"), "parquet"},
	{SLICE_LITERAL("%PDF-"), "pdf"},
	{SLICE_LITERAL("\xFF\xFE"), "utf-16"},
	{SLICE_LITERAL("\xFE\xFF"), "utf-16"},
};

static bool
starts_with(Slice text, Slice prefix)
{
	return text.len >= prefix.len && memcmp(text.data, prefix.data, prefix.len) == 0;
}

/* prefix is in lower case */
static bool
starts_with_word(Slice text, const char *prefix)
{
	size_t		i = 0;

	for (; prefix[i] != '\0'; i++)
	{
		char		c = i < text.len ? text.data[i] : '\0';

		if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != prefix[i])
			return false;
	}
	return i == text.len || strchr(" \t\r\n>[", text.data[i]) != NULL;
}

static Slice
skip(Slice text, size_t n)
{
	return (Slice) {text.data + n, text.len - n};
}

static Slice
skip_space(Slice text)
{
	size_t		n = 0;

	while (n < text.len && memchr(" \t\r\n", text.data[n], 4) != NULL)
		n++;
	return skip(text, n);
}

/* Behind the next end of a comment or instruction; nothing if there is none */
static Slice
skip_past(Slice text, Slice end)
{
	for (size_t n = 0; n + end.len <= text.len; n++)
		if (memcmp(text.data + n, end.data, end.len) == 0)
			return skip(text, n + end.len);
	return skip(text, text.len);
}

/* A page that an error or a portal's login put in place of the data is no XML of ours */
static const char *
markup_name(Slice text)
{
	for (;;)
	{
		text = skip_space(text);
		if (starts_with(text, SLICE_LITERAL("<?")))
			text = skip_past(text, SLICE_LITERAL("?>"));
		else if (starts_with(text, SLICE_LITERAL("<!--")))
			text = skip_past(text, SLICE_LITERAL("-->"));
		else if (starts_with_word(text, "<!doctype html") || starts_with_word(text, "<html"))
			return "html";
		else
			return "xml";
	}
}

/* bzip2's own signature is three letters: its first block or its end follow */
static bool
is_bzip2(Slice text)
{
	return text.len >= 6 && memcmp(text.data, "BZh", 3) == 0 && text.data[3] >= '1' && text.data[3] <= '9' &&
		(memcmp(text.data + 4, "\x31\x41", 2) == 0 || memcmp(text.data + 4, "\x17\x72", 2) == 0);
}

/* Without a mark: a zero beside the character that any of our formats begins with */
static bool
is_utf16(Slice text)
{
	return text.len >= 2 && ((text.data[0] == '\0' && (unsigned char) text.data[1] >= ' ' && (unsigned char) text.data[1] < 0x7F) ||
							 (text.data[1] == '\0' && (unsigned char) text.data[0] >= ' ' && (unsigned char) text.data[0] < 0x7F));
}

/* Stray control characters are met in real text; zeros and many of the others are not */
static bool
is_text(Slice text)
{
	size_t		controls = 0;

	for (size_t i = 0; i < text.len; i++)
	{
		unsigned char c = text.data[i];

		if (c == 0)
			return false;
		if (c < ' ' && strchr("\t\r\n\f\v", c) == NULL)
			controls++;
	}
	return controls * 20 <= text.len;
}

const char *
format_fichier_name(Slice debut)
{
	Slice		text = debut;

	if (text.len > LOOKED_AT)
		text.len = LOOKED_AT;
	for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++)
		if (starts_with(text, signatures[i].bytes))
			return signatures[i].name;
	if (is_bzip2(text))
		return "bzip2";
	if (is_utf16(text))
		return "utf-16";
	if (starts_with(text, SLICE_LITERAL("\xEF\xBB\xBF")))
		text = skip(text, 3);
	text = skip_space(text);
	if (text.len == 0)
		return "vide";
	if (text.data[0] == '{' || text.data[0] == '[')
		return "json";
	if (text.data[0] == '<')
		return markup_name(text);
	return is_text(text) ? "csv" : "binaire";
}
