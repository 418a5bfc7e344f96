/*
 * json_python.c
 *	  Python literals to JSON.
 */
#include "json_python.h"

typedef struct Convert
{
	const char *at;
	const char *end;
	char	   *out;
} Convert;

static void
put(Convert *c, const char *text, size_t len)
{
	memcpy(c->out, text, len);
	c->out += len;
}

static bool
starts(const Convert *c, const char *word)
{
	size_t		len = strlen(word);

	return (size_t) (c->end - c->at) >= len && memcmp(c->at, word, len) == 0;
}

/* at: a backslash inside a string */
static void
convert_escape(Convert *c)
{
	if (starts(c, "\\'"))
	{
		put(c, "'", 1);
		c->at += 2;
	}
	else if (starts(c, "\\x") && c->end - c->at >= 4)
	{
		put(c, "\\u00", 4);
		put(c, c->at + 2, 2);
		c->at += 4;
	}
	else
	{
		size_t		n = c->end - c->at >= 2 ? 2 : 1;

		put(c, c->at, n);
		c->at += n;
	}
}

/* at: the opening quote */
static void
convert_string(Convert *c)
{
	char		quote = *c->at++;

	put(c, "\"", 1);
	while (c->at < c->end && *c->at != quote)
	{
		if (*c->at == '\\')
			convert_escape(c);
		else if (*c->at == '"')
		{
			put(c, "\\\"", 2);
			c->at++;
		}
		else
			put(c, c->at++, 1);
	}
	if (c->at < c->end)
	{
		put(c, "\"", 1);
		c->at++;
	}
}

size_t
json_from_python(Slice text, char *out)
{
	static const char *const words[][2] = {{"None", "null"}, {"True", "true"}, {"False", "false"}};
	Convert		c = {text.data, text.data + text.len, out};

	while (c.at < c.end)
	{
		size_t		i = 0;

		if (*c.at == '\'' || *c.at == '"')
		{
			convert_string(&c);
			continue;
		}
		while (i < 3 && !starts(&c, words[i][0]))
			i++;
		if (i < 3)
		{
			put(&c, words[i][1], strlen(words[i][1]));
			c.at += strlen(words[i][0]);
		}
		else
			put(&c, c.at++, 1);
	}
	return (size_t) (c.out - out);
}
