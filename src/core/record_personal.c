/*
 * record_personal.c
 *	  Names of agents' personal data.
 *
 * The list is the one that consolidators purge from the buyers of real files,
 * and what else names a way to reach a person.
 */
#include "json_key.h"
#include "record_personal.h"
#include "utf8.h"

/* Backslashes before one character: bounded, so that time stays linear */
#define ESCAPES_MAX 7

/* Longer than any part of a name that is looked for */
#define FOLD_OVERLAP 31

static const char *const purged[] = {
	"idagent", "nomagent", "prenomagent", "loginagent", "emailagent", "identiteachat",
	"libelleentiteachat", "idorganisme", "libelleorganisme", "acceschorus", NULL
};

static const char *const reaching[] = {"agent", "mail", "courriel", "telephone", NULL};

/* ---- characters ---- */

/* So many hexadecimal digits at p */
static bool
read_hex(const char *p, const char *end, int digits, uint32_t *code)
{
	*code = 0;
	if (end - p < digits)
		return false;
	for (int i = 0; i < digits; i++)
	{
		char		c = p[i];

		if (c >= '0' && c <= '9')
			*code = *code * 16 + (uint32_t) (c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			*code = *code * 16 + (uint32_t) ((c | 32) - 'a' + 10);
		else
			return false;
	}
	return true;
}

static Unit
unit_plain(const char *p, const char *end)
{
	const unsigned char *s = (const unsigned char *) p;
	size_t		n = utf8_char(p, (size_t) (end - p));

	switch (n)
	{
		case 2:
			return (Unit) {(s[0] & 0x1Fu) << 6 | (s[1] & 0x3Fu), 2, 0};
		case 3:
			return (Unit) {(s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu), 3, 0};
		case 4:
			return (Unit) {0x10000, 4, 0};	/* which of them makes no difference */
		default:
			return (Unit) {s[0], 1, 0};
	}
}

Unit
unit_at(const char *p, const char *end)
{
	const char *q = p;
	int			slashes;
	uint32_t	code;

	if (*p != '\\')
		return unit_plain(p, end);
	while (q < end && *q == '\\' && q - p < ESCAPES_MAX)
		q++;
	slashes = (int) (q - p);
	if (q == end)
		return (Unit) {'\\', 1, 0};
	if (*q == 'u' && read_hex(q + 1, end, 4, &code))
		return (Unit) {code, (size_t) slashes + 5, slashes};
	if (*q == 'x' && read_hex(q + 1, end, 2, &code))
		return (Unit) {code, (size_t) slashes + 3, slashes};
	if (*q == '"' || *q == '\'')
		return (Unit) {(unsigned char) *q, (size_t) slashes + 1, slashes};
	if (*q == 'n' || *q == 'r' || *q == 't')
		return (Unit) {' ', (size_t) slashes + 1, slashes};
	return (Unit) {'\\', 1, 0};
}

bool
unit_is_quote(Unit unit)
{
	return unit.code == '"' || unit.code == '\'';
}

bool
unit_is_blank(Unit unit)
{
	return unit.code == ' ' || unit.code == '\t' || unit.code == '\n' || unit.code == '\r' ||
		unit.code == 0xA0 || unit.code == 0x202F;
}

static bool
is_letter_or_digit(uint32_t code)
{
	return (code >= '0' && code <= '9') || ((code | 32) >= 'a' && (code | 32) <= 'z');
}

bool
unit_is_word(Unit unit)
{
	uint32_t	code = unit.code;

	if (code < 0xC0)
		return is_letter_or_digit(code) || code == '_' || code == '.' || code == '-' ||
			code == '+' || code == '%';
	/* all but general punctuation: typographic quotes, dashes, blanks */
	return code < 0x2000 || code > 0x206F;
}

/* ---- names ---- */

typedef struct Fold
{
	char		text[JSON_KEY_MAX];
	size_t		len;
} Fold;

/* Like json_key_fold, but accents are taken off, so that é and e are one */
static void
fold_add(Fold *fold, uint32_t code)
{
	static const char latin1[] = "aaaaaaaceeeeiiiidnooooooouuuuyty";

	if (code >= 0xC0 && code <= 0xFF)
		code = (unsigned char) latin1[code & 31];
	if (!is_letter_or_digit(code))
		return;
	if (code >= 'A' && code <= 'Z')
		code |= 32;
	fold->text[fold->len++] = (char) code;
	fold->text[fold->len] = '\0';
}

static bool
holds_one_of(const Fold *fold, const char *const *parts)
{
	for (; *parts != NULL; parts++)
	{
		const char *found = strstr(fold->text, *parts);

		/* maille, maillage, Mailly have nothing to do with mail */
		while (found != NULL && strcmp(*parts, "mail") == 0 && found[4] == 'l')
			found = strstr(found + 4, *parts);
		if (found != NULL)
			return true;
	}
	return false;
}

/* Does the name hold one of the first parts, or of the others (may be NULL)? Of any length. */
static bool
name_holds(const char *name, const char *end, const char *const *parts, const char *const *others)
{
	Fold		fold = {"", 0};

	while (name < end)
	{
		Unit		unit = unit_at(name, end);

		name += unit.len;
		fold_add(&fold, unit.code);
		if (fold.len < JSON_KEY_MAX - 1 && name < end)
			continue;
		if (holds_one_of(&fold, parts) || (others && holds_one_of(&fold, others)))
			return true;
		if (fold.len > FOLD_OVERLAP)
		{
			memmove(fold.text, fold.text + fold.len - FOLD_OVERLAP, FOLD_OVERLAP + 1);
			fold.len = FOLD_OVERLAP;
		}
	}
	return false;
}

bool
name_is_personal(const char *name, const char *end)
{
	return name_holds(name, end, purged, reaching);
}

bool
name_is_distinct(const char *name, const char *end)
{
	return name_holds(name, end, purged, NULL);
}

bool
name_is_telephone(const char *name, const char *end)
{
	static const char *const telephone[] = {"telephone", NULL};

	return name_holds(name, end, telephone, NULL);
}
