/*
 * framer.c
 *	  Cuts a DECP JSON document into its records.
 *
 * The framer follows brackets and strings, nothing else: whether a record is
 * valid JSON is for its reader. What it does outside records is lenient too,
 * since whatever it can't place is handed out as FRAMER_BAD.
 *
 * It keeps no stack: what it is inside of is a few flags and a depth.
 */
#include "framer_scan.h"
#include "framer_state.h"
#include "json_key.h"

/* Internal outcome of one step: nothing to tell yet, go on */
#define STEP_AGAIN ((FramerStatus) -1)

typedef struct Cursor
{
	FramerState *state;
	const char *at;				/* stands for byte state->octet */
	const char *end;
	bool		last;
	Frame	   *frame;
} Cursor;

/* ---- frames ---- */

static void
consume(Cursor *cursor, const char *to)
{
	cursor->state->octet += (uint64_t) (to - cursor->at);
	cursor->at = to;
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
	Scan		scan = {.lex = (state->flags & LEX_MASK) >> LEX_SHIFT,
		.kind = (state->flags & KIND_MASK) >> KIND_SHIFT,.depth = state->skip_depth};
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
 * The end of the value that begins here, NULL when it is not in the buffer.
 * False: more is needed to tell. What is broken and how it ends is told from
 * the first BROKEN_SPAN bytes alone, however the document was cut.
 */
static bool
value_end(const Cursor *cursor, unsigned kind, bool record, const char **end)
{
	Scan		scan = {.lex = LEX_OUT,.kind = kind};
	bool		whole = cursor->end - cursor->at >= BROKEN_SPAN;
	const char *stop = whole ? cursor->at + BROKEN_SPAN : cursor->end;
	const char *found = NULL;

	*end = scan_value(&scan, cursor->at, stop);
	if (scan.broken && kind == VALUE_NESTED && record)
	{
		if (!whole && !cursor->last)
			return false;
		found = scan_broken_end(cursor->at, stop);
	}
	if (found != NULL)
		*end = found;
	else if (*end == NULL)
		*end = scan_value(&scan, stop, cursor->end);
	return true;
}

/*
 * The value that begins here, handed out whole. motif NULL: it is a record.
 * Sizes are judged alike whether or not the end is in the buffer, so that the
 * frames do not depend on how the document was cut.
 */
static FramerStatus
take_value(Cursor *cursor, unsigned kind, const char *motif)
{
	const char *debut = cursor->at;
	const char *end;
	uint64_t	start = cursor->state->octet;
	size_t		size;

	if (!value_end(cursor, kind, motif == NULL, &end))
		return FRAMER_MORE;
	if (end == NULL && cursor->last && kind == VALUE_LINE)
		end = cursor->end;
	size = (size_t) ((end ? end : cursor->end) - debut);
	if (size >= FRAMER_RECORD_MAX)
		return begin_skip(cursor, kind, false);
	if (end == NULL)
		return cursor->last ? emit_rest(cursor, "tronque") : FRAMER_MORE;

	consume(cursor, end);
	while (kind != VALUE_NESTED && scan_is_space(debut[size - 1]))
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
		decision = scan_classify(cursor->at, cursor->end, true);
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
		framer_set_list_depth(state, 1);
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

	if (scan_is_list_key(folded))
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
		return take_value(cursor, scan_kind(c), "syntaxe");

	p = scan_key(cursor->at, stop);
	if (p != NULL)
	{
		json_key_fold(cursor->at + 1, (size_t) (p - 2 - cursor->at), folded);
		p = scan_space(p, stop);
	}
	if (p == NULL || p == stop)
	{
		if (full)
			return begin_skip(cursor, VALUE_SCALAR, false);
		return cursor->last ? emit_rest(cursor, "document_tronque") : FRAMER_MORE;
	}
	if (*p != ':')
		return take_value(cursor, VALUE_SCALAR, "syntaxe");
	framer_set_expect(state, key_expects(state, folded));
	consume(cursor, p + 1);
	return STEP_AGAIN;
}

/* null, or a pair of brackets */
static bool
holds_nothing(const Frame *frame)
{
	const char *end = frame->debut + frame->disponible;

	if (frame->debut == NULL || frame->disponible < 2)
		return false;
	if (strcmp(frame->motif, "nul") == 0)
		return true;
	return strcmp(frame->motif, "conteneur_inconnu") == 0 &&
		scan_space(frame->debut + 1, end) == end - 1;
}

/* The value of a key of the root or of "marches" */
static FramerStatus
step_expected(Cursor *cursor)
{
	FramerState *state = cursor->state;
	unsigned	expect = framer_expect(state);
	unsigned	kind = scan_kind(*cursor->at);
	char		c = *cursor->at;
	FramerStatus status;

	if (c == ',' || c == '}' || c == ']')
	{
		/* the key has no value */
		framer_set_expect(state, EXPECT_NOTHING);
		return STEP_AGAIN;
	}
	if (expect == EXPECT_ANYTHING || (expect == EXPECT_STRANGER && kind == VALUE_SCALAR))
	{
		framer_set_expect(state, EXPECT_NOTHING);
		return begin_skip(cursor, kind, true);
	}
	if (c == '[' && expect != EXPECT_STRANGER)
	{
		framer_set_expect(state, EXPECT_NOTHING);
		framer_set_list_depth(state, 1);
		state->flags |= FLAG_MARCHES;
		consume(cursor, cursor->at + 1);
		return STEP_AGAIN;
	}
	if (c == '{' && expect == EXPECT_MARCHES)
	{
		const char *next = scan_space(cursor->at + 1, cursor->end);
		Decision	decision = scan_classify(cursor->at, cursor->end, false);

		if (decision == DECIDE_MORE)
			return cursor->last ? emit_rest(cursor, "tronque") : FRAMER_MORE;
		if (decision == DECIDE_WRAPPER || (decision == DECIDE_NEITHER && *next == '}'))
		{
			framer_set_expect(state, EXPECT_NOTHING);
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
	framer_set_expect(state, EXPECT_NOTHING);
	state->flags |= FLAG_MARCHES;
	if (status == FRAMER_BAD && holds_nothing(cursor->frame))
	{
		/* "marche": null is a list of no record, and so is "autre": [] */
		state->numero--;
		return STEP_AGAIN;
	}
	return status;
}

static FramerStatus
step_list(Cursor *cursor)
{
	FramerState *state = cursor->state;
	unsigned	depth = framer_list_depth(state);

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
			framer_set_list_depth(state, depth + 1);
			break;
		case ']':
			framer_set_list_depth(state, depth - 1);
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
	bool		inside = (framer_list_depth(state) > 0 || (state->flags & FLAG_ROOT) != 0);

	consume(cursor, scan_space(cursor->at, cursor->end));
	if (cursor->at == cursor->end)
	{
		if (!cursor->last)
			return FRAMER_MORE;
		if (inside)
			return emit_rest(cursor, "document_tronque");
		state->phase = PHASE_END;
		return FRAMER_END;
	}
	if (framer_expect(state) != EXPECT_NOTHING)
		return step_expected(cursor);
	if (framer_list_depth(state) > 0)
		return step_list(cursor);
	return inside ? step_key(cursor) : step_top(cursor);
}

/* ---- interface ---- */

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
