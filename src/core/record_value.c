/*
 * record_value.c
 *	  Values of a DECP record.
 */
#include "cpv.h"
#include "decimal.h"
#include "identifiant.h"
#include "record_date.h"
#include "record_note.h"

/* ---- texts ---- */

bool
slice_is_nocase(Slice text, const char *lower)
{
	size_t		len = strlen(lower);

	if (text.len != len)
		return false;
	for (size_t i = 0; i < len; i++)
	{
		char		c = text.data[i];

		if (c >= 'A' && c <= 'Z')
			c = (char) (c | 0x20);
		if (c != lower[i])
			return false;
	}
	return true;
}

bool
node_slice(json_object *node, Slice *text)
{
	switch (json_object_get_type(node))
	{
		case json_type_string:
			*text = (Slice) {json_object_get_string(node), (size_t) json_object_get_string_len(node)};
			return true;
		case json_type_boolean:
		case json_type_int:
		case json_type_double:
			/* for a double this is the text that stood in the file */
			*text = slice_from(json_object_get_string(node));
			return text->data != NULL;
		default:
			return false;
	}
}

static bool
is_one_of(Slice text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (slice_is_nocase(text, *words))
			return true;
	return false;
}

/* What exports write for null */
static const char *const null_words[] = {"", "nan", "none", "<na>", "null", NULL};

/* What people write for it */
static const char *const absent_words[] = {"nc", "n/a", "-", NULL};

bool
text_absent(Slice text)
{
	return is_one_of(text, null_words) || is_one_of(text, absent_words);
}

bool
value_null(json_object *node)
{
	Slice		text;

	if (node == NULL)
		return true;
	return json_object_is_type(node, json_type_string) && node_slice(node, &text) &&
		is_one_of(slice_trim(text), null_words);
}

bool
value_absent(json_object *node)
{
	Slice		text;

	if (node == NULL)
		return true;
	return node_slice(node, &text) && text_absent(slice_trim(text));
}

/* ---- text values ---- */

static bool
is_control(char c)
{
	return ((unsigned char) c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
}

/* Without control characters, which no text of ours means */
static Slice
without_controls(RecordContext *ctx, Slice text)
{
	size_t		i = 0;
	size_t		n = 0;
	char	   *copy;

	while (i < text.len && !is_control(text.data[i]))
		i++;
	if (i == text.len)
		return text;
	copy = ctx->memory->alloc(ctx->memory->context, text.len);
	for (i = 0; i < text.len; i++)
		if (!is_control(text.data[i]))
			copy[n++] = text.data[i];
	return slice_trim((Slice) {copy, n});
}

Slice
value_text(RecordContext *ctx, const Chemin *chemin, json_object *node)
{
	Slice		text;

	if (node == NULL)
		return SLICE_NONE;
	if (json_object_is_type(node, json_type_boolean) || !node_slice(node, &text))
	{
		brut_node(ctx, chemin, node);
		return SLICE_NONE;
	}
	text = without_controls(ctx, slice_trim(text));
	return text_absent(text) ? SLICE_NONE : text;
}

Slice
value_id(RecordContext *ctx, const Chemin *chemin, json_object *node)
{
	Slice		text = value_text(ctx, chemin, node);

	if (text.data != NULL && !json_object_is_type(node, json_type_string))
		noter_type(ctx, chemin, node, R_TEXTE_NOMBRE);
	if (text.len <= IDENTIFIANT_MAX)
		return text;
	noter(ctx, R_VALEUR_ILLISIBLE, chemin, text);
	brut_texte(ctx, chemin, text);
	return SLICE_NONE;
}

/* text begins with the mark, which then ends or is followed by a blank */
static bool
has_mark(Slice text, const char *mark)
{
	size_t		len = strlen(mark);

	return text.len >= len && memcmp(text.data, mark, len) == 0 &&
		(text.len == len || text.data[len] == ' ');
}

bool
text_marked(RecordContext *ctx, const Chemin *chemin, Slice text)
{
	if (has_mark(text, "MQ") || has_mark(text, "CDL"))
		return true;
	if (!has_mark(text, "INX"))
		return false;
	text = slice_trim((Slice) {text.data + 3, text.len - 3});
	if (!text_absent(text))
	{
		noter(ctx, R_VALEUR_ILLISIBLE, chemin, text);
		brut_texte(ctx, chemin, text);
	}
	return true;
}

Slice
value_code(RecordContext *ctx, const Chemin *chemin, json_object *node)
{
	Slice		text = value_text(ctx, chemin, node);

	return text.data == NULL || text_marked(ctx, chemin, text) ? SLICE_NONE : text;
}

static char *
copy_slice(RecordContext *ctx, Slice text, size_t room)
{
	char	   *copy = ctx->memory->alloc(ctx->memory->context, text.len + room);

	memcpy(copy, text.data, text.len);
	return copy;
}

bool
slice_all_digits(Slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return text.len > 0;
}

/* An identifier given as a number: its digits, and the zero that a SIRET lost */
static Slice
identifiant_number(RecordContext *ctx, Slice text)
{
	char		decimal[DECIMAL_SIZE];
	size_t		len;
	char	   *copy;

	if (!decimal_read(text, decimal, &len))
		return text;
	if (memchr(decimal, '.', len) != NULL)
	{
		while (decimal[len - 1] == '0')
			len--;
		if (decimal[len - 1] != '.')
			return text;
		len--;
	}
	copy = copy_slice(ctx, (Slice) {decimal, len}, 1);
	if (len == 13 && slice_all_digits((Slice) {copy, len}))
	{
		/* a leading zero leaves Luhn's sum as it is */
		if (luhn_valide(copy, len))
		{
			memmove(copy + 1, copy, len++);
			copy[0] = '0';
		}
	}
	return (Slice) {copy, len};
}

/* Letters in capitals, without what does not belong to an identifier */
static Slice
identifiant_clean(RecordContext *ctx, Slice text)
{
	char	   *copy = ctx->memory->alloc(ctx->memory->context, text.len);
	size_t		n = identifiant_nettoyer(text, copy);

	return n > 0 ? (Slice) {copy, n} : SLICE_NONE;
}

Slice
value_identifiant(RecordContext *ctx, const Chemin *chemin, json_object *node)
{
	Slice		text = value_code(ctx, chemin, node);

	if (text.data == NULL)
		return SLICE_NONE;
	if (!json_object_is_type(node, json_type_string))
	{
		noter_type(ctx, chemin, node, R_TEXTE_NOMBRE);
		return identifiant_number(ctx, text);
	}
	/* a SIREN or SIRET that had been a number on its way */
	if (text.len > 2 && memcmp(text.data + text.len - 2, ".0", 2) == 0)
	{
		Slice		whole = identifiant_clean(ctx, (Slice) {text.data, text.len - 2});

		if ((whole.len == 9 || whole.len == 14) && slice_all_digits(whole))
		{
			noter_nettoyage(ctx, chemin, node, whole.len);
			return whole;
		}
	}
	text = identifiant_clean(ctx, text);
	noter_nettoyage(ctx, chemin, node, text.len);
	return text;
}

/* Without the check digit, if the text is 8 digits and that */
static Slice
cpv_digits(Slice text)
{
	Slice		tail;

	if (text.len <= 8 || !slice_all_digits((Slice) {text.data, 8}))
		return text;
	tail = slice_trim((Slice) {text.data + 8, text.len - 8});
	if (slice_is(tail, ".0"))
		text.len = 8;
	else if (tail.len > 0 && tail.data[0] == '-')
	{
		tail = slice_trim((Slice) {tail.data + 1, tail.len - 1});
		if (tail.len == 1 && slice_all_digits(tail))
			text.len = 8;
	}
	return text;
}

/*
 * Seven digits: what was lost is a zero, in front where that makes a division, as
 * it does of nearly all that are published; else at the end. Neither: as published.
 */
static Slice
cpv_seven(RecordContext *ctx, Slice text)
{
	char	   *front = ctx->memory->alloc(ctx->memory->context, 9);
	char	   *back = front + 1;
	bool		front_known;

	front[0] = '0';
	memcpy(back, text.data, 7);
	front_known = cpv_division_connue(cpv_lire((Slice) {front, 8}));
	front[8] = '0';
	if (front_known)
		return (Slice) {front, 8};
	return cpv_division_connue(cpv_lire((Slice) {back, 8})) ? (Slice) {back, 8} : text;
}

Slice
value_cpv(RecordContext *ctx, const Chemin *chemin, json_object *node)
{
	Slice		text = value_code(ctx, chemin, node);
	bool		number = !json_object_is_type(node, json_type_string);
	Slice		cpv;

	if (text.data == NULL)
		return SLICE_NONE;
	if (number)
	{
		noter_type(ctx, chemin, node, R_TEXTE_NOMBRE);
		text = identifiant_number(ctx, text);
	}
	cpv = cpv_digits(text);
	if (cpv.len != 7 || !slice_all_digits(cpv))
		return cpv;
	cpv = cpv_seven(ctx, text);
	if (cpv.len == 8)
	{
		noter(ctx, R_CPV_REPARE, chemin, text);
		brut_texte(ctx, chemin, text);
	}
	return cpv;
}

Slice
value_label(RecordContext *ctx, const Chemin *chemin, json_object *node, Nomenclature list)
{
	return noter_label(ctx, chemin, list, value_code(ctx, chemin, node));
}

/* ---- numbers, dates, booleans ---- */

Slice
value_decimal(RecordContext *ctx, const Chemin *chemin, json_object *node)
{
	Slice		text = value_code(ctx, chemin, node);
	char		decimal[DECIMAL_SIZE];
	size_t		len;

	if (text.data == NULL)
		return SLICE_NONE;
	if (!decimal_read(text, decimal, &len))
	{
		noter(ctx, R_NOMBRE_ILLISIBLE, chemin, text);
		brut_texte(ctx, chemin, text);
		return SLICE_NONE;
	}
	if (json_object_is_type(node, json_type_string))
		noter_type(ctx, chemin, node, R_NOMBRE_TEXTE);
	if (len == text.len && memcmp(decimal, text.data, len) == 0)
		return text;
	return (Slice) {copy_slice(ctx, (Slice) {decimal, len}, 0), len};
}

static int
value_integer(RecordContext *ctx, const Chemin *chemin, json_object *node, bool up)
{
	Slice		text = value_code(ctx, chemin, node);
	char		decimal[DECIMAL_SIZE];
	size_t		len;
	int			value;
	int			whole;

	if (text.data == NULL)
		return INT_NONE;
	if (!decimal_read(text, decimal, &len) || !decimal_integer(decimal, len, up, &value) ||
		value < 0)
	{
		noter(ctx, R_NOMBRE_ILLISIBLE, chemin, text);
		brut_texte(ctx, chemin, text);
		return INT_NONE;
	}
	if (up && !decimal_integer(decimal, len, false, &whole))
		noter(ctx, R_DUREE_DECIMALE, chemin, text);
	if (json_object_is_type(node, json_type_string))
		noter_type(ctx, chemin, node, R_NOMBRE_TEXTE);
	return value;
}

/* A fraction of a month counts for a whole one */
int
value_months(RecordContext *ctx, const Chemin *chemin, json_object *node)
{
	return value_integer(ctx, chemin, node, true);
}

int
value_count(RecordContext *ctx, const Chemin *chemin, json_object *node)
{
	return value_integer(ctx, chemin, node, false);
}

int32_t
value_date(RecordContext *ctx, const Chemin *chemin, json_object *node)
{
	Slice		text = value_code(ctx, chemin, node);
	int32_t		date;

	if (text.data == NULL)
		return DATE_NONE;
	date = record_date(text);
	noter_date(ctx, chemin, text, date);
	if (date == DATE_NONE)
		brut_texte(ctx, chemin, text);
	return date;
}

Trilean
value_trilean(RecordContext *ctx, const Chemin *chemin, json_object *node)
{
	static const char *const yes[] = {"true", "oui", "vrai", "1", "1.0", NULL};
	static const char *const no[] = {"false", "non", "faux", "0", "0.0", NULL};
	Slice		text;

	if (json_object_is_type(node, json_type_boolean))
		return json_object_get_boolean(node) ? TRI_YES : TRI_NO;
	text = value_code(ctx, chemin, node);
	if (text.data == NULL)
		return TRI_UNKNOWN;
	if (is_one_of(text, yes) || is_one_of(text, no))
	{
		noter_type(ctx, chemin, node, R_BOOLEEN_TEXTE);
		return is_one_of(text, yes) ? TRI_YES : TRI_NO;
	}
	noter(ctx, R_BOOLEEN_ILLISIBLE, chemin, text);
	brut_texte(ctx, chemin, text);
	return TRI_UNKNOWN;
}
