/*
 * canevas.c
 *	  The type canevas, and the compiled canevas that a query keeps.
 *
 * A canevas is stored as its text, valid when it came in. A query compiles each
 * canevas that it meets once: the compiled form is kept with the call site,
 * found again by the bytes of the text.
 */
#include "compat.h"

#include "canevas.h"

#include "common/hashfn.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(canevas_in);
PG_FUNCTION_INFO_V1(canevas_out);
PG_FUNCTION_INFO_V1(canevas_recv);
PG_FUNCTION_INFO_V1(canevas_send);

/* One canevas that a query has met, compiled */
typedef struct Compile
{
	uint32		empreinte;
	Size		taille;
	char	   *texte;
	Canevas		canevas;
} Compile;

/* The cache is forgotten as a whole when its entries hold more than this */
#define CACHE_OCTETS_MAX (32 * 1024 * 1024)

struct CanevasCache
{
	MemoryContext context;		/* parent of those of the entries */
	Compile   **entrees;
	int			nentrees;
	int			places;
	Size		octets;
	TupleDesc	tupdesc;		/* of the call's result, once known */
};

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

char *
canevas_to_server(Slice texte)
{
	char	   *copie = pnstrdup(texte.data, texte.len);

	return pg_any_to_server(copie, texte.len, PG_UTF8);
}

static char *
fault_text(const char *utf8)
{
	return canevas_to_server(slice_from(utf8));
}

/* context: where the compiled form goes */
static bool
compile(MemoryContext context, const char *texte, Size taille, Canevas *canevas, Node *escontext)
{
	CoreMemory	memory = {core_alloc, core_resize, context};
	ReaderHolder *holder = reader_create(context);
	CanevasFault fault;
	char	   *utf8 = pg_server_to_any(texte, taille, PG_UTF8);
	Slice		slice = {utf8, utf8 == texte ? taille : strlen(utf8)};
	bool		valid;

	valid = canevas_read(holder->reader, &memory, slice, canevas, &fault);
	reader_release(holder);
	if (valid)
		return true;
	ereturn(escontext, false,
			(errcode(fault_sqlstate(&fault)),
			 errmsg("%s", fault_text(fault.message)),
			 fault.detail[0] ? errdetail("%s", fault_text(fault.detail)) : 0,
			 fault.conseil[0] ? errhint("%s", fault_text(fault.conseil)) : 0));
}

/* Is this text a canevas? What the check allocates does not outlive it. */
static bool
validate(const char *texte, Size taille, Node *escontext)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "canevas",
												  ALLOCSET_SMALL_SIZES);
	Canevas		canevas;
	bool		valid = compile(context, texte, taille, &canevas, escontext);

	MemoryContextDelete(context);
	return valid;
}

Datum
canevas_in(PG_FUNCTION_ARGS)
{
	char	   *texte = PG_GETARG_CSTRING(0);
	Size		taille = strlen(texte);

	if (!validate(texte, taille, fcinfo->context))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(texte, taille));
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

	validate(texte, taille, NULL);
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

CanevasCache *
canevas_cache(FmgrInfo *flinfo)
{
	CanevasCache *cache = flinfo->fn_extra;

	if (cache == NULL)
	{
		cache = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(CanevasCache));
		cache->context = AllocSetContextCreate(flinfo->fn_mcxt, "canevas cache",
											   ALLOCSET_SMALL_SIZES);
		flinfo->fn_extra = cache;
	}
	else if (cache->octets > CACHE_OCTETS_MAX)
	{
		cache->nentrees = cache->places = 0;
		cache->octets = 0;
		cache->entrees = NULL;
		MemoryContextReset(cache->context);
	}
	return cache;
}

TupleDesc
canevas_cache_tupdesc(CanevasCache *cache, FunctionCallInfo fcinfo)
{
	if (cache->tupdesc == NULL)
	{
		TupleDesc	tupdesc;
		MemoryContext old;

		if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
		cache->tupdesc = BlessTupleDesc(CreateTupleDescCopy(tupdesc));
		MemoryContextSwitchTo(old);
	}
	return cache->tupdesc;
}

static void
cache_add(CanevasCache *cache, Compile *entree, MemoryContext context)
{
	if (cache->nentrees == cache->places)
	{
		int			places = cache->places == 0 ? 32 : 2 * cache->places;
		Size		taille = places * sizeof(Compile *);

		cache->entrees = cache->entrees ? repalloc(cache->entrees, taille) :
			MemoryContextAlloc(cache->context, taille);
		cache->places = places;
	}
	cache->entrees[cache->nentrees++] = entree;
	cache->octets += MemoryContextMemAllocated(context, false);
	MemoryContextSetParent(context, cache->context);
}

const Canevas *
canevas_lookup(CanevasCache *cache, Datum canevas)
{
	text	   *texte = DatumGetTextPP(canevas);
	const char *octets = VARDATA_ANY(texte);
	Size		taille = VARSIZE_ANY_EXHDR(texte);
	uint32		empreinte = hash_bytes((const unsigned char *) octets, (int) taille);
	MemoryContext context;
	Compile    *entree;

	for (int i = 0; i < cache->nentrees; i++)
	{
		entree = cache->entrees[i];
		if (entree->empreinte == empreinte && entree->taille == taille &&
			memcmp(entree->texte, octets, taille) == 0)
			return &entree->canevas;
	}

	/* Compiled in a context that becomes the cache's: nothing stays of a failure */
	context = AllocSetContextCreate(CurrentMemoryContext, "canevas", ALLOCSET_SMALL_SIZES);
	entree = MemoryContextAlloc(context, sizeof(Compile));
	entree->empreinte = empreinte;
	entree->taille = taille;
	entree->texte = MemoryContextAlloc(context, taille);
	memcpy(entree->texte, octets, taille);
	compile(context, octets, taille, &entree->canevas, NULL);
	cache_add(cache, entree, context);
	return &entree->canevas;
}
