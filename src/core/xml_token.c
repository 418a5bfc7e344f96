/*
 * xml_token.c
 *	  The signs of an XML text. What is found does not depend on how much of
 *	  the document is at hand, only on whether enough is.
 */
#include "xml_token.h"

enum
{
	END_COMMENT, END_CDATA, END_INSTRUCTION
};

static XmlToken
token(XmlTokenKind kind, const char *stop)
{
	return (XmlToken) {kind, stop, SLICE_NONE};
}

/* What begins at p has no end within reach */
static XmlToken
unclosed(const XmlWalk *walk, const char *p)
{
	bool		decided = walk->last || walk->end - p >= XML_TOKEN_MAX;

	return token(decided ? XML_TOKEN_TEXT : XML_TOKEN_CUT, p + 1);
}

/* Does the text at p begin with word, in any case? cut: it may, with more bytes */
static bool
begins(const XmlWalk *walk, const char *p, const char *word, bool *cut)
{
	for (; *word != '\0'; word++, p++)
	{
		char		c;

		if (p == walk->end)
		{
			*cut = true;
			return false;
		}
		c = *p;
		if (c >= 'a' && c <= 'z')
			c = (char) (c - 'a' + 'A');
		if (c != *word)
			return false;
	}
	return true;
}

/* The sign at p, which ends with the first mark behind from */
static XmlToken
marked(XmlWalk *walk, const char *p, size_t opening, int which, XmlTokenKind kind)
{
	static const char *const marks[] = {"-->", "]]>", "?>"};
	const char *mark = marks[which];
	size_t		before = strlen(mark) - 1;
	const char *limit = walk->end - p > XML_TOKEN_MAX ? p + XML_TOKEN_MAX : walk->end;
	const char *from = p + opening + before;
	const char *found;

	if (walk->searched[which] != NULL && walk->searched[which] > from)
		from = walk->searched[which];
	while (from < limit && (found = memchr(from, '>', (size_t) (limit - from))) != NULL)
	{
		if (memcmp(found - before, mark, before) == 0)
			return token(kind, found + 1);
		from = found + 1;
	}
	if (walk->searched[which] == NULL || walk->searched[which] < limit)
		walk->searched[which] = limit;
	return unclosed(walk, p);
}

static XmlToken
declaration(XmlWalk *walk, const char *p)
{
	bool		cut = false;

	if (begins(walk, p, "<!--", &cut))
		return marked(walk, p, 4, END_COMMENT, XML_TOKEN_OTHER);
	if (begins(walk, p, "<![CDATA[", &cut))
		return marked(walk, p, 9, END_CDATA, XML_TOKEN_OTHER);
	if (begins(walk, p, "<!DOCTYPE", &cut))
		return token(XML_TOKEN_DOCTYPE, p + 9);
	return cut ? unclosed(walk, p) : token(XML_TOKEN_TEXT, p + 1);
}

static bool
is_name_start(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' || c >= 0x80;
}

/* name: behind < or </ */
static XmlToken
tag(const XmlWalk *walk, const char *p, const char *name, XmlTokenKind kind)
{
	const char *limit = walk->end - p > XML_TOKEN_MAX ? p + XML_TOKEN_MAX : walk->end;
	const char *q = name;
	char		quote = '\0';
	XmlToken	result;

	while (q < limit && (unsigned char) *q > ' ' && *q != '>' && *q != '/' && *q != '<')
		q++;
	result.name = (Slice) {name, (size_t) (q - name)};
	for (; q < limit; q++)
	{
		/* even in an attribute it can only begin the next sign */
		if (*q == '<')
			return token(XML_TOKEN_TEXT, q);
		if (quote != '\0')
			quote = (*q == quote) ? '\0' : quote;
		else if (*q == '"' || *q == '\'')
			quote = *q;
		else if (*q == '>')
		{
			result.kind = (kind == XML_TOKEN_START && q[-1] == '/') ? XML_TOKEN_EMPTY : kind;
			result.stop = q + 1;
			return result;
		}
	}
	return unclosed(walk, p);
}

XmlToken
xml_token(XmlWalk *walk, const char *p)
{
	const char *end = walk->end;

	if (*p != '<')
	{
		const char *stop = memchr(p, '<', (size_t) (end - p));

		return token(XML_TOKEN_TEXT, stop ? stop : end);
	}
	if (end - p == 1)
		return unclosed(walk, p);
	if (p[1] == '!')
		return declaration(walk, p);
	if (p[1] == '?')
		return marked(walk, p, 2, END_INSTRUCTION, XML_TOKEN_INSTRUCTION);
	if (p[1] == '/')
	{
		if (end - p == 2)
			return unclosed(walk, p);
		if (is_name_start((unsigned char) p[2]))
			return tag(walk, p, p + 2, XML_TOKEN_END);
	}
	else if (is_name_start((unsigned char) p[1]))
		return tag(walk, p, p + 1, XML_TOKEN_START);
	return token(XML_TOKEN_TEXT, p + 1);
}

Slice
xml_local_name(Slice name)
{
	for (size_t i = name.len; i > 0; i--)
		if (name.data[i - 1] == ':')
			return (Slice) {name.data + i, name.len - i};
	return name;
}
