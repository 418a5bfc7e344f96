/*
 * lecteur.c
 *	  lire_json(), lire_xml(): DECP documents to rows, one record in memory at
 *	  a time.
 *
 * The framer cuts the bytes into records, the core reads one record, its row
 * goes to a tuplestore (which spills to disk), and all memory of the record is
 * released before the next. What is needed to go on with the next piece of the
 * document is the framer's state, given to the caller as an opaque bytea.
 */
#include "compat.h"

#include "lecteur.h"

#include "core/xml_framer.h"
#include "core/xml_record.h"
#include "core/xml_tree.h"

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(lire_json);
PG_FUNCTION_INFO_V1(lire_xml);

/* A record that is set aside keeps this much of its text */
#define REJET_TEXTE_MAX (1024 * 1024)

/* json-c and libxml2 allocate with malloc: their owner goes when this memory context goes */
typedef struct LecteurCore
{
	RecordReader *reader;
	struct XmlTree *xml;		/* NULL for JSON */
	MemoryContextCallback callback;
} LecteurCore;

/* What tells the readers of JSON and XML apart */
typedef struct Format
{
	const char *fonction;		/* in SQL */
	int			sqlstate;		/* of a document or record that is none */
	bool		xml;
	void		(*init) (FramerState *state);
	bool		(*valid) (const FramerState *state);
	FramerStatus (*next) (FramerState *state, const char *buffer, size_t len, bool last, Frame *frame);
	bool		(*read) (LecteurCore *core, const CoreMemory *memory, const Frame *frame,
						 DecpContrat *contrat, RecordError *error);
	Slice		(*keepable) (const CoreMemory *memory, const char *text, size_t len, size_t max);
	void		(*not_decp) (const Frame *frame, uint64 octet, const char *start);
} Format;

static void
lecteur_core_release(void *arg)
{
	LecteurCore *core = arg;

	if (core->reader != NULL)
		record_reader_destroy(core->reader);
	if (core->xml != NULL)
		xml_tree_destroy(core->xml);
	core->reader = NULL;
	core->xml = NULL;
}

static LecteurCore *
lecteur_core_create(bool xml)
{
	LecteurCore *core = palloc0(sizeof(LecteurCore));

	core->callback.func = lecteur_core_release;
	core->callback.arg = core;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &core->callback);
	core->reader = record_reader_create();
	if (xml)
		core->xml = xml_tree_create();
	if (core->reader == NULL || (xml && core->xml == NULL))
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	return core;
}

static void *
lecteur_alloc(void *context, size_t size)
{
	return MemoryContextAlloc((MemoryContext) context, size);
}

static void *
lecteur_resize(void *context, void *old, size_t size)
{
	return old ? repalloc(old, size) : MemoryContextAlloc((MemoryContext) context, size);
}

static bytea *
reprise_write(const FramerState *state)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint32(&buf, state->version);
	pq_sendint64(&buf, state->octet);
	pq_sendint64(&buf, state->numero);
	pq_sendint32(&buf, state->phase);
	pq_sendint64(&buf, state->skip_start);
	pq_sendint64(&buf, state->skip_depth);
	pq_sendint32(&buf, state->flags);
	pq_sendint32(&buf, state->container);
	return pq_endtypsend(&buf);
}

#define REPRISE_SIZE 48

static void
reprise_read(const Format *format, bytea *reprise, FramerState *state)
{
	StringInfoData buf;

	buf.data = VARDATA_ANY(reprise);
	buf.len = VARSIZE_ANY_EXHDR(reprise);
	buf.maxlen = buf.len;
	buf.cursor = 0;
	memset(state, 0, sizeof(*state));
	if (buf.len == REPRISE_SIZE)
	{
		state->version = pq_getmsgint(&buf, 4);
		state->octet = pq_getmsgint64(&buf);
		state->numero = pq_getmsgint64(&buf);
		state->phase = pq_getmsgint(&buf, 4);
		state->skip_start = pq_getmsgint64(&buf);
		state->skip_depth = pq_getmsgint64(&buf);
		state->flags = pq_getmsgint(&buf, 4);
		state->container = pq_getmsgint(&buf, 4);
	}
	if (buf.len != REPRISE_SIZE || !format->valid(state) ||
		state->octet > PG_INT64_MAX || state->numero > PG_INT64_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for parameter \"reprise\""),
				 errhint("Give back the bytea that %s returned for the piece before, or NULL for the first piece.",
						 format->fonction)));
}

static void
lecteur_error_context(void *arg)
{
	const Frame *frame = arg;

	if (frame->numero > 0)
		errcontext("DECP record %llu, byte offset %llu",
				   (unsigned long long) frame->numero,
				   (unsigned long long) frame->octet);
}

/* The first bytes, as they can be shown */
static char *
printable(const char *bytes, size_t len)
{
	size_t		shown = Min(len, 40);
	StringInfoData start;

	initStringInfo(&start);
	for (size_t i = 0; i < shown; i++)
	{
		unsigned char ch = bytes[i];

		if (ch >= 0x20 && ch < 0x7F && ch != '\\')
			appendStringInfoChar(&start, ch);
		else
			appendStringInfo(&start, "\\x%02X", ch);
	}
	return start.data;
}

static void
not_decp_json(const Frame *frame, uint64 octet, const char *start)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_JSON_TEXT),
			 errmsg("not a DECP JSON document"),
			 errdetail("At byte offset %llu stands \"%s\".",
					   (unsigned long long) octet, start),
			 errhint("A DECP document is {\"marches\": [...]}, {\"marches\": {\"marche\": [...], \"contrat-concession\": [...]}}, an array of records, or records one after the other.")));
}

static void
not_decp_xml(const Frame *frame, uint64 octet, const char *start)
{
	if (frame->motif != NULL && strcmp(frame->motif, "dtd") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_XML_DOCUMENT),
				 errmsg("document type declarations are not read"),
				 errdetail("At byte offset %llu stands \"%s\".",
						   (unsigned long long) octet, start),
				 errhint("DECP documents have none. Remove it if the document does not need its entities.")));
	if (frame->motif != NULL && strcmp(frame->motif, "utf16") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_XML_DOCUMENT),
				 errmsg("UTF-16 is not read"),
				 errdetail("At byte offset %llu stands \"%s\".",
						   (unsigned long long) octet, start),
				 errhint("Convert the document first: iconv -f UTF-16 -t UTF-8.")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_XML_DOCUMENT),
			 errmsg("not a DECP XML document"),
			 errdetail("At byte offset %llu stands \"%s\".",
					   (unsigned long long) octet, start),
			 errhint("A DECP document is <marches> around <marche> and <contrat-concession> elements, such an element alone, or a root around rows.")));
}

/* One frame that is no usable record: an error in strict mode, else a row */
static void
set_aside(const Format *format, LigneLue *ligne, const CoreMemory *memory, const Frame *frame,
		  const char *motif, const char *detail, bool strict)
{
	Slice		texte = SLICE_NONE;

	if (strict)
		ereport(ERROR,
				(errcode(format->sqlstate),
				 errmsg("DECP record %llu at byte offset %llu cannot be read: %s",
						(unsigned long long) frame->numero,
						(unsigned long long) frame->octet, motif),
				 detail ? errdetail("%s", detail) : 0,
				 errhint("Without strict mode the record is set aside and the load goes on.")));
	if (frame->debut != NULL)
		texte = format->keepable(memory, frame->debut, frame->disponible, REJET_TEXTE_MAX);
	ligne_rejet(ligne, frame, motif, detail, texte);
}

static bool
read_json(LecteurCore *core, const CoreMemory *memory, const Frame *frame,
		  DecpContrat *contrat, RecordError *error)
{
	return record_read(core->reader, memory, frame->debut, frame->taille,
					   frame->container, contrat, error);
}

static bool
read_xml(LecteurCore *core, const CoreMemory *memory, const Frame *frame,
		 DecpContrat *contrat, RecordError *error)
{
	return xml_record_read(core->xml, core->reader, memory, frame, contrat, error);
}

static const Format json = {"lire_json", ERRCODE_INVALID_JSON_TEXT, false,
	framer_init, framer_state_valid, framer_next,
read_json, record_text_keepable, not_decp_json};

static const Format xml = {"lire_xml", ERRCODE_INVALID_XML_DOCUMENT, true,
	xml_framer_init, xml_framer_state_valid, xml_framer_next,
read_xml, xml_text_keepable, not_decp_xml};

static void
read_record(const Format *format, LigneLue *ligne, LecteurCore *core, const CoreMemory *memory,
			const Frame *frame, bool strict)
{
	DecpContrat contrat;
	RecordError error;

	if (format->read(core, memory, frame, &contrat, &error))
		ligne_contrat(ligne, frame, &contrat);
	else
		set_aside(format, ligne, memory, frame, error.motif,
				  psprintf("%s Byte offset %llu of the document.", error.detail,
						   (unsigned long long) (frame->octet + error.octet)), strict);
}

/* All records of the piece; the state says where it stopped */
static void
read_piece(const Format *format, LigneLue *ligne, FramerState *state, const char *data,
		   size_t len, bool last, bool strict)
{
	LecteurCore *core = lecteur_core_create(format->xml);
	MemoryContext record_context = AllocSetContextCreate(CurrentMemoryContext,
														 "DECP record",
														 ALLOCSET_DEFAULT_SIZES);
	CoreMemory	memory = {lecteur_alloc, lecteur_resize, record_context};
	uint64		base = state->octet;
	Frame		frame = {0};
	ErrorContextCallback errcontext_callback = {error_context_stack, lecteur_error_context, &frame};
	FramerStatus status;

	error_context_stack = &errcontext_callback;
	do
	{
		size_t		consumed = state->octet - base;
		MemoryContext old;

		CHECK_FOR_INTERRUPTS();
		status = format->next(state, data + consumed, len - consumed, last, &frame);
		MemoryContextReset(record_context);
		old = MemoryContextSwitchTo(record_context);
		if (status == FRAMER_RECORD)
			read_record(format, ligne, core, &memory, &frame, strict);
		else if (status == FRAMER_BAD)
			set_aside(format, ligne, &memory, &frame, frame.motif, NULL, strict);
		else if (status == FRAMER_NOT_DECP)
			format->not_decp(&frame, state->octet,
							 printable(data + (state->octet - base), len - (state->octet - base)));
		MemoryContextSwitchTo(old);
	} while (status == FRAMER_RECORD || status == FRAMER_BAD);
	error_context_stack = errcontext_callback.previous;

	lecteur_core_release(core);
	MemoryContextDelete(record_context);
}

static Datum
lire(FunctionCallInfo fcinfo, const Format *format)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	bool		last = PG_ARGISNULL(2) || PG_GETARG_BOOL(2);
	bool		strict = !PG_ARGISNULL(3) && PG_GETARG_BOOL(3);
	FramerState state;
	LigneLue	ligne;
	bytea	   *octets;

	InitMaterializedSRF(fcinfo, 0);
	if (PG_ARGISNULL(0))
		return (Datum) 0;
	octets = PG_GETARG_BYTEA_PP(0);
	if (PG_ARGISNULL(1))
		format->init(&state);
	else
		reprise_read(format, PG_GETARG_BYTEA_PP(1), &state);

	ligne_init(&ligne, rsinfo->setDesc, rsinfo->setResult);
	read_piece(format, &ligne, &state, VARDATA_ANY(octets), VARSIZE_ANY_EXHDR(octets), last, strict);
	if (!last)
		ligne_reprise(&ligne, state.octet, reprise_write(&state));
	pg_cryptohash_free(ligne.hash);
	return (Datum) 0;
}

Datum
lire_json(PG_FUNCTION_ARGS)
{
	return lire(fcinfo, &json);
}

Datum
lire_xml(PG_FUNCTION_ARGS)
{
	return lire(fcinfo, &xml);
}
