/*
 * xml_framer.c
 *	  Cuts a DECP XML document into its records.
 *
 * Whether a record is valid XML is for its reader. To find the next record
 * behind one that is broken, a record ends with the end tag of its name and
 * nothing else is counted in it; only the rows of flat exports, whose names
 * may be anything, are followed by depth.
 */
#include "json_key.h"
#include "xml_framer.h"

/* Internal outcome of one step: nothing to tell yet, go on */
#define STEP_AGAIN ((FramerStatus) -1)

enum
{
	PHASE_READ, PHASE_SKIP, PHASE_END, PHASE_COUNT
};

/* What is being read */
typedef enum Kind
{
	KIND_MARCHE, KIND_CONCESSION, KIND_ROW, KIND_TEXT, KIND_COUNT
} Kind;

#define FLAG_SEEN		0x01	/* the root was met */
#define FLAG_LATIN		0x02	/* the declaration names ISO-8859-1 or Windows-1252 */
#define KIND_SHIFT		2
#define KIND_MASK		0x0C	/* of what is skipped */
#define FLAGS_KNOWN		0xFFFFFF0F
/* Elements around the records that are open; the count stops at its maximum */
#define DEPTH_SHIFT		8
#define DEPTH_MAX		0xFFFFFF

typedef struct Cursor
{
	FramerState *state;
	XmlWalk		walk;
	const char *at;				/* stands for byte state->octet */
	Frame	   *frame;
} Cursor;

/* Something that reaches over several signs */
typedef struct Extent
{
	Kind		kind;
	uint32_t	name;			/* hash of a row's name */
	uint64_t	nested;			/* rows of this name that are open inside it */
	uint64_t	open;			/* elements that are open, itself included */
} Extent;

typedef enum Reach
{
	REACH_END,					/* its end tag was met */
	REACH_CUT,					/* something that can't be in it begins here */
	REACH_WRAPPER,				/* a row that holds records is none */
	REACH_MORE					/* its end is not in the buffer */
} Reach;

/* ---- frames ---- */

static void
consume(Cursor *cursor, const char *to)
{
	cursor->state->octet += (uint64_t) (to - cursor->at);
	cursor->at = to;
}

static uint32_t
depth(const FramerState *state)
{
	return state->flags >> DEPTH_SHIFT;
}

static void
deepen(FramerState *state, uint64_t levels)
{
	uint64_t	wanted = depth(state) + levels;

	if (wanted > DEPTH_MAX)
		wanted = DEPTH_MAX;
	state->flags = (state->flags & ((1u << DEPTH_SHIFT) - 1)) | (uint32_t) wanted << DEPTH_SHIFT;
}

/* Hand out size bytes; debut NULL: they are gone */
static FramerStatus
emit(Cursor *cursor, Kind kind, uint64_t start, uint64_t size, const char *debut, const char *motif)
{
	static const FramerContainer containers[] = {CONTAINER_XML_MARCHE, CONTAINER_XML_CONCESSION,
		CONTAINER_UNKNOWN, CONTAINER_UNKNOWN};
	Frame	   *frame = cursor->frame;

	frame->numero = ++cursor->state->numero;
	frame->octet = start;
	frame->taille = size;
	frame->debut = debut;
	frame->disponible = debut ? (size_t) size : 0;
	frame->container = containers[kind];
	frame->latin = (cursor->state->flags & FLAG_LATIN) != 0;
	frame->motif = motif;
	return motif ? FRAMER_BAD : FRAMER_RECORD;
}

static FramerStatus
emit_rest(Cursor *cursor, Kind kind, const char *motif)
{
	uint64_t	start = cursor->state->octet;
	const char *debut = cursor->at;

	consume(cursor, cursor->walk.end);
	cursor->state->phase = PHASE_END;
	return emit(cursor, kind, start, (uint64_t) (cursor->at - debut), debut, motif);
}

static FramerStatus
not_decp(Cursor *cursor, const char *motif)
{
	cursor->frame->motif = motif;
	return FRAMER_NOT_DECP;
}

/* ---- names ---- */

static uint32_t
name_hash(Slice name)
{
	uint32_t	hash = UINT32_C(2166136261);

	for (size_t i = 0; i < name.len; i++)
		hash = (hash ^ (unsigned char) name.data[i]) * UINT32_C(16777619);
	return hash;
}

static Kind
record_kind(const char *folded)
{
	if (strcmp(folded, "marche") == 0)
		return KIND_MARCHE;
	return strcmp(folded, "contratconcession") == 0 ? KIND_CONCESSION : KIND_ROW;
}

static void
fold(Slice name, char folded[JSON_KEY_MAX])
{
	name = xml_local_name(name);
	json_key_fold(name.data, name.len, folded);
}

/* ---- extents ---- */

static bool
is_tag(XmlTokenKind kind)
{
	return kind == XML_TOKEN_START || kind == XML_TOKEN_END;
}

/* What a tag inside a record says of its end; REACH_MORE: nothing */
static Reach
record_tag(const Extent *extent, const XmlToken *token)
{
	char		folded[JSON_KEY_MAX];
	Kind		kind;

	fold(token->name, folded);
	kind = record_kind(folded);
	if (token->kind == XML_TOKEN_START)
		return kind == KIND_ROW ? REACH_MORE : REACH_CUT;
	if (kind == extent->kind)
		return REACH_END;
	return strcmp(folded, "marches") == 0 ? REACH_CUT : REACH_MORE;
}

static Reach
row_tag(Extent *extent, const XmlToken *token)
{
	bool		start = (token->kind == XML_TOKEN_START);
	char		folded[JSON_KEY_MAX];

	fold(token->name, folded);
	if (start && (record_kind(folded) != KIND_ROW || strcmp(folded, "marches") == 0))
		return REACH_WRAPPER;
	if (start)
		extent->open++;
	else if (extent->open > 1)
		extent->open--;
	if (name_hash(token->name) != extent->name)
		return REACH_MORE;
	if (start)
		extent->nested++;
	else if (extent->nested-- == 0)
		return REACH_END;
	return REACH_MORE;
}

/* Follows what is open from *p on; *p: where it ends, or how far all is known */
static Reach
follow(XmlWalk *walk, Extent *extent, const char **p)
{
	while (*p < walk->end)
	{
		XmlToken	token = xml_token(walk, *p);
		Reach		reach = REACH_MORE;

		if (token.kind == XML_TOKEN_CUT)
			return REACH_MORE;
		if (extent->kind == KIND_TEXT)
			reach = (token.kind == XML_TOKEN_TEXT) ? REACH_MORE : REACH_CUT;
		else if (is_tag(token.kind))
			reach = (extent->kind == KIND_ROW) ? row_tag(extent, &token) : record_tag(extent, &token);
		if (reach == REACH_CUT || reach == REACH_WRAPPER)
			return reach;
		*p = token.stop;
		if (reach == REACH_END)
			return reach;
	}
	return REACH_MORE;
}

static FramerStatus
begin_skip(Cursor *cursor, const Extent *extent, const char *behind)
{
	FramerState *state = cursor->state;

	state->phase = PHASE_SKIP;
	state->skip_start = state->octet;
	state->skip_depth = 0;
	state->container = extent->name;
	state->flags = (state->flags & ~(uint32_t) KIND_MASK) | (uint32_t) extent->kind << KIND_SHIFT;
	/* it is walked through once more, from its beginning */
	memset(cursor->walk.searched, 0, sizeof(cursor->walk.searched));
	consume(cursor, behind);
	return STEP_AGAIN;
}

static FramerStatus
step_skip(Cursor *cursor)
{
	FramerState *state = cursor->state;
	uint64_t	start = state->skip_start;
	Extent		extent = {(Kind) ((state->flags & KIND_MASK) >> KIND_SHIFT), state->container, state->skip_depth, 1};
	const char *p = cursor->at;
	Reach		reach = follow(&cursor->walk, &extent, &p);

	consume(cursor, p);
	if (reach == REACH_MORE && !cursor->walk.last)
	{
		state->skip_depth = extent.nested;
		return FRAMER_MORE;
	}
	/* a row of that size that holds records after all: how deep is not known */
	if (reach == REACH_WRAPPER)
		deepen(state, 1);
	state->phase = (reach == REACH_MORE && extent.kind != KIND_TEXT) ? PHASE_END : PHASE_READ;
	state->skip_start = state->skip_depth = 0;
	state->container = 0;
	state->flags &= ~(uint32_t) KIND_MASK;
	return emit(cursor, extent.kind, start, state->octet - start, NULL,
				state->phase == PHASE_END ? "tronque" : "trop_grand");
}

/*
 * What begins with this sign, handed out whole. Sizes are judged alike whether
 * or not the end is in the buffer, so that the frames do not depend on how the
 * document was cut.
 */
static FramerStatus
take(Cursor *cursor, Kind kind, const XmlToken *token)
{
	Extent		extent = {kind, kind == KIND_ROW ? name_hash(token->name) : 0, 0, 1};
	uint64_t	start = cursor->state->octet;
	const char *debut = cursor->at;
	const char *p = token->stop;
	Reach		reach = REACH_END;

	if (token->kind != XML_TOKEN_EMPTY)
		reach = follow(&cursor->walk, &extent, &p);
	if (p - debut >= XML_RECORD_MAX)
		return begin_skip(cursor, &extent, token->stop);
	if (reach == REACH_MORE)
	{
		if (!cursor->walk.last)
			return FRAMER_MORE;
		return emit_rest(cursor, kind, kind == KIND_TEXT ? "syntaxe" : "tronque");
	}
	consume(cursor, p);
	if (reach == REACH_WRAPPER)
	{
		deepen(cursor->state, extent.open);
		return STEP_AGAIN;
	}
	return emit(cursor, kind, start, (uint64_t) (p - debut), debut,
				kind == KIND_TEXT ? "syntaxe" : NULL);
}

/* ---- steps ---- */

/* Is it ISO-8859-1 or Windows-1252 that an XML declaration names? */
static bool
declares_latin(const char *p, const char *stop)
{
	static const char *const latin[] = {"iso88591", "iso885915", "latin1", "windows1252", "cp1252", NULL};
	static const char word[] = "encoding";
	char		folded[JSON_KEY_MAX];

	for (; stop - p > (ptrdiff_t) sizeof(word); p++)
	{
		const char *name = p + sizeof(word) - 1;
		size_t		n;

		if (memcmp(p, word, sizeof(word) - 1) != 0)
			continue;
		while (name < stop && strchr(" \t\r\n='\"", *name) != NULL && *name != '\0')
			name++;
		for (n = 0; name + n < stop && strchr(" \t\r\n'\"?", name[n]) == NULL; n++)
			;
		json_key_fold(name, n, folded);
		for (int i = 0; latin[i] != NULL; i++)
			if (strcmp(folded, latin[i]) == 0)
				return true;
		return false;
	}
	return false;
}

/* A byte order mark at the very beginning; STEP_AGAIN: there is none, or it is consumed */
static FramerStatus
step_mark(Cursor *cursor)
{
	const char *p = cursor->at;
	size_t		left = (size_t) (cursor->walk.end - p);

	if (left >= 2 && (memcmp(p, "\xFF\xFE", 2) == 0 || memcmp(p, "\xFE\xFF", 2) == 0 ||
					  memcmp(p, "<\0", 2) == 0 || memcmp(p, "\0<", 2) == 0))
		return not_decp(cursor, "utf16");
	if (left < 3 && !cursor->walk.last)
		return FRAMER_MORE;
	if (left >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
		consume(cursor, p + 3);
	return STEP_AGAIN;
}

static FramerStatus
step_start(Cursor *cursor, const XmlToken *token)
{
	FramerState *state = cursor->state;
	bool		empty = (token->kind == XML_TOKEN_EMPTY);
	bool		first = (state->flags & FLAG_SEEN) == 0;
	char		folded[JSON_KEY_MAX];
	Kind		kind;

	fold(token->name, folded);
	if (first && strcmp(folded, "html") == 0)
		return not_decp(cursor, NULL);
	kind = record_kind(folded);
	state->flags |= FLAG_SEEN;
	if (kind != KIND_ROW)
		return take(cursor, kind, token);
	/* an element around records, or the root of rows; an empty one holds nothing */
	if (empty || depth(state) == 0 || strcmp(folded, "marches") == 0)
	{
		if (!empty)
			deepen(state, 1);
		consume(cursor, token->stop);
		return STEP_AGAIN;
	}
	return take(cursor, kind, token);
}

static FramerStatus
step_end(Cursor *cursor, const XmlToken *token)
{
	FramerState *state = cursor->state;
	uint64_t	start = state->octet;
	const char *debut = cursor->at;
	char		folded[JSON_KEY_MAX];

	if ((state->flags & FLAG_SEEN) == 0)
		return not_decp(cursor, NULL);
	fold(token->name, folded);
	consume(cursor, token->stop);
	/* of nothing, or of a record whose beginning could not be seen */
	if (depth(state) == 0 || record_kind(folded) != KIND_ROW)
		return emit(cursor, KIND_TEXT, start, (uint64_t) (token->stop - debut), debut, "syntaxe");
	state->flags -= 1u << DEPTH_SHIFT;
	return STEP_AGAIN;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static FramerStatus
step_read(Cursor *cursor)
{
	FramerState *state = cursor->state;
	const char *p = cursor->at;
	XmlToken	token;

	if (state->octet == 0)
	{
		FramerStatus status = step_mark(cursor);

		if (status != STEP_AGAIN)
			return status;
		p = cursor->at;
	}
	while (p < cursor->walk.end && is_space(*p))
		p++;
	consume(cursor, p);
	if (p == cursor->walk.end)
	{
		if (!cursor->walk.last)
			return FRAMER_MORE;
		if (depth(state) > 0)
			return emit_rest(cursor, KIND_TEXT, "document_tronque");
		state->phase = PHASE_END;
		return FRAMER_END;
	}

	token = xml_token(&cursor->walk, p);
	switch (token.kind)
	{
		case XML_TOKEN_CUT:
			return FRAMER_MORE;
		case XML_TOKEN_DOCTYPE:
			return not_decp(cursor, "dtd");
		case XML_TOKEN_START:
		case XML_TOKEN_EMPTY:
			return step_start(cursor, &token);
		case XML_TOKEN_END:
			return step_end(cursor, &token);
		case XML_TOKEN_TEXT:
			if ((state->flags & FLAG_SEEN) == 0)
				return not_decp(cursor, NULL);
			return take(cursor, KIND_TEXT, &token);
		case XML_TOKEN_INSTRUCTION:
			if (declares_latin(p, token.stop))
				state->flags |= FLAG_LATIN;
			break;
		case XML_TOKEN_OTHER:
			break;
	}
	consume(cursor, token.stop);
	return STEP_AGAIN;
}

/* ---- interface ---- */

void
xml_framer_init(FramerState *state)
{
	memset(state, 0, sizeof(*state));
	state->version = XML_FRAMER_STATE_VERSION;
}

bool
xml_framer_state_valid(const FramerState *state)
{
	bool		skipping = (state->phase == PHASE_SKIP);

	if (state->version != XML_FRAMER_STATE_VERSION || state->phase >= PHASE_COUNT ||
		(state->flags & ~(uint32_t) FLAGS_KNOWN) != 0)
		return false;
	/* every record and every tag takes a byte; the mark of a cut document may take none */
	if (state->numero > state->octet + 1 || depth(state) > state->octet)
		return false;
	if (depth(state) > 0 && (state->flags & FLAG_SEEN) == 0)
		return false;
	if (!skipping)
		return state->skip_start == 0 && state->skip_depth == 0 && state->container == 0 &&
			(state->flags & KIND_MASK) == 0;
	return state->skip_start <= state->octet && state->skip_depth <= state->octet - state->skip_start;
}

FramerStatus
xml_framer_next(FramerState *state, const char *buffer, size_t len, bool last, Frame *frame)
{
	Cursor		cursor = {state, {buffer + len, last, {NULL, NULL, NULL}}, buffer, frame};

	memset(frame, 0, sizeof(*frame));
	for (;;)
	{
		FramerStatus status;

		if (state->phase == PHASE_END)
			return FRAMER_END;
		status = (state->phase == PHASE_SKIP) ? step_skip(&cursor) : step_read(&cursor);
		if (status != STEP_AGAIN)
			return status;
	}
}
