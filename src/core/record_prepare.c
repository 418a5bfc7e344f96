/*
 * record_prepare.c
 *	  Rewriting of a checked record before json-c sees it.
 *
 * The text is known to be valid, so nothing is checked again here: every
 * string has its end, every bracket its partner.
 */
#include <stdio.h>
#include <stdlib.h>

#include "json_check.h"
#include "record_field.h"
#include "record_personal.h"
#include "record_prepare.h"
#include "utf8.h"

/* Keys are compared one by one: this bounds the time an object can take */
#define KEYS_MAX 1000

/*
 * What json-c makes of a few bytes is large: some 800 bytes for an object, 50
 * for a value. These bound its memory to about 60 MB, far above any contract.
 */
#define OBJECTS_MAX 50000
#define VALUES_MAX 400000

/* Any integer with this many digits fits in an int64 */
#define INTEGER_DIGITS_MAX 18

typedef struct Level
{
	bool		object;
	size_t		keys;			/* of this object: from here on in Prepared.keys */
	int			index;			/* of the element, in an array */
	Slice		key;			/* of the member, in an object */
} Level;

typedef struct Walk
{
	Prepared   *prepared;
	const char *text;
	const char *end;
	const char *at;
	const char *copied;			/* all before is in the output */
	size_t		nkeys;
	int			objects;
	int			values;
	int			depth;
	bool		key_next;
	Level		levels[RECORD_DEPTH_MAX + 1];
} Walk;

static bool
reserve(Prepared *prepared, size_t more)
{
	size_t		need = prepared->len + more;
	size_t		capacity = prepared->capacity;
	char	   *data;

	if (need <= capacity)
		return true;
	capacity = need + need / 2 + 1024;
	data = realloc(prepared->data, capacity);
	if (data == NULL)
		return false;
	prepared->data = data;
	prepared->capacity = capacity;
	return true;
}

static bool
append(Walk *walk, const char *text, size_t len)
{
	Prepared   *prepared = walk->prepared;

	if (!reserve(prepared, len + 1))
		return false;
	memcpy(prepared->data + prepared->len, text, len);
	prepared->len += len;
	return true;
}

static bool
flush(Walk *walk, const char *to)
{
	bool		done = append(walk, walk->copied, (size_t) (to - walk->copied));

	walk->copied = to;
	return done;
}

/* Behind the string whose opening quote is at p */
static const char *
string_end(const char *p, const char *end)
{
	for (p++; *p != '"'; p++)
	{
		uint32_t	code;

		if (*p == '\\')
		{
			size_t		n = json_escape(p, (size_t) (end - p), &code);

			p += n > 0 ? n - 1 : 0;
		}
	}
	return p + 1;
}

/* Behind the value that begins at p */
static const char *
value_end(const char *p, const char *end)
{
	int			depth = 0;

	do
	{
		switch (*p)
		{
			case '"':
				p = string_end(p, end);
				break;
			case '{':
			case '[':
				depth++;
				p++;
				break;
			case '}':
			case ']':
				depth--;
				p++;
				break;
			default:
				p += strcspn(p, depth > 0 ? "\"{}[]" : ",}] \t\r\n");
				break;
		}
	} while (depth > 0);
	return p;
}

static uint64_t
hash_bytes(uint64_t hash, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char) bytes[i]) * UINT64_C(1099511628211);
	return hash;
}

/* Next character of a key as it reads once its escapes are gone: 1 to 4 bytes */
static size_t
next_char(Slice key, size_t *i, char utf8[4])
{
	uint32_t	code;
	uint32_t	low;
	size_t		n = 0;

	if (key.data[*i] == '\\')
		n = json_escape(key.data + *i, key.len - *i, &code);
	if (n == 0)
	{
		utf8[0] = key.data[(*i)++];
		return 1;
	}
	*i += n;
	if (code >= 0xD800 && code <= 0xDBFF && *i < key.len && key.data[*i] == '\\' &&
		json_escape(key.data + *i, key.len - *i, &low) == 6 && low >= 0xDC00 && low <= 0xDFFF)
	{
		code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
		*i += 6;
	}
	return utf8_encode(code, utf8);
}

/* 64 bits stand for the key */
static uint64_t
key_hash(Slice key)
{
	uint64_t	hash = UINT64_C(14695981039346656037);
	char		utf8[4];

	if (memchr(key.data, '\\', key.len) == NULL)
		return hash_bytes(hash, key.data, key.len);
	for (size_t i = 0; i < key.len;)
	{
		size_t		n = next_char(key, &i, utf8);

		hash = hash_bytes(hash, utf8, n);
	}
	return hash;
}

/* What fits of a key, without its escapes, NUL-terminated */
static void
write_key(Slice key, char out[JSON_KEY_MAX])
{
	size_t		len = 0;
	char		utf8[4];

	for (size_t i = 0; i < key.len;)
	{
		size_t		n = next_char(key, &i, utf8);

		if (len + n > JSON_KEY_MAX - 1)
			break;
		memcpy(out + len, utf8, n);
		len += n;
	}
	out[utf8_valid_prefix(out, len)] = '\0';
}

/* "modifications[1].montant" of where the walk stands */
static void
write_path(const Walk *walk, char out[DUPLICATE_PATH_MAX])
{
	size_t		n = 0;

	out[0] = '\0';
	for (int i = 0; i < walk->depth && n < DUPLICATE_PATH_MAX - 1; i++)
	{
		const Level *level = &walk->levels[i];
		char		key[JSON_KEY_MAX];
		int			written;

		if (level->object)
		{
			write_key(level->key, key);
			written = snprintf(out + n, DUPLICATE_PATH_MAX - n, "%s%s", n > 0 ? "." : "", key);
		}
		else
			written = snprintf(out + n, DUPLICATE_PATH_MAX - n, "[%d]", level->index);
		n += written > 0 ? (size_t) written : 0;
	}
	if (n > DUPLICATE_PATH_MAX - 1)
		n = DUPLICATE_PATH_MAX - 1;
	out[utf8_valid_prefix(out, n)] = '\0';
}

/* The field that the key at hand is in, if its value may be kept; else -1 */
static int
duplicate_field(const Walk *walk, Slice key)
{
	char		name[JSON_KEY_MAX];
	char		folded[JSON_KEY_MAX];
	int			field;

	for (int i = 0; i < walk->depth; i++)
	{
		const Level *level = &walk->levels[i];

		if (level->object && name_is_personal(level->key.data, level->key.data + level->key.len))
			return -1;
	}
	if (!walk->levels[0].object)
		return -1;
	write_key(walk->levels[0].key, name);
	json_key_fold(name, strlen(name), folded);
	field = record_field_find(folded);
	if (field >= 0 && record_field_is_buyer_part(field))
		return walk->depth == 1 ? field : -1;
	if (field < 0 || !record_field_is_buyer(field))
		return field;
	write_key(key, name);
	json_key_fold(name, strlen(name), folded);
	return (walk->depth == 2 && (strcmp(folded, "id") == 0 || strcmp(folded, "nom") == 0)) ? field : -1;
}

/* at: the key's opening quote; leave out the member, and the comma before it */
static void
drop_member(Walk *walk, Slice key)
{
	Prepared   *prepared = walk->prepared;
	const char *value = key.data + key.len + 1;
	const char *end;
	int			field = duplicate_field(walk, key);

	value += strspn(value, " \t\r\n");
	value++;					/* the colon */
	value += strspn(value, " \t\r\n");
	end = value_end(value, walk->end);

	if (field >= 0 && prepared->nduplicates == DUPLICATES_MAX)
		prepared->duplicates_omis++;
	else if (field >= 0)
	{
		DuplicateKey *duplicate = &prepared->duplicates[prepared->nduplicates++];

		write_path(walk, duplicate->chemin);
		duplicate->champ = field;
		duplicate->valeur = (Slice) {value, (size_t) (end - value)};
	}
	while (prepared->len > 0 && prepared->data[--prepared->len] != ',')
		;
	walk->copied = walk->at = end;
}

static PrepareStatus
take_key(Walk *walk)
{
	Prepared   *prepared = walk->prepared;
	Level	   *level = &walk->levels[walk->depth - 1];
	const char *end = string_end(walk->at, walk->end);
	Slice		key = {walk->at + 1, (size_t) (end - walk->at - 2)};
	uint64_t	hash = key_hash(key);

	level->key = key;
	walk->key_next = false;
	for (size_t i = level->keys; i < walk->nkeys; i++)
	{
		if (prepared->keys[i] != hash)
			continue;
		if (!flush(walk, walk->at))
			return PREPARE_NO_MEMORY;
		drop_member(walk, key);
		return PREPARE_OK;
	}
	if (walk->nkeys - level->keys >= KEYS_MAX)
		return PREPARE_TOO_MANY_KEYS;
	if (walk->nkeys == prepared->keys_capacity)
	{
		size_t		capacity = prepared->keys_capacity * 2 + 64;
		uint64_t   *keys = realloc(prepared->keys, capacity * sizeof(uint64_t));

		if (keys == NULL)
			return PREPARE_NO_MEMORY;
		prepared->keys = keys;
		prepared->keys_capacity = capacity;
	}
	prepared->keys[walk->nkeys++] = hash;
	return PREPARE_OK;
}

/* Copy the string at hand, doubling backslashes that begin no escape */
static bool
take_string(Walk *walk)
{
	const char *end = string_end(walk->at, walk->end);
	const char *p = walk->at;
	uint32_t	code;

	while ((p = memchr(p, '\\', (size_t) (end - p))) != NULL)
	{
		size_t		n = json_escape(p, (size_t) (walk->end - p), &code);

		if (n == 0)
		{
			n = 1;
			if (!flush(walk, p) || !append(walk, "\\", 1))
				return false;
		}
		p += n;
	}
	walk->at = end;
	return true;
}

static bool
take_number(Walk *walk)
{
	const char *p = walk->at;
	size_t		nonfinite = json_nonfinite(p, (size_t) (walk->end - p));
	size_t		digits = strspn(*p == '-' ? p + 1 : p, "0123456789");
	size_t		size = nonfinite > 0 ? nonfinite : strspn(p, "+-.0123456789eE");

	walk->at = p + size;
	if (nonfinite == 0 && (digits <= INTEGER_DIGITS_MAX || digits + (*p == '-') != size))
		return true;
	return flush(walk, p) && append(walk, "\"", 1) && flush(walk, walk->at) && append(walk, "\"", 1);
}

static void
open_level(Walk *walk, bool object)
{
	walk->levels[walk->depth++] = (Level) {object, walk->nkeys, 0, SLICE_NONE};
	walk->key_next = object;
	walk->objects += object;
	walk->values++;
	walk->at++;
}

static PrepareStatus
walk_all(Walk *walk)
{
	while (walk->at < walk->end)
	{
		char		c = *walk->at;
		bool		done = true;

		if (c == '"' && walk->key_next)
		{
			const char *key = walk->at;
			PrepareStatus status = take_key(walk);

			if (status != PREPARE_OK)
				return status;
			/* a key that stays is copied like any string */
			if (walk->at == key)
				done = take_string(walk);
		}
		else if (c == '"')
			done = take_string(walk);
		else if (c == '{' || c == '[')
			open_level(walk, c == '{');
		else if (c == '}' || c == ']')
		{
			walk->nkeys = walk->levels[--walk->depth].keys;
			walk->key_next = false;
			walk->at++;
		}
		else if (c == ',')
		{
			Level	   *level = &walk->levels[walk->depth - 1];

			walk->key_next = level->object;
			level->index++;
			walk->values++;
			walk->at++;
		}
		else if (c == '-' || (c >= '0' && c <= '9') || c == 'N' || c == 'I' ||
				 (c == 'n' && walk->at[1] == 'a'))
			done = take_number(walk);
		else
			walk->at++;
		if (!done)
			return PREPARE_NO_MEMORY;
		if (walk->objects > OBJECTS_MAX || walk->values > VALUES_MAX)
			return PREPARE_TOO_MANY_VALUES;
	}
	return flush(walk, walk->end) ? PREPARE_OK : PREPARE_NO_MEMORY;
}

PrepareStatus
record_prepare(Prepared *prepared, const char *text, size_t len)
{
	Walk		walk = {.prepared = prepared, .text = text, .end = text + len,
	.at = text, .copied = text};
	PrepareStatus status;

	prepared->len = 0;
	prepared->nduplicates = 0;
	prepared->duplicates_omis = 0;
	if (!reserve(prepared, len + 1))
		return PREPARE_NO_MEMORY;
	status = walk_all(&walk);
	if (status == PREPARE_OK)
		prepared->data[prepared->len] = '\0';
	return status;
}

void
record_prepare_free(Prepared *prepared)
{
	free(prepared->data);
	free(prepared->keys);
	memset(prepared, 0, sizeof(*prepared));
}
