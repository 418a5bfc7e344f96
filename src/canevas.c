/*
 * canevas.c
 *	  The type canevas: its text, valid when it came in.
 */
#include "compat.h"

#include "canevas.h"

#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(canevas_in);
PG_FUNCTION_INFO_V1(canevas_out);
PG_FUNCTION_INFO_V1(canevas_recv);
PG_FUNCTION_INFO_V1(canevas_send);

/* json-c allocates with malloc: its owner goes when this memory context goes */
typedef struct ReaderHolder
{
	CanevasReader *reader;
	MemoryContextCallback callback;
} ReaderHolder;

static void
reader_release(void *arg)
{
	ReaderHolder *holder = arg;

	if (holder->reader != NULL)
		canevas_reader_destroy(holder->reader);
	holder->reader = NULL;
}

static ReaderHolder *
reader_create(MemoryContext context)
{
	ReaderHolder *holder = MemoryContextAllocZero(context, sizeof(ReaderHolder));

	holder->callback.func = reader_release;
	holder->callback.arg = holder;
	MemoryContextRegisterResetCallback(context, &holder->callback);
	holder->reader = canevas_reader_create();
	if (holder->reader == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	return holder;
}

static void *
core_alloc(void *context, size_t size)
{
	return MemoryContextAlloc((MemoryContext) context, size);
}

static void *
core_resize(void *context, void *old, size_t size)
{
	return old ? repalloc(old, size) : MemoryContextAlloc((MemoryContext) context, size);
}

static int
fault_sqlstate(const CanevasFault *fault)
{
	switch (fault->kind)
	{
		case CANEVAS_NOT_JSON:
			return ERRCODE_INVALID_JSON_TEXT;
		case CANEVAS_TOO_LARGE:
			return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
		case CANEVAS_OUT_OF_MEMORY:
			return ERRCODE_OUT_OF_MEMORY;
		case CANEVAS_INVALID:
			break;
	}
	return ERRCODE_INVALID_PARAMETER_VALUE;
}

bool
canevas_compile(MemoryContext context, Slice texte, Canevas *canevas, Node *escontext)
{
	CoreMemory	memory = {core_alloc, core_resize, context};
	ReaderHolder *holder = reader_create(context);
	CanevasFault fault;
	bool		valid;

	valid = canevas_read(holder->reader, &memory, texte, canevas, &fault);
	reader_release(holder);
	if (valid)
		return true;
	ereturn(escontext, false,
			(errcode(fault_sqlstate(&fault)),
			 errmsg("%s", fault.message),
			 fault.detail[0] ? errdetail("%s", fault.detail) : 0,
			 fault.conseil[0] ? errhint("%s", fault.conseil) : 0));
}

/* Is this text a canevas? What the check allocates does not outlive it. */
static bool
validate(Slice texte, Node *escontext)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "canevas",
												  ALLOCSET_SMALL_SIZES);
	Canevas		canevas;
	bool		valid = canevas_compile(context, texte, &canevas, escontext);

	MemoryContextDelete(context);
	return valid;
}

Datum
canevas_in(PG_FUNCTION_ARGS)
{
	Slice		texte = slice_from(PG_GETARG_CSTRING(0));

	if (!validate(texte, fcinfo->context))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(texte.data, texte.len));
}

Datum
canevas_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(TextDatumGetCString(PG_GETARG_DATUM(0)));
}

Datum
canevas_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	int			taille;
	char	   *texte = pq_getmsgtext(buf, buf->len - buf->cursor, &taille);

	validate((Slice) {texte, taille}, NULL);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(texte, taille));
}

Datum
canevas_send(PG_FUNCTION_ARGS)
{
	text	   *texte = PG_GETARG_TEXT_PP(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendtext(&buf, VARDATA_ANY(texte), VARSIZE_ANY_EXHDR(texte));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}
