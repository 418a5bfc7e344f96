/*
 * framer.c
 *	  Cuts a DECP JSON document into its records.
 *
 * The framer follows brackets and strings, nothing else: whether a record is
 * valid JSON is for its reader. What it does outside records is lenient too,
 * since whatever it can't place is handed out as FRAMER_BAD.
 *
 * Unescaped quotes inside strings are met in real files; a plain scanner then
 * takes text for structure until the end of the document. Two facts put it
 * right again, within the record nearly always: after a string only , : } and
 * ] can follow, so anything else means that the quote was a part of the text;
 * and bytes that no JSON token holds mean that we are inside a string. Valid
 * JSON never meets either rule. Line ends play no part: raw ones occur inside
 * strings as well.
 *
 * Nesting is counted, not stacked: depth costs nothing.
 */
#include "framer.h"
#include "json_key.h"
#include "swar.h"

/* FramerState.phase */
enum
{
	PHASE_READ,
	PHASE_SKIP,					/* inside a value that is passed over */
	PHASE_END,
	PHASE_NOT_DECP,
	PHASE_COUNT
};

/* What the value that follows the last key is */
enum
{
	EXPECT_NOTHING,				/* no key is pending */
	EXPECT_MARCHES,				/* of the root's "marches" */
	EXPECT_RECORDS,				/* of "marche" or "contrat-concession" */
	EXPECT_ANYTHING,			/* of a key that is not ours, at the root */
	EXPECT_STRANGER,			/* of a key that is not ours, inside "marches" */
	EXPECT_COUNT
};

/* How a value ends */
enum
{
	VALUE_NESTED,				/* with the bracket that closes it */
	VALUE_SCALAR,				/* before a comma or a closing bracket that is not its own */
	VALUE_LINE,					/* with the line */
	VALUE_COUNT
};

enum
{
	LEX_OUT,
	LEX_STRING,
	LEX_ESCAPE,
	LEX_AFTER					/* behind the quote that closed a string, or did not */
};

/* FramerState.flags: where we are, then the fields below, then the list depth */
#define FLAG_SEEN 0x01			/* a document has begun */
#define FLAG_ROOT 0x02			/* inside a root object */
#define FLAG_CONTAINER 0x04		/* inside {"marches":{ */
#define FLAG_MARCHES 0x08		/* some root had a list of records */
#define FLAG_QUIET 0x10			/* the value passed over is no record */
#define EXPECT_SHIFT 5
#define EXPECT_MASK (7u << EXPECT_SHIFT)
#define LEX_SHIFT 8
#define LEX_MASK (3u << LEX_SHIFT)
#define KIND_SHIFT 10
#define KIND_MASK (3u << KIND_SHIFT)
#define LIST_SHIFT 12
#define LIST_MAX ((1u << (32 - LIST_SHIFT)) - 1)

/* Internal outcome of one step: nothing to tell yet, go on */
#define STEP_AGAIN ((FramerStatus) -1)

enum
{
	CLASS_OTHER,				/* stands in no JSON token */
	CLASS_TOKEN,				/* of a number or a literal */
	CLASS_SPACE,
	CLASS_QUOTE,
	CLASS_OPEN,
	CLASS_CLOSE,
	CLASS_COMMA,
	CLASS_COLON
};

#define T CLASS_TOKEN
static const unsigned char byte_class[256] = {
	['\t'] = CLASS_SPACE,['\n'] = CLASS_SPACE,['\r'] = CLASS_SPACE,[' '] = CLASS_SPACE,
	['"'] = CLASS_QUOTE,['{'] = CLASS_OPEN,['['] = CLASS_OPEN,['}'] = CLASS_CLOSE,[']'] = CLASS_CLOSE,
	[','] = CLASS_COMMA,[':'] = CLASS_COLON,
	['0'] = T,['1'] = T,['2'] = T,['3'] = T,['4'] = T,['5'] = T,['6'] = T,['7'] = T,['8'] = T,['9'] = T,
	['+'] = T,['-'] = T,['.'] = T,['E'] = T,
	/* true false null NaN Infinity, and True False */
	['a'] = T,['e'] = T,['f'] = T,['i'] = T,['l'] = T,['n'] = T,['r'] = T,['s'] = T,['t'] = T,['u'] = T,
	['y'] = T,['F'] = T,['I'] = T,['N'] = T,['T'] = T,
};
#undef T

typedef struct Scan
{
	unsigned	lex;
	unsigned	kind;
	uint64_t	depth;
} Scan;

typedef struct Cursor
{
	FramerState *state;
	const char *at;				/* stands for byte state->octet */
	const char *end;
	bool		last;
	Frame	   *frame;
} Cursor;

/* ---- scanning one value ---- */

/* First quote or backslash */
static const char *
string_stop(const char *p, const char *end)
{
	while (end - p >= 8)
	{
		uint64_t	word = swar_load(p);

		if (swar_byte(word, '"') | swar_byte(word, '\\'))
			break;
		p += 8;
	}
	while (p < end && *p != '"' && *p != '\\')
		p++;
	return p;
}

/* Indented files are half blanks */
static const char *
space_stop(const char *p, const char *end)
{
	while (end - p >= 8 && swar_load(p) == SWAR_ONES * ' ')
		p += 8;
	while (p < end && byte_class[(unsigned char) *p] == CLASS_SPACE)
		p++;
	return p;
}

/*
 * One byte between strings. True if the value ends here: *p is then its end.
 */
static inline bool
scan_between(Scan *scan, const char **p)
{
	unsigned	class = byte_class[(unsigned char) **p];
	bool		after = (scan->lex == LEX_AFTER);

	switch (class)
	{
		case CLASS_COMMA:
			if (scan->kind == VALUE_SCALAR && scan->depth == 0)
				return true;
			scan->lex = LEX_OUT;
			break;
		case CLASS_COLON:
			scan->lex = LEX_OUT;
			break;
		case CLASS_CLOSE:
			if (scan->depth == 0)
				return true;
			scan->lex = LEX_OUT;
			if (--scan->depth == 0 && scan->kind == VALUE_NESTED)
			{
				(*p)++;
				return true;
			}
			break;
		case CLASS_QUOTE:
			/* two quotes in a row: the first was text, this one may close */
			scan->lex = after ? LEX_AFTER : LEX_STRING;
			break;
		case CLASS_OPEN:
			if (after)
				scan->lex = LEX_STRING;
			else
				scan->depth++;
			break;
		case CLASS_TOKEN:
			if (after)
				scan->lex = LEX_STRING;
			break;
		case CLASS_OTHER:
			/* a backslash keeps its meaning in the string we are in */
			scan->lex = (**p == '\\') ? LEX_ESCAPE : LEX_STRING;
			break;
		default:
			break;
	}
	(*p)++;
	return false;
}

/* End of a value, or NULL when the buffer ends first; scan can go on later */
static const char *
scan_value(Scan *scan, const char *p, const char *end)
{
	if (scan->kind == VALUE_LINE)
		return memchr(p, '\n', (size_t) (end - p));

	while (p < end)
	{
		switch (scan->lex)
		{
			case LEX_STRING:
				p = string_stop(p, end);
				if (p == end)
					return NULL;
				scan->lex = (*p == '"') ? LEX_AFTER : LEX_ESCAPE;
				p++;
				break;
			case LEX_ESCAPE:
				scan->lex = LEX_STRING;
				p++;
				break;
			default:
				if (*p == ' ' || *p == '\n')
					p = space_stop(p, end);
				else if (scan_between(scan, &p))
					return p;
				break;
		}
	}
	return NULL;
}

static unsigned
value_kind(char first)
{
	return byte_class[(unsigned char) first] == CLASS_OPEN ? VALUE_NESTED : VALUE_SCALAR;
}

/* ---- frames ---- */

static void
consume(Cursor *cursor, const char *to)
{
	cursor->state->octet += (uint64_t) (to - cursor->at);
	cursor->at = to;
}

static unsigned
list_depth(const FramerState *state)
{
	return state->flags >> LIST_SHIFT;
}

static void
set_list_depth(FramerState *state, unsigned depth)
{
	state->flags = (state->flags & ((1u << LIST_SHIFT) - 1)) | (depth << LIST_SHIFT);
}

static void
set_expect(FramerState *state, unsigned expect)
{
	state->flags = (state->flags & ~EXPECT_MASK) | (expect << EXPECT_SHIFT);
}

static unsigned
get_expect(const FramerState *state)
{
	return (state->flags & EXPECT_MASK) >> EXPECT_SHIFT;
}

/* Hand out the size bytes that end where the cursor stands; debut NULL: they are gone */
static FramerStatus
emit(Cursor *cursor, uint64_t start, uint64_t size, const char *debut, const char *motif)
{
	Frame	   *frame = cursor->frame;

	frame->numero = ++cursor->state->numero;
	frame->octet = start;
	frame->taille = size;
	frame->debut = debut;
	frame->disponible = debut ? (size_t) size : 0;
	frame->container = (FramerContainer) cursor->state->container;
	frame->motif = motif;
	return motif ? FRAMER_BAD : FRAMER_RECORD;
}

/* All that is left is one bad frame, and then the end */
static FramerStatus
emit_rest(Cursor *cursor, const char *motif)
{
	uint64_t	start = cursor->state->octet;
	const char *debut = cursor->at;

	consume(cursor, cursor->end);
	cursor->state->phase = PHASE_END;
	return emit(cursor, start, (uint64_t) (cursor->end - debut), debut, motif);
}

static FramerStatus
begin_skip(Cursor *cursor, unsigned kind, bool quiet)
{
	FramerState *state = cursor->state;

	state->phase = PHASE_SKIP;
	state->skip_start = state->octet;
	state->skip_depth = 0;
	state->flags &= ~(LEX_MASK | KIND_MASK | FLAG_QUIET);
	state->flags |= (kind << KIND_SHIFT) | (quiet ? FLAG_QUIET : 0);
	return STEP_AGAIN;
}

static FramerStatus
step_skip(Cursor *cursor)
{
	FramerState *state = cursor->state;
	bool		quiet = (state->flags & FLAG_QUIET) != 0;
	uint64_t	start = state->skip_start;
	Scan		scan = {(state->flags & LEX_MASK) >> LEX_SHIFT,
	(state->flags & KIND_MASK) >> KIND_SHIFT, state->skip_depth};
	const char *end = scan_value(&scan, cursor->at, cursor->end);
	bool		complete = (end != NULL || (cursor->last && scan.kind == VALUE_LINE));

	consume(cursor, end ? end : cursor->end);
	if (!complete && !cursor->last)
	{
		state->skip_depth = scan.depth;
		state->flags = (state->flags & ~LEX_MASK) | (scan.lex << LEX_SHIFT);
		return FRAMER_MORE;
	}

	state->phase = complete ? PHASE_READ : PHASE_END;
	state->skip_start = 0;
	state->skip_depth = 0;
	state->flags &= ~(LEX_MASK | KIND_MASK | FLAG_QUIET);
	if (complete && quiet)
		return STEP_AGAIN;
	if (quiet)
		return emit(cursor, start, state->octet - start, NULL, "document_tronque");
	return emit(cursor, start, state->octet - start, NULL, complete ? "trop_grand" : "tronque");
}

/*
 * The value that begins here, handed out whole. motif NULL: it is a record.
 * Sizes are judged alike whether or not the end is in the buffer, so that the
 * frames do not depend on how the document was cut.
 */
static FramerStatus
take_value(Cursor *cursor, unsigned kind, const char *motif)
{
	Scan		scan = {LEX_OUT, kind, 0};
	const char *debut = cursor->at;
	const char *end = scan_value(&scan, debut, cursor->end);
	uint64_t	start = cursor->state->octet;
	size_t		size;

	if (end == NULL && cursor->last && kind == VALUE_LINE)
		end = cursor->end;
	size = (size_t) ((end ? end : cursor->end) - debut);
	if (size >= FRAMER_RECORD_MAX)
		return begin_skip(cursor, kind, false);
	if (end == NULL)
		return cursor->last ? emit_rest(cursor, "tronque") : FRAMER_MORE;

	consume(cursor, end);
	while (kind != VALUE_NESTED && byte_class[(unsigned char) debut[size - 1]] == CLASS_SPACE)
		size--;
	return emit(cursor, start, size, debut, motif);
}

/* A bracket that closes nothing */
static FramerStatus
take_bracket(Cursor *cursor)
{
	const char *debut = cursor->at;
	uint64_t	start = cursor->state->octet;

	consume(cursor, debut + 1);
	return emit(cursor, start, 1, debut, "syntaxe");
}

/* Something that is no object where a record should be */
static FramerStatus
take_scalar(Cursor *cursor)
{
	FramerStatus status = take_value(cursor, VALUE_SCALAR, "pas_un_objet");
	Frame	   *frame = cursor->frame;

	if (status == FRAMER_BAD && frame->disponible == 4 && memcmp(frame->debut, "null", 4) == 0)
		frame->motif = "nul";
	return status;
}

/* ---- what an object is, from its keys ---- */

typedef enum Decision
{
	DECIDE_WRAPPER,
	DECIDE_RECORD,
	DECIDE_NEITHER,				/* it ended, or broke, and none of its keys tells */
	DECIDE_MORE
} Decision;

/* Behind the closing quote of the key whose opening quote is at p, or NULL */
static const char *
key_end(const char *p, const char *end)
{
	for (p++; (p = string_stop(p, end)) < end; p += 2)
	{
		if (*p == '"')
			return p + 1;
		if (p + 1 == end)
			break;
	}
	return NULL;
}

static bool
has_prefix(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

static bool
is_list_key(const char *folded)
{
	return strcmp(folded, "marche") == 0 || strcmp(folded, "contratconcession") == 0;
}

/* Some two of these make a record */
static bool
is_common_key(const char *folded)
{
	static const char *const common[] = {
		"id", "objet", "nature", "procedure", "codecpv", "montant", "valeurglobale",
		"datenotification", "datesignature", "titulaires", "concessionnaires"
	};

	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (strcmp(folded, common[i]) == 0)
			return true;
	return false;
}

/*
 * Looks at the keys of the object at p, no further than FRAMER_RECORD_MAX
 * bytes: an object that has not told by then is no record.
 */
static Decision
classify(const char *p, const char *end, bool root)
{
	bool		clipped = (end - p >= FRAMER_RECORD_MAX);
	Decision	cut = clipped ? DECIDE_WRAPPER : DECIDE_MORE;
	int			common = 0;

	if (clipped)
		end = p + FRAMER_RECORD_MAX;
	p++;
	for (;;)
	{
		char		folded[JSON_KEY_MAX];
		const char *key;
		Scan		scan = {LEX_OUT, VALUE_SCALAR, 0};

		while (p < end && (*p == ',' || byte_class[(unsigned char) *p] == CLASS_SPACE))
			p++;
		if (p == end)
			return cut;
		if (*p != '"')
			return DECIDE_NEITHER;
		key = p + 1;
		p = key_end(p, end);
		if (p == NULL)
			return cut;
		json_key_fold(key, (size_t) (p - 1 - key), folded);
		p = space_stop(p, end);
		if (p == end)
			return cut;
		if (*p != ':')
			return DECIDE_NEITHER;

		if (is_list_key(folded) || (root && strcmp(folded, "marches") == 0))
			return DECIDE_WRAPPER;
		if (has_prefix(folded, "acheteur") || has_prefix(folded, "autoriteconcedante") ||
			(is_common_key(folded) && ++common == 2))
			return DECIDE_RECORD;

		p = space_stop(p + 1, end);
		if (p == end)
			return cut;
		scan.kind = value_kind(*p);
		p = scan_value(&scan, p, end);
		if (p == NULL)
			return cut;
	}
}

/* ---- steps ---- */

static FramerStatus
step_top(Cursor *cursor)
{
	FramerState *state = cursor->state;
	bool		first = (state->flags & FLAG_SEEN) == 0;
	char		c = *cursor->at;
	Decision	decision = DECIDE_NEITHER;

	if ((unsigned char) c == 0xEF)
	{
		size_t		left = (size_t) (cursor->end - cursor->at);

		if (memcmp(cursor->at, "\xEF\xBB\xBF", left < 3 ? left : 3) == 0)
		{
			if (left >= 3)
				return consume(cursor, cursor->at + 3), STEP_AGAIN;
			if (!cursor->last)
				return FRAMER_MORE;
		}
	}
	if (c == '{')
		decision = classify(cursor->at, cursor->end, true);
	if (decision == DECIDE_MORE)
		return cursor->last ? emit_rest(cursor, "tronque") : FRAMER_MORE;
	if (first && c != '[' && decision == DECIDE_NEITHER)
	{
		state->phase = PHASE_NOT_DECP;
		return FRAMER_NOT_DECP;
	}

	state->container = CONTAINER_UNKNOWN;
	state->flags |= FLAG_SEEN;
	if (c == '[')
	{
		set_list_depth(state, 1);
		state->flags |= FLAG_MARCHES;
	}
	else if (decision == DECIDE_WRAPPER)
		state->flags |= FLAG_ROOT;
	else if (c == '{')
		return take_value(cursor, VALUE_NESTED, NULL);
	else if (c != ',')
		return take_value(cursor, VALUE_LINE, "hors_document");
	consume(cursor, cursor->at + 1);
	return STEP_AGAIN;
}

/* What a key of the root or of "marches" announces */
static unsigned
key_expects(FramerState *state, const char *folded)
{
	bool		inside = (state->flags & FLAG_CONTAINER) != 0;

	if (is_list_key(folded))
	{
		if (inside)
			state->container = (folded[0] == 'm') ? CONTAINER_MARCHE : CONTAINER_CONCESSION;
		else
			state->container = CONTAINER_UNKNOWN;
		return EXPECT_RECORDS;
	}
	if (inside)
		return EXPECT_STRANGER;
	if (strcmp(folded, "marches") == 0)
	{
		state->container = CONTAINER_V1;
		return EXPECT_MARCHES;
	}
	return EXPECT_ANYTHING;
}

/* Inside a root object or {"marches":{, where a key should be */
static FramerStatus
step_key(Cursor *cursor)
{
	FramerState *state = cursor->state;
	char		c = *cursor->at;
	bool		full = (cursor->end - cursor->at >= FRAMER_RECORD_MAX);
	const char *stop = full ? cursor->at + FRAMER_RECORD_MAX : cursor->end;
	const char *p;
	char		folded[JSON_KEY_MAX];

	if (c == '}')
	{
		bool		inside = (state->flags & FLAG_CONTAINER) != 0;

		state->container = CONTAINER_UNKNOWN;
		state->flags &= ~(uint32_t) (inside ? FLAG_CONTAINER : FLAG_ROOT);
		if (!inside && (state->flags & FLAG_MARCHES) == 0 && state->numero == 0)
		{
			state->phase = PHASE_NOT_DECP;
			return FRAMER_NOT_DECP;
		}
	}
	if (c == ',' || c == '}')
	{
		consume(cursor, cursor->at + 1);
		return STEP_AGAIN;
	}
	if (c == ']')
		return take_bracket(cursor);
	if (c != '"')
		return take_value(cursor, value_kind(c), "syntaxe");

	p = key_end(cursor->at, stop);
	if (p != NULL)
	{
		json_key_fold(cursor->at + 1, (size_t) (p - 2 - cursor->at), folded);
		p = space_stop(p, stop);
	}
	if (p == NULL || p == stop)
	{
		if (full)
			return begin_skip(cursor, VALUE_SCALAR, false);
		return cursor->last ? emit_rest(cursor, "document_tronque") : FRAMER_MORE;
	}
	if (*p != ':')
		return take_value(cursor, VALUE_SCALAR, "syntaxe");
	set_expect(state, key_expects(state, folded));
	consume(cursor, p + 1);
	return STEP_AGAIN;
}

/* The value of a key of the root or of "marches" */
static FramerStatus
step_expected(Cursor *cursor)
{
	FramerState *state = cursor->state;
	unsigned	expect = get_expect(state);
	unsigned	kind = value_kind(*cursor->at);
	char		c = *cursor->at;
	FramerStatus status;

	if (c == ',' || c == '}' || c == ']')
	{
		/* the key has no value */
		set_expect(state, EXPECT_NOTHING);
		return STEP_AGAIN;
	}
	if (expect == EXPECT_ANYTHING || (expect == EXPECT_STRANGER && kind == VALUE_SCALAR))
	{
		set_expect(state, EXPECT_NOTHING);
		return begin_skip(cursor, kind, true);
	}
	if (c == '[' && expect != EXPECT_STRANGER)
	{
		set_expect(state, EXPECT_NOTHING);
		set_list_depth(state, 1);
		state->flags |= FLAG_MARCHES;
		consume(cursor, cursor->at + 1);
		return STEP_AGAIN;
	}
	if (c == '{' && expect == EXPECT_MARCHES)
	{
		const char *next = space_stop(cursor->at + 1, cursor->end);
		Decision	decision = classify(cursor->at, cursor->end, false);

		if (decision == DECIDE_MORE)
			return cursor->last ? emit_rest(cursor, "tronque") : FRAMER_MORE;
		if (decision == DECIDE_WRAPPER || (decision == DECIDE_NEITHER && *next == '}'))
		{
			set_expect(state, EXPECT_NOTHING);
			state->flags |= FLAG_CONTAINER | FLAG_MARCHES;
			consume(cursor, cursor->at + 1);
			return STEP_AGAIN;
		}
	}

	if (expect == EXPECT_STRANGER)
		status = take_value(cursor, kind, "conteneur_inconnu");
	else
		status = (c == '{') ? take_value(cursor, kind, NULL) : take_scalar(cursor);
	if (status == FRAMER_MORE)
		return status;
	set_expect(state, EXPECT_NOTHING);
	state->flags |= FLAG_MARCHES;

	/* "marche": null is a list of no record */
	if (status == FRAMER_BAD && strcmp(cursor->frame->motif, "nul") == 0)
	{
		state->numero--;
		return STEP_AGAIN;
	}
	return status;
}

static FramerStatus
step_list(Cursor *cursor)
{
	FramerState *state = cursor->state;
	unsigned	depth = list_depth(state);

	switch (*cursor->at)
	{
		case '{':
			return take_value(cursor, VALUE_NESTED, NULL);
		case '}':
			return take_bracket(cursor);
		case ',':
			break;
		case '[':
			if (depth == LIST_MAX)
				return take_value(cursor, VALUE_NESTED, "pas_un_objet");
			set_list_depth(state, depth + 1);
			break;
		case ']':
			set_list_depth(state, depth - 1);
			break;
		default:
			return take_scalar(cursor);
	}
	consume(cursor, cursor->at + 1);
	return STEP_AGAIN;
}

static FramerStatus
step_read(Cursor *cursor)
{
	FramerState *state = cursor->state;
	bool		inside = (list_depth(state) > 0 || (state->flags & FLAG_ROOT) != 0);

	consume(cursor, space_stop(cursor->at, cursor->end));
	if (cursor->at == cursor->end)
	{
		if (!cursor->last)
			return FRAMER_MORE;
		if (inside)
			return emit_rest(cursor, "document_tronque");
		state->phase = PHASE_END;
		return FRAMER_END;
	}
	if (get_expect(state) != EXPECT_NOTHING)
		return step_expected(cursor);
	if (list_depth(state) > 0)
		return step_list(cursor);
	return inside ? step_key(cursor) : step_top(cursor);
}

/* ---- interface ---- */

void
framer_init(FramerState *state)
{
	memset(state, 0, sizeof(*state));
	state->version = FRAMER_STATE_VERSION;
}

bool
framer_state_valid(const FramerState *state)
{
	bool		skipping = (state->phase == PHASE_SKIP);
	uint32_t	flags = state->flags;
	bool		open = (flags & (FLAG_ROOT | FLAG_CONTAINER | EXPECT_MASK)) != 0 || list_depth(state) > 0;

	if (state->version != FRAMER_STATE_VERSION || state->phase >= PHASE_COUNT ||
		state->container > CONTAINER_CONCESSION || get_expect(state) >= EXPECT_COUNT ||
		(flags & KIND_MASK) >> KIND_SHIFT >= VALUE_COUNT)
		return false;

	/* every record and every bracket takes a byte; the mark of a cut document may take none */
	if (state->numero > state->octet + 1 || list_depth(state) > state->octet)
		return false;
	if (open && (flags & FLAG_SEEN) == 0)
		return false;
	if ((flags & (FLAG_CONTAINER | EXPECT_MASK)) != 0 && (flags & FLAG_ROOT) == 0)
		return false;
	if (get_expect(state) != EXPECT_NOTHING && list_depth(state) > 0)
		return false;
	if (get_expect(state) == EXPECT_STRANGER && (flags & FLAG_CONTAINER) == 0)
		return false;
	if (!skipping)
		return state->skip_start == 0 && state->skip_depth == 0 &&
			(flags & (LEX_MASK | KIND_MASK | FLAG_QUIET)) == 0;
	return state->skip_start <= state->octet && state->skip_depth <= state->octet - state->skip_start;
}

FramerStatus
framer_next(FramerState *state, const char *buffer, size_t len, bool last, Frame *frame)
{
	Cursor		cursor = {state, buffer, buffer + len, last, frame};

	memset(frame, 0, sizeof(*frame));
	for (;;)
	{
		FramerStatus status;

		switch (state->phase)
		{
			case PHASE_END:
				return FRAMER_END;
			case PHASE_NOT_DECP:
				return FRAMER_NOT_DECP;
			case PHASE_SKIP:
				status = step_skip(&cursor);
				break;
			default:
				status = step_read(&cursor);
				break;
		}
		if (status != STEP_AGAIN)
			return status;
	}
}
